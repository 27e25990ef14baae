/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The console: right keys to the guest, the pointer where it is, and nothing left pressed. */
#include "config.h"

#include <X11/Xutil.h>
#include <gdk/x11/gdkx.h>
#include <stdlib.h>

#include "console-fixture.h"
#include "console/xeno-combination.h"
#include "console/xeno-console-hint.h"
#include "console/xeno-host-keyboard.h"

/* Keys */

static void
test_typed_keys_arrive (Fixture       *fixture,
                        gconstpointer  data)
{
  type (fixture, "key", "a", "Return", "Tab", "Up", "KP_Enter", "F11", "Delete", NULL);
  assert_input (fixture,
                "key 1e down\nkey 1e up\nkey 1c down\nkey 1c up\nkey 0f down\nkey 0f up\n"
                "key c8 down\nkey c8 up\nkey 9c down\nkey 9c up\n"
                "key 57 down\nkey 57 up\nkey d3 down\nkey d3 up\n");
}

/* The host's keyboard may be any: the guest gets the place of the key, and its meaning beside. */
static void
set_layout (const char *first,
            ...) G_GNUC_NULL_TERMINATED;

static void
set_layout (const char *first,
            ...)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GSubprocess) process = NULL;
  va_list args;

  g_ptr_array_add (argv, (gpointer) "setxkbmap");
  va_start (args, first);
  for (const char *word = first; word != NULL; word = va_arg (args, const char *))
    g_ptr_array_add (argv, (gpointer) word);
  va_end (args);
  g_ptr_array_add (argv, NULL);

  process = g_subprocess_newv ((const char * const *) argv->pdata, G_SUBPROCESS_FLAGS_NONE, NULL);
  g_assert_true (g_subprocess_wait_check (process, NULL, NULL));
}

/* Takes what came. */
static gboolean
has_released (gpointer data)
{
  g_autofree char *input = xeno_backend_fake_take_input (((Fixture *) data)->fake);

  return g_str_has_suffix (input, "up\n");
}

static void
test_a_key_is_its_place_in_every_layout (Fixture       *fixture,
                                         gconstpointer  data)
{
  static const struct { const char *layout, *keycode, *expected; guint keyval; } keys[] = {
    { "de", "29", "key 15 down\nkey 15 up\n", GDK_KEY_z },
    { "de", "34", "key 1a down\nkey 1a up\n", GDK_KEY_udiaeresis },
    { "de", "49", "key 29 down\nkey 29 up\n", GDK_KEY_dead_circumflex },
    { "de", "94", "key 56 down\nkey 56 up\n", GDK_KEY_less },
    { "fr", "24", "key 10 down\nkey 10 up\n", GDK_KEY_a },
    { "fr", "11", "key 03 down\nkey 03 up\n", GDK_KEY_eacute },
    { "us", "29", "key 15 down\nkey 15 up\n", GDK_KEY_y },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_test_message ("%s, key %s", keys[i].layout, keys[i].keycode);
      set_layout ("-layout", keys[i].layout, NULL);
      type (fixture, "key", keys[i].keycode, NULL);
      assert_input (fixture, keys[i].expected);
      g_assert_cmphex (xeno_backend_fake_get_keyval (fixture->fake), ==, keys[i].keyval);
    }
}

/* For displays that know keys by their meaning alone: in every level what the person's layout says, and of what
 * is held with others what it is by itself. */
static void
test_a_key_means_what_the_layout_says (Fixture       *fixture,
                                       gconstpointer  data)
{
  static const struct { const char *layout, *held, *keycode; guint keyval; } keys[] = {
    { "de", "50", "38", GDK_KEY_A },
    { "de", "50", "10", GDK_KEY_exclam },
    { "de", "108", "24", GDK_KEY_at },
    { "de", "108", "26", GDK_KEY_EuroSign },
    { "de", "50", "21", GDK_KEY_dead_grave },
    { "fr", "50", "10", GDK_KEY_1 },
    { "fr", "108", "19", GDK_KEY_at },
    { "fr", "50", "34", GDK_KEY_dead_diaeresis },
    { "us", "50", "23", GDK_KEY_Tab },
    { "us", "50", "64", GDK_KEY_Alt_L },
    { "us", "64", "50", GDK_KEY_Shift_L },
    { "de", "50", "108", GDK_KEY_ISO_Level3_Shift },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_test_message ("%s, key %s with %s", keys[i].layout, keys[i].keycode, keys[i].held);
      set_layout ("-layout", keys[i].layout, NULL);
      type (fixture, "keydown", keys[i].held, "key", keys[i].keycode, NULL);
      xeno_test_until (has_released, fixture);
      g_assert_cmphex (xeno_backend_fake_get_keyval (fixture->fake), ==, keys[i].keyval);
      type (fixture, "keyup", keys[i].held, NULL);
      xeno_test_until (has_released, fixture);
    }
  set_layout ("-layout", "us", NULL);
}

