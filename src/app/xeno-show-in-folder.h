/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shows a file where it is kept. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void xeno_show_in_folder (GtkWindow  *window,
                          const char *path);

G_END_DECLS
