/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who has keyboard and pointer on Wayland: a compositor within the test's X server, driven from there. */
#include "config.h"

#include <X11/Xlib.h>
#include <gdk/wayland/gdkwayland.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <wayland-client.h>

#include "console/xeno-console-private.h"
#include "support/xeno-backend-fake.h"
#include "support/xeno-test.h"
#include "ui/xdotool.h"

#define WIDTH 900
#define HEIGHT 700

typedef struct
{
  XenoConsoleBackend *backend;
  XenoBackendFake    *fake;
  GtkWidget          *window;
  XenoConsole        *console;
  GString            *input;
  const char         *wanted_input;
} Fixture;

typedef struct
{
  Fixture *fixture;
  int      x, y;
  int      wanted_x, wanted_y;
} Way;

static gboolean
is_there (gpointer path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* Without places: the compositor tells where the pointer is when it likes. */
static gboolean
has_input (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *input = xeno_backend_fake_take_input (fixture->fake);
  g_auto (GStrv) lines = g_strsplit (input, "\n", -1);

  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    if (!g_str_has_prefix (lines[i], "at "))
      g_string_append_printf (fixture->input, "%s\n", lines[i]);
  return g_str_has_suffix (fixture->input->str, fixture->wanted_input);
}

static void
assert_input (Fixture    *fixture,
              const char *expected)
{
  fixture->wanted_input = expected;
  xeno_test_until (has_input, fixture);
  g_assert_cmpstr (fixture->input->str, ==, expected);
  g_string_truncate (fixture->input, 0);
}

static gboolean
is_grabbed (gpointer data)
{
  return xeno_console_is_grabbed (((Fixture *) data)->console);
}

static gboolean
is_free (gpointer data)
{
  return !is_grabbed (data);
}

static gboolean
holds_pointer (gpointer data)
{
  return xeno_console_holds_pointer (((Fixture *) data)->console);
}

static gboolean
has_place (gpointer widget)
{
  return gtk_widget_get_width (widget) > 0;
}

/* The compositor shows the window, and has noticed that the pointer is over it. It only adds up how far
 * the pointer goes, from a place it has made up. */
static gboolean
knows_pointer (gpointer data)
{
  return ((Fixture *) data)->console->knows_pointer;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->input = g_string_new (NULL);
  fixture->backend = xeno_backend_fake_new ();
  fixture->fake = XENO_BACKEND_FAKE (fixture->backend);
  xeno_console_backend_start (fixture->backend);
  xeno_console_backend_set_absolute_pointer (fixture->backend, TRUE);

  fixture->window = gtk_window_new ();
  fixture->console = XENO_CONSOLE (xeno_console_new ());
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->console));
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 640, 480);
  xeno_console_set_backend (fixture->console, fixture->backend);
  gtk_widget_grab_focus (GTK_WIDGET (fixture->console));
  gtk_window_present (GTK_WINDOW (fixture->window));
  xeno_test_until (has_place, fixture->console);
  xeno_test_until (is_grabbed, fixture);
  xdotool ("mousemove", "10", "10", "mousemove", "300", "300", NULL);
  xeno_test_until (knows_pointer, fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_finalize_object (fixture->backend);
  g_string_free (fixture->input, TRUE);
}

static void
test_keys_arrive (Fixture       *fixture,
                  gconstpointer  data)
{
  xdotool ("key", "ctrl+a", "Up", NULL);
  assert_input (fixture,
                "key 1d down\nkey 1e down\nkey 1d up\nkey 1e up\nkey c8 down\nkey c8 up\n");
}

static void
test_buttons_arrive (Fixture       *fixture,
                     gconstpointer  data)
{
  xdotool ("mousemove", "450", "350", "click", "1", "click", "3", "click", "5", NULL);
  assert_input (fixture, "button 1 down\nbutton 1 up\nbutton 3 down\nbutton 3 up\nwheel 0 1\n");
}

static gboolean
is_at_end (gpointer data)
{
  Way *way = data;
  g_autofree char *input = xeno_backend_fake_take_input (way->fixture->fake);
  g_auto (GStrv) lines = g_strsplit (input, "\n", -1);

  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      int dx, dy;

      g_assert_cmpint (sscanf (lines[i], "by %d %d", &dx, &dy), ==, 2);
      way->x += dx;
      way->y += dy;
    }
  return way->x == way->wanted_x && way->y == way->wanted_y;
}

