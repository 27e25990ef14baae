/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The networks a host has for its machines, and what they do for machines. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "spec/xeno-document.h"
#include "virt/xeno-connection-private.h"
#include "virt/xeno-network-list.h"
#include "virt/xeno-virt-error.h"

#define LIST_MS 5000

static void
facts_free (gpointer data)
{
  XenoNetworkFacts *facts = data;

  g_free (facts->name);
  g_free (facts);
}

static XenoNetworkBoot
read_boot (virNetworkPtr network)
{
  static const char * const outside[] = { "bridge", "passthrough", "private", "vepa", "hostdev", NULL };
  g_autofree char *xml = virNetworkGetXMLDesc (network, 0);
  g_autofree char *mode = xml != NULL ? xeno_document_dup_value (xml, "network", "forward/@mode") : NULL;
  g_autofree char *file = xml != NULL ? xeno_document_dup_value (xml, "network", "ip/dhcp/bootp/@file") : NULL;

  if (file != NULL)
    return XENO_NETWORK_BOOT_YES;
  return mode != NULL && g_strv_contains (outside, mode) ? XENO_NETWORK_BOOT_PERHAPS : XENO_NETWORK_BOOT_NO;
}

static gpointer
list_call (virConnectPtr   handle,
           gpointer        data,
           GCancellable   *cancellable,
           GError        **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (facts_free);
  virNetworkPtr *networks = NULL;
  int n_networks = virConnectListAllNetworks (handle, &networks, VIR_CONNECT_LIST_NETWORKS_ACTIVE);

  if (n_networks < 0)
    {
      xeno_virt_set_error (error, _("The networks of this host could not be read."));
      return NULL;
    }

  for (int i = 0; i < n_networks; i++)
    {
      XenoNetworkFacts *facts = g_new0 (XenoNetworkFacts, 1);

      facts->name = g_strdup (virNetworkGetName (networks[i]));
      facts->boot = read_boot (networks[i]);
      g_ptr_array_add (all, facts);
      virNetworkFree (networks[i]);
    }
  free (networks);
  return g_steal_pointer (&all);
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
                        (GDestroyNotify) g_ptr_array_unref);
}

/**
 * xeno_network_list_finish:
 * @connection: a connection
 * @result: what the callback got
 * @error: where to say why they are not known
 *
 * Finishes xeno_network_list_async().
 *
 * Returns: (transfer full) (nullable) (element-type XenoNetworkFacts): the networks
 */
GPtrArray *
xeno_network_list_finish (XenoConnection  *connection,
                          GAsyncResult    *result,
                          GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, connection), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
