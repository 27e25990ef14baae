/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Mice have more than three buttons: lets GTK notice that the others are let go. */
#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

void xeno_side_buttons_mend (GdkDisplay *display);

G_END_DECLS
