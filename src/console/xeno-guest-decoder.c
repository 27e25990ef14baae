/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A guest as a decoder process reaches it. */
#include "config.h"

#include <gio/gunixfdlist.h>
#include <glib/gstdio.h>

#include "base/xeno-text.h"
#include "console/xeno-card-process.h"
#include "console/xeno-guest-decoder.h"
#include "console/xeno-share-process.h"
#include "console/xeno-sound-process.h"
#include "display/xeno-display-parcel.h"

/* A decoder of ours never has more questions out. */
#define MAX_QUESTIONS 16

#define MAX_WORDS 200

struct _XenoGuestDecoder
{
  XenoGuest         parent_instance;
  GDBusConnection  *connection; /* while there is a decoder */
  XenoSoundProcess *player;
  XenoSoundProcess *recorder;
  XenoShareProcess *share;
  XenoCardProcess  *card;
  guint             n_questions;
};

typedef gboolean (*TakeFunc) (XenoGuestDecoder      *self,
                              GVariant              *parameters,
                              GDBusMethodInvocation *invocation);

G_DEFINE_FINAL_TYPE (XenoGuestDecoder, xeno_guest_decoder, XENO_TYPE_GUEST)

static gboolean
take_set_abilities (XenoGuestDecoder      *self,
                    GVariant              *parameters,
                    GDBusMethodInvocation *invocation)
{
  guint abilities;

  g_variant_get (parameters, "(u)", &abilities);
  g_dbus_method_invocation_return_value (invocation, NULL);
  xeno_guest_set_abilities (XENO_GUEST (self), abilities);
  return TRUE;
}

static gboolean
take_file_progress (XenoGuestDecoder      *self,
                    GVariant              *parameters,
                    GDBusMethodInvocation *invocation)
{
  guint64 bytes;

  g_variant_get (parameters, "(t)", &bytes);
  g_dbus_method_invocation_return_value (invocation, NULL);
  xeno_guest_emit_sent (XENO_GUEST (self), bytes);
  return TRUE;
}

static gboolean
take_grab (XenoGuestDecoder      *self,
           GVariant              *parameters,
           GDBusMethodInvocation *invocation)
{
  guint forms;

  g_variant_get (parameters, "(u)", &forms);
  g_dbus_method_invocation_return_value (invocation, NULL);
  xeno_guest_emit_grabbed (XENO_GUEST (self), forms);
  return TRUE;
}

static void
answer_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  XenoGuestDecoder *self = XENO_GUEST_DECODER (object);
  GDBusMethodInvocation *invocation = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) content = g_task_propagate_pointer (G_TASK (result), &error);
  g_autoptr (GUnixFDList) fds = NULL;
  int fd = content != NULL ? xeno_display_parcel_new (content, &error) : -1;

  self->n_questions--;
  if (fd < 0)
    {
      g_dbus_method_invocation_return_error_literal (invocation, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                                                     "there is nothing");
      return;
    }

  fds = g_unix_fd_list_new_from_array (&fd, 1);
  g_dbus_method_invocation_return_value_with_unix_fd_list (invocation, g_variant_new ("(h)", 0), fds);
}

static gboolean
take_request (XenoGuestDecoder      *self,
              GVariant              *parameters,
              GDBusMethodInvocation *invocation)
{
  g_autoptr (GTask) task = NULL;
  guint form;

  g_variant_get (parameters, "(u)", &form);
  if (!xeno_display_is_form (form) || self->n_questions >= MAX_QUESTIONS)
    {
      g_dbus_method_invocation_return_error_literal (invocation, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                                                     "too many questions");
      return FALSE;
    }

  self->n_questions++;
  task = g_task_new (self, NULL, answer_cb, invocation);
  g_task_set_source_tag (task, take_request);
  xeno_guest_ask (XENO_GUEST (self), form, task);
  return TRUE;
}

