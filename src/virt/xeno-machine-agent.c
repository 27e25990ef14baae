/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The guest agent's own language, for those who speak it. libvirt-qemu is loaded when it is first asked for. */
#include "config.h"

#include <dlfcn.h>
#include <glib/gi18n-lib.h>
#include <libvirt/libvirt-qemu.h>
#include <libvirt/virterror.h>

#include "base/xeno-error.h"
#include "virt/xeno-machine-agent.h"
#include "virt/xeno-machine-call.h"
#include "virt/xeno-virt-error.h"

#define LIBRARY "libvirt-qemu.so.0"

/* libvirt's own limit comes first; this is for when it does not keep it. */
#define GRACE_MS 2000

typedef char *(*AgentFunc) (virDomainPtr  domain,
                            const char   *command,
                            int           timeout,
                            unsigned int  flags);

typedef struct
{
  char *command;
  int   timeout_s;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_free (question->command);
  g_free (question);
}

/* Never closed: it is small, and libvirt itself stays. */
static AgentFunc
find_function (GError **error)
{
  void *library = dlopen (LIBRARY, RTLD_NOW | RTLD_LOCAL);
  AgentFunc function = NULL;

  if (library != NULL)
    *(void **) &function = dlsym (library, "virDomainQemuAgentCommand");
  if (function == NULL)
    g_set_error_literal (error, XENO_ERROR, XENO_ERROR_NOT_SUPPORTED,
                         _("The guest agent needs the library libvirt-qemu, which is not installed."));
  return function;
}

/* What the agent itself refuses is an answer; that there is none has its own codes. */
static void
set_agent_error (GError     **error,
                 const char  *title)
{
  if (xeno_virt_error_is (VIR_ERR_OPERATION_TIMEOUT))
    xeno_set_error (error, XENO_ERROR_TIMEOUT, NULL, _("The agent of “%s” does not answer in time."), title);
  else if (xeno_virt_error_is (VIR_ERR_AGENT_UNRESPONSIVE) || xeno_virt_error_is (VIR_ERR_AGENT_UNSYNCED))
    xeno_set_error (error, XENO_ERROR_NO_AGENT, NULL,
                    _("The agent of “%s” does not answer. Install or start qemu-guest-agent in the guest."), title);
  else
    xeno_virt_set_error (error, _("The agent of “%s” did not do it."), title);
}

static gpointer
ask_agent (virDomainPtr   domain,
           const char    *title,
           gpointer       data,
           GError       **error)
{
  const Question *question = data;
  AgentFunc function = find_function (error);
  char *answer;

  if (function == NULL)
    return NULL;

  answer = function (domain, question->command, question->timeout_s, 0);
  if (answer == NULL)
    set_agent_error (error, title);
  return answer;
}

/**
 * xeno_machine_ask_agent_async:
 * @self: a machine that runs on QEMU
 * @command: what to ask, as JSON
 * @timeout_s: after so many seconds there is no answer any more
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called with the answer
 * @user_data: passed to @callback
 *
 * Asks the guest agent. Errors: %XENO_ERROR_NO_AGENT where there is none, %XENO_ERROR_TIMEOUT, and what
 * the agent refuses as what libvirt makes of it.
 */
void
xeno_machine_ask_agent_async (XenoMachine         *self,
                              const char          *command,
                              guint                timeout_s,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  Question *question;

  g_return_if_fail (XENO_IS_MACHINE (self));
  g_return_if_fail (command != NULL);
  g_return_if_fail (timeout_s > 0 && timeout_s < G_MAXINT / 1000);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_machine_ask_agent_async);
  question = g_new (Question, 1);
  question->command = g_strdup (command);
  question->timeout_s = timeout_s;
  xeno_machine_call (self, XENO_CALL_MACHINE, timeout_s * 1000 + GRACE_MS, task, ask_agent, question,
                     question_free, free);
}

/**
 * xeno_machine_ask_agent_finish:
 * @self: a machine
 * @result: what the callback got
 * @error: where to say why there is no answer
 *
 * Finishes xeno_machine_ask_agent_async().
 *
 * Returns: (transfer full) (nullable): what the agent answered, untrusted
 */
char *
xeno_machine_ask_agent_finish (XenoMachine   *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
