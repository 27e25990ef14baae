/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a file is that no machine can be made from, so that the refusal helps. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "create/xeno-media-guess.h"

#define HEAD_BYTES 512

typedef struct
{
  const char *what;   /* fills "“x” is not an installation image but …" */
  const char *advice; /* a sentence */
  gsize       offset;
  const char *magic;
  gsize       length;
} Guess;

static const char choose[] = N_("Choose a disc image (ISO), a disk or an appliance.");
static const char unpack[] = N_("Unpack it first, then open what was in it.");
static const char download[] = N_("The download went wrong: download it again.");

/* Translators: the first column completes “… is not an installation image but …”. */
static const Guess guesses[] = {
  { N_("a program"), choose, 0, "\177ELF", 4 },
  { N_("a Windows program"), choose, 0, "MZ", 2 },
  { N_("a ZIP archive"), unpack, 0, "PK\003\004", 4 },
  { N_("a 7z archive"), unpack, 0, "7z\274\257\047\034", 6 },
  { N_("a compressed file (bzip2)"), unpack, 0, "BZh", 3 },
  { N_("a compressed file (Zstandard)"), unpack, 0, "\050\265\057\375", 4 },
  { N_("a PDF document"), choose, 0, "%PDF-", 5 },
  { N_("a picture"), choose, 0, "\211PNG", 4 },
  { N_("a picture"), choose, 0, "\377\330\377", 3 },
  { N_("a package"), choose, 0, "!<arch>\ndebian", 14 },
  { N_("a web page"), download, 0, "<!DOCTYPE html", 14 },
  { N_("a web page"), download, 0, "<html", 5 },
};

static const Guess text_guess = { N_("a text file"), choose };

static gboolean
matches (const Guess  *guess,
         const guint8 *head,
         gsize         length)
{
  if (guess->offset + guess->length > length)
    return FALSE;

  return g_ascii_strncasecmp (guess->magic, (const char *) head + guess->offset, guess->length) == 0
         || memcmp (guess->magic, head + guess->offset, guess->length) == 0;
}

static gboolean
is_text (const guint8 *head,
         gsize         length)
{
  const char *end;

  for (gsize i = 0; i < length; i++)
    if (head[i] < ' ' && strchr ("\t\n\r\f\033", head[i]) == NULL)
      return FALSE;

  /* The last character may have been cut in two. */
  return g_utf8_validate ((const char *) head, length, &end)
         || (const char *) head + length - end < 4;
}

static const Guess *
guess_what (const guint8 *head,
            gsize         length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (guesses); i++)
    if (matches (&guesses[i], head, length))
      return &guesses[i];

  return length > 0 && is_text (head, length) ? &text_guess : NULL;
}

/**
 * xeno_media_guess_refuse:
 * @file: a file that no row of the media table recognises
 *
 * Says why it cannot be used, and what it is if that can be told.
 *
 * Returns: (transfer full): %XENO_ERROR_BAD_MEDIA
 */
GError *
xeno_media_guess_refuse (XenoMediaFile *file)
{
  guint8 head[HEAD_BYTES];
  const Guess *guess;
  gsize length;

  g_return_val_if_fail (file != NULL, NULL);

  length = xeno_media_file_read (file, 0, head, sizeof head);
  guess = guess_what (head, length);
  if (guess == NULL)
    return xeno_error_new (XENO_ERROR_BAD_MEDIA, NULL,
                           _("“%s” is not an installation image. %s"), file->name, _(choose));

  /* Translators: a file name, what the file is ("a ZIP archive"), and a sentence of advice. */
  return xeno_error_new (XENO_ERROR_BAD_MEDIA, NULL,
                         _("“%s” is not an installation image but %s. %s"),
                         file->name, _(guess->what), _(guess->advice));
}
