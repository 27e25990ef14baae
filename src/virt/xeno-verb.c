/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of what can be done to a machine; every action, menu item and sub-command comes from
 * it. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "virt/xeno-machine-call.h"
#include "virt/xeno-machine-private.h"
#include "virt/xeno-verb-call.h"
#include "virt/xeno-virt-error.h"

#define OFF (1u << XENO_MACHINE_OFF)
#define RUNNING (1u << XENO_MACHINE_RUNNING)
#define PAUSED (1u << XENO_MACHINE_PAUSED)
#define SHUTTING_DOWN (1u << XENO_MACHINE_SHUTTING_DOWN)
#define SAVED (1u << XENO_MACHINE_SAVED)
#define CRASHED (1u << XENO_MACHINE_CRASHED)
#define SUSPENDED (1u << XENO_MACHINE_SUSPENDED)
#define PANICKED (1u << XENO_MACHINE_PANICKED)

static const XenoVerb verbs[] = {
  {
    .id = "start",
    .label = N_("_Start"),
    .explanation = N_("Turns the machine on."),
    .states = OFF | CRASHED,
    .section = 0,
    .deadline_ms = XENO_LONG_CALL_MS,
    /* Translators: %s is the title of a machine */
    .failure = N_("“%s” could not start."),
    .run = xeno_verb_call_start,
  },
  {
    .id = "resume",
    .label = N_("_Resume"),
    .explanation = N_("Lets the machine go on where it was paused."),
    .states = PAUSED | SUSPENDED,
    .section = 0,
    .deadline_ms = XENO_CALL_MS,
    .failure = N_("“%s” could not go on."),
    .run = xeno_verb_call_resume,
  },
  {
    .id = "restore",
    .label = N_("_Restore"),
    .explanation = N_("Starts the machine from its saved state."),
    .states = SAVED,
    .section = 0,
    .deadline_ms = XENO_SAVE_CALL_MS,
    .failure = N_("“%s” could not be restored; its saved state is kept. Try again, or discard the "
                  "saved state and start anew."),
    .run = xeno_verb_call_restore,
  },
  {
    .id = "run-again",
    .label = N_("R_un Again"),
    .explanation = N_("Turns the machine off, whatever it does, and starts its kernel anew from the file, "
                      "which may be a new build."),
    .states = OFF | CRASHED | RUNNING | PAUSED | SHUTTING_DOWN | SUSPENDED | PANICKED,
    .section = 0,
    .needs_definition = TRUE,
    .needs_kernel = TRUE,
    .deadline_ms = XENO_LONG_CALL_MS,
    .failure = N_("“%s” could not run again."),
    .run = xeno_verb_call_run_again,
  },
  {
    .id = "pause",
    .label = N_("_Pause"),
    .explanation = N_("Stops the machine's processors; it keeps its memory and goes on when "
                      "resumed."),
    .states = RUNNING,
    .section = 0,
    .deadline_ms = XENO_CALL_MS,
    .failure = N_("“%s” could not be paused."),
    .run = xeno_verb_call_pause,
  },
  {
    .id = "shut-down",
    .label = N_("Shut _Down"),
    .explanation = N_("Asks the guest to shut down, as its power button does. The guest may refuse."),
    .states = RUNNING | SHUTTING_DOWN,
    .section = 1,
    .deadline_ms = XENO_CALL_MS,
    .failure = N_("“%s” could not be asked to shut down."),
    .run = xeno_verb_call_shut_down,
  },
  {
    .id = "reboot",
    .label = N_("Re_boot"),
    .explanation = N_("Asks the guest to shut down and start again."),
    .states = RUNNING,
    .section = 1,
    .deadline_ms = XENO_CALL_MS,
    .failure = N_("“%s” could not be asked to reboot."),
    .run = xeno_verb_call_reboot,
  },
  {
    .id = "save",
    .label = N_("Sa_ve"),
    .explanation = N_("Writes the machine's memory to disk and turns it off; restoring goes on "
                      "from there."),
    .states = RUNNING | PAUSED,
    .section = 1,
    .needs_definition = TRUE,
    .deadline_ms = XENO_SAVE_CALL_MS,
    .failure = N_("“%s” could not be saved."),
    .run = xeno_verb_call_save,
  },
  {
    .id = "reset",
    .label = N_("R_eset…"),
    .explanation = N_("Starts the machine anew at once, as its reset button does. Unsaved work in "
                      "the guest is lost."),
    .confirm = N_("Reset “%s”? Unsaved work in it is lost."),
    .states = RUNNING | PAUSED | SHUTTING_DOWN | PANICKED,
    .section = 2,
    .is_destructive = TRUE,
    .deadline_ms = XENO_CALL_MS,
    .failure = N_("“%s” could not be reset."),
    .run = xeno_verb_call_reset,
  },
  {
    .id = "force-off",
    .label = N_("_Force Off…"),
    .explanation = N_("Pulls the machine's plug. Unsaved work in the guest is lost, and its disks "
                      "may need a check."),
    .confirm = N_("Force “%s” off? Unsaved work in it is lost."),
    .states = RUNNING | PAUSED | SHUTTING_DOWN | SUSPENDED | PANICKED,
    .section = 2,
    .is_destructive = TRUE,
    .is_urgent = TRUE,
    .deadline_ms = XENO_LONG_CALL_MS,
    .failure = N_("“%s” could not be forced off."),
    .run = xeno_verb_call_force_off,
  },
  {
    .id = "discard-saved-state",
    .label = N_("_Discard Saved State…"),
    .explanation = N_("Throws the saved memory away; the machine starts anew next time."),
    .confirm = N_("Discard the saved state of “%s”? What ran in it when it was saved is lost."),
    .states = SAVED,
    .section = 2,
    .is_destructive = TRUE,
    .deadline_ms = XENO_CALL_MS,
    .failure = N_("The saved state of “%s” could not be discarded."),
    .run = xeno_verb_call_discard,
  },
};

