/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Descriptions of appliances whose disks lie beside them. */
#pragma once

#include "create/xeno-media-type.h"

G_BEGIN_DECLS

gboolean xeno_media_ovf_recognise (XenoMediaFile   *file);
gboolean xeno_media_ovf_inspect   (XenoMediaFile   *file,
                                   XenoMediaFacts  *facts,
                                   GError         **error);

G_END_DECLS
