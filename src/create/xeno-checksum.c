/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checksums of files, as vendors publish them in lists beside what can be downloaded. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "create/xeno-checksum.h"

#define BLOCK_BYTES (1024 * 1024)

/* What vendors call their lists; with a %s, the name of the file stands in it. The stronger sums first. */
static const char * const list_names[] = {
  "%s.sha512", "%s.sha256", "%s.sha256sum", "%s.SHA256SUM", "%s.CHECKSUM",
  "SHA512SUMS", "SHA256SUMS", "sha256sum.txt", "sha256sums.txt", "CHECKSUM", "SHA256",
};

typedef struct
{
  GChecksumType type;
  gsize         n_digits;
} Strength;

/* Nothing weaker: anybody can make a second file for an MD5 or SHA-1 sum. */
static const Strength strengths[] = {
  { G_CHECKSUM_SHA256, 64 },
  { G_CHECKSUM_SHA384, 96 },
  { G_CHECKSUM_SHA512, 128 },
};

static gboolean
is_sum (const char    *text,
        gsize          length,
        GChecksumType *type)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isxdigit (text[i]))
      return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (strengths); i++)
    if (strengths[i].n_digits == length)
      {
        *type = strengths[i].type;
        return TRUE;
      }
  return FALSE;
}

/* "SUM  NAME" or "SUM *NAME", as sha256sum writes it, with or without a folder. A sum without a name is that
 * of the file the list is named after, if there is nothing else in the list. */
static char *
read_plain_line (const char    *line,
                 const char    *file_name,
                 gboolean       is_only,
                 GChecksumType *type)
{
  gsize length = strcspn (line, " \t");
  const char *name = line + length + strspn (line + length, " \t*");
  const char *base = strrchr (name, '/');

  if (!is_sum (line, length, type))
    return NULL;
  if (*name == '\0' ? !is_only : strcmp (base != NULL ? base + 1 : name, file_name) != 0)
    return NULL;

  return g_ascii_strdown (line, length);
}

/* "SHA256 (NAME) = SUM", as BSD and Fedora write it. */
static char *
read_bsd_line (const char    *line,
               const char    *file_name,
               GChecksumType *type)
{
  const char *name = strstr (line, " (");
  const char *end = name != NULL ? strstr (name, ") = ") : NULL;
  const char *sum;

  if (end == NULL || !g_str_has_prefix (line, "SHA"))
    return NULL;

  name += strlen (" (");
  sum = end + strlen (") = ");
  if ((gsize) (end - name) != strlen (file_name) || strncmp (name, file_name, end - name) != 0
      || !is_sum (sum, strlen (sum), type))
    return NULL;

  return g_ascii_strdown (sum, -1);
}

/**
 * xeno_checksum_list_urls:
 * @url: what is downloaded
 *
 * Lists where its vendor may publish a list of checksums.
 *
 * Returns: (transfer full): URLs, to be asked for in this order
 */
GStrv
xeno_checksum_list_urls (const char *url)
{
  g_autoptr (GStrvBuilder) urls = g_strv_builder_new ();
  g_autofree char *file_name = NULL;
  const char *slash;

  g_return_val_if_fail (url != NULL, NULL);

  slash = strrchr (url, '/');
  if (slash == NULL)
    return g_strv_builder_end (urls);

  file_name = g_strndup (slash + 1, strcspn (slash + 1, "?#"));
  for (gsize i = 0; i < G_N_ELEMENTS (list_names); i++)
    {
      g_auto (GStrv) parts = g_strsplit (list_names[i], "%s", 2);
      g_autofree char *name = g_strjoinv (file_name, parts);
      g_autofree char *list_url = g_strdup_printf ("%.*s%s", (int) (slash + 1 - url), url, name);

      g_strv_builder_add (urls, list_url);
    }
  return g_strv_builder_end (urls);
}

/**
 * xeno_checksum_find:
 * @list: a list of checksums, not to be trusted; need not end in a zero
 * @length: how long it is, in bytes
 * @file_name: the file whose checksum is wanted, without a folder
 * @type: (out): how the checksum is made
 *
 * Finds the checksum of a file in a list, as sha256sum, BSD and Fedora write them: SHA-256 or stronger.
 *
 * Returns: (transfer full) (nullable): the sum in lower-case hexadecimal digits, or %NULL if it is not there
 */
char *
xeno_checksum_find (const char    *list,
                    gsize          length,
                    const char    *file_name,
                    GChecksumType *type)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_return_val_if_fail (list != NULL, NULL);
  g_return_val_if_fail (file_name != NULL, NULL);
  g_return_val_if_fail (type != NULL, NULL);

  text = g_strndup (list, MIN (length, XENO_CHECKSUM_MAX_LIST_BYTES));
  lines = g_strsplit (g_strstrip (text), "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      const char *line = g_strstrip (lines[i]);
      char *sum = read_plain_line (line, file_name, lines[1] == NULL, type);

      if (sum == NULL)
        sum = read_bsd_line (line, file_name, type);
      if (sum != NULL)
        return sum;
    }
  return NULL;
}

/**
 * xeno_checksum_read:
 * @fd: an open file
 * @type: how the checksum is made
 * @progress: (nullable) (scope call): told how far it is
 * @user_data: for @progress
 * @cancellable: (nullable): a cancellable
 * @error: %XENO_ERROR_FAILED when it cannot be read
 *
 * Reads a file from its beginning to its end. Blocks for as long as that takes.
 *
 * Returns: (transfer full): its checksum in lower-case hexadecimal digits
 */
char *
xeno_checksum_read (int                        fd,
                    GChecksumType              type,
                    XenoChecksumProgressFunc   progress,
                    gpointer                   user_data,
                    GCancellable              *cancellable,
                    GError                   **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (type);
  g_autofree guint8 *block = g_malloc (BLOCK_BYTES);
  guint64 done_bytes = 0;

  while (TRUE)
    {
      gssize n = pread (fd, block, BLOCK_BYTES, done_bytes);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          xeno_set_error (error, XENO_ERROR_FAILED, g_strerror (errno),
                          _("The file could not be read: %s. Check the drive it is on."), g_strerror (errno));
          return NULL;
        }
      if (n == 0)
        return g_strdup (g_checksum_get_string (checksum));
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;

      g_checksum_update (checksum, block, n);
      done_bytes += n;
      if (progress != NULL)
        progress (done_bytes, user_data);
    }
}