/* What comes back from the worker. */
typedef struct
{
  XenoFacts *facts; /* as it is afterwards, or NULL where that cannot be read: the event will say */
  char      *note;
  GError    *error; /* why it failed, or NULL */
} Outcome;

static void
outcome_free (gpointer data)
{
  Outcome *outcome = data;

  g_clear_pointer (&outcome->facts, xeno_facts_free);
  g_clear_error (&outcome->error);
  g_free (outcome->note);
  g_free (outcome);
}

/* The sentences of the table have one %s each. */
static char *
insert_title (const char *sentence,
              const char *title)
{
  g_auto (GStrv) parts = g_strsplit (sentence, "%s", 2);

  return g_strjoinv (title, parts);
}

static void
explain_failure (const XenoVerb  *verb,
                 XenoVerbCall    *call,
                 GError         **error)
{
  g_autofree char *failure = insert_title (_(verb->failure), call->title);
  g_autoptr (GError) reason = NULL;
  g_autofree char *rival = NULL;

  if (call->refusal != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&call->refusal));
      return;
    }

  xeno_virt_set_error (&reason, "%s", failure);
  if (reason->code == XENO_ERROR_IN_USE)
    rival = xeno_verb_call_find_rival (call);

  if (rival != NULL)
    xeno_set_error (error, XENO_ERROR_IN_USE, xeno_error_get_details (reason),
                    /* Translators: the first is a whole sentence, the second the title of a machine */
                    _("%s Its disk is used by “%s”. Stop that machine first."), failure, rival);
  else
    g_propagate_error (error, g_steal_pointer (&reason));
}

static gpointer
run_verb (virDomainPtr   domain,
          const char    *title,
          gpointer       data,
          GError       **error)
{
  const XenoVerb *verb = data;
  g_autoptr (GVirDomain) machine = g_object_new (GVIR_TYPE_DOMAIN, "handle", domain, NULL);
  XenoVerbCall call = { virDomainGetConnect (domain), domain, machine, title };
  Outcome *outcome = g_new0 (Outcome, 1);

  if (verb->run (&call))
    outcome->note = g_steal_pointer (&call.note);
  else
    explain_failure (verb, &call, &outcome->error);
  g_free (call.note);

  /* After a failure too: libvirt tells of no event when a start breaks off. */
  outcome->facts = xeno_facts_read_domain (domain, FALSE, NULL);
  return outcome;
}

