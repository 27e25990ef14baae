/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The clipboard between desktop and guest: what passes when, and what never does. */
#include "config.h"

#include <string.h>

#include "console/xeno-clipboard.h"
#include "support/xeno-guest-fake.h"
#include "support/xeno-test.h"

#define TEXT "1"

/* What GTK can write a picture as. */
#define ALL_PICTURES "grab 30\n"

#define CLIPBOARD_ABILITIES (XENO_DISPLAY_ABILITY_TEXT | XENO_DISPLAY_ABILITY_PICTURES)

typedef struct
{
  GdkClipboard  *desktop;
  XenoGuest     *guest;
  XenoClipboard *clipboard;
  GString       *notes;
  const char    *expected;
} Fixture;

/* What the X server still has to say about clipboards of before must not count. */
static void
empty_desktop (Fixture *fixture)
{
  gdk_clipboard_set_content (fixture->desktop, NULL);
  gdk_display_sync (gdk_display_get_default ());
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->desktop = gdk_display_get_clipboard (gdk_display_get_default ());
  empty_desktop (fixture);
  fixture->guest = xeno_guest_fake_new ();
  xeno_guest_set_abilities (fixture->guest, CLIPBOARD_ABILITIES);
  fixture->clipboard = xeno_clipboard_new (fixture->desktop);
  xeno_clipboard_set_guest (fixture->clipboard, fixture->guest);
  fixture->notes = g_string_new (NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  empty_desktop (fixture);
  g_assert_finalize_object (fixture->clipboard);
  g_assert_finalize_object (fixture->guest);
  g_string_free (fixture->notes, TRUE);
}

static void
use (Fixture             *fixture,
     XenoClipboardPolicy  policy)
{
  xeno_clipboard_set_policy (fixture->clipboard, policy);
  xeno_clipboard_set_active (fixture->clipboard, TRUE);
}

static void
gather (Fixture *fixture)
{
  g_autofree char *notes = xeno_guest_fake_take_notes (XENO_GUEST_FAKE (fixture->guest));

  g_string_append (fixture->notes, notes);
}

static void
assert_notes (Fixture    *fixture,
              const char *expected)
{
  gather (fixture);
  g_assert_cmpstr (fixture->notes->str, ==, expected);
  g_string_set_size (fixture->notes, 0);
}

static gboolean
has_noted (gpointer data)
{
  Fixture *fixture = data;

  gather (fixture);
  return strstr (fixture->notes->str, fixture->expected) != NULL;
}

static void
await_note (Fixture    *fixture,
            const char *expected)
{
  fixture->expected = expected;
  xeno_test_until (has_noted, fixture);
  g_string_set_size (fixture->notes, 0);
}

/* What the guest gets when it asks. */
static GBytes *
ask (Fixture  *fixture,
     guint     form,
     GError  **error)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GTask) task = g_task_new (NULL, NULL, xeno_test_result_cb, &pending);
  g_autoptr (GAsyncResult) result = NULL;

  xeno_guest_ask (fixture->guest, form, task);
  result = xeno_test_await (&pending);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
assert_guest_gets (Fixture    *fixture,
                   const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) content = ask (fixture, XENO_DISPLAY_FORM_TEXT, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (content, NULL), g_bytes_get_size (content), expected, strlen (expected));
}

static void
assert_guest_gets_nothing (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) content = ask (fixture, XENO_DISPLAY_FORM_TEXT, &error);

  g_assert_null (content);
  g_assert_nonnull (error);
}

static char *
paste (Fixture  *fixture,
       GError  **error)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  gdk_clipboard_read_text_async (fixture->desktop, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  return gdk_clipboard_read_text_finish (fixture->desktop, result, error);
}

static gboolean
is_empty (gpointer data)
{
  return gdk_clipboard_get_content (data) == NULL;
}

static void
make_guest_copy (Fixture    *fixture,
                 const char *text)
{
  g_autoptr (GBytes) content = g_bytes_new (text, strlen (text));

  xeno_guest_fake_set_content (XENO_GUEST_FAKE (fixture->guest), content);
  xeno_guest_emit_grabbed (fixture->guest, XENO_DISPLAY_FORM_TEXT);
}

static gboolean
has_text (gpointer data)
{
  return gdk_content_formats_contain_mime_type (gdk_clipboard_get_formats (data), "text/plain;charset=utf-8");
}

