/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a guest plays, by QEMU's own message of VNC. */
#include "config.h"

#include "display/xeno-display-vnc-private.h"

/* As QEMU mixes it. */
const VncAudioFormat xeno_display_vnc_sound_format = { VNC_AUDIO_FORMAT_RAW_S16, 2, 44100 };

static gboolean
start_cb (XenoDisplayVnc *self,
          VncAudioFormat *format)
{
  xeno_display_server_set_abilities (self->server, XENO_DISPLAY_ABILITY_SOUND, XENO_DISPLAY_ABILITY_SOUND);
  xeno_display_player_begin (self->player, xeno_display_vnc_sound_format.frequency,
                             xeno_display_vnc_sound_format.nchannels);
  return TRUE;
}

static gboolean
stop_cb (XenoDisplayVnc *self)
{
  xeno_display_player_end (self->player);
  return TRUE;
}

static gboolean
data_cb (XenoDisplayVnc *self,
         VncAudioSample *sample)
{
  gint16 *samples = (gint16 *) sample->data;

  for (guint i = 0; G_BYTE_ORDER == G_BIG_ENDIAN && i < sample->length / sizeof (gint16); i++)
    samples[i] = GINT16_FROM_LE (samples[i]);
  xeno_display_player_play (self->player, samples, sample->length, 1.0);
  return TRUE;
}

/* A server that has sound is asked for it when it has said so, and for none while nobody listens. */
static void
xeno_display_vnc_set_sound (XenoDisplaySource *source,
                            double             volume,
                            gboolean           listens)
{
  XenoDisplayVnc *self = XENO_DISPLAY_VNC (source);

  if (self->player == NULL)
    return;

  xeno_display_player_set_volume (self->player, volume);
  if (volume > 0.0)
    vnc_connection_audio_enable (self->connection);
  else
    vnc_connection_audio_disable (self->connection);
}

/**
 * xeno_display_vnc_add_sound:
 * @source_class: the class of VNC viewers
 *
 * Gives it what it does about sound.
 */
void
xeno_display_vnc_add_sound (XenoDisplaySourceClass *source_class)
{
  source_class->set_sound = xeno_display_vnc_set_sound;
}

/**
 * xeno_display_vnc_connect_sound:
 * @self: a source with a connection
 *
 * Takes what the guest plays.
 */
void
xeno_display_vnc_connect_sound (XenoDisplayVnc *self)
{
  self->player = xeno_display_player_new (self->server);
  self->audio = vnc_base_audio_new ();
  g_signal_connect_object (self->audio, "vnc-audio-playback-start", G_CALLBACK (start_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->audio, "vnc-audio-playback-stop", G_CALLBACK (stop_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->audio, "vnc-audio-playback-data", G_CALLBACK (data_cb), self, G_CONNECT_SWAPPED);
  vnc_connection_set_audio (self->connection, VNC_AUDIO (self->audio));
  vnc_connection_set_audio_format (self->connection, &xeno_display_vnc_sound_format);
}
