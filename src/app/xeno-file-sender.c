/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sends files into a guest, one after the other, and says of each that failed why. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/xeno-file-sender.h"
#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "base/xeno-units.h"

#define MAX_NAME_CHARS 60

/* So many files are named when they failed; the rest is a number. */
#define MAX_FAILURES_NAMED 20

typedef struct
{
  XenoGuest *guest;
  XenoJob   *job;
  char      *title;
  GPtrArray *files;      /* of GFile */
  guint64    total;      /* bytes of all */
  guint64    done;       /* bytes of those before this one */
  guint64    size;       /* of this one */
  guint      index;
  guint      n_failed;
  GString   *failures;
  gulong     sent_id;
} Sender;

typedef struct
{
  int     fd;
  guint64 size;
} OpenFile;

static void send_next (Sender *self);

static void
sender_free (Sender *self)
{
  g_signal_handler_disconnect (self->guest, self->sent_id);
  g_object_unref (self->guest);
  g_object_unref (self->job);
  g_free (self->title);
  g_ptr_array_unref (self->files);
  g_string_free (self->failures, TRUE);
  g_free (self);
}

static void
open_file_free (gpointer data)
{
  OpenFile *file = data;

  if (file->fd >= 0)
    g_close (file->fd, NULL);
  g_free (file);
}

/* What people see of a name. */
static char *
dup_name (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);

  return xeno_text_clean (name != NULL ? name : "?", -1, MAX_NAME_CHARS);
}

/* What the guest gets to see of it: UTF-8, no path, short enough. */
static char *
dup_name_for_guest (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  char *valid = g_utf8_make_valid (name != NULL ? name : "file", -1);

  g_strdelimit (valid, "/\\\n\r", '_');
  while (strlen (valid) > XENO_DISPLAY_MAX_FILE_NAME)
    *g_utf8_prev_char (valid + strlen (valid)) = '\0';
  return valid;
}

static GError *
describe_errno (int code)
{
  return g_error_new_literal (G_IO_ERROR, g_io_error_from_errno (code), g_strerror (code));
}

/* A pipe would never end and a device is no file; neither may hold this thread up. */
static OpenFile *
open_file (GFile   *file,
           GError **error)
{
  const char *path = g_file_peek_path (file);
  struct stat info;
  OpenFile *opened;
  int fd;

  if (path == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _("it is not on this computer; copy it here first"));
      return NULL;
    }

  fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0 || fstat (fd, &info) != 0)
    {
      g_propagate_error (error, describe_errno (errno));
      if (fd >= 0)
        g_close (fd, NULL);
      return NULL;
    }
  if (!S_ISREG (info.st_mode))
    {
      g_close (fd, NULL);
      g_set_error_literal (error, G_IO_ERROR, S_ISDIR (info.st_mode) ? G_IO_ERROR_IS_DIRECTORY
                                                                     : G_IO_ERROR_NOT_REGULAR_FILE,
                           S_ISDIR (info.st_mode) ? _("it is a folder; put it into an archive first")
                                                  : _("it is no file"));
      return NULL;
    }

  opened = g_new (OpenFile, 1);
  opened->fd = fd;
  opened->size = info.st_size;
  return opened;
}

static void
open_in_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  GError *error = NULL;
  OpenFile *file = open_file (task_data, &error);

  if (file != NULL)
    g_task_return_pointer (task, file, open_file_free);
  else
    g_task_return_error (task, error);
}

static void
report (Sender  *self,
        guint64  sent)
{
  GFile *file = g_ptr_array_index (self->files, self->index);
  g_autofree char *name = dup_name (file);
  g_autofree char *sent_text = xeno_units_format_size (sent);
  g_autofree char *size_text = xeno_units_format_size (self->size);
  g_autofree char *step = NULL;

  /* Translators: which of how many files is sent, its name, how much of it has gone of how much */
  step = g_strdup_printf (_("%u of %u · %s · %s of %s"), self->index + 1, self->files->len, name, sent_text,
                          size_text);
  xeno_job_report (self->job, step, self->total > 0 ? (double) (self->done + sent) / self->total : -1.0);
}

static void
sent_cb (Sender  *self,
         guint64  sent)
{
  report (self, MIN (sent, self->size));
}

static GError *
make_error (Sender *self)
{
  GFile *first = g_ptr_array_index (self->files, 0);
  g_autofree char *name = dup_name (first);

  if (self->files->len == 1)
    /* Translators: a file's name, a machine's title, why */
    return xeno_error_new (XENO_ERROR_FAILED, NULL, _("“%s” could not be sent to “%s”: %s"), name, self->title,
                           self->failures->str);

  return xeno_error_new (XENO_ERROR_FAILED, self->failures->str,
                         ngettext ("%u of %u files could not be sent to “%s”. The details say why.",
                                   "%u of %u files could not be sent to “%s”. The details say why.",
                                   self->n_failed),
                         self->n_failed, self->files->len, self->title);
}

