/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Templates: machines that others are made from, and that nothing writes to. */
#include "config.h"

#include <errno.h>
#include <sys/stat.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "virt/xeno-delete-plan-private.h"
#include "virt/xeno-machine-call.h"
#include "virt/xeno-machine-template.h"
#include "virt/xeno-virt-error.h"

#define WRITE_BITS (S_IWUSR | S_IWGRP | S_IWOTH)

static gboolean
check_off (virDomainPtr   domain,
           const char    *title,
           GError       **error)
{
  if (virDomainIsActive (domain) <= 0 && virDomainHasManagedSaveImage (domain, 0) <= 0)
    return TRUE;

  xeno_set_error (error, XENO_ERROR_WRONG_STATE, NULL,
                  _("“%s” cannot become a template while it runs or has a saved state. Shut it down first."),
                  title);
  return FALSE;
}

static gboolean
check_unused (virDomainPtr   domain,
              const char    *title,
              GError       **error)
{
  g_autoptr (GError) reason = NULL;
  g_autofree char *heir = xeno_delete_plan_find_heir (virDomainGetConnect (domain), domain, &reason);

  if (reason != NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  else if (heir != NULL)
    xeno_set_error (error, XENO_ERROR_IN_USE, NULL,
                    _("“%s” stays a template, because the disk of “%s” is built on its disk. Delete that "
                      "machine first."), title, heir);
  else
    return TRUE;
  return FALSE;
}

/* A second wall, for programs that do not read our notes. Whose file it is not (the system's daemon has
 * its own), or on another computer, there is only the first. */
static void
protect_disks (virDomainPtr domain,
               gboolean     is_template)
{
  g_autofree char *xml = virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_INACTIVE);
  g_autoptr (XenoSpec) spec = xml != NULL ? xeno_spec_new_from_xml (xml, NULL) : NULL;
  g_autoptr (GPtrArray) disks = spec != NULL ? xeno_spec_list_devices (spec, "disk") : NULL;

  for (guint i = 0; disks != NULL && i < disks->len; i++)
    {
      g_autofree char *device = xeno_device_dup_string (disks->pdata[i], "device");
      g_autofree char *path = xeno_device_dup_string (disks->pdata[i], "source-file");
      mode_t mode;
      GStatBuf info;

      if (g_strcmp0 (device, "disk") != 0 || xeno_device_get_boolean (disks->pdata[i], "readonly")
          || xeno_device_get_boolean (disks->pdata[i], "shareable")
          || path == NULL || g_lstat (path, &info) != 0 || !S_ISREG (info.st_mode))
        continue;
      mode = is_template ? info.st_mode & ~WRITE_BITS : info.st_mode | S_IWUSR;
      if (mode != info.st_mode && g_chmod (path, mode & 07777) != 0)
        g_info ("The mode of %s stays as it is: %s", path, g_strerror (errno));
    }
}

typedef struct
{
  gboolean is_template;
  gboolean is_local;
} Change;

static gpointer
set_template (virDomainPtr   domain,
              const char    *title,
              gpointer       data,
              GError       **error)
{
  const Change *change = data;

  if (!(change->is_template ? check_off : check_unused) (domain, title, error)
      || !xeno_machine_write_note (domain, title, XENO_SPEC_NOTE_TEMPLATE, change->is_template ? "yes" : NULL,
                                   error))
    return NULL;

  /* What starts with the host would fail to. */
  if (change->is_template)
    virDomainSetAutostart (domain, FALSE);
  if (change->is_local)
    protect_disks (domain, change->is_template);
  return xeno_facts_read_domain (domain, TRUE, error);
}

/**
 * xeno_machine_set_template_async:
 * @self: a machine
 * @is_template: whether it is to be a template
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called when it is done
 * @user_data: passed to @callback
 *
 * Makes a machine a template, which never starts and whose disks nothing writes to, or a machine as
 * others again. Errors: %XENO_ERROR_WRONG_STATE while it runs, %XENO_ERROR_IN_USE while the disks of
 * other machines are built on it.
 */
void
xeno_machine_set_template_async (XenoMachine         *self,
                                 gboolean             is_template,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  XenoConnection *connection;
  g_autoptr (GTask) task = NULL;
  Change *change;

  g_return_if_fail (XENO_IS_MACHINE (self));

  connection = xeno_machine_get_connection (self);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_machine_set_template_async);
  change = g_new0 (Change, 1);
  change->is_template = is_template;
  change->is_local = connection != NULL && xeno_connection_is_local (connection);
  xeno_machine_run_change (task, set_template, change, g_free);
}

/**
 * xeno_machine_set_template_finish:
 * @self: a machine
 * @result: what the callback got
 * @error: where to say why it was not done
 *
 * Finishes xeno_machine_set_template_async().
 *
 * Returns: whether it was done
 */
gboolean
xeno_machine_set_template_finish (XenoMachine   *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
