/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a guest plays, on its way into a pipe of the app's. */
#include "config.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "display/xeno-display-player.h"

/* A guest that falls silent often goes on at once: so long its pipe stays open. */
#define SILENCE_S 3

struct _XenoDisplayPlayer
{
  GObject            parent_instance;
  XenoDisplayServer *server; /* outlives it */
  GCancellable      *cancellable;
  guint              rate;
  guint              channels;
  double             volume;
  gboolean           is_on; /* the guest plays */
  gboolean           is_opening;
  int                fd;
  guint              silence_id;
};

G_DEFINE_FINAL_TYPE (XenoDisplayPlayer, xeno_display_player, G_TYPE_OBJECT)

static void
close_pipe (XenoDisplayPlayer *self)
{
  g_clear_handle_id (&self->silence_id, g_source_remove);
  if (self->fd >= 0)
    g_close (self->fd, NULL);
  self->fd = -1;
}

static gboolean
is_wanted (XenoDisplayPlayer *self)
{
  return self->is_on && self->volume > 0.0;
}

static void
opened_cb (GObject      *server,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (XenoDisplayPlayer) self = user_data;
  int fd = xeno_display_server_open_sound_finish (XENO_DISPLAY_SERVER (server), result, NULL);

  self->is_opening = FALSE;
  if (fd < 0)
    return;

  self->fd = fd;
  g_unix_set_fd_nonblocking (fd, TRUE, NULL);
  if (!is_wanted (self))
    close_pipe (self);
}

static void
update (XenoDisplayPlayer *self)
{
  if (!is_wanted (self))
    {
      close_pipe (self);
      return;
    }
  if (self->fd >= 0 || self->is_opening || !xeno_display_is_sane_sound (self->rate, self->channels))
    return;

  self->is_opening = TRUE;
  xeno_display_server_open_sound_async (self->server, FALSE, self->rate, self->channels, self->cancellable,
                                        opened_cb, g_object_ref (self));
}

static gboolean
silent_cb (gpointer user_data)
{
  XenoDisplayPlayer *self = user_data;

  self->silence_id = 0;
  close_pipe (self);
  return G_SOURCE_REMOVE;
}

static void
scale (gint16       *to,
       const gint16 *from,
       gsize         n_samples,
       double        volume)
{
  for (gsize i = 0; i < n_samples; i++)
    to[i] = from[i] * volume;
}

static void
xeno_display_player_dispose (GObject *object)
{
  xeno_display_player_close (XENO_DISPLAY_PLAYER (object));

  G_OBJECT_CLASS (xeno_display_player_parent_class)->dispose (object);
}

static void
xeno_display_player_finalize (GObject *object)
{
  g_object_unref (XENO_DISPLAY_PLAYER (object)->cancellable);

  G_OBJECT_CLASS (xeno_display_player_parent_class)->finalize (object);
}

static void
xeno_display_player_class_init (XenoDisplayPlayerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_display_player_dispose;
  object_class->finalize = xeno_display_player_finalize;
}

static void
xeno_display_player_init (XenoDisplayPlayer *self)
{
  self->cancellable = g_cancellable_new ();
  self->fd = -1;
}

/**
 * xeno_display_player_new:
 * @server: whom to ask for pipes; it outlives the player
 *
 * Returns: (transfer full): a player that is not heard until somebody says how loud
 */
XenoDisplayPlayer *
xeno_display_player_new (XenoDisplayServer *server)
{
  XenoDisplayPlayer *self;

  g_return_val_if_fail (XENO_IS_DISPLAY_SERVER (server), NULL);

  self = g_object_new (XENO_TYPE_DISPLAY_PLAYER, NULL);
  self->server = server;
  return self;
}

/**
 * xeno_display_player_begin:
 * @self: a player
 * @rate: frames a second
 * @channels: samples in a frame
 *
 * The guest begins to play.
 */
void
xeno_display_player_begin (XenoDisplayPlayer *self,
                           guint              rate,
                           guint              channels)
{
  g_return_if_fail (XENO_IS_DISPLAY_PLAYER (self));

  g_clear_handle_id (&self->silence_id, g_source_remove);
  if (self->rate != rate || self->channels != channels)
    close_pipe (self);
  self->rate = rate;
  self->channels = channels;
  self->is_on = TRUE;
  update (self);
}

/**
 * xeno_display_player_play:
 * @self: a player
 * @samples: of 16 bits each, in native byte order
 * @size: in bytes
 * @guest_volume: how loud the guest wants them, 0 to 1
 *
 * Plays them. Where nobody plays as fast as the guest does, sound is lost, and not gathered.
 */
void
xeno_display_player_play (XenoDisplayPlayer *self,
                          gconstpointer      samples,
                          gsize              size,
                          double             guest_volume)
{
  double volume;
  g_autofree gint16 *scaled = NULL;

  g_return_if_fail (XENO_IS_DISPLAY_PLAYER (self));

  volume = self->volume * guest_volume;
  if (self->fd < 0)
    update (self);
  if (self->fd < 0 || size == 0)
    return;

  size -= size % (sizeof (gint16) * self->channels);
  if (volume < 1.0)
    {
      scaled = g_malloc (size);
      scale (scaled, samples, size / sizeof (gint16), volume);
      samples = scaled;
    }
  if (write (self->fd, samples, size) < 0 && errno == EPIPE)
    close_pipe (self);
}

/**
 * xeno_display_player_end:
 * @self: a player
 *
 * The guest has fallen silent.
 */
void
xeno_display_player_end (XenoDisplayPlayer *self)
{
  g_return_if_fail (XENO_IS_DISPLAY_PLAYER (self));

  self->is_on = FALSE;
  if (self->silence_id == 0)
    self->silence_id = g_timeout_add_seconds (SILENCE_S, silent_cb, self);
}

/**
 * xeno_display_player_set_volume:
 * @self: a player
 * @volume: how loud the guest may be, 0 to 1
 */
void
xeno_display_player_set_volume (XenoDisplayPlayer *self,
                                double             volume)
{
  g_return_if_fail (XENO_IS_DISPLAY_PLAYER (self));

  self->volume = volume;
  update (self);
}

/**
 * xeno_display_player_close:
 * @self: a player
 *
 * Ends it: nothing is heard any more, whatever comes.
 */
void
xeno_display_player_close (XenoDisplayPlayer *self)
{
  g_return_if_fail (XENO_IS_DISPLAY_PLAYER (self));

  self->is_on = FALSE;
  g_cancellable_cancel (self->cancellable);
  close_pipe (self);
}
