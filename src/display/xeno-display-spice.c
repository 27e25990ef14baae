/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Speaks SPICE to a display server. */
#include "config.h"

#include <glib/gstdio.h>
#include <spice-client.h>

#include "display/xeno-display-server.h"
#include "display/xeno-display-spice-agent.h"
#include "display/xeno-display-spice-screen.h"
#include "display/xeno-display-spice-sound.h"
#include "display/xeno-display-spice-usb.h"
#include "display/xeno-display-spice.h"

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

struct _XenoDisplaySpice
{
  XenoDisplaySource       parent_instance;
  XenoDisplayServer      *server;
  GCancellable           *cancellable;
  SpiceSession           *session;
  SpiceChannel           *main;
  SpiceChannel           *inputs;
  XenoDisplaySpiceScreen *screen;
  XenoDisplaySpiceAgent  *agent;
  XenoDisplaySpiceSound  *sound; /* while there is a channel of it */
  XenoDisplaySpiceUsb    *usb;
  double                  volume;
  gboolean                listens;
  gboolean                are_inputs_open;
  GArray                 *early_keys; /* of EarlyKey, for when the inputs are open */
  int                     early_locks; /* the same; -1: none */
  gboolean                is_absolute;
  int                     buttons;
  gboolean                is_remote;
  gboolean                is_waiting; /* for a person who says who they are */
  gboolean                has_credentials;
  SpiceSession           *refused_session;
  GSourceOnceFunc         stopped;
  gpointer                stopped_data;
};

typedef void (*SetUpFunc) (XenoDisplaySpice *self,
                           SpiceChannel     *channel);

G_DEFINE_FINAL_TYPE (XenoDisplaySpice, xeno_display_spice, XENO_TYPE_DISPLAY_SOURCE)

static void open_session  (XenoDisplaySpice *self,
                           const char       *username,
                           const char       *password);
static void close_session (XenoDisplaySpice *self);

static void
fail (XenoDisplaySpice   *self,
      XenoDisplayFailure  failure,
      const char         *details)
{
  if (self->stopped == NULL)
    xeno_display_server_fail (self->server, failure, details);
}

/* SPICE's scancodes mark the e0 prefix by 0x100, ours by 0x80. */
static guint
get_scancode (guint qnum)
{
  return (qnum & 0x80) != 0 ? 0x100 | (qnum & 0x7f) : qnum;
}

static void
send_scancode (XenoDisplaySpice *self,
               guint             scancode,
               gboolean          pressed)
{
  if (pressed)
    spice_inputs_channel_key_press (SPICE_INPUTS_CHANNEL (self->inputs), scancode);
  else
    spice_inputs_channel_key_release (SPICE_INPUTS_CHANNEL (self->inputs), scancode);
}

static void
send_key (XenoDisplaySpice *self,
          guint             qnum,
          gboolean          pressed)
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
send_early_keys (XenoDisplaySpice *self)
{
  for (guint i = 0; i < self->early_keys->len; i++)
    {
      EarlyKey key = g_array_index (self->early_keys, EarlyKey, i);

      send_key (self, key.qnum, key.pressed);
    }
  g_array_set_size (self->early_keys, 0);
}

static void
send_early_locks (XenoDisplaySpice *self)
{
  if (self->early_locks >= 0)
    spice_inputs_channel_set_key_locks (SPICE_INPUTS_CHANNEL (self->inputs), self->early_locks);
  self->early_locks = -1;
}

static XenoDisplayCredentials
get_wanted (const GError *error)
{
  if (g_error_matches (error, SPICE_CLIENT_ERROR, SPICE_CLIENT_ERROR_AUTH_NEEDS_PASSWORD_AND_USERNAME))
    return XENO_DISPLAY_USERNAME | XENO_DISPLAY_PASSWORD;
  if (g_error_matches (error, SPICE_CLIENT_ERROR, SPICE_CLIENT_ERROR_AUTH_NEEDS_USERNAME))
    return XENO_DISPLAY_USERNAME;
  return XENO_DISPLAY_PASSWORD;
}

static void
credentials_cb (GObject      *server,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (XenoDisplaySpice) self = user_data;
  g_autofree char *username = NULL;
  char *password = NULL;

  if (!xeno_display_server_ask_credentials_finish (XENO_DISPLAY_SERVER (server), result,
                                                   &username, &password, NULL))
    {
      fail (self, XENO_DISPLAY_FAILURE_PASSWORD, NULL);
      return;
    }

  self->is_waiting = FALSE;
  if (self->stopped == NULL)
    {
      close_session (self);
      open_session (self, username, password);
    }
  xeno_display_free_secret (password);
}

