/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages of the display protocol as no honest end would send them, the same for the same seed. */
#include "config.h"

#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "display/xeno-display-protocol.h"
#include "support/fuzz-messages.h"

#define MAX_ITEMS 80
#define MAX_BYTES 70000

/* Numbers at which arithmetic goes wrong. */
static const gint64 edges[] = {
  0, 1, 2, 3, 4, 7, 8, 64, 255, 256, 257, 16383, 16384, 16385, 32767, 32768, 65535, 65536, 0x3fffffff, 0x40000000,
  G_MAXINT32, (gint64) G_MAXINT32 + 1, G_MAXUINT32, G_MININT32, G_MAXINT64, G_MININT64, -1, -2, -64,
};

static gint64
random_number (GRand *random)
{
  if (g_rand_int_range (random, 0, 3) == 0)
    return g_rand_int_range (random, 0, 300);
  return edges[g_rand_int_range (random, 0, G_N_ELEMENTS (edges))];
}

static gsize
random_size (GRand *random,
             gsize  most)
{
  guint64 size = random_number (random);

  return MIN (size, most);
}

static GVariant *random_value (GRand              *random,
                               const GVariantType *type);

static GVariant *
random_bytes (GRand *random)
{
  gsize size = random_size (random, MAX_BYTES);
  g_autofree guint8 *bytes = g_malloc (size + 1);

  memset (bytes, g_rand_int (random) & 0xff, size);
  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, bytes, size, 1);
}

static GVariant *
random_array (GRand              *random,
              const GVariantType *type)
{
  GVariantBuilder builder;
  guint n = g_rand_int_range (random, 0, MAX_ITEMS);

  g_variant_builder_init (&builder, type);
  for (guint i = 0; i < n; i++)
    g_variant_builder_add_value (&builder, random_value (random, g_variant_type_element (type)));
  return g_variant_builder_end (&builder);
}

static GVariant *
random_tuple (GRand              *random,
              const GVariantType *type)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, type);
  for (const GVariantType *item = g_variant_type_first (type); item != NULL; item = g_variant_type_next (item))
    g_variant_builder_add_value (&builder, random_value (random, item));
  return g_variant_builder_end (&builder);
}

static GVariant *
random_text (GRand *random)
{
  static const char *const texts[] = {
    "", "x", "/etc/passwd", "..", "\033[31m", "<b>bold</b>", "%s%n", "\xe2\x80\xae", "image/png",
  };
  gsize size = random_size (random, MAX_BYTES);

  if (g_rand_boolean (random))
    return g_variant_new_string (texts[g_rand_int_range (random, 0, G_N_ELEMENTS (texts))]);
  return g_variant_new_take_string (g_strnfill (size, 'x'));
}

static GVariant *
random_value (GRand              *random,
              const GVariantType *type)
{
  gint64 number = random_number (random);

  switch (*g_variant_type_peek_string (type))
    {
    case 'b':
      return g_variant_new_boolean (number & 1);

    case 'y':
      return g_variant_new_byte (number);

    case 'd':
      return g_variant_new_double (g_rand_boolean (random) ? (double) number : NAN);

    case 'n':
      return g_variant_new_int16 (number);

    case 'q':
      return g_variant_new_uint16 (number);

    case 'i':
      return g_variant_new_int32 (number);

    case 'u':
      return g_variant_new_uint32 (number);

    case 't':
      return g_variant_new_uint64 (number);

    case 'x':
      return g_variant_new_int64 (number);

    case 'h':
      return g_variant_new_handle (g_rand_int_range (random, -1, 4));

    case 's':
      return random_text (random);

    case 'a':
      return g_variant_type_equal (type, G_VARIANT_TYPE_BYTESTRING) ? random_bytes (random)
                                                                    : random_array (random, type);

    case '(':
      return random_tuple (random, type);

    default:
      g_error ("no random value of type %s", g_variant_type_peek_string (type));
    }
}

static GVariant *
random_parameters (GRand                 *random,
                   const GDBusMethodInfo *method)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_TUPLE);
  for (guint i = 0; method->in_args != NULL && method->in_args[i] != NULL; i++)
    g_variant_builder_add_value (&builder, random_value (random, G_VARIANT_TYPE (method->in_args[i]->signature)));
  return g_variant_builder_end (&builder);
}

