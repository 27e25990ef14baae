/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Saves what a terminal has shown to a file that a person chooses. */
#pragma once

#include "console/xeno-terminal.h"

G_BEGIN_DECLS

void xeno_text_save (XenoTerminal *terminal,
                     const char   *title,
                     GtkWindow    *window);

G_END_DECLS
