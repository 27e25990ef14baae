/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Disks that somebody packed with gzip or xz. */
#pragma once

#include "create/xeno-media-type.h"

G_BEGIN_DECLS

gboolean xeno_media_packed_recognise (XenoMediaFile   *file);
gboolean xeno_media_packed_inspect   (XenoMediaFile   *file,
                                 XenoMediaFacts  *facts,
                                 GError         **error);

G_END_DECLS
