/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The SPICE session of one attempt: its channels, their sockets, and who the person says they are. */
#include "config.h"

#include <glib/gstdio.h>

#include "display/xeno-display-sasl.h"
#include "display/xeno-display-spice-private.h"

/* Each is two sockets. QEMU has no more cards than this. */
#define MAX_SCREENS 8

/* One of them may be a card reader's. */
#define MAX_PORTS 8

typedef void (*SetUpFunc) (XenoDisplaySpice *self,
                           SpiceChannel     *channel);

static void
fail (XenoDisplaySpice   *self,
      XenoDisplayFailure  failure,
      const char         *details)
{
  if (self->stopped == NULL)
    xeno_display_server_fail (self->server, failure, details);
}

static XenoDisplaySpiceScreen *
find_screen (XenoDisplaySpice *self,
             SpiceChannel     *channel)
{
  for (guint i = 0; i < self->screens->len; i++)
    if (xeno_display_spice_screen_get_channel (self->screens->pdata[i]) == channel)
      return self->screens->pdata[i];
  return NULL;
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

/* The library still works on it, so it is kept until all ends. */
static void
close_session (XenoDisplaySpice *self)
{
  g_signal_handlers_disconnect_by_data (self->session, self);
  if (self->main != NULL)
    g_signal_handlers_disconnect_by_data (self->main, self);
  g_clear_object (&self->main);
  g_ptr_array_set_size (self->screens, 0);
  spice_session_disconnect (self->session);
  self->refused_session = g_steal_pointer (&self->session);
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
      xeno_display_spice_open_session (self, username, password);
    }
  xeno_display_free_secret (password);
}