/* What was silenced stays silent, whatever the decoder makes of it. */
static gboolean
take_open_sound (XenoGuestDecoder      *self,
                 GVariant              *parameters,
                 GDBusMethodInvocation *invocation)
{
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GError) error = NULL;
  gboolean records, is_sane;
  guint rate, channels;
  int fd = -1;

  g_variant_get (parameters, "(buu)", &records, &rate, &channels);
  is_sane = xeno_display_is_sane_sound (rate, channels);
  if (is_sane && (records ? xeno_guest_listens (XENO_GUEST (self))
                          : xeno_guest_get_volume (XENO_GUEST (self)) > 0))
    fd = xeno_sound_process_open (records ? self->recorder : self->player, rate, channels, &error);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY))
    g_info ("No sound: %s", error->message);
  if (fd < 0)
    {
      g_dbus_method_invocation_return_error_literal (invocation, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                                                     "no sound");
      return is_sane;
    }

  fds = g_unix_fd_list_new_from_array (&fd, 1);
  g_dbus_method_invocation_return_value_with_unix_fd_list (invocation, g_variant_new ("(h)", 0), fds);
  return TRUE;
}

/* Somebody serves a port only while a person wants that, and with nothing but what they chose. */
static gboolean
take_open_port (XenoGuestDecoder      *self,
                GVariant              *parameters,
                GDBusMethodInvocation *invocation)
{
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GError) error = NULL;
  guint port;
  int fd = -1;

  g_variant_get (parameters, "(u)", &port);
  if (port == XENO_DISPLAY_PORT_FOLDER)
    fd = xeno_share_process_open (self->share, &error);
  else if (port == XENO_DISPLAY_PORT_CARD)
    fd = xeno_card_process_open (self->card, &error);
  if (error != NULL)
    g_info ("Nobody serves port %u: %s", port, error->message);
  if (fd < 0)
    {
      g_dbus_method_invocation_return_error_literal (invocation, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                                                     "nobody serves it");
      return port < XENO_DISPLAY_N_PORTS;
    }

  fds = g_unix_fd_list_new_from_array (&fd, 1);
  g_dbus_method_invocation_return_value_with_unix_fd_list (invocation, g_variant_new ("(h)", 0), fds);
  return TRUE;
}

static const struct
{
  const char *method;
  TakeFunc    func;
} methods[] = {
  { "SetAbilities", take_set_abilities },
  { "FileProgress", take_file_progress },
  { "Grab", take_grab },
  { "Request", take_request },
  { "OpenSound", take_open_sound },
  { "OpenPort", take_open_port },
};

static void
call (XenoGuestDecoder         *self,
      const GDBusInterfaceInfo *interface,
      const char               *method,
      GVariant                 *parameters)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (parameters);

  if (self->connection != NULL)
    g_dbus_connection_call (self->connection, NULL, XENO_DISPLAY_OBJECT_PATH, interface->name, method, owned,
                            NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
}

static void
xeno_guest_decoder_arrange (XenoGuest                *guest,
                            const XenoDisplayMonitor *monitors,
                            guint                     n_monitors)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(uuuuuuu)"));
  for (guint i = 0; i < n_monitors; i++)
    g_variant_builder_add (&builder, "(uuuuuuu)", monitors[i].id, monitors[i].x, monitors[i].y,
                           monitors[i].width, monitors[i].height, monitors[i].width_mm,
                           monitors[i].height_mm);
  call (XENO_GUEST_DECODER (guest), &xeno_display_guest_interface, "Arrange",
        g_variant_new ("(a(uuuuuuu))", &builder));
}

static void
xeno_guest_decoder_grab (XenoGuest *guest,
                         guint      forms)
{
  call (XENO_GUEST_DECODER (guest), &xeno_display_clipboard_interface, "Grab",
        g_variant_new ("(u)", forms));
}

/* What a decoder says went wrong is a stranger's text, and no code of ours. */
static void
return_strange_error (GTask  *task,
                      GError *error)
{
  g_autofree char *words = NULL;

  g_dbus_error_strip_remote_error (error);
  words = xeno_text_clean (error->message, -1, MAX_WORDS);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", words);
}

static void
content_cb (GObject      *connection,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;
  GBytes *content = NULL;

  reply = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (connection), &fds,
                                                           result, &error);
  if (reply != NULL)
    content = xeno_display_parcel_open_reply (
      reply, fds, xeno_display_get_max_content (GPOINTER_TO_UINT (g_task_get_task_data (task))), &error);
  if (content != NULL)
    g_task_return_pointer (task, content, (GDestroyNotify) g_bytes_unref);
  else
    return_strange_error (task, error);
}

static void
return_gone (GTask *task)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, "the display is not open");
}

