/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a machine comes to agree with what was found out about it: in the main thread, and telling of
 * nothing that is as before. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "virt/xeno-machine-private.h"

static void
set_string (XenoMachine          *self,
            char                **member,
            const char           *value,
            XenoMachineProperty   property)
{
  if (g_strcmp0 (*member, value) == 0)
    return;

  g_free (*member);
  *member = g_strdup (value);
  xeno_machine_notify (self, property);
}

#define SET_VALUE(self, member, value, property)    \
  G_STMT_START {                                    \
    if ((self)->member != (value))                  \
      {                                             \
        (self)->member = (value);                   \
        xeno_machine_notify ((self), (property));   \
      }                                             \
  } G_STMT_END

static void
set_started_at (XenoMachine *self,
                gint64       started_at)
{
  if ((self->started_at != NULL ? g_date_time_to_unix (self->started_at) : 0) == started_at)
    return;

  g_clear_pointer (&self->started_at, g_date_time_unref);
  if (started_at != 0)
    self->started_at = g_date_time_new_from_unix_local (started_at);
  xeno_machine_notify (self, XENO_MACHINE_PROP_STARTED_AT);
}

/* "http://debian.org/debian/12" -> "Debian 12": readable without the database of systems. */
static char *
make_os_name (const char *os_id)
{
  g_auto (GStrv) parts = NULL;
  guint n_parts;

  if (os_id == NULL)
    return NULL;

  parts = g_strsplit (os_id, "/", -1);
  n_parts = g_strv_length (parts);
  if (n_parts < 2 || *parts[n_parts - 2] == '\0')
    return g_strdup (os_id);

  parts[n_parts - 2][0] = g_ascii_toupper (parts[n_parts - 2][0]);
  return g_strjoin (" ", parts[n_parts - 2], parts[n_parts - 1], NULL);
}

static void
apply_document (XenoMachine     *self,
                const XenoFacts *facts)
{
  g_autofree char *os_name = make_os_name (facts->os_id);

  set_string (self, &self->xml, facts->xml, XENO_MACHINE_PROP_SPEC);
  set_string (self, &self->title, facts->title, XENO_MACHINE_PROP_TITLE);
  set_string (self, &self->os_id, facts->os_id, XENO_MACHINE_PROP_OS_ID);
  set_string (self, &self->os_name, os_name, XENO_MACHINE_PROP_OS_NAME);
  SET_VALUE (self, memory_bytes, facts->memory_bytes, XENO_MACHINE_PROP_MEMORY_BYTES);
  SET_VALUE (self, is_template, !!facts->is_template, XENO_MACHINE_PROP_IS_TEMPLATE);
  SET_VALUE (self, is_throw_away, !!facts->is_throw_away, XENO_MACHINE_PROP_IS_THROW_AWAY);
  SET_VALUE (self, is_untrusted, !!facts->is_untrusted, XENO_MACHINE_PROP_IS_UNTRUSTED);
  set_string (self, &self->debugger, facts->debugger, XENO_MACHINE_PROP_DEBUGGER);
  SET_VALUE (self, runs_kernel, !!facts->runs_kernel, XENO_MACHINE_PROP_RUNS_KERNEL);
  SET_VALUE (self, n_cpus, facts->n_cpus, XENO_MACHINE_PROP_N_CPUS);
  g_free (self->noted_panic);
  self->noted_panic = g_strdup (facts->panic);
}

/* A panic is over when the machine is off, whoever turned it off. */
static const char *
find_panic (XenoMachine      *self,
            XenoMachineState  state)
{
  switch (state)
    {
    case XENO_MACHINE_RUNNING:
    case XENO_MACHINE_PAUSED:
    case XENO_MACHINE_SHUTTING_DOWN:
    case XENO_MACHINE_PANICKED:
      return self->noted_panic;

    case XENO_MACHINE_OFF:
    case XENO_MACHINE_SAVED:
    case XENO_MACHINE_CRASHED:
    case XENO_MACHINE_SUSPENDED:
    case XENO_MACHINE_UNKNOWN:
    default:
      return NULL;
    }
}

static char *
dup_reason (XenoMachine      *self,
            const XenoFacts  *facts,
            XenoMachineState  state)
{
  if (self->panic != NULL && (state == XENO_MACHINE_RUNNING || state == XENO_MACHINE_PANICKED))
    /* Translators: %s is what a Linux kernel said, in English */
    return g_strdup_printf (_("Its kernel panicked: %s"), self->panic);

  return xeno_facts_dup_reason (facts, self->io_error);
}

