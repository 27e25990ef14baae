/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* VMware's disks, used only when all of one is in one file. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "create/xeno-media-bytes.h"
#include "create/xeno-media-facts.h"
#include "create/xeno-media-vmdk.h"

/* VMware's "Virtual Disk Format 5.0"; all numbers are little-endian, offsets and sizes in sectors. */
#define SECTOR_BYTES         512
#define MAX_VERSION          3
#define MAX_GRAIN_SECTORS    (64 * 1024)
#define MAX_TABLE_ENTRIES    512
#define MAX_DESCRIPTION      (20 * SECTOR_BYTES) /* as much as QEMU reads of it */
#define MAX_PATH_CHARS       200
#define DIRECTORY_AT_END     G_MAXUINT64
#define FOOTER_FROM_END      (2 * SECTOR_BYTES)  /* the footer, then the mark of the end */

static const char text_magic[] = "# Disk DescriptorFile";

static gboolean
is_sparse (const guint8 *sector)
{
  return memcmp (sector, "KDMV", 4) == 0;
}

static void
refuse_cut (XenoMediaFile  *file,
            GError        **error)
{
  xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                  _("“%s” ends before its own table of contents, so most of the disk is missing. "
                    "Get it again from where it came from."), file->name);
}

static void
refuse_other_file (XenoMediaFile  *file,
                   const char     *other,
                   GError        **error)
{
  g_autofree char *shown = xeno_text_clean (other, -1, MAX_PATH_CHARS);

  xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                  _("“%s” keeps its contents in another file, “%s”, which a machine would then read. "
                    "Merge them with “qemu-img convert -O qcow2” if you trust both."),
                  file->name, *shown != '\0' ? shown : _("a file whose name is not given"));
}

static char *
read_description (XenoMediaFile *file,
                  guint64        offset,
                  guint64        length)
{
  g_autofree char *text = g_malloc0 (MAX_DESCRIPTION + 1);

  xeno_media_file_read (file, offset, text, MIN (length, MAX_DESCRIPTION));
  return g_steal_pointer (&text);
}

/* What stands between the first pair of quotes of a line, or behind the equals sign. */
static char *
dup_value (const char *line)
{
  const char *start = strchr (line, '"');
  const char *end = start != NULL ? strchr (start + 1, '"') : NULL;

  if (end != NULL)
    return g_strndup (start + 1, end - start - 1);
  start = strchr (line, '=');
  return g_strstrip (g_strdup (start != NULL ? start + 1 : ""));
}

static gboolean
has_key (const char *line,
         const char *key)
{
  return g_ascii_strncasecmp (line, key, strlen (key)) == 0;
}

static gboolean
is_extent (const char *line)
{
  return g_str_has_prefix (line, "RW ") || g_str_has_prefix (line, "RDONLY ") || g_str_has_prefix (line, "NOACCESS ");
}

static gboolean
check_line (XenoMediaFile  *file,
            const char     *line,
            guint          *n_extents,
            GError        **error)
{
  g_autofree char *value = dup_value (line);

  if (has_key (line, "createType") && g_ascii_strcasecmp (value, "monolithicSparse") != 0
      && g_ascii_strcasecmp (value, "streamOptimized") != 0)
    refuse_other_file (file, value, error);
  else if (is_extent (line) && ++*n_extents > 1)
    refuse_other_file (file, value, error);
  else if (has_key (line, "parentCID") && g_ascii_strcasecmp (value, "ffffffff") != 0)
    refuse_other_file (file, "", error);
  else
    return TRUE;

  return FALSE;
}

/* QEMU looks for a parent's name anywhere in the description, so nowhere may be one. */
static gboolean
check_description (XenoMediaFile  *file,
                   const char     *text,
                   GError        **error)
{
  g_autofree char *lower = g_ascii_strdown (text, -1);
  const char *hint = strstr (lower, "parentfilenamehint");
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n_extents = 0;

  if (hint != NULL)
    {
      g_auto (GStrv) rest = g_strsplit (text + (hint - lower), "\n", 2);
      g_autofree char *parent = dup_value (rest[0]);

      refuse_other_file (file, parent, error);
      return FALSE;
    }

  for (guint i = 0; lines[i] != NULL; i++)
    if (!check_line (file, g_strstrip (lines[i]), &n_extents, error))
      return FALSE;
  return TRUE;
}

static void
refuse_description_alone (XenoMediaFile  *file,
                          GError        **error)
{
  g_autofree char *text = read_description (file, 0, MAX_DESCRIPTION);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *other = NULL;

  for (guint i = 0; lines[i] != NULL && other == NULL; i++)
    if (is_extent (g_strstrip (lines[i])))
      other = dup_value (lines[i]);
  refuse_other_file (file, other != NULL ? other : "", error);
}

