/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of a decoder's messages get as far as the main thread. */
#include "config.h"

#include "console/xeno-decoder-link-private.h"

/* A decoder of ours never has more calls out, nor larger ones. */
#define MAX_CALLS 64
#define MAX_CALL_SIZE (512 * 1024)

static gboolean
has_signature (const GDBusMethodInfo *method,
               const char            *signature)
{
  g_autoptr (GString) expected = g_string_new (NULL);

  for (guint i = 0; method->in_args != NULL && method->in_args[i] != NULL; i++)
    g_string_append (expected, method->in_args[i]->signature);
  return g_str_equal (expected->str, signature);
}

static const GDBusInterfaceInfo *
find_interface (const char *name)
{
  for (guint i = 0; i < XENO_DECODER_LINK_N_INTERFACES; i++)
    if (g_strcmp0 (xeno_decoder_link_interfaces[i]->name, name) == 0)
      return xeno_decoder_link_interfaces[i];
  return NULL;
}

static gboolean
is_call_of_ours (GDBusMessage *message)
{
  const GDBusInterfaceInfo *interface = find_interface (g_dbus_message_get_interface (message));
  GVariant *body = g_dbus_message_get_body (message);
  const char *member = g_dbus_message_get_member (message);
  const GDBusMethodInfo *method;

  if (interface == NULL || member == NULL ||
      g_strcmp0 (g_dbus_message_get_path (message), XENO_DISPLAY_OBJECT_PATH) != 0 ||
      (body != NULL && g_variant_get_size (body) > MAX_CALL_SIZE))
    return FALSE;

  method = g_dbus_interface_info_lookup_method ((GDBusInterfaceInfo *) interface, member);
  return method != NULL && has_signature (method, g_dbus_message_get_signature (message));
}

static gboolean
refuse_cb (gpointer user_data)
{
  xeno_decoder_link_end_lying (user_data);
  return G_SOURCE_REMOVE;
}

/* Runs in GDBus's thread, which reads as fast as a decoder writes: what the main thread has not
 * come to yet must stay little, and no message may reach GDBus's own objects. */
GDBusMessage *
xeno_decoder_link_filter (GDBusConnection *connection,
                          GDBusMessage    *message,
                          gboolean         incoming,
                          gpointer         user_data)
{
  XenoDecoderLink *self = user_data;
  GDBusMessageType type = g_dbus_message_get_message_type (message);

  if (!incoming || type == G_DBUS_MESSAGE_TYPE_METHOD_RETURN || type == G_DBUS_MESSAGE_TYPE_ERROR)
    return message;

  if (g_atomic_int_get (&self->is_refused) == 0 && type == G_DBUS_MESSAGE_TYPE_METHOD_CALL &&
      is_call_of_ours (message) && g_atomic_int_add (&self->n_calls, 1) < MAX_CALLS)
    return message;

  if (g_atomic_int_compare_and_exchange (&self->is_refused, 0, 1))
    g_idle_add_full (G_PRIORITY_HIGH, refuse_cb, g_object_ref (self), g_object_unref);
  g_object_unref (message);
  return NULL;
}
