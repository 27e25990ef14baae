/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What somebody may have meant who mistyped. */
#include <glib.h>

#include "base/xeno-nearest.h"

static const char * const words[] = { "start", "stop", "reset", "restore", "web", "日本語", NULL };

static const struct
{
  const char *sentence;
  const char *typed;
  const char *nearest;
} cases[] = {
  { "the-same-word-is-nearest", "stop", "stop" },
  { "two-characters-swapped-are-one-slip", "strat", "start" },
  { "a-missing-character-is-one-slip", "resore", "restore" },
  { "a-character-too-many-is-one-slip", "sttop", "stop" },
  { "upper-case-is-no-slip", "WEB", "web" },
  { "characters-are-counted-and-not-bytes", "日木語", "日本語" },
  { "a-short-word-may-not-be-another", "cat", NULL },
  { "a-far-word-is-nobody's-slip", "frobnicate", NULL },
  { "an-empty-word-means-nothing", "", NULL },
};

static void
test_case (gconstpointer data)
{
  const char *typed = cases[GPOINTER_TO_UINT (data)].typed;

  g_assert_cmpstr (xeno_nearest (typed, words), ==, cases[GPOINTER_TO_UINT (data)].nearest);
}

static void
test_a_word_of_any_length_is_taken (void)
{
  g_autofree char *typed = g_strnfill (100000, 'x');
  const char * const long_words[] = { typed, "x", NULL };

  g_assert_null (xeno_nearest (typed, words));
  g_assert_cmpstr (xeno_nearest ("x", long_words), ==, "x");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/xeno/nearest/", cases[i].sentence, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
    }
  g_test_add_func ("/xeno/nearest/a-word-of-any-length-is-taken", test_a_word_of_any_length_is_taken);
  return g_test_run ();
}
