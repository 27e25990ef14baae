/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What becomes of wheels, fingers and texts before a guest is told. */
#include "config.h"

#define G_SETTINGS_ENABLE_BACKEND
#include <gio/gsettingsbackend.h>
#include <string.h>

#include "console/xeno-keymap.h"
#include "console/xeno-layout-list.h"
#include "console/xeno-own-combination.h"
#include "console/xeno-touch.h"
#include "console/xeno-typist.h"
#include "console/xeno-wheel.h"
#include "support/xeno-backend-fake.h"
#include "support/xeno-test.h"

/* Wheel */

static void
assert_turns (XenoWheel *wheel,
              gint64     frame,
              double     dx,
              double     dy,
              int        expected_x,
              int        expected_y)
{
  int x, y;

  xeno_wheel_turn (wheel, frame, dx, dy, &x, &y);
  g_assert_cmpint (x, ==, expected_x);
  g_assert_cmpint (y, ==, expected_y);
}

static void
test_wheel_adds_fractions_up (void)
{
  XenoWheel wheel = { 0 };

  assert_turns (&wheel, 1, 0, 0.4, 0, 0);
  assert_turns (&wheel, 2, 0, 0.4, 0, 0);
  assert_turns (&wheel, 3, 0, 0.4, 0, 1);
  assert_turns (&wheel, 4, -0.5, 0.9, 0, 1);
  assert_turns (&wheel, 5, -0.5, 0, -1, 0);
  xeno_wheel_rest (&wheel);
  assert_turns (&wheel, 6, 0, 0.9, 0, 0);
}

static void
test_wheel_turns_back_at_once (void)
{
  XenoWheel wheel = { 0 };

  assert_turns (&wheel, 1, 0, 0.9, 0, 0);
  assert_turns (&wheel, 2, 0, -1, 0, -1);
  assert_turns (&wheel, 3, 0, -0.5, 0, 0);
  assert_turns (&wheel, 4, 0, 1, 0, 1);
}

static void
test_wheel_floods_nobody (void)
{
  XenoWheel wheel = { 0 };

  assert_turns (&wheel, 1, 0, 6, 0, 6);
  assert_turns (&wheel, 1, 0, 6, 0, 2);
  assert_turns (&wheel, 1, 0, 6, 0, 0);
  assert_turns (&wheel, 2, 1000, -1e300, 8, -8);
  assert_turns (&wheel, 3, 0, 1, 0, 1);
}

/* Touch */

static void
note_moved_cb (XenoTouch *touch,
               double     x,
               double     y,
               GString   *seen)
{
  g_string_append_printf (seen, "at %g %g\n", x, y);
}

static void
note_button_cb (XenoTouch *touch,
                guint      button,
                gboolean   is_down,
                GString   *seen)
{
  g_string_append_printf (seen, "button %u %s\n", button, is_down ? "down" : "up");
}

static void
note_scrolled_cb (XenoTouch *touch,
                  double     dx,
                  double     dy,
                  GString   *seen)
{
  g_string_append_printf (seen, "scroll %g %g\n", dx, dy);
}

static void
note_rested_cb (XenoTouch *touch,
                GString   *seen)
{
  g_string_append (seen, "rest\n");
}

static XenoTouch *
new_touch (GString *seen)
{
  XenoTouch *touch = xeno_touch_new ();

  g_signal_connect (touch, "moved", G_CALLBACK (note_moved_cb), seen);
  g_signal_connect (touch, "button", G_CALLBACK (note_button_cb), seen);
  g_signal_connect (touch, "scrolled", G_CALLBACK (note_scrolled_cb), seen);
  g_signal_connect (touch, "rested", G_CALLBACK (note_rested_cb), seen);
  return touch;
}

static void
assert_seen (GString    *seen,
             const char *expected)
{
  g_assert_cmpstr (seen->str, ==, expected);
  g_string_truncate (seen, 0);
}

static void
test_a_tap_is_a_click (void)
{
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (XenoTouch) touch = new_touch (seen);

  xeno_touch_begin (touch, "a", 10, 20);
  xeno_touch_update (touch, "a", 14, 17);
  assert_seen (seen, "at 10 20\n");
  xeno_touch_end (touch, "a");
  assert_seen (seen, "button 1 down\nbutton 1 up\n");
}

