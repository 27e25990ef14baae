/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file somebody wants to run, looked at without trusting it. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum { XENO_MEDIA_ISO, XENO_MEDIA_QCOW2, XENO_MEDIA_RAW } XenoMediaKind;

#define XENO_TYPE_MEDIA (xeno_media_get_type ())
/* Properties: "path", "kind", "size-bytes", "label" (clean text or NULL), "os-id" (or NULL),
 * "is-live", "is-bootable", "warning" (translated sentence or NULL: shown, and asked about, before
 * creating: "The file ends after 12 MiB of 650 MiB…"). */
G_DECLARE_FINAL_TYPE (XenoMedia, xeno_media, XENO, MEDIA, GObject)

/* Looks at a file in a thread; never opens anything but a regular file, never reads it to the end.
 * Errors: XENO_ERROR_BAD_MEDIA (with what it is instead), NOT_FOUND, NO_PERMISSION, TIMEOUT. */
void           xeno_media_open_async  (GFile *file, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
XenoMedia     *xeno_media_open_finish (GAsyncResult *result, GError **error);
const char    *xeno_media_get_path    (XenoMedia *self);
XenoMediaKind  xeno_media_get_kind    (XenoMedia *self);
guint64        xeno_media_get_size_bytes (XenoMedia *self);
const char    *xeno_media_get_label   (XenoMedia *self);
const char    *xeno_media_get_os_id   (XenoMedia *self);
const char    *xeno_media_get_warning (XenoMedia *self);
gboolean       xeno_media_is_bootable (XenoMedia *self);

G_END_DECLS
