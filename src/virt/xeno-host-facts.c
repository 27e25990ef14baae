/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a host has, as plain facts, and the checks drawn from them. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "base/xeno-text.h"
#include "base/xeno-units.h"
#include "virt/xeno-check.h"
#include "virt/xeno-host-facts.h"

/* Less than this is too little to run a guest beside a desktop. */
#define LEAST_AVAILABLE_BYTES (G_GUINT64_CONSTANT (1) << 30)

typedef struct
{
  const char  *id;
  const char  *title;
  gboolean     is_local_only;
  XenoCheck *(*check) (const XenoHostFacts *facts,
                       const char          *id,
                       const char          *title);
} Row;

static XenoCheck *
check_cpu (const XenoHostFacts *facts,
           const char          *id,
           const char          *title)
{
  const char *model = facts->cpu_model != NULL ? facts->cpu_model : _("Unknown processor");
  g_autofree char *result = NULL;

  if (!facts->is_x86)
    return xeno_check_new (id, title, XENO_CHECK_GOOD, model, NULL);

  if (facts->cpu_flag != NULL)
    {
      /* Translators: %s is the processor's name, the second %s "vmx" or "svm" */
      result = g_strdup_printf (_("%s, with virtualization (%s)"), model, facts->cpu_flag);
      return xeno_check_new (id, title, XENO_CHECK_GOOD, result, NULL);
    }

  result = g_strdup_printf (_("%s offers no virtualization (vmx or svm) here."), model);
  return xeno_check_new (id, title, XENO_CHECK_NOTE, result,
                         _("Switch on VT-x or AMD-V in the firmware’s setup. In a virtual machine, "
                           "ask for nested virtualization. Until then machines are emulated, "
                           "several times slower."));
}

static XenoCheck *
check_kvm (const XenoHostFacts *facts,
           const char          *id,
           const char          *title)
{
  g_autofree char *result = NULL;

  if (facts->kvm_errno == ENOENT)
    return xeno_check_new (id, title, XENO_CHECK_NOTE, _("/dev/kvm does not exist."),
                           _("Load the module with “modprobe kvm_intel” or “modprobe kvm_amd”. "
                             "Until then machines are emulated."));
  if (facts->kvm_errno != 0)
    {
      result = g_strdup_printf (_("/dev/kvm cannot be opened: %s."), g_strerror (facts->kvm_errno));
      return xeno_check_new (id, title, XENO_CHECK_NOTE, result,
                             _("Add yourself to the group that owns it with “sudo usermod -aG kvm "
                               "$USER”, then log in again. Until then machines are emulated."));
    }
  if (facts->is_x86 && facts->cpu_flag == NULL)
    return xeno_check_new (id, title, XENO_CHECK_NOTE,
                           _("/dev/kvm is there, but the processor offers no virtualization, so "
                             "guests would not boot with it. It is not used."),
                           NULL);
  if (!facts->offers_kvm)
    return xeno_check_new (id, title, XENO_CHECK_NOTE,
                           _("/dev/kvm works, but libvirt does not offer it."),
                           _("Install QEMU for this computer’s own processor, then restart "
                             "libvirt."));
  return xeno_check_new (id, title, XENO_CHECK_GOOD, _("Machines run with KVM at full speed."), NULL);
}

static XenoCheck *
check_nested (const XenoHostFacts *facts,
              const char          *id,
              const char          *title)
{
  switch (facts->nested)
    {
    case 1:
      return xeno_check_new (id, title, XENO_CHECK_GOOD,
                             _("Machines can run machines of their own."), NULL);

    case 0:
      return xeno_check_new (id, title, XENO_CHECK_GOOD,
                             _("Machines cannot run machines of their own at full speed."),
                             _("If you need it, set the option nested=1 of the module kvm_intel or "
                               "kvm_amd."));

    default:
      return xeno_check_new (id, title, XENO_CHECK_GOOD, _("Not available without KVM."), NULL);
    }
}

static XenoCheck *
check_iommu (const XenoHostFacts *facts,
             const char          *id,
             const char          *title)
{
  g_autofree char *result = NULL;

  if (facts->n_iommu_groups == 0)
    return xeno_check_new (id, title, XENO_CHECK_GOOD,
                           _("Devices of this computer cannot be handed to machines."),
                           _("If you need it, switch on VT-d or AMD-Vi in the firmware’s setup; on "
                             "Intel also boot with intel_iommu=on."));

  result = g_strdup_printf (ngettext ("%u group of devices can be handed to machines.",
                                      "%u groups of devices can be handed to machines.",
                                      facts->n_iommu_groups),
                            facts->n_iommu_groups);
  return xeno_check_new (id, title, XENO_CHECK_GOOD, result, NULL);
}

