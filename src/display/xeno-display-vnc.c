/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Speaks VNC to a display server. */
#include "config.h"

#include <glib/gstdio.h>
#include <vncbaseframebuffer.h>
#include <vncconnection.h>

#include "display/xeno-display-server.h"
#include "display/xeno-display-text.h"
#include "display/xeno-display-vnc.h"

/* What a relative pointer's event carries for "not moved". */
#define RELATIVE_ORIGIN 0x7fff

struct _XenoDisplayVnc
{
  XenoDisplaySource  parent_instance;
  XenoDisplayServer *server;
  VncConnection     *connection;
  XenoFrameBuffer   *frame;
  char              *error;
  GSourceOnceFunc    stopped;
  gpointer           stopped_data;
  guint              request_id;
  gboolean           is_remote;
  gboolean           has_auth_type;
  gboolean           has_auth_subtype;
  gboolean           has_requested;
  gboolean           is_frame_shown;
  gboolean           is_absolute;
  int                leds; /* -1: the server has not told them */
  int                early_locks; /* wanted before they were; -1: none */
  guint8             buttons;
  guint16            x;
  guint16            y;
  GBytes            *text; /* what the guest cut last */
  GCancellable      *asking;
};

G_DEFINE_FINAL_TYPE (XenoDisplayVnc, xeno_display_vnc, XENO_TYPE_DISPLAY_SOURCE)

/* Raw comes first: over a local socket a server's encoder costs more than the bytes it saves. Only
 * what is handled may be named: gvnc ends the connection on what it cannot place. */
static const gint32 encodings[] = {
  VNC_CONNECTION_ENCODING_RAW,
  VNC_CONNECTION_ENCODING_COPY_RECT,
  VNC_CONNECTION_ENCODING_HEXTILE,
  VNC_CONNECTION_ENCODING_ZRLE,
  VNC_CONNECTION_ENCODING_RRE,
  VNC_CONNECTION_ENCODING_EXT_KEY_EVENT,
  VNC_CONNECTION_ENCODING_LED_STATE,
  VNC_CONNECTION_ENCODING_EXTENDED_DESKTOP_RESIZE,
  VNC_CONNECTION_ENCODING_DESKTOP_RESIZE,
  VNC_CONNECTION_ENCODING_DESKTOP_NAME,
  VNC_CONNECTION_ENCODING_LAST_RECT,
  VNC_CONNECTION_ENCODING_WMVi,
  VNC_CONNECTION_ENCODING_ALPHA_CURSOR,
  VNC_CONNECTION_ENCODING_RICH_CURSOR,
  VNC_CONNECTION_ENCODING_XCURSOR,
  VNC_CONNECTION_ENCODING_POINTER_CHANGE,
};

/* Over a network bytes cost more than encoders do. */
static const gint32 remote_encodings[] = {
  VNC_CONNECTION_ENCODING_TIGHT,
  VNC_CONNECTION_ENCODING_ZRLE,
  VNC_CONNECTION_ENCODING_HEXTILE,
  VNC_CONNECTION_ENCODING_RRE,
};

/* Of the ways to say who one is, those gvnc knows, the best first: it ends the process when it is told
 * to use another one. Nothing to say comes first: where that will do, there is nobody to ask. */
static const int auth_types[] = {
  VNC_CONNECTION_AUTH_NONE,
  VNC_CONNECTION_AUTH_VENCRYPT,
  VNC_CONNECTION_AUTH_TLS,
  VNC_CONNECTION_AUTH_SASL,
  VNC_CONNECTION_AUTH_ARD,
  VNC_CONNECTION_AUTH_MSLOGONII,
  (int) VNC_CONNECTION_AUTH_MSLOGON,
  VNC_CONNECTION_AUTH_VNC,
};

/* Within TLS, which is VeNCrypt's or the older one. Where there are certificates the app has looked at
 * them before, and there is no TLS left for this process. */
