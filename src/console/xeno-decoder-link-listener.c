/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a decoder says, taken for what it is worth: every number is checked before it is used. */
#include "config.h"

#include <gio/gunixfdlist.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "console/xeno-decoder-link-private.h"
#include "console/xeno-decoder-memory.h"
#include "display/xeno-display-parcel.h"

/* A decoder of ours never asks for more. */
#define MAX_OPEN_SOCKETS 24

typedef void (*ListenerFunc) (XenoDecoderLink       *self,
                              GVariant              *parameters,
                              GDBusMethodInvocation *invocation);

static void
done (GDBusMethodInvocation *invocation)
{
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
take_progress (XenoDecoderLink       *self,
               GVariant              *parameters,
               GDBusMethodInvocation *invocation)
{
  guint stage;

  g_variant_get (parameters, "(u)", &stage);
  done (invocation);
  if (stage > XENO_DISPLAY_STAGE_READY)
    {
      xeno_decoder_link_end_lying (self);
      return;
    }

  /* The first picture may be one that hangs it. */
  xeno_decoder_link_expect_life (self);
  xeno_decoder_link_set_stage (self, stage);
}

/* Where a person can be asked, they are asked again. */
static void
take_refusal (XenoDecoderLink *self,
              const char      *details)
{
  GError *error;

  if (self->opener->take_refusal != NULL)
    {
      self->opener->take_refusal (self->opener_object);
      error = xeno_error_new (XENO_ERROR_NO_PERMISSION, details,
                              _("“%s” did not accept the password. Try again with another one."),
                              self->title);
    }
  else
    {
      error = xeno_error_new (XENO_ERROR_NO_PERMISSION, details,
                              _("The display of “%s” asks for a password. Remove it from the "
                                "machine’s graphics device to see the display here."),
                              self->title);
    }
  xeno_decoder_link_end (self, self->opener->take_refusal == NULL, error);
}

static void
take_failed (XenoDecoderLink       *self,
             GVariant              *parameters,
             GDBusMethodInvocation *invocation)
{
  guint failure;
  const char *text;
  g_autofree char *details = NULL;

  g_variant_get (parameters, "(u&s)", &failure, &text);
  details = xeno_text_clean (text, -1, 200);
  done (invocation);

  if (failure == XENO_DISPLAY_FAILURE_PASSWORD)
    take_refusal (self, details);
  else if (failure == XENO_DISPLAY_FAILURE_UNSUPPORTED)
    xeno_decoder_link_end (self, TRUE,
                           xeno_error_new (XENO_ERROR_NOT_SUPPORTED, details,
                                           _("The display of “%s” asks who you are in a way that Xenolith "
                                             "does not know. Let its server ask for a password instead."),
                                           self->title));
  else if (failure == XENO_DISPLAY_FAILURE_CLEAR)
    xeno_decoder_link_end (self, TRUE,
                           xeno_error_new (XENO_ERROR_NOT_SUPPORTED, details,
                                           _("“%s” wants your password in clear, where others could read it. "
                                             "Turn on TLS with a certificate in its server."),
                                           self->title));
  else if (failure == XENO_DISPLAY_FAILURE_TAKEN)
    xeno_decoder_link_end (self, TRUE,
                           xeno_error_new (XENO_ERROR_IN_USE, details,
                                           _("Another viewer has the display of “%s” now."), self->title));
  else if (failure == XENO_DISPLAY_FAILURE_ACCELERATED)
    xeno_decoder_link_end (self, TRUE,
                           xeno_error_new (XENO_ERROR_NOT_SUPPORTED, details,
                                           _("“%s” draws its screen with the computer’s graphics processor, which "
                                             "is not shown here. Turn off OpenGL for its display and 3D "
                                             "acceleration for its video, and start it again."),
                                           self->title));
  else if (failure == XENO_DISPLAY_FAILURE_MEMORY)
    xeno_decoder_link_end (self, FALSE,
                           xeno_error_new (XENO_ERROR_NO_MEMORY, details,
                                           _("The picture of “%s” does not fit into memory. Choose a smaller "
                                             "screen in the guest."),
                                           self->title));
  else
    xeno_decoder_link_end_lost (self, details);
}

static void
take_scanout (XenoDecoderLink       *self,
              GVariant              *parameters,
              GDBusMethodInvocation *invocation)
{
  g_autoptr (XenoSurface) surface = NULL;
  int index, fd;
  guint width, height, stride;

  g_variant_get (parameters, "(huuu)", &index, &width, &height, &stride);
  fd = xeno_display_parcel_take_fd (
    g_dbus_message_get_unix_fd_list (g_dbus_method_invocation_get_message (invocation)), index);
  if (fd >= 0)
    surface = xeno_decoder_memory_map (fd, width, height, stride);
  done (invocation);
  if (surface == NULL)
    {
      xeno_decoder_link_end_lying (self);
      return;
    }

  xeno_console_backend_set_surface (self->backend, surface);
  xeno_decoder_link_expect_life (self);
  xeno_decoder_link_set_stage (self, XENO_DISPLAY_STAGE_LIVE);
}

static void
refuse_texture (GDBusMethodInvocation *invocation,
                const char            *details)
{
  g_dbus_method_invocation_return_error_literal (invocation, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, details);
}

/* What cannot be read is no lie: which memory a driver takes only it knows. */
static void
take_open_texture (XenoDecoderLink       *self,
                   GVariant              *parameters,
                   GDBusMethodInvocation *invocation)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  g_autoptr (GError) error = NULL;
  XenoTextureShape shape;
  int index, fd;

  g_variant_get (parameters, "(huuuut)", &index, &shape.width, &shape.height, &shape.stride, &shape.fourcc,
                 &shape.modifier);
  g_clear_object (&self->texture);
  fd = xeno_display_parcel_take_fd (
    g_dbus_message_get_unix_fd_list (g_dbus_method_invocation_get_message (invocation)), index);
  self->texture = xeno_texture_reader_new (fd, &shape, &error);
  if (fd >= 0)
    g_close (fd, NULL);
  if (self->texture != NULL &&
      g_unix_fd_list_append (fds, xeno_texture_reader_get_fd (self->texture), &error) >= 0)
    g_dbus_method_invocation_return_value_with_unix_fd_list (invocation, g_variant_new ("(h)", 0), fds);
  else
    refuse_texture (invocation, error->message);
}

