/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where xenolith-card finds what it is given, and what it tells the app. */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* Where the app is told: each message is a whole #XenoCardReport, in place of the one before. */
#define XENO_CARD_REPORT_FD 3

/* The guest's end, which speaks as the reader of QEMU's does. */
#define XENO_CARD_SOCKET_FD 4

/* As many as PC/SC has at most, and as long as their names get there. */
#define XENO_CARD_MAX_READERS 16
#define XENO_CARD_NAME_BYTES 128

/**
 * XenoCardService:
 * @XENO_CARD_SERVICE_AWAITED: nothing is known yet
 * @XENO_CARD_SERVICE_READY: it tells of readers
 * @XENO_CARD_SERVICE_MISSING: nobody looks after cards on this computer
 * @XENO_CARD_SERVICE_REFUSES: somebody does, but not for this person
 *
 * The computer's service for smart cards, pcscd.
 */
typedef enum
{
  XENO_CARD_SERVICE_AWAITED,
  XENO_CARD_SERVICE_READY,
  XENO_CARD_SERVICE_MISSING,
  XENO_CARD_SERVICE_REFUSES,
  XENO_CARD_N_SERVICES,
} XenoCardService;

/**
 * XenoCardState:
 * @XENO_CARD_EMPTY: there is no card in the reader
 * @XENO_CARD_PRESENT: there is one, which the guest does not have
 * @XENO_CARD_BUSY: there is one, and another program has it
 * @XENO_CARD_REFUSED: there is one, which this person may not use
 * @XENO_CARD_MUTE: there is one that does not answer
 * @XENO_CARD_GIVEN: the guest has it
 *
 * What is with a reader's card.
 */
typedef enum
{
  XENO_CARD_EMPTY,
  XENO_CARD_PRESENT,
  XENO_CARD_BUSY,
  XENO_CARD_REFUSED,
  XENO_CARD_MUTE,
  XENO_CARD_GIVEN,
  XENO_CARD_N_STATES,
} XenoCardState;

/**
 * XenoCardReader:
 * @state: a #XenoCardState
 * @name: what PC/SC calls it; it comes from the device
 */
typedef struct
{
  guint8 state;
  char   name[XENO_CARD_NAME_BYTES];
} XenoCardReader;

/**
 * XenoCardReport:
 * @service: a #XenoCardService
 * @n_readers: how many readers there are
 * @readers: those
 *
 * What is known of the computer's readers.
 */
typedef struct
{
  guint8         service;
  guint8         n_readers;
  XenoCardReader readers[XENO_CARD_MAX_READERS];
} XenoCardReport;

/* The gate for what comes from the process, which a guest may have taken over. */
static inline gboolean
xeno_card_is_sane_report (const XenoCardReport *report,
                          gsize                 size)
{
  if (size != sizeof *report || report->service >= XENO_CARD_N_SERVICES ||
      report->n_readers > XENO_CARD_MAX_READERS)
    return FALSE;

  for (guint i = 0; i < report->n_readers; i++)
    if (report->readers[i].state >= XENO_CARD_N_STATES ||
        memchr (report->readers[i].name, '\0', XENO_CARD_NAME_BYTES) == NULL)
      return FALSE;
  return TRUE;
}

G_END_DECLS