/* A disk that was written in one go has its directory behind it. */
static gboolean
find_directory (XenoMediaFile *file,
                guint8        *sector)
{
  if (xeno_bytes_le64 (sector + 56) != DIRECTORY_AT_END)
    return TRUE;

  return file->size_bytes > 3 * SECTOR_BYTES
         && xeno_media_file_read (file, file->size_bytes - FOOTER_FROM_END, sector, SECTOR_BYTES) == SECTOR_BYTES
         && is_sparse (sector) && xeno_bytes_le64 (sector + 56) != DIRECTORY_AT_END;
}

static gboolean
check_header (XenoMediaFile  *file,
              const guint8   *sector,
              GError        **error)
{
  guint32 version = xeno_bytes_le32 (sector + 4);
  guint64 capacity = xeno_bytes_le64 (sector + 12);
  guint64 grain = xeno_bytes_le64 (sector + 20);
  guint32 n_entries = xeno_bytes_le32 (sector + 44);
  guint64 directory = xeno_bytes_le64 (sector + 56);
  guint64 directory_bytes;

  if (version == 0 || version > MAX_VERSION || capacity == 0 || capacity > G_MAXINT64 / SECTOR_BYTES
      || grain == 0 || grain > MAX_GRAIN_SECTORS || n_entries == 0 || n_entries > MAX_TABLE_ENTRIES)
    {
      xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                      _("“%s” is a damaged disk. Get it again from where it came from."), file->name);
      return FALSE;
    }

  directory_bytes = (capacity / (grain * n_entries) + 1) * 4;
  if (directory > file->size_bytes / SECTOR_BYTES || directory_bytes > file->size_bytes
      || directory * SECTOR_BYTES > file->size_bytes - directory_bytes)
    {
      refuse_cut (file, error);
      return FALSE;
    }
  return TRUE;
}

/**
 * xeno_media_vmdk_recognise:
 * @file: a file
 *
 * Tells whether it begins as one of VMware's disks does, or as the description of one.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_media_vmdk_recognise (XenoMediaFile *file)
{
  char head[sizeof text_magic - 1];

  g_return_val_if_fail (file != NULL, FALSE);

  if (xeno_media_file_read (file, 0, head, sizeof head) < sizeof head)
    return FALSE;

  return is_sparse ((const guint8 *) head) || memcmp (head, text_magic, sizeof head) == 0;
}

/**
 * xeno_media_vmdk_inspect:
 * @file: one of VMware's disks
 * @facts: where to put what its header says
 * @error: %XENO_ERROR_BAD_MEDIA when it is damaged or leads to other files
 *
 * Reads the header of a disk, and refuses one that QEMU would follow to another file.
 *
 * Returns: %TRUE if it can be used
 */
gboolean
xeno_media_vmdk_inspect (XenoMediaFile   *file,
                         XenoMediaFacts  *facts,
                         GError         **error)
{
  guint8 sector[SECTOR_BYTES];
  g_autofree char *text = NULL;
  guint64 offset, length;

  g_return_val_if_fail (file != NULL, FALSE);
  g_return_val_if_fail (facts != NULL, FALSE);

  if (xeno_media_file_read (file, 0, sector, sizeof sector) < sizeof sector)
    memset (sector, '#', sizeof sector);
  if (!is_sparse (sector))
    {
      refuse_description_alone (file, error);
      return FALSE;
    }

  offset = xeno_bytes_le64 (sector + 28);
  length = xeno_bytes_le64 (sector + 36);
  facts->capacity_bytes = xeno_bytes_le64 (sector + 12);
  if (!find_directory (file, sector))
    {
      refuse_cut (file, error);
      return FALSE;
    }
  if (!check_header (file, sector, error))
    return FALSE;
  if (offset > file->size_bytes / SECTOR_BYTES || length > file->size_bytes / SECTOR_BYTES
      || facts->capacity_bytes != xeno_bytes_le64 (sector + 12))
    {
      refuse_cut (file, error);
      return FALSE;
    }

  text = read_description (file, offset * SECTOR_BYTES, MAX_DESCRIPTION);
  if (offset > 0 && !check_description (file, text, error))
    return FALSE;

  facts->capacity_bytes *= SECTOR_BYTES;
  facts->boots_bios = TRUE; /* what is on it shows when it runs */
  facts->boots_uefi = TRUE;
  return TRUE;
}