/* The compositor holds the pointer where it is, and tells of the mouse. */
static void
test_the_pointer_is_held (Fixture       *fixture,
                          gconstpointer  data)
{
  Way way = { fixture, 0, 0, 0, 0 };
  double x, y;

  xeno_console_backend_set_absolute_pointer (fixture->backend, FALSE);
  xdotool ("mousemove", "450", "350", "click", "1", NULL);
  assert_input (fixture, "button 1 down\nbutton 1 up\n");
  xeno_test_until (holds_pointer, fixture);
  g_assert_nonnull (fixture->console->pointer_lock);
  x = fixture->console->pointer_x;
  y = fixture->console->pointer_y;
  wl_display_roundtrip (gdk_wayland_display_get_wl_display (gdk_display_get_default ()));

  for (guint i = 0; i < 20; i++)
    {
      way.wanted_x += 100;
      way.wanted_y -= 3;
      xdotool ("mousemove_relative", "--", "100", "-3", NULL);
      xeno_test_until (is_at_end, &way);
      way.wanted_x -= 90;
      xdotool ("mousemove_relative", "--", "-90", "0", NULL);
      xeno_test_until (is_at_end, &way);
    }

  g_assert_cmpfloat (fixture->console->pointer_x, ==, x);
  g_assert_cmpfloat (fixture->console->pointer_y, ==, y);

  xdotool ("click", "3", NULL);
  assert_input (fixture, "button 3 down\nbutton 3 up\n");
  xdotool ("keydown", "Control_L", "keydown", "Alt_L", "keyup", "Control_L", "keyup", "Alt_L", NULL);
  assert_input (fixture, "key 1d down\nkey 38 down\nkey 1d up\nkey 38 up\n");
  xeno_test_until (is_free, fixture);
  g_assert_false (holds_pointer (fixture));
  g_assert_null (fixture->console->pointer_lock);
}

/* The X server gives the keyboard to nobody, as a session does that is switched away from. The last test:
 * the compositor does not always notice that it has the keyboard again. */
static void
test_a_compositor_without_focus_releases (Fixture       *fixture,
                                          gconstpointer  data)
{
  Display *display = XOpenDisplay (NULL);

  xdotool ("keydown", "Shift_L", "keydown", "Control_L", NULL);
  assert_input (fixture, "key 2a down\nkey 1d down\n");
  XSetInputFocus (display, None, RevertToNone, CurrentTime);
  XSync (display, False);
  assert_input (fixture, "key 1d up\nkey 2a up\n");
  xeno_test_until (is_free, fixture);
  xdotool ("keyup", "Control_L", "keyup", "Shift_L", NULL);
  XCloseDisplay (display);
}

static Window
find_window (Display *display)
{
  Window root, parent, *children = NULL, found = None;
  unsigned int n_children = 0;

  XQueryTree (display, DefaultRootWindow (display), &root, &parent, &children, &n_children);
  for (guint i = 0; i < n_children && found == None; i++)
    {
      XWindowAttributes attributes;

      if (XGetWindowAttributes (display, children[i], &attributes) && attributes.map_state == IsViewable &&
          attributes.width == WIDTH)
        found = children[i];
    }
  if (children != NULL)
    XFree (children);
  return found;
}

static gboolean
has_window (gpointer display)
{
  return find_window (display) != None;
}

/* Its window gets the focus: there is nobody else to give it. */
static GSubprocess *
start_compositor (void)
{
  g_autofree char *socket = g_build_filename (g_get_user_runtime_dir (), "compositor", NULL);
  g_autofree char *width = g_strdup_printf ("--width=%d", WIDTH);
  g_autofree char *height = g_strdup_printf ("--height=%d", HEIGHT);
  g_autoptr (GError) error = NULL;
  GSubprocess *compositor;
  Display *display = XOpenDisplay (NULL);

  compositor = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error,
                                 "weston", "--no-config", "--backend=x11-backend.so", "--use-pixman",
                                 "--shell=kiosk-shell.so", "--socket=compositor", "--idle-time=0",
                                 width, height, NULL);
  g_assert_no_error (error);
  xeno_test_until (is_there, socket);
  xeno_test_until (has_window, display);
  XSetInputFocus (display, find_window (display), RevertToNone, CurrentTime);
  XCloseDisplay (display);
  return compositor;
}

#define ADD(path, func) g_test_add ("/xeno/grab-wayland/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  GSubprocess *compositor;
  int status;

  g_test_init (&argc, &argv, NULL);
  compositor = start_compositor ();
  g_setenv ("WAYLAND_DISPLAY", "compositor", TRUE);
  g_setenv ("GDK_BACKEND", "wayland", TRUE);
  gtk_init ();
  g_assert_true (GDK_IS_WAYLAND_DISPLAY (gdk_display_get_default ()));

  ADD ("keys-arrive", test_keys_arrive);
  ADD ("buttons-arrive", test_buttons_arrive);
  ADD ("the-pointer-is-held", test_the_pointer_is_held);
  ADD ("a-compositor-without-focus-releases", test_a_compositor_without_focus_releases);
  status = g_test_run ();

  g_subprocess_send_signal (compositor, SIGTERM);
  g_subprocess_wait (compositor, NULL, NULL);
  g_object_unref (compositor);
  return status;
}