static void
ran_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  XenoMachine *self = XENO_MACHINE (source);
  XenoConnection *connection = xeno_machine_get_connection (self);
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Outcome *outcome = g_task_propagate_pointer (G_TASK (result), &error);

  if (outcome != NULL && outcome->facts != NULL && connection != NULL)
    xeno_connection_apply (connection, outcome->facts);
  if (outcome != NULL && outcome->note != NULL)
    xeno_machine_note_reason (self, outcome->note);
  if (outcome != NULL)
    error = g_steal_pointer (&outcome->error);
  /* Whoever looks later at a machine that did not start finds out why. */
  if (error != NULL && error->domain == XENO_ERROR && error->code != XENO_ERROR_TIMEOUT
      && !xeno_machine_is_active (self))
    xeno_machine_note_reason (self, error->message);
  xeno_machine_drop_busy (self);

  if (error == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
  g_clear_pointer (&outcome, outcome_free);
}

/**
 * xeno_verb_list:
 * @n_verbs: (out): how many
 *
 * Gets the table, in the order of menus.
 *
 * Returns: (transfer none) (array length=n_verbs): the rows
 */
const XenoVerb *
xeno_verb_list (gsize *n_verbs)
{
  g_return_val_if_fail (n_verbs != NULL, NULL);

  *n_verbs = G_N_ELEMENTS (verbs);
  return verbs;
}

/**
 * xeno_verb_find:
 * @id: a stable name
 *
 * Finds a row.
 *
 * Returns: (transfer none) (nullable): the row
 */
const XenoVerb *
xeno_verb_find (const char *id)
{
  g_return_val_if_fail (id != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (strcmp (verbs[i].id, id) == 0)
      return &verbs[i];
  return NULL;
}

/**
 * xeno_verb_is_allowed:
 * @verb: a row of the table
 * @machine: a machine
 *
 * Whether it can be done to the machine now.
 *
 * Returns: whether it can
 */
gboolean
xeno_verb_is_allowed (const XenoVerb *verb,
                      XenoMachine    *machine)
{
  g_return_val_if_fail (verb != NULL, FALSE);
  g_return_val_if_fail (XENO_IS_MACHINE (machine), FALSE);

  return (verb->states & (1u << xeno_machine_get_state (machine))) != 0 &&
         !xeno_machine_is_template (machine) &&
         (!verb->needs_definition || xeno_machine_is_persistent (machine)) &&
         (!verb->needs_kernel || xeno_machine_runs_kernel (machine)) &&
         !xeno_machine_is_stale (machine) &&
         (verb->is_urgent || !xeno_machine_is_busy (machine));
}

/**
 * xeno_verb_get_primary:
 * @machine: a machine
 *
 * Gets what the one big button does.
 *
 * Returns: (transfer none) (nullable): a row, or %NULL while the machine runs and for a template
 */
const XenoVerb *
xeno_verb_get_primary (XenoMachine *machine)
{
  static const char * const ids[] = { "start", "restore", "resume" };

  g_return_val_if_fail (XENO_IS_MACHINE (machine), NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (ids) && !xeno_machine_is_template (machine); i++)
    {
      const XenoVerb *verb = xeno_verb_find (ids[i]);

      if (verb->states & (1u << xeno_machine_get_state (machine)))
        return verb;
    }
  return NULL;
}

/**
 * xeno_verb_dup_question:
 * @verb: a row of the table
 * @machine: a machine
 *
 * Makes the question to ask before it is done.
 *
 * Returns: (transfer full) (nullable): a translated question, or %NULL where none is asked
 */
char *
xeno_verb_dup_question (const XenoVerb *verb,
                        XenoMachine    *machine)
{
  g_return_val_if_fail (verb != NULL, NULL);
  g_return_val_if_fail (XENO_IS_MACHINE (machine), NULL);

  if (verb->confirm == NULL)
    return NULL;
  return insert_title (_(verb->confirm), xeno_machine_get_title (machine));
}

/* The label as it is read: without the mnemonic, and without the promise of a question. */
static char *
dup_plain_label (const XenoVerb *verb)
{
  g_auto (GStrv) parts = g_strsplit (_(verb->label), "_", -1);
  g_autofree char *label = g_strjoinv ("", parts);
  g_auto (GStrv) without_dots = g_strsplit (label, "…", 2);

  return g_strdup (without_dots[0]);
}

static char *
list_allowed (XenoMachine *self)
{
  g_autoptr (GStrvBuilder) labels = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      g_autofree char *label = NULL;

      if (!xeno_verb_is_allowed (&verbs[i], self))
        continue;
      label = dup_plain_label (&verbs[i]);
      g_strv_builder_add (labels, label);
    }

  list = g_strv_builder_end (labels);
  return g_strjoinv (", ", list);
}

