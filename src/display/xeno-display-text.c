/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Clipboard text between what a display protocol carries and UTF-8 with line feeds. */
#include "config.h"

#include "display/xeno-display-text.h"

/* What stands for a character that the other side cannot write. */
#define UNKNOWN '?'

/**
 * xeno_display_text_from_crlf:
 * @text: lines ended by carriage return and line feed
 *
 * Returns: (transfer full): lines ended by a line feed
 */
GBytes *
xeno_display_text_from_crlf (GBytes *text)
{
  gsize size;
  const char *from = g_bytes_get_data (text, &size);
  GByteArray *to = g_byte_array_sized_new (size);

  for (gsize i = 0; i < size; i++)
    if (from[i] != '\r' || i + 1 == size || from[i + 1] != '\n')
      g_byte_array_append (to, (const guint8 *) from + i, 1);
  return g_byte_array_free_to_bytes (to);
}

/**
 * xeno_display_text_to_crlf:
 * @text: lines ended by a line feed
 *
 * Returns: (transfer full): lines ended by carriage return and line feed
 */
GBytes *
xeno_display_text_to_crlf (GBytes *text)
{
  gsize size;
  const char *from = g_bytes_get_data (text, &size);
  GByteArray *to = g_byte_array_sized_new (size);

  for (gsize i = 0; i < size; i++)
    {
      if (from[i] == '\n' && (i == 0 || from[i - 1] != '\r'))
        g_byte_array_append (to, (const guint8 *) "\r", 1);
      g_byte_array_append (to, (const guint8 *) from + i, 1);
    }
  return g_byte_array_free_to_bytes (to);
}

/**
 * xeno_display_text_from_latin1:
 * @text: (array length=size): each byte a character
 * @size: how many there are
 *
 * Returns: (transfer full): the same in UTF-8
 */
GBytes *
xeno_display_text_from_latin1 (const char *text,
                               gsize       size)
{
  GByteArray *to = g_byte_array_sized_new (size);

  for (gsize i = 0; i < size; i++)
    {
      char utf8[6];
      int length = g_unichar_to_utf8 ((guchar) text[i], utf8);

      g_byte_array_append (to, (const guint8 *) utf8, length);
    }
  return g_byte_array_free_to_bytes (to);
}

/**
 * xeno_display_text_to_latin1:
 * @text: valid UTF-8
 *
 * Returns: (transfer full): the same, each character a byte; a question mark for what has none
 */
GBytes *
xeno_display_text_to_latin1 (GBytes *text)
{
  gsize size;
  const char *from = g_bytes_get_data (text, &size);
  const char *end = from + size;
  GByteArray *to = g_byte_array_sized_new (size);

  for (; from < end; from = g_utf8_next_char (from))
    {
      gunichar character = g_utf8_get_char_validated (from, end - from);
      guint8 byte = character <= 0xff ? character : UNKNOWN;

      g_byte_array_append (to, &byte, 1);
    }
  return g_byte_array_free_to_bytes (to);
}
