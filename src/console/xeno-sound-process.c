/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The process that plays a guest's sound, or records for it: samples go through a pipe. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "console/xeno-sound-process.h"

/* Who asks more often is no guest of ours. */
#define MIN_INTERVAL_US (G_USEC_PER_SEC / 2)

/* As much as is heard late when the sound server falls behind: a sixth of a second. */
#define PIPE_BYTES (32 * 1024)

struct _XenoSoundProcess
{
  GObject      parent_instance;
  gboolean     records;
  GSubprocess *process;
  gint64       opened_us;
};

G_DEFINE_FINAL_TYPE (XenoSoundProcess, xeno_sound_process, G_TYPE_OBJECT)

static const char *
get_program (void)
{
  const char *program = g_getenv ("XENOLITH_SOUND_PATH");

  return program != NULL ? program : XENO_LIBEXECDIR "/xenolith-sound";
}

static GSubprocess *
spawn (XenoSoundProcess  *self,
       int                fd,
       guint              rate,
       guint              channels,
       GError           **error)
{
  g_autofree char *rate_text = g_strdup_printf ("%u", rate);
  g_autofree char *channels_text = g_strdup_printf ("%u", channels);
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (self->records ? G_SUBPROCESS_FLAGS_NONE : G_SUBPROCESS_FLAGS_STDOUT_SILENCE);

  g_subprocess_launcher_unsetenv (launcher, "G_DEBUG");
  if (self->records)
    g_subprocess_launcher_take_stdout_fd (launcher, fd);
  else
    g_subprocess_launcher_take_stdin_fd (launcher, fd);
  return g_subprocess_launcher_spawn (launcher, error, get_program (), self->records ? "record" : "play",
                                      rate_text, channels_text, NULL);
}

static void
reap_cb (GObject      *process,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_subprocess_wait_finish (G_SUBPROCESS (process), result, NULL);
}

static void
xeno_sound_process_dispose (GObject *object)
{
  xeno_sound_process_stop (XENO_SOUND_PROCESS (object));

  G_OBJECT_CLASS (xeno_sound_process_parent_class)->dispose (object);
}

static void
xeno_sound_process_class_init (XenoSoundProcessClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xeno_sound_process_dispose;
}

static void
xeno_sound_process_init (XenoSoundProcess *self)
{
}

/**
 * xeno_sound_process_new:
 * @records: whether it records, rather than plays
 *
 * Returns: (transfer full): what starts nothing until it is opened
 */
XenoSoundProcess *
xeno_sound_process_new (gboolean records)
{
  XenoSoundProcess *self = g_object_new (XENO_TYPE_SOUND_PROCESS, NULL);

  self->records = records;
  return self;
}

/**
 * xeno_sound_process_open:
 * @self: a sound process
 * @rate: frames a second
 * @channels: samples in a frame
 * @error: (out) (optional): %G_IO_ERROR
 *
 * Starts it, in place of the one before. It ends when the pipe is closed.
 *
 * Returns: the other end of its pipe, which the caller owns, or -1
 */
int
xeno_sound_process_open (XenoSoundProcess  *self,
                         guint              rate,
                         guint              channels,
                         GError           **error)
{
  gint64 now = g_get_monotonic_time ();
  int fds[2];

  g_return_val_if_fail (XENO_IS_SOUND_PROCESS (self), -1);

  if (self->opened_us != 0 && now - self->opened_us < MIN_INTERVAL_US)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "too soon");
      return -1;
    }

  self->opened_us = now;
  xeno_sound_process_stop (self);
  if (!g_unix_open_pipe (fds, FD_CLOEXEC, error))
    return -1;

  fcntl (fds[0], F_SETPIPE_SZ, PIPE_BYTES);
  self->process = spawn (self, fds[self->records ? 1 : 0], rate, channels, error);
  if (self->process != NULL)
    {
      g_subprocess_wait_async (self->process, NULL, reap_cb, NULL);
      return fds[self->records ? 0 : 1];
    }

  g_close (fds[self->records ? 0 : 1], NULL);
  return -1;
}

/**
 * xeno_sound_process_stop:
 * @self: a sound process
 *
 * Nothing is heard, or recorded, any more: whoever has the pipe has nobody at its other end.
 */
void
xeno_sound_process_stop (XenoSoundProcess *self)
{
  g_return_if_fail (XENO_IS_SOUND_PROCESS (self));

  if (self->process != NULL)
    g_subprocess_force_exit (self->process);
  g_clear_object (&self->process);
}
