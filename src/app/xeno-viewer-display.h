/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The display at an address, through a decoder. */
#pragma once

#include "console/xeno-console-backend.h"
#include "viewer/xeno-viewer.h"

G_BEGIN_DECLS

XenoConsoleBackend *xeno_viewer_display_open (XenoViewer *viewer);

G_END_DECLS
