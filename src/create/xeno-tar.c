/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Archives in the tar format: where the files in one are, without unpacking any. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "create/xeno-tar.h"

/* POSIX.1-2017, pax, "ustar Interchange Format"; GNU's numbers in base 256 and its long names. libarchive
 * reads tar too, but does not say where in the file the bytes of a member are. */
#define BLOCK_BYTES    XENO_TAR_BLOCK_BYTES
#define SIZE_OFFSET    124
#define SIZE_BYTES     12
#define SUM_OFFSET     148
#define TYPE_OFFSET    156
#define MAGIC_OFFSET   257
#define PREFIX_OFFSET  345
#define MAX_MEMBERS    256
#define MAX_EXTENSION  65536
#define MAX_SHOWN      100

static void
member_free (gpointer data)
{
  XenoTarMember *member = data;

  g_free (member->name);
  g_free (member);
}

static gboolean
is_sum_right (const guint8 *block)
{
  guint64 sum = 0;

  for (gsize i = 0; i < BLOCK_BYTES; i++)
    sum += i >= SUM_OFFSET && i < SUM_OFFSET + 8 ? ' ' : block[i];
  return sum == g_ascii_strtoull ((const char *) block + SUM_OFFSET, NULL, 8);
}

static guint64
read_size (const guint8 *block)
{
  char digits[SIZE_BYTES + 1] = "";
  guint64 size = 0;

  if (block[SIZE_OFFSET] != 0x80)
    {
      memcpy (digits, block + SIZE_OFFSET, SIZE_BYTES);
      return g_ascii_strtoull (digits, NULL, 8);
    }

  for (gsize i = SIZE_BYTES - 8; i < SIZE_BYTES; i++)
    size = size << 8 | block[SIZE_OFFSET + i];
  return size;
}

static char *
read_name (const guint8 *block)
{
  const char *name = (const char *) block;
  const char *prefix = (const char *) block + PREFIX_OFFSET;
  g_autofree char *own = g_strndup (name, 100);
  g_autofree char *folder = memcmp (block + MAGIC_OFFSET, "ustar\0", 6) == 0 ? g_strndup (prefix, 155) : NULL;

  return folder != NULL && *folder != '\0' ? g_strconcat (folder, "/", own, NULL) : g_steal_pointer (&own);
}

/* "20 path=appliance.ovf\n": the length counts itself. */
static char *
find_record (const char *records,
             gsize       length,
             const char *key)
{
  const char *end = records + length;

  while (records < end)
    {
      char *rest = NULL;
      guint64 n = g_ascii_strtoull (records, &rest, 10);

      if (rest == NULL || *rest != ' ' || n == 0 || n > (guint64) (end - records) || rest + 1 >= records + n)
        return NULL;
      if (g_str_has_prefix (rest + 1, key))
        return g_strndup (rest + 1 + strlen (key), records + n - 1 - (rest + 1 + strlen (key)));
      records += n;
    }
  return NULL;
}

/* What the next header cannot say itself. */
typedef struct
{
  char    *name;
  guint64  n_bytes;
  gboolean has_size;
} Extension;

static gboolean
take_extension (XenoMediaFile *file,
                Extension     *extension,
                char           type,
                guint64        offset,
                guint64        n_bytes)
{
  g_autofree char *text = NULL;
  g_autofree char *size = NULL;

  if (n_bytes == 0 || n_bytes > MAX_EXTENSION)
    return FALSE;

  text = g_malloc0 (n_bytes + 1);
  if (xeno_media_file_read (file, offset, text, n_bytes) < n_bytes || strstr (text, "GNU.sparse") != NULL)
    return FALSE;
  if (type == 'L')
    {
      g_free (extension->name);
      extension->name = g_steal_pointer (&text);
      return TRUE;
    }

  size = find_record (text, n_bytes, "size=");
  if (size != NULL)
    {
      extension->n_bytes = g_ascii_strtoull (size, NULL, 10);
      extension->has_size = TRUE;
    }
  size = (g_free (size), find_record (text, n_bytes, "path="));
  if (size != NULL)
    {
      g_free (extension->name);
      extension->name = g_steal_pointer (&size);
    }
  return TRUE;
}

