/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps one picture a machine, for everything that shows it. */
#pragma once

#include "pages/xeno-picture.h"

G_BEGIN_DECLS

#define XENO_TYPE_THUMBNAILER (xeno_thumbnailer_get_type ())

G_DECLARE_FINAL_TYPE (XenoThumbnailer, xeno_thumbnailer, XENO, THUMBNAILER, GObject)

XenoThumbnailer *xeno_thumbnailer_new         (void);
XenoPicture     *xeno_thumbnailer_get_picture (XenoThumbnailer *self,
                                               XenoMachine     *machine);
void             xeno_thumbnailer_forget      (XenoThumbnailer *self,
                                               XenoMachine     *machine);

G_END_DECLS
