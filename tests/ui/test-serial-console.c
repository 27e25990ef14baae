/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The text console: shows what a guest writes, does nothing a guest asks, and survives a flood. */
#include "config.h"

#include <X11/Xlib.h>
#include <gdk/x11/gdkx.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vte/vte.h>

#include "console/xeno-serial-console.h"
#include "find-widget.h"
#include "support/xeno-test.h"

typedef struct
{
  GtkWidget         *window;
  XenoSerialConsole *serial;
  int                guest; /* the guest's end of its serial port */
  const char        *wanted;
  GString           *typed;
} Fixture;

static gboolean
is_focused (gpointer data)
{
  return gtk_window_is_active (data);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  int ends[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
  fixture->guest = ends[0];
  fixture->typed = g_string_new (NULL);
  g_assert_true (g_unix_set_fd_nonblocking (fixture->guest, TRUE, &error));

  fixture->window = gtk_window_new ();
  fixture->serial = XENO_SERIAL_CONSOLE (xeno_serial_console_new ());
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->serial));
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 700, 450);
  gtk_widget_grab_focus (GTK_WIDGET (fixture->serial));
  gtk_window_present (GTK_WINDOW (fixture->window));
  XSetInputFocus (gdk_x11_display_get_xdisplay (gdk_display_get_default ()),
                  gdk_x11_surface_get_xid (gtk_native_get_surface (GTK_NATIVE (fixture->window))),
                  RevertToNone, CurrentTime);
  xeno_test_until (is_focused, fixture->window);
  xeno_serial_console_connect_fd (fixture->serial, ends[1]);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  close (fixture->guest);
  g_string_free (fixture->typed, TRUE);
}

static void
say (Fixture    *fixture,
     const char *text)
{
  g_assert_cmpint (write (fixture->guest, text, strlen (text)), ==, (gssize) strlen (text));
}

static gboolean
shows (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *text = xeno_terminal_dup_text (xeno_serial_console_get_terminal (fixture->serial));

  return strstr (text, fixture->wanted) != NULL;
}

static void
await_text (Fixture    *fixture,
            const char *wanted)
{
  fixture->wanted = wanted;
  xeno_test_until (shows, fixture);
}

static gboolean
hears (gpointer data)
{
  Fixture *fixture = data;
  char buffer[4096];
  gssize n_read = read (fixture->guest, buffer, sizeof buffer);

  if (n_read > 0)
    g_string_append_len (fixture->typed, buffer, n_read);

  return strstr (fixture->typed->str, fixture->wanted) != NULL;
}

/* Waits until the guest has heard @wanted, and checks that it heard nothing before it. */
static void
assert_heard (Fixture    *fixture,
              const char *wanted)
{
  fixture->wanted = wanted;
  xeno_test_until (hears, fixture);
  g_assert_cmpstr (fixture->typed->str, ==, wanted);
  g_string_truncate (fixture->typed, 0);
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

static void
test_shows_and_sends_text (Fixture       *fixture,
                           gconstpointer  data)
{
  say (fixture, "login: ");
  await_text (fixture, "login:");
  type ("a");
  assert_heard (fixture, "a");
  type ("Up");
  assert_heard (fixture, "\033[A");
  type ("ctrl+c");
  assert_heard (fixture, "\003");
}

static void
test_answers_no_questions (Fixture       *fixture,
                           gconstpointer  data)
{
  /* who are you (1-3), how are you, where is the cursor, what is set, what colour, how large,
   * what is your title, what are you called, a setting, focus */
  say (fixture,
       "\033[c\033[>c\033[=c\033[5n\033[6n\033[?6n\033[?15n\033P$qm\033\\\033P$q\"p\033\\"
       "\033]10;?\007\033]11;?\033\\\033]4;1;?\007\033[18t\033[14t\033[21t\033[20t\005\033Z"
       "\033[?1$p\033[4$p\033[1;1;1;1;1;1*y\033P+q544e\033\\\033]52;c;?\007over");
  await_text (fixture, "over");
  type ("x");
  assert_heard (fixture, "x");
}

static void
test_sets_no_clipboard_and_opens_no_link (Fixture       *fixture,
                                          gconstpointer  data)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (fixture->serial));
  VteTerminal *terminal = find_widget (GTK_WIDGET (fixture->serial), VTE_TYPE_TERMINAL);

  say (fixture, "\033]52;c;ZXZpbA==\007\033]52;p;ZXZpbA==\033\\"
                "\033]8;;https://example.org/\033\\link\033]8;;\033\\ \033]0;evil title\007over");
  await_text (fixture, "over");
  g_assert_null (gdk_clipboard_get_content (clipboard));
  g_assert_false (gdk_clipboard_is_local (clipboard));
  g_assert_null (gtk_window_get_title (GTK_WINDOW (fixture->window)));
  g_assert_false (vte_terminal_get_allow_hyperlink (terminal));
}

