/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text and amounts: nothing dangerous gets through, and machines read the same in every locale. */
#include "config.h"

#include <locale.h>
#include <string.h>

#include "base/xeno-error.h"
#include "base/xeno-panic.h"
#include "base/xeno-text.h"
#include "base/xeno-units.h"

static const char * const locales[] = { "C", "de_DE.UTF-8", "tr_TR.UTF-8", "he_IL.UTF-8" };

static void
use_locale (const char *name)
{
  if (setlocale (LC_ALL, name) == NULL)
    g_error ("The locale %s is not there", name);
}

static void
test_clean (void)
{
  static const struct
  {
    const char *text;
    guint       max_chars;
    const char *clean;
  } cases[] = {
    { NULL, 10, "" },
    { "", 10, "" },
    { "plain", 10, "plain" },
    { "  both ends  ", 20, "both ends" },
    { "two\r\nlines\tand", 20, "two lines and" },
    { "\033[31mred\033[0m", 20, "[31mred[0m" },
    { "\033]0;title\007", 20, "]0;title" },
    { "a\xc2\x9b" "b", 20, "ab" },
    { "a\x7f\x01" "b", 20, "ab" },
    { "bad\xff\xfe", 20, "bad\ufffd\ufffd" },
    { "\xed\xa0\x80", 20, "\ufffd\ufffd\ufffd" },
    { "user\u202egpj.exe", 20, "usergpj.exe" },
    { "\u2066a\u2069\ufeff\u200b", 20, "a" },
    { "می‌خواهم", 20, "می‌خواهم" },
    { "👩‍👩‍👧", 20, "👩‍👩‍👧" },
    { "e\u0301", 20, "é" },
    { "<b>&amp;%s$(x)", 20, "<b>&amp;%s$(x)" },
    { "a\u2028b\u2029c", 20, "abc" },
    { "a\uffffb\U0001ffffc", 20, "abc" },
    { "abcdef", 6, "abcdef" },
    { "abcdefg", 6, "abcde…" },
    { "äöüäöüä", 6, "äöüäö…" },
    { "ab", 1, "…" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *clean = xeno_text_clean (cases[i].text, -1, cases[i].max_chars);
      g_autofree char *again = xeno_text_clean (clean, -1, cases[i].max_chars);

      g_assert_cmpstr (clean, ==, cases[i].clean);
      g_assert_cmpstr (again, ==, cases[i].clean);
    }
}

static void
test_clean_length (void)
{
  g_autofree char *part = xeno_text_clean ("abcdef", 3, 10);
  g_autofree char *cut = xeno_text_clean ("ab\xc3\xa4", 3, 10);
  g_autofree char *with_zero = xeno_text_clean ("a\0b", 3, 10);

  g_assert_cmpstr (part, ==, "abc");
  g_assert_cmpstr (cut, ==, "ab\ufffd");
  g_assert_cmpstr (with_zero, ==, "a\ufffdb");
}

static void
test_clean_random (void)
{
  for (guint round = 0; round < 20000; round++)
    {
      guint8 bytes[40];
      g_autofree char *clean = NULL;

      for (guint i = 0; i < sizeof bytes; i++)
        bytes[i] = g_test_rand_int ();
      clean = xeno_text_clean ((char *) bytes, sizeof bytes, 20);
      g_assert_true (xeno_text_is_plain (clean));
      g_assert_cmpint (g_utf8_strlen (clean, -1), <=, 20);
    }
}

static void
test_plain (void)
{
  static const char * const refused[] = {
    "\n", "\t", "\r", "\x01", "\x1b", "\x7f", "\xc2\x80", "\xff", "\xed\xa0\x80", "\uffff", "\ufffe",
  };
  static const char * const accepted[] = { "", "a", "ä 日本語", "👩‍👩‍👧", "\u202e", "\ufffd", "\ue000" };

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    g_assert_false (xeno_text_is_plain (refused[i]));
  for (guint i = 0; i < G_N_ELEMENTS (accepted); i++)
    g_assert_true (xeno_text_is_plain (accepted[i]));
}

static void
test_parse (gconstpointer data)
{
  static const struct
  {
    const char *text;
    guint64     bytes;
  } cases[] = {
    { "0", 0 },
    { "1", 1 },
    { "512", 512 },
    { "1k", 1024 },
    { "1K", 1024 },
    { "2G", G_GUINT64_CONSTANT (2) << 30 },
    { "2g", G_GUINT64_CONSTANT (2) << 30 },
    { "2GB", G_GUINT64_CONSTANT (2) << 30 },
    { "2GiB", G_GUINT64_CONSTANT (2) << 30 },
    { "2 gib", G_GUINT64_CONSTANT (2) << 30 },
    { "512M", G_GUINT64_CONSTANT (512) << 20 },
    { "512MiB", G_GUINT64_CONSTANT (512) << 20 },
    { "1.5g", G_GUINT64_CONSTANT (3) << 29 },
    { "1T", G_GUINT64_CONSTANT (1) << 40 },
    { "1P", G_GUINT64_CONSTANT (1) << 50 },
    { "1E", G_GUINT64_CONSTANT (1) << 60 },
    { "7b", 7 },
  };
  static const char * const bad[] = {
    "", " ", "-1", "-1G", "+1", "G", "1X", "1GG", "1 G x", "0x10", "1,5G", "nan", "inf", "1e400",
    "8E", "16EiB", "18446744073709551616", "1GiBB", "٣G", "1.2.3G",
  };

  use_locale (data);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      guint64 bytes = 42;

      xeno_units_parse_size (cases[i].text, &bytes, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (bytes, ==, cases[i].bytes);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      guint64 bytes = 42;

      if (xeno_units_parse_size (bad[i], &bytes, &error))
        g_error ("“%s” was read as %" G_GUINT64_FORMAT, bad[i], bytes);
      g_assert_error (error, XENO_ERROR, XENO_ERROR_INVALID);
      g_assert_cmpuint (bytes, ==, 42);
    }
  use_locale ("C");
}

static void
test_format (void)
{
  g_autofree char *size = NULL;
  g_autofree char *rate = NULL;
  g_autofree char *percent = NULL;
  g_autofree char *german = NULL;

  use_locale ("C");
  size = xeno_units_format_size (G_GUINT64_CONSTANT (3) << 29);
  rate = xeno_units_format_rate (3.2 * 1024 * 1024);
  percent = xeno_units_format_percent (12.4);
  g_assert_true (g_str_has_prefix (size, "1.5"));
  g_assert_nonnull (strstr (size, "GiB"));
  g_assert_true (g_str_has_prefix (rate, "3.2"));
  g_assert_nonnull (strstr (rate, "MiB/s"));
  g_assert_cmpstr (percent, ==, "12 %");

  use_locale ("de_DE.UTF-8");
  german = xeno_units_format_size (G_GUINT64_CONSTANT (3) << 29);
  g_assert_true (g_str_has_prefix (german, "1,5"));
  use_locale ("C");
}

static void
test_duration (void)
{
  static const struct
  {
    guint64     seconds;
    const char *text;
  } cases[] = {
    { 0, "0 seconds" },
    { 1, "1 second" },
    { 59, "59 seconds" },
    { 60, "1 minute" },
    { 3599, "59 minutes" },
    { 3600, "1 hour" },
    { 86399, "23 hours" },
    { 86400, "1 day" },
    { 86400 * 400, "400 days" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = xeno_units_format_duration (cases[i].seconds);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_panics_are_read (void)
{
  static const struct
  {
    const char    *text;
    XenoPanicNews  news;
    const char    *words; /* of the panic, or NULL */
  } cases[] = {
    { "[    1.234567] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\r\n",
      XENO_PANIC_PANICKED, "VFS: Unable to mount root fs on unknown-block(0,0)" },
    { "[   12.345678][    T1] Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100\n",
      XENO_PANIC_PANICKED, "Attempted to kill init! exitcode=0x00000100" },
    { "<0>[    1.000000] Kernel panic - not syncing: x\n", XENO_PANIC_PANICKED, "x" },
    { "Kernel panic - not syncing: no time before it\n", XENO_PANIC_PANICKED, "no time before it" },
    { "[    1.000000] Kernel panic - not syncing\n", XENO_PANIC_PANICKED, "Kernel panic - not syncing" },
    { "/ # [   99.000001] Kernel panic - not syncing: sysrq triggered crash\r\n", XENO_PANIC_PANICKED,
      "sysrq triggered crash" },
    { "a\nb\n[    1.000000] Kernel panic - not syncing: <b>&amp;\033[31m\xff\n", XENO_PANIC_PANICKED,
      "<b>&amp;[31m\ufffd" },
    { "[    1.000000] ---[ end Kernel panic - not syncing: x ]---\n", XENO_PANIC_NOTHING, NULL },
    { "say: Kernel panic - not syncing: x\n", XENO_PANIC_NOTHING, NULL },
    { "[    1.000000] Kernel panic - not syncing: no end of the line", XENO_PANIC_NOTHING, NULL },
    { "[    1.000000] a kernel panic is what it is not\n", XENO_PANIC_NOTHING, NULL },
    { "[    0.000000] Linux version 6.1.0-56-amd64 (x) #1 SMP\r\n", XENO_PANIC_BEGUN, NULL },
    { "[    1.000000] Kernel panic - not syncing: x\n\n[    0.000000] Linux version 6.1\n", XENO_PANIC_BEGUN, NULL },
    { "[    0.000000] Linux version 6.1\n[    1.000000] Kernel panic - not syncing: y\n", XENO_PANIC_PANICKED, "y" },
    { "The Linux version 6.1 is old\n", XENO_PANIC_NOTHING, NULL },
    { "", XENO_PANIC_NOTHING, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (XenoPanicReader) whole = xeno_panic_reader_new ();
      g_autoptr (XenoPanicReader) slow = xeno_panic_reader_new ();
      gsize length = strlen (cases[i].text);
      XenoPanicNews last = XENO_PANIC_NOTHING;

      g_test_message ("%" G_GSIZE_FORMAT, i);
      g_assert_cmpint (xeno_panic_reader_feed (whole, cases[i].text, length), ==, cases[i].news);
      g_assert_cmpstr (xeno_panic_reader_get_text (whole), ==, cases[i].words);

      /* As it comes from a slow port. */
      for (gsize j = 0; j < length; j++)
        {
          XenoPanicNews news = xeno_panic_reader_feed (slow, cases[i].text + j, 1);

          last = news != XENO_PANIC_NOTHING ? news : last;
        }
      g_assert_cmpint (last, ==, cases[i].news);
      g_assert_cmpstr (xeno_panic_reader_get_text (slow), ==, cases[i].words);
    }
}

/* A guest writes what it likes, as long as it likes. */
static void
test_panics_are_bounded (void)
{
  g_autoptr (XenoPanicReader) reader = xeno_panic_reader_new ();
  g_autoptr (GString) flood = g_string_new ("[    1.000000] Kernel panic - not syncing: ");
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (guint i = 0; i < 100000; i++)
    g_string_append_c (flood, 'x');
  g_string_append_c (flood, '\n');
  g_assert_cmpint (xeno_panic_reader_feed (reader, flood->str, flood->len), ==, XENO_PANIC_PANICKED);
  g_assert_cmpuint (strlen (xeno_panic_reader_get_text (reader)), <=, 210);

  for (guint i = 0; i < 100000; i++)
    flood->str[i % flood->len] = (char) g_rand_int (random);
  xeno_panic_reader_feed (reader, flood->str, flood->len);
  xeno_panic_reader_reset (reader);
  g_assert_null (xeno_panic_reader_get_text (reader));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xeno/text/nothing-dangerous-gets-through", test_clean);
  g_test_add_func ("/xeno/text/a-length-is-kept-to", test_clean_length);
  g_test_add_func ("/xeno/text/random-bytes-become-plain-text", test_clean_random);
  g_test_add_func ("/xeno/text/what-a-document-can-hold-is-known", test_plain);
  g_test_add_func ("/xeno/panic/what-a-kernel-says-is-read", test_panics_are_read);
  g_test_add_func ("/xeno/panic/a-flood-leaves-a-line", test_panics_are_bounded);
  for (guint i = 0; i < G_N_ELEMENTS (locales); i++)
    {
      g_autofree char *path = g_strconcat ("/xeno/units/sizes-are-read-the-same-in-", locales[i], NULL);

      g_test_add_data_func (path, locales[i], test_parse);
    }
  g_test_add_func ("/xeno/units/amounts-are-written-for-people", test_format);
  g_test_add_func ("/xeno/units/a-duration-is-in-its-largest-unit", test_duration);

  return g_test_run ();
}
