/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A floppy image of a few small files, made in memory: FAT12 with 8.3 names, as ECMA-107 describes it. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "create/xeno-small-floppy.h"

/* 1.44 MB: 80 cylinders, 2 heads, 18 sectors; a cluster is a sector. */
#define SECTOR_BYTES   512
#define N_SECTORS      2880
#define SECTORS_TRACK  18
#define N_HEADS        2
#define N_FATS         2
#define FAT_SECTORS    9
#define N_ROOT_ENTRIES 224
#define ENTRY_BYTES    32
#define MEDIA_TYPE     0xf0

#define ROOT_SECTOR    (1 + N_FATS * FAT_SECTORS)
#define DATA_SECTOR    (ROOT_SECTOR + N_ROOT_ENTRIES * ENTRY_BYTES / SECTOR_BYTES)
#define FIRST_CLUSTER  2
#define END_CLUSTER    (FIRST_CLUSTER + N_SECTORS - DATA_SECTOR)
#define LAST_OF_CHAIN  0xfff

#define ATTR_VOLUME    0x08
#define ATTR_ARCHIVE   0x20
#define DATE           ((1980 - 1980) << 9 | 1 << 5 | 1) /* no guest looks at it */

static void
put_u16 (guint8  *at,
         guint16  value)
{
  at[0] = value & 0xff;
  at[1] = value >> 8;
}

static void
put_u32 (guint8  *at,
         guint32  value)
{
  put_u16 (at, value & 0xffff);
  put_u16 (at + 2, value >> 16);
}

/* Two entries share three bytes. */
static void
put_fat_entry (guint8  *image,
               guint    cluster,
               guint16  value)
{
  for (guint i = 0; i < N_FATS; i++)
    {
      guint8 *at = image + (1 + i * FAT_SECTORS) * SECTOR_BYTES + cluster * 3 / 2;

      if (cluster % 2 == 0)
        {
          at[0] = value & 0xff;
          at[1] = (at[1] & 0xf0) | value >> 8;
        }
      else
        {
          at[0] = (at[0] & 0x0f) | (value & 0x0f) << 4;
          at[1] = value >> 4;
        }
    }
}

static void
put_boot_sector (guint8 *image)
{
  static const guint8 loop[] = { 0xeb, 0x3c, 0x90 }; /* nobody starts from it */

  memcpy (image, loop, sizeof loop);
  memcpy (image + 3, "MSDOS5.0", 8); /* what some look for */
  put_u16 (image + 11, SECTOR_BYTES);
  image[13] = 1;
  put_u16 (image + 14, 1);
  image[16] = N_FATS;
  put_u16 (image + 17, N_ROOT_ENTRIES);
  put_u16 (image + 19, N_SECTORS);
  image[21] = MEDIA_TYPE;
  put_u16 (image + 22, FAT_SECTORS);
  put_u16 (image + 24, SECTORS_TRACK);
  put_u16 (image + 26, N_HEADS);
  image[38] = 0x29;
  put_u32 (image + 39, 0x58454e4f);
  memcpy (image + 43, "NO NAME    FAT12   ", 19);
  image[0x3e] = 0xeb;
  image[0x3f] = 0xfe;
  put_u16 (image + 510, 0xaa55);
}

/* "winnt.sif" is "WINNT   SIF" there. */
static gboolean
fill_name (guint8      field[11],
           const char *name)
{
  const char *dot = strrchr (name, '.');
  gsize base = dot != NULL ? (gsize) (dot - name) : strlen (name);
  gsize ending = dot != NULL ? strlen (dot + 1) : 0;

  if (base == 0 || base > 8 || ending > 3 || name[strspn (name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "._-")] != '\0'
      || memchr (name, '.', base) != NULL)
    return FALSE;

  memset (field, ' ', 11);
  for (gsize i = 0; i < base; i++)
    field[i] = g_ascii_toupper (name[i]);
  for (gsize i = 0; i < ending; i++)
    field[8 + i] = g_ascii_toupper (dot[1 + i]);
  return TRUE;
}

static guint8 *
get_entry (guint8 *image,
           guint   number)
{
  return image + ROOT_SECTOR * SECTOR_BYTES + number * ENTRY_BYTES;
}

/* Returns where the next file begins, or 0 where this one does not fit. */
static guint
put_file (guint8              *image,
          guint                number,
          guint                cluster,
          const XenoSmallFile *file)
{
  guint8 *entry = get_entry (image, number);
  gsize length = strlen (file->text);
  guint n_clusters = (length + SECTOR_BYTES - 1) / SECTOR_BYTES;

  if (length > (END_CLUSTER - cluster) * SECTOR_BYTES || !fill_name (entry, file->name))
    return 0;

  entry[11] = ATTR_ARCHIVE;
  put_u16 (entry + 24, DATE);
  put_u16 (entry + 26, n_clusters > 0 ? cluster : 0);
  put_u32 (entry + 28, length);
  memcpy (image + (DATA_SECTOR + cluster - FIRST_CLUSTER) * SECTOR_BYTES, file->text, length);
  for (guint i = 0; i < n_clusters; i++)
    put_fat_entry (image, cluster + i, i + 1 < n_clusters ? cluster + i + 1 : LAST_OF_CHAIN);
  return cluster + n_clusters;
}

/**
 * xeno_small_floppy_make:
 * @volume_id: what it is called, eleven letters at most
 * @files: (array length=n_files): what is on it, with names of eight letters and an ending of three
 * @n_files: how many
 * @error: %XENO_ERROR_FAILED where they do not fit
 *
 * Makes a floppy image.
 *
 * Returns: (transfer full): the image, or %NULL
 */
GBytes *
xeno_small_floppy_make (const char           *volume_id,
                        const XenoSmallFile  *files,
                        gsize                 n_files,
                        GError              **error)
{
  g_autofree guint8 *image = NULL;
  guint cluster = FIRST_CLUSTER;

  g_return_val_if_fail (volume_id != NULL && strlen (volume_id) <= 11, NULL);
  g_return_val_if_fail (files != NULL && n_files < N_ROOT_ENTRIES, NULL);

  image = g_malloc0 (N_SECTORS * SECTOR_BYTES);
  put_boot_sector (image);
  put_fat_entry (image, 0, 0xf00 | MEDIA_TYPE);
  put_fat_entry (image, 1, LAST_OF_CHAIN);
  memset (get_entry (image, 0), ' ', 11);
  memcpy (get_entry (image, 0), volume_id, strlen (volume_id));
  get_entry (image, 0)[11] = ATTR_VOLUME;
  put_u16 (get_entry (image, 0) + 24, DATE);

  for (gsize i = 0; i < n_files && cluster > 0; i++)
    cluster = put_file (image, i + 1, cluster, &files[i]);
  if (cluster > 0)
    return g_bytes_new_take (g_steal_pointer (&image), N_SECTORS * SECTOR_BYTES);

  explicit_bzero (image, N_SECTORS * SECTOR_BYTES);
  xeno_set_error (error, XENO_ERROR_FAILED, NULL,
                  _("What the installer shall be told does not fit on a floppy. Install it yourself."));
  return NULL;
}
