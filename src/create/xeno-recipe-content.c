/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a machine as wished for is: its name, its system, how much of everything, and what it begins with. */
#include "config.h"

#include "create/xeno-recipe-private.h"

/**
 * xeno_recipe_get_title:
 * @self: a recipe
 *
 * Gets what people will call the machine.
 *
 * Returns: (nullable) (transfer none): the title
 */
const char *
xeno_recipe_get_title (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), NULL);

  return self->values.title;
}

/**
 * xeno_recipe_set_title:
 * @self: a recipe
 * @title: (nullable): the title
 *
 * Sets what people will call the machine, in any script.
 */
void
xeno_recipe_set_title (XenoRecipe *self,
                       const char *title)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  xeno_recipe_take_string (self, &self->values.title, title, PROP_TITLE);
}

/**
 * xeno_recipe_get_os_id:
 * @self: a recipe
 *
 * Gets the libosinfo id of the operating system.
 *
 * Returns: (nullable) (transfer none): the id
 */
const char *
xeno_recipe_get_os_id (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), NULL);

  return self->os_id;
}

/**
 * xeno_recipe_set_os_id:
 * @self: a recipe
 * @os_id: (nullable): a libosinfo id
 *
 * Sets which operating system is noted on the machine. What fits it is filled in by
 * xeno_recipe_recommend().
 */
void
xeno_recipe_set_os_id (XenoRecipe *self,
                       const char *os_id)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  if (!xeno_recipe_take_string (self, &self->os_id, os_id, PROP_OS_ID))
    return;
  if (self->os != NULL && g_strcmp0 (xeno_os_get_id (self->os), os_id) != 0)
    g_clear_object (&self->os);
}

/**
 * xeno_recipe_get_memory_bytes:
 * @self: a recipe
 *
 * Gets the memory.
 *
 * Returns: bytes
 */
guint64
xeno_recipe_get_memory_bytes (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), 0);

  return self->values.memory_bytes;
}

/**
 * xeno_recipe_set_memory_bytes:
 * @self: a recipe
 * @bytes: the memory
 *
 * Sets the memory.
 */
void
xeno_recipe_set_memory_bytes (XenoRecipe *self,
                              guint64     bytes)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  if (self->values.memory_bytes == bytes)
    return;

  self->values.memory_bytes = bytes;
  xeno_recipe_notify (self, PROP_MEMORY_BYTES);
}

/**
 * xeno_recipe_get_n_cpus:
 * @self: a recipe
 *
 * Gets how many processors there are.
 *
 * Returns: the number
 */
guint
xeno_recipe_get_n_cpus (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), 0);

  return self->values.n_cpus;
}

/**
 * xeno_recipe_set_n_cpus:
 * @self: a recipe
 * @n_cpus: the number
 *
 * Sets how many processors there are.
 */
void
xeno_recipe_set_n_cpus (XenoRecipe *self,
                        guint       n_cpus)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  if (self->values.n_cpus == n_cpus)
    return;

  self->values.n_cpus = n_cpus;
  xeno_recipe_notify (self, PROP_N_CPUS);
}

/**
 * xeno_recipe_get_disk_bytes:
 * @self: a recipe
 *
 * Gets how large the new disk is.
 *
 * Returns: bytes, or 0 for none
 */
guint64
xeno_recipe_get_disk_bytes (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), 0);

  return self->values.disk_bytes;
}

/**
 * xeno_recipe_set_disk_bytes:
 * @self: a recipe
 * @bytes: the size, or 0 for none
 *
 * Sets how large the new disk is.
 */
void
xeno_recipe_set_disk_bytes (XenoRecipe *self,
                            guint64     bytes)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  if (self->values.disk_bytes == bytes)
    return;

  self->values.disk_bytes = bytes;
  xeno_recipe_notify (self, PROP_DISK_BYTES);
}

/**
 * xeno_recipe_get_disk_way:
 * @self: a recipe
 *
 * Gets how the machine gets its disk.
 *
 * Returns: the way, a single flag
 */
XenoDiskWay
xeno_recipe_get_disk_way (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), XENO_DISK_NEW);

  return self->disk_way;
}

/**
 * xeno_recipe_set_disk_way:
 * @self: a recipe
 * @way: one of the ways that the medium has
 *
 * Sets how the machine gets its disk. To be followed by xeno_recipe_recommend(), for the size depends
 * on it.
 */
void
xeno_recipe_set_disk_way (XenoRecipe  *self,
                          XenoDiskWay  way)
{
  g_return_if_fail (XENO_IS_RECIPE (self));
  g_return_if_fail (self->media == NULL || xeno_media_get_ways (self->media) & way);

  if (self->disk_way == way)
    return;

  self->disk_way = way;
  xeno_recipe_notify (self, PROP_DISK_WAY);
}

/**
 * xeno_recipe_get_driver_disc:
 * @self: a recipe
 *
 * Gets the path of a disc with drivers, which is put in beside the medium.
 *
 * Returns: (nullable) (transfer none): the text, or %NULL
 */
const char *
xeno_recipe_get_driver_disc (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), NULL);

  return self->driver_disc;
}

/**
 * xeno_recipe_set_driver_disc:
 * @self: a recipe
 * @text: (nullable): the text, or %NULL
 *
 * Sets the path of a disc with drivers, which is put in beside the medium.
 */
void
xeno_recipe_set_driver_disc (XenoRecipe *self,
                             const char *text)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  xeno_recipe_take_string (self, &self->driver_disc, text, PROP_DRIVER_DISC);
}

/**
 * xeno_recipe_get_seed:
 * @self: a recipe
 *
 * Gets what the guest is told at its first start.
 *
 * Returns: (transfer none) (nullable): the seed, or %NULL without any
 */
const XenoSeed *
xeno_recipe_get_seed (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), NULL);

  return self->seed;
}

/**
 * xeno_recipe_set_seed:
 * @self: a recipe
 * @seed: (nullable): what to tell, for a disk that has cloud-init on it
 *
 * Sets what the guest is told at its first start.
 */
void
xeno_recipe_set_seed (XenoRecipe     *self,
                      const XenoSeed *seed)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  g_clear_pointer (&self->seed, xeno_seed_free);
  self->seed = seed != NULL ? xeno_seed_copy (seed) : NULL;
}

/**
 * xeno_recipe_get_install_script:
 * @self: a recipe
 *
 * Gets what the installer on the disc is told.
 *
 * Returns: (transfer none) (nullable): the script, or %NULL where a person installs
 */
const XenoInstallScript *
xeno_recipe_get_install_script (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), NULL);

  return self->install_script;
}

/**
 * xeno_recipe_set_install_script:
 * @self: a recipe
 * @script: (nullable): what to tell the installer on the disc
 *
 * Sets what the installer on the disc is told. The machine has to be started as soon as it is made, and is
 * off when it is installed.
 */
void
xeno_recipe_set_install_script (XenoRecipe              *self,
                                const XenoInstallScript *script)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  g_clear_pointer (&self->install_script, xeno_install_script_free);
  self->install_script = script != NULL ? xeno_install_script_copy (script) : NULL;
}
