/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The app's end of a shared folder: how what serves it is made to end. */
#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>

#include "console/xeno-share-process.h"
#include "support/xeno-test.h"

/* Connection 1 of the guest: a file of which not all has come. */
static const char half_file[] =
  "\1\0\0\0\0\0\0\0\x34\0" "PUT /new HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx";

typedef struct
{
  XenoShareProcess *process;
  char             *folder;
  int               fd; /* the guest's end */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("xs-XXXXXX", NULL);
  fixture->process = xeno_share_process_new ();
  xeno_share_process_set_folder (fixture->process, open (fixture->folder, O_PATH | O_DIRECTORY | O_CLOEXEC), TRUE);
  fixture->fd = -1;
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_assert_finalize_object (fixture->process);
  g_close (fixture->fd, NULL);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
}

static void
serve (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->fd = xeno_share_process_open (fixture->process, &error);
  g_assert_no_error (error);
}

static gboolean
has_file (gpointer folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);

  return g_dir_read_name (dir) != NULL;
}

static gboolean
is_empty (gpointer folder)
{
  return !has_file (folder);
}

static void
test_a_file_half_written_is_put_away (Fixture       *fixture,
                                      gconstpointer  data)
{
  G_STATIC_ASSERT (sizeof half_file - 1 - 10 == 0x34);

  serve (fixture);
  g_assert_cmpint (send (fixture->fd, half_file, sizeof half_file - 1, 0), ==, sizeof half_file - 1);
  xeno_test_until (has_file, fixture->folder);
  xeno_share_process_stop (fixture->process);
  xeno_test_until (is_empty, fixture->folder);
}

static gboolean
has_said_something (gpointer data)
{
  char byte;

  return recv (GPOINTER_TO_INT (data), &byte, 1, MSG_DONTWAIT) == 1;
}

static gboolean
has_ended (gpointer data)
{
  char byte;

  return recv (GPOINTER_TO_INT (data), &byte, 1, MSG_DONTWAIT) == 0;
}

static void
test_what_does_not_want_to_end_is_ended (Fixture       *fixture,
                                         gconstpointer  data)
{
  static const char program[] = "#!/bin/sh\ntrap '' TERM\necho >&4\nexec cat <&4\n";
  g_autofree char *known = g_strdup (g_getenv ("XENOLITH_SHARE_PATH"));
  g_autofree char *path = g_build_filename (fixture->folder, "stubborn", NULL);

  g_assert_true (g_file_set_contents_full (path, program, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
  g_setenv ("XENOLITH_SHARE_PATH", path, TRUE);
  serve (fixture);
  g_setenv ("XENOLITH_SHARE_PATH", known, TRUE);
  xeno_test_until (has_said_something, GINT_TO_POINTER (fixture->fd));
  xeno_share_process_stop (fixture->process);
  xeno_test_until (has_ended, GINT_TO_POINTER (fixture->fd));
  g_unlink (path);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/xeno/share-process/a-file-half-written-is-put-away", Fixture, NULL, set_up,
              test_a_file_half_written_is_put_away, tear_down);
  g_test_add ("/xeno/share-process/what-does-not-want-to-end-is-ended", Fixture, NULL, set_up,
              test_what_does_not_want_to_end_is_ended, tear_down);

  return g_test_run ();
}
