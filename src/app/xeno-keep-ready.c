/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps copies of machines ready for throw-away copies, after asking. */
#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "app/xeno-application.h"
#include "app/xeno-keep-ready.h"
#include "base/xeno-units.h"
#include "create/xeno-warm-discard.h"
#include "create/xeno-warm-up.h"
#include "widgets/xeno-message-dialog.h"
#include "widgets/xeno-toast.h"

typedef struct
{
  XenoMachine *machine;
  XenoWarmUp  *warm_up; /* NULL before it is begun */
  XenoJob     *job;
  GtkWindow   *window;  /* weak: it may be closed meanwhile */
  GtkWindow   *asking;  /* weak: whether it is ready */
} Keeping;

static Keeping *
keeping_new (XenoMachine *machine,
             GtkWindow   *window)
{
  Keeping *keeping = g_new0 (Keeping, 1);

  keeping->machine = g_object_ref (machine);
  g_set_weak_pointer (&keeping->window, window);
  return keeping;
}

static void
keeping_free (Keeping *keeping)
{
  g_clear_weak_pointer (&keeping->window);
  if (keeping->asking != NULL)
    gtk_window_destroy (keeping->asking);
  g_clear_weak_pointer (&keeping->asking);
  g_clear_object (&keeping->warm_up);
  g_clear_object (&keeping->job);
  g_object_unref (keeping->machine);
  g_free (keeping);
}

static void
report (Keeping      *keeping,
        const char   *text,
        const GError *error)
{
  XenoApplication *app = XENO_APPLICATION (g_application_get_default ());

  if (error == NULL)
    xeno_application_show_toast (app, keeping->window, xeno_toast_new (text));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    xeno_application_show_error (app, keeping->window, error);
}

static void
kept_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Keeping *keeping = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  xeno_warm_up_start_finish (XENO_WARM_UP (source), result, &error);
  text = g_strdup_printf (_("A copy of “%s” is kept ready"), xeno_machine_get_title (keeping->machine));
  report (keeping, text, error);
  g_application_release (g_application_get_default ());
  keeping_free (keeping);
}

static void
answered_cb (AdwMessageDialog *dialog,
             const char       *response,
             Keeping          *keeping)
{
  g_clear_weak_pointer (&keeping->asking);
  if (g_str_equal (response, "ready"))
    xeno_warm_up_say_ready (keeping->warm_up);
  else
    xeno_job_cancel (keeping->job);
}

