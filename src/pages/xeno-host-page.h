/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The computer behind a connection: what it does, and whether it is ready for machines. */
#pragma once

#include <adwaita.h>

#include "stats/xeno-sampler.h"
#include "virt/xeno-connection.h"

G_BEGIN_DECLS

#define XENO_TYPE_HOST_PAGE (xeno_host_page_get_type ())

G_DECLARE_FINAL_TYPE (XenoHostPage, xeno_host_page, XENO, HOST_PAGE, AdwBin)

GtkWidget      *xeno_host_page_new            (void);
XenoConnection *xeno_host_page_get_connection (XenoHostPage   *self);
void            xeno_host_page_set_connection (XenoHostPage   *self,
                                               XenoConnection *connection,
                                               XenoSampler    *sampler);

G_END_DECLS
