/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A Linux guest without any agent: its graphics card alone takes the window's size, by VNC. */
#include "config.h"

#include <glib/gstdio.h>

#include "guest-shell.h"
#include "support/display-rig.h"

#define AS_USER "runuser -u user -- env DISPLAY=:0 "

typedef struct
{
  DisplayRig         *rig;
  GuestShell         *shell; /* for the test to look; it carries no sizes */
  XenoConsoleBackend *backend;
  char               *port;
} Fixture;

static void
start_guest (Fixture    *fixture,
             const char *image)
{
  g_autofree char *drive = g_strdup_printf ("file=%s,if=virtio,snapshot=on", image);
  g_autofree char *port = g_strdup_printf ("socket,id=port,path=%s,server=on,wait=off", fixture->port);
  g_autofree char *vnc = g_strdup_printf ("unix:%s", display_rig_get_path (fixture->rig));
  const char *argv[] = {
    "qemu-system-x86_64", "-nodefaults", "-no-user-config", "-machine", "q35", "-accel", "tcg,thread=multi",
    "-cpu", "max", "-smp", "2", "-m", "1024", "-vga", "virtio", "-drive", drive, "-device", "virtio-serial",
    "-chardev", port, "-device", "virtserialport,chardev=port,name=org.qemu.guest_agent.0", "-vnc", vnc, NULL,
  };

  display_rig_start_server (fixture->rig, argv);
}

/* The kernel's driver has the size as that of its monitor; what desktops do then xrandr does here. */
static void
test_the_monitor_takes_the_windows_size (gconstpointer data)
{
  static const struct { guint width, height; } sizes[] = { { 1000, 700 }, { 1304, 792 } };
  Fixture *fixture = (Fixture *) data;
  XenoGuest *guest = xeno_console_backend_get_guest (fixture->backend);

  display_rig_await_ability (fixture->backend, XENO_DISPLAY_ABILITY_RESIZE);
  guest_shell_await (fixture->shell, "! pgrep spice-vdagent$");
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *command = g_strdup_printf ("head -n 1 /sys/class/drm/card?-Virtual-1/modes | grep -qx %ux%u",
                                                  sizes[i].width, sizes[i].height);

      xeno_guest_arrange (guest, &(XenoDisplayMonitor) { .width = sizes[i].width,
                                                          .height = sizes[i].height }, 1);
      guest_shell_await (fixture->shell, command);
      guest_shell_await (fixture->shell, AS_USER "xrandr --output Virtual-1 --auto");
      display_rig_await_size (fixture->backend, sizes[i].width, sizes[i].height);
    }
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

  fixture.rig = display_rig_new ();
  fixture.port = g_strconcat (display_rig_get_path (fixture.rig), ".port", NULL);
  start_guest (&fixture, image);
  fixture.shell = guest_shell_new (fixture.port);
  guest_shell_await (fixture.shell, AS_USER "xrandr");
  fixture.backend = display_rig_new_backend (fixture.rig, "vnc");
  g_test_add_data_func ("/xeno/bare-guest/the-monitor-takes-the-windows-size", &fixture,
                        test_the_monitor_takes_the_windows_size);
  status = g_test_run ();

  xeno_console_backend_stop (fixture.backend);
  g_assert_finalize_object (fixture.backend);
  guest_shell_free (fixture.shell);
  display_rig_stop_server (fixture.rig);
  g_unlink (fixture.port);
  g_object_unref (fixture.rig);
  g_free (fixture.port);
  return status;
}
