/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One text console of a machine: opened when it is first looked at, while the machine runs. */
#pragma once

#include <gtk/gtk.h>

#include "app/xeno-console-situation.h"
#include "console/xeno-terminal.h"

G_BEGIN_DECLS

#define XENO_TYPE_TEXT_PAGE (xeno_text_page_get_type ())

G_DECLARE_FINAL_TYPE (XenoTextPage, xeno_text_page, XENO, TEXT_PAGE, GtkWidget)

GtkWidget            *xeno_text_page_new           (XenoMachine  *machine,
                                                    const char   *port);
const char           *xeno_text_page_get_port      (XenoTextPage *self);
XenoTerminal         *xeno_text_page_get_terminal  (XenoTextPage *self);
XenoConsoleSituation  xeno_text_page_get_situation (XenoTextPage *self);
const char           *xeno_text_page_get_reason    (XenoTextPage *self);
gboolean              xeno_text_page_is_open       (XenoTextPage *self);
void                  xeno_text_page_open          (XenoTextPage *self);
void                  xeno_text_page_try_again     (XenoTextPage *self);
void                  xeno_text_page_close         (XenoTextPage *self);

G_END_DECLS