static void
test_gives_text_to_the_guest (Fixture       *fixture,
                              gconstpointer  data)
{
  use (fixture, XENO_CLIPBOARD_TO_GUEST);
  gdk_clipboard_set_text (fixture->desktop, "Grüße");
  await_note (fixture, "grab " TEXT "\n");
  assert_guest_gets (fixture, "Grüße");
}

static void
test_gives_pictures_to_the_guest (Fixture       *fixture,
                                  gconstpointer  data)
{
  static const guint32 pixels[4] = { 0xff0000ff, 0xff00ff00, 0xffff0000, 0xffffffff };
  g_autoptr (GBytes) bytes = g_bytes_new_static (pixels, sizeof pixels);
  g_autoptr (GdkTexture) texture = gdk_memory_texture_new (2, 2, GDK_MEMORY_DEFAULT, bytes, 8);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GdkTexture) got = NULL;

  use (fixture, XENO_CLIPBOARD_TO_GUEST);
  gdk_clipboard_set_texture (fixture->desktop, texture);
  await_note (fixture, ALL_PICTURES);
  content = ask (fixture, XENO_DISPLAY_FORM_PNG, &error);
  g_assert_no_error (error);
  got = gdk_texture_new_from_bytes (content, &error);
  g_assert_no_error (error);
  g_assert_cmpint (gdk_texture_get_width (got), ==, 2);
}

static void
test_offers_only_what_the_guest_takes (Fixture       *fixture,
                                       gconstpointer  data)
{
  xeno_guest_set_abilities (fixture->guest, XENO_DISPLAY_ABILITY_PICTURES);
  use (fixture, XENO_CLIPBOARD_BOTH);
  gdk_clipboard_set_text (fixture->desktop, "text");
  assert_notes (fixture, "");
  assert_guest_gets_nothing (fixture);
  xeno_guest_set_abilities (fixture->guest, CLIPBOARD_ABILITIES);
  await_note (fixture, "grab " TEXT "\n");
}

static void
test_takes_text_of_the_guest (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  use (fixture, XENO_CLIPBOARD_FROM_GUEST);
  make_guest_copy (fixture, "aus dem Gast");
  xeno_test_until (has_text, fixture->desktop);
  assert_notes (fixture, "");
  text = paste (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "aus dem Gast");
  assert_notes (fixture, "request " TEXT "\n");

  xeno_guest_emit_grabbed (fixture->guest, 0);
  xeno_test_until (is_empty, fixture->desktop);
}

static void
test_gives_the_guest_nothing_of_its_own (Fixture       *fixture,
                                         gconstpointer  data)
{
  use (fixture, XENO_CLIPBOARD_BOTH);
  make_guest_copy (fixture, "mine");
  xeno_test_until (has_text, fixture->desktop);
  assert_guest_gets_nothing (fixture);
  assert_notes (fixture, "");
}

static void
test_passes_nothing_when_it_is_off (Fixture       *fixture,
                                    gconstpointer  data)
{
  use (fixture, XENO_CLIPBOARD_OFF);
  gdk_clipboard_set_text (fixture->desktop, "secret");
  assert_guest_gets_nothing (fixture);
  make_guest_copy (fixture, "from the guest");
  assert_notes (fixture, "");
  g_assert_false (is_empty (fixture->desktop));
}

static void
test_passes_one_way_only (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  gdk_clipboard_set_text (fixture->desktop, "of the desktop");
  use (fixture, XENO_CLIPBOARD_TO_GUEST);
  make_guest_copy (fixture, "of the guest");
  text = paste (fixture, &error);
  g_assert_cmpstr (text, ==, "of the desktop");
  assert_notes (fixture, "grab " TEXT "\n");

  use (fixture, XENO_CLIPBOARD_FROM_GUEST);
  assert_notes (fixture, "grab 0\n");
  assert_guest_gets_nothing (fixture);
}

/* A guest nobody is at. */
static void
test_passes_nothing_while_nobody_is_there (Fixture       *fixture,
                                           gconstpointer  data)
{
  use (fixture, XENO_CLIPBOARD_BOTH);
  gdk_clipboard_set_text (fixture->desktop, "harmless");
  await_note (fixture, "grab " TEXT "\n");

  xeno_clipboard_set_active (fixture->clipboard, FALSE);
  assert_guest_gets_nothing (fixture);
  make_guest_copy (fixture, "from the guest");
  g_assert_true (has_text (fixture->desktop));
  gdk_clipboard_set_text (fixture->desktop, "password");
  await_note (fixture, "grab 0\n");
  assert_guest_gets_nothing (fixture);

  xeno_clipboard_set_active (fixture->clipboard, TRUE);
  assert_notes (fixture, "grab " TEXT "\n");
  assert_guest_gets (fixture, "password");
}

