/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A drive so small that it fills up. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean mount_small_drive (const char *path,
                            guint       mebibytes);

G_END_DECLS
