/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a guest's reader and who has a card for it say to each other. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a card takes or answers at once, the longest there is: a command with 65536 bytes, and its frame. */
#define XENO_CARD_MAX_MESSAGE (4 + 3 + 65536 + 3 + 2)

typedef struct _XenoCardLink XenoCardLink;

/* Has the card work, and returns how many bytes it has put into @answer, which has room for
 * %XENO_CARD_MAX_MESSAGE; -1: there is no answer. */
typedef gssize (*XenoCardTransmit) (const guint8 *command,
                                    gsize         size,
                                    guint8       *answer,
                                    gpointer      user_data);

XenoCardLink *xeno_card_link_new    (int               fd,
                                     XenoCardTransmit  transmit,
                                     GSourceOnceFunc   ended,
                                     gpointer          user_data);
void          xeno_card_link_free   (XenoCardLink     *self);
void          xeno_card_link_insert (XenoCardLink     *self,
                                     const guint8     *atr,
                                     gsize             size);
void          xeno_card_link_remove (XenoCardLink     *self);
void          xeno_card_link_leave  (XenoCardLink     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoCardLink, xeno_card_link_free)

G_END_DECLS
