/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file somebody wants to run, looked at without trusting it. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * XenoMediaKind:
 * @XENO_MEDIA_ISO: a disc image
 * @XENO_MEDIA_QCOW2: a disk in QEMU's own format
 * @XENO_MEDIA_RAW: a disk, byte for byte
 *
 * What a medium is.
 */
typedef enum
{
  XENO_MEDIA_ISO,
  XENO_MEDIA_QCOW2,
  XENO_MEDIA_RAW,
} XenoMediaKind;

#define XENO_TYPE_MEDIA_KIND (xeno_media_kind_get_type ())
GType xeno_media_kind_get_type (void);

#define XENO_TYPE_MEDIA (xeno_media_get_type ())

G_DECLARE_FINAL_TYPE (XenoMedia, xeno_media, XENO, MEDIA, GObject)

void           xeno_media_open_async         (GFile                *file,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
XenoMedia     *xeno_media_open_finish        (GAsyncResult         *result,
                                              GError              **error);
const char    *xeno_media_get_path           (XenoMedia            *self);
XenoMediaKind  xeno_media_get_kind           (XenoMedia            *self);
const char    *xeno_media_get_kind_label     (XenoMedia            *self);
guint64        xeno_media_get_size_bytes     (XenoMedia            *self);
guint64        xeno_media_get_capacity_bytes (XenoMedia            *self);
const char    *xeno_media_get_label          (XenoMedia            *self);
const char    *xeno_media_get_warning        (XenoMedia            *self);
gboolean       xeno_media_is_bootable        (XenoMedia            *self);
gboolean       xeno_media_needs_disk         (XenoMedia            *self);
gboolean       xeno_media_needs_uefi         (XenoMedia            *self);
const char    *xeno_media_get_device         (XenoMedia            *self);
const char    *xeno_media_get_format         (XenoMedia            *self);

G_END_DECLS
