/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What flows between guest and desktop through a real QEMU, whose guest is played by an agent of ours. */
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
  GSubprocess        *agent;
  char               *port;
  char               *log;
  const char         *expected;
  const char         *given;
  guint               grabbed;
} Fixture;

static void
grabbed_cb (Fixture *fixture,
            guint    forms)
{
  fixture->grabbed = forms;
}

static gboolean
requested_cb (Fixture *fixture,
              guint    form,
              GTask   *task)
{
  g_task_return_pointer (task, g_bytes_new (fixture->given, strlen (fixture->given)),
                         (GDestroyNotify) g_bytes_unref);
  return TRUE;
}

/* The first serial port is the channel of the SPICE agent, the second one leads to the test. */
static void
start_guest (Fixture           *fixture,
             const char *const *cards)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  g_autofree char *drive = g_strdup_printf ("file=%s,format=raw,media=cdrom", g_getenv ("XENO_TEST_BRIDGE_ISO"));
  g_autofree char *port = g_strdup_printf ("socket,id=port,path=%s", fixture->port);
  g_autofree char *spice = g_strdup_printf ("unix=on,addr=%s,disable-ticketing=on",
                                            display_rig_get_path (fixture->rig));
  const char *argv[] = {
    "qemu-system-x86_64", "-nodefaults", "-no-user-config", "-accel", "tcg", "-m", "32",
    "-audiodev", "spice,id=sound", "-machine", "pc,pcspk-audiodev=sound", "-drive", drive,
    "-chardev", "spicevmc,id=agent,name=vdagent", "-device", "isa-serial,chardev=agent",
    "-chardev", port, "-device", "isa-serial,chardev=port",
    "-device", "usb-ehci", "-chardev", "spicevmc,id=usb,name=usbredir", "-device", "usb-redir,chardev=usb",
    "-spice", spice, NULL,
  };

  for (guint i = 0; argv[i] != NULL; i++)
    g_ptr_array_add (all, (gpointer) argv[i]);
  for (guint i = 0; cards[i] != NULL; i++)
    g_ptr_array_add (all, (gpointer) cards[i]);
  g_ptr_array_add (all, NULL);
  display_rig_start_server (fixture->rig, (const char *const *) all->pdata);
}

static void
start_agent (Fixture *fixture)
{
  g_autofree char *program = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "support", "vdagent.py", NULL);
  g_autoptr (GError) error = NULL;

  fixture->agent = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, fixture->port, fixture->log, NULL);
  g_assert_no_error (error);
  xeno_test_until_exists (fixture->port);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  cards)
{
  fixture->rig = display_rig_new ();
  fixture->port = g_strconcat (display_rig_get_path (fixture->rig), ".port", NULL);
  fixture->log = g_strconcat (display_rig_get_path (fixture->rig), ".log", NULL);
  start_agent (fixture);
  start_guest (fixture, cards);
  fixture->backend = display_rig_new_backend (fixture->rig, "spice");
  fixture->guest = xeno_console_backend_get_guest (fixture->backend);
  g_signal_connect_swapped (fixture->guest, "grabbed", G_CALLBACK (grabbed_cb), fixture);
  g_signal_connect_swapped (fixture->guest, "requested", G_CALLBACK (requested_cb), fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  xeno_console_backend_stop (fixture->backend);
  g_assert_finalize_object (fixture->backend);
  display_rig_stop_server (fixture->rig);
  g_subprocess_force_exit (fixture->agent);
  g_subprocess_wait (fixture->agent, NULL, NULL);
  g_object_unref (fixture->agent);
  g_unlink (fixture->port);
  g_unlink (fixture->log);
  g_object_unref (fixture->rig);
  g_free (fixture->port);
  g_free (fixture->log);
}

static gboolean
has_logged (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *text = NULL;

  return g_file_get_contents (fixture->log, &text, NULL, NULL) && strstr (text, fixture->expected) != NULL;
}

static void
assert_logs (Fixture    *fixture,
             const char *expected)
{
  fixture->expected = expected;
  xeno_test_until (has_logged, fixture);
}

static gboolean
has_grabbed (gpointer data)
{
  return ((Fixture *) data)->grabbed != 0;
}

static void
test_text_passes_both_ways (Fixture       *fixture,
                            gconstpointer  data)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GError) error = NULL;

  display_rig_await_ability (fixture->backend, XENO_DISPLAY_ABILITY_TEXT);
  fixture->given = "say Grüße";
  xeno_guest_grab (fixture->guest, XENO_DISPLAY_FORM_TEXT);
  assert_logs (fixture, "text 'say Grüße'\n");
  xeno_test_until (has_grabbed, fixture);

  xeno_guest_request_async (fixture->guest, XENO_DISPLAY_FORM_TEXT, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  text = xeno_guest_request_finish (fixture->guest, result, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (text, NULL), g_bytes_get_size (text), "Grüße", strlen ("Grüße"));
}

