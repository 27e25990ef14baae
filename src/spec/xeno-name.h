/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names: the slug libvirt sees, made from the title a person typed. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether a title can be used: not empty, bounded, no control characters, no slash, not "." or "..",
 * no reserved target (host, all, self). Error: XENO_ERROR_INVALID with a sentence for the form. */
gboolean  xeno_name_check_title (const char *title, GError **error);
/* [A-Za-z0-9][A-Za-z0-9._-]{0,49}; transliterated where possible, else "machine"; never reserved. */
char     *xeno_name_make_slug   (const char *title);
/* @taken: (nullable) whether a candidate is taken. Appends -2, -3, … */
typedef gboolean (*XenoNameTakenFunc) (const char *name, gpointer user_data);
char     *xeno_name_make_unique (const char *name, const char *separator, XenoNameTakenFunc taken, gpointer user_data);
gboolean  xeno_name_is_slug     (const char *name);

G_END_DECLS
