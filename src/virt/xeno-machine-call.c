/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How this folder asks libvirt for something about one machine: blocking calls on a worker. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "virt/xeno-machine-call.h"
#include "virt/xeno-virt-error.h"

typedef struct
{
  char                *uuid;
  char                *title;
  XenoMachineCallFunc  func;
  gpointer             data;
  GDestroyNotify       free_data;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  if (request->data != NULL && request->free_data != NULL)
    request->free_data (request->data);
  g_free (request->uuid);
  g_free (request->title);
  g_free (request);
}

static gpointer
run_request (virConnectPtr   handle,
             gpointer        data,
             GCancellable   *cancellable,
             GError        **error)
{
  Request *request = data;
  virDomainPtr domain = virDomainLookupByUUIDString (handle, request->uuid);
  gpointer result;

  if (domain == NULL)
    {
      xeno_virt_set_error (error, _("“%s” could not be found."), request->title);
      return NULL;
    }

  result = request->func (domain, request->title, request->data, error);
  virDomainFree (domain);
  return result;
}

/*
 * xeno_machine_call:
 * @self: a machine
 * @kind: whom the calls wait for; what is urgent does not wait for other calls on the machine
 * @deadline_ms: milliseconds after which the person is released
 * @task: what waits for the result
 * @func: (scope async): the blocking calls
 * @data: (nullable) (transfer full): what @func gets
 * @free_data: (nullable): frees @data
 * @free_result: (nullable): frees the result
 *
 * Runs libvirt calls on a machine in a worker, one at a time of a machine: one that hangs keeps one
 * call and not one for each thing tried on it. Take the result with g_task_propagate_pointer().
 */
void
xeno_machine_call (XenoMachine         *self,
                   XenoCallKind         kind,
                   guint                deadline_ms,
                   GTask               *task,
                   XenoMachineCallFunc  func,
                   gpointer             data,
                   GDestroyNotify       free_data,
                   GDestroyNotify       free_result)
{
  XenoConnection *connection;
  Request *request;

  g_return_if_fail (XENO_IS_MACHINE (self));
  g_return_if_fail (G_IS_TASK (task));

  request = g_new0 (Request, 1);
  request->uuid = g_strdup (xeno_machine_get_uuid (self));
  request->title = g_strdup (xeno_machine_get_title (self));
  request->func = func;
  request->data = data;
  request->free_data = free_data;

  connection = xeno_machine_get_connection (self);
  if (connection != NULL)
    {
      xeno_connection_call (connection, kind, kind == XENO_CALL_URGENT ? NULL : request->uuid,
                            deadline_ms, task, run_request, request, request_free, free_result);
      return;
    }

  g_task_return_error (task, xeno_error_new (XENO_ERROR_NO_CONNECTION, NULL,
                                             _("“%s” cannot be reached: its connection is "
                                               "closed."),
                                             request->title));
  request_free (request);
}
