/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Has QEMU look at the guest's screen soon after a person did something.
 *
 * The longer nothing changes the more seldom QEMU looks. A key makes it look at once, which is before
 * the guest can have painted, and then not for 80 ms. Any message that is not one of a viewer's own
 * housekeeping brings it back to every 30 ms. The one that means nothing is how sound should be sampled,
 * for that is how it is; gvnc sends it only to servers that said that they know sound. */
#include "config.h"

#include "display/xeno-display-vnc-private.h"

/* Half of QEMU's own interval, so that one falls into each. */
#define NUDGE_MS 15

/* So long a guest may take to paint what a key does, or a person to press the next one. */
#define N_NUDGES 32

static gboolean
nudge_cb (gpointer user_data)
{
  XenoDisplayVnc *self = user_data;

  if (self->n_nudges == 0 || !xeno_display_vnc_can_send (self))
    {
      self->nudge_id = 0;
      return G_SOURCE_REMOVE;
    }

  self->n_nudges--;
  vnc_connection_set_audio_format (self->connection, &xeno_display_vnc_sound_format);
  return G_SOURCE_CONTINUE;
}

/**
 * xeno_display_vnc_nudge:
 * @self: a source whose server was just told what a person did
 *
 * Has what the guest makes of it seen as soon as it is painted.
 */
void
xeno_display_vnc_nudge (XenoDisplayVnc *self)
{
  g_return_if_fail (XENO_IS_DISPLAY_VNC (self));

  /* Every QEMU takes keys by their place. */
  if (!vnc_connection_get_ext_key_event (self->connection))
    return;

  self->n_nudges = N_NUDGES;
  if (self->nudge_id == 0)
    self->nudge_id = g_timeout_add (NUDGE_MS, nudge_cb, self);
}

/**
 * xeno_display_vnc_drop_nudges:
 * @self: a source
 *
 * For when nobody is there to hear them.
 */
void
xeno_display_vnc_drop_nudges (XenoDisplayVnc *self)
{
  g_return_if_fail (XENO_IS_DISPLAY_VNC (self));

  g_clear_handle_id (&self->nudge_id, g_source_remove);
}
