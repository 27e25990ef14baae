/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A smart card in the reader of a real QEMU, whose service is played by a program of ours. */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "support/display-rig.h"
#include "support/xeno-test.h"

/* What QEMU's reader says when it is asked to tell what it does. */
#define INSERTED "ccid-card-passthru: VSC_ATR 9\n"
#define REMOVED "ccid-card-passthru: VSC_CardRemove\n"

typedef struct
{
  DisplayRig         *rig;
  XenoConsoleBackend *backend;
  XenoGuest          *guest;
  GSubprocess        *service;
  char               *folder;
  char               *socket;
  char               *control;
  char               *log;
  const char         *expected;
  guint               n_expected;
} Fixture;

/* Its words come a line at a time, though nobody reads them from a terminal. */
static void
start_guest (Fixture *fixture)
{
  g_autofree char *into_log = g_strdup_printf ("exec stdbuf -oL \"$0\" \"$@\" > '%s'", fixture->log);
  g_autofree char *spice = g_strdup_printf ("unix=on,addr=%s,disable-ticketing=on",
                                            display_rig_get_path (fixture->rig));
  const char *argv[] = {
    "sh", "-c", into_log, "qemu-system-x86_64", "-nodefaults", "-no-user-config", "-accel", "tcg", "-m", "32",
    "-vga", "std", "-device", "qemu-xhci", "-device", "usb-ccid",
    "-chardev", "spiceport,id=other,name=org.unaos.other.0", "-device", "isa-serial,chardev=other",
    "-chardev", "spiceport,id=card,name=org.unaos.card.0", "-device", "ccid-card-passthru,chardev=card,debug=2",
    "-spice", spice, NULL,
  };

  display_rig_start_server (fixture->rig, argv);
}

static void
start_service (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "support", "pcscd.py", NULL);
  g_autoptr (GError) error = NULL;

  fixture->service = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, path, fixture->socket, fixture->control,
                                       NULL);
  g_assert_no_error (error);
  xeno_test_until_exists (fixture->control);
}

static void
stop_service (Fixture *fixture)
{
  if (fixture->service == NULL)
    return;

  g_subprocess_force_exit (fixture->service);
  g_subprocess_wait (fixture->service, NULL, NULL);
  g_clear_object (&fixture->service);
  g_unlink (fixture->control);
  g_unlink (fixture->socket);
}

static void
tell_service (Fixture    *fixture,
              const char *what)
{
  g_autofree char *line = g_strconcat (what, "\n", NULL);
  FILE *control = g_fopen (fixture->control, "w");

  g_assert_nonnull (control);
  g_assert_cmpint (fputs (line, control), >=, 0);
  g_assert_cmpint (fclose (control), ==, 0);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->rig = display_rig_new ();
  fixture->folder = g_dir_make_tmp ("xc-XXXXXX", NULL);
  fixture->socket = g_build_filename (fixture->folder, "socket", NULL);
  fixture->control = g_build_filename (fixture->folder, "control", NULL);
  fixture->log = g_build_filename (fixture->folder, "log", NULL);
  g_setenv ("PCSCLITE_CSOCK_NAME", fixture->socket, TRUE);
  start_guest (fixture);
  fixture->backend = display_rig_new_backend (fixture->rig, "spice");
  fixture->guest = xeno_console_backend_get_guest (fixture->backend);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  xeno_console_backend_stop (fixture->backend);
  g_assert_finalize_object (fixture->backend);
  display_rig_stop_server (fixture->rig);
  stop_service (fixture);
  g_unlink (fixture->log);
  g_rmdir (fixture->folder);
  g_object_unref (fixture->rig);
  g_free (fixture->folder);
  g_free (fixture->socket);
  g_free (fixture->control);
  g_free (fixture->log);
}

static gboolean
has_said (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *text = NULL;
  guint n_said = 0;

  if (!g_file_get_contents (fixture->log, &text, NULL, NULL))
    return FALSE;
  for (const char *at = strstr (text, fixture->expected); at != NULL; at = strstr (at + 1, fixture->expected))
    n_said++;
  return n_said >= fixture->n_expected;
}

static void
await_reader (Fixture    *fixture,
              const char *expected,
              guint       n_expected)
{
  fixture->expected = expected;
  fixture->n_expected = n_expected;
  xeno_test_until (has_said, fixture);
}

static gboolean
has_card (gpointer guest)
{
  const XenoCardReport *report = xeno_guest_get_card_report (guest);

  return report->n_readers == 1 && report->readers[0].state == XENO_CARD_GIVEN;
}

static gboolean
has_no_card (gpointer guest)
{
  return !has_card (guest);
}

static gboolean
lacks_service (gpointer guest)
{
  return xeno_guest_get_card_report (guest)->service == XENO_CARD_SERVICE_MISSING;
}

/* A program that ends takes the card out, before another one begins. */
static void
test_the_guest_has_the_card (Fixture       *fixture,
                             gconstpointer  data)
{
  start_service (fixture);
  tell_service (fixture, "plug Front");
  tell_service (fixture, "insert Front");
  display_rig_await_ability (fixture->backend, XENO_DISPLAY_ABILITY_CARD);
  g_assert_true (has_no_card (fixture->guest));
  xeno_guest_give_card (fixture->guest, "");
  await_reader (fixture, INSERTED, 1);
  xeno_test_until (has_card, fixture->guest);
  tell_service (fixture, "remove Front");
  await_reader (fixture, REMOVED, 2);
  xeno_test_until (has_no_card, fixture->guest);
  tell_service (fixture, "insert Front");
  await_reader (fixture, INSERTED, 2);
  xeno_guest_give_card (fixture->guest, NULL);
  await_reader (fixture, REMOVED, 3);
  g_assert_cmpint (xeno_guest_get_card_report (fixture->guest)->service, ==, XENO_CARD_SERVICE_AWAITED);
  xeno_guest_give_card (fixture->guest, "Front");
  await_reader (fixture, INSERTED, 3);
  display_rig_await_state (fixture->backend, XENO_CONSOLE_LIVE);
}

static void
test_the_card_goes_with_the_console (Fixture       *fixture,
                                     gconstpointer  data)
{
  start_service (fixture);
  tell_service (fixture, "plug Front");
  tell_service (fixture, "insert Front");
  xeno_guest_give_card (fixture->guest, "");
  await_reader (fixture, INSERTED, 1);
  xeno_console_backend_stop (fixture->backend);
  await_reader (fixture, REMOVED, 2);
}

static void
test_the_service_may_come_later_and_go (Fixture       *fixture,
                                        gconstpointer  data)
{
  xeno_guest_give_card (fixture->guest, "");
  xeno_test_until (lacks_service, fixture->guest);
  start_service (fixture);
  tell_service (fixture, "plug Front");
  tell_service (fixture, "insert Front");
  await_reader (fixture, INSERTED, 1);
  stop_service (fixture);
  await_reader (fixture, REMOVED, 2);
  xeno_test_until (lacks_service, fixture->guest);
  start_service (fixture);
  tell_service (fixture, "plug Front");
  tell_service (fixture, "insert Front");
  await_reader (fixture, INSERTED, 2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/xeno/reader/the-guest-has-the-card", Fixture, NULL, set_up, test_the_guest_has_the_card, tear_down);
  g_test_add ("/xeno/reader/the-card-goes-with-the-console", Fixture, NULL, set_up,
              test_the_card_goes_with_the_console, tear_down);
  g_test_add ("/xeno/reader/the-service-may-come-later-and-go", Fixture, NULL, set_up,
              test_the_service_may_come_later_and_go, tear_down);

  return g_test_run ();
}