/* A server says that it wants a password by not taking none: it is asked again with one, once. */
static void
take_refusal (XenoDisplaySpice *self,
              SpiceChannel     *channel,
              const GError     *error)
{
  if (channel != self->main || self->has_credentials)
    {
      fail (self, XENO_DISPLAY_FAILURE_PASSWORD, error != NULL ? error->message : NULL);
      return;
    }

  self->has_credentials = TRUE;
  self->is_waiting = TRUE;
  xeno_display_server_ask_credentials_async (self->server, get_wanted (error), credentials_cb,
                                             g_object_ref (self));
}

static gboolean
is_sound (SpiceChannel *channel)
{
  return SPICE_IS_PLAYBACK_CHANNEL (channel) || SPICE_IS_RECORD_CHANNEL (channel);
}

static gboolean
is_usb (SpiceChannel *channel)
{
  return SPICE_IS_USBREDIR_CHANNEL (channel);
}

/* The error is only there inside of the handler. */
static void
channel_event_cb (XenoDisplaySpice  *self,
                  SpiceChannelEvent  event,
                  SpiceChannel      *channel)
{
  const GError *error;

  if (event == SPICE_CHANNEL_OPENED)
    {
      if (channel == self->inputs)
        {
          self->are_inputs_open = TRUE;
          send_early_locks (self);
          send_early_keys (self);
        }
      else if (channel == self->main)
        spice_main_channel_request_mouse_mode (SPICE_MAIN_CHANNEL (channel), SPICE_MOUSE_MODE_CLIENT);
      else if (xeno_display_spice_screen_is_display (self->screen, channel))
        xeno_display_server_set_stage (self->server, XENO_DISPLAY_STAGE_READY);
      return;
    }

  if (event == SPICE_CHANNEL_SWITCHING || event == SPICE_CHANNEL_NONE)
    return;

  /* A guest that is not heard any more, or has lost a device, is still seen. */
  if (is_sound (channel) || is_usb (channel))
    return;

  if (channel == self->inputs)
    self->are_inputs_open = FALSE;
  error = spice_channel_get_error (channel);
  if (event == SPICE_CHANNEL_ERROR_AUTH)
    take_refusal (self, channel, error);
  else if (!self->is_waiting)
    fail (self, XENO_DISPLAY_FAILURE_LOST, error != NULL ? error->message : NULL);
}

typedef struct
{
  XenoDisplaySpice *self;
  SpiceChannel     *channel;
} Opening;

static void
open_socket_cb (GObject      *server,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autofree Opening *opening = user_data;
  g_autoptr (XenoDisplaySpice) self = opening->self;
  SpiceChannel *channel = opening->channel;
  g_autoptr (GObject) held_channel = G_OBJECT (channel);
  g_autoptr (GError) error = NULL;
  int fd = xeno_display_server_open_socket_finish (XENO_DISPLAY_SERVER (server), result, &error);

  if (fd < 0)
    {
      fail (self, XENO_DISPLAY_FAILURE_LOST, error->message);
      return;
    }

  if (channel == self->main)
    xeno_display_server_set_stage (self->server, XENO_DISPLAY_STAGE_GREETING);
  if (self->stopped != NULL || !spice_channel_open_fd (channel, fd))
    g_close (fd, NULL);
}

static void
open_fd_cb (XenoDisplaySpice *self,
            int               with_tls,
            SpiceChannel     *channel)
{
  Opening *opening = g_new (Opening, 1);

  opening->self = g_object_ref (self);
  opening->channel = g_object_ref (channel);
  xeno_display_server_open_socket_async (self->server, self->cancellable, open_socket_cb, opening);
}

static void
mouse_update_cb (XenoDisplaySpice *self)
{
  int mode;

  g_object_get (self->main, "mouse-mode", &mode, NULL);
  self->is_absolute = mode == SPICE_MOUSE_MODE_CLIENT;
  xeno_display_server_set_absolute_pointer (self->server, self->is_absolute);
}

static void
modifiers_cb (XenoDisplaySpice *self)
{
  int leds;

  g_object_get (self->inputs, "key-modifiers", &leds, NULL);
  xeno_display_server_set_leds (self->server, leds & 7);
}

static void
listen (XenoDisplaySpice *self,
        SpiceChannel     *channel,
        const char       *signal,
        GCallback         callback)
{
  g_signal_connect_object (channel, signal, callback, self, G_CONNECT_SWAPPED);
}

