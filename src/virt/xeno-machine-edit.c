/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes of a machine's document: edits, its name, whether it starts with the host. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <libvirt/virterror.h>

#include "base/xeno-error.h"
#include "spec/xeno-name.h"
#include "virt/xeno-connection-private.h"
#include "virt/xeno-machine-private.h"
#include "virt/xeno-virt-error.h"

/* One change on its way to a worker. */
typedef struct
{
  char                *uuid;
  char                *title;
  XenoMachineEditFunc  edit;
  gpointer             edit_data;
  GDestroyNotify       free_edit_data;
  char                *new_title;
  gboolean             autostart;
} Change;

static void
change_free (gpointer data)
{
  Change *change = data;

  if (change->edit_data != NULL && change->free_edit_data != NULL)
    change->free_edit_data (change->edit_data);
  g_free (change->uuid);
  g_free (change->title);
  g_free (change->new_title);
  g_free (change);
}

static Change *
change_new (XenoMachine *self)
{
  Change *change = g_new0 (Change, 1);

  change->uuid = g_strdup (xeno_machine_get_uuid (self));
  change->title = g_strdup (xeno_machine_get_title (self));
  return change;
}

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

/* Runs a change, after which the machine is as @func read it. */
static void
run_change (GTask        *task,
            XenoCallFunc  func,
            Change       *change)
{
  XenoMachine *self = g_task_get_source_object (task);
  XenoConnection *connection = xeno_machine_get_connection (self);
  g_autoptr (GTask) call = NULL;

  if (connection == NULL)
    {
      g_task_return_error (task, xeno_error_new (XENO_ERROR_NO_CONNECTION, NULL,
                                                 _("“%s” cannot be reached: its connection is closed."), change->title));
      change_free (change);
      return;
    }

  xeno_machine_hold_busy (self);
  call = g_task_new (self, g_task_get_cancellable (task), changed_cb, g_object_ref (task));
  xeno_connection_call (connection, change->uuid, XENO_CALL_MS, call, func,
                        change, change_free, (GDestroyNotify) xeno_facts_free);
}

static char *
apply_edit (Change      *change,
            const char  *xml,
            GError     **error)
{
  g_autoptr (XenoSpec) spec = xeno_spec_new_from_xml (xml, error);
  g_autofree char *name_before = NULL;
  g_autofree char *name = NULL;
  g_autofree char *uuid = NULL;

  if (spec == NULL)
    return NULL;

  name_before = xeno_spec_dup_name (spec);
  if (!change->edit (spec, change->edit_data, error))
    return NULL;

  name = xeno_spec_dup_name (spec);
  uuid = xeno_spec_dup_uuid (spec);
  if (g_strcmp0 (uuid, change->uuid) == 0 && g_strcmp0 (name, name_before) == 0)
    return xeno_spec_to_xml (spec);

  /* It would make a second machine. */
  xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("The name and the uuid of “%s” cannot be edited."), change->title);
  return NULL;
}

static gpointer
edit_call (virConnectPtr   handle,
           gpointer        data,
           GCancellable   *cancellable,
           GError        **error)
{
  Change *change = data;
  virDomainPtr domain = xeno_connection_lookup (handle, change->uuid, change->title, error);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  if (domain == NULL)
    return NULL;

  before = virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE);
  virDomainFree (domain);
  if (before == NULL)
    {
      xeno_virt_set_error (error, _("“%s” could not be read."), change->title);
      return NULL;
    }

  after = apply_edit (change, before, error);
  if (after == NULL)
    return NULL;
  domain = virDomainDefineXML (handle, after);
  if (domain == NULL)
    {
      xeno_virt_set_error (error, _("“%s” could not be changed."), change->title);
      return NULL;
    }

  virDomainFree (domain);
  return xeno_facts_read (handle, change->uuid, TRUE, error);
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
  Change *change;

  g_return_if_fail (XENO_IS_MACHINE (self));
  g_return_if_fail (edit != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_machine_edit_async);
  change = change_new (self);
  change->edit = edit;
  change->edit_data = edit_data;
  change->free_edit_data = free_edit_data;
  run_change (task, edit_call, change);
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

