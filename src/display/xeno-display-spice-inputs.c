/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What goes to a SPICE server: keys, the pointer, its wheel. */
#include "config.h"

#include "display/xeno-display-spice-inputs.h"

/* The pause key has no scancode of its own on a PC: it sends this pair. */
#define QNUM_PAUSE 0xc6
#define PAUSE_FIRST 0x21d
#define PAUSE_SECOND 0x45

/* The picture can be there a moment before the keyboard is; a person is not faster than this. */
#define MAX_EARLY_KEYS 64

typedef struct
{
  guint    qnum;
  gboolean pressed;
} EarlyKey;

struct _XenoDisplaySpiceInputs
{
  GObject             parent_instance;
  XenoDisplayServer  *server; /* which outlives it */
  SpiceInputsChannel *channel;
  gboolean            is_open;
  GArray             *early_keys; /* of EarlyKey, for when it is open */
  int                 early_locks; /* the same; -1: none */
  int                 buttons;
};

G_DEFINE_FINAL_TYPE (XenoDisplaySpiceInputs, xeno_display_spice_inputs, G_TYPE_OBJECT)

/* SPICE's scancodes mark the e0 prefix by 0x100, ours by 0x80. */
static guint
get_scancode (guint qnum)
{
  return (qnum & 0x80) != 0 ? 0x100 | (qnum & 0x7f) : qnum;
}

static void
send_scancode (XenoDisplaySpiceInputs *self,
               guint                   scancode,
               gboolean                pressed)
{
  if (pressed)
    spice_inputs_channel_key_press (self->channel, scancode);
  else
    spice_inputs_channel_key_release (self->channel, scancode);
}

static void
send_key (XenoDisplaySpiceInputs *self,
          guint                   qnum,
          gboolean                pressed)
{
  if (qnum == QNUM_PAUSE)
    {
      send_scancode (self, PAUSE_FIRST, pressed);
      send_scancode (self, PAUSE_SECOND, pressed);
    }
  else
    {
      send_scancode (self, get_scancode (qnum), pressed);
    }
}

static void
send_early_keys (XenoDisplaySpiceInputs *self)
{
  for (guint i = 0; i < self->early_keys->len; i++)
    {
      EarlyKey key = g_array_index (self->early_keys, EarlyKey, i);

      send_key (self, key.qnum, key.pressed);
    }
  g_array_set_size (self->early_keys, 0);
}

static void
send_early_locks (XenoDisplaySpiceInputs *self)
{
  if (self->early_locks >= 0)
    spice_inputs_channel_set_key_locks (self->channel, self->early_locks);
  self->early_locks = -1;
}

static void
press (XenoDisplaySpiceInputs *self,
       int                     button,
       int                     mask,
       gboolean                pressed)
{
  if (!self->is_open)
    return;

  self->buttons = pressed ? self->buttons | mask : self->buttons & ~mask;
  if (pressed)
    spice_inputs_channel_button_press (self->channel, button, self->buttons);
  else
    spice_inputs_channel_button_release (self->channel, button, self->buttons);
}

static void
channel_event_cb (XenoDisplaySpiceInputs *self,
                  SpiceChannelEvent       event)
{
  if (event == SPICE_CHANNEL_SWITCHING || event == SPICE_CHANNEL_NONE)
    return;

  self->is_open = event == SPICE_CHANNEL_OPENED;
  if (self->is_open)
    {
      send_early_locks (self);
      send_early_keys (self);
    }
}

static void
modifiers_cb (XenoDisplaySpiceInputs *self)
{
  int leds;

  g_object_get (self->channel, "key-modifiers", &leds, NULL);
  xeno_display_server_set_leds (self->server, leds & 7);
}

static void
xeno_display_spice_inputs_dispose (GObject *object)
{
  g_clear_object (&XENO_DISPLAY_SPICE_INPUTS (object)->channel);

  G_OBJECT_CLASS (xeno_display_spice_inputs_parent_class)->dispose (object);
}

static void
xeno_display_spice_inputs_finalize (GObject *object)
{
  g_array_unref (XENO_DISPLAY_SPICE_INPUTS (object)->early_keys);

  G_OBJECT_CLASS (xeno_display_spice_inputs_parent_class)->finalize (object);
}

static void
xeno_display_spice_inputs_class_init (XenoDisplaySpiceInputsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_display_spice_inputs_dispose;
  object_class->finalize = xeno_display_spice_inputs_finalize;
}

static void
xeno_display_spice_inputs_init (XenoDisplaySpiceInputs *self)
{
  self->early_keys = g_array_new (FALSE, FALSE, sizeof (EarlyKey));
  self->early_locks = -1;
}

/**
 * xeno_display_spice_inputs_new:
 * @server: whom to tell of lamps; it outlives the inputs
 *
 * Returns: (transfer full): inputs without a channel, which keep what is typed until it is open
 */
XenoDisplaySpiceInputs *
xeno_display_spice_inputs_new (XenoDisplayServer *server)
{
  XenoDisplaySpiceInputs *self;

  g_return_val_if_fail (XENO_IS_DISPLAY_SERVER (server), NULL);

  self = g_object_new (XENO_TYPE_DISPLAY_SPICE_INPUTS, NULL);
  self->server = server;
  return self;
}

/**
 * xeno_display_spice_inputs_set_channel:
 * @self: inputs
 * @channel: (nullable): where they go
 */
