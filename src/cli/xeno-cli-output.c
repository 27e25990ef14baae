/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What goes to standard output: whole, or the command has failed. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "cli/xeno-cli-output.h"

#define GAP 2
#define LEAST_WIDTH 8

/* Rows of cells, flat. The widest column gives way where the terminal is narrow. */
struct _XenoCliTable
{
  guint      n_columns;
  GPtrArray *cells;
};

/* Whether a person looks at the output. */
gboolean
xeno_cli_is_terminal (void)
{
  return isatty (STDOUT_FILENO);
}

/* Writes all of a text, at once and not later: what is lost at the exit is lost silently. */
gboolean
xeno_cli_print (const char  *text,
                GError     **error)
{
  gsize left;

  g_return_val_if_fail (text != NULL, FALSE);

  left = strlen (text);
  while (left > 0)
    {
      gssize n = write (STDOUT_FILENO, text, left);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          xeno_set_error (error, XENO_ERROR_FAILED, NULL,
                          _("The output cannot be written: %s."), g_strerror (errno));
          return FALSE;
        }
      text += n;
      left -= n;
    }
  return TRUE;
}

static guint
get_terminal_width (void)
{
  struct winsize size;

  if (!xeno_cli_is_terminal () || ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return G_MAXUINT;
  return size.ws_col;
}

static guint
char_width (gunichar c)
{
  if (g_unichar_iszerowidth (c))
    return 0;
  return g_unichar_iswide (c) ? 2 : 1;
}

static guint
text_width (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    width += (guchar) *p < 0x80 ? 1 : char_width (g_utf8_get_char (p));
  return width;
}

static void
append_cell (GString    *line,
             const char *text,
             guint       width,
             gboolean    is_last)
{
  guint used = 0;
  guint whole = text_width (text);

  if (whole <= width)
    {
      g_string_append (line, text);
      used = whole;
    }
  else
    {
      for (const char *p = text;
           *p != '\0' && used + char_width (g_utf8_get_char (p)) < width;
           p = g_utf8_next_char (p))
        {
          used += char_width (g_utf8_get_char (p));
          g_string_append_unichar (line, g_utf8_get_char (p));
        }
      g_string_append (line, "…");
      used++;
    }

  while (!is_last && used++ < width + GAP)
    g_string_append_c (line, ' ');
}

static void
fit_widths (guint *widths,
            guint  n_columns,
            guint  max_width)
{
  guint total = (n_columns - 1) * GAP;

  for (guint i = 0; i < n_columns; i++)
    total += widths[i];

  while (total > max_width)
    {
      guint widest = 0;

      for (guint i = 1; i < n_columns; i++)
        {
          if (widths[i] > widths[widest])
            widest = i;
        }
      if (widths[widest] <= LEAST_WIDTH)
        return;
      widths[widest]--;
      total--;
    }
}

/* A table whose first row is @titles. */
XenoCliTable *
xeno_cli_table_new (const char * const *titles)
{
  XenoCliTable *table = g_new0 (XenoCliTable, 1);

  g_return_val_if_fail (titles != NULL && titles[0] != NULL, NULL);

  table->cells = g_ptr_array_new_with_free_func (g_free);
  for (; titles[table->n_columns] != NULL; table->n_columns++)
    g_ptr_array_add (table->cells, g_strdup (titles[table->n_columns]));
  return table;
}

/* Adds a row, a text for each column; the texts are safe to show. */
void
xeno_cli_table_add (XenoCliTable *table,
                    ...)
{
  va_list args;
  const char *cell;

  g_return_if_fail (table != NULL);

  va_start (args, table);
  while ((cell = va_arg (args, const char *)) != NULL)
    g_ptr_array_add (table->cells, g_strdup (cell));
  va_end (args);
  g_return_if_fail (table->cells->len % table->n_columns == 0);
}

/* The table as text, no line wider than @max_width where that can be. */
char *
xeno_cli_table_format (XenoCliTable *table,
                       guint         max_width)
{
  g_autofree guint *widths = NULL;
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (table != NULL, NULL);

  widths = g_new0 (guint, table->n_columns);
  for (guint i = 0; i < table->cells->len; i++)
    {
      guint width = text_width (g_ptr_array_index (table->cells, i));

      widths[i % table->n_columns] = MAX (widths[i % table->n_columns], width);
    }
  fit_widths (widths, table->n_columns, max_width);

  for (guint i = 0; i < table->cells->len; i++)
    {
      guint column = i % table->n_columns;
      gboolean is_last = column + 1 == table->n_columns;

      append_cell (text, g_ptr_array_index (table->cells, i), widths[column], is_last);
      if (is_last)
        g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}

/* Prints the table, as wide as the terminal at most. */
gboolean
xeno_cli_table_print (XenoCliTable  *table,
                      GError       **error)
{
  g_autofree char *text = xeno_cli_table_format (table, get_terminal_width ());

  return xeno_cli_print (text, error);
}

void
xeno_cli_table_free (XenoCliTable *table)
{
  g_ptr_array_unref (table->cells);
  g_free (table);
}
