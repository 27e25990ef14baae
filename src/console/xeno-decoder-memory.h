/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The gate for the memory a decoder gives: what it says about it is believed when it has been checked. */
#pragma once

#include "console/xeno-surface.h"

G_BEGIN_DECLS

XenoSurface *xeno_decoder_memory_map (int   fd,
                                      guint width,
                                      guint height,
                                      guint stride);

G_END_DECLS
