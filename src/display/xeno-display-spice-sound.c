/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A guest's sound by SPICE: what it plays goes into a pipe, what it records comes out of one. */
#include "config.h"

#include <glib-unix.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "display/xeno-display-player.h"
#include "display/xeno-display-spice-sound.h"

/* The loudest of a guest's own volume. */
#define FULL_VOLUME 65535.0

struct _XenoDisplaySpiceSound
{
  GObject            parent_instance;
  XenoDisplayServer *server; /* outlives it */
  SpiceChannel      *playback;
  XenoDisplayPlayer *player;
  double             guest_volume;

  SpiceChannel      *record;
  GCancellable      *cancellable;
  guint              rate;
  guint              channels;
  gboolean           listens;
  gboolean           is_recording; /* the guest wants to */
  gboolean           is_opening;
  int                fd;
  guint              source_id;
};

G_DEFINE_FINAL_TYPE (XenoDisplaySpiceSound, xeno_display_spice_sound, G_TYPE_OBJECT)

static void
close_pipe (XenoDisplaySpiceSound *self)
{
  g_clear_handle_id (&self->source_id, g_source_remove);
  if (self->fd >= 0)
    g_close (self->fd, NULL);
  self->fd = -1;
}

/* Samples come from the person's microphone as they are; the guest gets them as fast. */
static gboolean
recorded_cb (int          fd,
             GIOCondition condition,
             gpointer     user_data)
{
  XenoDisplaySpiceSound *self = user_data;
  guint8 samples[4096];
  gssize size = read (fd, samples, sizeof samples);

  if (size <= 0)
    {
      self->source_id = 0;
      close_pipe (self);
      return G_SOURCE_REMOVE;
    }

  if (self->is_recording && self->listens)
    spice_record_channel_send_data (SPICE_RECORD_CHANNEL (self->record), samples, size, 0);
  return G_SOURCE_CONTINUE;
}

static void
opened_cb (GObject      *server,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (XenoDisplaySpiceSound) self = user_data;
  int fd = xeno_display_server_open_sound_finish (XENO_DISPLAY_SERVER (server), result, NULL);

  self->is_opening = FALSE;
  if (fd < 0)
    return;

  self->fd = fd;
  g_unix_set_fd_nonblocking (fd, TRUE, NULL);
  if (self->is_recording && self->listens)
    self->source_id = g_unix_fd_add (fd, G_IO_IN | G_IO_HUP, recorded_cb, self);
  else
    close_pipe (self);
}

static void
update (XenoDisplaySpiceSound *self)
{
  if (!self->is_recording || !self->listens)
    {
      close_pipe (self);
      return;
    }
  if (self->fd >= 0 || self->is_opening || !xeno_display_is_sane_sound (self->rate, self->channels))
    return;

  self->is_opening = TRUE;
  xeno_display_server_open_sound_async (self->server, TRUE, self->rate, self->channels, self->cancellable,
                                        opened_cb, g_object_ref (self));
}

static void
playback_start_cb (XenoDisplaySpiceSound *self,
                   int                    format,
                   int                    channels,
                   int                    rate)
{
  if (format == SPICE_AUDIO_FMT_S16)
    xeno_display_player_begin (self->player, rate, channels);
}

static void
playback_stop_cb (XenoDisplaySpiceSound *self)
{
  xeno_display_player_end (self->player);
}

static void
playback_data_cb (XenoDisplaySpiceSound *self,
                  gconstpointer          data,
                  int                    size)
{
  xeno_display_player_play (self->player, data, MAX (size, 0), self->guest_volume);
}

/* The guest's own mixer: QEMU leaves it to the client. */
static void
guest_volume_cb (XenoDisplaySpiceSound *self)
{
  gboolean is_muted;
  guint n_channels;
  guint16 *volumes;
  double sum = 0;

  g_object_get (self->playback, "mute", &is_muted, "nchannels", &n_channels, "volume", &volumes, NULL);
  for (guint i = 0; volumes != NULL && i < n_channels; i++)
    sum += volumes[i];
  if (volumes != NULL && n_channels > 0)
    self->guest_volume = sum / n_channels / FULL_VOLUME;
  if (is_muted)
    self->guest_volume = 0.0;
}

static void
record_start_cb (XenoDisplaySpiceSound *self,
                 int                    format,
                 int                    channels,
                 int                    rate)
{
  if (format != SPICE_AUDIO_FMT_S16)
    return;

  if (self->rate != (guint) rate || self->channels != (guint) channels)
    close_pipe (self);
  self->rate = rate;
  self->channels = channels;
  self->is_recording = TRUE;
  update (self);
}