/* Old X servers count keys in their own way: there the meaning says which key it was. */
static void
test_keys_of_other_x_servers_are_found (Fixture       *fixture,
                                        gconstpointer  data)
{
  g_assert_true (xeno_host_keyboard_is_evdev (gdk_display_get_default ()));
  set_layout ("-keycodes", "xfree86", "-layout", "us", NULL);
  g_assert_false (xeno_host_keyboard_is_evdev (gdk_display_get_default ()));
  gtk_widget_hide (GTK_WIDGET (fixture->console));
  gtk_widget_show (GTK_WIDGET (fixture->console));
  gtk_widget_grab_focus (GTK_WIDGET (fixture->console));
  await_grab (fixture, TRUE);

  type (fixture, "key", "Up", "key", "exclam", "key", "KP_Enter", NULL);
  assert_input (fixture,
                "key c8 down\nkey c8 up\nkey 2a down\nkey 02 down\nkey 2a up\nkey 02 up\n"
                "key 9c down\nkey 9c up\n");
  set_layout ("-keycodes", "evdev", "-layout", "us", NULL);
  g_assert_true (xeno_host_keyboard_is_evdev (gdk_display_get_default ()));
}

static void
count_activations_cb (GSimpleAction *action,
                      GVariant      *parameter,
                      gpointer       user_data)
{
  (*(guint *) user_data)++;
}

static gboolean
is_not_zero (gpointer data)
{
  return *(guint *) data != 0;
}

static void
test_accelerators_neither_steal_nor_leak (Fixture       *fixture,
                                          gconstpointer  data)
{
  static const char * const accels[] = { "<Control>q", NULL };
  g_autoptr(GtkApplication) application = gtk_application_new ("org.unaos.Xenolith.Test",
                                                               G_APPLICATION_NON_UNIQUE);
  g_autoptr(GSimpleAction) action = g_simple_action_new ("quit", NULL);
  guint n_activated = 0;

  g_signal_connect (action, "activate", G_CALLBACK (count_activations_cb), &n_activated);
  g_action_map_add_action (G_ACTION_MAP (application), G_ACTION (action));
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));
  gtk_application_set_accels_for_action (application, "app.quit", accels);
  gtk_window_set_application (GTK_WINDOW (fixture->window), application);

  type (fixture, "key", "ctrl+q", NULL);
  assert_input (fixture, "key 1d down\nkey 10 down\nkey 1d up\nkey 10 up\n");
  g_assert_cmpuint (n_activated, ==, 0);

  xeno_console_ungrab (fixture->console);
  type (fixture, "key", "ctrl+q", NULL);
  xeno_test_until (is_not_zero, &n_activated);
  g_assert_false (has_input (fixture));
  gtk_window_set_application (GTK_WINDOW (fixture->window), NULL);
}

static gboolean
count_shortcut_cb (GtkWidget *widget,
                   GVariant  *args,
                   gpointer   user_data)
{
  (*(guint *) user_data)++;
  return TRUE;
}

static void
test_reserved_shortcuts_stay_with_the_window (Fixture       *fixture,
                                              gconstpointer  data)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();
  guint n_activated = 0;

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller), GTK_SHORTCUT_SCOPE_MANAGED);
  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (controller),
    gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("<Control><Shift>f"),
                      gtk_callback_action_new (count_shortcut_cb, &n_activated, NULL)));
  gtk_widget_add_controller (fixture->window, controller);
  xeno_console_set_reserved (fixture->console, G_LIST_MODEL (controller));

  type (fixture, "key", "ctrl+shift+f", NULL);
  type (fixture, "key", "ctrl+shift+g", NULL);
  assert_input (fixture,
                "key 1d down\nkey 2a down\nkey 2a up\nkey 1d up\n"
                "key 1d down\nkey 2a down\nkey 22 down\nkey 2a up\nkey 1d up\nkey 22 up\n");
  g_assert_cmpuint (n_activated, ==, 1);
  xeno_console_set_reserved (fixture->console, NULL);
}

