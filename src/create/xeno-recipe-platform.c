/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What computer a recipe asks for: firmware, processors, and what a guest of its kind expects of them. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "create/xeno-recipe-draft.h"

typedef struct
{
  const char *path;
  const char *value;
} Setting;

static const Setting common_settings[] = {
  { "features/acpi", "" },
  { "on_poweroff", "destroy" },
  { "on_reboot", "restart" },
  { "on_crash", "destroy" },
};

static const Setting x86_settings[] = {
  { "features/apic", "" },
  { "features/vmport/@state", "off" },
  { "clock/timer[@name='rtc']/@tickpolicy", "catchup" },
  { "clock/timer[@name='pit']/@tickpolicy", "delay" },
  { "clock/timer[@name='hpet']/@present", "no" },
  { "pm/suspend-to-mem/@enabled", "no" },
  { "pm/suspend-to-disk/@enabled", "no" },
};

/* What Windows knows to use under KVM, where the host has it. The later need the earlier: timers need the
 * interrupt controller, that needs processor numbers. */
static const char * const hyperv_features[] = {
  "relaxed", "vapic", "spinlocks", "vpindex", "runtime", "synic", "stimer", "reset", "frequencies", "tlbflush", "ipi",
};

#define SPINLOCK_RETRIES "8191" /* 0x1fff, what Hyper-V itself says */

static void
apply_settings (XenoSpec      *spec,
                const Setting *settings,
                gsize          n_settings)
{
  for (gsize i = 0; i < n_settings; i++)
    xeno_spec_set_value (spec, settings[i].path, settings[i].value);
}

static gboolean
is_x86 (XenoCaps *caps)
{
  const char *arch = xeno_caps_get_arch (caps);

  return g_strcmp0 (arch, "x86_64") == 0 || g_strcmp0 (arch, "i686") == 0;
}

static gboolean
needs_secure_firmware (XenoRecipe *self)
{
  return xeno_recipe_is_windows (self) && !xeno_os_supports_bios (self->os);
}

/* Where there is no BIOS, whatever is not started directly needs it. */
static gboolean
needs_uefi (XenoRecipe *self,
            XenoCaps   *caps)
{
  if (self->media != NULL && xeno_media_needs_uefi (self->media))
    return TRUE;
  if (self->direct_boot != NULL)
    return FALSE;
  return (self->os != NULL && !xeno_os_supports_bios (self->os))
         || (!is_x86 (caps) && xeno_caps_offers_uefi (caps));
}

/**
 * xeno_recipe_is_windows:
 * @self: a recipe
 *
 * Gets whether its operating system is a Windows.
 *
 * Returns: %TRUE if it is known to be one
 */
gboolean
xeno_recipe_is_windows (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), FALSE);

  return self->os != NULL && g_strcmp0 (xeno_os_get_family (self->os), "winnt") == 0;
}

/**
 * xeno_recipe_wants_uefi:
 * @self: a recipe
 * @caps: what the host offers
 *
 * Gets whether it is started by UEFI firmware: by the person's own choice, else as its medium and its
 * system need it.
 *
 * Returns: %TRUE if so, even where the host has none
 */
gboolean
xeno_recipe_wants_uefi (XenoRecipe *self,
                        XenoCaps   *caps)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), FALSE);
  g_return_val_if_fail (XENO_IS_CAPS (caps), FALSE);

  if (self->firmware != XENO_FIRMWARE_AUTO)
    return self->firmware == XENO_FIRMWARE_UEFI;
  return needs_uefi (self, caps) || self->secure_boot == XENO_CHOICE_ON;
}

/**
 * xeno_recipe_wants_secure_boot:
 * @self: a recipe
 * @caps: what the host offers
 *
 * Gets whether its firmware starts only what is signed. Windows 11 asks for it; elsewhere it refuses
 * drivers that people build themselves.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_recipe_wants_secure_boot (XenoRecipe *self,
                               XenoCaps   *caps)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), FALSE);
  g_return_val_if_fail (XENO_IS_CAPS (caps), FALSE);

  if (!xeno_recipe_wants_uefi (self, caps) || self->secure_boot == XENO_CHOICE_OFF)
    return FALSE;
  return self->secure_boot == XENO_CHOICE_ON
         || (needs_secure_firmware (self) && xeno_caps_offers_secure_boot (caps));
}

/**
 * xeno_recipe_wants_tpm:
 * @self: a recipe
 * @caps: what the host offers
 *
 * Gets whether it has a TPM.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_recipe_wants_tpm (XenoRecipe *self,
                       XenoCaps   *caps)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), FALSE);
  g_return_val_if_fail (XENO_IS_CAPS (caps), FALSE);

  if (self->tpm != XENO_CHOICE_AUTO)
    return self->tpm == XENO_CHOICE_ON;
  return needs_secure_firmware (self) && xeno_caps_offers (caps, "tpm", "backendModel", "emulator");
}

/*< private >
 * xeno_draft_choose_firmware:
 * @draft: a draft
 * @error: %XENO_ERROR_NOT_SUPPORTED where the host has none of this kind
 *
 * Writes what firmware the machine has.
 *
 * Returns: %TRUE if the host has it
 */
