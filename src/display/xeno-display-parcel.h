/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bytes handed from one process to the other: written once, sealed, and checked when opened. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

int     xeno_display_parcel_new  (GBytes  *bytes,
                                  GError **error);
GBytes *xeno_display_parcel_open (int      fd,
                                  gsize    max_size,
                                  GError **error);

G_END_DECLS
