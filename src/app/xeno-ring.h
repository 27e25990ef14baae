/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A small ring that fills as work proceeds. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define XENO_TYPE_RING (xeno_ring_get_type ())

G_DECLARE_FINAL_TYPE (XenoRing, xeno_ring, XENO, RING, GtkWidget)

GtkWidget *xeno_ring_new          (void);
double     xeno_ring_get_fraction (XenoRing *self);
void       xeno_ring_set_fraction (XenoRing *self,
                                   double    fraction);

G_END_DECLS
