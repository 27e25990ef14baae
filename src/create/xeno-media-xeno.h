/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Machines in archives of our own. */
#pragma once

#include "create/xeno-media-type.h"

G_BEGIN_DECLS

gboolean xeno_media_xeno_recognise (XenoMediaFile   *file);
gboolean xeno_media_xeno_inspect   (XenoMediaFile   *file,
                                    XenoMediaFacts  *facts,
                                    GError         **error);

G_END_DECLS
