/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What computer a machine as wished for is: processor, firmware, screen, network. */
#include "config.h"

#include "create/xeno-recipe-private.h"

/**
 * xeno_recipe_get_arch:
 * @self: a recipe
 *
 * Gets its architecture: "aarch64".
 *
 * Returns: (nullable) (transfer none): the text, or %NULL
 */
const char *
xeno_recipe_get_arch (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), NULL);

  return self->arch;
}

/**
 * xeno_recipe_set_arch:
 * @self: a recipe
 * @text: (nullable): the text, or %NULL
 *
 * Sets its architecture: "aarch64".
 */
void
xeno_recipe_set_arch (XenoRecipe *self,
                      const char *text)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  xeno_recipe_take_string (self, &self->arch, text, PROP_ARCH);
}

/**
 * xeno_recipe_get_firmware:
 * @self: a recipe
 *
 * Gets what starts the guest.
 *
 * Returns: the firmware
 */
XenoFirmware
xeno_recipe_get_firmware (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), XENO_FIRMWARE_AUTO);

  return self->firmware;
}

/**
 * xeno_recipe_set_firmware:
 * @self: a recipe
 * @firmware: the firmware
 *
 * Sets what starts the guest.
 */
void
xeno_recipe_set_firmware (XenoRecipe   *self,
                          XenoFirmware  firmware)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  if (self->firmware == firmware)
    return;

  self->firmware = firmware;
  xeno_recipe_notify (self, PROP_FIRMWARE);
}

/**
 * xeno_recipe_get_secure_boot:
 * @self: a recipe
 *
 * Gets whether its firmware starts only what is signed.
 *
 * Returns: what was chosen
 */
XenoChoice
xeno_recipe_get_secure_boot (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), XENO_CHOICE_AUTO);

  return self->secure_boot;
}

/**
 * xeno_recipe_set_secure_boot:
 * @self: a recipe
 * @choice: what is chosen
 *
 * Sets whether its firmware starts only what is signed.
 */
void
xeno_recipe_set_secure_boot (XenoRecipe *self,
                             XenoChoice  choice)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  if (self->secure_boot == choice)
    return;

  self->secure_boot = choice;
  xeno_recipe_notify (self, PROP_SECURE_BOOT);
}

/**
 * xeno_recipe_get_tpm:
 * @self: a recipe
 *
 * Gets whether it has a TPM.
 *
 * Returns: what was chosen
 */
XenoChoice
xeno_recipe_get_tpm (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), XENO_CHOICE_AUTO);

  return self->tpm;
}

/**
 * xeno_recipe_set_tpm:
 * @self: a recipe
 * @choice: what is chosen
 *
 * Sets whether it has a TPM.
 */
void
xeno_recipe_set_tpm (XenoRecipe *self,
                     XenoChoice  choice)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  if (self->tpm == choice)
    return;

  self->tpm = choice;
  xeno_recipe_notify (self, PROP_TPM);
}

/**
 * xeno_recipe_get_accel:
 * @self: a recipe
 *
 * Gets how the machine is accelerated.
 *
 * Returns: the choice
 */
XenoAccel
xeno_recipe_get_accel (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), XENO_ACCEL_AUTO);

  return self->accel;
}

/**
 * xeno_recipe_set_accel:
 * @self: a recipe
 * @accel: the choice
 *
 * Sets how the machine is accelerated.
 */
void
xeno_recipe_set_accel (XenoRecipe *self,
                       XenoAccel   accel)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  if (self->accel == accel)
    return;

  self->accel = accel;
  xeno_recipe_notify (self, PROP_ACCEL);
}

/**
 * xeno_recipe_get_graphics:
 * @self: a recipe
 *
 * Gets how the machine's screen is shown.
 *
 * Returns: (transfer none): "auto", "dbus", "spice" or "vnc"
 */
const char *
xeno_recipe_get_graphics (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), NULL);

  return self->graphics;
}

/**
 * xeno_recipe_set_graphics:
 * @self: a recipe
 * @graphics: "auto", "dbus", "spice" or "vnc"
 *
 * Sets how the machine's screen is shown.
 */
void
xeno_recipe_set_graphics (XenoRecipe *self,
                          const char *graphics)
{
  g_return_if_fail (XENO_IS_RECIPE (self));
  g_return_if_fail (graphics != NULL);

  xeno_recipe_take_string (self, &self->graphics, graphics, PROP_GRAPHICS);
}

/**
 * xeno_recipe_get_network:
 * @self: a recipe
 *
 * Gets what the machine is connected to.
 *
 * Returns: (transfer none): "auto", "user", "none", or the name of a network
 */
const char *
xeno_recipe_get_network (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), NULL);

  return self->network;
}

/**
 * xeno_recipe_set_network:
 * @self: a recipe
 * @network: "auto", "user", "none", or the name of a network
 *
 * Sets what the machine is connected to.
 */
void
xeno_recipe_set_network (XenoRecipe *self,
                         const char *network)
{
  g_return_if_fail (XENO_IS_RECIPE (self));
  g_return_if_fail (network != NULL);

  xeno_recipe_take_string (self, &self->network, network, PROP_NETWORK);
}

/**
 * xeno_recipe_boots_network:
 * @self: a recipe
 *
 * Gets whether it asks the network for something to start, before its disk.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_recipe_boots_network (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), FALSE);

  return self->boots_network;
}

/**
 * xeno_recipe_set_boots_network:
 * @self: a recipe
 * @boots_network: whether it does
 *
 * Sets whether it asks the network for something to start, before its disk.
 */
void
xeno_recipe_set_boots_network (XenoRecipe *self,
                               gboolean    boots_network)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  if (self->boots_network == boots_network)
    return;

  self->boots_network = boots_network;
  xeno_recipe_notify (self, PROP_BOOTS_NETWORK);
}

/**
 * xeno_recipe_choose_virt_type:
 * @self: a recipe
 * @caps: what the host offers
 * @reason: (out) (optional) (transfer full): a sentence in plain words, for the review page
 *
 * Says how the machine would be accelerated.
 *
 * Returns: (transfer none): the type: "kvm", "qemu"
 */
const char *
xeno_recipe_choose_virt_type (XenoRecipe  *self,
                              XenoCaps    *caps,
                              char       **reason)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), NULL);
  g_return_val_if_fail (XENO_IS_CAPS (caps), NULL);

  return xeno_caps_choose_virt_type (caps, self->accel, self->cpu_flags, reason);
}
