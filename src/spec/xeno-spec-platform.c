/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a machine on paper runs on: platform, firmware, memory, processors. */
#include "config.h"

#include <string.h>

#include "spec/xeno-field-private.h"
#include "spec/xeno-spec-private.h"

#define SECURE_BOOT_PATH "os/firmware/feature[@name='secure-boot']/@enabled"

static guint64
parse_uint (const char *text)
{
  guint64 number = 0;

  if (text != NULL)
    g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, &number, NULL);
  return number;
}

/* Where a machine has NUMA cells, their sum is its memory, whatever else the document says. */
static void
scale_numa_cells (XenoSpec *self,
                  guint64   bytes)
{
  xmlNode *numa = xeno_node_find (xeno_spec_get_root (self), "cpu/numa");
  xmlNode *first = numa != NULL ? xeno_node_next (numa->children, "cell") : NULL;
  guint64 left = bytes;
  double total = 0.0;

  for (xmlNode *cell = first; cell != NULL; cell = xeno_node_next (cell->next, "cell"))
    total += (double) xeno_node_get_bytes (cell, "@memory");
  if (total <= 0.0)
    return;

  for (xmlNode *cell = xeno_node_next (first->next, "cell");
       cell != NULL;
       cell = xeno_node_next (cell->next, "cell"))
    {
      double share = (double) xeno_node_get_bytes (cell, "@memory") / total;
      guint64 cell_bytes = (guint64) (share * (double) (bytes >> 20)) << 20;

      xeno_node_set_bytes (cell, "@memory", cell_bytes);
      left -= MIN (left, cell_bytes);
    }
  xeno_node_set_bytes (first, "@memory", left);
}

/**
 * xeno_spec_dup_virt_type:
 * @self: a machine on paper
 *
 * Gets what runs its processors: "kvm", "qemu".
 *
 * Returns: (nullable) (transfer full): the type
 */
char *
xeno_spec_dup_virt_type (XenoSpec *self)
{
  return xeno_spec_dup_value (self, "@type");
}

/**
 * xeno_spec_set_virt_type:
 * @self: a machine on paper
 * @virt_type: "kvm", "qemu"
 *
 * Sets what runs its processors.
 */
void
xeno_spec_set_virt_type (XenoSpec   *self,
                         const char *virt_type)
{
  xeno_spec_set_value (self, "@type", virt_type);
}

/**
 * xeno_spec_dup_arch:
 * @self: a machine on paper
 *
 * Gets the architecture: "x86_64".
 *
 * Returns: (nullable) (transfer full): the architecture, or %NULL for the host's
 */
char *
xeno_spec_dup_arch (XenoSpec *self)
{
  return xeno_spec_dup_value (self, "os/type/@arch");
}

/**
 * xeno_spec_dup_machine_type:
 * @self: a machine on paper
 *
 * Gets the board: "q35", "pc-q35-7.2".
 *
 * Returns: (nullable) (transfer full): the machine type, or %NULL for the emulator's default
 */
char *
xeno_spec_dup_machine_type (XenoSpec *self)
{
  return xeno_spec_dup_value (self, "os/type/@machine");
}

/**
 * xeno_spec_set_platform:
 * @self: a machine on paper
 * @arch: (nullable): the architecture, or %NULL for the host's
 * @machine_type: (nullable): the board, or %NULL for the emulator's default
 *
 * Sets what computer it is: fully virtual, of this architecture and board.
 */
void
xeno_spec_set_platform (XenoSpec   *self,
                        const char *arch,
                        const char *machine_type)
{
  xeno_spec_set_value (self, "os/type", "hvm");
  xeno_spec_set_value (self, "os/type/@arch", arch);
  xeno_spec_set_value (self, "os/type/@machine", machine_type);
}

/**
 * xeno_spec_get_memory_bytes:
 * @self: a machine on paper
 *
 * Gets its memory, in whatever unit it was written.
 *
 * Returns: the memory in bytes, or 0 where nothing is said
 */
guint64
xeno_spec_get_memory_bytes (XenoSpec *self)
{
  g_return_val_if_fail (XENO_IS_SPEC (self), 0);

  return xeno_node_get_bytes (xeno_spec_get_root (self), "memory");
}

/**
 * xeno_spec_set_memory_bytes:
 * @self: a machine on paper
 * @bytes: the memory in bytes; written in KiB
 *
 * Sets its memory. A machine that was given less of it at present (a balloon) keeps that, but never
 * has more than its memory; one that had all of it has all of it.
 */
void
xeno_spec_set_memory_bytes (XenoSpec *self,
                            guint64   bytes)
{
  xmlNode *root;
  guint64 old_bytes;
  guint64 current_bytes;

  g_return_if_fail (XENO_IS_SPEC (self));

  root = xeno_spec_get_root (self);
  old_bytes = xeno_spec_get_memory_bytes (self);
  current_bytes = xeno_node_get_bytes (root, "currentMemory");
  if (current_bytes == 0 || current_bytes >= old_bytes)
    current_bytes = bytes;

  xeno_node_set_bytes (root, "memory", bytes);
  xeno_node_set_bytes (root, "currentMemory", MIN (current_bytes, bytes));
  if (xeno_node_find (root, "maxMemory") != NULL
      && xeno_node_get_bytes (root, "maxMemory") < bytes)
    xeno_node_set_bytes (root, "maxMemory", bytes);
  scale_numa_cells (self, bytes);
}

