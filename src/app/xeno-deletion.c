/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Deleting a machine: asks with every disk in sight, and can be taken back while the toast shows. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-application.h"
#include "app/xeno-deletion.h"
#include "dialogs/xeno-delete-dialog.h"
#include "virt/xeno-trash.h"
#include "widgets/xeno-toast.h"

#define UNDO_SECONDS 10

typedef struct
{
  XenoApplication *application;
  XenoConnection  *connection;
  char            *title;
  char            *trash_id;
} Deletion;

static void
deletion_free (Deletion *deletion)
{
  g_object_unref (deletion->application);
  g_object_unref (deletion->connection);
  g_free (deletion->title);
  g_free (deletion->trash_id);
  g_free (deletion);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Deletion, deletion_free)

static void
undone_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (XenoApplication) application = user_data;
  g_autoptr (GError) error = NULL;

  if (!xeno_storage_undo_delete_finish (XENO_CONNECTION (source), result, &error))
    xeno_application_show_error (application, NULL, error);
}

static void
undo_cb (Deletion *deletion)
{
  xeno_storage_undo_delete_async (deletion->connection, deletion->trash_id, NULL, undone_cb,
                                  g_object_ref (deletion->application));
}

static void
offer_undo (Deletion *deletion)
{
  g_autofree char *text = g_strdup_printf (_("“%s” deleted"), deletion->title);
  AdwToast *toast = xeno_toast_new (text);

  adw_toast_set_timeout (toast, UNDO_SECONDS);
  adw_toast_set_button_label (toast, _("_Undo"));
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (undo_cb), deletion,
                         (GClosureNotify) G_CALLBACK (deletion_free), G_CONNECT_SWAPPED);
  xeno_application_show_toast (deletion->application, NULL, toast);
}

static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Deletion) deletion = user_data;
  g_autoptr (GError) error = NULL;

  deletion->trash_id = xeno_machine_delete_finish (XENO_MACHINE (source), result, &error);
  if (deletion->trash_id != NULL)
    offer_undo (g_steal_pointer (&deletion));
  else
    xeno_application_show_error (deletion->application, NULL, error);
}

static void
response_cb (XenoDeleteDialog *dialog,
             const char       *response,
             XenoMachine      *machine)
{
  g_autoptr (XenoApplication) application = NULL;
  g_autoptr (Deletion) deletion = NULL;
  g_auto (GStrv) disks = NULL;
  XenoConnection *connection;

  if (g_strcmp0 (response, "delete") != 0)
    return;

  application = g_object_ref (XENO_APPLICATION (g_application_get_default ()));
  connection = xeno_connection_list_find_owner (xeno_application_get_connections (application), machine);
  if (connection == NULL)
    return;

  deletion = g_new0 (Deletion, 1);
  deletion->application = g_steal_pointer (&application);
  deletion->connection = g_object_ref (connection);
  deletion->title = g_strdup (xeno_machine_get_title (machine));

  disks = xeno_delete_dialog_dup_disks (dialog);
  xeno_machine_delete_async (machine, (const char * const *) disks, NULL, deleted_cb,
                             g_steal_pointer (&deletion));
}

/**
 * xeno_deletion_begin:
 * @machine: a machine
 * @window: (nullable): the window to ask over
 *
 * Asks whether to delete @machine and which of its disks, deletes it, and offers to undo that.
 */
void
xeno_deletion_begin (XenoMachine *machine,
                     GtkWindow   *window)
{
  GtkWidget *dialog;

  g_return_if_fail (XENO_IS_MACHINE (machine));
  g_return_if_fail (window == NULL || GTK_IS_WINDOW (window));

  dialog = xeno_delete_dialog_new (window, machine);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), machine, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
