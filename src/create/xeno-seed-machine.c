/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine that was made with a seed: the file, the drive it is in, and what it would be told again. */
#include "config.h"

#include <string.h>

#include "create/xeno-seed-machine.h"

#define SUFFIX "-seed.iso"

/* What tells one Linux from all others. systemd makes it anew where there is none; of D-Bus it would take the
 * old one. It holds from the next start on. */
#define OTHER_IDENTITY "#!/bin/sh\nrm -f /etc/machine-id /var/lib/dbus/machine-id\nsystemd-machine-id-setup\n"

#define NOTE_USER     "seed-user"
#define NOTE_HOSTNAME "seed-hostname"

static GBytes *
write_seed (gconstpointer   author,
            const char     *uuid,
            GError        **error)
{
  return xeno_seed_make_disc (author, uuid, error);
}

/**
 * xeno_seed_plan_file:
 * @self: a seed
 *
 * Plans the file that a machine finds it in. Its UUID is who the guest takes itself for.
 *
 * Returns: (transfer full): the file
 */
XenoPlanFile *
xeno_seed_plan_file (const XenoSeed *self)
{
  XenoPlanFile *file;

  g_return_val_if_fail (self != NULL, NULL);

  file = xeno_plan_file_new (XENO_SEED_ROLE, SUFFIX, "written");
  file->room_bytes = XENO_SEED_MAX_BYTES;
  file->write = write_seed;
  file->author = xeno_seed_copy (self);
  file->free_author = (GDestroyNotify) xeno_seed_free;
  return file;
}

/**
 * xeno_seed_note:
 * @self: a seed
 * @spec: the machine that gets it
 *
 * Notes on a machine what it takes to tell it, or a copy of it, again: nothing that is secret.
 */
void
xeno_seed_note (const XenoSeed *self,
                XenoSpec       *spec)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (XENO_IS_SPEC (spec));

  xeno_spec_set_note (spec, NOTE_USER, self->user);
  xeno_spec_set_note (spec, NOTE_HOSTNAME, self->hostname);
}

/**
 * xeno_seed_new_again:
 * @spec: a machine
 * @title: (nullable): what people call the copy it is for, or %NULL for the machine itself
 *
 * Makes what a guest is told that was told all before: who logs in, whose password and keys are on the disk
 * already, and what it is called. A copy that finds it, with a UUID of its own, makes host keys of its own and
 * finds its own network card, and gets a machine-id of its own; it installs and runs nothing again.
 *
 * Returns: (transfer full) (nullable): the seed, or %NULL where nobody noted that there was one
 */
XenoSeed *
xeno_seed_new_again (XenoSpec   *spec,
                     const char *title)
{
  g_autoptr (XenoSeed) seed = xeno_seed_new ();

  g_return_val_if_fail (XENO_IS_SPEC (spec), NULL);

  seed->is_again = TRUE;
  seed->script = title != NULL ? g_strdup (OTHER_IDENTITY) : NULL;
  seed->user = xeno_spec_dup_note (spec, NOTE_USER);
  seed->hostname = title != NULL ? xeno_seed_make_hostname (title) : xeno_spec_dup_note (spec, NOTE_HOSTNAME);
  /* Anybody may write notes. */
  return seed->user != NULL && seed->hostname != NULL && xeno_seed_check (seed, NULL) ? g_steal_pointer (&seed) : NULL;
}

static gboolean
is_ours (const char *path)
{
  g_autofree char *base = path != NULL ? g_path_get_basename (path) : NULL;

  if (base == NULL || !g_str_has_suffix (base, SUFFIX))
    return FALSE;

  base[strlen (base) - strlen (SUFFIX)] = '\0';
  return g_uuid_string_is_valid (base);
}

/**
 * xeno_seed_find_drive:
 * @spec: a machine
 *
 * Finds the drive with the seed that was made for a machine.
 *
 * Returns: (transfer full) (nullable): the drive, or %NULL where there is none
 */
XenoDevice *
xeno_seed_find_drive (XenoSpec *spec)
{
  g_autoptr (GPtrArray) disks = NULL;

  g_return_val_if_fail (XENO_IS_SPEC (spec), NULL);

  disks = xeno_spec_list_devices (spec, "disk");
  for (guint i = 0; i < disks->len; i++)
    {
      XenoDevice *disk = g_ptr_array_index (disks, i);
      g_autofree char *kind = xeno_device_dup_string (disk, "device");
      g_autofree char *path = xeno_device_dup_string (disk, "source-file");

      if (g_strcmp0 (kind, "cdrom") == 0 && is_ours (path))
        return g_object_ref (disk);
    }
  return NULL;
}