static void
test_a_moved_finger_drags (void)
{
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (XenoTouch) touch = new_touch (seen);

  xeno_touch_begin (touch, "a", 10, 20);
  xeno_touch_update (touch, "a", 30, 20);
  xeno_touch_begin (touch, "b", 50, 50);
  xeno_touch_update (touch, "b", 90, 90);
  xeno_touch_end (touch, "b");
  xeno_touch_update (touch, "a", 40, 25);
  assert_seen (seen, "at 10 20\nbutton 1 down\nat 30 20\nat 40 25\n");
  xeno_touch_end (touch, "a");
  assert_seen (seen, "button 1 up\n");

  xeno_touch_begin (touch, "a", 0, 0);
  xeno_touch_update (touch, "a", 20, 0);
  xeno_touch_cancel (touch);
  assert_seen (seen, "at 0 0\nbutton 1 down\nat 20 0\nbutton 1 up\n");
}

static gboolean
is_over (gpointer data)
{
  return g_str_has_suffix (((GString *) data)->str, "button 3 up\n");
}

static void
test_a_long_press_is_the_right_button (void)
{
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (XenoTouch) touch = new_touch (seen);

  xeno_touch_begin (touch, "a", 10, 20);
  xeno_test_until (is_over, seen);
  xeno_touch_update (touch, "a", 90, 90);
  xeno_touch_end (touch, "a");
  assert_seen (seen, "at 10 20\nbutton 3 down\nbutton 3 up\n");
}

static void
test_two_fingers_scroll (void)
{
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (XenoTouch) touch = new_touch (seen);

  xeno_touch_begin (touch, "a", 10, 20);
  xeno_touch_begin (touch, "b", 30, 20);
  xeno_touch_begin (touch, "c", 50, 20);
  xeno_touch_update (touch, "a", 10, 60);
  xeno_touch_update (touch, "b", 30, 60);
  xeno_touch_update (touch, "c", 50, 60);
  assert_seen (seen, "at 10 20\nscroll 0 -20\nscroll 0 -20\n");

  /* Whatever the last one does is not a click. */
  xeno_touch_end (touch, "a");
  xeno_touch_update (touch, "b", 90, 60);
  xeno_touch_end (touch, "b");
  xeno_touch_end (touch, "c");
  assert_seen (seen, "rest\n");

  xeno_touch_begin (touch, "d", 1, 2);
  xeno_touch_end (touch, "d");
  assert_seen (seen, "at 1 2\nbutton 1 down\nbutton 1 up\n");
}

/* Text */

static char *
dup_strokes (XenoLayout *layout,
             gunichar    character)
{
  GString *text = g_string_new (NULL);
  XenoStroke strokes[XENO_LAYOUT_MAX_STROKES];
  guint n = xeno_layout_find (layout, character, strokes);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s%s%s%02x", i > 0 ? " " : "", strokes[i].is_shifted ? "S+" : "",
                            strokes[i].is_third_level ? "G+" : "", strokes[i].qnum);
  return g_string_free (text, FALSE);
}

