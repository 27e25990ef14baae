/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the builder is told to make: a machine on paper, and the files it needs. */
#include "config.h"

#include <unistd.h>

#include "create/xeno-plan.h"
#include "spec/xeno-name.h"
#include "virt/xeno-machine.h"

G_DEFINE_INTERFACE (XenoPlan, xeno_plan, G_TYPE_OBJECT)

static void
xeno_plan_default_init (XenoPlanInterface *iface)
{
}

/**
 * xeno_plan_file_new:
 * @role: what the file is to the machine
 * @suffix: what its name ends in
 * @maker: the row of the table of makers that makes it
 *
 * Makes the plan of a file.
 *
 * Returns: (transfer full): the plan, to be filled in
 */
XenoPlanFile *
xeno_plan_file_new (const char *role,
                    const char *suffix,
                    const char *maker)
{
  XenoPlanFile *file;

  g_return_val_if_fail (role != NULL && suffix != NULL && maker != NULL, NULL);

  file = g_new0 (XenoPlanFile, 1);
  file->role = g_strdup (role);
  file->suffix = g_strdup (suffix);
  file->maker = g_strdup (maker);
  file->fd = -1;
  return file;
}

static void
part_free (gpointer data)
{
  XenoPlanPart *part = data;

  g_free (part->path);
  g_free (part->checksum);
  g_free (part);
}

/**
 * xeno_plan_file_add_part:
 * @file: the plan of a file
 * @path: a file
 * @offset: where in it the part begins
 * @n_bytes: how long it is
 *
 * Adds a part to what the file is made from.
 *
 * Returns: (transfer none): the part
 */
XenoPlanPart *
xeno_plan_file_add_part (XenoPlanFile *file,
                         const char   *path,
                         guint64       offset,
                         guint64       n_bytes)
{
  XenoPlanPart *part = g_new0 (XenoPlanPart, 1);

  g_return_val_if_fail (file != NULL && path != NULL, NULL);

  part->path = g_strdup (path);
  part->offset = offset;
  part->n_bytes = n_bytes;
  if (file->parts == NULL)
    file->parts = g_ptr_array_new_with_free_func (part_free);
  g_ptr_array_add (file->parts, part);
  return part;
}

/**
 * xeno_plan_file_free:
 * @file: (transfer full): the plan of a file
 *
 * Frees it; the file itself stays.
 */
void
xeno_plan_file_free (XenoPlanFile *file)
{
  g_return_if_fail (file != NULL);

  g_free (file->role);
  g_free (file->suffix);
  g_free (file->maker);
  g_free (file->source_path);
  g_free (file->source_format);
  g_free (file->source_below);
  g_free (file->source_role);
  g_clear_pointer (&file->parts, g_ptr_array_unref);
  if (file->fd >= 0)
    close (file->fd);
  g_free (file->source_member);
  g_free (file->member_checksum);
  if (file->free_author != NULL)
    file->free_author (file->author);
  g_free (file->path);
  g_free (file);
}

/**
 * xeno_plan_get_title:
 * @self: a plan
 *
 * Gets what people will call the machine.
 *
 * Returns: (transfer none) (nullable): the title, which may be taken
 */
const char *
xeno_plan_get_title (XenoPlan *self)
{
  g_return_val_if_fail (XENO_IS_PLAN (self), NULL);

  return XENO_PLAN_GET_IFACE (self)->get_title (self);
}

/**
 * xeno_plan_set_title:
 * @self: a plan whose title is a person's to choose
 * @title: what people shall call the machine
 *
 * Sets its title.
 */
void
xeno_plan_set_title (XenoPlan   *self,
                     const char *title)
{
  g_return_if_fail (XENO_IS_PLAN (self));
  g_return_if_fail (title != NULL);
  g_return_if_fail (XENO_PLAN_GET_IFACE (self)->set_title != NULL);

  XENO_PLAN_GET_IFACE (self)->set_title (self, title);
}

/**
 * xeno_plan_get_arch:
 * @self: a plan
 *
 * Gets the architecture of the machine.
 *
 * Returns: (transfer none) (nullable): the architecture, or %NULL for the host's
 */