static void
test_losing_the_focus_releases_keys (Fixture       *fixture,
                                     gconstpointer  data)
{
  type (fixture, "keydown", "Shift_L", "keydown", "a", NULL);
  assert_input (fixture, "key 2a down\nkey 1e down\n");
  set_focus (NULL);
  assert_input (fixture, "key 1e up\nkey 2a up\n");
  await_grab (fixture, FALSE);
  type (fixture, "keyup", "a", "keyup", "Shift_L", NULL);
  set_focus (fixture->window);
  await_grab (fixture, TRUE);
  type (fixture, "key", "b", NULL);
  assert_input (fixture, "key 30 down\nkey 30 up\n");
}

static gboolean
has_text (gpointer data)
{
  return gtk_entry_get_text_length (data) > 0;
}

static void
test_leaving_for_another_widget_releases_keys (Fixture       *fixture,
                                               gconstpointer  data)
{
  gtk_widget_show (fixture->entry);
  type (fixture, "keydown", "Control_L", NULL);
  assert_input (fixture, "key 1d down\n");
  gtk_widget_grab_focus (fixture->entry);
  assert_input (fixture, "key 1d up\n");
  g_assert_false (xeno_console_is_grabbed (fixture->console));
  type (fixture, "keyup", "Control_L", "key", "x", NULL);
  xeno_test_until (has_text, fixture->entry);
  gtk_widget_grab_focus (GTK_WIDGET (fixture->console));
  g_assert_true (xeno_console_is_grabbed (fixture->console));
  type (fixture, "key", "c", NULL);
  assert_input (fixture, "key 2e down\nkey 2e up\n");
}

static void
test_the_chord_releases (Fixture       *fixture,
                         gconstpointer  data)
{
  type (fixture, "keydown", "Control_L", "keydown", "Alt_L", "keyup", "Control_L", "keyup", "Alt_L", NULL);
  assert_input (fixture, "key 1d down\nkey 38 down\nkey 1d up\nkey 38 up\n");
  await_grab (fixture, FALSE);

  type (fixture, "key", "Return", NULL);
  await_grab (fixture, TRUE);
  type (fixture, "key", "d", NULL);
  assert_input (fixture, "key 20 down\nkey 20 up\n");
}

static void
test_the_chord_with_another_key_is_the_guests (Fixture       *fixture,
                                               gconstpointer  data)
{
  type (fixture, "key", "ctrl+alt+t", NULL);
  assert_input (fixture, "key 1d down\nkey 38 down\nkey 14 down\nkey 1d up\nkey 38 up\nkey 14 up\n");
  g_assert_true (xeno_console_is_grabbed (fixture->console));
}

static void
test_another_chord_releases (Fixture       *fixture,
                             gconstpointer  data)
{
  xeno_console_set_release_chord (fixture->console, XENO_RELEASE_CHORD_RIGHT_CTRL);
  type (fixture, "keydown", "Control_L", "keydown", "Alt_L", "keyup", "Control_L", "keyup", "Alt_L", NULL);
  assert_input (fixture, "key 1d down\nkey 38 down\nkey 1d up\nkey 38 up\n");
  type (fixture, "key", "ctrl+e", NULL);
  assert_input (fixture, "key 1d down\nkey 12 down\nkey 1d up\nkey 12 up\n");
  g_assert_true (xeno_console_is_grabbed (fixture->console));
  type (fixture, "keydown", "105", "keyup", "105", NULL);
  assert_input (fixture, "key 9d down\nkey 9d up\n");
  await_grab (fixture, FALSE);

  xeno_console_set_release_chord (fixture->console, XENO_RELEASE_CHORD_BOTH_CTRL);
  xeno_console_grab (fixture->console);
  type (fixture, "keydown", "105", "keyup", "105", NULL);
  assert_input (fixture, "key 9d down\nkey 9d up\n");
  g_assert_true (xeno_console_is_grabbed (fixture->console));
  type (fixture, "keydown", "105", "keydown", "37", "keyup", "105", "keyup", "37", NULL);
  assert_input (fixture, "key 9d down\nkey 1d down\nkey 9d up\nkey 1d up\n");
  await_grab (fixture, FALSE);
}

