/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names: the slug libvirt sees, made from the title a person typed. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define XENO_NAME_MAX_BYTES 50
#define XENO_TITLE_MAX_CHARS 100

/**
 * XenoNameTakenFunc:
 * @name: a candidate
 * @user_data: what xeno_name_make_unique() was given
 *
 * Says whether a name is taken.
 *
 * Returns: %TRUE if it is
 */
typedef gboolean (*XenoNameTakenFunc) (const char *name,
                                       gpointer    user_data);

gboolean xeno_name_check_title (const char         *title,
                                GError            **error);
gboolean xeno_name_is_slug     (const char         *name);
char    *xeno_name_make_slug   (const char         *title);
char    *xeno_name_make_unique (const char         *name,
                                const char         *separator,
                                XenoNameTakenFunc   taken,
                                gpointer            user_data);

G_END_DECLS