const char *
xeno_plan_get_arch (XenoPlan *self)
{
  XenoPlanInterface *iface;

  g_return_val_if_fail (XENO_IS_PLAN (self), NULL);

  iface = XENO_PLAN_GET_IFACE (self);
  return iface->get_arch != NULL ? iface->get_arch (self) : NULL;
}

static gboolean
is_title_taken (const char *title,
                gpointer    user_data)
{
  GListModel *machines = user_data;

  for (guint i = 0; i < g_list_model_get_n_items (machines); i++)
    {
      g_autoptr (XenoMachine) machine = g_list_model_get_item (machines, i);

      if (g_strcmp0 (xeno_machine_get_title (machine), title) == 0
          || g_strcmp0 (xeno_machine_get_name (machine), title) == 0)
        return TRUE;
    }
  return FALSE;
}

/**
 * xeno_plan_dup_free_title:
 * @self: a plan with a title
 * @machines: a list of #XenoMachine
 *
 * Gets the title, with a number behind it if a machine has it already.
 *
 * Returns: (transfer full): a title that is free
 */
char *
xeno_plan_dup_free_title (XenoPlan   *self,
                          GListModel *machines)
{
  const char *title = xeno_plan_get_title (self);

  g_return_val_if_fail (G_IS_LIST_MODEL (machines), NULL);
  g_return_val_if_fail (title != NULL, NULL);

  return xeno_name_make_unique (title, " ", is_title_taken, machines);
}

/**
 * xeno_plan_is_network_ours:
 * @self: a plan
 *
 * Tells whether nobody but us chose the machine's network, so that it may do without one that is missing.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_plan_is_network_ours (XenoPlan *self)
{
  XenoPlanInterface *iface;

  g_return_val_if_fail (XENO_IS_PLAN (self), FALSE);

  iface = XENO_PLAN_GET_IFACE (self);
  return iface->is_network_ours != NULL && iface->is_network_ours (self);
}

/**
 * xeno_plan_is_passing:
 * @self: a plan
 *
 * Tells whether the machine is gone when it stops, and its files with it.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_plan_is_passing (XenoPlan *self)
{
  XenoPlanInterface *iface;

  g_return_val_if_fail (XENO_IS_PLAN (self), FALSE);

  iface = XENO_PLAN_GET_IFACE (self);
  return iface->is_passing != NULL && iface->is_passing (self);
}

/**
 * xeno_plan_get_memory_path:
 * @self: a plan
 *
 * Gets the memory that the machine goes on from instead of starting.
 *
 * Returns: (nullable): the file, or %NULL where it starts as machines do
 */
const char *
xeno_plan_get_memory_path (XenoPlan *self)
{
  XenoPlanInterface *iface;

  g_return_val_if_fail (XENO_IS_PLAN (self), NULL);

  iface = XENO_PLAN_GET_IFACE (self);
  return iface->get_memory_path != NULL ? iface->get_memory_path (self) : NULL;
}

/**
 * xeno_plan_get_uuid:
 * @self: a plan
 *
 * Gets the UUID the machine should have. Another machine may have it.
 *
 * Returns: (transfer none) (nullable): the UUID, or %NULL where any will do
 */
const char *
xeno_plan_get_uuid (XenoPlan *self)
{
  XenoPlanInterface *iface;

  g_return_val_if_fail (XENO_IS_PLAN (self), NULL);

  iface = XENO_PLAN_GET_IFACE (self);
  return iface->get_uuid != NULL ? iface->get_uuid (self) : NULL;
}

/**
 * xeno_plan_get_name:
 * @self: a plan
 *
 * Gets the name libvirt should know the machine by. Another machine may have it.
 *
 * Returns: (transfer none) (nullable): the name, or %NULL where one is made of the title
 */
const char *
xeno_plan_get_name (XenoPlan *self)
{
  XenoPlanInterface *iface;

  g_return_val_if_fail (XENO_IS_PLAN (self), NULL);

  iface = XENO_PLAN_GET_IFACE (self);
  return iface->get_name != NULL ? iface->get_name (self) : NULL;
}

/**
 * xeno_plan_list_snapshots:
 * @self: a plan whose document was made
 * @current: (out): (nullable): the name of the snapshot the machine stands on
 *
 * Lists the snapshots that the disks of the machine hold.
 *
 * Returns: (transfer full): what libvirt is to be told of each; mostly nothing
 */
