/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who has keyboard and pointer, among a window manager's other windows and shortcuts. */
#include "config.h"

#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <gdk/x11/gdkx.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "console/xeno-console-hint.h"
#include "support/xeno-backend-fake.h"
#include "support/xeno-test.h"
#include "ui/xdotool.h"

/* What the window manager keeps for itself: another desktop. */
static const char configuration[] =
  "<openbox_config xmlns=\"http://openbox.org/3.4/rc\">"
  "<desktops><number>2</number></desktops>"
  "<keyboard><keybind key=\"W-d\"><action name=\"GoToDesktop\"><to>2</to></action></keybind>"
  "<keybind key=\"W-a\"><action name=\"GoToDesktop\"><to>1</to></action></keybind></keyboard>"
  "<mouse><context name=\"Client\"><mousebind button=\"Left\" action=\"Press\"><action name=\"Focus\"/>"
  "<action name=\"Raise\"/></mousebind></context></mouse></openbox_config>";

typedef struct
{
  GSubprocess        *manager;
  XenoConsoleBackend *backend;
  XenoBackendFake    *fake;
  GtkWidget          *window;
  GtkWidget          *button;
  XenoConsole        *console;
  XenoConsoleHint    *hint;
  GtkWidget          *other;
  GString            *input;
  const char         *wanted_input;
} Fixture;

static Display *
get_xdisplay (void)
{
  return gdk_x11_display_get_xdisplay (gdk_display_get_default ());
}

static gboolean
read_property (Window      window,
               const char *name,
               long       *value)
{
  Atom property = gdk_x11_get_xatom_by_name_for_display (gdk_display_get_default (), name);
  unsigned long n_items = 0, n_left;
  unsigned char *data = NULL;
  Atom type;
  int format;

  if (XGetWindowProperty (get_xdisplay (), window, property, 0, 1, False, AnyPropertyType,
                          &type, &format, &n_items, &n_left, &data) == Success && n_items == 1)
    *value = *(const long *) (gconstpointer) data;
  if (data != NULL)
    XFree (data);
  return n_items == 1;
}

static gboolean
read_root (const char *name,
           long       *value)
{
  return read_property (DefaultRootWindow (get_xdisplay ()), name, value);
}

static gboolean
is_on_desktop (gpointer data)
{
  long desktop;

  return read_root ("_NET_CURRENT_DESKTOP", &desktop) && desktop == GPOINTER_TO_INT (data);
}

