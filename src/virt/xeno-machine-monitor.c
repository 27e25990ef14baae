/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* QEMU's own monitor, for those who know it. libvirt-qemu is loaded when it is first asked for. */
#include "config.h"

#include <dlfcn.h>
#include <glib/gi18n-lib.h>
#include <libvirt/libvirt-qemu.h>

#include "base/xeno-error.h"
#include "virt/xeno-machine-call.h"
#include "virt/xeno-machine-monitor.h"
#include "virt/xeno-virt-error.h"

#define LIBRARY "libvirt-qemu.so.0"

typedef int (*MonitorFunc) (virDomainPtr   domain,
                            const char    *command,
                            char         **result,
                            unsigned int   flags);

/* Never closed: it is small, and libvirt itself stays. */
static MonitorFunc
find_function (GError **error)
{
  void *library = dlopen (LIBRARY, RTLD_NOW | RTLD_LOCAL);
  MonitorFunc function = NULL;

  if (library != NULL)
    *(void **) &function = dlsym (library, "virDomainQemuMonitorCommand");
  if (function == NULL)
    g_set_error_literal (error, XENO_ERROR, XENO_ERROR_NOT_SUPPORTED,
                         _("The QEMU monitor needs the library libvirt-qemu, which is not "
                           "installed."));
  return function;
}

static gpointer
run_monitor (virDomainPtr   domain,
             const char    *title,
             gpointer       command,
             GError       **error)
{
  MonitorFunc function = find_function (error);
  g_autofree char *output = NULL;
  char *raw = NULL;

  if (function == NULL)
    return NULL;

  if (function (domain, command, &raw, VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP) < 0)
    {
      xeno_virt_set_error (error, _("The QEMU monitor of “%s” did not do it."), title);
      return NULL;
    }

  output = g_strdup (raw != NULL ? raw : "");
  free (raw);
  return g_steal_pointer (&output);
}

/**
 * xeno_machine_run_monitor_async:
 * @self: a machine that runs on QEMU
 * @command: a line, as its human monitor takes it
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called with the answer
 * @user_data: passed to @callback
 *
 * Runs a command of QEMU's monitor. libvirt does not follow what it does, and marks the machine as
 * tainted. Errors: %XENO_ERROR_NOT_SUPPORTED without libvirt-qemu.
 */
void
xeno_machine_run_monitor_async (XenoMachine         *self,
                                const char          *command,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_MACHINE (self));
  g_return_if_fail (command != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_machine_run_monitor_async);
  xeno_machine_call (self, XENO_CALL_MACHINE, XENO_CALL_MS, task, run_monitor, g_strdup (command),
                     g_free, g_free);
}

/**
 * xeno_machine_run_monitor_finish:
 * @self: a machine
 * @result: what the callback got
 * @error: where to say why there is no answer
 *
 * Finishes xeno_machine_run_monitor_async().
 *
 * Returns: (transfer full) (nullable): what the monitor answered, as it came
 */
char *
xeno_machine_run_monitor_finish (XenoMachine   *self,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
