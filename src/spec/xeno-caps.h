/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a host offers to new machines, read from the documents a connection gives. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * XenoAccel:
 * @XENO_ACCEL_AUTO: hardware where it works, else emulation
 * @XENO_ACCEL_KVM: hardware, by the person's own choice
 * @XENO_ACCEL_TCG: emulation, by the person's own choice
 *
 * How a new machine is to be accelerated.
 */
typedef enum
{
  XENO_ACCEL_AUTO,
  XENO_ACCEL_KVM,
  XENO_ACCEL_TCG,
} XenoAccel;

#define XENO_TYPE_CAPS (xeno_caps_get_type ())

G_DECLARE_FINAL_TYPE (XenoCaps, xeno_caps, XENO, CAPS, GObject)

XenoCaps   *xeno_caps_new                (const char  *host_xml,
                                          const char  *domain_xml,
                                          GError     **error);
XenoCaps   *xeno_caps_new_for_arch       (const char  *host_xml,
                                          const char  *arch,
                                          GError     **error);
const char *xeno_caps_get_arch           (XenoCaps    *self);
const char *xeno_caps_get_machine_type   (XenoCaps    *self);
gboolean    xeno_caps_is_foreign         (XenoCaps    *self);
GStrv       xeno_caps_list_archs         (XenoCaps    *self);
guint       xeno_caps_get_max_cpus       (XenoCaps    *self);
gboolean    xeno_caps_offers_virt_type   (XenoCaps    *self,
                                          const char  *virt_type);
gboolean    xeno_caps_offers_uefi        (XenoCaps    *self);
gboolean    xeno_caps_offers_firmware_choice (XenoCaps *self);
gboolean    xeno_caps_offers_secure_boot (XenoCaps    *self);
gboolean    xeno_caps_offers_hyperv      (XenoCaps    *self,
                                          const char  *feature);
gboolean    xeno_caps_offers             (XenoCaps    *self,
                                          const char  *device,
                                          const char  *enum_name,
                                          const char  *value);
const char *xeno_caps_choose_virt_type   (XenoCaps    *self,
                                          XenoAccel    accel,
                                          const char  *cpu_flags,
                                          char       **reason);

G_END_DECLS
