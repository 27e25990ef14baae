/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An address as what a console shows: its display is opened, and opened again when it went away. */
#pragma once

#include "app/xeno-console-session.h"
#include "viewer/xeno-viewer.h"

G_BEGIN_DECLS

#define XENO_TYPE_VIEWER_SESSION (xeno_viewer_session_get_type ())

G_DECLARE_FINAL_TYPE (XenoViewerSession, xeno_viewer_session, XENO, VIEWER_SESSION, XenoConsoleSession)

XenoConsoleSession *xeno_viewer_session_new        (XenoViewer        *viewer);
XenoViewer         *xeno_viewer_session_get_viewer (XenoViewerSession *self);

G_END_DECLS
