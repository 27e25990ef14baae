/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The card the guest has: the one in the reader that was chosen, or in the first that has one. */
#pragma once

#include <glib.h>
#include <winscard.h>

#include "card/xeno-card-watch.h"

G_BEGIN_DECLS

typedef struct _XenoCard XenoCard;

XenoCard     *xeno_card_new      (SCARDCONTEXT         context,
                                  const char          *wanted);
void          xeno_card_free     (XenoCard            *self);
gboolean      xeno_card_is_there (XenoCard            *self);
const guint8 *xeno_card_get_atr  (XenoCard            *self,
                                  gsize               *size);
gboolean      xeno_card_lost     (XenoCard            *self,
                                  const XenoCardSight *sight);
void          xeno_card_drop     (XenoCard            *self);
gboolean      xeno_card_take     (XenoCard            *self,
                                  const XenoCardSight *sight,
                                  XenoCardReport      *report);
gssize        xeno_card_transmit (XenoCard            *self,
                                  const guint8        *command,
                                  gsize                size,
                                  guint8              *answer,
                                  gsize                max_answer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoCard, xeno_card_free)

G_END_DECLS