static void
xeno_guest_decoder_request (XenoGuest *guest,
                            guint      form,
                            GTask     *task)
{
  XenoGuestDecoder *self = XENO_GUEST_DECODER (guest);

  if (self->connection == NULL)
    {
      return_gone (task);
      return;
    }

  g_task_set_task_data (task, GUINT_TO_POINTER (form), NULL);
  g_dbus_connection_call_with_unix_fd_list (self->connection, NULL, XENO_DISPLAY_OBJECT_PATH,
                                            xeno_display_clipboard_interface.name, "Request",
                                            g_variant_new ("(u)", form), G_VARIANT_TYPE ("(h)"),
                                            G_DBUS_CALL_FLAGS_NONE, XENO_DISPLAY_CLIPBOARD_MS, NULL,
                                            g_task_get_cancellable (task), content_cb, g_object_ref (task));
}

static void
sent_cb (GObject      *connection,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (connection), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    call (g_task_get_source_object (task), &xeno_display_guest_interface, "CancelFile",
          g_variant_new ("()"));
  if (reply != NULL)
    g_task_return_boolean (task, TRUE);
  else
    return_strange_error (task, error);
}

static void
attached_cb (GObject      *connection,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (connection), result, &error);

  if (reply != NULL)
    g_task_return_boolean (task, TRUE);
  else
    return_strange_error (task, error);
}

static void
xeno_guest_decoder_send_file (XenoGuest  *guest,
                              int         fd,
                              const char *name,
                              guint64     size,
                              GTask      *task)
{
  XenoGuestDecoder *self = XENO_GUEST_DECODER (guest);
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new_from_array (&fd, 1);

  if (self->connection == NULL)
    {
      return_gone (task);
      return;
    }

  g_dbus_connection_call_with_unix_fd_list (self->connection, NULL, XENO_DISPLAY_OBJECT_PATH,
                                            xeno_display_guest_interface.name, "SendFile",
                                            g_variant_new ("(hst)", 0, name, size), NULL,
                                            G_DBUS_CALL_FLAGS_NONE, G_MAXINT, fds,
                                            g_task_get_cancellable (task), sent_cb, g_object_ref (task));
}

static void
xeno_guest_decoder_attach_usb (XenoGuest *guest,
                               guint      number,
                               int        fd,
                               GTask     *task)
{
  XenoGuestDecoder *self = XENO_GUEST_DECODER (guest);
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new_from_array (&fd, 1);

  if (self->connection == NULL)
    {
      return_gone (task);
      return;
    }

  g_dbus_connection_call_with_unix_fd_list (self->connection, NULL, XENO_DISPLAY_OBJECT_PATH,
                                            xeno_display_guest_interface.name, "AttachUsb",
                                            g_variant_new ("(uh)", number, 0), NULL, G_DBUS_CALL_FLAGS_NONE, -1,
                                            fds, g_task_get_cancellable (task), attached_cb, g_object_ref (task));
}

static void
xeno_guest_decoder_detach_usb (XenoGuest *guest,
                               guint      number)
{
  call (XENO_GUEST_DECODER (guest), &xeno_display_guest_interface, "DetachUsb", g_variant_new ("(u)", number));
}

static void
xeno_guest_decoder_set_sound (XenoGuest *guest,
                              double     volume,
                              gboolean   listens)
{
  XenoGuestDecoder *self = XENO_GUEST_DECODER (guest);

  if (volume == 0.0)
    xeno_sound_process_stop (self->player);
  if (!listens)
    xeno_sound_process_stop (self->recorder);
  call (self, &xeno_display_guest_interface, "SetSound", g_variant_new ("(db)", volume, listens));
}

static void
tell_port (XenoGuestDecoder *self,
           XenoDisplayPort   port,
           gboolean          is_served)
{
  call (self, &xeno_display_guest_interface, "SetPort", g_variant_new ("(ub)", port, is_served));
}

static void
tell_ports (XenoGuestDecoder *self)
{
  tell_port (self, XENO_DISPLAY_PORT_FOLDER, xeno_share_process_has_folder (self->share));
  tell_port (self, XENO_DISPLAY_PORT_CARD, xeno_card_process_is_wanted (self->card));
}

static void
xeno_guest_decoder_share_folder (XenoGuest *guest,
                                 int        folder,
                                 gboolean   is_writable)
{
  XenoGuestDecoder *self = XENO_GUEST_DECODER (guest);

  xeno_share_process_set_folder (self->share, folder, is_writable);
  tell_port (self, XENO_DISPLAY_PORT_FOLDER, folder >= 0);
}

