/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of the application share. */
#pragma once

#include "app/xeno-application.h"
#include "app/xeno-window.h"
#include "dialogs/xeno-media-window.h"

G_BEGIN_DECLS

XenoWindow *xeno_application_present_window    (XenoApplication     *self);
XenoOsDb   *xeno_application_get_os_db         (XenoApplication     *self);
void        xeno_application_add_actions       (XenoApplication     *self);
void        xeno_application_choose_file       (XenoApplication     *self);
void        xeno_application_show_about        (XenoApplication     *self);

/* xeno-application-addresses.c */
void        xeno_application_ask_for_address   (XenoApplication     *self);
gboolean    xeno_application_open_uri          (XenoApplication     *self,
                                                const char          *uri,
                                                gboolean             view_only,
                                                GError             **error);
void        xeno_application_open_address_file (XenoApplication     *self,
                                                GFile               *file,
                                                gboolean             view_only);

/* xeno-application-installation.c */
void        xeno_application_watch_installation (XenoApplication   *self,
                                                 XenoMachine       *machine);

/* xeno-application-media.c */
XenoMediaWindow *xeno_application_present_media (XenoApplication *self);

G_END_DECLS