static void
take_read_texture (XenoDecoderLink       *self,
                   GVariant              *parameters,
                   GDBusMethodInvocation *invocation)
{
  guint x, y, width, height;

  g_variant_get (parameters, "(uuuu)", &x, &y, &width, &height);
  if (self->texture != NULL && xeno_texture_reader_read (self->texture, x, y, width, height))
    done (invocation);
  else
    refuse_texture (invocation, "there is no such part");
}

static void
take_set_heads (XenoDecoderLink       *self,
                GVariant              *parameters,
                GDBusMethodInvocation *invocation)
{
  g_autoptr (GVariant) list = g_variant_get_child_value (parameters, 0);
  XenoDisplayHead heads[XENO_DISPLAY_MAX_HEADS];
  gsize n_heads = g_variant_n_children (list);
  guint outputs;

  g_variant_get_child (parameters, 1, "u", &outputs);
  done (invocation);
  if (n_heads > XENO_DISPLAY_MAX_HEADS || outputs > XENO_DISPLAY_MAX_HEADS)
    {
      xeno_decoder_link_end_lying (self);
      return;
    }

  for (gsize i = 0; i < n_heads; i++)
    g_variant_get_child (list, i, "(uuuuu)", &heads[i].id, &heads[i].x, &heads[i].y, &heads[i].width,
                         &heads[i].height);
  xeno_console_backend_set_heads (self->backend, heads, n_heads, outputs);
}

static void
take_define_cursor (XenoDecoderLink       *self,
                    GVariant              *parameters,
                    GDBusMethodInvocation *invocation)
{
  g_autoptr (GVariant) rgba = NULL;
  XenoCursorShape shape = { 0 };
  gsize size;

  g_variant_get (parameters, "(uuii@ay)", &shape.width, &shape.height, &shape.hot_x, &shape.hot_y, &rgba);
  done (invocation);
  size = g_variant_get_size (rgba);
  if (shape.width == 0 && shape.height == 0 && size == 0)
    {
      shape.hot_x = shape.hot_y = 0;
      xeno_console_backend_set_cursor (self->backend, &shape);
    }
  else if (xeno_display_is_sane_cursor (shape.width, shape.height, shape.hot_x, shape.hot_y, size))
    {
      shape.rgba = g_variant_get_data_as_bytes (rgba);
      xeno_console_backend_set_cursor (self->backend, &shape);
      g_bytes_unref (shape.rgba);
    }
  else
    {
      xeno_decoder_link_end_lying (self);
    }
}

static void
take_reset_cursor (XenoDecoderLink       *self,
                   GVariant              *parameters,
                   GDBusMethodInvocation *invocation)
{
  done (invocation);
  xeno_console_backend_set_cursor (self->backend, NULL);
}

static void
take_move_cursor (XenoDecoderLink       *self,
                  GVariant              *parameters,
                  GDBusMethodInvocation *invocation)
{
  int x, y;

  g_variant_get (parameters, "(ii)", &x, &y);
  done (invocation);
  xeno_console_backend_move_cursor (self->backend, x, y);
}

static void
take_set_absolute_pointer (XenoDecoderLink       *self,
                           GVariant              *parameters,
                           GDBusMethodInvocation *invocation)
{
  gboolean absolute;

  g_variant_get (parameters, "(b)", &absolute);
  done (invocation);
  xeno_console_backend_set_absolute_pointer (self->backend, absolute);
}