static gboolean
has_input (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *input = xeno_backend_fake_take_input (fixture->fake);

  g_string_append (fixture->input, input);
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
has_desktop_keys (gpointer data)
{
  return xeno_console_has_desktop_keys (((Fixture *) data)->console);
}

static const char *
get_id (GtkWidget *window)
{
  static char id[24];

  g_snprintf (id, sizeof id, "%lu", gdk_x11_surface_get_xid (gtk_native_get_surface (GTK_NATIVE (window))));
  return id;
}

static gboolean
has_text (gpointer entry)
{
  return gtk_entry_get_text_length (entry) > 0;
}

/* The window manager has taken note of it. */
static gboolean
is_placed (gpointer window)
{
  long state;

  return read_property (gdk_x11_surface_get_xid (gtk_native_get_surface (GTK_NATIVE (window))), "WM_STATE",
                        &state);
}

static gboolean
shows_window (gpointer window)
{
  return gtk_widget_get_mapped (window) && gtk_window_is_active (window);
}

/* A window manager gives the focus when it pleases, but to whoever is asked for. */
static void
show (GtkWidget *window)
{
  gtk_window_present (GTK_WINDOW (window));
  xeno_test_until (is_placed, window);
  xdotool ("windowactivate", get_id (window), NULL);
  xeno_test_until (shows_window, window);
}

static gboolean
has_place (gpointer widget)
{
  return gtk_widget_get_width (widget) > 0;
}

static gboolean
is_there (gpointer path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* One for each test: it remembers desktops and who had the focus. What it does last when it starts is to
 * run a command; windows that come sooner, it may never see. */
static void
start_manager (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (g_get_user_runtime_dir (), "openbox.xml", NULL);
  g_autofree char *sign = g_build_filename (g_get_user_runtime_dir (), "openbox-runs", NULL);
  g_autofree char *command = g_strconcat ("touch ", sign, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, configuration, -1, &error);
  g_assert_no_error (error);
  fixture->manager = g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, "openbox", "--sm-disable",
                                       "--config-file", path, "--startup", command, NULL);
  g_assert_no_error (error);
  xeno_test_until (is_there, sign);
  g_assert_cmpint (g_unlink (sign), ==, 0);
}

static void
stop_manager (Fixture *fixture)
{
  g_subprocess_send_signal (fixture->manager, SIGTERM);
  g_subprocess_wait (fixture->manager, NULL, NULL);
  g_clear_object (&fixture->manager);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *overlay = gtk_overlay_new ();

  xdotool ("mousemove", "1500", "1100", NULL);
  start_manager (fixture);
  fixture->input = g_string_new (NULL);
  fixture->backend = xeno_backend_fake_new ();
  fixture->fake = XENO_BACKEND_FAKE (fixture->backend);
  xeno_console_backend_start (fixture->backend);
  xeno_console_backend_set_absolute_pointer (fixture->backend, TRUE);

  fixture->window = gtk_window_new ();
  fixture->console = XENO_CONSOLE (xeno_console_new ());
  fixture->hint = g_object_new (XENO_TYPE_CONSOLE_HINT, "console", fixture->console, NULL);
  fixture->button = gtk_menu_button_new ();
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (fixture->button), gtk_popover_new ());
  gtk_widget_set_vexpand (overlay, TRUE);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), GTK_WIDGET (fixture->console));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), GTK_WIDGET (fixture->hint));
  gtk_box_append (GTK_BOX (box), overlay);
  gtk_box_append (GTK_BOX (box), fixture->button);
  gtk_window_set_child (GTK_WINDOW (fixture->window), box);
  gtk_window_set_decorated (GTK_WINDOW (fixture->window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 640, 520);
  xeno_console_set_backend (fixture->console, fixture->backend);
  gtk_widget_grab_focus (GTK_WIDGET (fixture->console));
  show (fixture->window);
  xeno_test_until (has_place, fixture->console);
  xeno_test_until (is_grabbed, fixture);
  xeno_test_until (has_desktop_keys, fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  if (fixture->other != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->other));
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_finalize_object (fixture->backend);
  g_string_free (fixture->input, TRUE);
  stop_manager (fixture);
}

static void
open_other_window (Fixture *fixture)
{
  fixture->other = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (fixture->other), gtk_entry_new ());
  show (fixture->other);
}

static void
close_other_window (Fixture *fixture)
{
  gtk_window_destroy (GTK_WINDOW (g_steal_pointer (&fixture->other)));
}

/* Where a widget is on the screen, for xdotool. */
static void
move_to (Fixture   *fixture,
         GtkWidget *widget)
{
  Window xid = gdk_x11_surface_get_xid (gtk_native_get_surface (GTK_NATIVE (fixture->window)));
  Window child;
  int root_x, root_y;
  double x, y, native_x, native_y;
  g_autofree char *x_text = NULL;
  g_autofree char *y_text = NULL;

  gtk_native_get_surface_transform (GTK_NATIVE (fixture->window), &native_x, &native_y);
  g_assert_true (gtk_widget_translate_coordinates (widget, fixture->window, gtk_widget_get_width (widget) / 2,
                                                   gtk_widget_get_height (widget) / 2, &x, &y));
  XTranslateCoordinates (get_xdisplay (), xid, DefaultRootWindow (get_xdisplay ()), x + native_x, y + native_y,
                         &root_x, &root_y, &child);
  x_text = g_strdup_printf ("%d", root_x);
  y_text = g_strdup_printf ("%d", root_y);
  xdotool ("mousemove", x_text, y_text, NULL);
}

