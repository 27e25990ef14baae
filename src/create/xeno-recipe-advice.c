/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is good for a machine on this host, and the bounds it has there. */
#include "config.h"

#include "create/xeno-recipe-private.h"

#define MIB (G_GUINT64_CONSTANT (1) << 20)
#define GIB (G_GUINT64_CONSTANT (1) << 30)

/* Amounts are rounded down to these. */
#define MEMORY_STEP_BYTES (64 * MIB)
#define DISK_STEP_BYTES   GIB

#define MIN_MEMORY_BYTES  (16 * MIB)
#define MIN_DISK_BYTES    MIB
#define MAX_BYTES         (G_GUINT64_CONSTANT (1) << 62)

static guint64
recommend_memory (XenoRecipe *self)
{
  const XenoAppliance *appliance = xeno_recipe_get_appliance (self);
  guint64 wanted = self->os != NULL ? xeno_os_get_memory_bytes (self->os, FALSE) : 0;
  guint64 needed = self->os != NULL ? xeno_os_get_memory_bytes (self->os, TRUE) : 0;

  if (appliance != NULL && appliance->ovf->memory_bytes > 0)
    wanted = appliance->ovf->memory_bytes;
  if (wanted == 0)
    wanted = XENO_RECIPE_DEFAULT_MEMORY_BYTES;
  if (self->host_memory_bytes == 0)
    return wanted;

  /* The host wants to live too: more than half of it only where the guest cannot do with less. */
  wanted = MAX (MIN (wanted, self->host_memory_bytes / 2), needed);
  wanted = MIN (wanted, self->host_memory_bytes);
  return MAX (wanted / MEMORY_STEP_BYTES * MEMORY_STEP_BYTES, MIN_MEMORY_BYTES);
}

static guint
recommend_n_cpus (XenoRecipe *self)
{
  const XenoAppliance *appliance = xeno_recipe_get_appliance (self);
  guint wanted = self->os != NULL ? xeno_os_get_n_cpus (self->os, FALSE) : 0;

  if (appliance != NULL && appliance->ovf->n_cpus > 0)
    return MIN (appliance->ovf->n_cpus, self->max_cpus);
  return MIN (MAX (wanted, XENO_RECIPE_DEFAULT_N_CPUS), self->max_cpus);
}

/* As large as it is, where that is known. */
static guint64
recommend_copy (XenoRecipe *self)
{
  guint64 capacity = xeno_media_get_capacity_bytes (self->media);

  return capacity > 0 ? MAX (capacity, MIN_DISK_BYTES) : 0;
}

static guint64
recommend_disk (XenoRecipe *self)
{
  guint64 wanted = self->os != NULL ? xeno_os_get_disk_bytes (self->os, FALSE) : 0;

  if (self->disk_way == XENO_DISK_IN_PLACE || self->direct_boot != NULL || xeno_recipe_get_appliance (self) != NULL)
    return 0;
  if (self->media != NULL && self->disk_way == XENO_DISK_COPY)
    return recommend_copy (self);
  if (self->media != NULL && self->disk_way == XENO_DISK_OVERLAY)
    wanted = MAX (wanted, xeno_media_get_capacity_bytes (self->media));

  /* It grows as it is used, so more costs nothing until then. */
  wanted = MAX (wanted, XENO_RECIPE_DEFAULT_DISK_BYTES);
  if (self->free_disk_bytes == 0 || wanted <= self->free_disk_bytes)
    return wanted;
  if (self->free_disk_bytes < 2 * DISK_STEP_BYTES)
    return MAX (self->free_disk_bytes / 2, MIN_DISK_BYTES);
  return self->free_disk_bytes / DISK_STEP_BYTES * DISK_STEP_BYTES;
}

static void
take_host (XenoRecipe *self,
           XenoHost   *host,
           XenoCaps   *caps)
{
  guint host_cpus = host != NULL ? xeno_host_get_n_cpus (host) : 0;
  guint board_cpus = caps != NULL ? xeno_caps_get_max_cpus (caps) : G_MAXUINT;

  self->host_memory_bytes = host != NULL ? xeno_host_get_memory_bytes (host) : 0;
  self->caps_arch = caps != NULL ? g_intern_string (xeno_caps_get_arch (caps)) : NULL;
  self->cpu_flags = host != NULL ? xeno_host_get_cpu_flags (host) : NULL;
  self->max_cpus_is_hosts = host_cpus > 0 && host_cpus <= board_cpus;
  self->max_cpus = self->max_cpus_is_hosts ? host_cpus : board_cpus;
}

