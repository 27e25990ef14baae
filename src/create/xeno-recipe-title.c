/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a machine is called: from its system, its disc or its file, and like no other. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-text.h"
#include "create/xeno-recipe-private.h"
#include "spec/xeno-name.h"

#define MAX_TITLE_CHARS 60

/* Labels that disc-writing programs leave behind when nobody chose one. */
static gboolean
is_telling (const char *label)
{
  static const char * const empty_words[] = { "CDROM", "CD_ROM", "DISC", "ISO", "ISOIMAGE", "NEW", "NEW_VOLUME", "UNTITLED" };

  for (gsize i = 0; i < G_N_ELEMENTS (empty_words); i++)
    if (g_ascii_strcasecmp (label, empty_words[i]) == 0)
      return FALSE;

  return TRUE;
}

static char *
make_title_from (const char *text)
{
  g_autofree char *title = xeno_text_clean (text, -1, MAX_TITLE_CHARS);

  g_strdelimit (title, "/\\", ' ');
  g_strstrip (title);
  return xeno_name_check_title (title, NULL) ? g_steal_pointer (&title) : NULL;
}

static char *
make_title_from_path (const char *path)
{
  g_autofree char *base = g_path_get_basename (path);
  char *dot = strrchr (base, '.');

  if (dot != NULL && dot != base)
    *dot = '\0';
  return make_title_from (base);
}

/*< private >
 * xeno_recipe_make_title:
 * @self: a recipe
 *
 * Makes a title from what is known of the machine.
 *
 * Returns: (transfer full): the title, which may be taken
 */
char *
xeno_recipe_make_title (XenoRecipe *self)
{
  const char *label = self->media != NULL ? xeno_media_get_label (self->media) : NULL;
  char *title = NULL;

  if (xeno_recipe_get_appliance (self) != NULL)
    title = make_title_from (xeno_recipe_get_appliance (self)->ovf->title);
  if (title == NULL && self->os != NULL && !xeno_os_is_generic (self->os))
    title = make_title_from (xeno_os_get_name (self->os));
  if (title == NULL && label != NULL && is_telling (label))
    title = make_title_from (label);
  if (title == NULL && self->media != NULL)
    title = make_title_from_path (xeno_media_get_path (self->media));
  return title != NULL ? title : g_strdup (_("New machine"));
}

/**
 * xeno_recipe_make_title_unique:
 * @self: a recipe with a title
 * @machines: a list of #XenoMachine
 *
 * Appends a number to the title if a machine has it already. The result still counts as
 * recommended.
 */
void
xeno_recipe_make_title_unique (XenoRecipe *self,
                               GListModel *machines)
{
  g_autofree char *title = xeno_plan_dup_free_title (XENO_PLAN (self), machines);

  g_return_if_fail (title != NULL);

  if (g_strcmp0 (self->values.title, self->recommended.title) == 0)
    {
      g_free (self->recommended.title);
      self->recommended.title = g_strdup (title);
    }
  xeno_recipe_set_title (self, title);
}
