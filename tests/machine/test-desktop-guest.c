/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A guest with a desktop and the agents everybody has: what is copied, dropped and resized arrives there. */
#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "guest-shell.h"
#include "support/display-rig.h"

#define AS_USER "runuser -u user -- env DISPLAY=:0 "
#define TEXT "Grüße vom Wirt: 漢字"
#define TEXT_BACK "Grüße vom Gast: €"

/* One guest for all cases: it takes half a minute to boot. */
typedef struct
{
  DisplayRig         *rig;
  GuestShell         *shell;
  XenoConsoleBackend *backend;
  XenoGuest          *guest;
  char               *port;
  GBytes             *given;
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
  g_task_return_pointer (task, g_bytes_ref (fixture->given), (GDestroyNotify) g_bytes_unref);
  return TRUE;
}

static void
start_guest (Fixture    *fixture,
             const char *image)
{
  g_autofree char *drive = g_strdup_printf ("file=%s,if=virtio,snapshot=on", image);
  g_autofree char *port = g_strdup_printf ("socket,id=port,path=%s,server=on,wait=off", fixture->port);
  g_autofree char *spice = g_strdup_printf ("unix=on,addr=%s,disable-ticketing=on",
                                            display_rig_get_path (fixture->rig));
  const char *argv[] = {
    "qemu-system-x86_64", "-nodefaults", "-no-user-config", "-machine", "q35", "-accel", "tcg,thread=multi",
    "-cpu", "max", "-smp", "2", "-m", "1024", "-device", "qxl-vga,max_outputs=4", "-drive", drive, "-device", "qemu-xhci",
    "-device", "usb-tablet", "-device", "virtio-serial",
    "-chardev", "spicevmc,id=agent,name=vdagent", "-device", "virtserialport,chardev=agent,name=com.redhat.spice.0",
    "-chardev", "spiceport,id=folder,name=org.spice-space.webdav.0",
    "-device", "virtserialport,chardev=folder,name=org.spice-space.webdav.0",
    "-chardev", port, "-device", "virtserialport,chardev=port,name=org.qemu.guest_agent.0",
    "-spice", spice, NULL,
  };

  display_rig_start_server (fixture->rig, argv);
}

static void
set_up (Fixture    *fixture,
        const char *image)
{
  fixture->rig = display_rig_new ();
  fixture->port = g_strconcat (display_rig_get_path (fixture->rig), ".port", NULL);
  start_guest (fixture, image);
  fixture->shell = guest_shell_new (fixture->port);
  guest_shell_await (fixture->shell, AS_USER "xrandr && pgrep -u user spice-vdagent");
  fixture->backend = display_rig_new_backend (fixture->rig, "spice");
  fixture->guest = xeno_console_backend_get_guest (fixture->backend);
  g_signal_connect_swapped (fixture->guest, "grabbed", G_CALLBACK (grabbed_cb), fixture);
  g_signal_connect_swapped (fixture->guest, "requested", G_CALLBACK (requested_cb), fixture);
}

static void
tear_down (Fixture *fixture)
{
  xeno_console_backend_stop (fixture->backend);
  g_assert_finalize_object (fixture->backend);
  guest_shell_free (fixture->shell);
  display_rig_stop_server (fixture->rig);
  g_unlink (fixture->port);
  g_object_unref (fixture->rig);
  g_free (fixture->port);
}

static void
give (Fixture    *fixture,
      guint       form,
      const void *content,
      gsize       size)
{
  g_clear_pointer (&fixture->given, g_bytes_unref);
  fixture->given = g_bytes_new (content, size);
  xeno_guest_grab (fixture->guest, form);
}

static void
test_copied_text_is_pasted_in_the_guest (gconstpointer data)
{
  Fixture *fixture = (Fixture *) data;

  display_rig_await_ability (fixture->backend, XENO_DISPLAY_ABILITY_TEXT);
  give (fixture, XENO_DISPLAY_FORM_TEXT, TEXT, strlen (TEXT));
  guest_shell_await (fixture->shell, AS_USER "xclip -o -selection clipboard | grep -qxF '" TEXT "'");
}