static const int auth_subtypes[] = {
  VNC_CONNECTION_AUTH_VENCRYPT_TLSSASL,
  VNC_CONNECTION_AUTH_VENCRYPT_TLSVNC,
  VNC_CONNECTION_AUTH_VENCRYPT_TLSNONE,
  VNC_CONNECTION_AUTH_SASL,
  VNC_CONNECTION_AUTH_VNC,
  VNC_CONNECTION_AUTH_NONE,
};

static void
request (XenoDisplayVnc *self,
         gboolean        incremental)
{
  self->has_requested = TRUE;
  vnc_connection_framebuffer_update_request (self->connection, incremental, 0, 0,
                                             vnc_connection_get_width (self->connection),
                                             vnc_connection_get_height (self->connection));
}

static gboolean
request_cb (gpointer user_data)
{
  XenoDisplayVnc *self = user_data;

  self->request_id = 0;
  if (!self->has_requested && xeno_display_server_has_room (self->server))
    request (self, TRUE);
  return G_SOURCE_REMOVE;
}

/* One request at a time, sent when what came has been decoded and the app has room for more: with
 * one for every rectangle, both ends come to wait for the other to read. */
static void
queue_request (XenoDisplayVnc *self)
{
  if (self->request_id == 0 && !self->has_requested && self->connection != NULL &&
      vnc_connection_is_initialized (self->connection))
    self->request_id = g_idle_add_full (G_PRIORITY_LOW, request_cb, self, NULL);
}

/* A server may answer a request with nothing but a new pointer or a lit lamp. */
static void
end_request (XenoDisplayVnc *self)
{
  self->has_requested = FALSE;
  queue_request (self);
}

static void
set_error (XenoDisplayVnc *self,
           const char     *message)
{
  g_free (self->error);
  self->error = g_strdup (message);
}

static void
fail (XenoDisplayVnc     *self,
      XenoDisplayFailure  failure)
{
  xeno_display_server_fail (self->server, failure, self->error);
}

static gboolean
has_format (XenoFrameBuffer *frame,
            guint            width,
            guint            height)
{
  return frame != NULL &&
         xeno_frame_buffer_get_width (frame) == width && xeno_frame_buffer_get_height (frame) == height;
}

static void
set_frame (XenoDisplayVnc *self)
{
  static const VncPixelFormat format = {
    .bits_per_pixel = 32,
    .depth = 24,
    .byte_order = G_BYTE_ORDER,
    .true_color_flag = TRUE,
    .red_max = 255,
    .green_max = 255,
    .blue_max = 255,
    .red_shift = 16,
    .green_shift = 8,
    .blue_shift = 0,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoFrameBuffer) frame = NULL;
  g_autoptr (GObject) wrapper = NULL;
  guint width = vnc_connection_get_width (self->connection);
  guint height = vnc_connection_get_height (self->connection);

  frame = xeno_frame_buffer_new (width, height, &error);
  if (frame == NULL)
    {
      set_error (self, error->message);
      fail (self, XENO_DISPLAY_FAILURE_MEMORY);
      return;
    }

  wrapper = G_OBJECT (vnc_base_framebuffer_new (xeno_frame_buffer_get_pixels (frame), width, height,
                                                xeno_frame_buffer_get_stride (frame), &format,
                                                vnc_connection_get_pixel_format (self->connection)));
  g_object_set_data_full (wrapper, "xeno-frame", g_object_ref (frame), g_object_unref);
  vnc_connection_set_framebuffer (self->connection, VNC_FRAMEBUFFER (wrapper));
  g_set_object (&self->frame, frame);
  self->is_frame_shown = FALSE;
}

/* The values come in a GValueArray, which only code that is as old may name without a warning. */
G_GNUC_BEGIN_IGNORE_DEPRECATIONS
static gboolean
has_value (GValueArray *values,
           int          value)
{
  for (guint i = 0; i < values->n_values; i++)
    if (g_value_get_enum (g_value_array_get_nth (values, i)) == value)
      return TRUE;
  return FALSE;
}

static int
choose (GValueArray *values,
        const int   *known,
        gsize        n_known)
{
  for (gsize i = 0; i < n_known; i++)
    if (has_value (values, known[i]))
      return known[i];
  return VNC_CONNECTION_AUTH_INVALID;
}