static void
take_set_leds (XenoDecoderLink       *self,
               GVariant              *parameters,
               GDBusMethodInvocation *invocation)
{
  guint leds;

  g_variant_get (parameters, "(u)", &leds);
  done (invocation);
  xeno_console_backend_set_leds (self->backend, leds & 7);
}

static void
take_set_name (XenoDecoderLink       *self,
               GVariant              *parameters,
               GDBusMethodInvocation *invocation)
{
  const char *text;
  g_autofree char *name = NULL;

  g_variant_get (parameters, "(&s)", &text);
  done (invocation);
  name = xeno_text_clean (text, -1, XENO_DISPLAY_MAX_NAME);
  xeno_console_backend_set_name (self->backend, name);
}

typedef struct
{
  XenoDecoderLink       *link;
  GDBusMethodInvocation *invocation;
} Opening;

/* A person who was asked and did not answer is not asked again by itself. */
static gboolean
is_final (XenoDecoderLink *self,
          const GError    *error)
{
  return self->opener->ask_async != NULL && error->code == XENO_ERROR_NO_PERMISSION;
}

static void
open_socket_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autofree Opening *opening = user_data;
  g_autoptr (XenoDecoderLink) self = opening->link;
  g_autoptr (GDBusMethodInvocation) invocation = opening->invocation;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_certified = FALSE;
  int fd = self->opener->open_finish (object, result, &is_certified, &error);
  gboolean for_good;

  if (fd < 0)
    {
      for_good = is_final (self, error);
      if (error->domain == XENO_ERROR)
        xeno_decoder_link_end (self, for_good, g_steal_pointer (&error));
      else
        xeno_decoder_link_end_lost (self, error->message);
      return;
    }

  fds = g_unix_fd_list_new_from_array (&fd, 1);
  if (self->backend != NULL)
    g_dbus_method_invocation_return_value_with_unix_fd_list (g_steal_pointer (&invocation),
                                                             g_variant_new ("(hb)", 0, is_certified), fds);
}

static void
take_open_socket (XenoDecoderLink       *self,
                  GVariant              *parameters,
                  GDBusMethodInvocation *invocation)
{
  Opening *opening;

  if (++self->n_sockets > MAX_OPEN_SOCKETS)
    {
      g_dbus_method_invocation_return_error (invocation, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                                             "too many sockets");
      xeno_decoder_link_end_lying (self);
      return;
    }

  opening = g_new (Opening, 1);
  opening->link = g_object_ref (self);
  opening->invocation = invocation;
  self->opener->open_async (self->opener_object, self->cancellable, open_socket_cb, opening);
}

static const struct
{
  const char   *method;
  ListenerFunc  func;
} listeners[] = {
  { "OpenSocket", take_open_socket },
  { "Progress", take_progress },
  { "Failed", take_failed },
  { "Scanout", take_scanout },
  { "OpenTexture", take_open_texture },
  { "ReadTexture", take_read_texture },
  { "SetHeads", take_set_heads },
  { "DefineCursor", take_define_cursor },
  { "ResetCursor", take_reset_cursor },
  { "MoveCursor", take_move_cursor },
  { "SetAbsolutePointer", take_set_absolute_pointer },
  { "SetLeds", take_set_leds },
  { "SetName", take_set_name },
  { "GetCredentials", xeno_decoder_link_ask },
};

static void
listen (XenoDecoderLink       *self,
        const char            *method,
        GVariant              *parameters,
        GDBusMethodInvocation *invocation)
{
  for (guint i = 0; i < G_N_ELEMENTS (listeners); i++)
    if (g_str_equal (listeners[i].method, method))
      listeners[i].func (self, parameters, invocation);
}

static void
method_call_cb (GDBusConnection       *connection,
                const char            *sender,
                const char            *object_path,
                const char            *interface_name,
                const char            *method,
                GVariant              *parameters,
                GDBusMethodInvocation *invocation,
                gpointer               user_data)
{
  g_autoptr (XenoDecoderLink) self = g_object_ref (user_data);

  g_atomic_int_add (&self->n_calls, -1);
  if (self->backend == NULL)
    done (invocation);
  else if (g_str_equal (interface_name, xeno_display_listener_interface.name))
    listen (self, method, parameters, invocation);
  else if (!xeno_guest_decoder_take (xeno_decoder_link_get_guest (self), method, parameters, invocation))
    xeno_decoder_link_end_lying (self);
}

const GDBusInterfaceVTable xeno_decoder_link_listener = { .method_call = method_call_cb };

const GDBusInterfaceInfo *const xeno_decoder_link_interfaces[XENO_DECODER_LINK_N_INTERFACES] = {
  &xeno_display_listener_interface,
  &xeno_display_desktop_interface,
  &xeno_display_clipboard_interface,
};
