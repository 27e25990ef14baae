/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file the person gave, of which a decoder has nothing but an open descriptor. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define XENO_TYPE_DISPLAY_GIVEN_FILE (xeno_display_given_file_get_type ())

G_DECLARE_FINAL_TYPE (XenoDisplayGivenFile, xeno_display_given_file, XENO, DISPLAY_GIVEN_FILE, GObject)

GFile *xeno_display_given_file_new (int         fd,
                                    const char *name,
                                    guint64     size);

G_END_DECLS
