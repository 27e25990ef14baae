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
  gint64   last_us;
  gint64   longest_us;
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
beat_cb (gpointer user_data)
{
  Flood *flood = user_data;
  gint64 now_us = g_get_monotonic_time ();

  flood->longest_us = MAX (flood->longest_us, now_us - flood->last_us);
  flood->last_us = now_us;
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
  guint beat_id = g_timeout_add (5, beat_cb, &flood);

  flood.last_us = g_get_monotonic_time ();
  flood.end_us = flood.last_us + 20 * G_USEC_PER_SEC;
  xeno_test_until (is_flooded, &flood);
  g_source_remove (write_id);
  g_source_remove (beat_id);

  g_test_message ("%" G_GINT64_FORMAT " KiB, longest stall %" G_GINT64_FORMAT " ms",
                  flood.n_written / 1024, flood.longest_us / 1000);
  g_assert_cmpint (flood.n_written, >, 1024 * 1024);
  g_assert_cmpint (flood.longest_us, <, 500 * 1000);
  type ("y");
  assert_heard (fixture, "y");
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

#define ADD(path, func) g_test_add ("/xeno/serial-console/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();

  ADD ("shows-and-sends-text", test_shows_and_sends_text);
  ADD ("answers-no-questions", test_answers_no_questions);
  ADD ("sets-no-clipboard-and-opens-no-link", test_sets_no_clipboard_and_opens_no_link);
  ADD ("a-paste-reaches-the-guest", test_a_paste_reaches_the_guest);
  ADD ("a-flood-leaves-the-window-alive", test_a_flood_leaves_the_window_alive);
  ADD ("the-end-of-the-guest-is-noticed", test_the_end_of_the_guest_is_noticed);

  return g_test_run ();
}