static void
test_a_paste_reaches_the_guest (Fixture       *fixture,
                                gconstpointer  data)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (fixture->serial)), "echo pasted\n");
  gtk_widget_activate_action (GTK_WIDGET (xeno_serial_console_get_terminal (fixture->serial)),
                              "terminal.paste", NULL);
  assert_heard (fixture, "echo pasted\r");
}

typedef struct
{
  Fixture *fixture;
  gint64   end_us;
  gint64   n_written;
} Flood;

static gboolean
flood_cb (int          fd,
          GIOCondition condition,
          gpointer     user_data)
{
  static const char line[] = "\033[31mthe guest \xff\xfe\033[1m never \033]0;t\007stops\r\n\007";
  Flood *flood = user_data;
  char buffer[32 * 1024];

  for (gsize i = 0; i < sizeof buffer; i++)
    buffer[i] = line[(flood->n_written + i) % (sizeof line - 1)];
  flood->n_written += MAX (0, write (fd, buffer, sizeof buffer));
  return G_SOURCE_CONTINUE;
}

static gboolean
is_flooded (gpointer data)
{
  Flood *flood = data;

  return flood->n_written > 8 * 1024 * 1024 || g_get_monotonic_time () > flood->end_us;
}

static void
test_a_flood_leaves_the_window_alive (Fixture       *fixture,
                                      gconstpointer  data)
{
  Flood flood = { .fixture = fixture };
  guint write_id = g_unix_fd_add (fixture->guest, G_IO_OUT, flood_cb, &flood);
  XenoTestPulse pulse;
  gint64 longest_us;

  flood.end_us = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  xeno_test_pulse_start (&pulse);
  xeno_test_until (is_flooded, &flood);
  g_source_remove (write_id);
  longest_us = xeno_test_pulse_stop (&pulse);

  g_test_message ("%" G_GINT64_FORMAT " KiB", flood.n_written / 1024);
  g_assert_cmpint (flood.n_written, >, 1024 * 1024);
  g_assert_cmpint (longest_us, <, 500 * 1000);
  type ("y");
  assert_heard (fixture, "y");
}

static XenoTerminal *
get_terminal (Fixture *fixture)
{
  return xeno_serial_console_get_terminal (fixture->serial);
}

static void
act (Fixture    *fixture,
     const char *action)
{
  gtk_widget_activate_action (GTK_WIDGET (get_terminal (fixture)), action, NULL);
}

static VteTerminal *
get_vte (Fixture *fixture)
{
  return find_widget (GTK_WIDGET (fixture->serial), VTE_TYPE_TERMINAL);
}

static GtkEditable *
get_search_entry (Fixture *fixture)
{
  return find_widget (GTK_WIDGET (fixture->serial), GTK_TYPE_SEARCH_ENTRY);
}

static gboolean
is_said_missing (Fixture *fixture)
{
  return gtk_widget_has_css_class (GTK_WIDGET (get_search_entry (fixture)), "error");
}

static gboolean
is_searching (gpointer data)
{
  return gtk_search_bar_get_search_mode (find_widget (data, GTK_TYPE_SEARCH_BAR))
         && gtk_widget_get_mapped (find_widget (data, GTK_TYPE_SEARCH_ENTRY));
}

static gboolean
is_not_searching (gpointer data)
{
  return !gtk_search_bar_get_search_mode (find_widget (data, GTK_TYPE_SEARCH_BAR));
}

static gboolean
is_larger (gpointer data)
{
  return xeno_terminal_get_font_scale (data) > 1.1;
}

static gboolean
is_smaller (gpointer data)
{
  return xeno_terminal_get_font_scale (data) < 0.9;
}

static gboolean
is_normal (gpointer data)
{
  return xeno_terminal_get_font_scale (data) == 1;
}

static gboolean
has_selection (gpointer data)
{
  return vte_terminal_get_has_selection (data);
}

static gboolean
is_ours (gpointer data)
{
  return gdk_clipboard_is_local (data);
}

static void
search (Fixture    *fixture,
        const char *text)
{
  gtk_editable_set_text (get_search_entry (fixture), text);
  g_signal_emit_by_name (get_search_entry (fixture), "search-changed");
}