static void
end (Sender *self)
{
  g_autoptr (GError) error = NULL;

  if (!g_cancellable_set_error_if_cancelled (xeno_job_get_cancellable (self->job), &error) &&
      self->n_failed > 0)
    error = make_error (self);
  xeno_job_finish (self->job, error);
  sender_free (self);
}

static void
note_failure (Sender       *self,
              const GError *error)
{
  GFile *file = g_ptr_array_index (self->files, self->index);
  g_autofree char *name = dup_name (file);

  if (++self->n_failed > MAX_FAILURES_NAMED)
    return;

  if (self->files->len == 1)
    g_string_append (self->failures, error->message);
  else
    g_string_append_printf (self->failures, "%s%s: %s", self->failures->len > 0 ? "\n" : "", name,
                            error->message);
}

static void
go_on (Sender *self)
{
  self->done += self->size;
  self->size = 0;
  self->index++;
  if (self->index < self->files->len && !g_cancellable_is_cancelled (xeno_job_get_cancellable (self->job)))
    send_next (self);
  else
    end (self);
}

static void
file_sent_cb (GObject      *guest,
              GAsyncResult *result,
              gpointer      user_data)
{
  Sender *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!xeno_guest_send_file_finish (XENO_GUEST (guest), result, &error))
    note_failure (self, error);
  go_on (self);
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Sender *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree OpenFile *file = g_task_propagate_pointer (G_TASK (result), &error);
  g_autofree char *name = NULL;

  if (file == NULL)
    {
      note_failure (self, error);
      go_on (self);
      return;
    }

  name = dup_name_for_guest (g_ptr_array_index (self->files, self->index));
  self->size = file->size;
  report (self, 0);
  xeno_guest_send_file_async (self->guest, file->fd, name, file->size, xeno_job_get_cancellable (self->job),
                              file_sent_cb, self);
}

static void
send_next (Sender *self)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, opened_cb, self);

  g_task_set_task_data (task, g_object_ref (g_ptr_array_index (self->files, self->index)), g_object_unref);
  g_task_run_in_thread (task, open_in_thread);
}

static void
measure_in_thread (GTask        *task,
                   gpointer      source,
                   gpointer      task_data,
                   GCancellable *cancellable)
{
  Sender *self = task_data;

  for (guint i = 0; i < self->files->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      const char *path = g_file_peek_path (g_ptr_array_index (self->files, i));
      struct stat info;

      if (path != NULL && stat (path, &info) == 0 && S_ISREG (info.st_mode))
        self->total += info.st_size;
    }
  g_task_return_boolean (task, TRUE);
}

static void
measured_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  send_next (user_data);
}

/**
 * xeno_file_sender_start:
 * @guest: who gets them
 * @title: how people call it
 * @files: a list of #GFile, not empty
 *
 * Sends files into a guest. What cannot be sent, folders for example, does not keep the others from
 * being sent; the job's error then says what and why.
 *
 * Returns: (transfer full): the job, which runs
 */
XenoJob *
xeno_file_sender_start (XenoGuest  *guest,
                        const char *title,
                        GListModel *files)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *words = NULL;
  guint n_files;
  Sender *self;

  g_return_val_if_fail (XENO_IS_GUEST (guest), NULL);
  g_return_val_if_fail (title != NULL, NULL);
  g_return_val_if_fail (G_IS_LIST_MODEL (files), NULL);

  n_files = g_list_model_get_n_items (files);
  /* Translators: how many files, and the title of a machine */
  words = g_strdup_printf (ngettext ("Sending %u file to “%s”", "Sending %u files to “%s”", n_files), n_files,
                           title);
  self = g_new0 (Sender, 1);
  self->guest = g_object_ref (guest);
  self->job = xeno_job_new (words);
  self->title = g_strdup (title);
  self->files = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < n_files; i++)
    g_ptr_array_add (self->files, g_list_model_get_item (files, i));
  self->failures = g_string_new (NULL);
  self->sent_id = g_signal_connect_swapped (guest, "sent", G_CALLBACK (sent_cb), self);

  task = g_task_new (NULL, xeno_job_get_cancellable (self->job), measured_cb, self);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, self, NULL);
  g_task_run_in_thread (task, measure_in_thread);
  return g_object_ref (self->job);
}
