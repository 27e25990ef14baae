/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Notices a decoder that hangs, without ever waking up for one that rests. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "console/xeno-decoder-link-private.h"

/* So long after something passed between the two the decoder is asked whether it lives, and so long
 * it may take to answer. */
#define QUIET_S 2
#define ANSWER_MS 2500

/* The first answer can be late because this process was stopped itself. */
#define MAX_UNANSWERED 2

static void ask (XenoDecoderLink *self);

static void
end_hung (XenoDecoderLink *self)
{
  g_subprocess_force_exit (self->process);
  xeno_decoder_link_end (self, FALSE,
                         xeno_error_new (XENO_ERROR_TIMEOUT, NULL,
                                         _("The program that reads the display of “%s” does not answer. It is "
                                           "started again."),
                                         self->title));
}

static void
answered_cb (GObject      *connection,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (XenoDecoderLink) self = user_data;
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;

  reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (connection), result, &error);
  self->is_asked = FALSE;
  if (self->backend == NULL)
    return;

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    self->n_unanswered = 0;
  else if (++self->n_unanswered < MAX_UNANSWERED)
    ask (self);
  else
    end_hung (self);
}

static void
ask (XenoDecoderLink *self)
{
  self->is_asked = TRUE;
  g_dbus_connection_call (self->connection, NULL, XENO_DISPLAY_OBJECT_PATH,
                          xeno_display_input_interface.name, "Ping", NULL, NULL,
                          G_DBUS_CALL_FLAGS_NONE, ANSWER_MS, self->cancellable, answered_cb,
                          g_object_ref (self));
}

static gboolean
quiet_cb (gpointer user_data)
{
  XenoDecoderLink *self = user_data;

  self->quiet_id = 0;
  ask (self);
  return G_SOURCE_REMOVE;
}

/* To be called whenever something passes that a person sees or waits for: a picture that is shown, a key.
 * While it goes on there is a question every few seconds, and one after it has ended. */
void
xeno_decoder_link_expect_life (XenoDecoderLink *self)
{
  if (self->quiet_id == 0 && !self->is_asked)
    self->quiet_id = g_timeout_add_seconds (QUIET_S, quiet_cb, self);
}
