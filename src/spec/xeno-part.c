/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a machine has beside its devices, seen through field tables as if it were devices. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "spec/xeno-device-private.h"
#include "spec/xeno-spec-private.h"

static const XenoField machine_fields[] = {
  { "title", N_("Title"), "title", XENO_FIELD_STRING },
  { "description", N_("Notes"), "description", XENO_FIELD_STRING },
  { "virt-type", N_("Acceleration"), "@type", XENO_FIELD_STRING },
  { "arch", N_("Architecture"), "os/type/@arch", XENO_FIELD_STRING },
  { "chipset", N_("Chipset"), "os/type/@machine", XENO_FIELD_STRING },
  { "emulator", N_("Emulator"), "devices/emulator", XENO_FIELD_STRING },
};

static const XenoField processors_fields[] = {
  { "maximum", N_("At most"), "vcpu", XENO_FIELD_UINT },
  { "current", N_("At the start"), "vcpu/@current", XENO_FIELD_UINT },
  { "placement", N_("Placement"), "vcpu/@placement", XENO_FIELD_STRING },
  { "cpuset", N_("Host processors"), "vcpu/@cpuset", XENO_FIELD_STRING },
  { "mode", N_("Mode"), "cpu/@mode", XENO_FIELD_STRING },
  { "match", N_("Match"), "cpu/@match", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
  { "check", N_("Check"), "cpu/@check", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
  { "migratable", N_("Only what can migrate"), "cpu/@migratable", XENO_FIELD_SWITCH, XENO_FIELD_OF_RUN },
  { "model", N_("Model"), "cpu/model", XENO_FIELD_STRING },
  { "fallback", N_("Where the model is missing"), "cpu/model/@fallback", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
  { "vendor", N_("Vendor"), "cpu/vendor", XENO_FIELD_STRING },
  { "sockets", N_("Sockets"), "cpu/topology/@sockets", XENO_FIELD_UINT },
  { "dies", N_("Dies"), "cpu/topology/@dies", XENO_FIELD_UINT },
  { "cores", N_("Cores"), "cpu/topology/@cores", XENO_FIELD_UINT },
  { "threads", N_("Threads"), "cpu/topology/@threads", XENO_FIELD_UINT },
  { "cache", N_("Cache"), "cpu/cache/@mode", XENO_FIELD_STRING },
  { "features", N_("Features"), "cpu/feature", XENO_FIELD_ELEMENTS },
  { "cells", N_("NUMA cells"), "cpu/numa/cell", XENO_FIELD_ELEMENTS },
  { "each", N_("Each processor"), "vcpus/vcpu", XENO_FIELD_ELEMENTS, XENO_FIELD_OF_RUN },
  { "pins", N_("Pinning"), "cputune/vcpupin", XENO_FIELD_ELEMENTS },
  { "emulator-pin", N_("Pinning of the emulator"), "cputune/emulatorpin/@cpuset", XENO_FIELD_STRING },
  { "shares", N_("Shares"), "cputune/shares", XENO_FIELD_UINT },
  { "period", N_("Period (µs)"), "cputune/period", XENO_FIELD_UINT },
  { "quota", N_("Quota (µs)"), "cputune/quota", XENO_FIELD_STRING },
  { "io-threads", N_("I/O threads"), "iothreads", XENO_FIELD_UINT },
};

static const XenoField ram_fields[] = {
  { "memory", N_("Size"), "memory", XENO_FIELD_SIZE },
  { "current", N_("At present"), "currentMemory", XENO_FIELD_SIZE },
  { "maximum", N_("At most"), "maxMemory", XENO_FIELD_SIZE },
  { "slots", N_("Slots for memory modules"), "maxMemory/@slots", XENO_FIELD_UINT },
  { "huge-pages", N_("Huge pages"), "memoryBacking/hugepages", XENO_FIELD_ELEMENTS },
  { "no-same-pages", N_("Never merge equal pages"), "memoryBacking/nosharepages", XENO_FIELD_PRESENT },
  { "locked", N_("Never swap out"), "memoryBacking/locked", XENO_FIELD_PRESENT },
  { "source", N_("Where it comes from"), "memoryBacking/source/@type", XENO_FIELD_STRING },
  { "access", N_("Access"), "memoryBacking/access/@mode", XENO_FIELD_STRING },
  { "allocation", N_("Allocation"), "memoryBacking/allocation/@mode", XENO_FIELD_STRING },
  { "discard", N_("Discard"), "memoryBacking/discard", XENO_FIELD_PRESENT },
  { "hard-limit", N_("Hard limit"), "memtune/hard_limit", XENO_FIELD_SIZE },
  { "soft-limit", N_("Soft limit"), "memtune/soft_limit", XENO_FIELD_SIZE },
  { "numa-mode", N_("NUMA mode"), "numatune/memory/@mode", XENO_FIELD_STRING },
  { "numa-nodes", N_("NUMA nodes of the host"), "numatune/memory/@nodeset", XENO_FIELD_STRING },
};

static const XenoField firmware_fields[] = {
  { "firmware", N_("Firmware"), "os/@firmware", XENO_FIELD_STRING },
  { "features", N_("Firmware features"), "os/firmware/feature", XENO_FIELD_ELEMENTS },
  { "loader", N_("Firmware file"), "os/loader", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
  { "loader-type", N_("How it is loaded"), "os/loader/@type", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
  { "loader-secure", N_("Secure loader"), "os/loader/@secure", XENO_FIELD_BOOLEAN, XENO_FIELD_OF_RUN },
  { "nvram", N_("File of the firmware’s variables"), "os/nvram", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
  { "kernel", N_("Kernel"), "os/kernel", XENO_FIELD_STRING },
  { "initrd", N_("Initial RAM disk"), "os/initrd", XENO_FIELD_STRING },
  { "command-line", N_("Command line"), "os/cmdline", XENO_FIELD_STRING },
  { "device-tree", N_("Device tree"), "os/dtb", XENO_FIELD_STRING },
  { "order", N_("Boot order"), "os/boot", XENO_FIELD_ELEMENTS },
  { "menu", N_("Boot menu"), "os/bootmenu/@enable", XENO_FIELD_BOOLEAN },
  { "menu-timeout", N_("Boot menu is shown for (ms)"), "os/bootmenu/@timeout", XENO_FIELD_UINT },
  { "serial", N_("BIOS on the serial port"), "os/bios/@useserial", XENO_FIELD_BOOLEAN },
  { "smbios", N_("Board’s names"), "os/smbios/@mode", XENO_FIELD_STRING },
};

static const XenoField features_fields[] = {
  { "acpi", N_("ACPI"), "features/acpi", XENO_FIELD_PRESENT },
  { "apic", N_("APIC"), "features/apic", XENO_FIELD_PRESENT },
  { "pae", N_("PAE"), "features/pae", XENO_FIELD_PRESENT },
  { "smm", N_("System management mode"), "features/smm/@state", XENO_FIELD_SWITCH },
  { "vmport", N_("VMware port"), "features/vmport/@state", XENO_FIELD_SWITCH },
  { "hidden", N_("Hidden from the guest"), "features/kvm/hidden/@state", XENO_FIELD_SWITCH },
  { "hyperv-mode", N_("Hyper-V mode"), "features/hyperv/@mode", XENO_FIELD_STRING },
  { "hyperv-relaxed", N_("Hyper-V: relaxed timers"), "features/hyperv/relaxed/@state", XENO_FIELD_SWITCH },
  { "hyperv-vapic", N_("Hyper-V: virtual APIC"), "features/hyperv/vapic/@state", XENO_FIELD_SWITCH },
  { "hyperv-spinlocks", N_("Hyper-V: spinlocks"), "features/hyperv/spinlocks/@state", XENO_FIELD_SWITCH },
  { "hyperv-vpindex", N_("Hyper-V: processor numbers"), "features/hyperv/vpindex/@state", XENO_FIELD_SWITCH },
  { "hyperv-synic", N_("Hyper-V: interrupt controller"), "features/hyperv/synic/@state", XENO_FIELD_SWITCH },
  { "hyperv-stimer", N_("Hyper-V: timers"), "features/hyperv/stimer/@state", XENO_FIELD_SWITCH },
};

static const XenoField clock_fields[] = {
  { "offset", N_("Clock"), "clock/@offset", XENO_FIELD_STRING },
  { "adjustment", N_("Adjustment (s)"), "clock/@adjustment", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
  { "basis", N_("Basis"), "clock/@basis", XENO_FIELD_STRING },
  { "time-zone", N_("Time zone"), "clock/@timezone", XENO_FIELD_STRING },
  { "timers", N_("Timers"), "clock/timer", XENO_FIELD_ELEMENTS },
};

static const XenoField events_fields[] = {
  { "power-off", N_("When it powers off"), "on_poweroff", XENO_FIELD_STRING },
  { "reboot", N_("When it restarts"), "on_reboot", XENO_FIELD_STRING },
  { "crash", N_("When it crashes"), "on_crash", XENO_FIELD_STRING },
  { "lock-failure", N_("When a lock is lost"), "on_lockfailure", XENO_FIELD_STRING },
  { "sleep", N_("May sleep"), "pm/suspend-to-mem/@enabled", XENO_FIELD_BOOLEAN },
  { "hibernate", N_("May hibernate"), "pm/suspend-to-disk/@enabled", XENO_FIELD_BOOLEAN },
};

static const XenoField security_fields[] = {
  { "launch", N_("Memory encryption"), "launchSecurity/@type", XENO_FIELD_STRING },
  { "disk-weight", N_("Weight of its disks"), "blkiotune/weight", XENO_FIELD_UINT },
  { "resource", N_("Resource group"), "resource/partition", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
};

/* In the order people look for them. */
static const XenoDeviceKind parts[] = {
  { "machine", N_("Machine"), machine_fields, G_N_ELEMENTS (machine_fields), NULL },
  { "processors", N_("Processors"), processors_fields, G_N_ELEMENTS (processors_fields), NULL },
  { "ram", N_("Memory"), ram_fields, G_N_ELEMENTS (ram_fields), NULL },
  { "firmware", N_("Firmware and boot"), firmware_fields, G_N_ELEMENTS (firmware_fields), NULL },
  { "features", N_("Platform features"), features_fields, G_N_ELEMENTS (features_fields), NULL },
  { "clock", N_("Clock"), clock_fields, G_N_ELEMENTS (clock_fields), NULL },
  { "events", N_("Power and crashes"), events_fields, G_N_ELEMENTS (events_fields), NULL },
  { "security", N_("Security and limits"), security_fields, G_N_ELEMENTS (security_fields), NULL },
};

/**
 * xeno_spec_list_parts:
 * @self: a machine on paper
 *
 * Lists what a machine has beside its devices, which is always there: its processors, its memory, its
 * firmware… Their fields are read and written as those of devices are. A part cannot be removed.
 *
 * Returns: (transfer container) (element-type XenoDevice): the parts, in the order people look for them
 */
GPtrArray *
xeno_spec_list_parts (XenoSpec *self)
{
  GPtrArray *list;

  g_return_val_if_fail (XENO_IS_SPEC (self), NULL);

  list = g_ptr_array_new_with_free_func (g_object_unref);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    g_ptr_array_add (list, xeno_device_new (self, xeno_spec_get_root (self), &parts[i]));
  return list;
}

/**
 * xeno_spec_get_part:
 * @self: a machine on paper
 * @id: the part's stable name: "processors"
 *
 * Finds a part.
 *
 * Returns: (transfer full) (nullable): the part, or %NULL where there is none of this name
 */
XenoDevice *
xeno_spec_get_part (XenoSpec   *self,
                    const char *id)
{
  g_return_val_if_fail (XENO_IS_SPEC (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (strcmp (parts[i].id, id) == 0)
      return xeno_device_new (self, xeno_spec_get_root (self), &parts[i]);
  return NULL;
}

/**
 * xeno_device_is_part:
 * @device: a device, or a part of a machine
 *
 * Returns: whether it is a part, which every machine has and none can lose
 */
gboolean
xeno_device_is_part (XenoDevice *device)
{
  const XenoDeviceKind *kind;

  g_return_val_if_fail (XENO_IS_DEVICE (device), FALSE);

  kind = xeno_device_get_kind (device);
  return kind >= parts && kind < parts + G_N_ELEMENTS (parts);
}