/* A memfd that may or may not be what a frame needs, or something else altogether. */
static int
random_fd (GRand *random)
{
  const gsize size = random_size (random, 1 << 20);
  int fd, pipes[2];

  switch (g_rand_int_range (random, 0, 4))
    {
    case 0:
      return open ("/dev/null", O_RDWR | O_CLOEXEC);

    case 1:
      if (pipe2 (pipes, O_CLOEXEC) != 0)
        return -1;
      close (pipes[1]);
      return pipes[0];

    default:
      fd = memfd_create ("fuzz", MFD_CLOEXEC | MFD_ALLOW_SEALING);
      if (fd < 0 || ftruncate (fd, size) != 0)
        g_error ("no memory");
      fcntl (fd, F_ADD_SEALS, g_rand_int_range (random, 0, 16));
      return fd;
    }
}

static GUnixFDList *
random_fds (GRand *random)
{
  GUnixFDList *fds = g_unix_fd_list_new ();
  guint n = g_rand_int_range (random, 0, 3);

  for (guint i = 0; i < n; i++)
    {
      int fd = random_fd (random);

      if (fd >= 0)
        g_unix_fd_list_append (fds, fd, NULL);
      if (fd >= 0)
        close (fd);
    }
  return fds;
}

static GDBusMessage *
random_message (GRand                           *random,
                const GDBusInterfaceInfo *const *interfaces,
                guint                            n_interfaces)
{
  const GDBusInterfaceInfo *interface = interfaces[g_rand_int_range (random, 0, n_interfaces)];
  const GDBusMethodInfo *method;
  GDBusMessage *message;
  g_autoptr (GUnixFDList) fds = random_fds (random);
  guint n = 0;

  while (interface->methods[n] != NULL)
    n++;
  method = interface->methods[g_rand_int_range (random, 0, n)];
  message = g_dbus_message_new_method_call (NULL, XENO_DISPLAY_OBJECT_PATH, interface->name, method->name);
  g_dbus_message_set_body (message, random_parameters (random, method));
  if (g_unix_fd_list_get_length (fds) > 0)
    g_dbus_message_set_unix_fd_list (message, fds);
  return message;
}

/* Past GDBus, which would not send it. */
static void
send_damaged (GRand        *random,
              GDBusMessage *message,
              int           socket_fd)
{
  g_autofree guchar *bytes = NULL;
  gsize size;
  guint n = g_rand_int_range (random, 1, 6);

  g_dbus_message_set_unix_fd_list (message, NULL);
  g_dbus_message_set_serial (message, g_rand_int_range (random, 1, 1000));
  bytes = g_dbus_message_to_blob (message, &size, G_DBUS_CAPABILITY_FLAGS_UNIX_FD_PASSING, NULL);
  if (bytes == NULL)
    return;

  for (guint i = 0; i < n; i++)
    bytes[g_rand_int_range (random, 0, MIN (size, 200))] = g_rand_int (random) & 0xff;
  if (write (socket_fd, bytes, MIN (size, 4096)) < 0)
    return;
}

/**
 * fuzz_messages_send:
 * @connection: to the other end
 * @socket_fd: what it goes through
 * @interfaces: what the other end has
 * @n_interfaces: how many
 * @seed: decides on all that follows
 * @n_messages: how many messages
 *
 * Sends what nobody should: right types and wrong values, wrong descriptors, and in the end perhaps
 * bytes that are no message any more.
 *
 * Returns: whether all of them were messages
 */
gboolean
fuzz_messages_send (GDBusConnection                 *connection,
                    int                              socket_fd,
                    const GDBusInterfaceInfo *const *interfaces,
                    guint                            n_interfaces,
                    guint32                          seed,
                    guint                            n_messages)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  gboolean ends_damaged = g_rand_boolean (random);

  for (guint i = 0; i < n_messages; i++)
    {
      g_autoptr (GDBusMessage) message = random_message (random, interfaces, n_interfaces);

      if (!g_dbus_connection_send_message (connection, message, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, NULL))
        return FALSE;
    }

  g_dbus_connection_flush_sync (connection, NULL, NULL);
  for (guint i = 0; ends_damaged && i < 4; i++)
    {
      g_autoptr (GDBusMessage) message = random_message (random, interfaces, n_interfaces);

      send_damaged (random, message, socket_fd);
    }
  return !ends_damaged;
}
