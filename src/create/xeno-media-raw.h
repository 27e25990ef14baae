/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Disks byte for byte, known by their partition table or boot sector. */
#pragma once

#include "create/xeno-media-type.h"

G_BEGIN_DECLS

gboolean xeno_media_raw_recognise (XenoMediaFile   *file);
gboolean xeno_media_raw_inspect   (XenoMediaFile   *file,
                                   XenoMediaFacts  *facts,
                                   GError         **error);

G_END_DECLS
