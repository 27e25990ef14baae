/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kinds of devices that need no more than a table. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "spec/xeno-device-private.h"

static const XenoField audio_fields[] = {
  { "id", N_("Number"), "@id", XENO_FIELD_UINT },
  { "type", N_("Type"), "@type", XENO_FIELD_STRING },
  { "runtime-dir", N_("Runtime folder"), "@runtimeDir", XENO_FIELD_STRING },
  { "server-name", N_("Server"), "@serverName", XENO_FIELD_STRING },
  { "timer-period", N_("Timer period (µs)"), "@timerPeriod", XENO_FIELD_UINT },
};

static const XenoField console_fields[] = {
  { "type", N_("Type"), "@type", XENO_FIELD_STRING },
  { "source-path", N_("Path"), "source/@path", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
  { "source-mode", N_("Connection mode"), "source/@mode", XENO_FIELD_STRING },
  { "source-host", N_("Host"), "source/@host", XENO_FIELD_STRING },
  { "source-service", N_("Port"), "source/@service", XENO_FIELD_STRING },
  { "target-type", N_("Target type"), "target/@type", XENO_FIELD_STRING },
  { "target-port", N_("Target port"), "target/@port", XENO_FIELD_UINT },
  { "log-file", N_("Log file"), "log/@file", XENO_FIELD_STRING },
  { "alias", N_("Alias"), "alias/@name", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
};

static const XenoField controller_fields[] = {
  { "type", N_("Type"), "@type", XENO_FIELD_STRING },
  { "index", N_("Index"), "@index", XENO_FIELD_UINT },
  { "model", N_("Model"), "@model", XENO_FIELD_STRING },
  { "ports", N_("Ports"), "@ports", XENO_FIELD_UINT },
  { "vectors", N_("Vectors"), "@vectors", XENO_FIELD_UINT },
  { "queues", N_("Queues"), "driver/@queues", XENO_FIELD_UINT },
  { "target-chassis", N_("Chassis"), "target/@chassis", XENO_FIELD_UINT },
  { "target-port", N_("Port"), "target/@port", XENO_FIELD_STRING },
  { "target-hotplug", N_("Hot-plug"), "target/@hotplug", XENO_FIELD_SWITCH },
  { "master-startport", N_("First port"), "master/@startport", XENO_FIELD_UINT },
  { "alias", N_("Alias"), "alias/@name", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
};

static const XenoField crypto_fields[] = {
  { "model", N_("Model"), "@model", XENO_FIELD_STRING },
  { "type", N_("Type"), "@type", XENO_FIELD_STRING },
  { "backend-model", N_("Backend"), "backend/@model", XENO_FIELD_STRING },
  { "queues", N_("Queues"), "backend/@queues", XENO_FIELD_UINT },
  { "alias", N_("Alias"), "alias/@name", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
};

static const XenoField hub_fields[] = {
  { "type", N_("Type"), "@type", XENO_FIELD_STRING },
  { "alias", N_("Alias"), "alias/@name", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
};

static const XenoField input_fields[] = {
  { "type", N_("Type"), "@type", XENO_FIELD_STRING },
  { "bus", N_("Bus"), "@bus", XENO_FIELD_STRING },
  { "model", N_("Model"), "@model", XENO_FIELD_STRING },
  { "source-evdev", N_("Host device"), "source/@evdev", XENO_FIELD_STRING },
  { "source-dev", N_("Event device"), "source/@dev", XENO_FIELD_STRING },
  { "grab", N_("Grab"), "source/@grab", XENO_FIELD_STRING },
  { "repeat", N_("Repeat"), "source/@repeat", XENO_FIELD_SWITCH },
  { "alias", N_("Alias"), "alias/@name", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
};

static const XenoField iommu_fields[] = {
  { "model", N_("Model"), "@model", XENO_FIELD_STRING },
  { "intremap", N_("Interrupt remapping"), "driver/@intremap", XENO_FIELD_SWITCH },
  { "caching-mode", N_("Caching mode"), "driver/@caching_mode", XENO_FIELD_SWITCH },
  { "eim", N_("Extended interrupt mode"), "driver/@eim", XENO_FIELD_SWITCH },
  { "iotlb", N_("Device IOTLB"), "driver/@iotlb", XENO_FIELD_SWITCH },
  { "aw-bits", N_("Address width"), "driver/@aw_bits", XENO_FIELD_UINT },
  { "alias", N_("Alias"), "alias/@name", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
};

static const XenoField lease_fields[] = {
  { "lockspace", N_("Lock space"), "lockspace", XENO_FIELD_STRING },
  { "key", N_("Key"), "key", XENO_FIELD_STRING },
  { "target-path", N_("Path"), "target/@path", XENO_FIELD_STRING },
  { "target-offset", N_("Offset"), "target/@offset", XENO_FIELD_UINT },
};

static const XenoField memballoon_fields[] = {
  { "model", N_("Model"), "@model", XENO_FIELD_STRING },
  { "autodeflate", N_("Give memory back when it is short"), "@autodeflate", XENO_FIELD_SWITCH },
  { "free-page-reporting", N_("Report free pages"), "@freePageReporting", XENO_FIELD_SWITCH },
  { "stats-period", N_("Statistics every (s)"), "stats/@period", XENO_FIELD_UINT },
  { "alias", N_("Alias"), "alias/@name", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
};

static const XenoField memory_fields[] = {
  { "model", N_("Model"), "@model", XENO_FIELD_STRING },
  { "access", N_("Access"), "@access", XENO_FIELD_STRING },
  { "discard", N_("Discard"), "@discard", XENO_FIELD_BOOLEAN },
  { "uuid", N_("UUID"), "uuid", XENO_FIELD_STRING },
  { "source-path", N_("Path"), "source/path", XENO_FIELD_STRING },
  { "source-pagesize", N_("Page size"), "source/pagesize", XENO_FIELD_SIZE },
  { "size", N_("Size"), "target/size", XENO_FIELD_SIZE },
  { "node", N_("NUMA node"), "target/node", XENO_FIELD_UINT },
  { "requested", N_("Requested size"), "target/requested", XENO_FIELD_SIZE },
  { "block", N_("Block size"), "target/block", XENO_FIELD_SIZE },
  { "alias", N_("Alias"), "alias/@name", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
};

static const XenoField nvram_fields[] = {
  { "address-type", N_("Address type"), "address/@type", XENO_FIELD_STRING },
  { "reg", N_("Register"), "address/@reg", XENO_FIELD_STRING },
  { "alias", N_("Alias"), "alias/@name", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
};

static const XenoField panic_fields[] = {
  { "model", N_("Model"), "@model", XENO_FIELD_STRING },
  { "alias", N_("Alias"), "alias/@name", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
};

static const XenoField parallel_fields[] = {
  { "type", N_("Type"), "@type", XENO_FIELD_STRING },
  { "source-path", N_("Path"), "source/@path", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
  { "source-mode", N_("Connection mode"), "source/@mode", XENO_FIELD_STRING },
  { "source-host", N_("Host"), "source/@host", XENO_FIELD_STRING },
  { "source-service", N_("Port"), "source/@service", XENO_FIELD_STRING },
  { "target-port", N_("Target port"), "target/@port", XENO_FIELD_UINT },
  { "log-file", N_("Log file"), "log/@file", XENO_FIELD_STRING },
  { "alias", N_("Alias"), "alias/@name", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
};

static const XenoField redirdev_fields[] = {
  { "bus", N_("Bus"), "@bus", XENO_FIELD_STRING },
  { "type", N_("Type"), "@type", XENO_FIELD_STRING },
  { "boot-order", N_("Boot order"), "boot/@order", XENO_FIELD_UINT },
  { "alias", N_("Alias"), "alias/@name", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
};

static const XenoField redirfilter_fields[] = {
  { "class", N_("Class"), "usbdev/@class", XENO_FIELD_STRING },
  { "vendor", N_("Vendor"), "usbdev/@vendor", XENO_FIELD_STRING },
  { "product", N_("Product"), "usbdev/@product", XENO_FIELD_STRING },
  { "version", N_("Version"), "usbdev/@version", XENO_FIELD_STRING },
  { "allow", N_("Allow"), "usbdev/@allow", XENO_FIELD_BOOLEAN },
};

static const XenoField rng_fields[] = {
  { "model", N_("Model"), "@model", XENO_FIELD_STRING },
  { "backend-model", N_("Backend"), "backend/@model", XENO_FIELD_STRING },
  { "source", N_("Source"), "backend", XENO_FIELD_STRING },
  { "rate-bytes", N_("Bytes a period"), "rate/@bytes", XENO_FIELD_UINT },
  { "rate-period", N_("Period (ms)"), "rate/@period", XENO_FIELD_UINT },
  { "alias", N_("Alias"), "alias/@name", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
};

static const XenoField serial_fields[] = {
  { "type", N_("Type"), "@type", XENO_FIELD_STRING },
  { "source-path", N_("Path"), "source/@path", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
  { "source-mode", N_("Connection mode"), "source/@mode", XENO_FIELD_STRING },
  { "source-host", N_("Host"), "source/@host", XENO_FIELD_STRING },
  { "source-service", N_("Port"), "source/@service", XENO_FIELD_STRING },
  { "target-type", N_("Target type"), "target/@type", XENO_FIELD_STRING },
  { "target-port", N_("Target port"), "target/@port", XENO_FIELD_UINT },
  { "target-model", N_("Model"), "target/model/@name", XENO_FIELD_STRING },
  { "log-file", N_("Log file"), "log/@file", XENO_FIELD_STRING },
  { "alias", N_("Alias"), "alias/@name", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
};

static const XenoField shmem_fields[] = {
  { "name", N_("Name"), "@name", XENO_FIELD_STRING },
  { "role", N_("Role"), "@role", XENO_FIELD_STRING },
  { "model", N_("Model"), "model/@type", XENO_FIELD_STRING },
  { "size", N_("Size"), "size", XENO_FIELD_SIZE },
  { "server-path", N_("Server"), "server/@path", XENO_FIELD_STRING },
  { "msi-vectors", N_("Interrupt vectors"), "msi/@vectors", XENO_FIELD_UINT },
  { "alias", N_("Alias"), "alias/@name", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
};

static const XenoField smartcard_fields[] = {
  { "mode", N_("Mode"), "@mode", XENO_FIELD_STRING },
  { "type", N_("Type"), "@type", XENO_FIELD_STRING },
  { "database", N_("Certificates"), "database", XENO_FIELD_STRING },
  { "source-mode", N_("Connection mode"), "source/@mode", XENO_FIELD_STRING },
  { "source-host", N_("Host"), "source/@host", XENO_FIELD_STRING },
  { "source-service", N_("Port"), "source/@service", XENO_FIELD_STRING },
  { "source-channel", N_("SPICE channel"), "source/@channel", XENO_FIELD_STRING },
  { "alias", N_("Alias"), "alias/@name", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
};

static const XenoField vsock_fields[] = {
  { "model", N_("Model"), "@model", XENO_FIELD_STRING },
  { "cid-auto", N_("Automatic number"), "cid/@auto", XENO_FIELD_BOOLEAN },
  { "cid", N_("Number"), "cid/@address", XENO_FIELD_UINT },
  { "alias", N_("Alias"), "alias/@name", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
};

static const XenoField watchdog_fields[] = {
  { "model", N_("Model"), "@model", XENO_FIELD_STRING },
  { "action", N_("Action"), "@action", XENO_FIELD_STRING },
  { "alias", N_("Alias"), "alias/@name", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
};

const XenoDeviceKind xeno_device_kind_audio = {
  "audio", N_("Audio backend"), audio_fields, G_N_ELEMENTS (audio_fields), NULL, "type", "id",
};

const XenoDeviceKind xeno_device_kind_console = {
  "console", N_("Text console"), console_fields, G_N_ELEMENTS (console_fields), NULL, "target-type", "target-type target-port",
};

const XenoDeviceKind xeno_device_kind_controller = {
  "controller", N_("Controller"), controller_fields,
  G_N_ELEMENTS (controller_fields), NULL, "type", "type index",
};

const XenoDeviceKind xeno_device_kind_crypto = {
  "crypto", N_("Crypto device"), crypto_fields, G_N_ELEMENTS (crypto_fields), NULL, "model",
};

const XenoDeviceKind xeno_device_kind_hub = {
  "hub", N_("USB hub"), hub_fields, G_N_ELEMENTS (hub_fields), NULL, "type",
};

const XenoDeviceKind xeno_device_kind_input = {
  "input", N_("Input device"), input_fields, G_N_ELEMENTS (input_fields), NULL, "type",
};

const XenoDeviceKind xeno_device_kind_iommu = {
  "iommu", N_("IOMMU"), iommu_fields, G_N_ELEMENTS (iommu_fields), NULL, "model",
};

const XenoDeviceKind xeno_device_kind_lease = {
  "lease", N_("Lease"), lease_fields, G_N_ELEMENTS (lease_fields), NULL, "key",
};

const XenoDeviceKind xeno_device_kind_memballoon = {
  "memballoon", N_("Memory balloon"), memballoon_fields,
  G_N_ELEMENTS (memballoon_fields), NULL, "model",
};

const XenoDeviceKind xeno_device_kind_memory = {
  "memory", N_("Memory module"), memory_fields, G_N_ELEMENTS (memory_fields), NULL, "model",
};

const XenoDeviceKind xeno_device_kind_nvram = {
  "nvram", N_("Firmware variables"), nvram_fields, G_N_ELEMENTS (nvram_fields), NULL, "reg",
};

const XenoDeviceKind xeno_device_kind_panic = {
  "panic", N_("Panic notifier"), panic_fields, G_N_ELEMENTS (panic_fields), NULL, "model",
};

const XenoDeviceKind xeno_device_kind_parallel = {
  "parallel", N_("Parallel port"), parallel_fields,
  G_N_ELEMENTS (parallel_fields), NULL, "type", "target-port",
};

const XenoDeviceKind xeno_device_kind_redirdev = {
  "redirdev", N_("USB redirection"), redirdev_fields,
  G_N_ELEMENTS (redirdev_fields), NULL, "type",
};

const XenoDeviceKind xeno_device_kind_redirfilter = {
  "redirfilter", N_("USB redirection filter"), redirfilter_fields,
  G_N_ELEMENTS (redirfilter_fields), NULL, NULL,
};

const XenoDeviceKind xeno_device_kind_rng = {
  "rng", N_("Random numbers"), rng_fields, G_N_ELEMENTS (rng_fields), NULL, "model",
};

const XenoDeviceKind xeno_device_kind_serial = {
  "serial", N_("Serial port"), serial_fields, G_N_ELEMENTS (serial_fields), NULL, "type", "target-port",
};

const XenoDeviceKind xeno_device_kind_shmem = {
  "shmem", N_("Shared memory"), shmem_fields, G_N_ELEMENTS (shmem_fields), NULL, "name", "name",
};

const XenoDeviceKind xeno_device_kind_smartcard = {
  "smartcard", N_("Smart card"), smartcard_fields,
  G_N_ELEMENTS (smartcard_fields), NULL, "mode",
};

const XenoDeviceKind xeno_device_kind_vsock = {
  "vsock", N_("Host socket (vsock)"), vsock_fields, G_N_ELEMENTS (vsock_fields), NULL, "cid",
};

const XenoDeviceKind xeno_device_kind_watchdog = {
  "watchdog", N_("Watchdog"), watchdog_fields, G_N_ELEMENTS (watchdog_fields), NULL, "model",
};
