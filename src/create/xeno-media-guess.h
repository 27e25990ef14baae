/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a file is that no machine can be made from, so that the refusal helps. */
#pragma once

#include "create/xeno-media-type.h"

G_BEGIN_DECLS

GError *xeno_media_guess_refuse (XenoMediaFile *file);

G_END_DECLS