gboolean
xeno_draft_choose_firmware (XenoDraft  *draft,
                            GError    **error)
{
  gboolean secure_boot = xeno_recipe_wants_secure_boot (draft->recipe, draft->caps);
  const XenoInstallScript *script = xeno_recipe_get_install_script (draft->recipe);

  draft->is_uefi = xeno_recipe_wants_uefi (draft->recipe, draft->caps);
  if (draft->is_uefi && !xeno_caps_offers_uefi (draft->caps))
    xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                    _("Firmware: this host has no UEFI firmware for machines. Install it (package "
                      "“ovmf” or “edk2-ovmf”), or choose BIOS."));
  else if (draft->is_uefi && script != NULL && script->needs_bios)
    xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                    _("Firmware: what this installer makes of the disk by itself is started by a BIOS alone. Choose BIOS, "
                      "or install it yourself."));
  else if (secure_boot && !xeno_caps_offers_secure_boot (draft->caps))
    xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                    _("Secure Boot: this host’s UEFI firmware cannot do it. Turn it off."));
  else if (draft->recipe->secure_boot == XENO_CHOICE_ON && !draft->is_uefi)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("Secure Boot: a BIOS cannot do it. Choose UEFI, or turn it off."));
  else if (draft->recipe->tpm == XENO_CHOICE_ON
           && !xeno_caps_offers (draft->caps, "tpm", "backendModel", "emulator"))
    xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                    _("TPM: this host has no emulator of one. Install it (package “swtpm”), or turn it off."));
  else
    {
      if (draft->is_uefi)
        xeno_spec_set_uefi (draft->spec, TRUE, secure_boot);
      if (secure_boot && draft->is_x86)
        xeno_spec_set_value (draft->spec, "features/smm/@state", "on");
      return TRUE;
    }
  return FALSE;
}

static void
write_hyperv (XenoDraft *draft)
{
  for (gsize i = 0; i < G_N_ELEMENTS (hyperv_features); i++)
    {
      g_autofree char *path = g_strdup_printf ("features/hyperv/%s/@state", hyperv_features[i]);

      if (xeno_caps_offers_hyperv (draft->caps, hyperv_features[i]))
        xeno_spec_set_value (draft->spec, path, "on");
    }
  if (xeno_caps_offers_hyperv (draft->caps, "spinlocks"))
    xeno_spec_set_value (draft->spec, "features/hyperv/spinlocks/@retries", SPINLOCK_RETRIES);
  xeno_spec_set_value (draft->spec, "clock/timer[@name='hypervclock']/@present", "yes");
}

/* Editions for desktops use one or two processors, however many cores each has. */
static void
write_topology (XenoDraft *draft)
{
  g_autofree char *n_cores = g_strdup_printf ("%u", xeno_recipe_get_n_cpus (draft->recipe));

  xeno_spec_set_value (draft->spec, "cpu/topology/@sockets", "1");
  xeno_spec_set_value (draft->spec, "cpu/topology/@cores", n_cores);
  xeno_spec_set_value (draft->spec, "cpu/topology/@threads", "1");
}

/*< private >
 * xeno_draft_write_platform:
 * @draft: a draft
 *
 * Writes what computer it is.
 */
void
xeno_draft_write_platform (XenoDraft *draft)
{
  XenoSpec *spec = draft->spec;

  xeno_spec_set_platform (spec, xeno_caps_get_arch (draft->caps), xeno_caps_get_machine_type (draft->caps));
  xeno_spec_set_memory_bytes (spec, xeno_recipe_get_memory_bytes (draft->recipe));
  xeno_spec_set_n_cpus (spec, xeno_recipe_get_n_cpus (draft->recipe));
  xeno_spec_set_value (spec, "clock/@offset", draft->is_windows ? "localtime" : "utc");
  apply_settings (spec, common_settings, G_N_ELEMENTS (common_settings));
  if (!draft->is_qemu)
    return;

  xeno_spec_set_value (spec, "cpu/@mode", draft->is_kvm ? "host-passthrough" : "maximum");
  if (draft->is_windows)
    write_topology (draft);
  if (draft->is_x86)
    apply_settings (spec, x86_settings, G_N_ELEMENTS (x86_settings));
  if (draft->is_x86 && !draft->is_kvm)
    xeno_spec_set_value (spec, "cpu/feature[@name='la57']/@policy", "disable"); /* old kernels and loaders stumble */
  if (draft->is_windows && draft->is_kvm && draft->is_x86)
    write_hyperv (draft);
}
