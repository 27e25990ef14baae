/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xenolith-card: lets one guest have the card in one of this computer's readers, and nothing else of it. */
#include "config.h"

#include <errno.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/xeno-sandbox.h"
#include "card/xeno-card-link.h"
#include "card/xeno-card-protocol.h"
#include "card/xeno-card-watch.h"
#include "card/xeno-card.h"

/* A few messages, and the thread's stack. */
#define MAX_MEMORY (G_GUINT64_CONSTANT (256) << 20)

/* PC/SC does not tell when another program lets go of a card, or a service is started. */
#define RETRY_MS 2000

typedef struct
{
  GMainLoop      *loop;
  XenoCard       *card;
  XenoCardLink   *link;
  XenoCardSight   sight;
  XenoCardReport  report;
  XenoCardReport  told;
  guint           report_id; /* while nobody takes it */
  guint           retry_id;
} Run;

static gboolean send_report_cb (int          fd,
                                GIOCondition condition,
                                gpointer     user_data);

static void
send_report (Run *run)
{
  if (run->report_id != 0 || memcmp (&run->report, &run->told, sizeof run->told) == 0)
    return;

  if (send (XENO_CARD_REPORT_FD, &run->report, sizeof run->report, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
    run->told = run->report;
  else if (errno == EAGAIN)
    run->report_id = g_unix_fd_add (XENO_CARD_REPORT_FD, G_IO_OUT, send_report_cb, run);
}

/* Whatever is the newest by then. */
static gboolean
send_report_cb (int          fd,
                GIOCondition condition,
                gpointer     user_data)
{
  Run *run = user_data;

  run->report_id = 0;
  send_report (run);
  return G_SOURCE_REMOVE;
}

static gboolean retry_cb (gpointer user_data);

static void
take_card (Run *run)
{
  gboolean is_missed = FALSE;
  const guint8 *atr;
  gsize size;

  g_clear_handle_id (&run->retry_id, g_source_remove);
  if (xeno_card_take (run->card, &run->sight, &run->report))
    {
      atr = xeno_card_get_atr (run->card, &size);
      xeno_card_link_insert (run->link, atr, size);
    }
  for (guint i = 0; i < run->report.n_readers; i++)
    is_missed |= run->report.readers[i].state == XENO_CARD_BUSY || run->report.readers[i].state == XENO_CARD_MUTE;
  if (is_missed && !xeno_card_is_there (run->card))
    run->retry_id = g_timeout_add (RETRY_MS, retry_cb, run);
  send_report (run);
}

static gboolean
retry_cb (gpointer user_data)
{
  Run *run = user_data;

  run->retry_id = 0;
  take_card (run);
  return G_SOURCE_REMOVE;
}

static void
lose_card (Run *run)
{
  xeno_card_drop (run->card);
  xeno_card_link_remove (run->link);
}

static void
seen_cb (const XenoCardSight *sight,
         gpointer             user_data)
{
  Run *run = user_data;

  if (sight->is_lost)
    {
      run->report = (XenoCardReport) { XENO_CARD_SERVICE_MISSING };
      send_report (run);
      g_main_loop_quit (run->loop);
      return;
    }

  run->sight = *sight;
  if (xeno_card_lost (run->card, sight))
    lose_card (run);
  take_card (run);
}

/* A card that does not answer as it should is put in anew: that is what the guest would do with it. */
static gssize
transmit_cb (const guint8 *command,
             gsize         size,
             guint8       *answer,
             gpointer      user_data)
{
  Run *run = user_data;
  gboolean was_there = xeno_card_is_there (run->card);
  gssize answer_size = xeno_card_transmit (run->card, command, size, answer, XENO_CARD_MAX_MESSAGE);

  if (answer_size >= 0 || !was_there)
    return answer_size;

  lose_card (run);
  if (run->retry_id == 0)
    run->retry_id = g_timeout_add (RETRY_MS, retry_cb, run);
  return -1;
}

static void
ended_cb (gpointer user_data)
{
  g_main_loop_quit (((Run *) user_data)->loop);
}

static gboolean
terminated_cb (gpointer user_data)
{
  g_main_loop_quit (((Run *) user_data)->loop);
  return G_SOURCE_CONTINUE;
}

static XenoCardService
describe_service (LONG result)
{
  if (result == SCARD_S_SUCCESS)
    return XENO_CARD_SERVICE_READY;

  /* It hangs up on whom it does not want to serve; later versions say so. */
  return result == SCARD_F_COMM_ERROR || result == SCARD_W_SECURITY_VIOLATION ? XENO_CARD_SERVICE_REFUSES
                                                                              : XENO_CARD_SERVICE_MISSING;
}

/* Waits until there is somebody to ask. Nothing has been read from the guest, nor is it here.
 *
 * Returns: whether there is; else the guest has gone meanwhile */
static gboolean
find_service (Run          *run,
              SCARDCONTEXT *contexts,
              guint         n_contexts)
{
  struct pollfd guest = { .fd = XENO_CARD_SOCKET_FD, .events = POLLRDHUP };

  do
    {
      LONG result = SCARD_S_SUCCESS;

      for (guint i = 0; i < n_contexts && result == SCARD_S_SUCCESS; i++)
        result = SCardEstablishContext (SCARD_SCOPE_SYSTEM, NULL, NULL, &contexts[i]);
      run->report.service = describe_service (result);
      if (result == SCARD_S_SUCCESS)
        return TRUE;
      send_report (run);
    }
  while (poll (&guest, 1, RETRY_MS) == 0);
  return FALSE;
}

/* One connection waits, the other one works. */
int
main (int   argc,
      char *argv[])
{
  SCARDCONTEXT contexts[2] = { 0 };
  g_autoptr (GMainLoop) loop = NULL;
  g_autoptr (XenoCard) card = NULL;
  g_autoptr (XenoCardLink) link = NULL;
  Run run = { NULL };

  xeno_sandbox_limit (MAX_MEMORY);
  if (argc > 2)
    {
      g_printerr ("usage: xenolith-card [READER]\nXenolith starts this by itself.\n");
      return EXIT_FAILURE;
    }

  loop = g_main_loop_new (NULL, FALSE);
  run.loop = loop;
  if (!find_service (&run, contexts, G_N_ELEMENTS (contexts)))
    return EXIT_SUCCESS;
  if (!xeno_sandbox_seal (XENO_SANDBOX_NO_FILES))
    {
      g_printerr ("xenolith-card: this kernel filters no system calls, so the guest gets no card\n");
      return EXIT_FAILURE;
    }

  card = xeno_card_new (contexts[0], argv[1]);
  run.card = card;
  link = xeno_card_link_new (XENO_CARD_SOCKET_FD, transmit_cb, ended_cb, &run);
  run.link = link;
  xeno_card_watch_start (contexts[1], seen_cb, &run);
  g_unix_signal_add (SIGTERM, terminated_cb, &run);
  g_main_loop_run (loop);
  xeno_card_link_leave (link);
  xeno_card_drop (card);

  /* The thread that looks at readers cannot be stopped, and must not see what it stands on go. */
  _exit (EXIT_SUCCESS);
}
