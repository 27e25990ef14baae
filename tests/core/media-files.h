/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small files that look like media, made by hand. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MEDIA_SECTOR 2048

GByteArray *media_make_iso   (const char  *label,
                              gboolean     bios,
                              gboolean     uefi,
                              guint32      n_blocks);
void        media_put_efi    (GByteArray  *iso,
                              const char  *program);
GByteArray *media_make_qcow2 (guint64      capacity_bytes);
GByteArray *media_make_mbr   (guint32      first,
                              guint32      count);
GByteArray *media_make_gpt   (guint64      last_sector);
GByteArray *media_make_kernel (const char  *version,
                               guint32      n_bytes);
GByteArray *media_make_image (const char  *magic,
                              gboolean     packed);
GByteArray *media_make_zboot (guint16      machine);
GByteArray *media_make_uki   (const char  *release,
                              const char  *version,
                              const char  *cmdline);
void        media_put        (GByteArray  *bytes,
                              gsize        offset,
                              const void  *data,
                              gsize        length);
char       *media_write      (const char  *folder,
                              const char  *name,
                              GByteArray  *bytes);

G_END_DECLS