/* Whom a name must not be taken from. */
typedef struct
{
  virConnectPtr  handle;
  const char    *uuid;
} Others;

static gboolean
is_taken (const char *name,
          gpointer    user_data)
{
  Others *others = user_data;
  virDomainPtr domain = virDomainLookupByName (others->handle, name);
  char uuid[VIR_UUID_STRING_BUFLEN] = "";

  if (domain == NULL)
    return FALSE;

  virDomainGetUUIDString (domain, uuid);
  virDomainFree (domain);
  return strcmp (uuid, others->uuid) != 0;
}

static gboolean
set_title (virDomainPtr  domain,
           Change       *change,
           GError      **error)
{
  guint flags = VIR_DOMAIN_AFFECT_CONFIG;

  if (virDomainIsActive (domain) > 0)
    flags |= VIR_DOMAIN_AFFECT_LIVE;
  if (virDomainSetMetadata (domain, VIR_DOMAIN_METADATA_TITLE, change->new_title, NULL, NULL, flags) == 0)
    return TRUE;

  xeno_virt_set_error (error, _("“%s” could not be renamed."), change->title);
  return FALSE;
}

static gboolean
rename_domain (virConnectPtr   handle,
               virDomainPtr    domain,
               Change         *change,
               GError        **error)
{
  Others others = { handle, change->uuid };
  g_autofree char *before = g_strdup (virDomainGetName (domain));
  g_autofree char *slug = xeno_name_make_slug (change->new_title);
  g_autofree char *name = xeno_name_make_unique (slug, "-", is_taken, &others);

  if (strcmp (name, before) != 0 && virDomainRename (domain, name, 0) < 0)
    {
      xeno_virt_set_error (error, _("“%s” could not be renamed."), change->title);
      return FALSE;
    }
  if (set_title (domain, change, error))
    return TRUE;

  if (strcmp (name, before) != 0)
    virDomainRename (domain, before, 0);
  return FALSE;
}

static gpointer
rename_call (virConnectPtr   handle,
             gpointer        data,
             GCancellable   *cancellable,
             GError        **error)
{
  Change *change = data;
  virDomainPtr domain = xeno_connection_lookup (handle, change->uuid, change->title, error);
  gboolean is_renamed;

  if (domain == NULL)
    return NULL;

  /* libvirt cannot rename what runs or has a saved state; people care for the title alone. */
  if (virDomainIsActive (domain) > 0 || virDomainHasManagedSaveImage (domain, 0) > 0)
    is_renamed = set_title (domain, change, error);
  else
    is_renamed = rename_domain (handle, domain, change, error);
  virDomainFree (domain);
  return is_renamed ? xeno_facts_read (handle, change->uuid, TRUE, error) : NULL;
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
  Change *change;

  g_return_if_fail (XENO_IS_MACHINE (self));
  g_return_if_fail (title != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_machine_rename_async);
  if (!xeno_name_check_title (title, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  change = change_new (self);
  change->new_title = g_strdup (title);
  run_change (task, rename_call, change);
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
autostart_call (virConnectPtr   handle,
                gpointer        data,
                GCancellable   *cancellable,
                GError        **error)
{
  Change *change = data;
  virDomainPtr domain = xeno_connection_lookup (handle, change->uuid, change->title, error);
  int result;

  if (domain == NULL)
    return NULL;

  result = virDomainSetAutostart (domain, change->autostart);
  if (result < 0)
    xeno_virt_set_error (error, _("Whether “%s” starts with the host could not be changed."), change->title);
  virDomainFree (domain);
  return result < 0 ? NULL : xeno_facts_read (handle, change->uuid, FALSE, error);
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
  Change *change;

  g_return_if_fail (XENO_IS_MACHINE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_machine_set_autostart_async);
  change = change_new (self);
  change->autostart = autostart;
  run_change (task, autostart_call, change);
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
