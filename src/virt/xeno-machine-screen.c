/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What one can see and reach of a running machine: its screen, its console, its addresses. */
#include "config.h"

#include <arpa/inet.h>
#include <glib/gi18n-lib.h>
#include <libvirt/virterror.h>
#include <unistd.h>

#include "base/xeno-error.h"
#include "virt/xeno-machine-call.h"
#include "virt/xeno-stream.h"
#include "virt/xeno-virt-error.h"

/* More than any screen; what is larger is no picture. */
#define MAX_PICTURE_BYTES (256 * 1024 * 1024)
#define AGENT_LIMIT_S 3

static int
receive_cb (virStreamPtr  stream,
            const char   *bytes,
            size_t        n_bytes,
            void         *data)
{
  GByteArray *picture = data;

  if (picture->len + n_bytes > MAX_PICTURE_BYTES)
    return -1;
  g_byte_array_append (picture, (const guint8 *) bytes, n_bytes);
  return n_bytes;
}

static GBytes *
receive_picture (virDomainPtr   domain,
                 const char    *title,
                 guint          screen,
                 virStreamPtr   stream,
                 GError       **error)
{
  g_autoptr (GByteArray) picture = g_byte_array_new ();
  g_autofree char *type = virDomainScreenshot (domain, stream, screen, 0);

  if (type == NULL || virStreamRecvAll (stream, receive_cb, picture) < 0
      || virStreamFinish (stream) < 0)
    {
      xeno_virt_set_error (error, _("There is no picture of the screen of “%s”."), title);
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&picture));
}

static gpointer
take_picture (virDomainPtr   domain,
              const char    *title,
              gpointer       screen,
              GError       **error)
{
  virStreamPtr stream = virStreamNew (virDomainGetConnect (domain), 0);
  GBytes *picture = receive_picture (domain, title, GPOINTER_TO_UINT (screen), stream, error);

  virStreamFree (stream);
  return picture;
}

/**
 * xeno_machine_screenshot_async:
 * @self: a machine
 * @screen: which screen, from 0
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called with the picture
 * @user_data: passed to @callback
 *
 * Takes a picture of the machine's screen.
 */
void
xeno_machine_screenshot_async (XenoMachine         *self,
                               guint                screen,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_MACHINE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_machine_screenshot_async);
  xeno_machine_call (self, XENO_CALL_MACHINE, XENO_CALL_MS, task, take_picture,
                     GUINT_TO_POINTER (screen), NULL, (GDestroyNotify) g_bytes_unref);
}

/**
 * xeno_machine_screenshot_finish:
 * @self: a machine
 * @result: what the callback got
 * @error: where to say why there is none
 *
 * Finishes xeno_machine_screenshot_async().
 *
 * Returns: (transfer full) (nullable): an encoded image, PNG or PPM
 */
GBytes *
xeno_machine_screenshot_finish (XenoMachine   *self,
                                GAsyncResult  *result,
                                GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* A descriptor that closes itself when nobody takes it. */
static int *
box_fd (int fd)
{
  int *boxed = g_new (int, 1);

  *boxed = fd;
  return boxed;
}

static void
drop_fd (gpointer data)
{
  close (*(int *) data);
  g_free (data);
}

static int
take_fd (GAsyncResult  *result,
         GError       **error)
{
  g_autofree int *boxed = g_task_propagate_pointer (G_TASK (result), error);

  return boxed != NULL ? *boxed : -1;
}

static gpointer
open_graphics (virDomainPtr   domain,
               const char    *title,
               gpointer       index,
               GError       **error)
{
  int fd = virDomainOpenGraphicsFD (domain, GPOINTER_TO_UINT (index),
                                    VIR_DOMAIN_OPEN_GRAPHICS_SKIPAUTH);

  if (fd < 0)
    xeno_virt_set_error (error, _("The screen of “%s” could not be opened."), title);
  return fd < 0 ? NULL : box_fd (fd);
}

/**
 * xeno_machine_open_graphics_async:
 * @self: a machine
 * @index: which of its display servers, from 0
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called with the socket
 * @user_data: passed to @callback
 *
 * Opens a connected socket to the machine's display server, with no port and no password. Errors:
 * %XENO_ERROR_NOT_SUPPORTED where the machine runs on another computer.
 */
void
xeno_machine_open_graphics_async (XenoMachine         *self,
                                  guint                index,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  XenoConnection *connection;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_MACHINE (self));

  connection = xeno_machine_get_connection (self);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_machine_open_graphics_async);
  if (connection != NULL && !xeno_connection_is_local (connection))
    {
      g_task_return_error (task, xeno_error_new (XENO_ERROR_NOT_SUPPORTED, NULL,
                                                 _("The screen of “%s” cannot be opened here: it "
                                                   "runs on another computer."),
                                                 xeno_machine_get_title (self)));
      return;
    }

  xeno_machine_call (self, XENO_CALL_MACHINE, XENO_CALL_MS, task, open_graphics,
                     GUINT_TO_POINTER (index), NULL, drop_fd);
}

