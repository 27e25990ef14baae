/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a machine can be made as wished, and if not, why. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-units.h"
#include "create/xeno-recipe-private.h"
#include "spec/xeno-name.h"

static gboolean
check_memory (XenoRecipe  *self,
              GError     **error)
{
  XenoRange range = xeno_recipe_get_memory_range (self);
  g_autofree char *wanted = xeno_units_format_size (self->values.memory_bytes);
  g_autofree char *least = xeno_units_format_size (range.minimum);
  g_autofree char *most = xeno_units_format_size (range.maximum);

  if (self->values.memory_bytes < range.minimum)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("Memory: %s is too little. A machine needs at least %s."), wanted, least);
  else if (self->values.memory_bytes > range.maximum)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("Memory: %s is too much. The host has %s."), wanted, most);
  else
    return TRUE;

  return FALSE;
}

static gboolean
check_cpus (XenoRecipe  *self,
            GError     **error)
{
  if (self->values.n_cpus == 0)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("Processors: a machine needs at least one."));
  else if (self->values.n_cpus > self->max_cpus && self->max_cpus_is_hosts)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("Processors: %u are too many. The host has %u."), self->values.n_cpus, self->max_cpus);
  else if (self->values.n_cpus > self->max_cpus)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("Processors: %u are too many. A machine can have %u."), self->values.n_cpus, self->max_cpus);
  else
    return TRUE;

  return FALSE;
}

static gboolean
check_disk (XenoRecipe  *self,
            GError     **error)
{
  XenoRange range = xeno_recipe_get_disk_range (self);
  g_autofree char *wanted = xeno_units_format_size (self->values.disk_bytes);
  g_autofree char *least = xeno_units_format_size (range.minimum);
  g_autofree char *most = xeno_units_format_size (range.maximum);

  if (self->values.disk_bytes == 0 && self->disk_way != XENO_DISK_OVERLAY)
    return TRUE;

  if (self->values.disk_bytes < range.minimum)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("Disk: %s is too little. A disk has at least %s."), wanted, least);
  else if (self->values.disk_bytes > range.maximum)
    xeno_set_error (error, XENO_ERROR_NO_SPACE, NULL,
                    _("Disk: %s is too much. The storage place has %s free."), wanted, most);
  else
    return TRUE;

  return FALSE;
}

/**
 * xeno_recipe_check:
 * @self: a recipe
 * @error: %XENO_ERROR_INVALID or %XENO_ERROR_NO_SPACE with a sentence that begins with the field and
 *   names the limit
 *
 * Tells whether the machine can be made as wished.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_recipe_check (XenoRecipe  *self,
                   GError     **error)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), FALSE);

  return xeno_name_check_title (self->values.title != NULL ? self->values.title : "", error)
         && check_memory (self, error)
         && check_cpus (self, error)
         && check_disk (self, error);
}

/* Disks that grow beyond the room there is for all of them. */
static char *
dup_room_warning (XenoRecipe *self,
                  guint64     promised_bytes)
{
  guint64 wanted;
  g_autofree char *all = NULL;
  g_autofree char *room = NULL;

  if (!g_uint64_checked_add (&wanted, promised_bytes, self->values.disk_bytes))
    wanted = G_MAXUINT64;
  if (self->values.disk_bytes == 0 || self->free_disk_bytes == 0 || wanted <= self->free_disk_bytes)
    return NULL;

  all = xeno_units_format_size (wanted);
  room = xeno_units_format_size (self->free_disk_bytes);
  /* Translators: both are sizes */
  return g_strdup_printf (_("With this one, the disks in the storage place may grow by %s, and %s is free. When "
                            "the drive is full, machines pause until there is room again."), all, room);
}

/* A disc for processors that the machine will not have. */
static char *
dup_arch_warning (XenoRecipe *self)
{
  const XenoOsDisc *disc = self->os != NULL ? xeno_os_get_disc (self->os) : NULL;

  if (disc == NULL || disc->arch == NULL || self->caps_arch == NULL || g_str_equal (disc->arch, self->caps_arch)
      || (g_str_equal (disc->arch, "i686") && g_str_equal (self->caps_arch, "x86_64")))
    return NULL;

  /* Translators: both are kinds of processors, "aarch64" and "x86_64" */
  return g_strdup_printf (_("This disc is for %s, and the machine will be %s: it will find nothing to start. Download "
                            "the disc for %s."), disc->arch, self->caps_arch, self->caps_arch);
}

/**
 * xeno_recipe_dup_warning:
 * @self: a recipe
 * @promised_bytes: how much the disks in the storage place may still grow
 *
 * Says what can be made and may go wrong later.
 *
 * Returns: (transfer full) (nullable): translated sentences, or %NULL
 */
char *
xeno_recipe_dup_warning (XenoRecipe *self,
                         guint64     promised_bytes)
{
  char *warning;

  g_return_val_if_fail (XENO_IS_RECIPE (self), NULL);

  warning = dup_arch_warning (self);
  return warning != NULL ? warning : dup_room_warning (self, promised_bytes);
}
