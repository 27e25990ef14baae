/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looks at the computer's readers, and at what is put into them. */
#pragma once

#include <glib.h>
#include <winscard.h>

#include "card/xeno-card-protocol.h"

G_BEGIN_DECLS

/**
 * XenoCardSight:
 * @is_lost: nobody looks after cards any more
 * @n_readers: how many readers there are
 * @names: what they are called
 * @states: of each a mask of SCARD_STATE_, and above it how many cards have come and gone
 */
typedef struct
{
  gboolean is_lost;
  guint    n_readers;
  char     names[XENO_CARD_MAX_READERS][XENO_CARD_NAME_BYTES];
  guint32  states[XENO_CARD_MAX_READERS];
} XenoCardSight;

typedef void (*XenoCardSeen) (const XenoCardSight *sight,
                              gpointer             user_data);

void xeno_card_watch_start (SCARDCONTEXT context,
                            XenoCardSeen seen,
                            gpointer     user_data);

G_END_DECLS
