/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A frame in memory that the app maps too: a sealed memfd. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define XENO_TYPE_FRAME_BUFFER (xeno_frame_buffer_get_type ())

G_DECLARE_FINAL_TYPE (XenoFrameBuffer, xeno_frame_buffer, XENO, FRAME_BUFFER, GObject)

XenoFrameBuffer *xeno_frame_buffer_new        (guint             width,
                                               guint             height,
                                               GError          **error);
guint            xeno_frame_buffer_get_width  (XenoFrameBuffer  *self);
guint            xeno_frame_buffer_get_height (XenoFrameBuffer  *self);
gsize            xeno_frame_buffer_get_stride (XenoFrameBuffer  *self);
guchar          *xeno_frame_buffer_get_pixels (XenoFrameBuffer  *self);
int              xeno_frame_buffer_get_fd     (XenoFrameBuffer  *self);

G_END_DECLS
