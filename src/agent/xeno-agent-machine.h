/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The way to a machine's agent, through libvirt. */
#pragma once

#include "agent/xeno-agent-transport.h"
#include "virt/xeno-machine.h"

G_BEGIN_DECLS

#define XENO_TYPE_AGENT_MACHINE (xeno_agent_machine_get_type ())

G_DECLARE_FINAL_TYPE (XenoAgentMachine, xeno_agent_machine, XENO, AGENT_MACHINE, GObject)

XenoAgentTransport *xeno_agent_machine_new (XenoMachine *machine);

G_END_DECLS