/* To choose twice would end the process, too. */
static void
auth_choose_type_cb (XenoDisplayVnc *self,
                     GValueArray    *types)
{
  int type = choose (types, auth_types, G_N_ELEMENTS (auth_types));

  if (type == VNC_CONNECTION_AUTH_INVALID || self->has_auth_type)
    {
      fail (self, XENO_DISPLAY_FAILURE_UNSUPPORTED);
      return;
    }

  self->has_auth_type = TRUE;
  vnc_connection_set_auth_type (self->connection, type);
}

static void
auth_choose_subtype_cb (XenoDisplayVnc *self,
                        guint           type,
                        GValueArray    *subtypes)
{
  int subtype = choose (subtypes, auth_subtypes, G_N_ELEMENTS (auth_subtypes));

  if (subtype == VNC_CONNECTION_AUTH_INVALID || self->has_auth_subtype)
    {
      fail (self, XENO_DISPLAY_FAILURE_UNSUPPORTED);
      return;
    }

  self->has_auth_subtype = TRUE;
  vnc_connection_set_auth_subtype (self->connection, subtype);
}

typedef struct
{
  XenoDisplayVnc         *self;
  XenoDisplayCredentials  wanted;
} Asking;

static void
credentials_cb (GObject      *server,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autofree Asking *asking = user_data;
  g_autoptr (XenoDisplayVnc) self = asking->self;
  g_autofree char *username = NULL;
  char *password = NULL;

  if (!xeno_display_server_ask_credentials_finish (XENO_DISPLAY_SERVER (server), result,
                                                   &username, &password, NULL))
    {
      fail (self, XENO_DISPLAY_FAILURE_PASSWORD);
      return;
    }

  if (self->stopped == NULL && vnc_connection_is_open (self->connection))
    {
      if ((asking->wanted & XENO_DISPLAY_USERNAME) != 0)
        vnc_connection_set_credential (self->connection, VNC_CONNECTION_CREDENTIAL_USERNAME, username);
      if ((asking->wanted & XENO_DISPLAY_PASSWORD) != 0)
        vnc_connection_set_credential (self->connection, VNC_CONNECTION_CREDENTIAL_PASSWORD, password);
    }
  xeno_display_free_secret (password);
}

/* A certificate of ours is nothing anybody has for a console. */
static void
auth_credential_cb (XenoDisplayVnc *self,
                    GValueArray    *credentials)
{
  Asking *asking;
  XenoDisplayCredentials wanted = 0;

  if (has_value (credentials, VNC_CONNECTION_CREDENTIAL_USERNAME))
    wanted |= XENO_DISPLAY_USERNAME;
  if (has_value (credentials, VNC_CONNECTION_CREDENTIAL_PASSWORD))
    wanted |= XENO_DISPLAY_PASSWORD;
  if (wanted == 0 || has_value (credentials, VNC_CONNECTION_CREDENTIAL_CLIENTNAME))
    {
      fail (self, XENO_DISPLAY_FAILURE_UNSUPPORTED);
      return;
    }

  asking = g_new (Asking, 1);
  asking->self = g_object_ref (self);
  asking->wanted = wanted;
  xeno_display_server_ask_credentials_async (self->server, wanted, credentials_cb, asking);
}
G_GNUC_END_IGNORE_DEPRECATIONS

static void
auth_failure_cb (XenoDisplayVnc *self,
                 const char     *reason)
{
  set_error (self, reason);
  fail (self, XENO_DISPLAY_FAILURE_PASSWORD);
}

static void
auth_unsupported_cb (XenoDisplayVnc *self)
{
  fail (self, XENO_DISPLAY_FAILURE_UNSUPPORTED);
}

static void
name_cb (XenoDisplayVnc *self)
{
  xeno_display_server_set_name (self->server, vnc_connection_get_name (self->connection));
}

static void
set_encodings (XenoDisplayVnc *self)
{
  gint32 all[G_N_ELEMENTS (remote_encodings) + G_N_ELEMENTS (encodings)];
  guint n = 0;

  for (guint i = 0; self->is_remote && i < G_N_ELEMENTS (remote_encodings); i++)
    all[n++] = remote_encodings[i];
  for (guint i = 0; i < G_N_ELEMENTS (encodings); i++)
    all[n++] = encodings[i];
  vnc_connection_set_encodings (self->connection, n, all);
}

