/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shows a file where it is kept. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-application.h"
#include "app/xeno-show-in-folder.h"
#include "base/xeno-error.h"

typedef struct
{
  GtkWindow *window; /* weak */
  char      *path;
} Request;

static void
request_free (Request *request)
{
  g_clear_weak_pointer (&request->window);
  g_free (request->path);
  g_free (request);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static void
folder_shown_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (Request) request = user_data;
  g_autoptr (GError) reason = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_path_get_dirname (request->path);

  if (gtk_show_uri_full_finish (GTK_WINDOW (source), result, &reason))
    return;

  error = xeno_error_new (XENO_ERROR_FAILED, reason->message,
                          _("The folder %s could not be shown. Open it with a file manager."), folder);
  xeno_application_show_error (XENO_APPLICATION (g_application_get_default ()), request->window,
                               error);
}

/* Without a file manager that selects files, the folder will do. */
static void
shown_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (Request) request = user_data;
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *uri = NULL;

  answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  if (answer != NULL || request->window == NULL)
    return;

  folder = g_path_get_dirname (request->path);
  uri = g_filename_to_uri (folder, NULL, NULL);
  gtk_show_uri_full (request->window, uri, GDK_CURRENT_TIME, NULL, folder_shown_cb,
                     g_steal_pointer (&request));
}

/**
 * xeno_show_in_folder:
 * @window: where the person is
 * @path: a file
 *
 * Asks the file manager to show @path in its folder.
 */
void
xeno_show_in_folder (GtkWindow  *window,
                     const char *path)
{
  GDBusConnection *bus = g_application_get_dbus_connection (g_application_get_default ());
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  const char *uris[] = { uri, NULL };
  Request *request;

  g_return_if_fail (GTK_IS_WINDOW (window));
  g_return_if_fail (path != NULL);

  request = g_new0 (Request, 1);
  g_set_weak_pointer (&request->window, window);
  request->path = g_strdup (path);
  g_dbus_connection_call (bus, "org.freedesktop.FileManager1", "/org/freedesktop/FileManager1",
                          "org.freedesktop.FileManager1", "ShowItems",
                          g_variant_new ("(^ass)", uris, ""), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                          shown_cb, request);
}
