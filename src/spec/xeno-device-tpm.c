/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Security chips. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "spec/xeno-device-private.h"

static const XenoField tpm_fields[] = {
  { "model", N_("Model"), "@model", XENO_FIELD_STRING },
  { "backend-type", N_("Backend"), "backend/@type", XENO_FIELD_STRING },
  { "version", N_("Version"), "backend/@version", XENO_FIELD_STRING },
  { "persistent-state", N_("Keep state"), "backend/@persistent_state", XENO_FIELD_BOOLEAN },
  { "device-path", N_("Host device"), "backend/device/@path", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
  { "encryption-secret", N_("Encryption secret"), "backend/encryption/@secret", XENO_FIELD_STRING, XENO_FIELD_SECRET },
  { "sha256", N_("SHA-256 bank"), "backend/active_pcr_banks/sha256", XENO_FIELD_PRESENT },
  { "alias", N_("Alias"), "alias/@name", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
};

static char *
dup_tpm_title (XenoDevice *device)
{
  return xeno_device_dup_plain_title (device, NULL, "model");
}

const XenoDeviceKind xeno_device_kind_tpm = {
  "tpm", N_("Security chip (TPM)"), tpm_fields, G_N_ELEMENTS (tpm_fields), dup_tpm_title,
};