static void
set_up_main (XenoDisplaySpice *self,
             SpiceChannel     *channel)
{
  g_set_object (&self->main, channel);
  listen (self, channel, "main-mouse-update", G_CALLBACK (mouse_update_cb));
  g_clear_object (&self->agent);
  self->agent = xeno_display_spice_agent_new (self->server, SPICE_MAIN_CHANNEL (channel));
}

static void
set_up_display (XenoDisplaySpice *self,
                SpiceChannel     *channel)
{
  xeno_display_spice_screen_set_display (self->screen, channel);
}

static void
set_up_cursor (XenoDisplaySpice *self,
               SpiceChannel     *channel)
{
  xeno_display_spice_screen_set_cursor (self->screen, channel);
}

static void
set_up_inputs (XenoDisplaySpice *self,
               SpiceChannel     *channel)
{
  g_set_object (&self->inputs, channel);
  listen (self, channel, "inputs-modifiers", G_CALLBACK (modifiers_cb));
}

static XenoDisplaySpiceSound *
ensure_sound (XenoDisplaySpice *self)
{
  if (self->sound == NULL)
    self->sound = xeno_display_spice_sound_new (self->server);
  xeno_display_spice_sound_set (self->sound, self->volume, self->listens);
  return self->sound;
}

static void
set_up_playback (XenoDisplaySpice *self,
                 SpiceChannel     *channel)
{
  xeno_display_spice_sound_set_playback (ensure_sound (self), channel);
}

static void
set_up_record (XenoDisplaySpice *self,
               SpiceChannel     *channel)
{
  xeno_display_spice_sound_set_record (ensure_sound (self), channel);
}

/* The manager of devices connects it when there is one to plug in. */
static void
set_up_usb (XenoDisplaySpice *self,
            SpiceChannel     *channel)
{
  xeno_display_server_set_abilities (self->server, XENO_DISPLAY_ABILITY_USB, XENO_DISPLAY_ABILITY_USB);
}

/* Of the channels a server offers, those we use. The library connects the main one by itself. */
static const struct
{
  int       type;
  gboolean  must_connect;
  SetUpFunc set_up;
} channels[] = {
  { SPICE_CHANNEL_MAIN, FALSE, set_up_main },
  { SPICE_CHANNEL_DISPLAY, TRUE, set_up_display },
  { SPICE_CHANNEL_INPUTS, TRUE, set_up_inputs },
  { SPICE_CHANNEL_CURSOR, TRUE, set_up_cursor },
  { SPICE_CHANNEL_PLAYBACK, TRUE, set_up_playback },
  { SPICE_CHANNEL_RECORD, TRUE, set_up_record },
  { SPICE_CHANNEL_USBREDIR, FALSE, set_up_usb },
};

static void
channel_new_cb (XenoDisplaySpice *self,
                SpiceChannel     *channel)
{
  int type, id;

  g_object_get (channel, "channel-type", &type, "channel-id", &id, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      if (channels[i].type != type || (id != 0 && type != SPICE_CHANNEL_USBREDIR))
        continue;
      listen (self, channel, "open-fd", G_CALLBACK (open_fd_cb));
      listen (self, channel, "channel-event", G_CALLBACK (channel_event_cb));
      channels[i].set_up (self, channel);
      if (channels[i].must_connect)
        spice_channel_connect (channel);
    }
}

/* The session only ends when nobody holds one of its channels. */
static void
channel_destroy_cb (XenoDisplaySpice *self,
                    SpiceChannel     *channel)
{
  if (channel == self->inputs)
    self->are_inputs_open = FALSE;
  if (is_sound (channel))
    g_clear_object (&self->sound);
  if (channel == self->main)
    {
      g_clear_object (&self->agent);
      g_clear_object (&self->main);
    }
  if (xeno_display_spice_screen_is_display (self->screen, channel))
    xeno_display_spice_screen_set_display (self->screen, NULL);
  if (channel == self->inputs)
    g_clear_object (&self->inputs);
}

static void
disconnected_cb (XenoDisplaySpice *self)
{
  if (self->stopped != NULL)
    self->stopped (self->stopped_data);
  else if (!self->is_waiting)
    fail (self, XENO_DISPLAY_FAILURE_LOST, NULL);
}

static void
name_cb (XenoDisplaySpice *self)
{
  g_autofree char *name = NULL;

  g_object_get (self->session, "name", &name, NULL);
  xeno_display_server_set_name (self->server, name);
}

