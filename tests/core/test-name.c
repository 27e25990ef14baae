/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names and titles: any script works, nothing dangerous does. */
#include "config.h"

#include <locale.h>

#include "base/xeno-error.h"
#include "spec/xeno-name.h"

static void
test_good_titles (void)
{
  static const char * const good[] = {
    "Debian", "a", "日本語", "Москва 12", "مرحبا", "می‌خواهم", "👩‍👩‍👧", "<b>&\"'", "%s%n", "$(x)`y`",
    "-rf", "...", ". .", "Hosts", "host 2", "12345", "6695eb01-f6a4-8304-79aa-97f2502e193f",
    "a\\b", "“quoted”",
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;

      xeno_name_check_title (good[i], &error);
      g_assert_no_error (error);
    }
}

static void
test_bad_titles (void)
{
  g_autofree char *long_title = g_strnfill (101, 'x');
  const char *bad[] = {
    "", " ", "\u00a0", "\u200d", ".", "..", "/", "a/b", "../../x", " a", "a ", "\u3000a", "a\nb",
    "a\tb", "\033[31m", "a\u202eb", "\u2066a\u2069", "a\u200bb", "a\ufeffb", "\xff", "a\xc3", "host",
    "HOST", "All", "self", "a\u2028b", "a\x7f", long_title,
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      if (xeno_name_check_title (bad[i], &error))
        g_error ("“%s” (%u) was not refused", bad[i], i);
      g_assert_error (error, XENO_ERROR, XENO_ERROR_INVALID);
    }
}

static void
test_longest_title (void)
{
  g_autoptr (GString) title = g_string_new (NULL);

  for (guint i = 0; i < XENO_TITLE_MAX_CHARS; i++)
    g_string_append (title, "語");
  g_assert_true (xeno_name_check_title (title->str, NULL));
}

static void
test_slugs (void)
{
  static const struct
  {
    const char *title;
    const char *slug;
  } cases[] = {
    { "Debian 12", "Debian-12" },
    { "Größe Ångström", "Grosse-Angstrom" },
    { "łódź", "lodz" },
    { "ubuntu-22.04 LTS", "ubuntu-22.04-LTS" },
    { "Ubuntu 日本語 22.04!", "Ubuntu-22.04" },
    { "日本語", "machine" },
    { "Москва", "machine" },
    { "", "machine" },
    { "..", "machine" },
    { "../../etc/passwd", "etc-passwd" },
    { ".hidden", "hidden" },
    { "-rf", "rf" },
    { "a_b.c-", "a_b.c" },
    { "a -- b", "a-b" },
    { "Host!", "machine-Host" },
    { "all", "machine-all" },
    { "$(reboot)`x`;", "reboot-x" },
    { "a\xff" "b", "a-b" },
    { "I\u0307stanbul ıi", "Istanbul-i-i" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *slug = xeno_name_make_slug (cases[i].title);

      if (i + 1 < G_N_ELEMENTS (cases))
        g_assert_cmpstr (slug, ==, cases[i].slug);
      g_assert_true (xeno_name_is_slug (slug));
    }
}

static void
test_long_slug (void)
{
  g_autofree char *title = g_strnfill (5000, 'x');
  g_autofree char *cut_at_mark = NULL;
  g_autofree char *slug = xeno_name_make_slug (title);
  g_autofree char *other = NULL;

  g_assert_cmpuint (strlen (slug), ==, XENO_NAME_MAX_BYTES);
  g_assert_true (xeno_name_is_slug (slug));
  title[XENO_NAME_MAX_BYTES - 1] = ' ';
  other = xeno_name_make_slug (title);
  g_assert_true (xeno_name_is_slug (other));
}

static void
test_is_slug (void)
{
  static const char * const bad[] = {
    "", ".", "..", ".a", "-a", "_a", "a b", "a/b", "ä", "host", "Self", "a\n",
    "123456789012345678901234567890123456789012345678901",
  };

  g_assert_true (xeno_name_is_slug ("a"));
  g_assert_true (xeno_name_is_slug ("9.-_Z"));
  g_assert_true (xeno_name_is_slug ("12345678901234567890123456789012345678901234567890"));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (xeno_name_is_slug (bad[i]));
}

static gboolean
is_taken (const char *name,
          gpointer    user_data)
{
  return g_strv_contains (user_data, name);
}

static gboolean
is_taken_until (const char *name,
                gpointer    user_data)
{
  guint *left = user_data;

  return (*left)-- > 0;
}

static void
test_unique (void)
{
  const char *taken[] = { "a", "a-2", "b", NULL };
  g_autofree char *a = xeno_name_make_unique ("a", "-", is_taken, taken);
  g_autofree char *b = xeno_name_make_unique ("b", " ", is_taken, taken);
  g_autofree char *c = xeno_name_make_unique ("c", "-", is_taken, taken);
  g_autofree char *d = xeno_name_make_unique ("a", "-", NULL, NULL);

  g_assert_cmpstr (a, ==, "a-3");
  g_assert_cmpstr (b, ==, "b 2");
  g_assert_cmpstr (c, ==, "c");
  g_assert_cmpstr (d, ==, "a");
}

static void
test_unique_and_long (void)
{
  g_autofree char *name = g_strnfill (XENO_NAME_MAX_BYTES, 'x');
  g_autoptr (GString) title = g_string_new (NULL);
  g_autofree char *slug = NULL;
  g_autofree char *unique_title = NULL;
  guint left = 1000;

  slug = xeno_name_make_unique (name, "-", is_taken_until, &left);
  g_assert_true (xeno_name_is_slug (slug));
  g_assert_true (g_str_has_suffix (slug, "x-1001"));

  for (guint i = 0; i < XENO_TITLE_MAX_CHARS; i++)
    g_string_append (title, "語");
  left = 1;
  unique_title = xeno_name_make_unique (title->str, " ", is_taken_until, &left);
  g_assert_true (xeno_name_check_title (unique_title, NULL));
  g_assert_true (g_str_has_suffix (unique_title, "語 2"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xeno/name/titles-of-every-script-are-welcome", test_good_titles);
  g_test_add_func ("/xeno/name/titles-nobody-can-read-are-refused", test_bad_titles);
  g_test_add_func ("/xeno/name/a-title-counts-characters-not-bytes", test_longest_title);
  g_test_add_func ("/xeno/name/every-title-gives-a-slug", test_slugs);
  g_test_add_func ("/xeno/name/a-slug-is-bounded", test_long_slug);
  g_test_add_func ("/xeno/name/what-is-no-slug-is-known", test_is_slug);
  g_test_add_func ("/xeno/name/a-taken-name-gets-a-number", test_unique);
  g_test_add_func ("/xeno/name/a-number-does-not-make-it-too-long", test_unique_and_long);

  return g_test_run ();
}
