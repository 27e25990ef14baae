/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks for a machine's new name. */
#include "config.h"

#include <glib/gi18n.h>

#include "dialogs/xeno-rename-dialog.h"
#include "spec/xeno-name.h"

struct _XenoRenameDialog
{
  XenoMessageDialog  parent_instance;
  char              *title;

  GtkEditable       *entry;
  GtkLabel          *problem;
};

G_DEFINE_FINAL_TYPE (XenoRenameDialog, xeno_rename_dialog, XENO_TYPE_MESSAGE_DIALOG)

static void
changed_cb (XenoRenameDialog *self)
{
  const char *text = gtk_editable_get_text (self->entry);
  gboolean is_new = g_strcmp0 (text, self->title) != 0;
  g_autoptr (GError) error = NULL;
  gboolean is_valid = xeno_name_check_title (text, &error);

  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (self), "rename", is_valid && is_new);
  gtk_label_set_label (self->problem, is_valid ? "" : error->message);
  gtk_widget_set_visible (GTK_WIDGET (self->problem), !is_valid);
  if (is_valid)
    gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->entry), "error");
}

static void
activated_cb (XenoRenameDialog *self)
{
  if (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (self), "rename"))
    {
      adw_message_dialog_response (ADW_MESSAGE_DIALOG (self), "rename");
      gtk_window_close (GTK_WINDOW (self));
    }
}

static void
xeno_rename_dialog_finalize (GObject *object)
{
  g_free (XENO_RENAME_DIALOG (object)->title);

  G_OBJECT_CLASS (xeno_rename_dialog_parent_class)->finalize (object);
}

static void
xeno_rename_dialog_class_init (XenoRenameDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xeno_rename_dialog_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-rename-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoRenameDialog, entry);
  gtk_widget_class_bind_template_child (widget_class, XenoRenameDialog, problem);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
}

static void
xeno_rename_dialog_init (XenoRenameDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * xeno_rename_dialog_new:
 * @parent: (nullable): the window to ask over
 * @title: the name the machine has
 *
 * Makes the dialog. It answers "rename" only with a name that can be used.
 *
 * Returns: (transfer floating): the dialog
 */
GtkWidget *
xeno_rename_dialog_new (GtkWindow  *parent,
                        const char *title)
{
  XenoRenameDialog *self;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (title != NULL, NULL);

  self = g_object_new (XENO_TYPE_RENAME_DIALOG, "transient-for", parent, NULL);
  self->title = g_strdup (title);
  gtk_editable_set_text (self->entry, title);
  gtk_editable_select_region (self->entry, 0, -1);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  return GTK_WIDGET (self);
}

/**
 * xeno_rename_dialog_get_text:
 * @self: a rename dialog
 *
 * Gets the name the person typed.
 *
 * Returns: (transfer none): the name
 */
const char *
xeno_rename_dialog_get_text (XenoRenameDialog *self)
{
  g_return_val_if_fail (XENO_IS_RENAME_DIALOG (self), NULL);

  return gtk_editable_get_text (self->entry);
}