static void
open_session (XenoDisplaySpice *self,
              const char       *username,
              const char       *password)
{
  static const struct
  {
    const char *signal;
    GCallback   callback;
  } handlers[] = {
    { "channel-new", G_CALLBACK (channel_new_cb) },
    { "channel-destroy", G_CALLBACK (channel_destroy_cb) },
    { "disconnected", G_CALLBACK (disconnected_cb) },
    { "notify::name", G_CALLBACK (name_cb) },
  };

  self->session = spice_session_new ();
  g_object_set (self->session,
                "enable-audio", TRUE,
                "enable-smartcard", FALSE,
                "enable-usbredir", TRUE,
                "username", username,
                "password", password,
                NULL);
  if (!self->is_remote)
    g_object_set (self->session, "preferred-compression", SPICE_IMAGE_COMPRESSION_OFF, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_object (self->session, handlers[i].signal, handlers[i].callback, self,
                             G_CONNECT_SWAPPED);
  if (!spice_session_open_fd (self->session, -1))
    fail (self, XENO_DISPLAY_FAILURE_LOST, NULL);
}

/* The library still works on it, so it is kept until all ends. */
static void
close_session (XenoDisplaySpice *self)
{
  g_signal_handlers_disconnect_by_data (self->session, self);
  if (self->main != NULL)
    g_signal_handlers_disconnect_by_data (self->main, self);
  g_clear_object (&self->main);
  spice_session_disconnect (self->session);
  self->refused_session = g_steal_pointer (&self->session);
}

static void
xeno_display_spice_prepare (XenoDisplaySource *source,
                            gboolean           is_remote)
{
  XENO_DISPLAY_SPICE (source)->is_remote = is_remote;
}

static void
xeno_display_spice_start (XenoDisplaySource *source,
                          XenoDisplayServer *server)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (source);

  self->server = server;
  self->screen = xeno_display_spice_screen_new (server);
  open_session (self, NULL, NULL);
}

static void
xeno_display_spice_stop (XenoDisplaySource *source,
                         GSourceOnceFunc    stopped,
                         gpointer           user_data)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (source);

  self->stopped = stopped;
  self->stopped_data = user_data;
  g_cancellable_cancel (self->cancellable);
  spice_session_disconnect (self->session);
}

static void
xeno_display_spice_paint (XenoDisplaySource   *source,
                          XenoFrameBuffer     *frame,
                          const XenoRectangle *rectangle)
{
  xeno_display_spice_screen_paint (XENO_DISPLAY_SPICE (source)->screen, frame, rectangle);
}

static void
xeno_display_spice_key (XenoDisplaySource *source,
                        guint              qnum,
                        guint              keyval,
                        gboolean           pressed)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (source);
  EarlyKey early = { qnum, pressed };

  if (self->are_inputs_open)
    send_key (self, qnum, pressed);
  else if (self->early_keys->len < MAX_EARLY_KEYS)
    g_array_append_val (self->early_keys, early);
}

/* The guest's agent counts on the monitor that is named; without one the surface is all there is. */
static void
xeno_display_spice_move_to (XenoDisplaySource *source,
                            guint              x,
                            guint              y)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (source);
  XenoDisplayHead place = { 0 };
  gboolean has_agent = FALSE;

  if (!self->are_inputs_open || !self->is_absolute)
    return;

  if (self->main != NULL)
    g_object_get (self->main, "agent-connected", &has_agent, NULL);
  if (has_agent)
    place = xeno_display_spice_screen_find_head (self->screen, x, y);
  spice_inputs_channel_position (SPICE_INPUTS_CHANNEL (self->inputs), x - place.x, y - place.y,
                                 place.id, self->buttons);
}

static void
xeno_display_spice_move_by (XenoDisplaySource *source,
                            int                dx,
                            int                dy)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (source);

  if (self->are_inputs_open && !self->is_absolute)
    spice_inputs_channel_motion (SPICE_INPUTS_CHANNEL (self->inputs), dx, dy, self->buttons);
}

static void
press (XenoDisplaySpice *self,
       int               button,
       int               mask,
       gboolean          pressed)
{
  if (!self->are_inputs_open)
    return;

  self->buttons = pressed ? self->buttons | mask : self->buttons & ~mask;
  if (pressed)
    spice_inputs_channel_button_press (SPICE_INPUTS_CHANNEL (self->inputs), button, self->buttons);
  else
    spice_inputs_channel_button_release (SPICE_INPUTS_CHANNEL (self->inputs), button, self->buttons);
}

static void
xeno_display_spice_button (XenoDisplaySource *source,
                           guint              button,
                           gboolean           pressed)
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

  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++)
    if (buttons[i].gdk == button)
      press (XENO_DISPLAY_SPICE (source), buttons[i].button, buttons[i].mask, pressed);
}

