/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A terminal for text that nobody vouches for: it shows it, and does nothing that it asks. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define XENO_TYPE_TERMINAL (xeno_terminal_get_type ())

G_DECLARE_FINAL_TYPE (XenoTerminal, xeno_terminal, XENO, TERMINAL, GtkWidget)

GtkWidget *xeno_terminal_new               (void);
void       xeno_terminal_feed              (XenoTerminal  *self,
                                            const char    *bytes,
                                            gsize          n_bytes);
void       xeno_terminal_begin_anew        (XenoTerminal  *self);
gboolean   xeno_terminal_accepts_input     (XenoTerminal  *self);
void       xeno_terminal_set_accepts_input (XenoTerminal  *self,
                                            gboolean       accepts_input);
double     xeno_terminal_get_font_scale    (XenoTerminal  *self);
void       xeno_terminal_set_font_scale    (XenoTerminal  *self,
                                            double         font_scale);
void       xeno_terminal_begin_search      (XenoTerminal  *self);
char      *xeno_terminal_dup_text          (XenoTerminal  *self);
GBytes    *xeno_terminal_dup_all           (XenoTerminal  *self);

G_END_DECLS
