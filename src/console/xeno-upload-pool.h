/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps the memory shared with an X server warm between frames. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct _XenoUploadPool XenoUploadPool;

XenoUploadPool *xeno_upload_pool_new  (GdkDisplay     *display,
                                       int             width,
                                       int             height);
void            xeno_upload_pool_free (XenoUploadPool *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoUploadPool, xeno_upload_pool_free)

G_END_DECLS
