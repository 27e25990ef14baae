/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A keyboard and a mouse that belong to the X server, not to the program under test. */
#include "config.h"

#include <gio/gio.h>

#include "ui/xdotool.h"

/**
 * xdotool:
 * @first: what to do
 * @...: more words of it, then %NULL
 *
 * Does it, and returns once the X server knows.
 */
void
xdotool (const char *first,
         ...)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  va_list args;

  g_ptr_array_add (argv, (gpointer) "xdotool");
  va_start (args, first);
  for (const char *word = first; word != NULL; word = va_arg (args, const char *))
    g_ptr_array_add (argv, (gpointer) word);
  va_end (args);
  g_ptr_array_add (argv, NULL);

  process = g_subprocess_newv ((const char * const *) argv->pdata, G_SUBPROCESS_FLAGS_NONE, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
  g_assert_no_error (error);
}