static gboolean
has_grabbed (gpointer data)
{
  return ((Fixture *) data)->grabbed & XENO_DISPLAY_FORM_TEXT;
}

static void
test_text_copied_in_the_guest_comes_here (gconstpointer data)
{
  Fixture *fixture = (Fixture *) data;
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GError) error = NULL;

  fixture->grabbed = 0;
  guest_shell_await (fixture->shell, "printf %s '" TEXT_BACK "' | " AS_USER "xclip -selection clipboard >/dev/null 2>&1");
  xeno_test_until (has_grabbed, fixture);
  xeno_guest_request_async (fixture->guest, XENO_DISPLAY_FORM_TEXT, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  text = xeno_guest_request_finish (fixture->guest, result, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (text, NULL), g_bytes_get_size (text), TEXT_BACK, strlen (TEXT_BACK));
}

static void
test_a_copied_picture_is_pasted_in_the_guest (gconstpointer data)
{
  Fixture *fixture = (Fixture *) data;
  g_autofree char *path = g_build_filename (g_getenv ("XENO_TEST_SOURCE"), "data", "screenshots", "main-window.png", NULL);
  g_autofree char *picture = NULL;
  g_autofree char *sum = NULL;
  g_autofree char *command = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  g_file_get_contents (path, &picture, &size, &error);
  g_assert_no_error (error);
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *) picture, size);
  command = g_strdup_printf (AS_USER "xclip -o -t image/png -selection clipboard | sha256sum | grep -q ^%s", sum);
  display_rig_await_ability (fixture->backend, XENO_DISPLAY_ABILITY_PICTURES);
  give (fixture, XENO_DISPLAY_FORM_PNG, picture, size);
  guest_shell_await (fixture->shell, command);
}

/* openbox leaves the size as it is when a monitor has another one; larger desktops do what xrandr does here. */
static void
test_the_guest_takes_the_windows_size (gconstpointer data)
{
  static const struct { guint width, height; } sizes[] = { { 1000, 700 }, { 1304, 792 } };
  Fixture *fixture = (Fixture *) data;

  display_rig_await_ability (fixture->backend, XENO_DISPLAY_ABILITY_RESIZE);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *command = g_strdup_printf (AS_USER "xrandr | grep '%ux%u.*+'", sizes[i].width,
                                                  sizes[i].height);

      xeno_guest_arrange (fixture->guest, &(XenoDisplayMonitor) { .width = sizes[i].width,
                                                                   .height = sizes[i].height }, 1);
      guest_shell_await (fixture->shell, command);
      guest_shell_await (fixture->shell, AS_USER "xrandr --output Virtual-1 --auto");
      display_rig_await_size (fixture->backend, sizes[i].width, sizes[i].height);
    }
}

static gboolean
has_four_outputs (gpointer data)
{
  return xeno_console_backend_get_outputs (((Fixture *) data)->backend) == 4;
}

static void
test_a_second_monitor_is_plugged_in (gconstpointer data)
{
  static const XenoDisplayMonitor two[] = {
    { .id = 0, .width = 800, .height = 600 },
    { .id = 1, .x = 800, .width = 1000, .height = 700 },
  };
  Fixture *fixture = (Fixture *) data;

  display_rig_await_ability (fixture->backend, XENO_DISPLAY_ABILITY_RESIZE);
  guest_shell_await (fixture->shell, AS_USER "xrandr | grep 'Virtual-2 disconnected'");
  xeno_test_until (has_four_outputs, fixture);
  xeno_guest_arrange (fixture->guest, two, G_N_ELEMENTS (two));
  guest_shell_await (fixture->shell, AS_USER "xrandr | grep -A1 'Virtual-2 connected' | grep 1000x700");
  xeno_guest_arrange (fixture->guest, two, 1);
  guest_shell_await (fixture->shell, AS_USER "xrandr | grep 'Virtual-2 disconnected'");
}

