/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The card the guest has: the one in the reader that was chosen, or in the first that has one. */
#include "config.h"

#include "card/xeno-card.h"

struct _XenoCard
{
  SCARDCONTEXT context;
  char        *wanted; /* NULL: any */
  SCARDHANDLE  handle; /* of the card the guest has */
  gboolean     is_there;
  char         reader[XENO_CARD_NAME_BYTES]; /* where it is */
  guint32      count;
  DWORD        protocol;
  guint8       atr[MAX_ATR_SIZE];
  gsize        atr_size;
};

static guint32
get_count (guint32 state)
{
  return state >> 16;
}

/* For the guest alone: no program of this computer's can use what the guest has unlocked, or the other way round.
 * What one had unlocked before is locked again by the reset. */
static LONG
connect_card (XenoCard   *self,
              const char *reader)
{
  const DWORD protocols = SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1;
  DWORD name_size = 0, state, size = sizeof self->atr;
  LONG result = SCardConnect (self->context, reader, SCARD_SHARE_EXCLUSIVE, protocols, &self->handle,
                              &self->protocol);

  if (result != SCARD_S_SUCCESS)
    return result;

  result = SCardReconnect (self->handle, SCARD_SHARE_EXCLUSIVE, protocols, SCARD_RESET_CARD, &self->protocol);
  if (result == SCARD_S_SUCCESS)
    result = SCardStatus (self->handle, NULL, &name_size, &state, &self->protocol, self->atr, &size);
  if (result == SCARD_S_SUCCESS)
    self->atr_size = size;
  else
    SCardDisconnect (self->handle, SCARD_RESET_CARD);
  return result;
}

static XenoCardState
describe_failure (LONG result)
{
  switch (result)
    {
    case SCARD_E_SHARING_VIOLATION:
      return XENO_CARD_BUSY;

    case SCARD_W_SECURITY_VIOLATION:
      return XENO_CARD_REFUSED;

    case SCARD_E_NO_SMARTCARD:
    case SCARD_W_REMOVED_CARD:
      return XENO_CARD_EMPTY;

    default:
      return XENO_CARD_MUTE;
    }
}

static XenoCardState
try_card (XenoCard            *self,
          const XenoCardSight *sight,
          guint                i)
{
  LONG result;

  if (self->is_there && g_str_equal (sight->names[i], self->reader))
    return XENO_CARD_GIVEN;
  if ((sight->states[i] & SCARD_STATE_PRESENT) == 0)
    return XENO_CARD_EMPTY;
  if ((sight->states[i] & SCARD_STATE_MUTE) != 0)
    return XENO_CARD_MUTE;
  if (self->is_there || (self->wanted != NULL && !g_str_equal (sight->names[i], self->wanted)))
    return XENO_CARD_PRESENT;

  result = connect_card (self, sight->names[i]);
  if (result != SCARD_S_SUCCESS)
    return describe_failure (result);

  self->is_there = TRUE;
  self->count = get_count (sight->states[i]);
  g_strlcpy (self->reader, sight->names[i], sizeof self->reader);
  return XENO_CARD_GIVEN;
}

/**
 * xeno_card_new:
 * @context: a connection that nobody else uses
 * @wanted: (nullable): the reader it shall be in; %NULL: any
 *
 * Returns: (transfer full): no card yet
 */
XenoCard *
xeno_card_new (SCARDCONTEXT  context,
               const char   *wanted)
{
  XenoCard *self = g_new0 (XenoCard, 1);

  self->context = context;
  self->wanted = g_strdup (wanted);
  return self;
}

/**
 * xeno_card_free:
 * @self: (transfer full): a card
 */
void
xeno_card_free (XenoCard *self)
{
  g_return_if_fail (self != NULL);

  xeno_card_drop (self);
  g_free (self->wanted);
  g_free (self);
}

/**
 * xeno_card_is_there:
 * @self: a card
 *
 * Returns: whether the guest has one
 */
gboolean
xeno_card_is_there (XenoCard *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_there;
}

/**
 * xeno_card_get_atr:
 * @self: a card that is there
 * @size: (out): how many bytes it is
 *
 * Returns: (transfer none): what the card says when it is reset
 */
const guint8 *
xeno_card_get_atr (XenoCard *self,
                   gsize    *size)
{
  g_return_val_if_fail (self != NULL && size != NULL, NULL);

  *size = self->atr_size;
  return self->atr;
}

/**
 * xeno_card_lost:
 * @self: a card
 * @sight: what there is now
 *
 * Returns: whether there was one and it has been taken out, even if it, or another one, is there again
 */
gboolean
xeno_card_lost (XenoCard            *self,
                const XenoCardSight *sight)
{
  g_return_val_if_fail (self != NULL && sight != NULL, FALSE);

  for (guint i = 0; i < sight->n_readers; i++)
    if (g_str_equal (sight->names[i], self->reader))
      return self->is_there && ((sight->states[i] & SCARD_STATE_PRESENT) == 0 ||
                                get_count (sight->states[i]) != self->count);
  return self->is_there;
}

/**
 * xeno_card_drop:
 * @self: a card
 *
 * Gives it back to this computer's programs, locked.
 */
void
xeno_card_drop (XenoCard *self)
{
  g_return_if_fail (self != NULL);

  if (self->is_there)
    SCardDisconnect (self->handle, SCARD_RESET_CARD);
  self->is_there = FALSE;
}

/**
 * xeno_card_take:
 * @self: a card
 * @sight: what there is
 * @report: (inout): gets what is with each reader
 *
 * Takes a card where there is none, and one to be had.
 *
 * Returns: whether it took one
 */
gboolean
xeno_card_take (XenoCard            *self,
                const XenoCardSight *sight,
                XenoCardReport      *report)
{
  gboolean was_there;

  g_return_val_if_fail (self != NULL && sight != NULL && report != NULL, FALSE);

  was_there = self->is_there;
  report->n_readers = sight->n_readers;
  for (guint i = 0; i < sight->n_readers; i++)
    {
      memcpy (report->readers[i].name, sight->names[i], XENO_CARD_NAME_BYTES);
      report->readers[i].state = try_card (self, sight, i);
    }
  return self->is_there && !was_there;
}

/**
 * xeno_card_transmit:
 * @self: a card
 * @command: (array length=size): what the guest wants of it
 * @size: how many bytes that is
 * @answer: (array length=max_answer): gets what the card says
 * @max_answer: for how many bytes there is room
 *
 * Returns: how many bytes the card said, or -1 if it said none
 */
gssize
xeno_card_transmit (XenoCard     *self,
                    const guint8 *command,
                    gsize         size,
                    guint8       *answer,
                    gsize         max_answer)
{
  const SCARD_IO_REQUEST *frame;
  DWORD answer_size = max_answer;

  g_return_val_if_fail (self != NULL && command != NULL && answer != NULL, -1);

  if (!self->is_there)
    return -1;

  frame = self->protocol == SCARD_PROTOCOL_T1 ? SCARD_PCI_T1 : SCARD_PCI_T0;
  if (SCardTransmit (self->handle, frame, command, size, NULL, answer, &answer_size) != SCARD_S_SUCCESS)
    return -1;
  return answer_size;
}
