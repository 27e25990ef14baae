/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the kinds of devices share, and the kinds themselves. */
#pragma once

#include <libxml/tree.h>

#include "spec/xeno-device.h"
#include "spec/xeno-spec.h"

G_BEGIN_DECLS

XenoDevice *xeno_device_new             (XenoSpec             *spec,
                                         xmlNode              *node,
                                         const XenoDeviceKind *kind);
xmlNode    *xeno_device_get_node        (XenoDevice           *self);
char       *xeno_device_dup_clean       (XenoDevice           *self,
                                         const char           *field_id);
char       *xeno_device_dup_plain_title (XenoDevice           *self,
                                         const char           *label,
                                         const char           *field_id);

extern const XenoDeviceKind xeno_device_kind_audio;
extern const XenoDeviceKind xeno_device_kind_channel;
extern const XenoDeviceKind xeno_device_kind_console;
extern const XenoDeviceKind xeno_device_kind_controller;
extern const XenoDeviceKind xeno_device_kind_crypto;
extern const XenoDeviceKind xeno_device_kind_disk;
extern const XenoDeviceKind xeno_device_kind_filesystem;
extern const XenoDeviceKind xeno_device_kind_graphics;
extern const XenoDeviceKind xeno_device_kind_hostdev;
extern const XenoDeviceKind xeno_device_kind_hub;
extern const XenoDeviceKind xeno_device_kind_input;
extern const XenoDeviceKind xeno_device_kind_interface;
extern const XenoDeviceKind xeno_device_kind_iommu;
extern const XenoDeviceKind xeno_device_kind_lease;
extern const XenoDeviceKind xeno_device_kind_memballoon;
extern const XenoDeviceKind xeno_device_kind_memory;
extern const XenoDeviceKind xeno_device_kind_nvram;
extern const XenoDeviceKind xeno_device_kind_panic;
extern const XenoDeviceKind xeno_device_kind_parallel;
extern const XenoDeviceKind xeno_device_kind_redirdev;
extern const XenoDeviceKind xeno_device_kind_redirfilter;
extern const XenoDeviceKind xeno_device_kind_rng;
extern const XenoDeviceKind xeno_device_kind_serial;
extern const XenoDeviceKind xeno_device_kind_shmem;
extern const XenoDeviceKind xeno_device_kind_smartcard;
extern const XenoDeviceKind xeno_device_kind_sound;
extern const XenoDeviceKind xeno_device_kind_tpm;
extern const XenoDeviceKind xeno_device_kind_video;
extern const XenoDeviceKind xeno_device_kind_vsock;
extern const XenoDeviceKind xeno_device_kind_watchdog;

G_END_DECLS
