/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Archives in the tar format: where the files in one are, without unpacking any. */
#pragma once

#include "create/xeno-media-type.h"

G_BEGIN_DECLS

/**
 * XenoTarMember:
 * @name: its name, plain and without folders
 * @offset: where its bytes begin
 * @n_bytes: how many there are
 */
typedef struct
{
  char    *name;
  guint64  offset;
  guint64  n_bytes;
} XenoTarMember;

gboolean             xeno_tar_is_archive (XenoMediaFile  *file);
GPtrArray           *xeno_tar_list       (XenoMediaFile  *file,
                                          GError        **error);
const XenoTarMember *xeno_tar_find       (GPtrArray      *members,
                                          const char     *name);
const XenoTarMember *xeno_tar_find_suffix (GPtrArray     *members,
                                          const char     *suffix);
char                *xeno_tar_read_text  (XenoMediaFile        *file,
                                          const XenoTarMember  *member,
                                          gsize                 max_bytes,
                                          GError              **error);
void                 xeno_tar_make_header (const char    *name,
                                           guint64        n_bytes,
                                           guint8        *block);
gsize                xeno_tar_get_padding (guint64        n_bytes);

#define XENO_TAR_BLOCK_BYTES 512

/* Two empty blocks. */
#define XENO_TAR_END_BYTES   1024

G_END_DECLS