static XenoCheck *
check_memory (const XenoHostFacts *facts,
              const char          *id,
              const char          *title)
{
  g_autofree char *total = xeno_units_format_size (facts->memory_bytes);
  g_autofree char *available = xeno_units_format_size (facts->available_bytes);
  g_autofree char *result = NULL;

  if (!facts->is_local)
    return xeno_check_new (id, title, XENO_CHECK_GOOD, total, NULL);

  /* Translators: two amounts of memory, "12.0 GiB of 16.0 GiB are free" */
  result = g_strdup_printf (_("%s of %s are free."), available, total);
  if (facts->available_bytes >= LEAST_AVAILABLE_BYTES)
    return xeno_check_new (id, title, XENO_CHECK_GOOD, result, NULL);

  return xeno_check_new (id, title, XENO_CHECK_NOTE, result,
                         _("Close programs or shut down machines before starting another."));
}

static char *
format_version (const char *name,
                gulong      version)
{
  return g_strdup_printf ("%s %lu.%lu.%lu", name, version / 1000000, version / 1000 % 1000,
                          version % 1000);
}

static XenoCheck *
check_libvirt (const XenoHostFacts *facts,
               const char          *id,
               const char          *title)
{
  g_autofree char *result = format_version ("libvirt", facts->libvirt_version);

  if (facts->libvirt_version >= 9000000)
    return xeno_check_new (id, title, XENO_CHECK_GOOD, result, NULL);

  return xeno_check_new (id, title, XENO_CHECK_NOTE, result,
                         _("Xenolith is made for libvirt 9.0 and later. Some things may not work "
                           "with this version."));
}

static XenoCheck *
check_hypervisor (const XenoHostFacts *facts,
                  const char          *id,
                  const char          *title)
{
  g_autofree char *result = NULL;

  if (facts->hypervisor_version == 0)
    return xeno_check_new (id, title, XENO_CHECK_BAD, _("No hypervisor was found."),
                           _("Install QEMU: the package is named qemu-system-x86, qemu-kvm or "
                             "qemu-full."));

  result = format_version (facts->hypervisor != NULL ? facts->hypervisor : "QEMU",
                           facts->hypervisor_version);
  return xeno_check_new (id, title, XENO_CHECK_GOOD, result, NULL);
}

static const Row rows[] = {
  { "cpu", N_("Processor"), TRUE, check_cpu },
  { "kvm", N_("Hardware acceleration"), TRUE, check_kvm },
  { "nested", N_("Nested virtualization"), TRUE, check_nested },
  { "iommu", N_("Device passthrough"), TRUE, check_iommu },
  { "memory", N_("Memory"), FALSE, check_memory },
  { "libvirt", N_("libvirt"), FALSE, check_libvirt },
  { "hypervisor", N_("Hypervisor"), FALSE, check_hypervisor },
};

static char *
read_text (const char *root,
           const char *path)
{
  g_autofree char *full = g_build_filename (root, path, NULL);
  char *text;

  return g_file_get_contents (full, &text, NULL, NULL) ? text : NULL;
}

static char *
dup_cpuinfo (const char *cpuinfo,
             const char *key)
{
  g_auto (GStrv) lines = g_strsplit (cpuinfo, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      const char *colon = strchr (*line, ':');

      if (colon != NULL && g_str_has_prefix (*line, key))
        return xeno_text_clean (colon + 1, -1, 4096);
    }
  return NULL;
}

static void
read_cpu (XenoHostFacts *facts,
          const char    *root)
{
  g_autofree char *cpuinfo = read_text (root, "proc/cpuinfo");
  g_autofree char *flags = NULL;
  g_auto (GStrv) words = NULL;

  if (cpuinfo == NULL)
    return;

  facts->cpu_model = dup_cpuinfo (cpuinfo, "model name");
  flags = dup_cpuinfo (cpuinfo, "flags");
  facts->is_x86 = flags != NULL;
  if (flags == NULL)
    return;

  words = g_strsplit (flags, " ", -1);
  if (g_strv_contains ((const char * const *) words, "vmx"))
    facts->cpu_flag = g_strdup ("vmx");
  else if (g_strv_contains ((const char * const *) words, "svm"))
    facts->cpu_flag = g_strdup ("svm");
}

