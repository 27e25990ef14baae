/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes of a machine's document: edits, its name, notes, whether it starts with the host. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/xeno-error.h"
#include "spec/xeno-name.h"
#include "virt/xeno-machine-call.h"
#include "virt/xeno-machine-private.h"
#include "virt/xeno-virt-error.h"

static void
changed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  XenoMachine *self = XENO_MACHINE (source);
  XenoConnection *connection = xeno_machine_get_connection (self);
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoFacts) facts = g_task_propagate_pointer (G_TASK (result), &error);

  if (facts != NULL && connection != NULL)
    xeno_connection_apply (connection, facts);
  xeno_machine_drop_busy (self);

  if (facts != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* Runs a change, after which the machine is as the facts say that @func read. */
void
xeno_machine_run_change (GTask               *task,
                         XenoMachineCallFunc  func,
                         gpointer             data,
                         GDestroyNotify       free_data)
{
  XenoMachine *self = g_task_get_source_object (task);
  g_autoptr (GTask) call = g_task_new (self, g_task_get_cancellable (task), changed_cb,
                                       g_object_ref (task));

  xeno_machine_hold_busy (self);
  xeno_machine_call (self, XENO_CALL_MACHINE, XENO_CALL_MS, call, func, data, free_data,
                     (GDestroyNotify) xeno_facts_free);
}

typedef struct
{
  XenoMachineEditFunc  func;
  gpointer             data;
  GDestroyNotify       free_data;
} Edit;

static void
edit_free (gpointer data)
{
  Edit *edit = data;

  if (edit->data != NULL && edit->free_data != NULL)
    edit->free_data (edit->data);
  g_free (edit);
}

static char *
apply_edit (const Edit  *edit,
            const char  *xml,
            const char  *title,
            GError     **error)
{
  g_autoptr (XenoSpec) spec = xeno_spec_new_from_xml (xml, error);
  g_autofree char *name_before = NULL;
  g_autofree char *uuid_before = NULL;
  g_autofree char *name = NULL;
  g_autofree char *uuid = NULL;

  if (spec == NULL)
    return NULL;

  name_before = xeno_spec_dup_name (spec);
  uuid_before = xeno_spec_dup_uuid (spec);
  if (!edit->func (spec, edit->data, error))
    return NULL;

  name = xeno_spec_dup_name (spec);
  uuid = xeno_spec_dup_uuid (spec);
  if (g_strcmp0 (uuid, uuid_before) == 0 && g_strcmp0 (name, name_before) == 0)
    return xeno_spec_to_xml (spec);

  /* It would make a second machine. */
  xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                  _("The name and the uuid of “%s” cannot be edited."), title);
  return NULL;
}

static gpointer
edit_domain (virDomainPtr   domain,
             const char    *title,
             gpointer       data,
             GError       **error)
{
  g_autofree char *before = virDomainGetXMLDesc (domain,
                                                 VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE);
  g_autofree char *after = NULL;
  virDomainPtr edited;

  if (before == NULL)
    {
      xeno_virt_set_error (error, _("“%s” could not be read."), title);
      return NULL;
    }

  after = apply_edit (data, before, title, error);
  if (after == NULL)
    return NULL;
  edited = virDomainDefineXML (virDomainGetConnect (domain), after);
  if (edited == NULL)
    {
      xeno_virt_set_error (error, _("“%s” could not be changed."), title);
      return NULL;
    }

  virDomainFree (edited);
  return xeno_facts_read_domain (domain, TRUE, error);
}

/**
 * xeno_machine_edit_async:
 * @self: a machine
 * @edit: (scope async): edits the document, in a worker
 * @edit_data: passed to @edit
 * @free_edit_data: (nullable): frees @edit_data
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called when it is done
 * @user_data: passed to @callback
 *
 * Edits the persistent document. @edit gets it as it is now, so that what another program changed
 * meanwhile stays. What runs keeps its present hardware until its next start.
 */
void
xeno_machine_edit_async (XenoMachine         *self,
                         XenoMachineEditFunc  edit,
                         gpointer             edit_data,
                         GDestroyNotify       free_edit_data,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  Edit *data;

  g_return_if_fail (XENO_IS_MACHINE (self));
  g_return_if_fail (edit != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_machine_edit_async);
  data = g_new (Edit, 1);
  *data = (Edit) { edit, edit_data, free_edit_data };
  xeno_machine_run_change (task, edit_domain, data, edit_free);
}

/**
 * xeno_machine_edit_finish:
 * @self: a machine
 * @result: what the callback got
 * @error: where to say why it was not done
 *
 * Finishes xeno_machine_edit_async().
 *
 * Returns: whether it was done
 */
