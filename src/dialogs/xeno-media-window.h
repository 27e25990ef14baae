/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Discs and images: those that can be downloaded, and those that are there. */
#pragma once

#include <adwaita.h>

#include "create/xeno-os-db.h"
#include "virt/xeno-connection.h"

G_BEGIN_DECLS

#define XENO_TYPE_MEDIA_WINDOW (xeno_media_window_get_type ())

/* Signals: "download" (XenoOsDownload), "use" (GFile). */
G_DECLARE_FINAL_TYPE (XenoMediaWindow, xeno_media_window, XENO, MEDIA_WINDOW, AdwWindow)

GtkWidget *xeno_media_window_new             (GtkWindow       *parent,
                                              XenoConnection  *connection,
                                              XenoOsDb        *os_db);
void       xeno_media_window_show_downloads  (XenoMediaWindow *self);
void       xeno_media_window_show_library    (XenoMediaWindow *self);
void       xeno_media_window_refresh         (XenoMediaWindow *self);

G_END_DECLS
