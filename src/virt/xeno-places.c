/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where QEMU's libvirt keeps what it has of a machine and names in no document. */
#include "config.h"

#include "virt/xeno-places.h"

/* The first is beneath the person's configuration, the other root's. */
#define SESSION_FOLDER "libvirt/qemu"
#define SYSTEM_FOLDER  "/var/lib/libvirt"

static const struct
{
  const char *version;
  const char *file;
} tpm_files[] = {
  { "2.0", "tpm2/tpm2-00.permall" },
  { "1.2", "tpm1.2/tpm-00.permall" },
};

/**
 * xeno_places_dup_nvram:
 * @uri: a connection of this computer
 * @name: a machine's name, as libvirt knows it
 *
 * Finds out where the variables of a machine's firmware are when its document leaves the choice of the firmware
 * to libvirt: 9.0 names their file only while the machine runs.
 *
 * Returns: (transfer full) (nullable): the path, where there may be nothing yet; %NULL where it is not known
 */
char *
xeno_places_dup_nvram (const char *uri,
                       const char *name)
{
  g_autofree char *file = NULL;

  g_return_val_if_fail (uri != NULL && name != NULL, NULL);

  file = g_strdup_printf ("%s_VARS.fd", name);
  if (g_str_equal (uri, "qemu:///session"))
    return g_build_filename (g_get_user_config_dir (), SESSION_FOLDER, "nvram", file, NULL);
  if (g_str_equal (uri, "qemu:///system"))
    return g_build_filename (SYSTEM_FOLDER, "qemu", "nvram", file, NULL);
  return NULL;
}

/**
 * xeno_places_dup_tpm:
 * @uri: a connection of this computer
 * @uuid: a machine's UUID
 * @version: (nullable): the version of its TPM
 *
 * Finds out where what a machine's emulated TPM keeps is.
 *
 * Returns: (transfer full) (nullable): the path, where there may be nothing yet; %NULL where it is not known
 */
char *
xeno_places_dup_tpm (const char *uri,
                     const char *uuid,
                     const char *version)
{
  g_return_val_if_fail (uri != NULL && uuid != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tpm_files); i++)
    {
      if (version != NULL && !g_str_equal (version, tpm_files[i].version))
        continue;
      if (g_str_equal (uri, "qemu:///session"))
        return g_build_filename (g_get_user_config_dir (), SESSION_FOLDER, "swtpm", uuid, tpm_files[i].file, NULL);
      if (g_str_equal (uri, "qemu:///system"))
        return g_build_filename (SYSTEM_FOLDER, "swtpm", uuid, tpm_files[i].file, NULL);
    }
  return NULL;
}