static void
set_state (XenoMachine     *self,
           const XenoFacts *facts)
{
  XenoMachineState state = xeno_facts_get_state (facts);
  g_autofree char *reason = NULL;

  if (state != self->state)
    g_clear_pointer (&self->noted_reason, g_free);
  if (state != XENO_MACHINE_PAUSED)
    g_clear_pointer (&self->io_error, g_free);
  set_string (self, &self->panic, find_panic (self, state), XENO_MACHINE_PROP_PANIC);
  reason = dup_reason (self, facts, state);
  self->has_ended_itself = xeno_facts_has_ended_itself (facts);

  /* The reason first: who watches the state finds it. */
  set_string (self, &self->state_reason, reason != NULL ? reason : self->noted_reason,
              XENO_MACHINE_PROP_STATE_REASON);
  SET_VALUE (self, state, state, XENO_MACHINE_PROP_STATE);
}

static void
apply_state (XenoMachine     *self,
             const XenoFacts *facts)
{
  if (g_strcmp0 (self->name, facts->name) != 0)
    {
      gboolean is_title = self->title == NULL || *self->title == '\0';

      set_string (self, &self->name, facts->name, XENO_MACHINE_PROP_NAME);
      if (is_title)
        xeno_machine_notify (self, XENO_MACHINE_PROP_TITLE);
    }
  set_started_at (self, facts->started_at);
  SET_VALUE (self, run, facts->run, XENO_MACHINE_PROP_RUN);
  SET_VALUE (self, is_persistent, !!facts->is_persistent, XENO_MACHINE_PROP_IS_PERSISTENT);
  SET_VALUE (self, has_autostart, !!facts->has_autostart, XENO_MACHINE_PROP_HAS_AUTOSTART);
  SET_VALUE (self, has_saved_state, !!facts->has_saved_state, XENO_MACHINE_PROP_HAS_SAVED_STATE);
  SET_VALUE (self, is_stale, FALSE, XENO_MACHINE_PROP_IS_STALE);
  set_state (self, facts);
}

/*
 * xeno_machine_apply:
 * @self: a machine
 * @facts: what was found out about it
 *
 * Sets the properties that changed, in the main thread. Several threads find out about one machine; whoever
 * began earlier and comes later knows nothing better, and what happened since has an event and a refresh.
 */
void
xeno_machine_apply (XenoMachine     *self,
                    const XenoFacts *facts)
{
  g_return_if_fail (XENO_IS_MACHINE (self));
  g_return_if_fail (facts != NULL && !facts->is_gone);

  g_object_freeze_notify (G_OBJECT (self));
  if (facts->has_document && facts->read_us >= self->document_us)
    {
      self->document_us = facts->read_us;
      apply_document (self, facts);
    }
  if (facts->read_us >= self->state_us)
    {
      self->state_us = facts->read_us;
      apply_state (self, facts);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

/* The connection is lost, or is back: what is shown may not be true, or is. */
void
xeno_machine_set_stale (XenoMachine *self,
                        gboolean     is_stale)
{
  g_return_if_fail (XENO_IS_MACHINE (self));

  SET_VALUE (self, is_stale, !!is_stale, XENO_MACHINE_PROP_IS_STALE);
}

/* What the event said, kept for the sentence that the next refresh makes. */
void
xeno_machine_set_io_error (XenoMachine *self,
                           const char  *io_error)
{
  g_return_if_fail (XENO_IS_MACHINE (self));

  g_free (self->io_error);
  self->io_error = g_strdup (io_error);
}

/* A sentence of ours that holds until the state changes. */
void
xeno_machine_note_reason (XenoMachine *self,
                          const char  *sentence)
{
  g_return_if_fail (XENO_IS_MACHINE (self));

  g_free (self->noted_reason);
  self->noted_reason = g_strdup (sentence);
  set_string (self, &self->state_reason, sentence, XENO_MACHINE_PROP_STATE_REASON);
}

void
xeno_machine_hold_busy (XenoMachine *self)
{
  g_return_if_fail (XENO_IS_MACHINE (self));

  if (self->n_busy++ == 0)
    xeno_machine_notify (self, XENO_MACHINE_PROP_IS_BUSY);
}

void
xeno_machine_drop_busy (XenoMachine *self)
{
  g_return_if_fail (XENO_IS_MACHINE (self));
  g_return_if_fail (self->n_busy > 0);

  if (--self->n_busy == 0)
    xeno_machine_notify (self, XENO_MACHINE_PROP_IS_BUSY);
}
