/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Several consoles in one window: walked through, torn off, gathered, closed; none loses its display. */
#include "config.h"

#include <X11/Xlib.h>
#include <gdk/x11/gdkx.h>

#include "app/xeno-console-window-private.h"
#include "console-rig.h"
#include "find-widget.h"
#include "support/xeno-test.h"

typedef struct
{
  XenoConnection    *connection;
  char              *path;
  XenoConsoleWindow *window;
  const char        *wanted;
} Fixture;

static void
add (Fixture    *fixture,
     const char *name)
{
  g_autoptr(XenoConsoleSession) session = open_session (fixture->connection, name);

  xeno_console_window_add_session (fixture->window, session);
}

static gboolean
is_active (gpointer data)
{
  return gtk_window_is_active (data);
}

/* There is no window manager to give the focus. */
static void
focus (XenoConsoleWindow *window)
{
  XSetInputFocus (gdk_x11_display_get_xdisplay (gdk_display_get_default ()),
                  gdk_x11_surface_get_xid (gtk_native_get_surface (GTK_NATIVE (window))),
                  RevertToNone, CurrentTime);
  xeno_test_until (is_active, window);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(XenoConsoleSession) session = NULL;

  fixture->connection = open_machines (&fixture->path);
  session = open_session (fixture->connection, "running");
  fixture->window = XENO_CONSOLE_WINDOW (xeno_console_window_new (NULL, session));
  g_object_ref (fixture->window);
  gtk_window_present (GTK_WINDOW (fixture->window));
  focus (fixture->window);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  gtk_window_close (GTK_WINDOW (fixture->window));
  await_gone (fixture->window);
  close_machines (fixture->connection, fixture->path);
}

static XenoConsoleWindow *
find_other (Fixture *fixture)
{
  g_autoptr(GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (XENO_IS_CONSOLE_WINDOW (l->data) && l->data != fixture->window)
      return l->data;

  return NULL;
}

static gboolean
is_alone (gpointer data)
{
  return find_other (data) == NULL;
}

static void
act (XenoConsoleWindow *window,
     const char        *action)
{
  gtk_widget_activate_action (GTK_WIDGET (window), action, NULL);
}

static gboolean
shows_wanted (gpointer data)
{
  Fixture *fixture = data;

  return g_strcmp0 (gtk_window_get_title (GTK_WINDOW (fixture->window)), fixture->wanted) == 0;
}

static void
await_title (Fixture    *fixture,
             const char *wanted)
{
  fixture->wanted = wanted;
  xeno_test_until (shows_wanted, fixture);
}

static void
type (const char *keys)
{
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "xdotool", "key", keys, NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
  g_assert_no_error (error);
}

static XenoConsole *
get_console (XenoConsoleWindow *window)
{
  return xeno_console_view_get_console (xeno_console_window_get_view (window));
}

static XenoBackendFake *
get_fake (XenoConsoleWindow *window)
{
  return XENO_BACKEND_FAKE (xeno_console_get_backend (get_console (window)));
}

static gboolean
is_grabbed (gpointer data)
{
  return xeno_console_is_grabbed (get_console (data));
}

static void
a_single_console_shows_no_tabs (Fixture       *fixture,
                                gconstpointer  data)
{
  AdwTabBar *bar = find_widget (GTK_WIDGET (fixture->window), ADW_TYPE_TAB_BAR);

  g_assert_false (adw_tab_bar_get_tabs_revealed (bar));
  act (fixture->window, "win.move-to-new-window");
  g_assert_true (is_alone (fixture));
  add (fixture, "second");
  g_assert_true (adw_tab_bar_get_tabs_revealed (bar));
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==, "second");
}

static void
what_is_done_is_done_to_the_console_in_view (Fixture       *fixture,
                                             gconstpointer  data)
{
  XenoBackendFake *first = get_fake (fixture->window);
  XenoBackendFake *second;
  g_autofree char *first_input = NULL;
  g_autofree char *second_input = NULL;

  add (fixture, "second");
  second = get_fake (fixture->window);
  g_assert_true (first != second);
  g_free (xeno_backend_fake_take_input (first));
  gtk_widget_activate_action_variant (GTK_WIDGET (fixture->window), "console.send-keys",
                                      g_variant_new_parsed ("[uint32 0x38, 0x0f]"));
  first_input = xeno_backend_fake_take_input (first);
  second_input = xeno_backend_fake_take_input (second);
  g_assert_cmpstr (first_input, ==, "");
  g_assert_cmpstr (second_input, ==, "key 38 down\nkey 0f down\nkey 0f up\nkey 38 up\n");

  act (fixture->window, "win.next-tab");
  g_assert_cmpstr (xeno_machine_get_name (xeno_console_window_get_machine (fixture->window)), ==, "running");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "console.view-only", NULL);
  g_assert_true (xeno_console_is_view_only (get_console (fixture->window)));
  act (fixture->window, "win.previous-tab");
  g_assert_false (xeno_console_is_view_only (get_console (fixture->window)));
}

