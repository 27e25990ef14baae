/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a person can see a widget. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define XENO_TYPE_SIGHT (xeno_sight_get_type ())

G_DECLARE_FINAL_TYPE (XenoSight, xeno_sight, XENO, SIGHT, GObject)

XenoSight *xeno_sight_new     (GtkWidget *widget);
gboolean   xeno_sight_is_seen (XenoSight *self);

G_END_DECLS
