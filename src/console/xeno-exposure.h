/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether all of a widget is seen, with nothing of its window over it. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

gboolean xeno_exposure_find (GtkWidget             *widget,
                             cairo_rectangle_int_t *area);

G_END_DECLS
