/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looks at the computer's readers, and at what is put into them. */
#include "config.h"

#include "card/xeno-card-watch.h"

/* The one that changes when readers come and go. */
#define ANY_READER "\\\\?PnP?\\Notification"

/* Of a reader that comes between two looks nobody is told: it is found by then. */
#define LOOK_MS 5000

typedef struct
{
  SCARDCONTEXT context;
  XenoCardSeen seen;
  gpointer     user_data;
} Watch;

typedef struct
{
  Watch         *watch;
  XenoCardSight  sight;
} News;

static gboolean
tell_cb (gpointer user_data)
{
  News *news = user_data;

  news->watch->seen (&news->sight, news->watch->user_data);
  return G_SOURCE_REMOVE;
}

static void
tell (Watch               *watch,
      const XenoCardSight *sight)
{
  News *news = g_new (News, 1);

  *news = (News) { watch, *sight };
  g_idle_add_full (G_PRIORITY_DEFAULT, tell_cb, news, g_free);
}

/* Returns: whether somebody answers */
static gboolean
list_readers (SCARDCONTEXT   context,
              XenoCardSight *sight)
{
  char names[XENO_CARD_MAX_READERS * XENO_CARD_NAME_BYTES + 1] = "";
  DWORD size = sizeof names - 1;
  LONG result = SCardListReaders (context, NULL, names, &size);

  *sight = (XenoCardSight) { FALSE };
  if (result == SCARD_E_NO_READERS_AVAILABLE)
    return TRUE;
  if (result != SCARD_S_SUCCESS)
    return FALSE;

  for (const char *name = names; *name != '\0' && sight->n_readers < XENO_CARD_MAX_READERS;
       name += strlen (name) + 1)
    g_strlcpy (sight->names[sight->n_readers++], name, XENO_CARD_NAME_BYTES);
  return TRUE;
}

/* Fills in their states, as soon as any is not what it was.
 *
 * Returns: whether somebody answers */
static gboolean
look (SCARDCONTEXT   context,
      XenoCardSight *sight,
      DWORD          timeout_ms)
{
  SCARD_READERSTATE states[XENO_CARD_MAX_READERS] = { { NULL } };
  guint n_states = MIN (sight->n_readers, XENO_CARD_MAX_READERS - 1);
  LONG result;

  for (guint i = 0; i < n_states; i++)
    {
      states[i].szReader = sight->names[i];
      states[i].dwCurrentState = sight->states[i];
    }
  states[n_states].szReader = ANY_READER;
  result = SCardGetStatusChange (context, timeout_ms, states, n_states + 1);
  if (result == SCARD_S_SUCCESS)
    for (guint i = 0; i < n_states; i++)
      sight->states[i] = states[i].dwEventState & ~SCARD_STATE_CHANGED;

  /* One of the readers may have gone since they were listed. */
  return result == SCARD_S_SUCCESS || result == SCARD_E_TIMEOUT || result == SCARD_E_UNKNOWN_READER;
}

static gboolean
is_same (const XenoCardSight *one,
         const XenoCardSight *other)
{
  return one->n_readers == other->n_readers && memcmp (one->names, other->names, sizeof one->names) == 0 &&
         memcmp (one->states, other->states, sizeof one->states) == 0;
}

static gpointer
run (gpointer user_data)
{
  Watch *watch = user_data;
  XenoCardSight sight, before;
  gboolean is_first = TRUE;

  while (list_readers (watch->context, &sight) && look (watch->context, &sight, 0))
    {
      if (is_first || !is_same (&sight, &before))
        tell (watch, &sight);
      is_first = FALSE;
      before = sight;
      if (!look (watch->context, &sight, LOOK_MS))
        break;
    }

  sight = (XenoCardSight) { TRUE };
  tell (watch, &sight);
  return NULL;
}

/**
 * xeno_card_watch_start:
 * @context: a connection that nobody else uses
 * @seen: called in the main context with what there is, and whenever it changes
 * @user_data: for @seen
 *
 * Looks in a thread of its own, because PC/SC only waits, until the process ends.
 */
void
xeno_card_watch_start (SCARDCONTEXT context,
                       XenoCardSeen seen,
                       gpointer     user_data)
{
  Watch *watch;

  g_return_if_fail (seen != NULL);

  watch = g_new (Watch, 1);
  *watch = (Watch) { context, seen, user_data };
  g_thread_unref (g_thread_new ("readers", run, watch));
}
