/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of what can be done to a machine; every action, menu item and sub-command comes from
 * it. */
#pragma once

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

/* What a verb works on; private to this folder. */
typedef struct _XenoVerbCall XenoVerbCall;

/**
 * XenoVerb:
 * @id: stable name, the action after "machine." and the sub-command of xeno: "start", "shut-down"
 * @label: untranslated title for a button or menu item, marked with N_()
 * @explanation: untranslated sentence: what it does to the machine, marked with N_()
 * @confirm: (nullable): untranslated question to ask first, marked with N_(); %s is the title
 * @states: mask of (1 << XenoMachineState) in which it is allowed
 * @section: menu section; destructive ones come last
 * @is_destructive: unsaved work in the guest, or data, can be lost
 * @needs_definition: it is nothing for machines that are gone when they stop
 * @needs_kernel: it is for machines that start a kernel of this computer
 * @is_urgent: it does not wait for what else is being done to the machine
 * @deadline_ms: after so many milliseconds the person is released
 * @failure: untranslated sentence: what did not happen, marked with N_(); %s is the title
 * @run: the blocking work, on a worker's thread
 *
 * One row of the table.
 */
typedef struct
{
  const char *id;
  const char *label;
  const char *explanation;
  const char *confirm;
  guint       states;
  guint       section;
  gboolean    is_destructive;
  gboolean    needs_definition;
  gboolean    needs_kernel;
  gboolean    is_urgent;
  guint       deadline_ms;
  const char *failure;
  gboolean  (*run) (XenoVerbCall *call);
} XenoVerb;

const XenoVerb *xeno_verb_list          (gsize                *n_verbs);
const XenoVerb *xeno_verb_find          (const char           *id);
gboolean        xeno_verb_is_allowed    (const XenoVerb       *verb,
                                         XenoMachine          *machine);
const XenoVerb *xeno_verb_get_primary   (XenoMachine          *machine);
char           *xeno_verb_dup_question  (const XenoVerb       *verb,
                                         XenoMachine          *machine);

void            xeno_machine_run_async  (XenoMachine          *self,
                                         const XenoVerb       *verb,
                                         GCancellable         *cancellable,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
gboolean        xeno_machine_run_finish (XenoMachine          *self,
                                         GAsyncResult         *result,
                                         GError              **error);

G_END_DECLS
