/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* VirtualBox's disks, used only when they stand on nothing but themselves. */
#pragma once

#include "create/xeno-media-type.h"

G_BEGIN_DECLS

gboolean xeno_media_vdi_recognise (XenoMediaFile   *file);
gboolean xeno_media_vdi_inspect   (XenoMediaFile   *file,
                                 XenoMediaFacts  *facts,
                                 GError         **error);

G_END_DECLS