static void
initialized_cb (XenoDisplayVnc *self)
{
  VncPixelFormat format = *vnc_connection_get_pixel_format (self->connection);

  format.bits_per_pixel = 32;
  format.depth = 24;
  format.byte_order = G_BYTE_ORDER;
  format.true_color_flag = TRUE;
  format.red_max = format.green_max = format.blue_max = 255;
  format.red_shift = 16;
  format.green_shift = 8;
  format.blue_shift = 0;
  vnc_connection_set_pixel_format (self->connection, &format);

  set_frame (self);
  set_encodings (self);
  name_cb (self);
  xeno_display_server_set_stage (self->server, XENO_DISPLAY_STAGE_READY);
  xeno_display_server_set_absolute_pointer (self->server, self->is_absolute);
  xeno_display_server_set_abilities (self->server, XENO_DISPLAY_ABILITY_TEXT | XENO_DISPLAY_ABILITY_RESIZE,
                                     XENO_DISPLAY_ABILITY_TEXT | XENO_DISPLAY_ABILITY_RESIZE);
  request (self, FALSE);
}

static void
desktop_resize_cb (XenoDisplayVnc *self,
                   guint           width,
                   guint           height)
{
  if (!has_format (self->frame, width, height))
    {
      set_frame (self);
      request (self, FALSE);
    }
  else
    end_request (self);
}

static void
pixel_format_changed_cb (XenoDisplayVnc *self)
{
  set_frame (self);
  request (self, FALSE);
}

static void
framebuffer_update_cb (XenoDisplayVnc *self,
                       guint           x,
                       guint           y,
                       guint           width,
                       guint           height)
{
  if (!self->is_frame_shown && self->frame != NULL)
    {
      self->is_frame_shown = TRUE;
      xeno_display_server_set_frame (self->server, self->frame);
    }
  xeno_display_server_damage (self->server, x, y, width, height);
  end_request (self);
}

/* gvnc documents RGBA. What it writes from a shape in pixels, and what QEMU sends as a shape with
 * transparency, is BGRA. */
static void
define_cursor (XenoDisplayVnc *self,
               VncCursor      *cursor)
{
  guint width = vnc_cursor_get_width (cursor);
  guint height = vnc_cursor_get_height (cursor);
  const guint8 *bgra = vnc_cursor_get_data (cursor);
  g_autofree guint8 *rgba = NULL;

  if (!xeno_display_is_sane_cursor (width, height, 0, 0, 4 * (gsize) width * height))
    {
      xeno_display_server_reset_cursor (self->server);
      return;
    }

  rgba = g_malloc (4 * (gsize) width * height);
  for (gsize i = 0; i < 4 * (gsize) width * height; i += 4)
    {
      rgba[i] = bgra[i + 2];
      rgba[i + 1] = bgra[i + 1];
      rgba[i + 2] = bgra[i];
      rgba[i + 3] = bgra[i + 3];
    }
  xeno_display_server_define_cursor (self->server, width, height,
                                     vnc_cursor_get_hotx (cursor), vnc_cursor_get_hoty (cursor), rgba);
}

static void
cursor_changed_cb (XenoDisplayVnc *self,
                   VncCursor      *cursor)
{
  if (cursor == NULL)
    xeno_display_server_hide_cursor (self->server);
  else
    define_cursor (self, cursor);
  end_request (self);
}

static void
pointer_mode_changed_cb (XenoDisplayVnc *self,
                         gboolean        absolute)
{
  self->is_absolute = absolute;
  xeno_display_server_set_absolute_pointer (self->server, absolute);
  end_request (self);
}

static gboolean
can_send (XenoDisplayVnc *self)
{
  return self->connection != NULL && vnc_connection_is_initialized (self->connection) &&
         self->stopped == NULL;
}

/* The protocol has no message for it. Who has not told its lamps takes keys by their meaning, and needs
 * none. */
