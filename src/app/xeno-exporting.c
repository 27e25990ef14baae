/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exporting a machine: asks for a file, and says when it is there. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-application.h"
#include "app/xeno-exporting.h"
#include "base/xeno-error.h"
#include "create/xeno-export.h"
#include "spec/xeno-name.h"
#include "widgets/xeno-toast.h"

typedef struct
{
  XenoMachine *machine;
  GtkWindow   *window; /* weak: it may be closed while the file is written */
  char        *name;   /* of the file */
} Exporting;

static void
exporting_free (Exporting *exporting)
{
  g_clear_weak_pointer (&exporting->window);
  g_object_unref (exporting->machine);
  g_free (exporting->name);
  g_free (exporting);
}

static void
exported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Exporting *exporting = user_data;
  XenoApplication *app = XENO_APPLICATION (g_application_get_default ());
  g_autoptr (GError) error = NULL;

  if (xeno_export_finish (result, &error))
    {
      g_autofree char *text = g_strdup_printf (_("“%s” was exported to “%s”"),
                                               xeno_machine_get_title (exporting->machine), exporting->name);

      xeno_application_show_toast (app, exporting->window, xeno_toast_new (text));
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    xeno_application_show_error (app, exporting->window, error);
  exporting_free (exporting);
}

static void
begin (Exporting *exporting,
       GFile     *file)
{
  XenoApplication *app = XENO_APPLICATION (g_application_get_default ());
  g_autoptr (XenoJob) job = NULL;
  g_autofree char *base = NULL;

  if (g_file_peek_path (file) == NULL)
    {
      g_autoptr (GError) error = xeno_error_new (XENO_ERROR_NOT_SUPPORTED, NULL,
                                                 _("A machine can only be exported to a folder of this computer."));

      xeno_application_show_error (app, exporting->window, error);
      exporting_free (exporting);
      return;
    }

  base = g_file_get_basename (file);
  exporting->name = g_filename_display_name (base);
  job = xeno_export_start (exporting->machine, g_file_peek_path (file),
                           xeno_export_guess_format (g_file_peek_path (file)), exported_cb, exporting);
  xeno_application_add_job (app, job);
}

static void
chosen_cb (GtkNativeDialog *chooser,
           int              response,
           Exporting       *exporting)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  gtk_native_dialog_destroy (chooser);
  g_object_unref (chooser);
  if (file != NULL)
    begin (exporting, file);
  else
    exporting_free (exporting);
}

/**
 * xeno_exporting_begin:
 * @machine: a machine that is switched off
 * @window: where to ask, and to say that it is done
 *
 * Asks for a file and exports @machine there, as a job.
 */
void
xeno_exporting_begin (XenoMachine *machine,
                      GtkWindow   *window)
{
  g_autofree char *slug = NULL;
  g_autofree char *name = NULL;
  GtkFileChooserNative *chooser;
  Exporting *exporting;

  g_return_if_fail (XENO_IS_MACHINE (machine));
  g_return_if_fail (GTK_IS_WINDOW (window));

  exporting = g_new0 (Exporting, 1);
  exporting->machine = g_object_ref (machine);
  g_set_weak_pointer (&exporting->window, window);
  slug = xeno_name_make_slug (xeno_machine_get_title (machine));
  name = g_strdup_printf ("%s.ova", slug);

  chooser = gtk_file_chooser_native_new (_("Export the Machine"), window, GTK_FILE_CHOOSER_ACTION_SAVE,
                                         _("_Export"), _("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  g_signal_connect (chooser, "response", G_CALLBACK (chosen_cb), exporting);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}
