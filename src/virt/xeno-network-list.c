/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The networks a host has for its machines, by name. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "virt/xeno-connection-private.h"
#include "virt/xeno-network-list.h"
#include "virt/xeno-virt-error.h"

#define LIST_MS 5000

static gpointer
list_call (virConnectPtr   handle,
           gpointer        data,
           GCancellable   *cancellable,
           GError        **error)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  virNetworkPtr *networks = NULL;
  int n_networks = virConnectListAllNetworks (handle, &networks, VIR_CONNECT_LIST_NETWORKS_ACTIVE);

  if (n_networks < 0)
    {
      xeno_virt_set_error (error, _("The networks of this host could not be read."));
      return NULL;
    }

  for (int i = 0; i < n_networks; i++)
    {
      g_strv_builder_add (names, virNetworkGetName (networks[i]));
      virNetworkFree (networks[i]);
    }
  free (networks);
  return g_strv_builder_end (names);
}

/**
 * xeno_network_list_async:
 * @connection: a connection that is open
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called with the answer
 * @user_data: passed to @callback
 *
 * Asks for the networks that machines can be connected to now.
 */
void
xeno_network_list_async (XenoConnection      *connection,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_CONNECTION (connection));

  task = g_task_new (connection, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_network_list_async);
  xeno_connection_call (connection, XENO_CALL_DAEMON, "networks", LIST_MS, task, list_call, NULL, NULL,
                        (GDestroyNotify) g_strfreev);
}

/**
 * xeno_network_list_finish:
 * @connection: a connection
 * @result: what the callback got
 * @error: where to say why they are not known
 *
 * Finishes xeno_network_list_async().
 *
 * Returns: (transfer full) (nullable): names
 */
GStrv
xeno_network_list_finish (XenoConnection  *connection,
                          GAsyncResult    *result,
                          GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, connection), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
