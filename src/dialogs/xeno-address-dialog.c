/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks which display to open, and offers those opened last. */
#include "config.h"

#include <glib/gi18n.h>

#include "dialogs/xeno-address-dialog.h"
#include "viewer/xeno-address-memory.h"

struct _XenoAddressDialog
{
  AdwWindow       parent_instance;

  GSettings      *settings;

  GtkEditable    *address;
  GtkSwitch      *view_only;
  GtkLabel       *problem;
  GtkWidget      *recent_group;
  GtkListBox     *recent;
};

enum
{
  OPEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoAddressDialog, xeno_address_dialog, ADW_TYPE_WINDOW)

static void
say (XenoAddressDialog *self,
     const char        *problem)
{
  gtk_label_set_label (self->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), problem != NULL);
  if (problem != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->address), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->address), "error");
}

static void
changed_cb (XenoAddressDialog *self)
{
  const char *text = gtk_editable_get_text (self->address);

  say (self, NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "address.open", *text != '\0');
}

static void
open_text (XenoAddressDialog *self,
           const char        *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoAddress) address = xeno_address_new (text, &error);

  if (address == NULL)
    {
      say (self, error->message);
      gtk_widget_grab_focus (GTK_WIDGET (self->address));
      return;
    }

  g_signal_emit (self, signals[OPEN], 0, address, gtk_switch_get_active (self->view_only));
  gtk_window_close (GTK_WINDOW (self));
}

static void
open_cb (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  XenoAddressDialog *self = XENO_ADDRESS_DIALOG (widget);

  open_text (self, gtk_editable_get_text (self->address));
}

static void
activated_cb (XenoAddressDialog *self)
{
  if (*gtk_editable_get_text (self->address) != '\0')
    open_text (self, gtk_editable_get_text (self->address));
}

static void
forget_cb (GtkWidget  *widget,
           const char *action,
           GVariant   *parameter)
{
  xeno_address_memory_forget (XENO_ADDRESS_DIALOG (widget)->settings, g_variant_get_string (parameter, NULL));
}

static void
clear_cb (GtkWidget  *widget,
          const char *action,
          GVariant   *parameter)
{
  xeno_address_memory_clear (XENO_ADDRESS_DIALOG (widget)->settings);
}

static void
recent_activated_cb (XenoAddressDialog *self,
                     GtkListBoxRow     *row)
{
  open_text (self, adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)));
}

static GtkWidget *
make_row (const char *uri)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW,
                                 "use-markup", FALSE,
                                 "title", uri,
                                 "activatable", TRUE,
                                 NULL);
  GtkWidget *button = g_object_new (GTK_TYPE_BUTTON,
                                    "icon-name", "edit-clear-symbolic",
                                    "tooltip-text", _("Remove from the list"),
                                    "valign", GTK_ALIGN_CENTER,
                                    "action-name", "address.forget",
                                    "action-target", g_variant_new_string (uri),
                                    NULL);

  gtk_widget_add_css_class (button, "flat");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static void
update_recent (XenoAddressDialog *self)
{
  g_auto (GStrv) uris = xeno_address_memory_list (self->settings);
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->recent, 0)) != NULL)
    gtk_list_box_remove (self->recent, GTK_WIDGET (row));
  for (guint i = 0; uris[i] != NULL; i++)
    gtk_list_box_append (self->recent, make_row (uris[i]));
  gtk_widget_set_visible (self->recent_group, uris[0] != NULL);
}

static void
xeno_address_dialog_dispose (GObject *object)
{
  g_clear_object (&XENO_ADDRESS_DIALOG (object)->settings);

  G_OBJECT_CLASS (xeno_address_dialog_parent_class)->dispose (object);
}

static void
xeno_address_dialog_class_init (XenoAddressDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xeno_address_dialog_dispose;

  /**
   * XenoAddressDialog::open:
   * @address: which display
   * @view_only: whether nothing shall reach it
   *
   * The person wants to see a display. The dialog closes by itself.
   */
  signals[OPEN] =
    g_signal_new ("open", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 2, XENO_TYPE_ADDRESS, G_TYPE_BOOLEAN);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-address-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoAddressDialog, address);
  gtk_widget_class_bind_template_child (widget_class, XenoAddressDialog, view_only);
  gtk_widget_class_bind_template_child (widget_class, XenoAddressDialog, problem);
  gtk_widget_class_bind_template_child (widget_class, XenoAddressDialog, recent_group);
  gtk_widget_class_bind_template_child (widget_class, XenoAddressDialog, recent);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, recent_activated_cb);

  gtk_widget_class_install_action (widget_class, "address.open", NULL, open_cb);
  gtk_widget_class_install_action (widget_class, "address.forget", "s", forget_cb);
  gtk_widget_class_install_action (widget_class, "address.clear", NULL, clear_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
xeno_address_dialog_init (XenoAddressDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  changed_cb (self);
}

/**
 * xeno_address_dialog_new:
 * @parent: (nullable): the window to ask over
 * @settings: where addresses are remembered
 *
 * Makes the dialog.
 *
 * Returns: (transfer floating): the dialog
 */
GtkWidget *
xeno_address_dialog_new (GtkWindow *parent,
                         GSettings *settings)
{
  XenoAddressDialog *self;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  self = g_object_new (XENO_TYPE_ADDRESS_DIALOG, "transient-for", parent, NULL);
  self->settings = g_object_ref (settings);
  g_signal_connect_object (settings, "changed::addresses", G_CALLBACK (update_recent), self,
                           G_CONNECT_SWAPPED);
  update_recent (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->address));
  return GTK_WIDGET (self);
}