static void
test_takes_the_desktops_keys (Fixture       *fixture,
                              gconstpointer  data)
{
  xdotool ("key", "super+d", NULL);
  assert_input (fixture, "key db down\nkey 20 down\nkey db up\nkey 20 up\n");
  g_assert_true (is_on_desktop (GINT_TO_POINTER (0)));
}

/* The guest sees nothing of a shortcut that is the desktop's, not even its modifier. */
static void
test_leaves_the_desktop_its_keys (Fixture       *fixture,
                                  gconstpointer  data)
{
  xeno_console_set_grab_policy (fixture->console, XENO_GRAB_NEVER);
  xeno_test_until (is_grabbed, fixture);
  xdotool ("key", "super+d", NULL);
  xeno_test_until (is_on_desktop, GINT_TO_POINTER (1));
  xeno_test_until (is_free, fixture);
  xdotool ("key", "super+a", NULL);
  xeno_test_until (is_on_desktop, GINT_TO_POINTER (0));
  xdotool ("windowactivate", get_id (fixture->window), NULL);
  xeno_test_until (is_grabbed, fixture);
  xdotool ("key", "b", NULL);
  assert_input (fixture, "key 30 down\nkey 30 up\n");
}

/* Whoever moves the person elsewhere: nothing stays pressed, and it goes on afterwards. */
static void
test_a_change_of_desktop_releases (Fixture       *fixture,
                                   gconstpointer  data)
{
  xdotool ("keydown", "Shift_L", "keydown", "a", NULL);
  assert_input (fixture, "key 2a down\nkey 1e down\n");
  xdotool ("set_desktop", "1", NULL);
  assert_input (fixture, "key 1e up\nkey 2a up\n");
  xeno_test_until (is_free, fixture);
  xdotool ("keyup", "a", "keyup", "Shift_L", "set_desktop", "0", NULL);
  xdotool ("windowactivate", get_id (fixture->window), NULL);
  xeno_test_until (is_grabbed, fixture);
  xeno_test_until (has_desktop_keys, fixture);
  xdotool ("key", "b", NULL);
  assert_input (fixture, "key 30 down\nkey 30 up\n");
}

static void
test_another_window_gets_the_keys (Fixture       *fixture,
                                   gconstpointer  data)
{
  xdotool ("keydown", "Control_L", NULL);
  assert_input (fixture, "key 1d down\n");
  open_other_window (fixture);
  assert_input (fixture, "key 1d up\n");
  xeno_test_until (is_free, fixture);
  xdotool ("keyup", "Control_L", "key", "x", NULL);
  xeno_test_until (has_text, gtk_window_get_child (GTK_WINDOW (fixture->other)));

  close_other_window (fixture);
  xeno_test_until (is_grabbed, fixture);
  xdotool ("key", "c", NULL);
  assert_input (fixture, "key 2e down\nkey 2e up\n");
}

static void
test_a_minimized_window_releases (Fixture       *fixture,
                                  gconstpointer  data)
{
  xdotool ("keydown", "a", NULL);
  assert_input (fixture, "key 1e down\n");
  gtk_window_minimize (GTK_WINDOW (fixture->window));
  assert_input (fixture, "key 1e up\n");
  xeno_test_until (is_free, fixture);
  xdotool ("keyup", "a", NULL);
}

static void
test_a_hidden_console_releases (Fixture       *fixture,
                                gconstpointer  data)
{
  xdotool ("keydown", "a", NULL);
  assert_input (fixture, "key 1e down\n");
  gtk_widget_hide (GTK_WIDGET (fixture->console));
  assert_input (fixture, "key 1e up\n");
  g_assert_true (is_free (fixture));
  xdotool ("keyup", "a", NULL);
}

