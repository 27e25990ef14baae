/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Appliances in one file. */
#pragma once

#include "create/xeno-media-type.h"

G_BEGIN_DECLS

gboolean xeno_media_ova_recognise (XenoMediaFile   *file);
gboolean xeno_media_ova_inspect   (XenoMediaFile   *file,
                                   XenoMediaFacts  *facts,
                                   GError         **error);

G_END_DECLS