static void
test_finds_upwards_and_down_again (Fixture       *fixture,
                                   gconstpointer  data)
{
  say (fixture, "one\r\nONE two\r\n1.2 three\r\nend");
  await_text (fixture, "end");
  type ("ctrl+shift+f");
  xeno_test_until (is_searching, fixture->serial);

  search (fixture, "one");
  g_assert_false (is_said_missing (fixture));
  g_assert_true (vte_terminal_get_has_selection (get_vte (fixture)));
  search (fixture, "nowhere");
  g_assert_true (is_said_missing (fixture));

  /* What it looks for is text, until a person says otherwise. */
  search (fixture, "1.2");
  g_assert_false (is_said_missing (fixture));
  search (fixture, "o.e");
  g_assert_true (is_said_missing (fixture));
  act (fixture, "terminal.uses-regex");
  g_assert_false (is_said_missing (fixture));
  search (fixture, "o(");
  g_assert_true (is_said_missing (fixture));
  g_assert_nonnull (gtk_widget_get_tooltip_text (GTK_WIDGET (get_search_entry (fixture))));

  search (fixture, "ONE$");
  g_assert_false (is_said_missing (fixture));
  act (fixture, "terminal.matches-case");
  g_assert_true (is_said_missing (fixture));
  search (fixture, "^ONE");
  g_assert_false (is_said_missing (fixture));

  type ("Escape");
  xeno_test_until (is_not_searching, fixture->serial);
  type ("x");
  assert_heard (fixture, "x");
}

/* An expression that backtracks forever in a text of the guest's choice. */
static void
test_a_costly_search_ends (Fixture       *fixture,
                           gconstpointer  data)
{
  gint64 begun_us;

  for (guint i = 0; i < 20; i++)
    say (fixture, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
  say (fixture, "\r\nover");
  await_text (fixture, "over");
  act (fixture, "terminal.uses-regex");
  begun_us = g_get_monotonic_time ();
  search (fixture, "(a+)+$");
  g_assert_cmpint (g_get_monotonic_time () - begun_us, <, 5 * G_USEC_PER_SEC);
}

static void
test_text_becomes_larger_and_smaller (Fixture       *fixture,
                                      gconstpointer  data)
{
  XenoTerminal *terminal = get_terminal (fixture);

  say (fixture, "here");
  await_text (fixture, "here");
  type ("ctrl+plus");
  xeno_test_until (is_larger, terminal);
  type ("ctrl+0");
  xeno_test_until (is_normal, terminal);
  type ("ctrl+minus");
  xeno_test_until (is_smaller, terminal);
  for (guint i = 0; i < 30; i++)
    act (fixture, "terminal.zoom-in");
  g_assert_cmpfloat (xeno_terminal_get_font_scale (terminal), ==, 4);
  for (guint i = 0; i < 60; i++)
    act (fixture, "terminal.zoom-out");
  g_assert_cmpfloat (xeno_terminal_get_font_scale (terminal), ==, 0.5);
  type ("x");
  assert_heard (fixture, "x");
}

static char *
dup_all (Fixture *fixture)
{
  g_autoptr(GBytes) bytes = xeno_terminal_dup_all (get_terminal (fixture));

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
reconnect (Fixture *fixture)
{
  int ends[2];

  close (fixture->guest);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
  fixture->guest = ends[0];
  g_unix_set_fd_nonblocking (fixture->guest, TRUE, NULL);
  xeno_serial_console_connect_fd (fixture->serial, ends[1]);
}

static void
test_what_was_shown_outlives_the_connection (Fixture       *fixture,
                                             gconstpointer  data)
{
  g_autoptr(GString) lines = g_string_new (NULL);
  g_autofree char *all = NULL;

  for (guint i = 0; i < 200; i++)
    g_string_append_printf (lines, "line %u\r\n", i);
  say (fixture, lines->str);
  await_text (fixture, "line 199");

  /* Half a sequence, another screen, the mouse taken, and keys that mean something else. */
  say (fixture, "\033[?1h\033[?1000h\033[?2004h\033[31mred\033[");
  await_text (fixture, "red");
  reconnect (fixture);
  say (fixture, "12mfresh");
  await_text (fixture, "12mfresh");
  type ("Up");
  assert_heard (fixture, "\033[A");

  all = dup_all (fixture);
  g_assert_nonnull (strstr (all, "line 0\n"));
  g_assert_nonnull (strstr (all, "red\n12mfresh"));
}

static void
test_all_text_can_be_selected_and_copied (Fixture       *fixture,
                                          gconstpointer  data)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (fixture->serial));

  gdk_clipboard_set_content (clipboard, NULL);
  say (fixture, "first\r\nlast");
  await_text (fixture, "last");
  type ("ctrl+shift+a");
  xeno_test_until (has_selection, get_vte (fixture));
  type ("ctrl+shift+c");
  xeno_test_until (is_ours, clipboard);
  act (fixture, "terminal.paste");
  assert_heard (fixture, "first\rlast\r");
}

