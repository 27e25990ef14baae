/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kernels as a build leaves them, known by the header that loaders read. */
#pragma once

#include "create/xeno-media-type.h"

G_BEGIN_DECLS

gboolean xeno_media_kernel_recognise (XenoMediaFile   *file);
gboolean xeno_media_kernel_inspect   (XenoMediaFile   *file,
                                      XenoMediaFacts  *facts,
                                      GError         **error);

const char *xeno_media_kernel_find_arch (guint16 machine);

G_END_DECLS