static void
tap_locks (XenoDisplayVnc *self)
{
  guint wrong = self->early_locks >= 0 ? self->leds ^ self->early_locks : 0;

  self->early_locks = -1;
  self->leds ^= xeno_display_source_tap_locks (XENO_DISPLAY_SOURCE (self), wrong);
}

static void
led_state_cb (XenoDisplayVnc *self)
{
  self->leds = MAX (vnc_connection_get_ledstate (self->connection), 0);
  xeno_display_server_set_leds (self->server, self->leds);
  tap_locks (self);
  end_request (self);
}

static void
desktop_rename_cb (XenoDisplayVnc *self)
{
  name_cb (self);
  end_request (self);
}

/* The protocol has no question for it: what was cut comes by itself. */
static void
server_cut_text_cb (XenoDisplayVnc *self,
                    const char     *text)
{
  gsize size = strlen (text);

  if (size > XENO_DISPLAY_MAX_TEXT)
    return;

  g_clear_pointer (&self->text, g_bytes_unref);
  self->text = xeno_display_text_from_latin1 (text, size);
  xeno_display_server_grab (self->server, XENO_DISPLAY_FORM_TEXT);
}

static void
error_cb (XenoDisplayVnc *self,
          const char     *message)
{
  set_error (self, message);
}

static void
disconnected_cb (XenoDisplayVnc *self)
{
  g_clear_handle_id (&self->request_id, g_source_remove);
  if (self->stopped != NULL)
    self->stopped (self->stopped_data);
  else
    fail (self, XENO_DISPLAY_FAILURE_LOST);
}

/* gvnc 1.3.1 registers this signal with a marshaller for an argument that it never gets. */
static void
connect_led_state (XenoDisplayVnc *self)
{
  GClosure *closure = g_cclosure_new_object_swap (G_CALLBACK (led_state_cb), G_OBJECT (self));

  g_closure_set_marshal (closure, g_cclosure_marshal_VOID__VOID);
  g_signal_connect_closure (self->connection, "vnc-led-state", closure, FALSE);
}

static void
open_socket_cb (GObject      *server,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (XenoDisplayVnc) self = user_data;
  g_autoptr (GError) error = NULL;
  int fd = xeno_display_server_open_socket_finish (XENO_DISPLAY_SERVER (server), result, &error);

  if (fd < 0)
    {
      set_error (self, error->message);
      fail (self, XENO_DISPLAY_FAILURE_LOST);
      return;
    }

  if (self->stopped != NULL || !vnc_connection_open_fd (self->connection, fd))
    g_close (fd, NULL);
  else
    xeno_display_server_set_stage (self->server, XENO_DISPLAY_STAGE_GREETING);
}

static void
xeno_display_vnc_prepare (XenoDisplaySource *source,
                          gboolean           is_remote)
{
  XENO_DISPLAY_VNC (source)->is_remote = is_remote;
}

static void
xeno_display_vnc_start (XenoDisplaySource *source,
                        XenoDisplayServer *server)
{
  static const struct
  {
    const char *signal;
    GCallback   callback;
  } handlers[] = {
    { "vnc-auth-choose-type", G_CALLBACK (auth_choose_type_cb) },
    { "vnc-auth-choose-subtype", G_CALLBACK (auth_choose_subtype_cb) },
    { "vnc-auth-credential", G_CALLBACK (auth_credential_cb) },
    { "vnc-auth-failure", G_CALLBACK (auth_failure_cb) },
    { "vnc-auth-unsupported", G_CALLBACK (auth_unsupported_cb) },
    { "vnc-initialized", G_CALLBACK (initialized_cb) },
    { "vnc-desktop-resize", G_CALLBACK (desktop_resize_cb) },
    { "vnc-pixel-format-changed", G_CALLBACK (pixel_format_changed_cb) },
    { "vnc-framebuffer-update", G_CALLBACK (framebuffer_update_cb) },
    { "vnc-cursor-changed", G_CALLBACK (cursor_changed_cb) },
    { "vnc-pointer-mode-changed", G_CALLBACK (pointer_mode_changed_cb) },
    { "vnc-desktop-rename", G_CALLBACK (desktop_rename_cb) },
    { "vnc-server-cut-text", G_CALLBACK (server_cut_text_cb) },
    { "vnc-error", G_CALLBACK (error_cb) },
    { "vnc-disconnected", G_CALLBACK (disconnected_cb) },
  };
  XenoDisplayVnc *self = XENO_DISPLAY_VNC (source);

  self->server = server;
  self->connection = vnc_connection_new ();
  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_object (self->connection, handlers[i].signal, handlers[i].callback, self,
                             G_CONNECT_SWAPPED);
  connect_led_state (self);

  /* The machine's other viewers stay. */
  vnc_connection_set_shared (self->connection, TRUE);
  xeno_display_server_open_socket_async (server, NULL, open_socket_cb, g_object_ref (self));
}

