/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads in what a text console writes that a Linux kernel began, or gave up. */
#include "config.h"

#include <string.h>

#include "base/xeno-panic.h"
#include "base/xeno-text.h"

/* A kernel cuts its own lines at this length. */
#define MAX_LINE_BYTES 1024
#define MAX_TEXT_CHARS 200

#define PANIC "Kernel panic - not syncing"
#define BEGIN "Linux version "

/* With the time the kernel puts before its lines it may follow on what a program wrote, as a prompt. */
#define STAMP "(?:^(?:<\\d+>)?|\\[ *\\d+\\.\\d{6}\\](?:\\[ *[TC]\\d+\\])? )"

struct _XenoPanicReader
{
  GRegex  *panic;
  GRegex  *begin;
  GString *line; /* as far as it has come */
  char    *text;
};

/**
 * xeno_panic_reader_new:
 *
 * Makes a reader that has read nothing.
 *
 * Returns: (transfer full): the reader
 */
XenoPanicReader *
xeno_panic_reader_new (void)
{
  XenoPanicReader *self = g_new0 (XenoPanicReader, 1);

  self->panic = g_regex_new (STAMP PANIC "(?:: *(.*))?$", 0, 0, NULL);
  self->begin = g_regex_new (STAMP BEGIN "\\d", 0, 0, NULL);
  self->line = g_string_sized_new (MAX_LINE_BYTES);
  return self;
}

/**
 * xeno_panic_reader_free:
 * @self: (transfer full): a reader
 *
 * Frees a reader.
 */
void
xeno_panic_reader_free (XenoPanicReader *self)
{
  g_return_if_fail (self != NULL);

  g_regex_unref (self->panic);
  g_regex_unref (self->begin);
  g_string_free (self->line, TRUE);
  g_free (self->text);
  g_free (self);
}

/**
 * xeno_panic_reader_reset:
 * @self: a reader
 *
 * Forgets what was read: what follows is from another start.
 */
void
xeno_panic_reader_reset (XenoPanicReader *self)
{
  g_return_if_fail (self != NULL);

  g_string_truncate (self->line, 0);
  g_clear_pointer (&self->text, g_free);
}

static XenoPanicNews
read_panic (XenoPanicReader *self,
            const char      *line)
{
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *text = NULL;

  if (!g_regex_match (self->panic, line, 0, &match))
    return XENO_PANIC_NOTHING;

  text = g_match_info_fetch (match, 1);
  g_free (self->text);
  self->text = xeno_text_clean (text != NULL && *text != '\0' ? text : PANIC, -1, MAX_TEXT_CHARS);
  return XENO_PANIC_PANICKED;
}

static XenoPanicNews
read_line (XenoPanicReader *self)
{
  gboolean is_panic = strstr (self->line->str, PANIC) != NULL;
  g_autofree char *clean = NULL;

  /* Nearly all lines end here. */
  if (!is_panic && strstr (self->line->str, BEGIN) == NULL)
    return XENO_PANIC_NOTHING;

  clean = xeno_text_clean (self->line->str, -1, MAX_LINE_BYTES);
  if (is_panic)
    return read_panic (self, clean);
  if (!g_regex_match (self->begin, clean, 0, NULL))
    return XENO_PANIC_NOTHING;
  g_clear_pointer (&self->text, g_free);
  return XENO_PANIC_BEGUN;
}

/**
 * xeno_panic_reader_feed:
 * @self: a reader
 * @bytes: what came next
 * @length: how much of it
 *
 * Reads on. Whatever it is made of, no more than a line of it is kept.
 *
 * Returns: the last news there was in it
 */
XenoPanicNews
xeno_panic_reader_feed (XenoPanicReader *self,
                        const char      *bytes,
                        gsize            length)
{
  XenoPanicNews news = XENO_PANIC_NOTHING;

  g_return_val_if_fail (self != NULL, XENO_PANIC_NOTHING);
  g_return_val_if_fail (bytes != NULL || length == 0, XENO_PANIC_NOTHING);

  for (const char *end = bytes + length; bytes < end; bytes++)
    if (*bytes != '\n' && *bytes != '\r')
      {
        if (*bytes != '\0' && self->line->len < MAX_LINE_BYTES)
          g_string_append_c (self->line, *bytes);
      }
    else if (self->line->len > 0)
      {
        XenoPanicNews found = read_line (self);

        news = found != XENO_PANIC_NOTHING ? found : news;
        g_string_truncate (self->line, 0);
      }
  return news;
}

/**
 * xeno_panic_reader_get_text:
 * @self: a reader
 *
 * Gets why the kernel gave up, in its own words.
 *
 * Returns: (transfer none) (nullable): clean text, or %NULL while it did not
 */
const char *
xeno_panic_reader_get_text (XenoPanicReader *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text;
}