/* Nothing tells when a guest without an agent is ready, but whoever looks at it. */
static void
started_cb (XenoWarmUp *warm_up,
            Keeping    *keeping)
{
  g_autofree char *heading = NULL;
  GtkWidget *dialog;

  if (!xeno_warm_up_needs_word (warm_up))
    return;

  g_action_group_activate_action (G_ACTION_GROUP (g_application_get_default ()), "open-console",
                                  g_variant_new_string (xeno_machine_get_uuid (xeno_warm_up_get_copy (warm_up))));
  heading = g_strdup_printf (_("Is “%s” Ready?"), xeno_machine_get_title (keeping->machine));
  dialog = xeno_message_dialog_new (NULL, heading,
                                    _("Its guest has no agent that could tell. Say so when it is where throw-away "
                                      "copies shall begin."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "stop", _("_Stop"), "ready", _("It Is _Ready"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "ready", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "stop");
  g_set_weak_pointer (&keeping->asking, GTK_WINDOW (dialog));
  g_signal_connect (dialog, "response", G_CALLBACK (answered_cb), keeping);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
keep (Keeping *keeping)
{
  XenoApplication *app = XENO_APPLICATION (g_application_get_default ());

  keeping->warm_up = xeno_warm_up_new (keeping->machine);
  xeno_warm_up_set_untrusted (keeping->warm_up, xeno_machine_is_untrusted (keeping->machine));
  g_signal_connect (keeping->warm_up, "started", G_CALLBACK (started_cb), keeping);
  g_application_hold (G_APPLICATION (app));
  keeping->job = xeno_warm_up_start (keeping->warm_up, kept_cb, keeping);
  xeno_application_add_job (app, keeping->job);
}

static void
keep_response_cb (AdwMessageDialog *dialog,
                  const char       *response,
                  Keeping          *keeping)
{
  if (g_str_equal (response, "keep"))
    keep (keeping);
  else
    keeping_free (keeping);
}

/**
 * xeno_keep_ready_begin:
 * @machine: a machine that is off, or a template
 * @window: where to ask
 *
 * Says what it takes, and keeps a copy of @machine ready if the person wants it.
 */
void
xeno_keep_ready_begin (XenoMachine *machine,
                       GtkWindow   *window)
{
  g_autofree char *heading = NULL;
  g_autofree char *size = NULL;
  g_autofree char *body = NULL;
  AdwMessageDialog *dialog;

  g_return_if_fail (XENO_IS_MACHINE (machine));
  g_return_if_fail (GTK_IS_WINDOW (window));

  heading = g_strdup_printf (_("Keep a Copy of “%s” Ready?"), xeno_machine_get_title (machine));
  size = xeno_units_format_size (xeno_machine_get_memory_bytes (machine));
  /* Translators: %s is a size: "2 GB" */
  body = g_strdup_printf (_("Throw-away copies then go on from one that has started already, and are there in a "
                            "moment.\n\nThis takes as long as one start, and at most %s of disk space. What is in "
                            "the guest’s memory is written down; only you may read it."), size);
  dialog = ADW_MESSAGE_DIALOG (xeno_message_dialog_new (window, heading, body));
  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "keep", _("_Keep Ready"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "keep", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "keep");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (keep_response_cb), keeping_new (machine, window));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
discarded_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Keeping *keeping = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  xeno_warm_discard_finish (keeping->machine, result, &error);
  text = g_strdup_printf (_("No copy of “%s” is kept ready any more"), xeno_machine_get_title (keeping->machine));
  report (keeping, text, error);
  keeping_free (keeping);
}

static void
discard_response_cb (AdwMessageDialog *dialog,
                     const char       *response,
                     Keeping          *keeping)
{
  if (g_str_equal (response, "discard"))
    xeno_warm_discard_async (keeping->machine, discarded_cb, keeping);
  else
    keeping_free (keeping);
}

/**
 * xeno_keep_ready_discard:
 * @machine: a machine of which a copy is kept ready
 * @window: where to ask
 *
 * Says what it takes and since when, and removes the copy if the person wants it.
 */
void
xeno_keep_ready_discard (XenoMachine *machine,
                         GtkWindow   *window)
{
  g_autoptr (XenoWarmNote) note = NULL;
  g_autoptr (GDateTime) made_at = NULL;
  g_autofree char *heading = NULL;
  g_autofree char *size = NULL;
  g_autofree char *date = NULL;
  g_autofree char *body = NULL;
  AdwMessageDialog *dialog;

  g_return_if_fail (XENO_IS_MACHINE (machine));
  g_return_if_fail (GTK_IS_WINDOW (window));

  note = xeno_warm_note_of_machine (machine);
  if (note == NULL)
    return;

  heading = g_strdup_printf (_("Keep No Copy of “%s” Ready?"), xeno_machine_get_title (machine));
  size = xeno_units_format_size (note->size_bytes);
  made_at = g_date_time_new_from_unix_local (note->made_at);
  date = made_at != NULL ? g_date_time_format (made_at, "%x %X") : g_strdup ("?");
  /* Translators: the first %s is a date and a time, the second a size */
  body = g_strdup_printf (_("The copy is of %s and takes %s. Without it throw-away copies start as the machine does."),
                          date, size);
  dialog = ADW_MESSAGE_DIALOG (xeno_message_dialog_new (window, heading, body));
  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "discard", _("_Remove the Copy"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (discard_response_cb), keeping_new (machine, window));
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * xeno_keep_ready_has:
 * @machine: a machine
 *
 * Returns: whether a copy of it is kept ready
 */
gboolean
xeno_keep_ready_has (XenoMachine *machine)
{
  g_autoptr (XenoWarmNote) note = xeno_warm_note_of_machine (machine);

  return note != NULL;
}
