/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A folder shared with the guest of a real QEMU, whose side is played by a program of ours. */
#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "support/display-rig.h"
#include "support/xeno-test.h"

typedef struct
{
  DisplayRig         *rig;
  XenoConsoleBackend *backend;
  XenoGuest          *guest;
  GSubprocess        *program; /* of the guest's */
  char               *port;
  char               *log;
  char               *folder;
  const char         *expected;
} Fixture;

/* The first serial port is the channel of the shared folder, the second one leads to the test. */
static void
start_guest (Fixture *fixture)
{
  g_autofree char *drive = g_strdup_printf ("file=%s,format=raw,media=cdrom", g_getenv ("XENO_TEST_BRIDGE_ISO"));
  g_autofree char *port = g_strdup_printf ("socket,id=port,path=%s", fixture->port);
  g_autofree char *spice = g_strdup_printf ("unix=on,addr=%s,disable-ticketing=on",
                                            display_rig_get_path (fixture->rig));
  const char *argv[] = {
    "qemu-system-x86_64", "-nodefaults", "-no-user-config", "-accel", "tcg", "-m", "32", "-vga", "std",
    "-drive", drive, "-chardev", "spiceport,id=folder,name=org.spice-space.webdav.0",
    "-device", "isa-serial,chardev=folder", "-chardev", port, "-device", "isa-serial,chardev=port",
    "-spice", spice, NULL,
  };

  display_rig_start_server (fixture->rig, argv);
}

static void
start_program (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "support", "webdav.py", NULL);
  g_autoptr (GError) error = NULL;

  fixture->program = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE, &error, path, fixture->port, fixture->log,
                                       NULL);
  g_assert_no_error (error);
  xeno_test_until_exists (fixture->port);
}

static void
write_file (Fixture    *fixture,
            const char *name,
            const char *content)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, content, -1, NULL));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char *link = NULL;

  fixture->rig = display_rig_new ();
  fixture->port = g_strconcat (display_rig_get_path (fixture->rig), ".port", NULL);
  fixture->log = g_strconcat (display_rig_get_path (fixture->rig), ".log", NULL);
  fixture->folder = g_dir_make_tmp ("xf-XXXXXX", NULL);
  write_file (fixture, "hello", "hello world");
  link = g_build_filename (fixture->folder, "out", NULL);
  g_assert_cmpint (symlink ("/etc/passwd", link), ==, 0);
  start_program (fixture);
  start_guest (fixture);
  fixture->backend = display_rig_new_backend (fixture->rig, "spice");
  fixture->guest = xeno_console_backend_get_guest (fixture->backend);
}

static void
remove_file (Fixture    *fixture,
             const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  g_unlink (path);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  xeno_console_backend_stop (fixture->backend);
  g_assert_finalize_object (fixture->backend);
  display_rig_stop_server (fixture->rig);
  g_subprocess_force_exit (fixture->program);
  g_subprocess_wait (fixture->program, NULL, NULL);
  g_object_unref (fixture->program);
  g_unlink (fixture->port);
  g_unlink (fixture->log);
  remove_file (fixture, "hello");
  remove_file (fixture, "new");
  remove_file (fixture, "out");
  g_rmdir (fixture->folder);
  g_object_unref (fixture->rig);
  g_free (fixture->folder);
  g_free (fixture->port);
  g_free (fixture->log);
}

static gboolean
has_folder (gpointer guest)
{
  return xeno_guest_can (guest, XENO_DISPLAY_ABILITY_FOLDER);
}

static void
share (Fixture  *fixture,
       gboolean  is_writable)
{
  xeno_guest_share_folder (fixture->guest, open (fixture->folder, O_PATH | O_DIRECTORY | O_CLOEXEC), is_writable);
}

static gboolean
is_open (gpointer guest)
{
  return xeno_guest_can (guest, XENO_DISPLAY_ABILITY_OPEN_FOLDER);
}

static gboolean
is_closed (gpointer guest)
{
  return !is_open (guest);
}

static gboolean
has_logged (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *text = NULL;

  return g_file_get_contents (fixture->log, &text, NULL, NULL) && strstr (text, fixture->expected) != NULL;
}

/* The guest asks, and gets an answer that begins so. */
static void
ask (Fixture    *fixture,
     const char *request,
     const char *expected)
{
  GOutputStream *lines = g_subprocess_get_stdin_pipe (fixture->program);
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (lines, request, strlen (request), NULL, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (lines, "\n", 1, NULL, NULL, &error);
  g_assert_no_error (error);
  fixture->expected = expected;
  xeno_test_until (has_logged, fixture);
}

static char *
read_file (Fixture    *fixture,
           const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  char *content = NULL;

  g_file_get_contents (path, &content, NULL, NULL);
  return content;
}

static void
test_the_guest_has_the_folder (Fixture       *fixture,
                               gconstpointer  data)
{
  xeno_test_until (has_folder, fixture->guest);
  g_assert_true (is_closed (fixture->guest));
  share (fixture, FALSE);
  xeno_test_until (is_open, fixture->guest);
  ask (fixture, "GET /hello", "GET /hello 200 hello world\n");
  ask (fixture, "PROPFIND /", "PROPFIND / 207 ");
  ask (fixture, "GET /../../etc/passwd", "GET /../../etc/passwd 404 ");
  ask (fixture, "GET /out", "GET /out 403 ");
  ask (fixture, "PUT /new written", "PUT /new 403 ");
  g_assert_null (read_file (fixture, "new"));
}

static gboolean
has_new (gpointer data)
{
  g_autofree char *content = read_file (data, "new");

  return g_strcmp0 (content, "written") == 0;
}

/* What was shared to be read is shared to be changed, then not at all, then again. */
static void
test_what_the_guest_may_can_be_changed (Fixture       *fixture,
                                        gconstpointer  data)
{
  xeno_test_until (has_folder, fixture->guest);
  share (fixture, FALSE);
  xeno_test_until (is_open, fixture->guest);
  ask (fixture, "PUT /new refused", "PUT /new 403 ");
  share (fixture, TRUE);
  xeno_test_until (is_closed, fixture->guest);
  xeno_test_until (is_open, fixture->guest);
  ask (fixture, "PUT /new written", "PUT /new 201 ");
  xeno_test_until (has_new, fixture);
  xeno_guest_share_folder (fixture->guest, -1, FALSE);
  xeno_test_until (is_closed, fixture->guest);
  share (fixture, FALSE);
  xeno_test_until (is_open, fixture->guest);
  ask (fixture, "GET /new", "GET /new 200 written\n");
  display_rig_await_state (fixture->backend, XENO_CONSOLE_LIVE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/xeno/folder/the-guest-has-the-folder", Fixture, NULL, set_up, test_the_guest_has_the_folder,
              tear_down);
  g_test_add ("/xeno/folder/what-the-guest-may-can-be-changed", Fixture, NULL, set_up,
              test_what_the_guest_may_can_be_changed, tear_down);

  return g_test_run ();
}
