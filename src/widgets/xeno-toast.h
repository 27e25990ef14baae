/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one place that shows toasts and errors to a person. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

AdwToast *xeno_toast_new        (const char      *text);
void      xeno_toast_show       (AdwToastOverlay *overlay,
                                 AdwToast        *toast);
void      xeno_toast_show_error (AdwToastOverlay *overlay,
                                 const GError    *error);

G_END_DECLS