static gboolean
was_passed (gpointer data)
{
  return ((Fixture *) data)->n_passed > 0;
}

static void
test_a_click_takes_the_keyboard (Fixture       *fixture,
                                 gconstpointer  data)
{
  xeno_console_set_grab_policy (fixture->console, XENO_GRAB_ON_CLICK);
  type (fixture, "key", "a", NULL);
  xeno_test_until (was_passed, fixture);
  g_assert_false (xeno_console_is_grabbed (fixture->console));

  type (fixture, "mousemove", "50", "60", "click", "1", NULL);
  await_grab (fixture, TRUE);
  set_focus (NULL);
  await_grab (fixture, FALSE);
  fixture->n_passed = 0;
  set_focus (fixture->window);
  type (fixture, "key", "a", NULL);
  xeno_test_until (was_passed, fixture);
  g_assert_false (xeno_console_is_grabbed (fixture->console));
}

static void
test_the_pointer_takes_and_leaves_the_keyboard (Fixture       *fixture,
                                                gconstpointer  data)
{
  type (fixture, "mousemove", "900", "900", NULL);
  xeno_console_set_grab_policy (fixture->console, XENO_GRAB_WITH_POINTER);
  for (guint i = 0; i < 2; i++)
    {
      type (fixture, "mousemove", "50", "60", NULL);
      await_grab (fixture, TRUE);
      type (fixture, "keydown", "a", "mousemove", "900", "900", NULL);
      await_grab (fixture, FALSE);
      type (fixture, "keyup", "a", NULL);
      assert_input (fixture, "at 50 60\nkey 1e down\nkey 1e up\n");
    }

  type (fixture, "mousemove", "50", "60", NULL);
  await_grab (fixture, TRUE);
  type (fixture, "keydown", "Control_L", "keydown", "Alt_L", "keyup", "Control_L", "keyup", "Alt_L", NULL);
  await_grab (fixture, FALSE);
  type (fixture, "mousemove", "60", "70", NULL);
  fixture->wanted_input = "at 60 70\n";
  xeno_test_until (has_input, fixture);
  g_assert_false (xeno_console_is_grabbed (fixture->console));
}

/* Nobody manages windows here, so nobody gives the desktop's keys away. */
static void
test_says_that_the_desktop_keeps_its_keys (Fixture       *fixture,
                                           gconstpointer  data)
{
  g_autoptr(GtkWidget) hint = g_object_ref_sink (g_object_new (XENO_TYPE_CONSOLE_HINT, "console",
                                                               fixture->console, NULL));
  GtkRevealer *advice = GTK_REVEALER (gtk_widget_get_last_child (hint));
  GtkLabel *label = GTK_LABEL (gtk_revealer_get_child (advice));

  g_assert_false (xeno_console_has_desktop_keys (fixture->console));
  g_assert_true (gtk_revealer_get_reveal_child (advice));
  g_assert_cmpstr (gtk_label_get_label (label), ==,
                   "Press Left Ctrl + Left Alt to release the keyboard\n"
                   "This desktop keeps its own shortcuts");

  xeno_console_set_grab_policy (fixture->console, XENO_GRAB_NEVER);
  await_grab (fixture, TRUE);
  g_assert_cmpstr (gtk_label_get_label (label), ==, "Press Left Ctrl + Left Alt to release the keyboard");
  xeno_console_ungrab (fixture->console);
  g_assert_false (gtk_revealer_get_reveal_child (advice));
}

static void
test_keys_arrive_without_the_desktops (Fixture       *fixture,
                                       gconstpointer  data)
{
  xeno_console_set_grab_policy (fixture->console, XENO_GRAB_NEVER);
  await_grab (fixture, TRUE);
  type (fixture, "key", "a", NULL);
  assert_input (fixture, "key 1e down\nkey 1e up\n");
}

static void
test_the_console_lets_go_when_the_display_does (Fixture       *fixture,
                                                gconstpointer  data)
{
  xeno_console_backend_set_state (fixture->backend, XENO_CONSOLE_FROZEN, NULL);
  g_assert_false (xeno_console_is_grabbed (fixture->console));
  fixture->n_passed = 0;
  type (fixture, "key", "a", NULL);
  xeno_test_until (is_not_zero, &fixture->n_passed);
  xeno_console_backend_set_state (fixture->backend, XENO_CONSOLE_LIVE, NULL);
  await_grab (fixture, TRUE);
  type (fixture, "key", "b", NULL);
  assert_input (fixture, "key 30 down\nkey 30 up\n");
}