/* A server says that it wants a password by not taking none: it is asked again with one, once. */
static void
take_refusal (XenoDisplaySpice *self,
              SpiceChannel     *channel,
              const GError     *error)
{
  XenoDisplayFailure failure = xeno_display_sasl_explain (XENO_DISPLAY_FAILURE_PASSWORD);

  if (channel != self->main || self->has_credentials || failure != XENO_DISPLAY_FAILURE_PASSWORD)
    {
      fail (self, failure, error != NULL ? error->message : NULL);
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

static gboolean
is_port (SpiceChannel *channel)
{
  return SPICE_IS_PORT_CHANNEL (channel);
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
      if (channel == self->main)
        spice_main_channel_request_mouse_mode (SPICE_MAIN_CHANNEL (channel), SPICE_MOUSE_MODE_CLIENT);
      else if (find_screen (self, channel) != NULL)
        xeno_display_server_set_stage (self->server, XENO_DISPLAY_STAGE_READY);
      return;
    }

  if (event == SPICE_CHANNEL_SWITCHING || event == SPICE_CHANNEL_NONE)
    return;

  /* A guest that is not heard any more, or has lost a device, a folder or a card, is still seen. */
  if (is_sound (channel) || is_usb (channel) || is_port (channel))
    return;

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

/* A guest with several cards has one monitor on each. */
static void
outputs_cb (XenoDisplaySpice *self)
{
  guint outputs = self->screens->len;

  if (outputs == 1)
    outputs = xeno_display_spice_screen_get_outputs (self->screens->pdata[0]);
  xeno_display_wall_set_outputs (self->wall, outputs);
}

static void
set_up_display (XenoDisplaySpice *self,
                SpiceChannel     *channel)
{
  XenoDisplaySpiceScreen *screen = xeno_display_spice_screen_new (self->server, self->wall, channel);

  g_ptr_array_add (self->screens, screen);
  g_signal_connect_object (screen, "outputs-changed", G_CALLBACK (outputs_cb), self, G_CONNECT_SWAPPED);
  outputs_cb (self);
}

static void
set_up_cursor (XenoDisplaySpice *self,
               SpiceChannel     *channel)
{
  xeno_display_spice_pointer_add (self->pointer, channel);
}

static void
set_up_inputs (XenoDisplaySpice *self,
               SpiceChannel     *channel)
{
  xeno_display_spice_inputs_set_channel (self->inputs, channel);
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

static void
add_port (XenoDisplaySpice *self,
          XenoDisplayPort   port,
          SpiceChannel     *channel,
          guint             ability)
{
  g_clear_object (&self->ports[port]);
  self->ports[port] = xeno_display_spice_port_new (self->server, port, channel);
  xeno_display_spice_port_set (self->ports[port], self->is_port_served[port]);
  xeno_display_server_set_abilities (self->server, ability, ability);
}

/* The library's own channel would serve files from inside of this process, and is never connected. A plain
 * port of the same kind gives the bytes as they are. The session owns it. */
static void
set_up_folder (XenoDisplaySpice *self,
               SpiceChannel     *channel)
{
  if (SPICE_IS_WEBDAV_CHANNEL (channel))
    {
      g_object_new (SPICE_TYPE_PORT_CHANNEL, "spice-session", self->session,
                    "channel-type", SPICE_CHANNEL_WEBDAV, "channel-id", 0, NULL);
      return;
    }

  add_port (self, XENO_DISPLAY_PORT_FOLDER, channel, XENO_DISPLAY_ABILITY_FOLDER);
}

/* What a plain port is for its name says, which only comes when it is connected. */
static void
port_name_cb (XenoDisplaySpice *self,
              GParamSpec       *pspec,
              SpiceChannel     *channel)
{
  XenoDisplaySpicePort *card = self->ports[XENO_DISPLAY_PORT_CARD];
  g_autofree char *name = NULL;

  g_object_get (channel, "port-name", &name, NULL);
  if (card != NULL && xeno_display_spice_port_is_channel (card, channel))
    return;

  if (card == NULL && g_strcmp0 (name, XENO_DISPLAY_CARD_PORT_NAME) == 0)
    add_port (self, XENO_DISPLAY_PORT_CARD, channel, XENO_DISPLAY_ABILITY_CARD);
  else
    spice_channel_disconnect (channel, SPICE_CHANNEL_NONE);
}

static void
set_up_port (XenoDisplaySpice *self,
             SpiceChannel     *channel)
{
  listen (self, channel, "notify::port-name", G_CALLBACK (port_name_cb));
}

/* Of the channels a server offers, those we use. The library connects the main one by itself. */
static const struct
{
  int       type;
  gboolean  must_connect;
  int       n_used; /* of those of this type */
  SetUpFunc set_up;
} channels[] = {
  { SPICE_CHANNEL_MAIN, FALSE, 1, set_up_main },
  { SPICE_CHANNEL_DISPLAY, TRUE, MAX_SCREENS, set_up_display },
  { SPICE_CHANNEL_INPUTS, TRUE, 1, set_up_inputs },
  { SPICE_CHANNEL_CURSOR, TRUE, MAX_SCREENS, set_up_cursor },
  { SPICE_CHANNEL_PLAYBACK, TRUE, 1, set_up_playback },
  { SPICE_CHANNEL_RECORD, TRUE, 1, set_up_record },
  { SPICE_CHANNEL_USBREDIR, FALSE, G_MAXINT, set_up_usb },
  { SPICE_CHANNEL_WEBDAV, FALSE, 1, set_up_folder },
  { SPICE_CHANNEL_PORT, TRUE, MAX_PORTS, set_up_port },
};

static void
channel_new_cb (XenoDisplaySpice *self,
                SpiceChannel     *channel)
{
  int type, id;

  g_object_get (channel, "channel-type", &type, "channel-id", &id, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      if (channels[i].type != type || id < 0 || id >= channels[i].n_used)
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
  if (is_sound (channel))
    g_clear_object (&self->sound);
  for (guint i = 0; i < XENO_DISPLAY_N_PORTS; i++)
    if (self->ports[i] != NULL && xeno_display_spice_port_is_channel (self->ports[i], channel))
      g_clear_object (&self->ports[i]);
  if (channel == self->main)
    {
      g_clear_object (&self->agent);
      g_clear_object (&self->main);
    }
  g_ptr_array_remove (self->screens, find_screen (self, channel));
  if (xeno_display_spice_inputs_is_channel (self->inputs, channel))
    xeno_display_spice_inputs_set_channel (self->inputs, NULL);
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

/**
 * xeno_display_spice_open_session:
 * @self: a source
 * @username: (nullable): who the person says they are
 * @password: (nullable): their password
 *
 * Makes a session and begins to connect its channels.
 */
void
xeno_display_spice_open_session (XenoDisplaySpice *self,
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

  g_return_if_fail (XENO_IS_DISPLAY_SPICE (self));

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
