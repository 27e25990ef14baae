/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A kernel that is started without a boot loader, in the document of its machine. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "create/xeno-recipe-draft.h"

#define ROOT_TAG "/dev/root" /* the only name kernels of all ages look for */

static gboolean
shares_by_virtiofs (XenoDraft *draft)
{
  return xeno_caps_offers (draft->caps, "filesystem", "driverType", "virtiofs") && !draft->is_session;
}

/*< private >
 * xeno_draft_check_boot:
 * @draft: a draft
 * @error: %XENO_ERROR_INVALID or %XENO_ERROR_NOT_SUPPORTED, with what to do
 *
 * Tells whether the kernel can be started as wished.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_draft_check_boot (XenoDraft  *draft,
                       GError    **error)
{
  XenoMedia *media = xeno_recipe_get_media (draft->recipe);
  const char *arch = media != NULL ? xeno_media_get_arch (media) : NULL;

  if (draft->direct_boot == NULL)
    return TRUE;
  if (!draft->is_qemu)
    xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                    _("This connection starts no kernels. Choose one that runs machines on QEMU."));
  else if (arch != NULL && g_strcmp0 (arch, xeno_caps_get_arch (draft->caps)) != 0)
    /* Translators: both are kinds of processors, "aarch64", "x86_64" */
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("Processor: the kernel is for %s, the machine is %s. Choose %s for it."),
                    arch, xeno_caps_get_arch (draft->caps), arch);
  else
    return TRUE;
  return FALSE;
}

static void
write_root (XenoDraft *draft)
{
  const char *folder = xeno_direct_boot_get_root_folder (draft->direct_boot);

  if (folder == NULL)
    return;

  if (!shares_by_virtiofs (draft))
    {
      /* Owners stay what they are; that they cannot be changed is no error. Links stay links. */
      xeno_draft_add (draft, "filesystem", "type", "mount", "accessmode", "squash",
                      "source-dir", folder, "target", ROOT_TAG, NULL);
      return;
    }

  xeno_spec_set_value (draft->spec, "memoryBacking/source/@type", "memfd");
  xeno_spec_set_value (draft->spec, "memoryBacking/access/@mode", "shared");
  xeno_draft_add (draft, "filesystem", "type", "mount", "accessmode", "passthrough", "driver", "virtiofs",
                  "source-dir", folder, "target", ROOT_TAG, NULL);
}

static void
write_debugger (XenoDraft  *draft,
                const char *name)
{
  g_autofree char *address = NULL;
  g_autofree char *device = NULL;

  if (!xeno_direct_boot_has_debugger (draft->direct_boot))
    return;

  address = xeno_direct_boot_dup_gdb_address (name, draft->is_session);
  device = g_strdup_printf (draft->is_session ? "unix:%s,server=on,wait=off" : "tcp:%s,server=on,wait=off", address);
  xeno_spec_add_argument (draft->spec, "-gdb");
  xeno_spec_add_argument (draft->spec, device);
  xeno_spec_set_note (draft->spec, XENO_SPEC_NOTE_GDB, address);
  xeno_spec_set_note (draft->spec, XENO_SPEC_NOTE_GDB_WAITS, xeno_direct_boot_waits (draft->direct_boot) ? "yes" : NULL);
}

/*< private >
 * xeno_draft_write_boot:
 * @draft: a draft
 * @name: the name libvirt will know it by
 *
 * Writes what is started, and what it finds. A panic leaves the machine as it is, to be looked at.
 */
void
xeno_draft_write_boot (XenoDraft  *draft,
                       const char *name)
{
  XenoSpec *spec = draft->spec;
  XenoMedia *media = xeno_recipe_get_media (draft->recipe);
  g_autofree char *cmdline = xeno_direct_boot_dup_full_cmdline (draft->direct_boot, xeno_caps_get_arch (draft->caps),
                                                                shares_by_virtiofs (draft));

  xeno_spec_set_value (spec, "os/kernel", xeno_media_get_path (media));
  xeno_spec_set_value (spec, "os/initrd", xeno_direct_boot_get_initrd (draft->direct_boot));
  xeno_spec_set_value (spec, "os/cmdline", cmdline);
  xeno_spec_set_value (spec, "on_crash", "preserve");
  xeno_draft_add (draft, "panic", "model", draft->is_x86 ? "isa" : NULL, NULL);
  write_root (draft);
  write_debugger (draft, name);
}