static void
test_an_insensitive_console_takes_no_keys (Fixture       *fixture,
                                           gconstpointer  data)
{
  type (fixture, "keydown", "a", NULL);
  assert_input (fixture, "key 1e down\n");
  gtk_widget_set_sensitive (GTK_WIDGET (fixture->console), FALSE);
  assert_input (fixture, "key 1e up\n");
  g_assert_false (xeno_console_is_grabbed (fixture->console));
  fixture->n_passed = 0;
  type (fixture, "keyup", "a", "key", "b", NULL);
  xeno_test_until (is_not_zero, &fixture->n_passed);

  gtk_widget_set_sensitive (GTK_WIDGET (fixture->console), TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (fixture->console));
  await_grab (fixture, TRUE);
  type (fixture, "key", "c", NULL);
  assert_input (fixture, "key 2e down\nkey 2e up\n");
}

static void
test_combinations_are_sent_whole (Fixture       *fixture,
                                  gconstpointer  data)
{
  const XenoCombination *combination = xeno_combination_find ("ctrl-alt-delete");

  xeno_console_ungrab (fixture->console);
  xeno_console_send_keys (fixture->console, combination->qnums,
                          xeno_combination_get_n_keys (combination));
  assert_input (fixture, "key 1d down\nkey 38 down\nkey d3 down\nkey d3 up\nkey 38 up\nkey 1d up\n");

  xeno_console_backend_set_state (fixture->backend, XENO_CONSOLE_CLOSED, NULL);
  xeno_console_send_keys (fixture->console, combination->qnums,
                          xeno_combination_get_n_keys (combination));
  g_assert_false (has_input (fixture));
}

/* Pointer */

static gboolean
is_input_over (gpointer data)
{
  Fixture *fixture = data;

  has_input (fixture);
  return strstr (fixture->input->str, fixture->wanted_input) != NULL;
}

static void
test_the_pointer_reaches_the_last_pixel (Fixture       *fixture,
                                         gconstpointer  data)
{
  static const struct { int width, x, y; const char *expected; } moves[] = {
    { 320, 10, 20, "at 10 20\n" },
    { 320, 319, 199, "at 319 199\n" },
    { 640, 639, 399, "at 319 199\n" },
    { 640, 20, 41, "at 10 20\n" },
    { 160, 159, 99, "at 319 199\n" },
    { 160, 0, 0, "at 0 0\n" },
    { 480, 479, 299, "at 319 199\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (moves); i++)
    {
      g_autofree char *x = g_strdup_printf ("%d", moves[i].x);
      g_autofree char *y = g_strdup_printf ("%d", moves[i].y);

      resize (fixture, moves[i].width, moves[i].width * 5 / 8);
      type (fixture, "mousemove", "5", "5", NULL);
      type (fixture, "mousemove", x, y, NULL);
      fixture->wanted_input = moves[i].expected;
      xeno_test_until (is_input_over, fixture);
      g_string_truncate (fixture->input, 0);
    }
}

static void
test_buttons_come_after_the_move (Fixture       *fixture,
                                  gconstpointer  data)
{
  type (fixture, "mousemove", "5", "5", NULL);
  fixture->wanted_input = "at 5 5\n";
  xeno_test_until (has_input, fixture);
  g_string_truncate (fixture->input, 0);

  type (fixture, "mousemove", "50", "60", "click", "1", "click", "3", "click", "8", NULL);
  assert_input (fixture,
                "at 50 60\nbutton 1 down\nbutton 1 up\nbutton 3 down\nbutton 3 up\n"
                "button 8 down\nbutton 8 up\n");
  type (fixture, "click", "5", "click", "5", "click", "4", NULL);
  assert_input (fixture, "wheel 0 1\nwheel 0 1\nwheel 0 -1\n");
}

/* Where the display has no wheel for it, with Shift; not while anything is held or turned for something else. */
static void
test_a_wheel_turns_to_the_side (Fixture       *fixture,
                                gconstpointer  data)
{
  XenoConsoleBackend *backend = XENO_CONSOLE_BACKEND (fixture->fake);

  type (fixture, "mousemove", "50", "60", NULL);
  fixture->wanted_input = "at 50 60\n";
  xeno_test_until (has_input, fixture);
  g_string_truncate (fixture->input, 0);

  type (fixture, "click", "7", "click", "6", NULL);
  assert_input (fixture, "wheel 1 0\nwheel -1 0\n");

  xeno_console_backend_set_side_wheel (backend, FALSE);
  type (fixture, "click", "7", "click", "7", "click", "6", NULL);
  assert_input (fixture, "key 2a down\nwheel 0 1\nwheel 0 1\nwheel 0 -1\nkey 2a up\n");
  type (fixture, "click", "7", "key", "a", NULL);
  assert_input (fixture, "key 2a down\nwheel 0 1\nkey 2a up\nkey 1e down\nkey 1e up\n");
  type (fixture, "click", "7", "click", "1", NULL);
  assert_input (fixture, "key 2a down\nwheel 0 1\nkey 2a up\nbutton 1 down\nbutton 1 up\n");
  type (fixture, "keydown", "ctrl", "click", "7", "keyup", "ctrl", NULL);
  assert_input (fixture, "key 1d down\nwheel 1 0\nkey 1d up\n");
  type (fixture, "click", "5", "click", "7", NULL);
  assert_input (fixture, "wheel 0 1\nwheel 1 0\n");

  xeno_console_set_turns_sideways (fixture->console, FALSE);
  type (fixture, "click", "7", NULL);
  assert_input (fixture, "wheel 1 0\n");
  xeno_console_backend_set_side_wheel (backend, TRUE);
}

static gboolean
has_focus_within (gpointer widget)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));

  return focus != NULL && (focus == widget || gtk_widget_is_ancestor (focus, widget));
}