static GError *
refuse_state (XenoMachine    *self,
              const XenoVerb *verb)
{
  const char *title = xeno_machine_get_title (self);
  const char *state = xeno_machine_state_to_label (xeno_machine_get_state (self));
  g_autofree char *label = dup_plain_label (verb);
  g_autofree char *allowed = list_allowed (self);

  if (xeno_machine_is_template (self))
    return xeno_error_new (XENO_ERROR_WRONG_STATE, NULL,
                           _("“%s” is a template, which does not run. Make a machine from it, or let it be a "
                             "template no more."), title);
  if (*allowed == '\0')
    /* Translators: what was wanted as "Pause", the title of a machine, a state as "Off" */
    return xeno_error_new (XENO_ERROR_WRONG_STATE, NULL,
                           _("“%s” is not possible for “%s” in its state “%s”. Try again later."),
                           label, title, state);
  /* Translators: the same, and what can be done instead as "Start, Save" */
  return xeno_error_new (XENO_ERROR_WRONG_STATE, NULL,
                         _("“%s” is not possible for “%s” in its state “%s”. Possible now: %s."),
                         label, title, state, allowed);
}

static GError *
refuse (XenoMachine    *self,
        const XenoVerb *verb)
{
  const char *title = xeno_machine_get_title (self);

  if (xeno_machine_get_connection (self) == NULL || xeno_machine_is_stale (self))
    return xeno_error_new (XENO_ERROR_NO_CONNECTION, NULL,
                           _("“%s” cannot be reached now. Its connection is opened again by itself."),
                           title);
  if (xeno_machine_is_busy (self) && !verb->is_urgent)
    return xeno_error_new (XENO_ERROR_IN_USE, NULL,
                           _("“%s” is busy. Wait until that is done."), title);

  return refuse_state (self, verb);
}

/**
 * xeno_machine_run_async:
 * @self: a machine
 * @verb: what to do to it
 * @cancellable: (nullable): stops the waiting, not what libvirt has begun
 * @callback: (scope async): called when it is done
 * @user_data: passed to @callback
 *
 * Does something to a machine. The machine is busy meanwhile, and its properties tell the new state
 * when this finishes. Errors: %XENO_ERROR_WRONG_STATE and %XENO_ERROR_IN_USE where it is not
 * allowed now, and what libvirt says.
 */
void
xeno_machine_run_async (XenoMachine         *self,
                        const XenoVerb      *verb,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GTask) call = NULL;

  g_return_if_fail (XENO_IS_MACHINE (self));
  g_return_if_fail (verb != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_machine_run_async);
  if (xeno_machine_get_connection (self) == NULL || !xeno_verb_is_allowed (verb, self))
    {
      g_task_return_error (task, refuse (self, verb));
      return;
    }

  xeno_machine_hold_busy (self);
  call = g_task_new (self, cancellable, ran_cb, g_steal_pointer (&task));
  xeno_machine_call (self, verb->is_urgent ? XENO_CALL_URGENT : XENO_CALL_MACHINE,
                     verb->deadline_ms, call, run_verb, (gpointer) verb, NULL, outcome_free);
}

/**
 * xeno_machine_run_finish:
 * @self: a machine
 * @result: what the callback got
 * @error: where to say why it was not done
 *
 * Finishes xeno_machine_run_async().
 *
 * Returns: whether it was done
 */
gboolean
xeno_machine_run_finish (XenoMachine   *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
