/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file somebody wants to run, looked at without trusting it. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * XenoDiskWay:
 * @XENO_DISK_NEW: an empty disk is made, and the medium stays beside it
 * @XENO_DISK_IN_PLACE: the medium is the disk
 * @XENO_DISK_OVERLAY: a disk is made that holds what changes; the medium stays as it is, and is needed
 * @XENO_DISK_COPY: what is on the medium is copied to a disk of the machine's own
 *
 * How a machine gets its disk from a medium. Flags, to say which ways there are.
 */
typedef enum
{
  XENO_DISK_NEW = 1 << 0,
  XENO_DISK_IN_PLACE = 1 << 1,
  XENO_DISK_OVERLAY = 1 << 2,
  XENO_DISK_COPY = 1 << 3,
} XenoDiskWay;

#define XENO_TYPE_DISK_WAY (xeno_disk_way_get_type ())
GType xeno_disk_way_get_type (void);

#define XENO_TYPE_MEDIA (xeno_media_get_type ())

G_DECLARE_FINAL_TYPE (XenoMedia, xeno_media, XENO, MEDIA, GObject)

void           xeno_media_open_async         (GFile                *file,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
XenoMedia     *xeno_media_open_finish        (GAsyncResult         *result,
                                              GError              **error);
GStrv          xeno_media_list_machines      (XenoMedia            *self);
XenoMedia     *xeno_media_dup_machine        (XenoMedia            *self,
                                              guint                 n);
guint          xeno_media_get_machine        (XenoMedia            *self);
const char    *xeno_media_get_path           (XenoMedia            *self);
const char    *xeno_media_get_kind           (XenoMedia            *self);
const char    *xeno_media_get_kind_label     (XenoMedia            *self);
guint64        xeno_media_get_size_bytes     (XenoMedia            *self);
guint64        xeno_media_get_capacity_bytes (XenoMedia            *self);
const char    *xeno_media_get_label          (XenoMedia            *self);
const char    *xeno_media_get_warning        (XenoMedia            *self);
gboolean       xeno_media_is_bootable        (XenoMedia            *self);
gboolean       xeno_media_is_cloud_image     (XenoMedia            *self,
                                              char                **os_id);
XenoDiskWay    xeno_media_get_ways           (XenoMedia            *self);
gboolean       xeno_media_needs_uefi         (XenoMedia            *self);
const char    *xeno_media_get_arch           (XenoMedia            *self);
const char    *xeno_media_get_cmdline        (XenoMedia            *self);
gboolean       xeno_media_is_kernel          (XenoMedia            *self);
const char    *xeno_media_get_device         (XenoMedia            *self);
const char    *xeno_media_get_format         (XenoMedia            *self);

G_END_DECLS
