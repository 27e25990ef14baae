/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How tests wait: for a result or a condition, with a deadline, never for time to pass. */
#include "config.h"

#include <fcntl.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "support/xeno-test.h"

#define BEAT_MS 10

static gboolean
too_late_cb (gpointer user_data)
{
  g_error ("waited %d seconds in vain", XENO_TEST_SECONDS);
  return G_SOURCE_REMOVE;
}

static gboolean
look_again_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static gboolean
has_result (gpointer data)
{
  return *(GAsyncResult **) data != NULL;
}

/* Runs the main loop until @is_so says so. */
void
xeno_test_until (XenoTestFunc is_so,
                 gpointer     data)
{
  guint deadline = g_timeout_add_seconds (XENO_TEST_SECONDS, too_late_cb, NULL);
  guint look = g_timeout_add (20, look_again_cb, NULL);

  while (!is_so (data))
    g_main_context_iteration (NULL, TRUE);

  g_source_remove (look);
  g_source_remove (deadline);
}

static gboolean
exists (gpointer path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* Runs the main loop until there is a file. */
void
xeno_test_until_exists (const char *path)
{
  xeno_test_until (exists, (gpointer) path);
}

/* A callback whose data is a GAsyncResult * to fill. */
void
xeno_test_result_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* Runs the main loop until xeno_test_result_cb() has filled @result. (transfer full) */
GAsyncResult *
xeno_test_await (GAsyncResult **result)
{
  xeno_test_until (has_result, result);
  return g_steal_pointer (result);
}

/* Removes a folder and all that is in it. */
void
xeno_test_remove_tree (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        xeno_test_remove_tree (child);
      else
        g_unlink (child);
    }
  g_assert_cmpint (g_rmdir (path), ==, 0);
}

/* For how long the main thread could have gone on, had others left it a processor. */
static gint64
get_waited_us (XenoTestPulse *pulse)
{
  char text[128] = "";
  char *rest;

  if (pulse->schedstat < 0 || pread (pulse->schedstat, text, sizeof text - 1, 0) <= 0)
    return 0;

  g_ascii_strtoull (text, &rest, 10); /* how long it ran */
  return g_ascii_strtoull (rest, NULL, 10) / 1000;
}

static gboolean
beat_cb (gpointer user_data)
{
  XenoTestPulse *pulse = user_data;
  gint64 now_us = g_get_monotonic_time ();
  gint64 waited_us = get_waited_us (pulse);

  pulse->longest_us = MAX (pulse->longest_us, now_us - pulse->beat_us - (waited_us - pulse->waited_us));
  pulse->beat_us = now_us;
  pulse->waited_us = waited_us;
  return G_SOURCE_CONTINUE;
}

/* Begins to feel whether the main loop turns. */
void
xeno_test_pulse_start (XenoTestPulse *pulse)
{
  pulse->schedstat = open ("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
  pulse->beat_us = g_get_monotonic_time ();
  pulse->waited_us = get_waited_us (pulse);
  pulse->longest_us = 0;
  pulse->beat_id = g_timeout_add (BEAT_MS, beat_cb, pulse);
}

/* Returns: for how long the main loop did not turn at most, in microseconds; that a busy computer gave it no
 * processor does not count */
gint64
xeno_test_pulse_stop (XenoTestPulse *pulse)
{
  beat_cb (pulse);
  g_source_remove (pulse->beat_id);
  if (pulse->schedstat >= 0)
    close (pulse->schedstat);
  g_test_message ("the main loop stood still for %.0f ms at most", pulse->longest_us / 1000.0);
  return pulse->longest_us;
}
