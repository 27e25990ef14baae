/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is packed with gzip or xz, read through libarchive and never believed about its size. */
#pragma once

#include <gio/gio.h>

#include "create/xeno-media-type.h"

G_BEGIN_DECLS

/**
 * XenoPackingFunc:
 * @fraction: how much of the packed file has been read, from 0 to 1
 * @user_data: what was given with it
 *
 * Called from the thread that does the work.
 */
typedef void (*XenoPackingFunc) (double    fraction,
                                 gpointer  user_data);

gboolean xeno_packing_is_packed    (XenoMediaFile    *file);
gsize    xeno_packing_read_head    (XenoMediaFile    *file,
                                    guint8           *buffer,
                                    gsize             length);
guint64  xeno_packing_get_unpacked (XenoMediaFile    *file);
gboolean xeno_packing_unpack       (XenoMediaFile    *parts,
                                    guint             n_parts,
                                    int               fd,
                                    const char       *folder,
                                    guint64           max_bytes,
                                    GCancellable     *cancellable,
                                    XenoPackingFunc   progress,
                                    gpointer          user_data,
                                    GError          **error);

G_END_DECLS
