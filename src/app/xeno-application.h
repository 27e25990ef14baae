/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The application: one process, its connections, its windows, and what the command line asks for. */
#pragma once

#include <adwaita.h>

#include "app/xeno-connection-list.h"
#include "app/xeno-console-window.h"
#include "base/xeno-job.h"
#include "create/xeno-recipe.h"
#include "viewer/xeno-address.h"

G_BEGIN_DECLS

#define XENO_TYPE_APPLICATION (xeno_application_get_type ())

G_DECLARE_FINAL_TYPE (XenoApplication, xeno_application, XENO, APPLICATION, AdwApplication)

XenoApplication    *xeno_application_new               (void);
GSettings          *xeno_application_get_settings      (XenoApplication *self);
int                 xeno_application_get_exit_status   (XenoApplication *self);
XenoConnectionList *xeno_application_get_connections   (XenoApplication *self);
GListModel         *xeno_application_get_jobs          (XenoApplication *self);
void                xeno_application_add_job           (XenoApplication *self,
                                                        XenoJob         *job);
void                xeno_application_remove_ended_jobs (XenoApplication *self);
void                xeno_application_open_console      (XenoApplication *self,
                                                        XenoMachine     *machine);
gboolean            xeno_application_present_console   (XenoApplication *self,
                                                        const char      *id);
XenoConsoleWindow  *xeno_application_add_console       (XenoApplication    *self,
                                                        XenoConsoleSession *session);
void                xeno_application_open_address      (XenoApplication *self,
                                                        XenoAddress     *address,
                                                        gboolean         view_only);
void                xeno_application_review            (XenoApplication *self,
                                                        XenoConnection  *connection,
                                                        GFile           *file);
void                xeno_application_review_recipe     (XenoApplication *self,
                                                        XenoRecipe      *recipe);
void                xeno_application_show_toast        (XenoApplication *self,
                                                        GtkWindow       *window,
                                                        AdwToast        *toast);
void                xeno_application_show_error        (XenoApplication *self,
                                                        GtkWindow       *window,
                                                        const GError    *error);

G_END_DECLS
