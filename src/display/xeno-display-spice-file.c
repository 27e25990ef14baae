/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file on its way into a guest by the SPICE agent. */
#include "config.h"

#include "display/xeno-display-given-file.h"
#include "display/xeno-display-spice-file.h"

typedef struct
{
  XenoDisplayServer     *server;
  GTask                 *task;
  SpiceFileTransferTask *file;
  gulong                 new_file_id;
  GError                *error;  /* the file's own */
  GError                *failed; /* the transfer's */
} Sending;

static void
sending_free (Sending *sending)
{
  if (sending->file != NULL)
    g_signal_handlers_disconnect_by_data (sending->file, sending);
  g_clear_object (&sending->file);
  g_object_unref (sending->server);
  g_object_unref (sending->task);
  g_clear_error (&sending->error);
  g_clear_error (&sending->failed);
  g_free (sending);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sending, sending_free)

static void
finished_cb (Sending      *sending,
             const GError *error)
{
  if (error != NULL && sending->error == NULL)
    sending->error = g_error_copy (error);
}

/* The whole of a transfer only says how many files failed; why is known to each of them. */
static void
new_file_cb (Sending               *sending,
             SpiceFileTransferTask *file,
             SpiceMainChannel      *main)
{
  g_set_object (&sending->file, file);
  g_signal_connect_swapped (file, "finished", G_CALLBACK (finished_cb), sending);
}

static void
progress_cb (goffset  sent,
             goffset  total,
             gpointer user_data)
{
  const Sending *sending = user_data;

  xeno_display_server_set_sent (sending->server, sent);
}

/* The library queues what it has to say about a file that stops, and leaves it lying there until
 * something else is said: that a clipboard may be one byte more, or less. */
static void
push_queue (SpiceMainChannel *main)
{
  int size;

  g_object_get (main, "max-clipboard", &size, NULL);
  g_object_set (main, "max-clipboard", size ^ 1, NULL);
}

static void
end_cb (gpointer user_data)
{
  g_autoptr (Sending) sending = user_data;

  if (sending->failed == NULL)
    g_task_return_boolean (sending->task, TRUE);
  else if (sending->error != NULL)
    g_task_return_error (sending->task, g_steal_pointer (&sending->error));
  else
    g_task_return_error (sending->task, g_steal_pointer (&sending->failed));
}

/* The library's own handler of "finished" may be what calls this: let the one here run too. */
static void
copied_cb (GObject      *main,
           GAsyncResult *result,
           gpointer      user_data)
{
  Sending *sending = user_data;

  g_signal_handler_disconnect (main, sending->new_file_id);
  if (!spice_main_channel_file_copy_finish (SPICE_MAIN_CHANNEL (main), result, &sending->failed))
    push_queue (SPICE_MAIN_CHANNEL (main));
  g_idle_add_once (end_cb, sending);
}

/**
 * xeno_display_spice_file_send:
 * @main: the session's main channel, whose agent is there
 * @server: whom to tell how much has gone
 * @fd: (transfer full): the file
 * @name: what the guest shall call it
 * @size: how much of it there is
 * @task: gets %TRUE when the guest has it
 *
 * Sends a file to the guest; one at a time.
 */
void
xeno_display_spice_file_send (SpiceMainChannel  *main,
                              XenoDisplayServer *server,
                              int                fd,
                              const char        *name,
                              guint64            size,
                              GTask             *task)
{
  g_autoptr (GFile) file = NULL;
  Sending *sending;

  g_return_if_fail (SPICE_IS_MAIN_CHANNEL (main));
  g_return_if_fail (XENO_IS_DISPLAY_SERVER (server));
  g_return_if_fail (G_IS_TASK (task));

  file = xeno_display_given_file_new (fd, name, size);
  sending = g_new0 (Sending, 1);
  sending->server = g_object_ref (server);
  sending->task = g_object_ref (task);
  sending->new_file_id = g_signal_connect_swapped (main, "new-file-transfer", G_CALLBACK (new_file_cb),
                                                   sending);
  spice_main_channel_file_copy_async (main, (GFile *[]) { file, NULL }, G_FILE_COPY_NONE,
                                      g_task_get_cancellable (task), progress_cb, sending, copied_cb, sending);
}
