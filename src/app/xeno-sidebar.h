/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The machines in a list that can be searched, each with its menu. */
#pragma once

#include <adwaita.h>

#include "app/xeno-connection-list.h"

G_BEGIN_DECLS

#define XENO_TYPE_SIDEBAR (xeno_sidebar_get_type ())

/* Properties: "selected" (XenoMachine, XenoConnection or NULL), "search-mode",
 * "shows-graphs".
 * Signal: "activated" (): the selected one was activated. */
G_DECLARE_FINAL_TYPE (XenoSidebar, xeno_sidebar, XENO, SIDEBAR, AdwBin)

void     xeno_sidebar_set_connections (XenoSidebar        *self,
                                       XenoConnectionList *connections);
GObject *xeno_sidebar_get_selected    (XenoSidebar        *self);
void     xeno_sidebar_select          (XenoSidebar        *self,
                                       GObject            *item);
void     xeno_sidebar_search          (XenoSidebar        *self,
                                       const char         *text);
void     xeno_sidebar_set_touch       (XenoSidebar        *self,
                                       gboolean            touch);

G_END_DECLS