/* By what is printed on keyboards of these countries. */
static void
test_a_layout_knows_its_keys (void)
{
  static const struct
  {
    const char *layout;
    gunichar    character;
    const char *strokes;
  } known[] = {
    { "us", 'a', "1e" },     { "us", 'Z', "S+2c" },    { "us", '@', "S+03" },       { "us", '\n', "1c" },
    { "us", '\t', "0f" },    { "us", ' ', "39" },      { "us", '7', "08" },         { "us", '~', "S+29" },
    { "us", 0xe9, "" },      { "us", 0x20ac, "" },     { "us", '\b', "" },
    { "de", 'z', "15" },     { "de", 'y', "2c" },      { "de", '@', "G+10" },       { "de", 0x20ac, "G+12" },
    { "de", 0xdf, "0c" },    { "de", 0xe9, "0d 12" },  { "de", 0xca, "29 S+12" },   { "de", '^', "29 39" },
    { "de", '\\', "G+0c" },  { "de", '{', "G+08" },    { "de", 0x3042, "" },
    { "de+nodeadkeys", '^', "29" },
    { "fr", 'a', "10" },     { "fr", '1', "S+02" },    { "fr", 'm', "27" },         { "fr", 0xe9, "03" },
    { "fr", '@', "G+0b" },   { "fr", 0xea, "1a 12" },  { "fr", '?', "S+32" },
    { "no-such-country", 'a', "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    {
      g_autoptr (XenoLayout) layout = xeno_layout_new (known[i].layout);
      g_autofree char *strokes = dup_strokes (layout, known[i].character);

      g_test_message ("%s, U+%04X", known[i].layout, known[i].character);
      g_assert_cmpstr (strokes, ==, known[i].strokes);
    }
}

static void
test_a_layout_says_what_it_lacks (void)
{
  g_autoptr (XenoLayout) layout = xeno_layout_new ("us");
  g_autofree char *none = xeno_layout_dup_missing (layout, "plain, with\ttabs\r\nand lines");
  g_autofree char *some = xeno_layout_dup_missing (layout, "5 € or あ, 6 €");

  g_assert_null (none);
  g_assert_cmpstr (some, ==, "€あ");
}

typedef struct
{
  XenoConsoleBackend *backend;
  int                 is_whole;
} Typing;

static void
finished_cb (XenoTypist *typist,
             gboolean    is_whole,
             Typing     *typing)
{
  typing->is_whole = is_whole;
}

static gboolean
is_finished (gpointer data)
{
  return ((Typing *) data)->is_whole >= 0;
}

static XenoTypist *
start_typing (Typing     *typing,
              const char *name,
              const char *text,
              gboolean    is_fast)
{
  g_autoptr (XenoLayout) layout = xeno_layout_new (name);
  XenoTypist *typist;

  typing->is_whole = -1;
  typing->backend = xeno_backend_fake_new ();
  xeno_console_backend_start (typing->backend);
  xeno_console_backend_set_leds (typing->backend, XENO_LED_CAPS_LOCK | XENO_LED_NUM_LOCK);
  typist = xeno_typist_new (typing->backend, layout, text, is_fast);
  g_signal_connect (typist, "finished", G_CALLBACK (finished_cb), typing);
  g_assert_cmpuint (xeno_backend_fake_get_locks (XENO_BACKEND_FAKE (typing->backend)), ==, XENO_LED_NUM_LOCK);
  return typist;
}

static void
test_a_text_is_typed (void)
{
  Typing typing;
  g_autoptr (XenoTypist) typist = start_typing (&typing, "de", "AB@あê\r\n", FALSE);
  g_autofree char *input = NULL;

  xeno_test_until (is_finished, &typing);
  input = xeno_backend_fake_take_input (XENO_BACKEND_FAKE (typing.backend));
  g_assert_true (typing.is_whole);
  g_assert_cmpfloat (xeno_typist_get_progress (typist), ==, 1);
  g_assert_cmpstr (input, ==,
                   "key 2a down\nkey 1e down\nkey 1e up\nkey 30 down\nkey 30 up\nkey 2a up\n"
                   "key b8 down\nkey 10 down\nkey 10 up\nkey b8 up\n"
                   "key 29 down\nkey 29 up\nkey 12 down\nkey 12 up\nkey 1c down\nkey 1c up\n");
  g_assert_cmpuint (xeno_backend_fake_get_locks (XENO_BACKEND_FAKE (typing.backend)), ==,
                    XENO_LED_CAPS_LOCK | XENO_LED_NUM_LOCK);
  g_object_unref (typing.backend);
}

static gboolean
is_under_way (gpointer data)
{
  return xeno_typist_get_progress (data) > 0;
}

static void
test_typing_is_cancelled (void)
{
  Typing typing;
  g_autoptr (XenoTypist) typist = start_typing (&typing, "us", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", FALSE);
  g_autofree char *input = NULL;

  xeno_test_until (is_under_way, typist);
  xeno_typist_cancel (typist);
  g_assert_cmpint (typing.is_whole, ==, FALSE);
  input = xeno_backend_fake_take_input (XENO_BACKEND_FAKE (typing.backend));
  g_assert_true (g_str_has_prefix (input, "key 2a down\n"));
  g_assert_true (g_str_has_suffix (input, "key 2a up\n"));
  g_object_unref (typing.backend);
}

static void
test_typing_ends_with_the_display (void)
{
  Typing typing;
  g_autoptr (XenoTypist) typist = start_typing (&typing, "us", "abc", FALSE);

  xeno_console_backend_set_state (typing.backend, XENO_CONSOLE_FROZEN, NULL);
  g_assert_cmpint (typing.is_whole, ==, FALSE);
  g_object_unref (typing.backend);
}

/* Both begin at the same moment, and what comes second is not lost: the slow one ends as well. */
static void
test_a_fast_keyboard_is_typed_on_faster (void)
{
  Typing slow, fast;
  g_autoptr (XenoTypist) slow_typist = start_typing (&slow, "us", "the same text", FALSE);
  g_autoptr (XenoTypist) fast_typist = start_typing (&fast, "us", "the same text", TRUE);

  xeno_test_until (is_finished, &fast);
  g_assert_cmpint (slow.is_whole, <, 0);
  g_assert_cmpfloat (xeno_typist_get_progress (slow_typist), <, 1);
  xeno_test_until (is_finished, &slow);
  g_assert_true (slow.is_whole && fast.is_whole);
  g_object_unref (slow.backend);
  g_object_unref (fast.backend);
}

/* What a machine's document says of its keyboards and displays decides; a machine without one is slow. */
static void
test_a_machine_says_how_fast_it_takes_keys (void)
{
#define PS2 "<input type='keyboard' bus='ps2'/>"
#define USB "<input type='keyboard' bus='usb'/>"
#define VIRTIO "<input type='keyboard' bus='virtio'/>"
#define MICE "<input type='mouse' bus='ps2'/><input type='tablet' bus='usb'/>"
#define SPICE "<graphics type='spice'/>"
#define VNC "<graphics type='vnc'/>"
  static const struct { const char *devices; gboolean is_fast; } machines[] = {
    { PS2 SPICE, TRUE },
    { MICE PS2 SPICE, TRUE },
    { PS2 SPICE SPICE, TRUE },
    { PS2 VNC, FALSE },
    { PS2 SPICE VNC, FALSE },
    { PS2 "<graphics type='dbus'/>", FALSE },
    { PS2, FALSE },
    { USB SPICE, FALSE },
    { VIRTIO SPICE, FALSE },
    { PS2 USB SPICE, FALSE },
    { USB PS2 SPICE, FALSE },
    { MICE SPICE, FALSE },
    { SPICE, FALSE },
    { "", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (machines); i++)
    {
      g_autofree char *xml = g_strdup_printf ("<domain><devices>%s</devices></domain>", machines[i].devices);
      g_autoptr (GError) error = NULL;
      g_autoptr (XenoSpec) spec = xeno_spec_new_from_xml (xml, &error);

      g_test_message ("%s", xml);
      g_assert_no_error (error);
      g_assert_cmpint (xeno_typist_can_be_fast (spec), ==, machines[i].is_fast);
    }
}

/* A key whose meaning changes while it is held stays one key for displays that know meanings only. */
static void
test_a_repeat_means_what_its_press_meant (void)
{
  g_autoptr (XenoConsoleBackend) backend = xeno_backend_fake_new ();

  xeno_console_backend_key (backend, 0x1e, GDK_KEY_a, TRUE);
  xeno_console_backend_key (backend, 0x2a, GDK_KEY_Shift_L, TRUE);
  xeno_console_backend_key (backend, 0x1e, GDK_KEY_A, TRUE);
  g_assert_cmphex (xeno_backend_fake_get_keyval (XENO_BACKEND_FAKE (backend)), ==, GDK_KEY_a);
  xeno_console_backend_key (backend, 0x1e, GDK_KEY_A, FALSE);
  g_assert_cmphex (xeno_backend_fake_get_keyval (XENO_BACKEND_FAKE (backend)), ==, GDK_KEY_a);
  xeno_console_backend_key (backend, 0x1e, GDK_KEY_A, TRUE);
  g_assert_cmphex (xeno_backend_fake_get_keyval (XENO_BACKEND_FAKE (backend)), ==, GDK_KEY_A);
}

/* Layouts by name */

static const char *
find_label (GListModel *names,
            const char *name)
{
  for (guint i = 0; i < g_list_model_get_n_items (names); i++)
    {
      g_autoptr (XenoLayoutName) item = g_list_model_get_item (names, i);

      if (g_str_equal (xeno_layout_name_get_name (item), name))
        return xeno_layout_name_get_label (item);
    }
  return NULL;
}

static void
test_layouts_are_known_by_name_with_their_variants (void)
{
  g_autoptr (GListModel) names = xeno_layout_list_new ();
  g_autofree char *label = xeno_layout_dup_label ("de+nodeadkeys");
  g_autofree char *unknown = xeno_layout_dup_label ("nowhere+never");

  g_assert_cmpstr (find_label (names, "de"), ==, "German");
  g_assert_cmpstr (find_label (names, "fr+bepo"), !=, NULL);
  g_assert_cmpstr (find_label (names, "de+nodeadkeys"), ==, label);
  g_assert_cmpstr (label, ==, "German (no dead keys)");
  g_assert_cmpstr (unknown, ==, "nowhere+never");
}

/* Combinations of one's own */

static void
test_own_combinations_are_kept (void)
{
  static const guint keys[] = { 0x1d, 0x38, 0x3b };
  g_autoptr (GSettingsBackend) memory = g_memory_settings_backend_new ();
  g_autoptr (GSettings) settings = g_settings_new_with_backend (XENO_APP_ID, memory);
  g_autoptr (GListStore) store = g_list_store_new (XENO_TYPE_OWN_COMBINATION);
  g_autoptr (XenoOwnCombination) combination = xeno_own_combination_new ("First\nscreen", keys, G_N_ELEMENTS (keys));
  g_autoptr (XenoOwnCombination) first = NULL;
  g_autoptr (GListModel) loaded = NULL;
  g_autoptr (GVariant) variant = NULL;
  g_autofree char *text = NULL;

  g_list_store_append (store, combination);
  xeno_own_combination_store (settings, G_LIST_MODEL (store));
  loaded = xeno_own_combination_load (settings);
  g_assert_cmpuint (g_list_model_get_n_items (loaded), ==, 1);
  first = g_list_model_get_item (loaded, 0);
  g_assert_null (strchr (xeno_own_combination_get_name (first), '\n'));
  variant = g_variant_ref_sink (xeno_own_combination_to_variant (first));
  text = g_variant_print (variant, FALSE);
  g_assert_cmpstr (text, ==, "[29, 56, 59]");
}

static void
test_settings_that_are_no_combination_are_left_out (void)
{
  g_autoptr (GSettingsBackend) memory = g_memory_settings_backend_new ();
  g_autoptr (GSettings) settings = g_settings_new_with_backend (XENO_APP_ID, memory);
  g_autoptr (GListModel) loaded = NULL;

  g_settings_set_value (settings, "console-combinations",
                        g_variant_new_parsed ("[('none', @au []), ('zero', [0]), ('high', [256]),"
                                              " ('many', [1, 2, 3, 4, 5, 6, 7]), ('good', [1])]"));
  loaded = xeno_own_combination_load (settings);
  g_assert_cmpuint (g_list_model_get_n_items (loaded), ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xeno/wheel/adds-fractions-up", test_wheel_adds_fractions_up);
  g_test_add_func ("/xeno/wheel/turns-back-at-once", test_wheel_turns_back_at_once);
  g_test_add_func ("/xeno/wheel/floods-nobody", test_wheel_floods_nobody);
  g_test_add_func ("/xeno/touch/a-tap-is-a-click", test_a_tap_is_a_click);
  g_test_add_func ("/xeno/touch/a-moved-finger-drags", test_a_moved_finger_drags);
  g_test_add_func ("/xeno/touch/a-long-press-is-the-right-button", test_a_long_press_is_the_right_button);
  g_test_add_func ("/xeno/touch/two-fingers-scroll", test_two_fingers_scroll);
  g_test_add_func ("/xeno/layout/knows-its-keys", test_a_layout_knows_its_keys);
  g_test_add_func ("/xeno/layout/says-what-it-lacks", test_a_layout_says_what_it_lacks);
  g_test_add_func ("/xeno/typist/types-a-text", test_a_text_is_typed);
  g_test_add_func ("/xeno/typist/a-fast-keyboard-is-typed-on-faster", test_a_fast_keyboard_is_typed_on_faster);
  g_test_add_func ("/xeno/typist/knows-how-fast-a-machine-takes-keys", test_a_machine_says_how_fast_it_takes_keys);
  g_test_add_func ("/xeno/console-backend/a-repeat-means-what-its-press-meant",
                   test_a_repeat_means_what_its_press_meant);
  g_test_add_func ("/xeno/layout/is-known-by-name-with-its-variants",
                   test_layouts_are_known_by_name_with_their_variants);
  g_test_add_func ("/xeno/typist/is-cancelled", test_typing_is_cancelled);
  g_test_add_func ("/xeno/typist/ends-with-the-display", test_typing_ends_with_the_display);
  g_test_add_func ("/xeno/own-combination/is-kept", test_own_combinations_are_kept);
  g_test_add_func ("/xeno/own-combination/leaves-out-what-is-none",
                   test_settings_that_are_no_combination_are_left_out);

  return g_test_run ();
}
