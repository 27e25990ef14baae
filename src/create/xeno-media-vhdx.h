/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Disks of Hyper-V, used only when they were closed properly and stand on nothing but themselves. */
#pragma once

#include "create/xeno-media-type.h"

G_BEGIN_DECLS

gboolean xeno_media_vhdx_recognise (XenoMediaFile   *file);
gboolean xeno_media_vhdx_inspect   (XenoMediaFile   *file,
                                 XenoMediaFacts  *facts,
                                 GError         **error);

G_END_DECLS