/* GTK counts three buttons, and would give the next click to who had the fourth. */
static void
test_a_side_button_leaves_others_their_clicks (Fixture       *fixture,
                                               gconstpointer  data)
{
  g_autofree char *y = NULL;
  double top;

  gtk_widget_show (fixture->entry);
  await_frame (fixture);
  gtk_widget_translate_coordinates (fixture->entry, fixture->window, 0, 5, NULL, &top);
  y = g_strdup_printf ("%d", (int) top);

  type (fixture, "mousemove", "50", "60", "click", "8", NULL);
  fixture->wanted_input = "button 8 up\n";
  xeno_test_until (has_input, fixture);
  type (fixture, "mousemove", "50", y, "click", "1", NULL);
  xeno_test_until (has_focus_within, fixture->entry);
}

static guint
count_lines (const char *text)
{
  guint n_lines = 0;

  for (; *text != '\0'; text++)
    n_lines += *text == '\n';

  return n_lines;
}

static void
test_a_storm_of_moves_is_thinned (Fixture       *fixture,
                                  gconstpointer  data)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GSubprocess) process = NULL;

  g_ptr_array_add (argv, (gpointer) "xdotool");
  for (guint i = 0; i < 500; i++)
    {
      g_ptr_array_add (argv, (gpointer) "mousemove_relative");
      g_ptr_array_add (argv, (gpointer) "--");
      g_ptr_array_add (argv, (gpointer) (i % 2 ? "-1" : "1"));
      g_ptr_array_add (argv, (gpointer) "0");
    }
  g_ptr_array_add (argv, (gpointer) "click");
  g_ptr_array_add (argv, (gpointer) "1");
  g_ptr_array_add (argv, NULL);

  type (fixture, "mousemove", "100", "100", NULL);
  process = g_subprocess_newv ((const char * const *) argv->pdata, G_SUBPROCESS_FLAGS_NONE, NULL);
  g_assert_true (g_subprocess_wait_check (process, NULL, NULL));
  fixture->wanted_input = "button 1 up\n";
  xeno_test_until (is_input_over, fixture);
  g_assert_cmpuint (count_lines (fixture->input->str), <, 100);
}

typedef struct
{
  Fixture *fixture;
  int      x, y;
  int      wanted_x, wanted_y;
} Way;

static gboolean
is_there (gpointer data)
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

static void
assert_moved (Fixture *fixture,
              int      x,
              int      y)
{
  Way way = { fixture, 0, 0, x, y };

  xeno_test_until (is_there, &way);
}