static void
read_kvm (XenoHostFacts *facts,
          const char    *root)
{
  static const char * const modules[] = { "kvm_intel", "kvm_amd" };
  g_autofree char *device = g_build_filename (root, "dev/kvm", NULL);
  int fd = open (device, O_RDWR | O_CLOEXEC | O_NONBLOCK);

  facts->kvm_errno = fd >= 0 ? 0 : errno;
  if (fd >= 0)
    close (fd);

  for (guint i = 0; i < G_N_ELEMENTS (modules); i++)
    {
      g_autofree char *path = g_strdup_printf ("sys/module/%s/parameters/nested", modules[i]);
      g_autofree char *nested = read_text (root, path);

      if (nested != NULL)
        facts->nested = nested[0] == 'Y' || nested[0] == '1';
    }
}

static void
read_iommu (XenoHostFacts *facts,
            const char    *root)
{
  g_autofree char *path = g_build_filename (root, "sys/kernel/iommu_groups", NULL);
  g_autoptr (GDir) groups = g_dir_open (path, 0, NULL);

  while (groups != NULL && g_dir_read_name (groups) != NULL)
    facts->n_iommu_groups++;
}

static guint64
memory_of (const char *meminfo,
           const char *key)
{
  const char *line = strstr (meminfo, key);

  return line != NULL ? g_ascii_strtoull (line + strlen (key), NULL, 10) * 1024 : 0;
}

/**
 * xeno_host_facts_new:
 *
 * Makes facts of a host of which nothing is known.
 *
 * Returns: (transfer full): the facts
 */
XenoHostFacts *
xeno_host_facts_new (void)
{
  XenoHostFacts *facts = g_new0 (XenoHostFacts, 1);

  facts->kvm_errno = ENOENT;
  facts->nested = -1;
  return facts;
}

/**
 * xeno_host_facts_free:
 * @facts: (transfer full): facts
 *
 * Frees facts.
 */
void
xeno_host_facts_free (XenoHostFacts *facts)
{
  g_return_if_fail (facts != NULL);

  g_free (facts->hostname);
  g_free (facts->cpu_model);
  g_free (facts->cpu_flag);
  g_free (facts->hypervisor);
  g_free (facts);
}

/**
 * xeno_host_facts_read_local:
 * @facts: facts
 * @root: where proc, sys and dev are: "/", or a folder that stands for it in a test
 *
 * Looks at this computer itself. It blocks for as long as the files do.
 */
void
xeno_host_facts_read_local (XenoHostFacts *facts,
                            const char    *root)
{
  g_return_if_fail (facts != NULL);
  g_return_if_fail (root != NULL);

  facts->is_local = TRUE;
  read_cpu (facts, root);
  read_kvm (facts, root);
  read_iommu (facts, root);
  xeno_host_facts_read_memory (facts, root);
}

/**
 * xeno_host_facts_read_memory:
 * @facts: facts
 * @root: where proc is: "/", or a folder that stands for it in a test
 *
 * Looks at this computer's memory alone.
 */
void
xeno_host_facts_read_memory (XenoHostFacts *facts,
                             const char    *root)
{
  g_autofree char *meminfo = NULL;

  g_return_if_fail (facts != NULL);
  g_return_if_fail (root != NULL);

  meminfo = read_text (root, "proc/meminfo");
  if (meminfo == NULL)
    return;

  facts->memory_bytes = memory_of (meminfo, "MemTotal:");
  facts->available_bytes = memory_of (meminfo, "MemAvailable:");
}

/**
 * xeno_host_facts_list_checks:
 * @facts: facts
 *
 * Draws the readiness checks from the facts: one row each, what was found and what to do.
 *
 * Returns: (transfer full) (element-type XenoCheck): the checks
 */
GListModel *
xeno_host_facts_list_checks (const XenoHostFacts *facts)
{
  g_autoptr (GListStore) checks = g_list_store_new (XENO_TYPE_CHECK);

  g_return_val_if_fail (facts != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (XenoCheck) check = NULL;

      if (rows[i].is_local_only && !facts->is_local)
        continue;
      check = rows[i].check (facts, rows[i].id, _(rows[i].title));
      g_list_store_append (checks, check);
    }
  return G_LIST_MODEL (g_steal_pointer (&checks));
}
