/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Says over a console what size the guest's screen gets, while it changes. */
#pragma once

#include "console/xeno-console.h"

G_BEGIN_DECLS

#define XENO_TYPE_CONSOLE_SIZE_HINT (xeno_console_size_hint_get_type ())

/* Property: "console". */
G_DECLARE_FINAL_TYPE (XenoConsoleSizeHint, xeno_console_size_hint, XENO, CONSOLE_SIZE_HINT, GtkWidget)

G_END_DECLS