static void
test_a_dropped_file_is_in_the_guest (gconstpointer data)
{
  const gsize size = 3 << 20;
  Fixture *fixture = (Fixture *) data;
  g_autofree char *content = g_strnfill (size, 'x');
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, content, size);
  g_autofree char *command = NULL;
  g_autofree char *path = NULL;
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("xg-XXXXXX", &path, NULL);

  g_unlink (path);
  g_assert_cmpint (write (fd, content, size), ==, size);
  g_assert_cmpint (lseek (fd, 0, SEEK_SET), ==, 0);
  display_rig_await_ability (fixture->backend, XENO_DISPLAY_ABILITY_FILES);
  xeno_guest_send_file_async (fixture->guest, fd, "a file.bin", size, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  xeno_guest_send_file_finish (fixture->guest, result, &error);
  g_assert_no_error (error);
  command = g_strdup_printf ("find /home/user -name 'a file.bin' -exec sha256sum {} + | grep ^%s", sum);
  guest_shell_await (fixture->shell, command);
}

static void
test_a_shared_folder_is_in_the_guest (gconstpointer data)
{
  Fixture *fixture = (Fixture *) data;
  g_autofree char *folder = g_dir_make_tmp ("xg-XXXXXX", NULL);
  g_autofree char *given = g_build_filename (folder, "given", NULL);
  g_autofree char *made = g_build_filename (folder, "made", NULL);
  g_autofree char *content = NULL;

  g_assert_true (g_file_set_contents (given, TEXT, -1, NULL));
  display_rig_await_ability (fixture->backend, XENO_DISPLAY_ABILITY_FOLDER);
  xeno_guest_share_folder (fixture->guest, open (folder, O_PATH | O_DIRECTORY | O_CLOEXEC), TRUE);
  guest_shell_await (fixture->shell, "curl -sf http://localhost:9843/given | grep -qxF '" TEXT "'");
  guest_shell_await (fixture->shell, "printf %s '" TEXT_BACK "' | curl -sf -T - http://localhost:9843/made");
  g_assert_true (g_file_get_contents (made, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, TEXT_BACK);

  xeno_guest_share_folder (fixture->guest, -1, FALSE);
  guest_shell_await (fixture->shell, "! curl -sf --max-time 5 http://localhost:9843/given");
  g_unlink (given);
  g_unlink (made);
  g_rmdir (folder);
}

int
main (int   argc,
      char *argv[])
{
  const char *image = g_getenv ("XENO_TEST_DESKTOP_GUEST");
  Fixture fixture = { NULL };
  int status;

  g_test_init (&argc, &argv, NULL);
  if (image == NULL)
    {
      g_print ("1..0 # SKIP ./setup.sh test --guests builds the guest first\n");
      return 0;
    }

  set_up (&fixture, image);
  g_test_add_data_func ("/xeno/desktop-guest/copied-text-is-pasted-in-the-guest", &fixture,
                        test_copied_text_is_pasted_in_the_guest);
  g_test_add_data_func ("/xeno/desktop-guest/text-copied-in-the-guest-comes-here", &fixture,
                        test_text_copied_in_the_guest_comes_here);
  g_test_add_data_func ("/xeno/desktop-guest/a-copied-picture-is-pasted-in-the-guest", &fixture,
                        test_a_copied_picture_is_pasted_in_the_guest);
  g_test_add_data_func ("/xeno/desktop-guest/the-guest-takes-the-windows-size", &fixture,
                        test_the_guest_takes_the_windows_size);
  g_test_add_data_func ("/xeno/desktop-guest/a-second-monitor-is-plugged-in", &fixture,
                        test_a_second_monitor_is_plugged_in);
  g_test_add_data_func ("/xeno/desktop-guest/a-dropped-file-is-in-the-guest", &fixture,
                        test_a_dropped_file_is_in_the_guest);
  g_test_add_data_func ("/xeno/desktop-guest/a-shared-folder-is-in-the-guest", &fixture,
                        test_a_shared_folder_is_in_the_guest);
  status = g_test_run ();
  tear_down (&fixture);
  g_clear_pointer (&fixture.given, g_bytes_unref);
  return status;
}