static void
xeno_display_vnc_stop (XenoDisplaySource *source,
                       GSourceOnceFunc    stopped,
                       gpointer           user_data)
{
  XenoDisplayVnc *self = XENO_DISPLAY_VNC (source);

  self->stopped = stopped;
  self->stopped_data = user_data;
  if (self->connection != NULL && vnc_connection_is_open (self->connection))
    vnc_connection_shutdown (self->connection);
  else
    stopped (user_data);
}

static void
xeno_display_vnc_taken (XenoDisplaySource *source)
{
  queue_request (XENO_DISPLAY_VNC (source));
}

static void
send_pointer (XenoDisplayVnc *self)
{
  if (can_send (self))
    vnc_connection_pointer_event (self->connection, self->buttons,
                                  self->is_absolute ? self->x : RELATIVE_ORIGIN,
                                  self->is_absolute ? self->y : RELATIVE_ORIGIN);
}

static void
xeno_display_vnc_key (XenoDisplaySource *source,
                      guint              qnum,
                      guint              keyval,
                      gboolean           pressed)
{
  XenoDisplayVnc *self = XENO_DISPLAY_VNC (source);

  if (can_send (self))
    vnc_connection_key_event (self->connection, pressed, keyval, qnum);
}

static void
xeno_display_vnc_move_to (XenoDisplaySource *source,
                          guint              x,
                          guint              y)
{
  XenoDisplayVnc *self = XENO_DISPLAY_VNC (source);

  self->x = x;
  self->y = y;
  if (self->is_absolute)
    send_pointer (self);
}

static void
xeno_display_vnc_move_by (XenoDisplaySource *source,
                          int                dx,
                          int                dy)
{
  XenoDisplayVnc *self = XENO_DISPLAY_VNC (source);

  if (can_send (self) && !self->is_absolute)
    vnc_connection_pointer_event (self->connection, self->buttons,
                                  RELATIVE_ORIGIN + dx, RELATIVE_ORIGIN + dy);
}

static void
press (XenoDisplayVnc *self,
       guint           button,
       gboolean        pressed)
{
  guint8 bit = 1 << (button - 1);

  self->buttons = pressed ? self->buttons | bit : self->buttons & ~bit;
  send_pointer (self);
}

/* The mask has eight bits, and servers do not agree on the last: back and forward stay at home. */
static void
xeno_display_vnc_button (XenoDisplaySource *source,
                         guint              button,
                         gboolean           pressed)
{
  if (button >= 1 && button <= 3)
    press (XENO_DISPLAY_VNC (source), button, pressed);
}

static void
click (XenoDisplayVnc *self,
       guint           button,
       guint           times)
{
  for (guint i = 0; i < times; i++)
    {
      press (self, button, TRUE);
      press (self, button, FALSE);
    }
}

static void
xeno_display_vnc_wheel (XenoDisplaySource *source,
                        int                dx,
                        int                dy)
{
  XenoDisplayVnc *self = XENO_DISPLAY_VNC (source);

  click (self, dy < 0 ? 4 : 5, ABS (dy));
  click (self, dx < 0 ? 6 : 7, ABS (dx));
}

/* Whether a server takes sizes the library only says of one that was to be sent, and one that nobody
 * wants is no question: QEMU would tell the guest that its monitor is like that. */