/**
 * xeno_recipe_recommend:
 * @self: a recipe
 * @os: (nullable): its operating system, described
 * @host: (nullable): the computer it will run on
 * @caps: (nullable): what that offers
 * @free_disk_bytes: what is free in the storage place, or 0 while that is not known
 *
 * Fills in what is good for the operating system on this host, wherever the person has not chosen
 * something else. To be called again when more is known.
 */
void
xeno_recipe_recommend (XenoRecipe *self,
                       XenoOs     *os,
                       XenoHost   *host,
                       XenoCaps   *caps,
                       guint64     free_disk_bytes)
{
  XenoRecipeValues *old, new_values;

  g_return_if_fail (XENO_IS_RECIPE (self));
  g_return_if_fail (os == NULL || xeno_os_is_described (os));

  take_host (self, host, caps);
  self->free_disk_bytes = free_disk_bytes;
  g_set_object (&self->os, os);
  xeno_recipe_set_os_id (self, os != NULL ? xeno_os_get_id (os) : NULL);

  new_values = (XenoRecipeValues) {
    xeno_recipe_make_title (self), recommend_memory (self), recommend_n_cpus (self), recommend_disk (self)
  };
  old = &self->recommended;
  if (self->values.title == NULL || g_strcmp0 (self->values.title, old->title) == 0)
    xeno_recipe_set_title (self, new_values.title);
  if (self->values.memory_bytes == old->memory_bytes)
    xeno_recipe_set_memory_bytes (self, new_values.memory_bytes);
  if (self->values.n_cpus == old->n_cpus)
    xeno_recipe_set_n_cpus (self, new_values.n_cpus);
  if (self->values.disk_bytes == old->disk_bytes)
    xeno_recipe_set_disk_bytes (self, new_values.disk_bytes);
  g_free (old->title);
  *old = new_values;
}

/**
 * xeno_recipe_get_memory_range:
 * @self: a recipe
 *
 * Gets what the memory may and should be.
 *
 * Returns: bytes
 */
XenoRange
xeno_recipe_get_memory_range (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), ((XenoRange) { 0, 0, 0 }));

  return (XenoRange) {
    MIN_MEMORY_BYTES,
    self->recommended.memory_bytes,
    self->host_memory_bytes > 0 ? self->host_memory_bytes : MAX_BYTES,
  };
}

/**
 * xeno_recipe_get_cpu_range:
 * @self: a recipe
 *
 * Gets how many processors there may and should be.
 *
 * Returns: numbers
 */
XenoRange
xeno_recipe_get_cpu_range (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), ((XenoRange) { 0, 0, 0 }));

  return (XenoRange) { 1, self->recommended.n_cpus, self->max_cpus };
}

/* What lies under an overlay is not cut off, nor is what is copied. */
static guint64
get_least_disk (XenoRecipe *self)
{
  if (self->media == NULL || (self->disk_way != XENO_DISK_OVERLAY && self->disk_way != XENO_DISK_COPY))
    return MIN_DISK_BYTES;

  return MAX (MIN_DISK_BYTES, xeno_media_get_capacity_bytes (self->media));
}

/* A copy takes what is on the disk, not what the guest sees of it. */
static guint64
get_most_disk (XenoRecipe *self)
{
  if (self->media != NULL && self->disk_way == XENO_DISK_COPY
      && (xeno_media_get_capacity_bytes (self->media) == 0 || xeno_recipe_get_appliance (self) != NULL))
    return 0; /* nobody knows how large it is before it is unpacked, and several stay as they are */
  if (self->free_disk_bytes == 0)
    return MAX_BYTES;
  if (self->media == NULL || self->disk_way != XENO_DISK_COPY)
    return self->free_disk_bytes;

  return MAX (self->free_disk_bytes, get_least_disk (self));
}

/**
 * xeno_recipe_get_disk_range:
 * @self: a recipe
 *
 * Gets how large a new disk may and should be.
 *
 * Returns: bytes
 */
XenoRange
xeno_recipe_get_disk_range (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), ((XenoRange) { 0, 0, 0 }));

  return (XenoRange) {
    get_least_disk (self),
    self->recommended.disk_bytes,
    get_most_disk (self),
  };
}
