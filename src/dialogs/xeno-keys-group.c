/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The key combinations of a person's own: records, lists and removes them. */
#include "config.h"

#include <glib/gi18n.h>

#include "console/xeno-own-combination.h"
#include "dialogs/xeno-combination-dialog.h"
#include "dialogs/xeno-keys-group.h"
#include "widgets/xeno-toast.h"

struct _XenoKeysGroup
{
  AdwPreferencesGroup  parent_instance;

  GSettings           *settings;
  GListStore          *combinations;
  GtkListBox          *list;
};

G_DEFINE_FINAL_TYPE (XenoKeysGroup, xeno_keys_group, ADW_TYPE_PREFERENCES_GROUP)

/* What was removed, and where it was. */
typedef struct
{
  XenoKeysGroup      *group;
  XenoOwnCombination *combination;
  guint               position;
} Removal;

static void
removal_free (gpointer  data,
              GClosure *closure)
{
  Removal *removal = data;

  g_object_unref (removal->group);
  g_object_unref (removal->combination);
  g_free (removal);
}

static void
store (XenoKeysGroup *self)
{
  xeno_own_combination_store (self->settings, G_LIST_MODEL (self->combinations));
}

static void
undo_cb (AdwToast *toast,
         Removal  *removal)
{
  GListModel *list = G_LIST_MODEL (removal->group->combinations);

  if (removal->group->settings == NULL)
    return;

  g_list_store_insert (removal->group->combinations, MIN (removal->position, g_list_model_get_n_items (list)),
                       removal->combination);
  store (removal->group);
}

static void
offer_undo (XenoKeysGroup      *self,
            XenoOwnCombination *combination,
            guint               position)
{
  GtkWidget *window = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_PREFERENCES_WINDOW);
  /* Translators: %s is the name of a key combination */
  g_autofree char *text = g_strdup_printf (_("“%s” was removed"), xeno_own_combination_get_name (combination));
  AdwToast *toast = xeno_toast_new (text);
  Removal *removal = g_new (Removal, 1);

  removal->group = g_object_ref (self);
  removal->combination = g_object_ref (combination);
  removal->position = position;
  adw_toast_set_button_label (toast, _("_Undo"));
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (undo_cb), removal, removal_free, 0);
  adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (window), toast);
}

static void
remove_cb (XenoOwnCombination *combination,
           GtkWidget          *button)
{
  XenoKeysGroup *self = XENO_KEYS_GROUP (gtk_widget_get_ancestor (button, XENO_TYPE_KEYS_GROUP));
  g_autoptr (XenoOwnCombination) kept = g_object_ref (combination);
  guint position;

  if (!g_list_store_find (self->combinations, combination, &position))
    return;

  g_list_store_remove (self->combinations, position);
  store (self);
  offer_undo (self, kept, position);
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  XenoOwnCombination *combination = item;
  const char *name = xeno_own_combination_get_name (combination);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");
  /* Translators: %s is the name of a key combination */
  g_autofree char *label = g_strdup_printf (_("Remove “%s”"), name);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 2);
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_cb), combination, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static void
response_cb (XenoKeysGroup    *self,
             const char       *response,
             AdwMessageDialog *dialog)
{
  g_autoptr (XenoOwnCombination) combination = NULL;

  if (!g_str_equal (response, "add") || self->settings == NULL)
    return;

  combination = xeno_combination_dialog_make (XENO_COMBINATION_DIALOG (dialog));
  g_list_store_append (self->combinations, combination);
  store (self);
}

static void
add_cb (XenoKeysGroup *self)
{
  GtkWidget *dialog = xeno_combination_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))));

  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
xeno_keys_group_dispose (GObject *object)
{
  XenoKeysGroup *self = XENO_KEYS_GROUP (object);

  g_clear_object (&self->combinations);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (xeno_keys_group_parent_class)->dispose (object);
}

static void
xeno_keys_group_class_init (XenoKeysGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xeno_keys_group_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-keys-group.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoKeysGroup, list);
  gtk_widget_class_bind_template_callback (widget_class, add_cb);
}

static void
xeno_keys_group_init (XenoKeysGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * xeno_keys_group_set_settings:
 * @self: a group, once
 * @settings: the application's settings
 *
 * Shows what is in the settings, and keeps there what the person changes.
 */
void
xeno_keys_group_set_settings (XenoKeysGroup *self,
                              GSettings     *settings)
{
  g_return_if_fail (XENO_IS_KEYS_GROUP (self));
  g_return_if_fail (G_IS_SETTINGS (settings));

  g_set_object (&self->settings, settings);
  g_clear_object (&self->combinations);
  self->combinations = G_LIST_STORE (xeno_own_combination_load (settings));
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->combinations), create_row, NULL, NULL);
}
