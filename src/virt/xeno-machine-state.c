/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a machine can be doing, named for programs and for people. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "virt/xeno-machine.h"

static const struct
{
  const char *id;
  const char *label;
} states[] = {
  [XENO_MACHINE_UNKNOWN] = { "unknown", N_("Unknown") },
  [XENO_MACHINE_OFF] = { "off", N_("Off") },
  [XENO_MACHINE_RUNNING] = { "running", N_("Running") },
  [XENO_MACHINE_PAUSED] = { "paused", N_("Paused") },
  [XENO_MACHINE_SHUTTING_DOWN] = { "shutting-down", N_("Shutting down") },
  [XENO_MACHINE_SAVED] = { "saved", N_("Saved") },
  [XENO_MACHINE_CRASHED] = { "crashed", N_("Crashed") },
  [XENO_MACHINE_SUSPENDED] = { "suspended", N_("Suspended") },
  [XENO_MACHINE_PANICKED] = { "panicked", N_("Panicked") },
};

GType
xeno_machine_state_get_type (void)
{
  static gsize type;
  static const GEnumValue values[] = {
    { XENO_MACHINE_UNKNOWN, "XENO_MACHINE_UNKNOWN", "unknown" },
    { XENO_MACHINE_OFF, "XENO_MACHINE_OFF", "off" },
    { XENO_MACHINE_RUNNING, "XENO_MACHINE_RUNNING", "running" },
    { XENO_MACHINE_PAUSED, "XENO_MACHINE_PAUSED", "paused" },
    { XENO_MACHINE_SHUTTING_DOWN, "XENO_MACHINE_SHUTTING_DOWN", "shutting-down" },
    { XENO_MACHINE_SAVED, "XENO_MACHINE_SAVED", "saved" },
    { XENO_MACHINE_CRASHED, "XENO_MACHINE_CRASHED", "crashed" },
    { XENO_MACHINE_SUSPENDED, "XENO_MACHINE_SUSPENDED", "suspended" },
    { XENO_MACHINE_PANICKED, "XENO_MACHINE_PANICKED", "panicked" },
    { 0, NULL, NULL }
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("XenoMachineState", values));
  return type;
}

/**
 * xeno_machine_state_to_id:
 * @state: a state
 *
 * Gets the stable name of a state, for programs: "running".
 *
 * Returns: (transfer none): the name
 */
const char *
xeno_machine_state_to_id (XenoMachineState state)
{
  return states[(guint) state < G_N_ELEMENTS (states) ? state : XENO_MACHINE_UNKNOWN].id;
}

/**
 * xeno_machine_state_to_label:
 * @state: a state
 *
 * Gets the translated name of a state: "Running".
 *
 * Returns: (transfer none): the name
 */
const char *
xeno_machine_state_to_label (XenoMachineState state)
{
  return _(states[(guint) state < G_N_ELEMENTS (states) ? state : XENO_MACHINE_UNKNOWN].label);
}
