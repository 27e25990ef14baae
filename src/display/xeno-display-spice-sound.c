/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A guest's sound by SPICE: what it plays goes into a pipe, what it records comes out of one. */
#include "config.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "display/xeno-display-spice-sound.h"

/* A guest that falls silent often goes on at once: so long its pipe stays open. */
#define SILENCE_S 3

/* The loudest of a guest's own volume. */
#define FULL_VOLUME 65535.0

typedef struct
{
  SpiceChannel *channel;
  guint         rate;
  guint         channels;
  gboolean      is_on;      /* the guest plays, or records */
  gboolean      is_opening;
  int           fd;
  guint         source_id;
} Stream;

struct _XenoDisplaySpiceSound
{
  GObject            parent_instance;
  XenoDisplayServer *server; /* outlives it */
  GCancellable      *cancellable;
  Stream             playback;
  Stream             record;
  double             volume;
  double             guest_volume;
  gboolean           listens;
};

G_DEFINE_FINAL_TYPE (XenoDisplaySpiceSound, xeno_display_spice_sound, G_TYPE_OBJECT)

static void
close_stream (Stream *stream)
{
  g_clear_handle_id (&stream->source_id, g_source_remove);
  if (stream->fd >= 0)
    g_close (stream->fd, NULL);
  stream->fd = -1;
}

static gboolean
is_wanted (XenoDisplaySpiceSound *self,
           Stream                *stream)
{
  return stream->is_on && (stream == &self->playback ? self->volume > 0 : self->listens);
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
      self->record.source_id = 0;
      close_stream (&self->record);
      return G_SOURCE_REMOVE;
    }

  if (self->record.is_on && self->listens)
    spice_record_channel_send_data (SPICE_RECORD_CHANNEL (self->record.channel), samples, size, 0);
  return G_SOURCE_CONTINUE;
}

static void
take_pipe (XenoDisplaySpiceSound *self,
           Stream                *stream,
           int                    fd)
{
  stream->is_opening = FALSE;
  if (fd < 0)
    return;

  stream->fd = fd;
  g_unix_set_fd_nonblocking (fd, TRUE, NULL);
  if (!is_wanted (self, stream))
    close_stream (stream);
  else if (stream == &self->record)
    stream->source_id = g_unix_fd_add (fd, G_IO_IN | G_IO_HUP, recorded_cb, self);
}

static void
playback_opened_cb (GObject      *server,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (XenoDisplaySpiceSound) self = user_data;

  take_pipe (self, &self->playback,
             xeno_display_server_open_sound_finish (XENO_DISPLAY_SERVER (server), result, NULL));
}

static void
record_opened_cb (GObject      *server,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (XenoDisplaySpiceSound) self = user_data;

  take_pipe (self, &self->record,
             xeno_display_server_open_sound_finish (XENO_DISPLAY_SERVER (server), result, NULL));
}

static void
update (XenoDisplaySpiceSound *self,
        Stream                *stream)
{
  gboolean records = stream == &self->record;

  if (!is_wanted (self, stream))
    {
      close_stream (stream);
      return;
    }
  if (stream->fd >= 0 || stream->is_opening || !xeno_display_is_sane_sound (stream->rate, stream->channels))
    return;

  stream->is_opening = TRUE;
  xeno_display_server_open_sound_async (self->server, records, stream->rate, stream->channels,
                                        self->cancellable, records ? record_opened_cb : playback_opened_cb,
                                        g_object_ref (self));
}

static void
begin (XenoDisplaySpiceSound *self,
       Stream                *stream,
       int                    format,
       int                    channels,
       int                    rate)
{
  if (format != SPICE_AUDIO_FMT_S16)
    return;

  g_clear_handle_id (&stream->source_id, g_source_remove);
  if (stream->rate != (guint) rate || stream->channels != (guint) channels)
    close_stream (stream);
  stream->rate = rate;
  stream->channels = channels;
  stream->is_on = TRUE;
  update (self, stream);
}

static void
playback_start_cb (XenoDisplaySpiceSound *self,
                   int                    format,
                   int                    channels,
                   int                    rate)
{
  begin (self, &self->playback, format, channels, rate);
}

static gboolean
silent_cb (gpointer user_data)
{
  XenoDisplaySpiceSound *self = user_data;

  self->playback.source_id = 0;
  close_stream (&self->playback);
  return G_SOURCE_REMOVE;
}

static void
playback_stop_cb (XenoDisplaySpiceSound *self)
{
  self->playback.is_on = FALSE;
  if (self->playback.source_id == 0)
    self->playback.source_id = g_timeout_add_seconds (SILENCE_S, silent_cb, self);
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

/* Where nobody plays as fast as the guest does, sound is lost, and not gathered. */
static void
playback_data_cb (XenoDisplaySpiceSound *self,
                  gconstpointer          data,
                  int                    size)
{
  double volume = self->volume * self->guest_volume;
  g_autofree gint16 *samples = NULL;

  if (self->playback.fd < 0)
    update (self, &self->playback);
  if (self->playback.fd < 0 || size <= 0)
    return;

  size -= size % (2 * self->playback.channels);
  if (volume < 1.0)
    {
      samples = g_malloc (size);
      scale (samples, data, size / 2, volume);
      data = samples;
    }
  if (write (self->playback.fd, data, size) < 0 && errno == EPIPE)
    close_stream (&self->playback);
}

/* The guest's own mixer: QEMU leaves it to the client. */
static void
guest_volume_cb (XenoDisplaySpiceSound *self)
{
  gboolean is_muted;
  guint n_channels;
  guint16 *volumes;
  double sum = 0;

  g_object_get (self->playback.channel, "mute", &is_muted, "nchannels", &n_channels, "volume", &volumes, NULL);
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
  begin (self, &self->record, format, channels, rate);
}

static void
record_stop_cb (XenoDisplaySpiceSound *self)
{
  self->record.is_on = FALSE;
  close_stream (&self->record);
}

static void
xeno_display_spice_sound_dispose (GObject *object)
{
  XenoDisplaySpiceSound *self = XENO_DISPLAY_SPICE_SOUND (object);

  g_cancellable_cancel (self->cancellable);
  close_stream (&self->playback);
  close_stream (&self->record);
  self->playback.is_on = self->record.is_on = FALSE;
  g_clear_object (&self->playback.channel);
  g_clear_object (&self->record.channel);

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
  self->playback.fd = self->record.fd = -1;
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

  g_set_object (&self->playback.channel, channel);
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

  g_set_object (&self->record.channel, channel);
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

  self->volume = volume;
  self->listens = listens;
  update (self, &self->playback);
  update (self, &self->record);
}
