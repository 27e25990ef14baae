/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The newest picture of one machine's screen, taken again and again while somebody looks. */
#pragma once

#include <gtk/gtk.h>

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

#define XENO_TYPE_PICTURE (xeno_picture_get_type ())

G_DECLARE_FINAL_TYPE (XenoPicture, xeno_picture, XENO, PICTURE, GObject)

XenoPicture *xeno_picture_get_for_machine (XenoMachine *machine);
GdkTexture  *xeno_picture_get_small       (XenoPicture *self);
GdkTexture  *xeno_picture_get_large       (XenoPicture *self);
void         xeno_picture_watch           (XenoPicture *self,
                                           gboolean     is_large);
void         xeno_picture_unwatch         (XenoPicture *self,
                                           gboolean     is_large);
gboolean     xeno_picture_is_watched      (XenoPicture *self);

G_END_DECLS