static gboolean
is_paused (gpointer data)
{
  return xeno_machine_get_state (data) == XENO_MACHINE_PAUSED;
}

static void
a_machines_actions_follow_the_tab (Fixture       *fixture,
                                   gconstpointer  data)
{
  XenoMachine *first = xeno_console_window_get_machine (fixture->window);
  XenoMachine *second;

  add (fixture, "second");
  second = xeno_console_window_get_machine (fixture->window);
  act (fixture->window, "machine.pause");
  xeno_test_until (is_paused, second);
  g_assert_cmpint (xeno_machine_get_state (first), ==, XENO_MACHINE_RUNNING);
}

static void
walks_by_keyboard_and_leaves_the_guest_its_keys (Fixture       *fixture,
                                                 gconstpointer  data)
{
  g_autofree char *input = NULL;

  add (fixture, "second");
  xeno_test_until (is_grabbed, fixture->window);
  g_free (xeno_backend_fake_take_input (get_fake (fixture->window)));
  type ("ctrl+Tab");
  type ("ctrl+shift+Page_Down");
  await_title (fixture, "running");
  xeno_test_until (is_grabbed, fixture->window);
  type ("ctrl+shift+Page_Up");
  await_title (fixture, "second");

  /* Left Ctrl and Tab are the guest's; of the window's own keys it hears the modifiers at most. */
  input = xeno_backend_fake_take_input (get_fake (fixture->window));
  g_assert_true (g_str_has_prefix (input, "key 1d down\nkey 0f down\n"));
  g_assert_null (strstr (input, "key d1"));
  g_assert_null (strstr (input, "key c9"));
}

static gboolean
has_heard_page_down (gpointer data)
{
  g_autofree char *input = xeno_backend_fake_take_input (data);

  return strstr (input, "key d1 down") != NULL;
}

static void
a_single_console_takes_no_keys_for_tabs (Fixture       *fixture,
                                         gconstpointer  data)
{
  xeno_test_until (is_grabbed, fixture->window);
  type ("ctrl+shift+Page_Down");
  xeno_test_until (has_heard_page_down, get_fake (fixture->window));

  add (fixture, "second");
  act (fixture->window, "win.close-tab");
  g_assert_cmpint (adw_tab_view_get_n_pages (fixture->window->tabs), ==, 1);
  xeno_test_until (is_grabbed, fixture->window);
  type ("ctrl+shift+Page_Down");
  xeno_test_until (has_heard_page_down, get_fake (fixture->window));
}

static void
a_torn_off_tab_keeps_its_display (Fixture       *fixture,
                                  gconstpointer  data)
{
  XenoConsoleWindow *other;
  XenoConsoleView *view;
  guint n_opened_before;
  int width, height;

  add (fixture, "second");
  view = xeno_console_window_get_view (fixture->window);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 701, 502);
  n_opened_before = n_opened;
  act (fixture->window, "win.move-to-new-window");

  other = find_other (fixture);
  g_assert_nonnull (other);
  g_assert_true (xeno_console_window_get_view (other) == view);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (other)), ==, "second");
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==, "running");
  gtk_window_get_default_size (GTK_WINDOW (other), &width, &height);
  g_assert_cmpint (width, ==, 701);
  g_assert_cmpint (height, ==, 502);
  g_assert_cmpuint (n_opened, ==, n_opened_before);
  g_assert_cmpint (xeno_console_backend_get_state (XENO_CONSOLE_BACKEND (get_fake (other))), ==,
                   XENO_CONSOLE_LIVE);
  focus (other);
  xeno_test_until (is_grabbed, other);

  focus (fixture->window);
  act (fixture->window, "win.gather");
  xeno_test_until (is_alone, fixture);
  g_assert_cmpint (adw_tab_view_get_n_pages (fixture->window->tabs), ==, 2);
  g_assert_cmpuint (n_opened, ==, n_opened_before);
}

static void
a_tab_that_is_dragged_out_becomes_a_window (Fixture       *fixture,
                                            gconstpointer  data)
{
  AdwTabView *tabs = NULL;
  AdwTabPage *page;

  add (fixture, "second");
  page = adw_tab_view_get_selected_page (fixture->window->tabs);
  g_signal_emit_by_name (fixture->window->tabs, "create-window", &tabs);
  g_assert_nonnull (tabs);
  adw_tab_view_transfer_page (fixture->window->tabs, page, tabs, 0);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (find_other (fixture))), ==, "second");

  /* Its last tab closes with the window. */
  act (find_other (fixture), "win.close-tab");
  xeno_test_until (is_alone, fixture);
}

static void
a_closed_tab_closes_its_display_alone (Fixture       *fixture,
                                       gconstpointer  data)
{
  g_autoptr(XenoConsoleBackend) second = NULL;

  add (fixture, "second");
  second = g_object_ref (XENO_CONSOLE_BACKEND (get_fake (fixture->window)));
  act (fixture->window, "win.close-tab");
  g_assert_cmpint (xeno_console_backend_get_state (second), ==, XENO_CONSOLE_CLOSED);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==, "running");
  g_assert_cmpint (xeno_console_backend_get_state (XENO_CONSOLE_BACKEND (get_fake (fixture->window))), ==,
                   XENO_CONSOLE_LIVE);
}