gboolean
xeno_machine_edit_finish (XenoMachine   *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
is_taken (const char *name,
          gpointer    user_data)
{
  virDomainPtr self = user_data;
  virDomainPtr domain = virDomainLookupByName (virDomainGetConnect (self), name);
  unsigned char own[VIR_UUID_BUFLEN] = { 0 };
  unsigned char found[VIR_UUID_BUFLEN] = { 0 };

  if (domain == NULL)
    return FALSE;

  virDomainGetUUID (self, own);
  virDomainGetUUID (domain, found);
  virDomainFree (domain);
  return memcmp (own, found, sizeof own) != 0;
}

static gboolean
set_title (virDomainPtr  domain,
           const char   *new_title)
{
  guint flags = VIR_DOMAIN_AFFECT_CONFIG;

  if (virDomainIsActive (domain) > 0)
    flags |= VIR_DOMAIN_AFFECT_LIVE;
  return virDomainSetMetadata (domain, VIR_DOMAIN_METADATA_TITLE, new_title, NULL, NULL,
                               flags) == 0;
}

static gboolean
rename_whole (virDomainPtr   domain,
              const char    *title,
              const char    *new_title,
              GError       **error)
{
  g_autofree char *before = g_strdup (virDomainGetName (domain));
  g_autofree char *slug = xeno_name_make_slug (new_title);
  g_autofree char *name = xeno_name_make_unique (slug, "-", is_taken, domain);
  gboolean is_other = strcmp (name, before) != 0;

  if ((!is_other || virDomainRename (domain, name, 0) == 0) && set_title (domain, new_title))
    return TRUE;

  xeno_virt_set_error (error, _("“%s” could not be renamed."), title);
  if (is_other) /* refused where the first step was: it has that name */
    virDomainRename (domain, before, 0);
  return FALSE;
}

static gpointer
rename_domain (virDomainPtr   domain,
               const char    *title,
               gpointer       new_title,
               GError       **error)
{
  char uuid[VIR_UUID_STRING_BUFLEN] = "";

  /* libvirt cannot rename what runs or has a saved state; people care for the title alone. */
  if (virDomainIsActive (domain) <= 0 && virDomainHasManagedSaveImage (domain, 0) <= 0)
    {
      if (!rename_whole (domain, title, new_title, error))
        return NULL;
    }
  else if (!set_title (domain, new_title))
    {
      xeno_virt_set_error (error, _("“%s” could not be renamed."), title);
      return NULL;
    }

  virDomainGetUUIDString (domain, uuid); /* the object has the old name still */
  return xeno_facts_read (virDomainGetConnect (domain), uuid, TRUE, error);
}

/**
 * xeno_machine_rename_async:
 * @self: a machine
 * @title: what people shall call it, in any script
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called when it is done
 * @user_data: passed to @callback
 *
 * Gives the machine another title, and where it is off the name made from it too. Errors:
 * %XENO_ERROR_INVALID for a title that cannot be used.
 */
void
xeno_machine_rename_async (XenoMachine         *self,
                           const char          *title,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (XENO_IS_MACHINE (self));
  g_return_if_fail (title != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_machine_rename_async);
  if (!xeno_name_check_title (title, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  xeno_machine_run_change (task, rename_domain, g_strdup (title), g_free);
}

/**
 * xeno_machine_rename_finish:
 * @self: a machine
 * @result: what the callback got
 * @error: where to say why it was not done
 *
 * Finishes xeno_machine_rename_async().
 *
 * Returns: whether it was done
 */
gboolean
xeno_machine_rename_finish (XenoMachine   *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static gpointer
set_autostart (virDomainPtr   domain,
               const char    *title,
               gpointer       autostart,
               GError       **error)
{
  if (virDomainSetAutostart (domain, GPOINTER_TO_INT (autostart)) == 0)
    return xeno_facts_read_domain (domain, FALSE, error);

  xeno_virt_set_error (error, _("Whether “%s” starts with the host could not be changed."), title);
  return NULL;
}

/**
 * xeno_machine_set_autostart_async:
 * @self: a machine
 * @autostart: whether it shall start with the host
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called when it is done
 * @user_data: passed to @callback
 *
 * Sets whether the machine starts with the host.
 */
void
xeno_machine_set_autostart_async (XenoMachine         *self,
                                  gboolean             autostart,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_MACHINE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_machine_set_autostart_async);
  xeno_machine_run_change (task, set_autostart, GINT_TO_POINTER (autostart), NULL);
}

/**
 * xeno_machine_set_autostart_finish:
 * @self: a machine
 * @result: what the callback got
 * @error: where to say why it was not done
 *
 * Finishes xeno_machine_set_autostart_async().
 *
 * Returns: whether it was done
 */
gboolean
xeno_machine_set_autostart_finish (XenoMachine   *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

typedef struct
{
  char *key;
  char *value;
} Note;

static void
note_free (gpointer data)
{
  Note *note = data;

  g_free (note->key);
  g_free (note->value);
  g_free (note);
}

/* What runs and what starts next time are noted alike. */
static guint
get_places (virDomainPtr domain)
{
  guint places = 0;

  if (virDomainIsActive (domain) > 0)
    places |= VIR_DOMAIN_AFFECT_LIVE;
  if (virDomainIsPersistent (domain) > 0)
    places |= VIR_DOMAIN_AFFECT_CONFIG;
  return places;
}

/* Sets one of our own notes, in what runs and in what starts next. */
gboolean
xeno_machine_write_note (virDomainPtr   domain,
                         const char    *title,
                         const char    *key,
                         const char    *value,
                         GError       **error)
{
  g_autofree char *xml = virDomainGetXMLDesc (domain, 0);
  g_autoptr (XenoSpec) spec = xml != NULL ? xeno_spec_new_from_xml (xml, error) : NULL;
  g_autofree char *notes = NULL;

  if (xml == NULL)
    xeno_virt_set_error (error, _("“%s” could not be read."), title);
  if (spec == NULL)
    return FALSE;

  xeno_spec_set_note (spec, key, value);
  notes = xeno_spec_dup_notes (spec);
  if (virDomainSetMetadata (domain, VIR_DOMAIN_METADATA_ELEMENT, notes, XENO_SPEC_NOTES_PREFIX,
                            XENO_SPEC_NOTES_URI, get_places (domain)) == 0)
    return TRUE;

  xeno_virt_set_error (error, _("“%s” could not be changed."), title);
  return FALSE;
}

static gpointer
set_note (virDomainPtr   domain,
          const char    *title,
          gpointer       data,
          GError       **error)
{
  const Note *note = data;

  return xeno_machine_write_note (domain, title, note->key, note->value, error)
         ? xeno_facts_read_domain (domain, TRUE, error) : NULL;
}

/**
 * xeno_machine_dup_note:
 * @self: a machine
 * @key: the note's name
 *
 * Returns: (nullable) (transfer full): one of our own notes on the machine, as last read
 */
char *
xeno_machine_dup_note (XenoMachine *self,
                       const char  *key)
{
  g_autoptr (XenoSpec) spec = NULL;

  g_return_val_if_fail (XENO_IS_MACHINE (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  spec = xeno_machine_dup_spec (self);
  return spec != NULL ? xeno_spec_dup_note (spec, key) : NULL;
}

/**
 * xeno_machine_set_note_async:
 * @self: a machine
 * @key: the note's name
 * @value: (nullable): the note, or %NULL to remove it
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called when it is done
 * @user_data: passed to @callback
 *
 * Sets one of our own notes on the machine, which travel with it and are the same for everybody. It
 * holds at once, whether the machine runs or not.
 */
void
xeno_machine_set_note_async (XenoMachine         *self,
                             const char          *key,
                             const char          *value,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  Note *note;

  g_return_if_fail (XENO_IS_MACHINE (self));
  g_return_if_fail (key != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_machine_set_note_async);
  note = g_new (Note, 1);
  note->key = g_strdup (key);
  note->value = g_strdup (value);
  xeno_machine_run_change (task, set_note, note, note_free);
}

/**
 * xeno_machine_set_note_finish:
 * @self: a machine
 * @result: what the callback got
 * @error: where to say why it was not done
 *
 * Finishes xeno_machine_set_note_async().
 *
 * Returns: whether it was done
 */
gboolean
xeno_machine_set_note_finish (XenoMachine   *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * xeno_machine_is_untrusted:
 * @self: a machine
 *
 * Returns: whether it was noted that nothing is to be shared with it
 */
gboolean
xeno_machine_is_untrusted (XenoMachine *self)
{
  g_return_val_if_fail (XENO_IS_MACHINE (self), FALSE);

  return self->is_untrusted;
}

/**
 * xeno_machine_set_untrusted_async:
 * @self: a machine
 * @is_untrusted: whether nothing is to be shared with it
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called when it is done
 * @user_data: passed to @callback
 *
 * Notes it on the machine; xeno_machine_set_note_finish() finishes it.
 */
void
xeno_machine_set_untrusted_async (XenoMachine         *self,
                                  gboolean             is_untrusted,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  xeno_machine_set_note_async (self, XENO_SPEC_NOTE_UNTRUSTED, is_untrusted ? "yes" : NULL, cancellable, callback,
                               user_data);
}