static void
xeno_guest_decoder_give_card (XenoGuest  *guest,
                              const char *reader)
{
  XenoGuestDecoder *self = XENO_GUEST_DECODER (guest);

  xeno_card_process_set_reader (self->card, reader);
  tell_port (self, XENO_DISPLAY_PORT_CARD, reader != NULL);
}

static void
card_cb (XenoGuestDecoder *self)
{
  xeno_guest_set_card_report (XENO_GUEST (self), xeno_card_process_get_report (self->card));
}

static void
xeno_guest_decoder_dispose (GObject *object)
{
  XenoGuestDecoder *self = XENO_GUEST_DECODER (object);

  if (self->player != NULL)
    xeno_guest_decoder_set_connection (self, NULL);
  g_clear_object (&self->player);
  g_clear_object (&self->recorder);
  g_clear_object (&self->share);
  g_clear_object (&self->card);

  G_OBJECT_CLASS (xeno_guest_decoder_parent_class)->dispose (object);
}

static void
xeno_guest_decoder_class_init (XenoGuestDecoderClass *klass)
{
  XenoGuestClass *guest_class = XENO_GUEST_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xeno_guest_decoder_dispose;
  guest_class->arrange = xeno_guest_decoder_arrange;
  guest_class->grab = xeno_guest_decoder_grab;
  guest_class->request = xeno_guest_decoder_request;
  guest_class->send_file = xeno_guest_decoder_send_file;
  guest_class->attach_usb = xeno_guest_decoder_attach_usb;
  guest_class->detach_usb = xeno_guest_decoder_detach_usb;
  guest_class->share_folder = xeno_guest_decoder_share_folder;
  guest_class->give_card = xeno_guest_decoder_give_card;
  guest_class->set_sound = xeno_guest_decoder_set_sound;
}

static void
xeno_guest_decoder_init (XenoGuestDecoder *self)
{
  self->player = xeno_sound_process_new (FALSE);
  self->recorder = xeno_sound_process_new (TRUE);
  self->share = xeno_share_process_new ();
  self->card = xeno_card_process_new ();
  g_signal_connect_object (self->card, "changed", G_CALLBACK (card_cb), self, G_CONNECT_SWAPPED);
}

/**
 * xeno_guest_decoder_new:
 *
 * Returns: (transfer full): a guest that can do nothing until there is a decoder
 */
XenoGuest *
xeno_guest_decoder_new (void)
{
  return g_object_new (XENO_TYPE_GUEST_DECODER, NULL);
}

/**
 * xeno_guest_decoder_set_connection:
 * @self: a guest
 * @connection: (nullable): to its decoder; %NULL when that has gone
 *
 * Without a decoder the guest can do nothing, and what was on its way has failed.
 */
void
xeno_guest_decoder_set_connection (XenoGuestDecoder *self,
                                   GDBusConnection  *connection)
{
  g_return_if_fail (XENO_IS_GUEST_DECODER (self));

  if (!g_set_object (&self->connection, connection))
    return;

  if (connection != NULL)
    {
      xeno_guest_decoder_set_sound (XENO_GUEST (self), xeno_guest_get_volume (XENO_GUEST (self)),
                                    xeno_guest_listens (XENO_GUEST (self)));
      tell_ports (self);
      return;
    }

  xeno_sound_process_stop (self->player);
  xeno_sound_process_stop (self->recorder);
  xeno_share_process_stop (self->share);
  xeno_card_process_stop (self->card);
  xeno_guest_set_abilities (XENO_GUEST (self), 0);
  xeno_guest_emit_grabbed (XENO_GUEST (self), 0);
}

/**
 * xeno_guest_decoder_take:
 * @self: a guest
 * @method: what the decoder calls
 * @parameters: of the right types
 * @invocation: (transfer full): the call
 *
 * Hears what the decoder says. Every number is checked before it is used.
 *
 * Returns: whether it can be true
 */
gboolean
xeno_guest_decoder_take (XenoGuestDecoder      *self,
                         const char            *method,
                         GVariant              *parameters,
                         GDBusMethodInvocation *invocation)
{
  g_return_val_if_fail (XENO_IS_GUEST_DECODER (self), FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    if (g_str_equal (methods[i].method, method))
      return methods[i].func (self, parameters, invocation);
  g_return_val_if_reached (FALSE);
}
