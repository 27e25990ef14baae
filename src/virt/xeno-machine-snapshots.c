/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What libvirt notes of a machine's snapshots, read and written down again. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <libvirt/virterror.h>

#include "base/xeno-error.h"
#include "virt/xeno-machine-call.h"
#include "virt/xeno-machine-snapshots-private.h"
#include "virt/xeno-virt-error.h"

static char *
read_one (virDomainSnapshotPtr   snapshot,
          const char            *title,
          char                 **current,
          GError               **error)
{
  char *xml = virDomainSnapshotGetXMLDesc (snapshot, VIR_DOMAIN_SNAPSHOT_XML_SECURE);
  char *copy;

  if (xml == NULL)
    {
      xeno_virt_set_error (error, _("A snapshot of “%s” could not be read."), title);
      return NULL;
    }
  if (virDomainSnapshotIsCurrent (snapshot, 0) == 1)
    {
      g_free (*current);
      *current = g_strdup (virDomainSnapshotGetName (snapshot));
    }
  copy = g_strdup (xml);
  free (xml);
  return copy;
}

/* Blocks. Each comes behind the one it was made after; which one the machine stands on now is put to
 * @current. A hypervisor that knows no snapshots has none. */
GStrv
xeno_machine_read_snapshots (virDomainPtr   domain,
                             const char    *title,
                             char         **current,
                             GError       **error)
{
  g_autoptr (GStrvBuilder) documents = g_strv_builder_new ();
  virDomainSnapshotPtr *snapshots = NULL;
  gboolean is_good = TRUE;
  int n = virDomainListAllSnapshots (domain, &snapshots, VIR_DOMAIN_SNAPSHOT_LIST_TOPOLOGICAL);

  if (n < 0 && virGetLastErrorCode () != VIR_ERR_NO_SUPPORT)
    {
      xeno_virt_set_error (error, _("The snapshots of “%s” could not be read."), title);
      return NULL;
    }

  for (int i = 0; i < n; i++)
    {
      g_autofree char *xml = is_good ? read_one (snapshots[i], title, current, error) : NULL;

      is_good = xml != NULL;
      if (is_good)
        g_strv_builder_add (documents, xml);
      virDomainSnapshotFree (snapshots[i]);
    }
  free (snapshots);
  return is_good ? g_strv_builder_end (documents) : NULL;
}

typedef struct
{
  GStrv  documents;
  char  *current;
} Snapshots;

static void
snapshots_free (gpointer data)
{
  Snapshots *snapshots = data;

  g_strfreev (snapshots->documents);
  g_free (snapshots->current);
  g_free (snapshots);
}

static gboolean
make_current (virDomainPtr   domain,
              const char    *title,
              const char    *name,
              GError       **error)
{
  virDomainSnapshotPtr snapshot = virDomainSnapshotLookupByName (domain, name, 0);
  virDomainSnapshotPtr again = NULL;
  char *xml = snapshot != NULL ? virDomainSnapshotGetXMLDesc (snapshot, VIR_DOMAIN_SNAPSHOT_XML_SECURE) : NULL;

  if (xml != NULL)
    again = virDomainSnapshotCreateXML (domain, xml, VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE
                                                     | VIR_DOMAIN_SNAPSHOT_CREATE_CURRENT);
  if (again == NULL)
    xeno_virt_set_error (error, _("A snapshot of “%s” could not be put back."), title);
  if (snapshot != NULL)
    virDomainSnapshotFree (snapshot);
  if (again != NULL)
    virDomainSnapshotFree (again);
  free (xml);
  return again != NULL;
}

static gpointer
restore (virDomainPtr   domain,
         const char    *title,
         gpointer       data,
         GError       **error)
{
  const Snapshots *snapshots = data;

  for (guint i = 0; snapshots->documents[i] != NULL; i++)
    {
      virDomainSnapshotPtr snapshot = virDomainSnapshotCreateXML (domain, snapshots->documents[i],
                                                                  VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE);

      if (snapshot == NULL)
        {
          xeno_virt_set_error (error, _("A snapshot of “%s” could not be put back."), title);
          return NULL;
        }
      virDomainSnapshotFree (snapshot);
    }
  if (snapshots->current != NULL && !make_current (domain, title, snapshots->current, error))
    return NULL;
  return GINT_TO_POINTER (TRUE);
}

/**
 * xeno_machine_restore_snapshots_async:
 * @self: a machine whose disks hold the snapshots
 * @documents: what libvirt noted of each, each behind the one it was made after
 * @current: (nullable): the name of the one the machine stands on
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called when they are known
 * @user_data: passed to @callback
 *
 * Tells libvirt of snapshots that are there; nothing is made or reverted.
 */
void
xeno_machine_restore_snapshots_async (XenoMachine         *self,
                                      const char * const  *documents,
                                      const char          *current,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  Snapshots *snapshots;

  g_return_if_fail (XENO_IS_MACHINE (self));
  g_return_if_fail (documents != NULL);

  snapshots = g_new0 (Snapshots, 1);
  snapshots->documents = g_strdupv ((char **) documents);
  snapshots->current = g_strdup (current);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_machine_restore_snapshots_async);
  xeno_machine_call (self, XENO_CALL_MACHINE, XENO_LONG_CALL_MS, task, restore, snapshots, snapshots_free, NULL);
}

/**
 * xeno_machine_restore_snapshots_finish:
 * @self: a machine
 * @result: what the callback got
 * @error: which one was not taken
 *
 * Finishes xeno_machine_restore_snapshots_async().
 *
 * Returns: %TRUE if all are known
 */
gboolean
xeno_machine_restore_snapshots_finish (XenoMachine   *self,
                                       GAsyncResult  *result,
                                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}