static void
test_takes_back_what_may_not_pass_any_more (Fixture       *fixture,
                                            gconstpointer  data)
{
  use (fixture, XENO_CLIPBOARD_BOTH);
  make_guest_copy (fixture, "from the guest");
  xeno_test_until (has_text, fixture->desktop);
  xeno_clipboard_set_policy (fixture->clipboard, XENO_CLIPBOARD_TO_GUEST);
  g_assert_true (is_empty (fixture->desktop));
}

static void
changed_cb (guint *n_changes)
{
  ++*n_changes;
}

static gboolean
has_last_text (gpointer data)
{
  g_autofree char *text = paste (data, NULL);

  return g_strcmp0 (text, "the last") == 0;
}

/* However often it grabs, the desktop's clipboard changes twice a second at most, to the last. */
static void
test_is_not_flooded (Fixture       *fixture,
                     gconstpointer  data)
{
  guint n_changes = 0;
  gint64 begin = g_get_monotonic_time ();
  guint most;
  gulong id = g_signal_connect_swapped (fixture->desktop, "changed", G_CALLBACK (changed_cb), &n_changes);

  use (fixture, XENO_CLIPBOARD_BOTH);
  for (guint i = 0; i < 10000; i++)
    {
      xeno_guest_emit_grabbed (fixture->guest, i % 2 == 0 ? XENO_DISPLAY_FORM_PNG : 0);
      g_main_context_iteration (NULL, FALSE);
    }
  make_guest_copy (fixture, "the last");
  xeno_test_until (has_last_text, fixture);
  most = 2 + 2 * (g_get_monotonic_time () - begin) / G_USEC_PER_SEC;
  g_assert_cmpuint (n_changes, <=, most);
  g_signal_handler_disconnect (fixture->desktop, id);
}

static void
test_gives_no_more_than_a_guest_can_bear (Fixture       *fixture,
                                          gconstpointer  data)
{
  g_autofree char *most = g_strnfill (XENO_DISPLAY_MAX_TEXT, 'x');
  g_autofree char *too_much = g_strnfill (XENO_DISPLAY_MAX_TEXT + 1, 'x');

  use (fixture, XENO_CLIPBOARD_BOTH);
  gdk_clipboard_set_text (fixture->desktop, most);
  await_note (fixture, "grab " TEXT "\n");
  assert_guest_gets (fixture, most);

  gdk_clipboard_set_text (fixture->desktop, too_much);
  await_note (fixture, "grab " TEXT "\n");
  assert_guest_gets_nothing (fixture);
}

static void
test_lets_go_when_the_guest_is_gone (Fixture       *fixture,
                                     gconstpointer  data)
{
  use (fixture, XENO_CLIPBOARD_BOTH);
  make_guest_copy (fixture, "x");
  xeno_test_until (has_text, fixture->desktop);
  xeno_clipboard_set_guest (fixture->clipboard, NULL);
  g_assert_true (is_empty (fixture->desktop));
  xeno_clipboard_set_guest (fixture->clipboard, fixture->guest);
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *sentence;
    void      (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "gives-text-to-the-guest", test_gives_text_to_the_guest },
    { "gives-pictures-to-the-guest", test_gives_pictures_to_the_guest },
    { "offers-only-what-the-guest-takes", test_offers_only_what_the_guest_takes },
    { "takes-text-of-the-guest", test_takes_text_of_the_guest },
    { "gives-the-guest-nothing-of-its-own", test_gives_the_guest_nothing_of_its_own },
    { "passes-nothing-when-it-is-off", test_passes_nothing_when_it_is_off },
    { "passes-one-way-only", test_passes_one_way_only },
    { "passes-nothing-while-nobody-is-there", test_passes_nothing_while_nobody_is_there },
    { "takes-back-what-may-not-pass-any-more", test_takes_back_what_may_not_pass_any_more },
    { "is-not-flooded", test_is_not_flooded },
    { "gives-no-more-than-a-guest-can-bear", test_gives_no_more_than_a_guest_can_bear },
    { "lets-go-when-the-guest-is-gone", test_lets_go_when_the_guest_is_gone },
  };

  gtk_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/xeno/clipboard/", tests[i].sentence, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].func, tear_down);
    }
  return g_test_run ();
}
