/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unified kernel images: an EFI program with a kernel, its initrd and its command line in it. */
#pragma once

#include "create/xeno-media-type.h"

G_BEGIN_DECLS

gboolean xeno_media_uki_recognise (XenoMediaFile   *file);
gboolean xeno_media_uki_inspect   (XenoMediaFile   *file,
                                   XenoMediaFacts  *facts,
                                   GError         **error);

G_END_DECLS