static int
get_pointer_x (void)
{
  Window root, child;
  int root_x, root_y, x, y;
  unsigned int mask;

  XQueryPointer (get_xdisplay (), DefaultRootWindow (get_xdisplay ()), &root, &child, &root_x, &root_y,
                 &x, &y, &mask);
  return root_x;
}

static void
test_a_relative_pointer_gets_movements (Fixture       *fixture,
                                        gconstpointer  data)
{
  type (fixture, "mousemove", "5", "5", NULL);
  fixture->wanted_input = "at 5 5\n";
  xeno_test_until (has_input, fixture);
  g_string_truncate (fixture->input, 0);

  xeno_console_backend_set_absolute_pointer (fixture->backend, FALSE);
  type (fixture, "mousemove", "25", "12", "click", "1", NULL);
  assert_input (fixture, "button 1 down\nbutton 1 up\n");
  g_assert_true (xeno_console_holds_pointer (fixture->console));

  /* Ten times as far as the window is wide: nothing stops a movement at its edge. */
  for (guint i = 0; i < 10; i++)
    type (fixture, "mousemove_relative", "--", "320", "-7", NULL);
  assert_moved (fixture, 3200, -70);
  type (fixture, "click", "3", NULL);
  assert_input (fixture, "button 3 down\nbutton 3 up\n");

  type (fixture, "keydown", "Control_L", "keydown", "Alt_L", "keyup", "Control_L", "keyup", "Alt_L", NULL);
  await_grab (fixture, FALSE);
  g_assert_false (xeno_console_holds_pointer (fixture->console));
  assert_input (fixture, "key 1d down\nkey 38 down\nkey 1d up\nkey 38 up\n");
  g_assert_cmpint (get_pointer_x (), ==, 25);
  type (fixture, "mousemove_relative", "--", "30", "5", "mousemove_relative", "--", "-30", "-5", NULL);
  g_assert_false (has_input (fixture));
}

#define ADD(path, func) g_test_add ("/xeno/console/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();

  ADD ("typed-keys-arrive", test_typed_keys_arrive);
  ADD ("a-key-is-its-place-in-every-layout", test_a_key_is_its_place_in_every_layout);
  ADD ("a-key-means-what-the-layout-says", test_a_key_means_what_the_layout_says);
  ADD ("keys-of-other-x-servers-are-found", test_keys_of_other_x_servers_are_found);
  ADD ("accelerators-neither-steal-nor-leak", test_accelerators_neither_steal_nor_leak);
  ADD ("reserved-shortcuts-stay-with-the-window", test_reserved_shortcuts_stay_with_the_window);
  ADD ("losing-the-focus-releases-keys", test_losing_the_focus_releases_keys);
  ADD ("leaving-for-another-widget-releases-keys", test_leaving_for_another_widget_releases_keys);
  ADD ("the-chord-releases", test_the_chord_releases);
  ADD ("the-chord-with-another-key-is-the-guests", test_the_chord_with_another_key_is_the_guests);
  ADD ("another-chord-releases", test_another_chord_releases);
  ADD ("a-click-takes-the-keyboard", test_a_click_takes_the_keyboard);
  ADD ("the-pointer-takes-and-leaves-the-keyboard", test_the_pointer_takes_and_leaves_the_keyboard);
  ADD ("says-that-the-desktop-keeps-its-keys", test_says_that_the_desktop_keeps_its_keys);
  ADD ("keys-arrive-without-the-desktops", test_keys_arrive_without_the_desktops);
  ADD ("the-console-lets-go-when-the-display-does", test_the_console_lets_go_when_the_display_does);
  ADD ("an-insensitive-console-takes-no-keys", test_an_insensitive_console_takes_no_keys);
  ADD ("combinations-are-sent-whole", test_combinations_are_sent_whole);
  ADD ("the-pointer-reaches-the-last-pixel", test_the_pointer_reaches_the_last_pixel);
  ADD ("buttons-come-after-the-move", test_buttons_come_after_the_move);
  ADD ("a-wheel-turns-to-the-side", test_a_wheel_turns_to_the_side);
  ADD ("a-side-button-leaves-others-their-clicks", test_a_side_button_leaves_others_their_clicks);
  ADD ("a-storm-of-moves-is-thinned", test_a_storm_of_moves_is_thinned);
  ADD ("a-relative-pointer-gets-movements", test_a_relative_pointer_gets_movements);

  return g_test_run ();
}
