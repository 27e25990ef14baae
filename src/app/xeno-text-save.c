/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Saves what a terminal has shown to a file that a person chooses. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-application.h"
#include "app/xeno-show-in-folder.h"
#include "app/xeno-text-save.h"
#include "base/xeno-error.h"
#include "spec/xeno-name.h"
#include "widgets/xeno-toast.h"

typedef struct
{
  GtkWindow *window; /* weak */
  GBytes    *text;
  char      *path;
} Request;

static void
request_free (Request *request)
{
  g_clear_weak_pointer (&request->window);
  g_clear_pointer (&request->text, g_bytes_unref);
  g_free (request->path);
  g_free (request);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static void
show_cb (AdwToast   *toast,
         const char *path)
{
  GtkApplication *application = GTK_APPLICATION (g_application_get_default ());

  xeno_show_in_folder (gtk_application_get_active_window (application), path);
}

static void
say_saved (Request *request)
{
  g_autofree char *name = g_path_get_basename (request->path);
  g_autofree char *text = g_strdup_printf (_("Text saved as “%s”"), name);
  AdwToast *toast = xeno_toast_new (text);

  adw_toast_set_button_label (toast, _("_Show"));
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (show_cb), g_strdup (request->path),
                         (GClosureNotify) G_CALLBACK (g_free), 0);
  xeno_application_show_toast (XENO_APPLICATION (g_application_get_default ()), request->window,
                               toast);
}

static void
say_error (Request    *request,
           const char *details)
{
  g_autoptr(GError) error = xeno_error_new (XENO_ERROR_FAILED, details,
                                            _("The text could not be saved as %s. Choose another "
                                              "folder."),
                                            request->path);

  xeno_application_show_error (XENO_APPLICATION (g_application_get_default ()), request->window,
                               error);
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(Request) request = user_data;
  g_autoptr(GError) error = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    say_saved (request);
  else
    say_error (request, error->message);
}

static void
chosen_cb (GtkNativeDialog *chooser,
           int              response,
           Request         *request)
{
  g_autoptr(GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  gtk_native_dialog_destroy (chooser);
  g_object_unref (chooser);
  if (file == NULL)
    {
      request_free (request);
      return;
    }

  request->path = g_file_get_parse_name (file);
  g_file_replace_contents_bytes_async (file, request->text, NULL, FALSE,
                                       G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION,
                                       NULL, saved_cb, request);
}

/**
 * xeno_text_save:
 * @terminal: a terminal
 * @title: what people call what it shows
 * @window: where to ask, and to say that it is done
 *
 * Asks for a file and saves there what @terminal has shown until now.
 */
void
xeno_text_save (XenoTerminal *terminal,
                const char   *title,
                GtkWindow    *window)
{
  g_autofree char *slug = NULL;
  g_autofree char *name = NULL;
  GtkFileChooserNative *chooser;
  Request *request;

  g_return_if_fail (XENO_IS_TERMINAL (terminal));
  g_return_if_fail (title != NULL);
  g_return_if_fail (GTK_IS_WINDOW (window));

  slug = xeno_name_make_slug (title);
  name = g_strdup_printf ("%s.txt", slug);
  request = g_new0 (Request, 1);
  g_set_weak_pointer (&request->window, window);
  request->text = xeno_terminal_dup_all (terminal);

  chooser = gtk_file_chooser_native_new (_("Save the Text"), window, GTK_FILE_CHOOSER_ACTION_SAVE,
                                         _("_Save"), _("_Cancel"));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  g_signal_connect (chooser, "response", G_CALLBACK (chosen_cb), request);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}