/**
 * xeno_spec_get_n_cpus:
 * @self: a machine on paper
 *
 * Gets how many processors it starts with.
 *
 * Returns: the number of processors
 */
guint
xeno_spec_get_n_cpus (XenoSpec *self)
{
  g_autofree char *current = xeno_spec_dup_value (self, "vcpu/@current");
  g_autofree char *most = xeno_spec_dup_value (self, "vcpu");
  guint64 n_cpus = parse_uint (current != NULL ? current : most);

  return CLAMP (n_cpus, 1, G_MAXUINT);
}

static void
fit_topology (XenoSpec *self,
              guint     n_cpus)
{
  static const char * const names[] = { "sockets", "dies", "clusters", "cores", "threads" };
  xmlNode *topology = xeno_node_find (xeno_spec_get_root (self), "cpu/topology");
  g_autofree char *cores = NULL;
  g_autofree char *threads = NULL;
  guint64 n_threads;

  if (topology == NULL)
    return;

  threads = xeno_node_dup_value (topology, "@threads");
  n_threads = parse_uint (threads);
  if (n_threads == 0 || n_cpus % n_threads != 0)
    n_threads = 1;

  /* One socket: some guests are licensed for few. */
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_strconcat ("@", names[i], NULL);

      if (xmlHasProp (topology, BAD_CAST names[i]) != NULL)
        xeno_node_set_value (topology, path, "1");
    }
  g_free (threads);
  threads = g_strdup_printf ("%" G_GUINT64_FORMAT, n_threads);
  cores = g_strdup_printf ("%" G_GUINT64_FORMAT, n_cpus / n_threads);
  xeno_node_set_value (topology, "@cores", cores);
  xeno_node_set_value (topology, "@threads", threads);
}

/**
 * xeno_spec_set_n_cpus:
 * @self: a machine on paper
 * @n_cpus: how many processors, at least 1
 *
 * Sets how many processors it has. A topology that no longer fits becomes one socket.
 */
void
xeno_spec_set_n_cpus (XenoSpec *self,
                      guint     n_cpus)
{
  g_autofree char *text = NULL;
  g_autofree char *old = NULL;

  g_return_if_fail (XENO_IS_SPEC (self));
  g_return_if_fail (n_cpus > 0);

  text = g_strdup_printf ("%u", n_cpus);
  old = xeno_spec_dup_value (self, "vcpu");
  xeno_spec_set_value (self, "vcpu", text);
  xeno_spec_set_value (self, "vcpu/@current", NULL);
  if (parse_uint (old) == n_cpus)
    return;

  xeno_spec_set_value (self, "vcpus", NULL);
  fit_topology (self, n_cpus);
}

static gboolean
has_uefi_loader (XenoSpec *self)
{
  g_autofree char *type = xeno_spec_dup_value (self, "os/loader/@type");
  g_autofree char *loader = xeno_spec_dup_value (self, "os/loader");

  if (g_strcmp0 (type, "pflash") == 0)
    return TRUE;
  return loader != NULL && (strstr (loader, "OVMF") != NULL || strstr (loader, "edk2") != NULL
                            || strstr (loader, "AAVMF") != NULL);
}

/**
 * xeno_spec_is_uefi:
 * @self: a machine on paper
 *
 * Gets whether it boots by UEFI, chosen by libvirt or named by its file.
 *
 * Returns: %TRUE for UEFI, %FALSE for BIOS
 */
gboolean
xeno_spec_is_uefi (XenoSpec *self)
{
  g_autofree char *firmware = xeno_spec_dup_value (self, "os/@firmware");

  if (firmware != NULL)
    return strcmp (firmware, "efi") == 0;
  return has_uefi_loader (self);
}

static gboolean
has_secure_boot (XenoSpec *self,
                 gboolean  secure_boot)
{
  g_autofree char *feature = xeno_spec_dup_value (self, SECURE_BOOT_PATH);
  g_autofree char *loader = xeno_spec_dup_value (self, "os/loader/@secure");
  const char *said = feature != NULL ? feature : loader;

  return g_strcmp0 (said, secure_boot ? "yes" : "no") == 0;
}

/**
 * xeno_spec_set_uefi:
 * @self: a machine on paper
 * @uefi: %TRUE for UEFI, %FALSE for BIOS
 * @secure_boot: with UEFI, whether only signed systems boot
 *
 * Sets the firmware, and leaves the choice of its file to libvirt. A file that was chosen for
 * another firmware goes, and its variables with it; a machine that has the firmware already keeps
 * both.
 */
void
xeno_spec_set_uefi (XenoSpec *self,
                    gboolean  uefi,
                    gboolean  secure_boot)
{
  g_return_if_fail (XENO_IS_SPEC (self));

  if (uefi == xeno_spec_is_uefi (self) && (!uefi || has_secure_boot (self, secure_boot)))
    return;

  xeno_spec_set_value (self, "os/loader", NULL);
  xeno_spec_set_value (self, "os/nvram", NULL);
  xeno_spec_set_value (self, "os/firmware", NULL);
  xeno_spec_set_value (self, "os/@firmware", uefi ? "efi" : NULL);
  if (uefi)
    xeno_spec_set_value (self, SECURE_BOOT_PATH, secure_boot ? "yes" : "no");
}