/* A compositor's own key for this: the person wants out, with all keys. */
static void
test_keys_the_desktop_takes_back_are_all_keys (Fixture       *fixture,
                                               gconstpointer  data)
{
  xdotool ("keydown", "a", NULL);
  assert_input (fixture, "key 1e down\n");
  gdk_toplevel_restore_system_shortcuts (GDK_TOPLEVEL (gtk_native_get_surface (GTK_NATIVE (fixture->window))));
  assert_input (fixture, "key 1e up\n");
  g_assert_true (is_free (fixture));
  xdotool ("keyup", "a", "key", "Return", NULL);
  xeno_test_until (is_grabbed, fixture);
}

/* The first click on a window that has not the focus brings the focus, the keys, and clicks. */
static void
test_the_first_click_is_the_guests (Fixture       *fixture,
                                    gconstpointer  data)
{
  xeno_console_set_grab_policy (fixture->console, XENO_GRAB_ON_CLICK);
  open_other_window (fixture);
  gtk_window_set_default_size (GTK_WINDOW (fixture->other), 100, 100);
  xdotool ("windowmove", "--sync", get_id (fixture->other), "1000", "900", NULL);
  move_to (fixture, GTK_WIDGET (fixture->console));
  xdotool ("click", "1", NULL);
  fixture->wanted_input = "button 1 down\nbutton 1 up\n";
  xeno_test_until (has_input, fixture);
  xeno_test_until (is_grabbed, fixture);
  xeno_test_until (has_desktop_keys, fixture);
  g_string_truncate (fixture->input, 0);
  xdotool ("key", "super+d", NULL);
  assert_input (fixture, "key db down\nkey 20 down\nkey db up\nkey 20 up\n");
}

static void
tap_chord (void)
{
  xdotool ("keydown", "Control_L", "keydown", "Alt_L", "keyup", "Control_L", "keyup", "Alt_L", NULL);
}

static gboolean
has_focus (gpointer widget)
{
  return gtk_widget_has_focus (widget);
}

/* Out by the chord, elsewhere and back by Tab, in again by Return. */
static void
test_needs_no_pointer (Fixture       *fixture,
                       gconstpointer  data)
{
  GtkWidget *toggle = gtk_widget_get_first_child (fixture->button);

  tap_chord ();
  assert_input (fixture, "key 1d down\nkey 38 down\nkey 1d up\nkey 38 up\n");
  xeno_test_until (is_free, fixture);
  g_assert_false (has_desktop_keys (fixture));
  xdotool ("key", "Tab", NULL);
  xeno_test_until (has_focus, toggle);
  xdotool ("key", "shift+Tab", NULL);
  xeno_test_until (has_focus, fixture->console);
  xeno_test_until (is_grabbed, fixture);
  tap_chord ();
  assert_input (fixture, "key 1d down\nkey 38 down\nkey 1d up\nkey 38 up\n");
  xeno_test_until (is_free, fixture);
  xdotool ("key", "Return", NULL);
  xeno_test_until (is_grabbed, fixture);
  xdotool ("key", "d", NULL);
  assert_input (fixture, "key 20 down\nkey 20 up\n");
}

static gboolean
shows_popover (gpointer button)
{
  return gtk_widget_get_mapped (GTK_WIDGET (gtk_menu_button_get_popover (button)));
}

static gboolean
shows_no_popover (gpointer button)
{
  return !shows_popover (button);
}

/* A menu takes the keyboard for itself; giving ours back must not take it from the menu. */
static void
test_a_menu_has_the_keys (Fixture       *fixture,
                          gconstpointer  data)
{
  move_to (fixture, fixture->button);
  xdotool ("click", "1", NULL);
  xeno_test_until (shows_popover, fixture->button);
  xeno_test_until (is_free, fixture);
  xdotool ("key", "x", "key", "Escape", NULL);
  xeno_test_until (shows_no_popover, fixture->button);
  g_assert_null (strstr (fixture->input->str, "key"));
  xdotool ("key", "Tab", NULL);
}

