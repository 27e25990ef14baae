/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Disk images that distributions make for clouds, known by the names they give them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean xeno_cloud_image_recognise (const char  *path,
                                     char       **os_id);

G_END_DECLS