GStrv
xeno_plan_list_snapshots (XenoPlan    *self,
                          const char **current)
{
  XenoPlanInterface *iface;

  g_return_val_if_fail (XENO_IS_PLAN (self), NULL);
  g_return_val_if_fail (current != NULL, NULL);

  *current = NULL;
  iface = XENO_PLAN_GET_IFACE (self);
  return iface->list_snapshots != NULL ? iface->list_snapshots (self, current) : g_new0 (char *, 1);
}

/**
 * xeno_plan_list_files:
 * @self: a plan
 *
 * Lists what has to be made for the machine, in the order of the work.
 *
 * Returns: (transfer full) (element-type XenoPlanFile): the files; none is made yet
 */
GPtrArray *
xeno_plan_list_files (XenoPlan *self)
{
  g_return_val_if_fail (XENO_IS_PLAN (self), NULL);

  return XENO_PLAN_GET_IFACE (self)->list_files (self);
}

/**
 * xeno_plan_find_file:
 * @files: (nullable) (element-type XenoPlanFile): what is made for a machine
 * @role: what the file is to it
 *
 * Finds one of the files.
 *
 * Returns: (transfer none) (nullable): the file, or %NULL if there is none in that role
 */
XenoPlanFile *
xeno_plan_find_file (GPtrArray  *files,
                     const char *role)
{
  g_return_val_if_fail (role != NULL, NULL);

  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      XenoPlanFile *file = g_ptr_array_index (files, i);

      if (g_str_equal (file->role, role))
        return file;
    }
  return NULL;
}

/**
 * xeno_plan_find_path:
 * @files: (nullable) (element-type XenoPlanFile): what is made for a machine
 * @role: what the file is to it
 *
 * Finds where one of the files is.
 *
 * Returns: (transfer none) (nullable): its path, or %NULL if there is none in that role
 */
const char *
xeno_plan_find_path (GPtrArray  *files,
                     const char *role)
{
  XenoPlanFile *file;

  g_return_val_if_fail (role != NULL, NULL);

  file = xeno_plan_find_file (files, role);
  return file != NULL ? file->path : NULL;
}

/**
 * xeno_plan_look_async:
 * @self: a plan
 * @connection: where the machine shall live
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is known
 * @user_data: for @callback
 *
 * Looks whether the machine can be made, and whether what it is made from is still what it was. Nothing
 * is made or changed.
 */
void
xeno_plan_look_async (XenoPlan            *self,
                      XenoConnection      *connection,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_return_if_fail (XENO_IS_PLAN (self));
  g_return_if_fail (XENO_IS_CONNECTION (connection));

  XENO_PLAN_GET_IFACE (self)->look_async (self, connection, cancellable, callback, user_data);
}

/**
 * xeno_plan_look_finish:
 * @self: a plan
 * @result: what the callback was given
 * @error: why it cannot be made, with what to do
 *
 * Ends xeno_plan_look_async().
 *
 * Returns: %TRUE if it can be made
 */
gboolean
xeno_plan_look_finish (XenoPlan      *self,
                       GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (XENO_IS_PLAN (self), FALSE);

  return XENO_PLAN_GET_IFACE (self)->look_finish (self, result, error);
}

/**
 * xeno_plan_make_spec:
 * @self: a plan
 * @connection: where the machine shall live
 * @caps: what the host offers
 * @name: the name libvirt will know it by
 * @uuid: its UUID
 * @files: (element-type XenoPlanFile): its files, with their paths
 * @error: what it cannot have, with what to do
 *
 * Writes the document of the machine.
 *
 * Returns: (transfer full): the document
 */
XenoSpec *
xeno_plan_make_spec (XenoPlan        *self,
                     XenoConnection  *connection,
                     XenoCaps        *caps,
                     const char      *name,
                     const char      *uuid,
                     GPtrArray       *files,
                     GError         **error)
{
  g_return_val_if_fail (XENO_IS_PLAN (self), NULL);
  g_return_val_if_fail (name != NULL && uuid != NULL, NULL);

  return XENO_PLAN_GET_IFACE (self)->make_spec (self, connection, caps, name, uuid, files, error);
}