static void
xeno_display_vnc_resize (XenoDisplaySource *source,
                         guint              width,
                         guint              height)
{
  XenoDisplayVnc *self = XENO_DISPLAY_VNC (source);

  if (can_send (self) && vnc_connection_set_size (self->connection, width, height) < 0)
    xeno_display_server_set_abilities (self->server, XENO_DISPLAY_ABILITY_RESIZE, 0);
}

static void
cut_cb (GObject      *server,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr (XenoDisplayVnc) self = user_data;
  g_autoptr (GBytes) text = xeno_display_server_request_finish (XENO_DISPLAY_SERVER (server), result, NULL);
  g_autoptr (GBytes) latin1 = NULL;
  gsize size;
  gconstpointer data;

  if (text == NULL || !can_send (self))
    return;

  latin1 = xeno_display_text_to_latin1 (text);
  data = g_bytes_get_data (latin1, &size);
  vnc_connection_client_cut_text (self->connection, data, size);
}

/* The protocol has no way to offer: what there is must be sent. */
static void
xeno_display_vnc_grab (XenoDisplaySource *source,
                       guint              forms)
{
  XenoDisplayVnc *self = XENO_DISPLAY_VNC (source);

  g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  if ((forms & XENO_DISPLAY_FORM_TEXT) == 0)
    return;

  self->asking = g_cancellable_new ();
  xeno_display_server_request_async (self->server, XENO_DISPLAY_FORM_TEXT, self->asking, cut_cb,
                                     g_object_ref (self));
}

static void
xeno_display_vnc_request (XenoDisplaySource *source,
                          guint              form,
                          GTask             *task)
{
  XenoDisplayVnc *self = XENO_DISPLAY_VNC (source);

  if (self->text != NULL && form == XENO_DISPLAY_FORM_TEXT)
    g_task_return_pointer (task, g_bytes_ref (self->text), (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "nothing was cut");
}

static void
xeno_display_vnc_set_locks (XenoDisplaySource *source,
                            guint              wanted)
{
  XenoDisplayVnc *self = XENO_DISPLAY_VNC (source);

  self->early_locks = wanted;
  if (can_send (self) && self->leds >= 0)
    tap_locks (self);
}

static void
xeno_display_vnc_dispose (GObject *object)
{
  XenoDisplayVnc *self = XENO_DISPLAY_VNC (object);

  g_clear_handle_id (&self->request_id, g_source_remove);
  g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  g_clear_pointer (&self->text, g_bytes_unref);
  g_clear_object (&self->connection);
  g_clear_object (&self->frame);

  G_OBJECT_CLASS (xeno_display_vnc_parent_class)->dispose (object);
}

static void
xeno_display_vnc_finalize (GObject *object)
{
  g_free (XENO_DISPLAY_VNC (object)->error);

  G_OBJECT_CLASS (xeno_display_vnc_parent_class)->finalize (object);
}

static void
xeno_display_vnc_class_init (XenoDisplayVncClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  XenoDisplaySourceClass *source_class = XENO_DISPLAY_SOURCE_CLASS (klass);

  object_class->dispose = xeno_display_vnc_dispose;
  object_class->finalize = xeno_display_vnc_finalize;
  source_class->prepare = xeno_display_vnc_prepare;
  source_class->start = xeno_display_vnc_start;
  source_class->stop = xeno_display_vnc_stop;
  source_class->taken = xeno_display_vnc_taken;
  source_class->key = xeno_display_vnc_key;
  source_class->move_to = xeno_display_vnc_move_to;
  source_class->move_by = xeno_display_vnc_move_by;
  source_class->button = xeno_display_vnc_button;
  source_class->wheel = xeno_display_vnc_wheel;
  source_class->resize = xeno_display_vnc_resize;
  source_class->grab = xeno_display_vnc_grab;
  source_class->request = xeno_display_vnc_request;
  source_class->set_locks = xeno_display_vnc_set_locks;
}

static void
xeno_display_vnc_init (XenoDisplayVnc *self)
{
  self->is_absolute = TRUE;
  self->leds = -1;
  self->early_locks = -1;
}
