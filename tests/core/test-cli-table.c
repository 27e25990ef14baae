/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables of the command: columns stand, and fit the terminal. */
#include "config.h"

#include "cli/xeno-cli-output.h"

static void
assert_table (guint       max_width,
              const char *expected)
{
  static const char * const titles[] = { "NAME", "STATE", "TITLE", NULL };
  g_autoptr (XenoCliTable) table = xeno_cli_table_new (titles);
  g_autofree char *text = NULL;

  xeno_cli_table_add (table, "a", "Running", "日本語の機械", NULL);
  xeno_cli_table_add (table, "a-long-name-here", "Off", "", NULL);
  text = xeno_cli_table_format (table, max_width);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_columns (void)
{
  assert_table (G_MAXUINT,
                "NAME              STATE    TITLE\n"
                "a                 Running  日本語の機械\n"
                "a-long-name-here  Off      \n");
}

static void
test_narrow (void)
{
  assert_table (30,
                "NAME       STATE    TITLE\n"
                "a          Running  日本語の…\n"
                "a-long-n…  Off      \n");
}

static void
test_too_narrow (void)
{
  assert_table (3,
                "NAME      STATE    TITLE\n"
                "a         Running  日本語…\n"
                "a-long-…  Off      \n");
}

static void
test_empty (void)
{
  static const char * const titles[] = { "NAME", NULL };
  g_autoptr (XenoCliTable) table = xeno_cli_table_new (titles);
  g_autofree char *text = xeno_cli_table_format (table, 80);

  g_assert_cmpstr (text, ==, "NAME\n");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xeno/cli-table/columns-stand-below-each-other", test_columns);
  g_test_add_func ("/xeno/cli-table/the-widest-column-gives-way", test_narrow);
  g_test_add_func ("/xeno/cli-table/columns-keep-a-least-width", test_too_narrow);
  g_test_add_func ("/xeno/cli-table/no-machine-is-a-line-of-titles", test_empty);

  return g_test_run ();
}
