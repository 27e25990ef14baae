/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ring in the header: what is at work, how far it is, and how to stop it. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define XENO_TYPE_JOBS_BUTTON (xeno_jobs_button_get_type ())

G_DECLARE_FINAL_TYPE (XenoJobsButton, xeno_jobs_button, XENO, JOBS_BUTTON, AdwBin)

void xeno_jobs_button_set_jobs (XenoJobsButton *self,
                                GListModel     *jobs);

G_END_DECLS
