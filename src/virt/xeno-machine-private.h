/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a machine is made of, and what the connection does to it. */
#pragma once

#include "virt/xeno-connection.h"
#include "virt/xeno-facts.h"
#include "virt/xeno-link.h"

G_BEGIN_DECLS

/* Only the machine's own files look inside. */
struct _XenoMachine
{
  GObject           parent_instance;
  XenoConnection   *connection; /* weak */
  char             *uuid;
  gint64            state_us;    /* when what is known of it began to be read */
  gint64            document_us;
  char             *name;
  char             *title;
  char             *xml;
  XenoMachineState  state;
  char             *state_reason;
  char             *io_error;
  char             *noted_reason; /* ours, until the state changes */
  char             *noted_panic;  /* as it is noted, also while the machine is off */
  char             *panic;
  char             *debugger;
  char             *os_id;
  char             *os_name;
  guint64           memory_bytes;
  guint             n_cpus;
  guint             run;
  GDateTime        *started_at;
  guint             n_busy;
  guint             is_persistent : 1;
  guint             has_autostart : 1;
  guint             has_saved_state : 1;
  guint             is_template : 1;
  guint             is_throw_away : 1;
  guint             is_untrusted : 1;
  guint             runs_kernel : 1;
  guint             is_stale : 1;
  guint             has_ended_itself : 1;
};

typedef enum
{
  XENO_MACHINE_PROP_0,
  XENO_MACHINE_PROP_UUID,
  XENO_MACHINE_PROP_NAME,
  XENO_MACHINE_PROP_TITLE,
  XENO_MACHINE_PROP_STATE,
  XENO_MACHINE_PROP_STATE_REASON,
  XENO_MACHINE_PROP_IS_PERSISTENT,
  XENO_MACHINE_PROP_HAS_AUTOSTART,
  XENO_MACHINE_PROP_HAS_SAVED_STATE,
  XENO_MACHINE_PROP_IS_TEMPLATE,
  XENO_MACHINE_PROP_IS_THROW_AWAY,
  XENO_MACHINE_PROP_IS_UNTRUSTED,
  XENO_MACHINE_PROP_RUNS_KERNEL,
  XENO_MACHINE_PROP_RUN,
  XENO_MACHINE_PROP_PANIC,
  XENO_MACHINE_PROP_DEBUGGER,
  XENO_MACHINE_PROP_IS_BUSY,
  XENO_MACHINE_PROP_IS_STALE,
  XENO_MACHINE_PROP_OS_ID,
  XENO_MACHINE_PROP_OS_NAME,
  XENO_MACHINE_PROP_MEMORY_BYTES,
  XENO_MACHINE_PROP_N_CPUS,
  XENO_MACHINE_PROP_STARTED_AT,
  XENO_MACHINE_PROP_SPEC,
  XENO_MACHINE_N_PROPS
} XenoMachineProperty;

void         xeno_machine_notify       (XenoMachine         *self,
                                        XenoMachineProperty  property);
XenoMachine *xeno_machine_new          (XenoConnection      *connection,
                                        const XenoFacts     *facts);
void         xeno_machine_apply        (XenoMachine         *self,
                                        const XenoFacts     *facts);
void         xeno_machine_set_stale    (XenoMachine         *self,
                                        gboolean             is_stale);
void         xeno_machine_set_io_error (XenoMachine         *self,
                                        const char          *io_error);
void         xeno_machine_emit_viewer  (XenoMachine         *self);
void         xeno_machine_note_reason  (XenoMachine         *self,
                                        const char          *sentence);
void         xeno_machine_hold_busy    (XenoMachine         *self);
void         xeno_machine_drop_busy    (XenoMachine         *self);

G_END_DECLS
