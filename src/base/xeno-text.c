/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The gate that text from guests, images and servers passes before anybody reads it. */
#include "config.h"

#include <string.h>

#include "base/xeno-text.h"

/* Kept by Unicode for no text at all, and refused by XML. */
static gboolean
is_no_character (gunichar c)
{
  return (c & 0xfffe) == 0xfffe;
}

static gboolean
is_dangerous (gunichar c)
{
  if (is_no_character (c))
    return TRUE;

  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_SURROGATE:
      return TRUE;

    case G_UNICODE_FORMAT: /* bidi controls, zero width; but U+200C and U+200D spell words */
      return c != 0x200c && c != 0x200d;

    default:
      return FALSE;
    }
}

/* Most text is: it needs none of the care that costs time. */
static gboolean
is_printable_ascii (const char *text,
                    gsize       length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isprint (text[i]))
        return FALSE;
    }
  return TRUE;
}

/**
 * xeno_text_clean:
 * @text: (nullable): text from somewhere we do not trust, in any encoding
 * @length: its length in bytes, or -1 when it ends with a zero
 * @max_chars: the most characters to keep; what is longer ends in "…"
 *
 * Makes text safe to show on a terminal, in a list, in a document: valid UTF-8 in one line, in
 * normal form, without control or direction characters, of bounded length. Blanks at both ends go.
 *
 * Returns: (transfer full): the text, perhaps empty
 */
char *
xeno_text_clean (const char *text,
                 gssize      length,
                 guint       max_chars)
{
  g_autofree char *valid = NULL;
  g_autofree char *normal = NULL;
  g_autoptr (GString) clean = NULL;
  gsize n_bytes;
  guint n = 0;

  g_return_val_if_fail (max_chars > 0, NULL);

  if (text == NULL)
    return g_strdup ("");

  n_bytes = length < 0 ? strlen (text) : (gsize) length;
  if (n_bytes <= max_chars && is_printable_ascii (text, n_bytes))
    return g_strstrip (g_strndup (text, n_bytes));

  clean = g_string_new (NULL);

  valid = g_utf8_make_valid (text, length);
  normal = g_utf8_normalize (valid, -1, G_NORMALIZE_DEFAULT_COMPOSE);
  for (const char *p = normal; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\n' || c == '\t')
        c = ' ';
      if (is_dangerous (c) || (n == 0 && g_unichar_isspace (c)))
        continue;
      if (n == max_chars)
        {
          g_string_truncate (clean, g_utf8_offset_to_pointer (clean->str, n - 1) - clean->str);
          g_string_append (clean, "…");
          break;
        }
      g_string_append_unichar (clean, c);
      n++;
    }
  return g_strchomp (g_string_free (g_steal_pointer (&clean), FALSE));
}

/**
 * xeno_text_is_plain:
 * @text: text that is to be stored
 *
 * Gets whether a document can hold a text as it is: valid UTF-8 without control characters, line
 * ends or characters that Unicode keeps for no text at all.
 *
 * Returns: %TRUE if it can
 */
gboolean
xeno_text_is_plain (const char *text)
{
  g_return_val_if_fail (text != NULL, FALSE);

  if (!g_utf8_validate (text, -1, NULL))
    return FALSE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_iscntrl (c) || is_no_character (c))
        return FALSE;
    }
  return TRUE;
}
