/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Displays that are no machine's: what the command line, a double click and the dialog open. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-application-private.h"
#include "app/xeno-viewer-session.h"
#include "base/xeno-error.h"
#include "console/xeno-combination.h"
#include "dialogs/xeno-address-dialog.h"
#include "viewer/xeno-address-memory.h"

/* A file that describes an address, while it is read. */
typedef struct
{
  XenoApplication *application;
  GFile           *file;
  gboolean         is_view_only;
  gsize            size;
  char             data[XENO_ADDRESS_MAX_FILE_SIZE + 1];
} Reading;

static void
reading_free (Reading *reading)
{
  g_application_release (G_APPLICATION (reading->application));
  g_object_unref (reading->application);
  g_object_unref (reading->file);
  explicit_bzero (reading->data, sizeof reading->data);
  g_free (reading);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reading, reading_free)

static void
fail (Reading    *reading,
      const char *details)
{
  g_autofree char *name = g_file_get_basename (reading->file);
  g_autofree char *shown = g_filename_display_name (name);
  g_autoptr (GError) error = xeno_error_new (XENO_ERROR_BAD_MEDIA, details,
                                             /* Translators: %s is the name of a file */
                                             _("“%s” could not be read. Check that it is still there."),
                                             shown);

  xeno_application_show_error (reading->application, NULL, error);
}

/* It asks to be deleted because the password in it is good for once. */
static void
finish (Reading *reading)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoAddress) address = NULL;

  address = xeno_address_new_from_data (reading->data, reading->size, &error);
  if (address == NULL)
    {
      xeno_application_show_error (reading->application, NULL, error);
      return;
    }

  if (address->deletes_file)
    g_file_delete_async (reading->file, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  xeno_application_open_address (reading->application, address, reading->is_view_only);
}

static void
read_cb (GObject      *stream,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (Reading) reading = user_data;
  g_autoptr (GError) error = NULL;

  if (g_input_stream_read_all_finish (G_INPUT_STREAM (stream), result, &reading->size, &error))
    finish (reading);
  else
    fail (reading, error->message);
}

static void
opened_cb (GObject      *file,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (Reading) reading = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read_finish (G_FILE (file), result, &error);
  char *data = reading->data;

  if (stream == NULL)
    {
      fail (reading, error->message);
      return;
    }

  g_input_stream_read_all_async (G_INPUT_STREAM (stream), data, sizeof reading->data, G_PRIORITY_DEFAULT, NULL,
                                 read_cb, g_steal_pointer (&reading));
}

/* Whoever opens a pipe may wait for ever. */
static void
looked_cb (GObject      *file,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (Reading) reading = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInfo) info = g_file_query_info_finish (G_FILE (file), result, &error);

  if (info == NULL || g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    {
      fail (reading, error != NULL ? error->message : NULL);
      return;
    }

  g_file_read_async (G_FILE (file), G_PRIORITY_DEFAULT, NULL, opened_cb, g_steal_pointer (&reading));
}

static void
dialog_open_cb (XenoApplication *self,
                XenoAddress     *address,
                gboolean         view_only)
{
  xeno_application_open_address (self, address, view_only);
}

/**
 * xeno_application_open_address:
 * @self: the application
 * @address: where a display is
 * @view_only: whether nothing shall reach it
 *
 * Presents the console of the display there, and remembers the address.
 */
void
xeno_application_open_address (XenoApplication *self,
                               XenoAddress     *address,
                               gboolean         view_only)
{
  GSettings *settings = xeno_application_get_settings (self);
  g_autoptr (XenoViewer) viewer = NULL;
  g_autoptr (XenoConsoleSession) session = NULL;
  XenoConsoleWindow *window;
  g_autofree char *uri = NULL;

  g_return_if_fail (XENO_IS_APPLICATION (self));
  g_return_if_fail (address != NULL);

  xeno_address_memory_note (settings, address);
  uri = xeno_address_to_uri (address);
  if (xeno_application_present_console (self, uri))
    return;

  viewer = xeno_viewer_new (address, settings);
  session = xeno_viewer_session_new (viewer);
  window = xeno_application_add_console (self, session);
  g_object_set (xeno_console_window_get_view (window), "view-only", view_only, NULL);
  xeno_console_window_add_keys (window, address->full_screen_key, "win.fullscreen", NULL);
  xeno_console_window_add_keys (window, address->release_key, "console.release-keyboard", NULL);
  xeno_console_window_add_keys (window, address->attention_key, "console.send-keys",
                                xeno_combination_to_variant (xeno_combination_find ("ctrl-alt-delete")));
  if (address->is_full_screen)
    gtk_window_fullscreen (GTK_WINDOW (window));
}

/**
 * xeno_application_open_uri:
 * @self: the application
 * @uri: the address of a display, as somebody typed it
 * @view_only: whether nothing shall reach it
 * @error: (out) (optional): what is wrong with it
 *
 * Presents the console of the display there.
 *
 * Returns: whether it is an address
 */
gboolean
xeno_application_open_uri (XenoApplication  *self,
                           const char       *uri,
                           gboolean          view_only,
                           GError          **error)
{
  g_autoptr (XenoAddress) address = NULL;

  g_return_val_if_fail (XENO_IS_APPLICATION (self), FALSE);
  g_return_val_if_fail (uri != NULL, FALSE);

  address = xeno_address_new (uri, error);
  if (address == NULL)
    return FALSE;

  xeno_application_open_address (self, address, view_only);
  return TRUE;
}

/**
 * xeno_application_open_address_file:
 * @self: the application
 * @file: what describes the address of a display
 * @view_only: whether nothing shall reach it
 *
 * Reads @file and presents the console of the display it describes.
 */
void
xeno_application_open_address_file (XenoApplication *self,
                                    GFile           *file,
                                    gboolean         view_only)
{
  Reading *reading;

  g_return_if_fail (XENO_IS_APPLICATION (self));
  g_return_if_fail (G_IS_FILE (file));

  reading = g_new0 (Reading, 1);
  reading->application = g_object_ref (self);
  reading->file = g_object_ref (file);
  reading->is_view_only = view_only;
  g_application_hold (G_APPLICATION (self));
  g_file_query_info_async (file, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT,
                           NULL, looked_cb, reading);
}

/**
 * xeno_application_ask_for_address:
 * @self: the application
 *
 * Asks which display to open.
 */
void
xeno_application_ask_for_address (XenoApplication *self)
{
  GtkWidget *dialog;

  g_return_if_fail (XENO_IS_APPLICATION (self));

  dialog = xeno_address_dialog_new (GTK_WINDOW (xeno_application_present_window (self)),
                                    xeno_application_get_settings (self));
  g_signal_connect_object (dialog, "open", G_CALLBACK (dialog_open_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}