static void
a_tab_shows_what_stands_in_the_way (Fixture       *fixture,
                                    gconstpointer  data)
{
  AdwTabPage *page;

  add (fixture, "paused");
  page = adw_tab_view_get_selected_page (fixture->window->tabs);
  g_assert_cmpstr (adw_tab_page_get_title (page), ==, "paused");
  g_assert_nonnull (adw_tab_page_get_icon (page));
  act (fixture->window, "win.next-tab");
  g_assert_null (adw_tab_page_get_icon (adw_tab_view_get_selected_page (fixture->window->tabs)));
}

static void
a_session_that_is_shown_is_selected (Fixture       *fixture,
                                     gconstpointer  data)
{
  const char *first = xeno_machine_get_uuid (xeno_console_window_get_machine (fixture->window));

  add (fixture, "second");
  add (fixture, "third");
  g_assert_false (xeno_console_window_select (fixture->window, "something else"));
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==, "third");
  g_assert_true (xeno_console_window_select (fixture->window, first));
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==, "running");
}

static gboolean
shows_bar (gpointer data)
{
  gboolean shows;

  g_object_get (((Fixture *) data)->window->flap, "reveal-flap", &shows, NULL);
  return shows;
}

static gboolean
hides_bar (gpointer data)
{
  return !shows_bar (data);
}

static void
tabs_hide_with_the_bar_in_full_screen (Fixture       *fixture,
                                       gconstpointer  data)
{
  AdwTabBar *bar = find_widget (GTK_WIDGET (fixture->window), ADW_TYPE_TAB_BAR);

  add (fixture, "second");
  g_assert_true (gtk_widget_is_ancestor (GTK_WIDGET (bar), fixture->window->bar));
  set_fullscreen (fixture->window, TRUE);
  xeno_test_until (hides_bar, fixture);

  /* It says which tab it is. */
  act (fixture->window, "win.next-tab");
  g_assert_true (shows_bar (fixture));
  xeno_test_until (hides_bar, fixture);
  act (fixture->window, "win.close-tab");
  xeno_test_until (hides_bar, fixture);
  set_fullscreen (fixture->window, FALSE);
  xeno_test_until (shows_bar, fixture);
}

static gboolean
has_one_tab (gpointer data)
{
  return adw_tab_view_get_n_pages (((Fixture *) data)->window->tabs) == 1;
}

/* What another program does; the test driver has no such verb of ours. */
static void
undefine (Fixture    *fixture,
          const char *name)
{
  g_autoptr(GError) error = NULL;
  XenoMachine *machine = xeno_connection_find_machine (fixture->connection, name, &error);

  g_assert_no_error (error);
  g_signal_emit_by_name (fixture->connection, "machine-removed", machine);
}

static void
a_deleted_machine_takes_its_tab_along (Fixture       *fixture,
                                       gconstpointer  data)
{
  add (fixture, "off");
  act (fixture->window, "win.next-tab");
  undefine (fixture, "saved");
  g_assert_false (has_one_tab (fixture));
  undefine (fixture, "off");
  xeno_test_until (has_one_tab, fixture);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==, "running");
}

static const struct
{
  const char *name;
  void      (*func) (Fixture       *fixture,
                     gconstpointer  data);
} tests[] = {
  { "a-single-console-shows-no-tabs", a_single_console_shows_no_tabs },
  { "what-is-done-is-done-to-the-console-in-view", what_is_done_is_done_to_the_console_in_view },
  { "a-machines-actions-follow-the-tab", a_machines_actions_follow_the_tab },
  { "walks-by-keyboard-and-leaves-the-guest-its-keys", walks_by_keyboard_and_leaves_the_guest_its_keys },
  { "a-single-console-takes-no-keys-for-tabs", a_single_console_takes_no_keys_for_tabs },
  { "a-torn-off-tab-keeps-its-display", a_torn_off_tab_keeps_its_display },
  { "a-tab-that-is-dragged-out-becomes-a-window", a_tab_that_is_dragged_out_becomes_a_window },
  { "a-closed-tab-closes-its-display-alone", a_closed_tab_closes_its_display_alone },
  { "a-tab-shows-what-stands-in-the-way", a_tab_shows_what_stands_in_the_way },
  { "a-deleted-machine-takes-its-tab-along", a_deleted_machine_takes_its_tab_along },
  { "tabs-hide-with-the-bar-in-full-screen", tabs_hide_with_the_bar_in_full_screen },
  { "a-session-that-is-shown-is-selected", a_session_that_is_shown_is_selected },
};

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/xeno/console-tabs/", tests[i].name, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].func, tear_down);
    }

  return g_test_run ();
}
