/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads a guest's frame out of a graphics processor's memory. */
#pragma once

#include "display/xeno-display-protocol.h"

G_BEGIN_DECLS

#define XENO_TYPE_TEXTURE_READER (xeno_texture_reader_get_type ())

G_DECLARE_FINAL_TYPE (XenoTextureReader, xeno_texture_reader, XENO, TEXTURE_READER, GObject)

XenoTextureReader *xeno_texture_reader_new    (int                      fd,
                                               const XenoTextureShape  *shape,
                                               GError                 **error);
int                xeno_texture_reader_get_fd (XenoTextureReader       *self);
gboolean           xeno_texture_reader_read   (XenoTextureReader       *self,
                                               guint                    x,
                                               guint                    y,
                                               guint                    width,
                                               guint                    height);

G_END_DECLS
