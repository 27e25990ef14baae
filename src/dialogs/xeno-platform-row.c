/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rows of the review page about what computer it is: processor, Secure Boot, TPM, drivers. */
#include "config.h"

#include <glib/gi18n.h>

#include "create/xeno-driver-disc.h"
#include "dialogs/xeno-platform-row.h"

struct _XenoPlatformRow
{
  AdwExpanderRow  parent_instance;
  XenoRecipe     *recipe;
  GStrv           archs;
  GCancellable   *cancellable;    /* of the search for a driver disc */
  char           *found_drivers;
  gboolean        is_filling;
  gboolean        has_own_drivers; /* the person chose, if only none */

  AdwComboRow    *arch_row;
  GtkWidget      *secure_boot_row;
  GtkSwitch      *secure_boot_switch;
  GtkWidget      *tpm_row;
  GtkSwitch      *tpm_switch;
  AdwActionRow   *drivers_row;
  GtkWidget      *no_drivers_button;
};

G_DEFINE_FINAL_TYPE (XenoPlatformRow, xeno_platform_row, ADW_TYPE_EXPANDER_ROW)

static void
arch_selected_cb (XenoPlatformRow *self)
{
  guint selected = adw_combo_row_get_selected (self->arch_row);

  if (self->recipe == NULL || self->is_filling || selected >= g_strv_length (self->archs))
    return;

  xeno_recipe_set_arch (self->recipe, selected > 0 ? self->archs[selected] : NULL);
}

static void
secure_boot_cb (XenoPlatformRow *self)
{
  if (self->recipe != NULL && !self->is_filling)
    xeno_recipe_set_secure_boot (self->recipe, gtk_switch_get_active (self->secure_boot_switch)
                                               ? XENO_CHOICE_ON : XENO_CHOICE_OFF);
}

static void
tpm_cb (XenoPlatformRow *self)
{
  if (self->recipe != NULL && !self->is_filling)
    xeno_recipe_set_tpm (self->recipe, gtk_switch_get_active (self->tpm_switch) ? XENO_CHOICE_ON : XENO_CHOICE_OFF);
}

static void
update_drivers (XenoPlatformRow *self)
{
  gboolean is_windows = xeno_recipe_is_windows (self->recipe);
  const char *path;
  g_autofree char *name = NULL;

  if (is_windows && !self->has_own_drivers)
    xeno_recipe_set_driver_disc (self->recipe, self->found_drivers);
  path = xeno_recipe_get_driver_disc (self->recipe);
  name = path != NULL ? g_filename_display_name (path) : NULL;
  adw_action_row_set_subtitle (self->drivers_row, name != NULL ? name
                               : _("None: the disk and the network are ones that Windows knows, and slower. "
                                   "fedorapeople.org/groups/virt/virtio-win has the disc."));
  gtk_widget_set_visible (self->no_drivers_button, path != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->drivers_row), is_windows);
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (XenoPlatformRow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = xeno_driver_disc_find_finish (result, &error);

  if (path == NULL || self->recipe == NULL)
    return;

  self->found_drivers = g_steal_pointer (&path);
  update_drivers (self);
}

static void
find_drivers (XenoPlatformRow *self)
{
  if (self->cancellable != NULL)
    return;

  self->cancellable = g_cancellable_new ();
  xeno_driver_disc_find_async (self->cancellable, found_cb, g_object_ref (self));
}

static void
drivers_chosen_cb (GtkNativeDialog *chooser,
                   int              response,
                   XenoPlatformRow *self)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  gtk_native_dialog_destroy (chooser);
  g_object_unref (chooser);
  if (file == NULL || self->recipe == NULL)
    return;

  self->has_own_drivers = TRUE;
  xeno_recipe_set_driver_disc (self->recipe, g_file_peek_path (file));
  update_drivers (self);
}

static void
choose_drivers_cb (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_("Choose a Driver Disc"), GTK_WINDOW (root),
                                                               GTK_FILE_CHOOSER_ACTION_OPEN, _("_Choose"), NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (drivers_chosen_cb), widget, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
no_drivers_cb (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  XenoPlatformRow *self = XENO_PLATFORM_ROW (widget);

  if (self->recipe == NULL)
    return;

  self->has_own_drivers = TRUE;
  xeno_recipe_set_driver_disc (self->recipe, NULL);
  update_drivers (self);
}

static void
xeno_platform_row_dispose (GObject *object)
{
  XenoPlatformRow *self = XENO_PLATFORM_ROW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->recipe);
  gtk_widget_dispose_template (GTK_WIDGET (self), XENO_TYPE_PLATFORM_ROW);

  G_OBJECT_CLASS (xeno_platform_row_parent_class)->dispose (object);
}