static void
record_stop_cb (XenoDisplaySpiceSound *self)
{
  self->is_recording = FALSE;
  close_pipe (self);
}

static void
xeno_display_spice_sound_dispose (GObject *object)
{
  XenoDisplaySpiceSound *self = XENO_DISPLAY_SPICE_SOUND (object);

  g_cancellable_cancel (self->cancellable);
  self->is_recording = FALSE;
  close_pipe (self);
  if (self->player != NULL)
    xeno_display_player_close (self->player);
  g_clear_object (&self->player);
  g_clear_object (&self->playback);
  g_clear_object (&self->record);

  G_OBJECT_CLASS (xeno_display_spice_sound_parent_class)->dispose (object);
}

static void
xeno_display_spice_sound_finalize (GObject *object)
{
  g_object_unref (XENO_DISPLAY_SPICE_SOUND (object)->cancellable);

  G_OBJECT_CLASS (xeno_display_spice_sound_parent_class)->finalize (object);
}

static void
xeno_display_spice_sound_class_init (XenoDisplaySpiceSoundClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_display_spice_sound_dispose;
  object_class->finalize = xeno_display_spice_sound_finalize;
}

static void
xeno_display_spice_sound_init (XenoDisplaySpiceSound *self)
{
  self->cancellable = g_cancellable_new ();
  self->fd = -1;
  self->guest_volume = 1.0;
}

/**
 * xeno_display_spice_sound_new:
 * @server: whom to ask for pipes; it outlives the sound
 *
 * Returns: (transfer full): sound that is neither heard nor recorded until somebody says so
 */
XenoDisplaySpiceSound *
xeno_display_spice_sound_new (XenoDisplayServer *server)
{
  XenoDisplaySpiceSound *self;

  g_return_val_if_fail (XENO_IS_DISPLAY_SERVER (server), NULL);

  self = g_object_new (XENO_TYPE_DISPLAY_SPICE_SOUND, NULL);
  self->server = server;
  self->player = xeno_display_player_new (server);
  return self;
}

/**
 * xeno_display_spice_sound_set_playback:
 * @self: sound
 * @channel: where the guest plays, not yet connected
 */
void
xeno_display_spice_sound_set_playback (XenoDisplaySpiceSound *self,
                                       SpiceChannel          *channel)
{
  g_return_if_fail (XENO_IS_DISPLAY_SPICE_SOUND (self));

  g_set_object (&self->playback, channel);
  g_signal_connect_object (channel, "playback-start", G_CALLBACK (playback_start_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (channel, "playback-data", G_CALLBACK (playback_data_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (channel, "playback-stop", G_CALLBACK (playback_stop_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (channel, "notify::volume", G_CALLBACK (guest_volume_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (channel, "notify::mute", G_CALLBACK (guest_volume_cb), self, G_CONNECT_SWAPPED);
  xeno_display_server_set_abilities (self->server, XENO_DISPLAY_ABILITY_SOUND, XENO_DISPLAY_ABILITY_SOUND);
}

/**
 * xeno_display_spice_sound_set_record:
 * @self: sound
 * @channel: where the guest records, not yet connected
 */
void
xeno_display_spice_sound_set_record (XenoDisplaySpiceSound *self,
                                     SpiceChannel          *channel)
{
  g_return_if_fail (XENO_IS_DISPLAY_SPICE_SOUND (self));

  g_set_object (&self->record, channel);
  g_signal_connect_object (channel, "record-start", G_CALLBACK (record_start_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (channel, "record-stop", G_CALLBACK (record_stop_cb), self, G_CONNECT_SWAPPED);
  xeno_display_server_set_abilities (self->server, XENO_DISPLAY_ABILITY_MICROPHONE,
                                     XENO_DISPLAY_ABILITY_MICROPHONE);
}

/**
 * xeno_display_spice_sound_set:
 * @self: sound
 * @volume: how loud the guest may be, 0 to 1
 * @listens: whether it may record
 */
void
xeno_display_spice_sound_set (XenoDisplaySpiceSound *self,
                              double                 volume,
                              gboolean               listens)
{
  g_return_if_fail (XENO_IS_DISPLAY_SPICE_SOUND (self));

  self->listens = listens;
  xeno_display_player_set_volume (self->player, volume);
  update (self);
}
