/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Disc images: ISO 9660, and whether El Torito finds something to boot on them. */
#pragma once

#include "create/xeno-media-type.h"

G_BEGIN_DECLS

gboolean xeno_media_iso_recognise (XenoMediaFile   *file);
gboolean xeno_media_iso_inspect   (XenoMediaFile   *file,
                                   XenoMediaFacts  *facts,
                                   GError         **error);

G_END_DECLS
