/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Passwords of displays in the keyring that most desktops have. */
#include "config.h"

#include <signal.h>
#include <string.h>

#include "app/xeno-viewer-display.h"
#include "support/display-rig.h"
#include "support/xeno-test.h"
#include "viewer/xeno-keyring.h"

#define PASSWORD "geheim1"

typedef struct
{
  DisplayRig         *rig;
  GSubprocess        *keyring;
  XenoAddress        *address;
  XenoViewer         *viewer;
  XenoConsoleBackend *backend;
  gboolean            is_recalling;
  gboolean            is_there;
  char               *username;
  char               *password;
} Fixture;

static gboolean
has_keyring (gpointer data)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GVariant) answer = NULL;
  gboolean is_owned;

  answer = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "NameHasOwner",
                                        g_variant_new ("(s)", "org.freedesktop.secrets"), NULL,
                                        G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  g_variant_get (answer, "(b)", &is_owned);
  return is_owned;
}

/* Unlocked with a password, as signing in does it. */
static void
start_keyring (Fixture *fixture)
{
  g_autofree char *control = g_build_filename (g_get_user_runtime_dir (), "keyring", NULL);
  GOutputStream *input;
  g_autoptr (GError) error = NULL;

  fixture->keyring = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                                       G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, "gnome-keyring-daemon",
                                       "--foreground", "--unlock", "--components=secrets",
                                       "--control-directory", control, NULL);
  g_assert_no_error (error);
  input = g_subprocess_get_stdin_pipe (fixture->keyring);
  g_output_stream_write_all (input, "schluessel", strlen ("schluessel"), NULL, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_close (input, NULL, &error);
  g_assert_no_error (error);
  xeno_test_until (has_keyring, NULL);
}

static void
start_server (Fixture *fixture)
{
  g_autofree char *program = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "support", "rfb-server.py", NULL);
  g_autofree char *uri = g_strconcat ("vnc+unix://", display_rig_get_path (fixture->rig), NULL);
  const char *argv[] = { program, display_rig_get_path (fixture->rig), "password", NULL };
  g_autoptr (GError) error = NULL;

  display_rig_start_server (fixture->rig, argv);
  fixture->address = xeno_address_new (uri, &error);
  g_assert_no_error (error);
}

static void
recalled_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_free (fixture->username);
  g_free (fixture->password);
  fixture->password = xeno_keyring_recall_finish (result, &fixture->is_there, &fixture->username);
  fixture->is_recalling = FALSE;
}

/* The keyring takes a moment to write. */
static gboolean
has_answer (Fixture *fixture)
{
  if (fixture->is_recalling)
    return FALSE;

  fixture->is_recalling = TRUE;
  xeno_keyring_recall_async (fixture->address, NULL, recalled_cb, fixture);
  return fixture->is_there;
}

static gboolean
is_remembered (gpointer data)
{
  Fixture *fixture = data;

  return has_answer (fixture) && g_strcmp0 (fixture->password, PASSWORD) == 0 &&
         g_strcmp0 (fixture->username, "") == 0;
}

static gboolean
is_forgotten (gpointer data)
{
  Fixture *fixture = data;

  return has_answer (fixture) && fixture->password == NULL;
}

static gboolean
is_quiet (gpointer data)
{
  return !((Fixture *) data)->is_recalling;
}

static gboolean
is_asking (gpointer data)
{
  return xeno_viewer_get_question (((Fixture *) data)->viewer) == XENO_VIEWER_ASKS_CREDENTIALS;
}

static gboolean
has_one_reference (gpointer data)
{
  return G_OBJECT (data)->ref_count == 1;
}

static void
open_display (Fixture *fixture)
{
  fixture->viewer = xeno_viewer_new (fixture->address, NULL);
  fixture->backend = xeno_viewer_display_open (fixture->viewer);
  g_signal_connect (fixture->backend, "damage", G_CALLBACK (xeno_console_backend_frame_done), NULL);
  xeno_console_backend_start (fixture->backend);
}

static void
close_display (Fixture *fixture)
{
  xeno_console_backend_stop (fixture->backend);
  g_assert_finalize_object (fixture->backend);
  xeno_test_until (has_one_reference, fixture->viewer);
  g_assert_finalize_object (fixture->viewer);
}

static void
test_keeps_what_is_right (gconstpointer data)
{
  Fixture *fixture = (gpointer) data;

  open_display (fixture);
  xeno_test_until (is_asking, fixture);
  g_assert_true (xeno_viewer_can_remember (fixture->viewer));
  xeno_viewer_answer_credentials (fixture->viewer, "", PASSWORD, TRUE);
  display_rig_await_state (fixture->backend, XENO_CONSOLE_LIVE);
  xeno_test_until (is_remembered, fixture);
  close_display (fixture);

  /* Now nobody is asked. */
  open_display (fixture);
  display_rig_await_state (fixture->backend, XENO_CONSOLE_LIVE);
  g_assert_cmpint (xeno_viewer_get_question (fixture->viewer), ==, XENO_VIEWER_ASKS_NOTHING);
  close_display (fixture);
}

static void
test_forgets_what_is_wrong (gconstpointer data)
{
  Fixture *fixture = (gpointer) data;

  xeno_keyring_store (fixture->address, "", "falsch");
  open_display (fixture);
  xeno_test_until (is_asking, fixture);
  g_assert_true (xeno_viewer_was_refused (fixture->viewer));
  xeno_test_until (is_forgotten, fixture);
  xeno_viewer_answer_credentials (fixture->viewer, "", PASSWORD, FALSE);
  display_rig_await_state (fixture->backend, XENO_CONSOLE_LIVE);
  close_display (fixture);
}

static void
stop (Fixture *fixture)
{
  xeno_test_until (is_quiet, fixture);
  g_free (fixture->username);
  g_free (fixture->password);
  display_rig_stop_server (fixture->rig);
  xeno_address_unref (fixture->address);
  g_object_unref (fixture->rig);
  g_subprocess_send_signal (fixture->keyring, SIGTERM);
  g_subprocess_wait (fixture->keyring, NULL, NULL);
  g_object_unref (fixture->keyring);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *program = g_find_program_in_path ("gnome-keyring-daemon");
  Fixture fixture = { 0 };
  int status;

  g_test_init (&argc, &argv, NULL);

  if (program == NULL)
    {
      g_print ("1..0 # SKIP gnome-keyring is not installed\n");
      return 0;
    }

  fixture.rig = display_rig_new ();
  start_keyring (&fixture);
  start_server (&fixture);
  g_test_add_data_func ("/xeno/keyring/keeps-what-is-right", &fixture, test_keeps_what_is_right);
  g_test_add_data_func ("/xeno/keyring/forgets-what-is-wrong", &fixture, test_forgets_what_is_wrong);
  status = g_test_run ();
  stop (&fixture);
  return status;
}