static gboolean
is_plain_name (const char *name)
{
  return *name != '\0' && strchr (name, '/') == NULL && strchr (name, '\\') == NULL
         && !g_str_equal (name, ".") && !g_str_equal (name, "..") && g_utf8_validate (name, -1, NULL);
}

static gboolean
check_member (XenoMediaFile  *file,
              GPtrArray      *members,
              const char     *name,
              char            type,
              GError        **error)
{
  g_autofree char *shown = xeno_text_clean (name, -1, MAX_SHOWN);

  if (type != '0' && type != '\0')
    xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                    _("“%s” holds “%s”, which is a link, a folder or a device and no file. It cannot be trusted."),
                    file->name, shown);
  else if (!is_plain_name (name))
    xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                    _("“%s” holds “%s”, which would lie in another folder. It cannot be trusted."), file->name, shown);
  else if (xeno_tar_find (members, name) != NULL)
    xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                    _("“%s” holds “%s” twice. It cannot be trusted."), file->name, shown);
  else
    return TRUE;
  return FALSE;
}

static void
refuse_cut (XenoMediaFile  *file,
            GError        **error)
{
  xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                  _("“%s” is damaged or ends too early. Get it again from where it came from."), file->name);
}

static gboolean
is_end (const guint8 *block)
{
  return block[0] == 0 && memcmp (block, block + 1, BLOCK_BYTES - 1) == 0;
}

