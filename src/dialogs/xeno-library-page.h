/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The discs and images that are there: how large, who uses them, and away with them. */
#pragma once

#include <adwaita.h>

#include "virt/xeno-connection.h"

G_BEGIN_DECLS

#define XENO_TYPE_LIBRARY_PAGE (xeno_library_page_get_type ())

/* Signals: "use" (GFile), "failed" (GError). */
G_DECLARE_FINAL_TYPE (XenoLibraryPage, xeno_library_page, XENO, LIBRARY_PAGE, AdwBin)

void xeno_library_page_set_connection (XenoLibraryPage *self,
                                       XenoConnection  *connection);
void xeno_library_page_refresh        (XenoLibraryPage *self);

G_END_DECLS
