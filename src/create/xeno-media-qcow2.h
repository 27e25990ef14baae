/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Disks in QEMU's qcow2 format, used only when they stand on nothing but themselves. */
#pragma once

#include "create/xeno-media-type.h"

G_BEGIN_DECLS

gboolean xeno_media_qcow2_recognise (XenoMediaFile   *file);
gboolean xeno_media_qcow2_inspect   (XenoMediaFile   *file,
                                     XenoMediaFacts  *facts,
                                     GError         **error);

G_END_DECLS
