/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a machine gets a smart card of this computer's, and what is with the readers. */
#pragma once

#include <adwaita.h>

#include "card/xeno-card-protocol.h"

G_BEGIN_DECLS

#define XENO_TYPE_CARD_DIALOG (xeno_card_dialog_get_type ())

/* Signals: "changed" (reader) when a person has chosen: one of the readers, "" for the first that has a card,
 * %NULL for none. */
G_DECLARE_FINAL_TYPE (XenoCardDialog, xeno_card_dialog, XENO, CARD_DIALOG, AdwWindow)

GtkWidget *xeno_card_dialog_new        (GtkWindow            *parent,
                                        const char           *reader);
void       xeno_card_dialog_set_report (XenoCardDialog       *self,
                                        const XenoCardReport *report);

G_END_DECLS
