/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The process that gives a guest a card of this computer's: it reaches the card, and nothing else. */
#include "config.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <sys/socket.h>

#include "console/xeno-card-process.h"
#include "console/xeno-helper.h"

/* Nobody reads faster than this, and a process that was taken over could tell without end. */
#define REPORT_MS 100

struct _XenoCardProcess
{
  GObject         parent_instance;
  char           *reader; /* NULL: the guest gets no card; "": from any */
  XenoHelper     *helper;
  int             fd;     /* where it reports */
  guint           read_id;
  guint           rest_id;
  XenoCardReport  report;
};

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoCardProcess, xeno_card_process, G_TYPE_OBJECT)

static void
set_report (XenoCardProcess      *self,
            const XenoCardReport *report)
{
  if (memcmp (&self->report, report, sizeof *report) == 0)
    return;

  self->report = *report;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
close_report (XenoCardProcess *self)
{
  g_clear_handle_id (&self->read_id, g_source_remove);
  g_clear_handle_id (&self->rest_id, g_source_remove);
  if (self->fd >= 0)
    g_close (self->fd, NULL);
  self->fd = -1;
}

static gboolean rest_cb (gpointer user_data);

/* What it said last of a service that it did not find holds until the next has looked. */
static gboolean
read_cb (int          fd,
         GIOCondition condition,
         gpointer     user_data)
{
  static const XenoCardReport awaited = { XENO_CARD_SERVICE_AWAITED };
  XenoCardProcess *self = user_data;
  XenoCardReport report = { 0 };
  gssize size = recv (fd, &report, sizeof report, MSG_DONTWAIT | MSG_TRUNC);

  if (size < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;

  self->read_id = 0;
  if (size > 0 && xeno_card_is_sane_report (&report, size))
    {
      self->rest_id = g_timeout_add (REPORT_MS, rest_cb, self);
      set_report (self, &report);
      return G_SOURCE_REMOVE;
    }

  close_report (self);
  if (size > 0)
    xeno_helper_stop (self->helper);
  if (self->report.service == XENO_CARD_SERVICE_READY)
    set_report (self, &awaited);
  return G_SOURCE_REMOVE;
}

static gboolean
rest_cb (gpointer user_data)
{
  XenoCardProcess *self = user_data;

  self->rest_id = 0;
  self->read_id = g_unix_fd_add (self->fd, G_IO_IN, read_cb, self);
  return G_SOURCE_REMOVE;
}

static void
xeno_card_process_dispose (GObject *object)
{
  XenoCardProcess *self = XENO_CARD_PROCESS (object);

  close_report (self);
  if (self->helper != NULL)
    xeno_helper_stop (self->helper);
  g_clear_object (&self->helper);

  G_OBJECT_CLASS (xeno_card_process_parent_class)->dispose (object);
}

static void
xeno_card_process_finalize (GObject *object)
{
  g_free (XENO_CARD_PROCESS (object)->reader);

  G_OBJECT_CLASS (xeno_card_process_parent_class)->finalize (object);
}

static void
xeno_card_process_class_init (XenoCardProcessClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_card_process_dispose;
  object_class->finalize = xeno_card_process_finalize;

  signals[CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
xeno_card_process_init (XenoCardProcess *self)
{
  self->fd = -1;
  self->helper = xeno_helper_new ("XENOLITH_CARD_PATH", XENO_LIBEXECDIR "/xenolith-card");
}

/**
 * xeno_card_process_new:
 *
 * Returns: (transfer full): what gives no card yet
 */
XenoCardProcess *
xeno_card_process_new (void)
{
  return g_object_new (XENO_TYPE_CARD_PROCESS, NULL);
}

/**
 * xeno_card_process_set_reader:
 * @self: a card
 * @reader: (nullable): the reader whose card the guest gets; "": the first that has one; %NULL: it gets none
 *
 * What it had before it has not any more.
 */
void
xeno_card_process_set_reader (XenoCardProcess *self,
                              const char      *reader)
{
  char *owned;

  g_return_if_fail (XENO_IS_CARD_PROCESS (self));

  owned = g_strdup (reader);
  g_free (self->reader);
  self->reader = owned;
  xeno_card_process_stop (self);
}

/**
 * xeno_card_process_is_wanted:
 * @self: a card
 *
 * Returns: whether the guest gets one
 */
gboolean
xeno_card_process_is_wanted (XenoCardProcess *self)
{
  g_return_val_if_fail (XENO_IS_CARD_PROCESS (self), FALSE);

  return self->reader != NULL;
}

/**
 * xeno_card_process_open:
 * @self: a card
 * @error: (out) (optional): %G_IO_ERROR
 *
 * Starts it, in place of the one before. It ends when the socket is closed.
 *
 * Returns: the guest's end of its socket, which the caller owns, or -1
 */
int
xeno_card_process_open (XenoCardProcess  *self,
                        GError          **error)
{
  const char *arguments[] = { NULL, NULL };
  int fds[2], fd;

  g_return_val_if_fail (XENO_IS_CARD_PROCESS (self), -1);

  if (self->reader == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no card now");
      return -1;
    }
  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) != 0)
    {
      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
      return -1;
    }

  if (*self->reader != '\0')
    arguments[0] = self->reader;
  fd = xeno_helper_open (self->helper, arguments, fds[1], error);
  if (fd < 0)
    {
      g_close (fds[0], NULL);
      return -1;
    }

  close_report (self);
  self->fd = fds[0];
  self->read_id = g_unix_fd_add (self->fd, G_IO_IN, read_cb, self);
  return fd;
}

/**
 * xeno_card_process_stop:
 * @self: a card
 *
 * The guest has none any more, and is told so.
 */
void
xeno_card_process_stop (XenoCardProcess *self)
{
  static const XenoCardReport awaited = { XENO_CARD_SERVICE_AWAITED };

  g_return_if_fail (XENO_IS_CARD_PROCESS (self));

  close_report (self);
  xeno_helper_stop (self->helper);
  set_report (self, &awaited);
}

/**
 * xeno_card_process_get_report:
 * @self: a card
 *
 * Returns: (transfer none): what is known of this computer's readers; names are as the devices say
 */
const XenoCardReport *
xeno_card_process_get_report (XenoCardProcess *self)
{
  g_return_val_if_fail (XENO_IS_CARD_PROCESS (self), NULL);

  return &self->report;
}