static void
test_sizes_and_files_arrive (Fixture       *fixture,
                             gconstpointer  data)
{
  const gsize size = 100000;
  g_autofree char *content = g_strnfill (size, 'x');
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, content, size);
  g_autofree char *expected = g_strdup_printf ("file done %.16s\n", sum);
  g_autofree char *path = NULL;
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("xa-XXXXXX", &path, NULL);

  display_rig_await_ability (fixture->backend, XENO_DISPLAY_ABILITY_RESIZE);
  xeno_guest_arrange (fixture->guest, &(XenoDisplayMonitor) { 0, 0, 0, 1000, 700, 0, 0 }, 1);
  assert_logs (fixture, "monitors 0:1000x700+0+0\n");

  g_unlink (path);
  g_assert_cmpint (write (fd, content, size), ==, size);
  g_assert_cmpint (lseek (fd, 0, SEEK_SET), ==, 0);
  xeno_guest_send_file_async (fixture->guest, fd, "a file", size, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  g_assert_true (xeno_guest_send_file_finish (fixture->guest, result, &error));
  g_assert_no_error (error);
  assert_logs (fixture, expected);
}

static gboolean
has_two_outputs (gpointer data)
{
  return xeno_console_backend_get_outputs (((Fixture *) data)->backend) == 2;
}

/* The library says once more what monitors there are when an agent has come; a word with the agent takes
 * longer. An answer to what is asked after them says that no second message is on its way. */
static void
test_all_monitors_come_in_one_message (Fixture       *fixture,
                                       gconstpointer  data)
{
  static const XenoDisplayMonitor two[] = {
    { 0, 0, 0, 1000, 700, 265, 185 }, { 1, 1000, 100, 800, 600, 212, 159 },
  };
  g_autofree char *log = NULL;

  display_rig_await_ability (fixture->backend, XENO_DISPLAY_ABILITY_RESIZE);
  xeno_test_until (has_two_outputs, fixture);
  fixture->given = "a word";
  xeno_guest_grab (fixture->guest, XENO_DISPLAY_FORM_TEXT);
  assert_logs (fixture, "text 'a word'\n");
  xeno_guest_arrange (fixture->guest, two, G_N_ELEMENTS (two));
  xeno_guest_arrange (fixture->guest, &two[1], 1);
  assert_logs (fixture, "monitors 1:800x600+1000+100\n");
  g_assert_true (g_file_get_contents (fixture->log, &log, NULL, NULL));
  g_assert_cmpstr (strstr (log, "monitors"), ==,
                   "monitors 0:1000x700+0+0 1:800x600+1000+100\nmonitors 1:800x600+1000+100\n");
}

/* There may be no device on this computer; that something else is refused needs none. */
static void
test_what_is_no_usb_device_is_refused (Fixture       *fixture,
                                       gconstpointer  data)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  display_rig_await_ability (fixture->backend, XENO_DISPLAY_ABILITY_USB);
  xeno_guest_attach_usb_async (fixture->guest, 1, open ("/dev/null", O_RDWR | O_CLOEXEC), NULL,
                               xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  g_assert_false (xeno_guest_attach_usb_finish (fixture->guest, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_test_message ("%s", error->message);
  xeno_guest_detach_usb (fixture->guest, 1);
  display_rig_await_ability (fixture->backend, XENO_DISPLAY_ABILITY_TEXT);
  display_rig_await_state (fixture->backend, XENO_CONSOLE_LIVE);
}

static void
test_the_speaker_is_heard (Fixture       *fixture,
                           gconstpointer  data)
{
  const char *path = g_getenv ("XENO_TEST_SOUND");
  g_autofree char *asked = g_strconcat (path, ".asked", NULL);

  display_rig_await_ability (fixture->backend, XENO_DISPLAY_ABILITY_SOUND);
  display_rig_await_sound (path);
  g_unlink (path);
  g_unlink (asked);
}

int
main (int   argc,
      char *argv[])
{
  static const char *const one_card[] = { "-vga", "std", NULL };
  static const char *const two_cards[] = { "-vga", "qxl", "-device", "qxl", NULL };
  g_autofree char *program = NULL;
  g_autofree char *sound = NULL;

  g_test_init (&argc, &argv, NULL);

  program = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "support", "fake-sound.sh", NULL);
  sound = g_build_filename (g_get_tmp_dir (), "sound", NULL);
  g_setenv ("XENOLITH_SOUND_PATH", program, TRUE);
  g_setenv ("XENO_TEST_SOUND", sound, TRUE);
  g_test_add ("/xeno/agent/text-passes-both-ways", Fixture, one_card, set_up, test_text_passes_both_ways, tear_down);
  g_test_add ("/xeno/agent/sizes-and-files-arrive", Fixture, one_card, set_up, test_sizes_and_files_arrive, tear_down);
  g_test_add ("/xeno/agent/all-monitors-come-in-one-message", Fixture, two_cards, set_up,
              test_all_monitors_come_in_one_message, tear_down);
  g_test_add ("/xeno/agent/what-is-no-usb-device-is-refused", Fixture, one_card, set_up,
              test_what_is_no_usb_device_is_refused, tear_down);
  g_test_add ("/xeno/agent/the-speaker-is-heard", Fixture, one_card, set_up, test_the_speaker_is_heard, tear_down);

  return g_test_run ();
}