static gboolean
holds_pointer (gpointer data)
{
  return xeno_console_holds_pointer (((Fixture *) data)->console);
}

/* What holds the pointer lets go of it when another window comes, and other windows can be clicked. */
static void
test_the_pointer_is_given_back (Fixture       *fixture,
                                gconstpointer  data)
{
  GtkWidget *toggle = gtk_widget_get_first_child (fixture->button);

  xeno_console_backend_set_absolute_pointer (fixture->backend, FALSE);
  move_to (fixture, GTK_WIDGET (fixture->console));
  xdotool ("click", "1", NULL);
  xeno_test_until (holds_pointer, fixture);
  xdotool ("mousemove_relative", "--", "900", "-700", NULL);
  fixture->wanted_input = "by 900 -700\n";
  xeno_test_until (has_input, fixture);

  open_other_window (fixture);
  xeno_test_until (is_free, fixture);
  g_assert_false (holds_pointer (fixture));
  close_other_window (fixture);
  xeno_test_until (is_grabbed, fixture);
  g_assert_false (holds_pointer (fixture));

  move_to (fixture, toggle);
  xdotool ("click", "1", NULL);
  xeno_test_until (shows_popover, fixture->button);
  xdotool ("key", "Escape", NULL);
  xeno_test_until (shows_no_popover, fixture->button);
}

static const char *
get_advice (Fixture *fixture)
{
  GtkRevealer *advice = GTK_REVEALER (gtk_widget_get_last_child (GTK_WIDGET (fixture->hint)));

  return gtk_revealer_get_reveal_child (advice) ? gtk_label_get_label (GTK_LABEL (gtk_revealer_get_child (advice)))
                                                : NULL;
}

static void
test_says_how_to_get_out (Fixture       *fixture,
                          gconstpointer  data)
{
  g_assert_cmpstr (get_advice (fixture), ==, "Press Left Ctrl + Left Alt to release the keyboard");
  tap_chord ();
  xeno_test_until (is_free, fixture);
  g_assert_null (get_advice (fixture));

  xeno_console_backend_set_absolute_pointer (fixture->backend, FALSE);
  xeno_console_grab (fixture->console);
  xeno_test_until (has_desktop_keys, fixture);
  g_assert_cmpstr (get_advice (fixture), ==,
                   "Press Left Ctrl + Left Alt to release the keyboard\nClick the screen to use the mouse");
  move_to (fixture, GTK_WIDGET (fixture->console));
  xdotool ("click", "1", NULL);
  xeno_test_until (holds_pointer, fixture);
  g_assert_cmpstr (get_advice (fixture), ==, "Press Left Ctrl + Left Alt to release the keyboard and the mouse");
}

#define ADD(path, func) g_test_add ("/xeno/grab/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();

  ADD ("takes-the-desktops-keys", test_takes_the_desktops_keys);
  ADD ("leaves-the-desktop-its-keys", test_leaves_the_desktop_its_keys);
  ADD ("a-change-of-desktop-releases", test_a_change_of_desktop_releases);
  ADD ("another-window-gets-the-keys", test_another_window_gets_the_keys);
  ADD ("a-minimized-window-releases", test_a_minimized_window_releases);
  ADD ("a-hidden-console-releases", test_a_hidden_console_releases);
  ADD ("keys-the-desktop-takes-back-are-all-keys", test_keys_the_desktop_takes_back_are_all_keys);
  ADD ("the-first-click-is-the-guests", test_the_first_click_is_the_guests);
  ADD ("needs-no-pointer", test_needs_no_pointer);
  ADD ("a-menu-has-the-keys", test_a_menu_has_the_keys);
  ADD ("the-pointer-is-given-back", test_the_pointer_is_given_back);
  ADD ("says-how-to-get-out", test_says_how_to_get_out);

  return g_test_run ();
}
