/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Machines of libvirt's test driver, one in each state, and consoles on them whose screens are fakes. */
#include "config.h"

#include <X11/Xatom.h>
#include <gdk/x11/gdkx.h>
#include <glib/gstdio.h>

#include "app/xeno-machine-session.h"
#include "console-rig.h"
#include "support/xeno-guest-fake.h"
#include "support/xeno-test.h"

#define MACHINE(name, digit, state, devices)                                                       \
  "<domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>"                   \
  "<name>" name "</name>"                                                                          \
  "<uuid>00000000-0000-4000-8000-00000000000" digit "</uuid>"                                      \
  "<memory unit='MiB'>64</memory><os><type>hvm</type></os>"                                        \
  "<devices>" devices "</devices>" state "</domain>"
#define SCREEN "<graphics type='vnc'/>"
#define SPICE "<graphics type='spice'/>"
#define SERIAL(number) "<serial type='pty'><target port='" number "'/></serial>"
#define CONSOLE(type, number) "<console type='pty'><target type='" type "' port='" number "'/></console>"
#define RUNSTATE(number) "<test:runstate>" number "</test:runstate>"

static const char node[] =
  "<node>"
  MACHINE ("running", "1", RUNSTATE ("1"), SCREEN)
  MACHINE ("paused", "2", RUNSTATE ("3"), SCREEN)
  MACHINE ("off", "3", RUNSTATE ("5"), SCREEN)
  MACHINE ("saved", "4", RUNSTATE ("5") "<test:hasmanagedsave/>", SCREEN)
  MACHINE ("headless", "5", RUNSTATE ("1"), "")
  MACHINE ("ports", "6", RUNSTATE ("5"),
           SCREEN SERIAL ("0") SERIAL ("1") CONSOLE ("serial", "0") CONSOLE ("virtio", "1"))
  MACHINE ("second", "7", RUNSTATE ("1"), SCREEN)
  MACHINE ("third", "8", RUNSTATE ("1"), SCREEN)
  MACHINE ("crashed", "9", RUNSTATE ("6"), SCREEN)
  MACHINE ("speaks-spice", "a", RUNSTATE ("5"), SPICE)
  MACHINE ("other-reader", "b", RUNSTATE ("5"), SPICE "<smartcard mode='passthrough' type='spicevmc'/>")
  "</node>";

XenoConsoleBackend *last_backend;
guint n_opened;

static XenoConsoleBackend *
open_fake (XenoMachine *machine,
           const char  *type,
           guint        index)
{
  XenoConsoleBackend *backend = xeno_backend_fake_new ();
  g_autoptr(XenoGuest) guest = xeno_guest_fake_new ();

  g_assert_cmpstr (type, ==, "vnc");
  xeno_console_backend_set_guest (backend, guest);
  n_opened++;
  last_backend = backend;
  return backend;
}

XenoConnection *
open_machines (char **path)
{
  GAsyncResult *pending = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *uri = NULL;
  XenoConnection *connection;
  int fd = g_file_open_tmp ("xeno-XXXXXX.xml", path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_file_set_contents (*path, node, -1, &error);
  g_assert_no_error (error);

  uri = g_strconcat ("test://", *path, NULL);
  connection = xeno_connection_new (uri);
  xeno_connection_open_async (connection, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  xeno_connection_open_finish (connection, result, &error);
  g_assert_no_error (error);
  return connection;
}

void
close_machines (XenoConnection *connection,
                char           *path)
{
  g_assert_finalize_object (connection);
  g_unlink (path);
  g_free (path);
}

XenoConsoleSession *
open_session (XenoConnection *connection,
              const char     *name)
{
  g_autoptr(GError) error = NULL;
  XenoMachine *machine = xeno_connection_find_machine (connection, name, &error);

  g_assert_no_error (error);
  return xeno_machine_session_new (machine, open_fake);
}

gboolean
is_null (gpointer data)
{
  return *(gpointer *) data == NULL;
}

/* Drops a reference to a window that is being closed, which was the last one. */
void
await_gone (gpointer window)
{
  gpointer weak = window;

  g_object_add_weak_pointer (window, &weak);
  g_object_unref (window);
  xeno_test_until (is_null, &weak);
}

/* What a window manager would write; there is none. */
void
set_fullscreen (gpointer window,
                gboolean fullscreen)
{
  GdkDisplay *display = gdk_display_get_default ();
  Window xid = gdk_x11_surface_get_xid (gtk_native_get_surface (GTK_NATIVE (window)));
  Atom state = gdk_x11_get_xatom_by_name_for_display (display, "_NET_WM_STATE_FULLSCREEN");

  XChangeProperty (gdk_x11_display_get_xdisplay (display), xid,
                   gdk_x11_get_xatom_by_name_for_display (display, "_NET_WM_STATE"), XA_ATOM, 32,
                   PropModeReplace, (guchar *) &state, fullscreen ? 1 : 0);
}
