/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bytes and descriptors handed from one process to the other: sealed, and checked when they come. */
#pragma once

#include <gio/gunixfdlist.h>

G_BEGIN_DECLS

int     xeno_display_parcel_new        (GBytes       *bytes,
                                        GError      **error);
GBytes *xeno_display_parcel_open       (int           fd,
                                        gsize         max_size,
                                        GError      **error);
GBytes *xeno_display_parcel_open_reply (GVariant     *reply,
                                        GUnixFDList  *fds,
                                        gsize         max_size,
                                        GError      **error);
int     xeno_display_parcel_take_fd    (GUnixFDList  *fds,
                                        int           index);

G_END_DECLS
