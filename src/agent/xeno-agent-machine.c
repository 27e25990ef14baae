/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The way to a machine's agent, through libvirt. */
#include "config.h"

#include "agent/xeno-agent-machine.h"
#include "virt/xeno-machine-agent.h"

struct _XenoAgentMachine
{
  GObject      parent_instance;
  XenoMachine *machine;
};

static void xeno_agent_machine_transport_init (XenoAgentTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (XenoAgentMachine, xeno_agent_machine, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (XENO_TYPE_AGENT_TRANSPORT,
                                                      xeno_agent_machine_transport_init))

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  char *answer = xeno_machine_ask_agent_finish (XENO_MACHINE (source), result, &error);

  if (answer != NULL)
    g_task_return_pointer (task, answer, g_free);
  else
    g_task_return_error (task, error);
}

static void
ask_async (XenoAgentTransport  *transport,
           const char          *question,
           guint                timeout_s,
           GCancellable        *cancellable,
           GAsyncReadyCallback  callback,
           gpointer             user_data)
{
  GTask *task = g_task_new (transport, cancellable, callback, user_data);

  g_task_set_source_tag (task, ask_async);
  xeno_machine_ask_agent_async (XENO_AGENT_MACHINE (transport)->machine, question, timeout_s, cancellable,
                                answered_cb, task);
}

static char *
ask_finish (XenoAgentTransport  *transport,
            GAsyncResult        *result,
            GError             **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
xeno_agent_machine_transport_init (XenoAgentTransportInterface *iface)
{
  iface->ask_async = ask_async;
  iface->ask_finish = ask_finish;
}

static void
xeno_agent_machine_finalize (GObject *object)
{
  g_clear_object (&XENO_AGENT_MACHINE (object)->machine);

  G_OBJECT_CLASS (xeno_agent_machine_parent_class)->finalize (object);
}

static void
xeno_agent_machine_class_init (XenoAgentMachineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_agent_machine_finalize;
}

static void
xeno_agent_machine_init (XenoAgentMachine *self)
{
}

/**
 * xeno_agent_machine_new:
 * @machine: a machine
 *
 * Makes the way to a machine's agent.
 *
 * Returns: (transfer full): the way
 */
XenoAgentTransport *
xeno_agent_machine_new (XenoMachine *machine)
{
  XenoAgentMachine *self;

  g_return_val_if_fail (XENO_IS_MACHINE (machine), NULL);

  self = g_object_new (XENO_TYPE_AGENT_MACHINE, NULL);
  self->machine = g_object_ref (machine);
  return XENO_AGENT_TRANSPORT (self);
}
