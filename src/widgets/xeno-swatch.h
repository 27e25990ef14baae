/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A short piece of a graph's line, for its legend. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define XENO_TYPE_SWATCH (xeno_swatch_get_type ())

G_DECLARE_FINAL_TYPE (XenoSwatch, xeno_swatch, XENO, SWATCH, GtkWidget)

G_END_DECLS