/* One header; moves @offset behind what it describes. */
static gboolean
take_header (XenoMediaFile  *file,
             GPtrArray      *members,
             Extension      *extension,
             const guint8   *block,
             guint64        *offset,
             GError        **error)
{
  char type = block[TYPE_OFFSET];
  gboolean is_extension = type == 'x' || type == 'g' || type == 'L';
  guint64 n_bytes = extension->has_size && !is_extension ? extension->n_bytes : read_size (block);
  XenoTarMember *member;

  *offset += BLOCK_BYTES;
  if (!is_sum_right (block) || n_bytes > file->size_bytes || *offset > file->size_bytes - n_bytes
      || (is_extension && !take_extension (file, extension, type, *offset, n_bytes)))
    {
      refuse_cut (file, error);
      return FALSE;
    }

  if (!is_extension)
    {
      member = g_new0 (XenoTarMember, 1);
      member->name = extension->name != NULL ? g_steal_pointer (&extension->name) : read_name (block);
      member->offset = *offset;
      member->n_bytes = n_bytes;
      extension->has_size = FALSE;
      if (!check_member (file, members, member->name, type, error))
        {
          member_free (member);
          return FALSE;
        }
      g_ptr_array_add (members, member);
    }
  *offset += (n_bytes + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
  return TRUE;
}

/*< private >
 * xeno_tar_is_archive:
 * @file: a file
 *
 * Returns: whether it begins as a tar archive does
 */
gboolean
xeno_tar_is_archive (XenoMediaFile *file)
{
  guint8 block[BLOCK_BYTES];

  return xeno_media_file_read (file, 0, block, sizeof block) == sizeof block
         && memcmp (block + MAGIC_OFFSET, "ustar", 5) == 0 && is_sum_right (block);
}

/*< private >
 * xeno_tar_list:
 * @file: an archive
 * @error: %XENO_ERROR_BAD_MEDIA where it is cut, or holds anything but plain files in one folder
 *
 * Finds out what is in an archive.
 *
 * Returns: (transfer full) (element-type XenoTarMember): the files
 */
GPtrArray *
xeno_tar_list (XenoMediaFile  *file,
               GError        **error)
{
  g_autoptr (GPtrArray) members = g_ptr_array_new_with_free_func (member_free);
  Extension extension = { NULL };
  guint8 block[BLOCK_BYTES];
  guint64 offset = 0;
  gboolean is_good = TRUE;

  while (is_good && xeno_media_file_read (file, offset, block, sizeof block) == sizeof block && !is_end (block))
    {
      if (members->len < MAX_MEMBERS)
        is_good = take_header (file, members, &extension, block, &offset, error);
      else
        {
          refuse_cut (file, error);
          is_good = FALSE;
        }
    }
  g_free (extension.name);
  return is_good ? g_steal_pointer (&members) : NULL;
}

/*< private >
 * xeno_tar_find:
 * @members: (element-type XenoTarMember): what is in an archive
 * @name: a name
 *
 * Returns: (nullable) (transfer none): the file of that name
 */
const XenoTarMember *
xeno_tar_find (GPtrArray  *members,
               const char *name)
{
  for (guint i = 0; i < members->len; i++)
    {
      const XenoTarMember *member = g_ptr_array_index (members, i);

      if (g_str_equal (member->name, name))
        return member;
    }
  return NULL;
}

/*< private >
 * xeno_tar_find_suffix:
 * @members: (element-type XenoTarMember): what is in an archive
 * @suffix: the end of a name, in small letters
 *
 * Returns: (nullable) (transfer none): the first file whose name ends like that
 */
const XenoTarMember *
xeno_tar_find_suffix (GPtrArray  *members,
                      const char *suffix)
{
  for (guint i = 0; i < members->len; i++)
    {
      const XenoTarMember *member = g_ptr_array_index (members, i);
      g_autofree char *lower = g_ascii_strdown (member->name, -1);

      if (g_str_has_suffix (lower, suffix))
        return member;
    }
  return NULL;
}

/*< private >
 * xeno_tar_read_text:
 * @file: an archive
 * @member: a file in it
 * @max_bytes: the most it may be
 * @error: %XENO_ERROR_BAD_MEDIA where it is longer, or no text
 *
 * Reads a small file of an archive.
 *
 * Returns: (transfer full): its text
 */
char *
xeno_tar_read_text (XenoMediaFile        *file,
                    const XenoTarMember  *member,
                    gsize                 max_bytes,
                    GError              **error)
{
  g_autofree char *text = NULL;

  if (member->n_bytes <= max_bytes)
    {
      text = g_malloc0 (member->n_bytes + 1);
      if (xeno_media_file_read (file, member->offset, text, member->n_bytes) == member->n_bytes
          && strlen (text) == member->n_bytes)
        return g_steal_pointer (&text);
    }
  refuse_cut (file, error);
  return NULL;
}

/* In octal where that suffices, as every program reads it. */
static void
put_size (guint8  *block,
          guint64  n_bytes)
{
  if (n_bytes < G_GUINT64_CONSTANT (1) << 33)
    {
      g_snprintf ((char *) block + SIZE_OFFSET, SIZE_BYTES, "%011" G_GINT64_MODIFIER "o", n_bytes);
      return;
    }

  block[SIZE_OFFSET] = 0x80;
  for (gsize i = 0; i < 8; i++)
    block[SIZE_OFFSET + SIZE_BYTES - 1 - i] = n_bytes >> (8 * i);
}

/*< private >
 * xeno_tar_make_header:
 * @name: a plain name of less than a hundred bytes
 * @n_bytes: how long the file is
 * @block: (out caller-allocates): where to put %XENO_TAR_BLOCK_BYTES bytes
 *
 * Makes what stands before a file in an archive.
 */
void
xeno_tar_make_header (const char *name,
                      guint64     n_bytes,
                      guint8     *block)
{
  guint sum = 0;

  g_return_if_fail (strlen (name) < 100);

  memset (block, 0, BLOCK_BYTES);
  memcpy (block, name, strlen (name));
  memcpy (block + 100, "0000644\0" "0000000\0" "0000000\0", 24);
  put_size (block, n_bytes);
  memcpy (block + 136, "00000000000", 12);
  memset (block + SUM_OFFSET, ' ', 8);
  block[TYPE_OFFSET] = '0';
  memcpy (block + MAGIC_OFFSET, "ustar\0" "00", 8);
  for (gsize i = 0; i < BLOCK_BYTES; i++)
    sum += block[i];
  g_snprintf ((char *) block + SUM_OFFSET, 8, "%06o", sum);
}

/*< private >
 * xeno_tar_get_padding:
 * @n_bytes: how long a file is
 *
 * Returns: how many zeros stand behind it
 */
gsize
xeno_tar_get_padding (guint64 n_bytes)
{
  return (BLOCK_BYTES - n_bytes % BLOCK_BYTES) % BLOCK_BYTES;
}
