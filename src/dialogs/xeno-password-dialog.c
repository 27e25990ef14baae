/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks who a person is, on behalf of a display's server. */
#include "config.h"

#include <glib/gi18n.h>

#include "dialogs/xeno-password-dialog.h"

struct _XenoPasswordDialog
{
  XenoMessageDialog  parent_instance;

  GtkEditable       *username;
  GtkEditable       *password;
  GtkCheckButton    *remember;
  GtkWidget         *problem;
};

G_DEFINE_FINAL_TYPE (XenoPasswordDialog, xeno_password_dialog, XENO_TYPE_MESSAGE_DIALOG)

/* A name is asked for by servers that know several people; an empty password may be right. */
static void
changed_cb (XenoPasswordDialog *self)
{
  gboolean needs_name = gtk_widget_get_visible (GTK_WIDGET (self->username));

  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (self), "connect",
                                           !needs_name || *gtk_editable_get_text (self->username) != '\0');
}

static void
activated_cb (XenoPasswordDialog *self)
{
  if (!adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (self), "connect"))
    return;

  adw_message_dialog_response (ADW_MESSAGE_DIALOG (self), "connect");
  gtk_window_close (GTK_WINDOW (self));
}

static void
xeno_password_dialog_class_init (XenoPasswordDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/unaos/Xenolith/xeno-password-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoPasswordDialog, username);
  gtk_widget_class_bind_template_child (widget_class, XenoPasswordDialog, password);
  gtk_widget_class_bind_template_child (widget_class, XenoPasswordDialog, remember);
  gtk_widget_class_bind_template_child (widget_class, XenoPasswordDialog, problem);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
}

static void
xeno_password_dialog_init (XenoPasswordDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * xeno_password_dialog_new:
 * @parent: (nullable): the window to ask over
 * @viewer: a viewer that asks for credentials
 *
 * Makes the dialog. It answers "connect" or "cancel".
 *
 * Returns: (transfer floating): the dialog
 */
GtkWidget *
xeno_password_dialog_new (GtkWindow  *parent,
                          XenoViewer *viewer)
{
  XenoPasswordDialog *self;
  XenoViewerCredentials wanted;
  const char *username;
  g_autofree char *place = NULL;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (XENO_IS_VIEWER (viewer), NULL);

  self = g_object_new (XENO_TYPE_PASSWORD_DIALOG, "transient-for", parent, NULL);
  place = xeno_address_dup_place (xeno_viewer_get_address (viewer));
  wanted = xeno_viewer_get_wanted (viewer);
  username = xeno_viewer_get_username (viewer);

  adw_message_dialog_format_body (ADW_MESSAGE_DIALOG (self),
                                  /* Translators: %s is the address of a display */
                                  _("“%s” wants to know who you are."), place);
  gtk_widget_set_visible (GTK_WIDGET (self->username), (wanted & XENO_VIEWER_USERNAME) != 0);
  gtk_widget_set_visible (GTK_WIDGET (self->password), (wanted & XENO_VIEWER_PASSWORD) != 0);
  gtk_widget_set_visible (GTK_WIDGET (self->remember), xeno_viewer_can_remember (viewer));
  gtk_widget_set_visible (self->problem, xeno_viewer_was_refused (viewer));
  gtk_editable_set_text (self->username, username != NULL ? username : "");
  changed_cb (self);
  gtk_widget_grab_focus (username == NULL && (wanted & XENO_VIEWER_USERNAME) != 0
                         ? GTK_WIDGET (self->username) : GTK_WIDGET (self->password));
  return GTK_WIDGET (self);
}

/**
 * xeno_password_dialog_get_username:
 * @self: a password dialog
 *
 * Returns: (transfer none): who the person is, perhaps empty
 */
const char *
xeno_password_dialog_get_username (XenoPasswordDialog *self)
{
  g_return_val_if_fail (XENO_IS_PASSWORD_DIALOG (self), NULL);

  return gtk_editable_get_text (self->username);
}

/**
 * xeno_password_dialog_get_password:
 * @self: a password dialog
 *
 * Returns: (transfer none): what proves it, perhaps empty, in memory that is wiped with the dialog
 */
const char *
xeno_password_dialog_get_password (XenoPasswordDialog *self)
{
  g_return_val_if_fail (XENO_IS_PASSWORD_DIALOG (self), NULL);

  return gtk_editable_get_text (self->password);
}

/**
 * xeno_password_dialog_is_to_be_remembered:
 * @self: a password dialog
 *
 * Returns: whether the keyring shall remember it
 */
gboolean
xeno_password_dialog_is_to_be_remembered (XenoPasswordDialog *self)
{
  g_return_val_if_fail (XENO_IS_PASSWORD_DIALOG (self), FALSE);

  return gtk_check_button_get_active (self->remember);
}
