/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The process that gives a guest a card of this computer's: it reaches the card, and nothing else. */
#pragma once

#include <gio/gio.h>

#include "card/xeno-card-protocol.h"

G_BEGIN_DECLS

#define XENO_TYPE_CARD_PROCESS (xeno_card_process_get_type ())

/* Signals: "changed", when the report has. */
G_DECLARE_FINAL_TYPE (XenoCardProcess, xeno_card_process, XENO, CARD_PROCESS, GObject)

XenoCardProcess      *xeno_card_process_new        (void);
void                  xeno_card_process_set_reader (XenoCardProcess  *self,
                                                    const char       *reader);
gboolean              xeno_card_process_is_wanted  (XenoCardProcess  *self);
int                   xeno_card_process_open       (XenoCardProcess  *self,
                                                    GError          **error);
void                  xeno_card_process_stop       (XenoCardProcess  *self);
const XenoCardReport *xeno_card_process_get_report (XenoCardProcess  *self);

G_END_DECLS