/**
 * xeno_machine_open_graphics_finish:
 * @self: a machine
 * @result: what the callback got
 * @error: where to say why there is none
 *
 * Finishes xeno_machine_open_graphics_async().
 *
 * Returns: (transfer full): the socket, which the caller closes, or -1
 */
int
xeno_machine_open_graphics_finish (XenoMachine   *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), -1);

  return take_fd (result, error);
}

static gpointer
open_console (virDomainPtr   domain,
              const char    *title,
              gpointer       alias,
              GError       **error)
{
  int fd = xeno_stream_open_console (domain, title, alias, error);

  return fd < 0 ? NULL : box_fd (fd);
}

/**
 * xeno_machine_open_console_async:
 * @self: a machine
 * @device_alias: (nullable): which character device, or %NULL for the first console
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called with the socket
 * @user_data: passed to @callback
 *
 * Opens the machine's text console as a socket: what is written goes to the guest's serial port.
 */
void
xeno_machine_open_console_async (XenoMachine         *self,
                                 const char          *device_alias,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_MACHINE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_machine_open_console_async);
  xeno_machine_call (self, XENO_CALL_MACHINE, XENO_CALL_MS, task, open_console,
                     g_strdup (device_alias), g_free, drop_fd);
}

/**
 * xeno_machine_open_console_finish:
 * @self: a machine
 * @result: what the callback got
 * @error: where to say why there is none
 *
 * Finishes xeno_machine_open_console_async().
 *
 * Returns: (transfer full): the socket, which the caller closes, or -1
 */
int
xeno_machine_open_console_finish (XenoMachine   *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), -1);

  return take_fd (result, error);
}

/* A guest can claim any text to be its address. */
static gboolean
is_worth_showing (const char *text)
{
  g_autoptr (GInetAddress) address = text != NULL ? g_inet_address_new_from_string (text) : NULL;

  return address != NULL && !g_inet_address_get_is_loopback (address) &&
         !g_inet_address_get_is_link_local (address) && !g_inet_address_get_is_any (address);
}

static void
collect_addresses (virDomainPtr  domain,
                   guint         source,
                   GPtrArray    *addresses)
{
  virDomainInterfacePtr *interfaces = NULL;
  int n_interfaces = virDomainInterfaceAddresses (domain, &interfaces, source, 0);

  for (int i = 0; i < n_interfaces; i++)
    {
      for (guint j = 0; j < interfaces[i]->naddrs; j++)
        {
          const char *text = interfaces[i]->addrs[j].addr;

          if (is_worth_showing (text)
              && !g_ptr_array_find_with_equal_func (addresses, text, g_str_equal, NULL))
            g_ptr_array_add (addresses, g_strdup (text));
        }
      virDomainInterfaceFree (interfaces[i]);
    }
  free (interfaces);
}

static gpointer
list_addresses (virDomainPtr   domain,
                const char    *title,
                gpointer       data,
                GError       **error)
{
  static const guint sources[] = {
    VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE,
    VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT,
    VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_ARP,
  };
  g_autoptr (GPtrArray) addresses = g_ptr_array_new_with_free_func (g_free);

  virDomainAgentSetResponseTimeout (domain, AGENT_LIMIT_S, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (sources) && addresses->len == 0; i++)
    collect_addresses (domain, sources[i], addresses);

  g_ptr_array_add (addresses, NULL);
  g_ptr_array_set_free_func (addresses, NULL);
  return g_ptr_array_free (g_steal_pointer (&addresses), FALSE);
}

/**
 * xeno_machine_list_addresses_async:
 * @self: a machine
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called with the addresses
 * @user_data: passed to @callback
 *
 * Asks for the machine's network addresses: the leases, then the guest agent, then the neighbours.
 */
void
xeno_machine_list_addresses_async (XenoMachine         *self,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_MACHINE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_machine_list_addresses_async);
  xeno_machine_call (self, XENO_CALL_MACHINE, XENO_CALL_MS, task, list_addresses, NULL, NULL,
                     (GDestroyNotify) g_strfreev);
}

/**
 * xeno_machine_list_addresses_finish:
 * @self: a machine
 * @result: what the callback got
 * @error: where to say why they are not known
 *
 * Finishes xeno_machine_list_addresses_async().
 *
 * Returns: (transfer full): valid addresses as text; an empty list when none is known
 */
GStrv
xeno_machine_list_addresses_finish (XenoMachine   *self,
                                    GAsyncResult  *result,
                                    GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
