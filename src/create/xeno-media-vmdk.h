/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* VMware's disks, used only when all of one is in one file. */
#pragma once

#include "create/xeno-media-type.h"

G_BEGIN_DECLS

gboolean xeno_media_vmdk_recognise (XenoMediaFile   *file);
gboolean xeno_media_vmdk_inspect   (XenoMediaFile   *file,
                                 XenoMediaFacts  *facts,
                                 GError         **error);

G_END_DECLS
