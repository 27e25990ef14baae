/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pointer shapes a guest used last, ready for the display server. */
#pragma once

#include <gtk/gtk.h>

#include "console/xeno-console-backend.h"

G_BEGIN_DECLS

typedef struct _XenoCursorCache XenoCursorCache;

XenoCursorCache *xeno_cursor_cache_new  (void);
void             xeno_cursor_cache_free (XenoCursorCache       *self);
GdkCursor       *xeno_cursor_cache_find (XenoCursorCache       *self,
                                         const XenoCursorShape *shape,
                                         double                 scale);
void             xeno_cursor_cache_add  (XenoCursorCache       *self,
                                         const XenoCursorShape *shape,
                                         double                 scale,
                                         GdkCursor             *cursor);

G_END_DECLS