/* With bracketed paste on, a guest sees where what was pasted begins and ends; what is pasted cannot
 * end it itself. */
static void
test_a_paste_is_bracketed_where_the_guest_asks (Fixture       *fixture,
                                                gconstpointer  data)
{
  say (fixture, "\033[?2004hready");
  await_text (fixture, "ready");
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (fixture->serial)),
                          "a\033[201~b");
  act (fixture, "terminal.paste");
  fixture->wanted = "\033[201~";
  xeno_test_until (hears, fixture);
  g_assert_true (g_str_has_prefix (fixture->typed->str, "\033[200~a"));
  g_assert_true (g_str_has_suffix (fixture->typed->str, "b\033[201~"));
}

static void
test_view_only_sends_nothing (Fixture       *fixture,
                              gconstpointer  data)
{
  say (fixture, "watch");
  await_text (fixture, "watch");
  xeno_terminal_set_accepts_input (get_terminal (fixture), FALSE);
  type ("a");
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (fixture->serial)), "pasted");
  act (fixture, "terminal.paste");
  type ("ctrl+plus");
  xeno_test_until (is_larger, get_terminal (fixture)); /* the keys before it have come as well */
  xeno_terminal_set_accepts_input (get_terminal (fixture), TRUE);
  type ("b");
  assert_heard (fixture, "b");
}

/* Sizes, repetitions, titles, pictures and links without end. */
static void
test_hostile_sequences_are_bounded (Fixture       *fixture,
                                    gconstpointer  data)
{
  g_autofree char *title = g_strnfill (100 * 1000, 't');
  g_autofree char *text = NULL;

  say (fixture, "\033]0;");
  say (fixture, title);
  say (fixture, "\007");
  say (fixture, "x\033[2147483647b\033[999999999;999999999H\033[999999999L\033[999999999P"
                "\033[8;9999;9999t\033[4;9999;9999t\033[2t\033[999999999S\033[999999999T"
                "\033P1;1;1q#0;2;0;0;0#0!999999999~\033\\\033]777;notify;evil;evil\007"
                "\033]9;evil\007\033[5m\033[?12h\033[1 q\033[3J");
  say (fixture, "\033[Hafterwards");
  await_text (fixture, "afterwards");
  g_assert_cmpint (gtk_widget_get_width (fixture->window), ==, 700);
  g_assert_null (gtk_window_get_title (GTK_WINDOW (fixture->window)));
  text = dup_all (fixture);
  g_assert_cmpuint (strlen (text), <, 2 * 1024 * 1024);
  type ("x");
  assert_heard (fixture, "x");
}

static gboolean
is_disconnected (gpointer data)
{
  return !xeno_serial_console_is_connected (data);
}

static void
test_the_end_of_the_guest_is_noticed (Fixture       *fixture,
                                      gconstpointer  data)
{
  say (fixture, "goodbye");
  await_text (fixture, "goodbye");
  shutdown (fixture->guest, SHUT_RDWR);
  xeno_test_until (is_disconnected, fixture->serial);
  type ("z");
  await_text (fixture, "goodbye");
}

static const struct
{
  const char *name;
  void      (*func) (Fixture       *fixture,
                     gconstpointer  data);
} tests[] = {
  { "shows-and-sends-text", test_shows_and_sends_text },
  { "answers-no-questions", test_answers_no_questions },
  { "sets-no-clipboard-and-opens-no-link", test_sets_no_clipboard_and_opens_no_link },
  { "a-paste-reaches-the-guest", test_a_paste_reaches_the_guest },
  { "a-flood-leaves-the-window-alive", test_a_flood_leaves_the_window_alive },
  { "finds-upwards-and-down-again", test_finds_upwards_and_down_again },
  { "a-costly-search-ends", test_a_costly_search_ends },
  { "text-becomes-larger-and-smaller", test_text_becomes_larger_and_smaller },
  { "what-was-shown-outlives-the-connection", test_what_was_shown_outlives_the_connection },
  { "all-text-can-be-selected-and-copied", test_all_text_can_be_selected_and_copied },
  { "a-paste-is-bracketed-where-the-guest-asks", test_a_paste_is_bracketed_where_the_guest_asks },
  { "view-only-sends-nothing", test_view_only_sends_nothing },
  { "hostile-sequences-are-bounded", test_hostile_sequences_are_bounded },
  { "the-end-of-the-guest-is-noticed", test_the_end_of_the_guest_is_noticed },
};

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/xeno/serial-console/", tests[i].name, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].func, tear_down);
    }

  return g_test_run ();
}
