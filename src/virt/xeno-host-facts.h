/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a host has, as plain facts, and the checks drawn from them. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * XenoHostFacts:
 * @is_local: whether this computer was looked at itself; otherwise only what libvirt told is known
 * @hostname: (nullable): its name
 * @is_x86: whether its processors are x86
 * @cpu_model: (nullable): the processor's name
 * @cpu_flag: (nullable): "vmx" or "svm" where the processor offers virtualization
 * @kvm_errno: 0 when /dev/kvm opens, else why not
 * @offers_kvm: whether libvirt offers hardware acceleration
 * @nested: 1 when guests may virtualize too, 0 when not, -1 unknown
 * @n_iommu_groups: how many groups of devices can be handed to guests
 * @n_cpus: processors
 * @memory_bytes: memory in all
 * @available_bytes: memory that can still be used
 * @libvirt_version: of the daemon, as libvirt counts: major * 1000000 + minor * 1000 + release
 * @hypervisor_version: of the hypervisor, counted the same way; 0 unknown
 * @hypervisor: (nullable): its name, "QEMU"
 *
 * What was found.
 */
typedef struct
{
  gboolean  is_local;
  char     *hostname;
  gboolean  is_x86;
  char     *cpu_model;
  char     *cpu_flag;
  int       kvm_errno;
  gboolean  offers_kvm;
  int       nested;
  guint     n_iommu_groups;
  guint     n_cpus;
  guint64   memory_bytes;
  guint64   available_bytes;
  gulong    libvirt_version;
  gulong    hypervisor_version;
  char     *hypervisor;
} XenoHostFacts;

XenoHostFacts *xeno_host_facts_new         (void);
void           xeno_host_facts_free        (XenoHostFacts       *facts);
void           xeno_host_facts_read_local  (XenoHostFacts       *facts,
                                            const char          *root);
void           xeno_host_facts_read_memory (XenoHostFacts       *facts,
                                            const char          *root);
GListModel    *xeno_host_facts_list_checks (const XenoHostFacts *facts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoHostFacts, xeno_host_facts_free)

G_END_DECLS