void
xeno_display_spice_inputs_set_channel (XenoDisplaySpiceInputs *self,
                                       SpiceChannel           *channel)
{
  g_return_if_fail (XENO_IS_DISPLAY_SPICE_INPUTS (self));

  if (self->channel != NULL)
    g_signal_handlers_disconnect_by_data (self->channel, self);
  g_set_object (&self->channel, (SpiceInputsChannel *) channel);
  self->is_open = FALSE;
  self->buttons = 0;
  if (channel == NULL)
    return;

  g_signal_connect_object (channel, "channel-event", G_CALLBACK (channel_event_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (channel, "inputs-modifiers", G_CALLBACK (modifiers_cb), self, G_CONNECT_SWAPPED);
}

/**
 * xeno_display_spice_inputs_is_channel:
 * @self: inputs
 * @channel: a channel
 *
 * Returns: whether they go by @channel
 */
gboolean
xeno_display_spice_inputs_is_channel (XenoDisplaySpiceInputs *self,
                                      SpiceChannel           *channel)
{
  g_return_val_if_fail (XENO_IS_DISPLAY_SPICE_INPUTS (self), FALSE);

  return (SpiceChannel *) self->channel == channel;
}

/**
 * xeno_display_spice_inputs_key:
 * @self: inputs
 * @qnum: a key
 * @pressed: whether it goes down
 */
void
xeno_display_spice_inputs_key (XenoDisplaySpiceInputs *self,
                               guint                   qnum,
                               gboolean                pressed)
{
  EarlyKey early = { qnum, pressed };

  g_return_if_fail (XENO_IS_DISPLAY_SPICE_INPUTS (self));

  if (self->is_open)
    send_key (self, qnum, pressed);
  else if (self->early_keys->len < MAX_EARLY_KEYS)
    g_array_append_val (self->early_keys, early);
}

/**
 * xeno_display_spice_inputs_set_locks:
 * @self: inputs
 * @locks: how the guest's lock keys shall stand: 1 scroll, 2 num, 4 caps
 */
void
xeno_display_spice_inputs_set_locks (XenoDisplaySpiceInputs *self,
                                     guint                   locks)
{
  g_return_if_fail (XENO_IS_DISPLAY_SPICE_INPUTS (self));

  self->early_locks = locks;
  if (self->is_open)
    send_early_locks (self);
}

/**
 * xeno_display_spice_inputs_move_to:
 * @self: inputs
 * @x: a place on the monitor
 * @y: a place on the monitor
 * @monitor: its id
 */
void
xeno_display_spice_inputs_move_to (XenoDisplaySpiceInputs *self,
                                   int                     x,
                                   int                     y,
                                   guint                   monitor)
{
  g_return_if_fail (XENO_IS_DISPLAY_SPICE_INPUTS (self));

  if (self->is_open)
    spice_inputs_channel_position (self->channel, x, y, monitor, self->buttons);
}

/**
 * xeno_display_spice_inputs_move_by:
 * @self: inputs
 * @dx: to the right
 * @dy: down
 */
void
xeno_display_spice_inputs_move_by (XenoDisplaySpiceInputs *self,
                                   int                     dx,
                                   int                     dy)
{
  g_return_if_fail (XENO_IS_DISPLAY_SPICE_INPUTS (self));

  if (self->is_open)
    spice_inputs_channel_motion (self->channel, dx, dy, self->buttons);
}

/**
 * xeno_display_spice_inputs_button:
 * @self: inputs
 * @button: a button, in GDK's numbers
 * @pressed: whether it goes down
 */
void
xeno_display_spice_inputs_button (XenoDisplaySpiceInputs *self,
                                  guint                   button,
                                  gboolean                pressed)
{
  static const struct
  {
    guint gdk;
    int   button;
    int   mask;
  } buttons[] = {
    { 1, SPICE_MOUSE_BUTTON_LEFT, SPICE_MOUSE_BUTTON_MASK_LEFT },
    { 2, SPICE_MOUSE_BUTTON_MIDDLE, SPICE_MOUSE_BUTTON_MASK_MIDDLE },
    { 3, SPICE_MOUSE_BUTTON_RIGHT, SPICE_MOUSE_BUTTON_MASK_RIGHT },
    { 8, SPICE_MOUSE_BUTTON_SIDE, SPICE_MOUSE_BUTTON_MASK_SIDE },
    { 9, SPICE_MOUSE_BUTTON_EXTRA, SPICE_MOUSE_BUTTON_MASK_EXTRA },
  };

  g_return_if_fail (XENO_IS_DISPLAY_SPICE_INPUTS (self));

  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++)
    if (buttons[i].gdk == button)
      press (self, buttons[i].button, buttons[i].mask, pressed);
}

/**
 * xeno_display_spice_inputs_wheel:
 * @self: inputs
 * @dx: clicks to the right; the protocol knows no wheel to the side
 * @dy: clicks down
 */
void
xeno_display_spice_inputs_wheel (XenoDisplaySpiceInputs *self,
                                 int                     dx,
                                 int                     dy)
{
  int button = dy < 0 ? SPICE_MOUSE_BUTTON_UP : SPICE_MOUSE_BUTTON_DOWN;

  g_return_if_fail (XENO_IS_DISPLAY_SPICE_INPUTS (self));

  for (int i = 0; i < ABS (dy); i++)
    {
      press (self, button, 0, TRUE);
      press (self, button, 0, FALSE);
    }
}