/* The protocol knows no wheel to the side. */
static void
xeno_display_spice_wheel (XenoDisplaySource *source,
                          int                dx,
                          int                dy)
{
  int button = dy < 0 ? SPICE_MOUSE_BUTTON_UP : SPICE_MOUSE_BUTTON_DOWN;

  for (int i = 0; i < ABS (dy); i++)
    {
      press (XENO_DISPLAY_SPICE (source), button, 0, TRUE);
      press (XENO_DISPLAY_SPICE (source), button, 0, FALSE);
    }
}

static void
xeno_display_spice_resize (XenoDisplaySource *source,
                           guint              width,
                           guint              height)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (source);

  if (self->agent != NULL)
    xeno_display_spice_agent_resize (self->agent, width, height);
}

static void
xeno_display_spice_grab (XenoDisplaySource *source,
                         guint              forms)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (source);

  if (self->agent != NULL)
    xeno_display_spice_agent_grab (self->agent, forms);
}

static void
return_no_agent (GTask *task)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, "there is no connection");
}

static void
xeno_display_spice_request (XenoDisplaySource *source,
                            guint              form,
                            GTask             *task)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (source);

  if (self->agent != NULL)
    xeno_display_spice_agent_request (self->agent, form, task);
  else
    return_no_agent (task);
}

static void
xeno_display_spice_attach_usb (XenoDisplaySource *source,
                               guint              number,
                               int                fd,
                               GTask             *task)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (source);

  if (self->usb == NULL)
    self->usb = xeno_display_spice_usb_new (self->session);
  xeno_display_spice_usb_attach (self->usb, number, fd, task);
}

static void
xeno_display_spice_detach_usb (XenoDisplaySource *source,
                               guint              number)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (source);

  if (self->usb != NULL)
    xeno_display_spice_usb_detach (self->usb, number);
}

static void
xeno_display_spice_set_sound (XenoDisplaySource *source,
                              double             volume,
                              gboolean           listens)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (source);

  self->volume = volume;
  self->listens = listens;
  if (self->sound != NULL)
    xeno_display_spice_sound_set (self->sound, volume, listens);
}

static void
xeno_display_spice_send_file (XenoDisplaySource *source,
                              int                fd,
                              const char        *name,
                              guint64            size,
                              GTask             *task)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (source);

  if (self->agent != NULL)
    {
      xeno_display_spice_agent_send_file (self->agent, fd, name, size, task);
    }
  else
    {
      g_close (fd, NULL);
      return_no_agent (task);
    }
}

static void
xeno_display_spice_set_locks (XenoDisplaySource *source,
                              guint              locks)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (source);

  self->early_locks = locks;
  if (self->are_inputs_open)
    send_early_locks (self);
}

static void
xeno_display_spice_dispose (GObject *object)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (object);

  g_clear_object (&self->inputs);
  g_clear_object (&self->screen);
  g_clear_object (&self->usb);
  g_clear_object (&self->sound);
  g_clear_object (&self->agent);
  g_clear_object (&self->main);
  g_clear_object (&self->session);
  g_clear_object (&self->refused_session);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->early_keys, g_array_unref);

  G_OBJECT_CLASS (xeno_display_spice_parent_class)->dispose (object);
}

static void
xeno_display_spice_class_init (XenoDisplaySpiceClass *klass)
{
  XenoDisplaySourceClass *source_class = XENO_DISPLAY_SOURCE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xeno_display_spice_dispose;
  source_class->prepare = xeno_display_spice_prepare;
  source_class->start = xeno_display_spice_start;
  source_class->stop = xeno_display_spice_stop;
  source_class->paint = xeno_display_spice_paint;
  source_class->key = xeno_display_spice_key;
  source_class->move_to = xeno_display_spice_move_to;
  source_class->move_by = xeno_display_spice_move_by;
  source_class->button = xeno_display_spice_button;
  source_class->wheel = xeno_display_spice_wheel;
  source_class->resize = xeno_display_spice_resize;
  source_class->grab = xeno_display_spice_grab;
  source_class->request = xeno_display_spice_request;
  source_class->send_file = xeno_display_spice_send_file;
  source_class->attach_usb = xeno_display_spice_attach_usb;
  source_class->detach_usb = xeno_display_spice_detach_usb;
  source_class->set_sound = xeno_display_spice_set_sound;
  source_class->set_locks = xeno_display_spice_set_locks;
}

static void
xeno_display_spice_init (XenoDisplaySpice *self)
{
  self->cancellable = g_cancellable_new ();
  self->early_keys = g_array_new (FALSE, FALSE, sizeof (EarlyKey));
  self->early_locks = -1;
}
