/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files on somebody's disc image. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GBytes     *xeno_disc_file_read        (const char         *disc_path,
                                        const char         *path);
const char *xeno_disc_file_find_folder (const char         *disc_path,
                                        const char * const *paths);

G_END_DECLS