static void
xeno_platform_row_finalize (GObject *object)
{
  XenoPlatformRow *self = XENO_PLATFORM_ROW (object);

  g_strfreev (self->archs);
  g_free (self->found_drivers);

  G_OBJECT_CLASS (xeno_platform_row_parent_class)->finalize (object);
}

static void
xeno_platform_row_class_init (XenoPlatformRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_platform_row_dispose;
  object_class->finalize = xeno_platform_row_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-platform-row.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoPlatformRow, arch_row);
  gtk_widget_class_bind_template_child (widget_class, XenoPlatformRow, secure_boot_row);
  gtk_widget_class_bind_template_child (widget_class, XenoPlatformRow, secure_boot_switch);
  gtk_widget_class_bind_template_child (widget_class, XenoPlatformRow, tpm_row);
  gtk_widget_class_bind_template_child (widget_class, XenoPlatformRow, tpm_switch);
  gtk_widget_class_bind_template_child (widget_class, XenoPlatformRow, drivers_row);
  gtk_widget_class_bind_template_child (widget_class, XenoPlatformRow, no_drivers_button);
  gtk_widget_class_bind_template_callback (widget_class, arch_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, secure_boot_cb);
  gtk_widget_class_bind_template_callback (widget_class, tpm_cb);
  gtk_widget_class_install_action (widget_class, "platform.choose-drivers", NULL, choose_drivers_cb);
  gtk_widget_class_install_action (widget_class, "platform.no-drivers", NULL, no_drivers_cb);
}

static void
xeno_platform_row_init (XenoPlatformRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* The host's own first: it is the only one that runs at the host's speed. */
static void
fill_archs (XenoPlatformRow *self,
            XenoCaps        *caps)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  const char *arch = xeno_recipe_get_arch (self->recipe);
  guint selected = 0;

  g_strfreev (self->archs);
  self->archs = xeno_caps_list_archs (caps);
  for (guint i = 0; self->archs[i] != NULL; i++)
    {
      /* Translators: %s is a kind of processor, "aarch64" */
      g_autofree char *title = i > 0 ? g_strdup_printf (_("%s (slow)"), self->archs[i]) : g_strdup (self->archs[i]);

      gtk_string_list_append (titles, title);
      if (g_strcmp0 (arch, self->archs[i]) == 0)
        selected = i;
    }
  adw_combo_row_set_model (self->arch_row, G_LIST_MODEL (titles));
  adw_combo_row_set_selected (self->arch_row, selected);
  gtk_widget_set_visible (GTK_WIDGET (self->arch_row), g_strv_length (self->archs) > 1);
}

/* In the closed row, what can be found in it. */
static void
update_subtitle (XenoPlatformRow *self)
{
  GtkWidget *rows[] = {
    GTK_WIDGET (self->arch_row), self->secure_boot_row, self->tpm_row, GTK_WIDGET (self->drivers_row)
  };
  g_autoptr (GString) titles = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (gtk_widget_get_visible (rows[i]))
      g_string_append_printf (titles, "%s%s", titles->len > 0 ? ", " : "",
                              adw_preferences_row_get_title (ADW_PREFERENCES_ROW (rows[i])));
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), titles->str);
  gtk_widget_set_visible (GTK_WIDGET (self), titles->len > 0);
}

/**
 * xeno_platform_row_show:
 * @self: a row
 * @recipe: what is being reviewed
 * @caps: (nullable): what the host offers, or %NULL while it is not known
 *
 * Shows what computer a recipe asks for, and writes into the recipe what the person changes. What the host
 * has not is not there; where that leaves nothing, the row hides.
 */
void
xeno_platform_row_show (XenoPlatformRow *self,
                        XenoRecipe      *recipe,
                        XenoCaps        *caps)
{
  g_return_if_fail (XENO_IS_PLATFORM_ROW (self));
  g_return_if_fail (XENO_IS_RECIPE (recipe));
  g_return_if_fail (caps == NULL || XENO_IS_CAPS (caps));

  if (g_set_object (&self->recipe, recipe))
    self->has_own_drivers = FALSE;
  if (caps == NULL)
    {
      gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
      return;
    }

  self->is_filling = TRUE;
  fill_archs (self, caps);
  gtk_switch_set_active (self->secure_boot_switch, xeno_recipe_wants_secure_boot (recipe, caps));
  gtk_switch_set_active (self->tpm_switch, xeno_recipe_wants_tpm (recipe, caps));
  self->is_filling = FALSE;

  gtk_widget_set_visible (self->secure_boot_row, xeno_recipe_wants_uefi (recipe, caps)
                                                 && xeno_caps_offers_secure_boot (caps));
  gtk_widget_set_visible (self->tpm_row, xeno_caps_offers (caps, "tpm", "backendModel", "emulator"));
  if (xeno_recipe_is_windows (recipe))
    find_drivers (self);
  update_drivers (self);
  update_subtitle (self);
}
