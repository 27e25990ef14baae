/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a person says on the line about an installation that goes by itself. */
#include "config.h"

#include <locale.h>
#include <string.h>

#include "base/xeno-error.h"
#include "cli/xeno-create-install.h"

/* Of locales, keyboards and time zones; installers read these without quotes. */
#define ID_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/"

void
xeno_create_install_clear (XenoCreateInstall *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->profile);
  g_free (self->language);
  g_free (self->keyboard);
  g_free (self->timezone);
}

static gboolean
check_id (const char  *option,
          const char  *value,
          GError     **error)
{
  if (value == NULL || (*value != '\0' && value[strspn (value, ID_CHARS)] == '\0'))
    return TRUE;

  /* Translators: an option as "--keyboard" */
  xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("%s takes letters, digits and _ + - / alone."), option);
  return FALSE;
}

gboolean
xeno_create_install_check (const XenoCreateInstall  *self,
                           GError                  **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (!self->unattended && (self->profile != NULL || self->language != NULL || self->keyboard != NULL
                            || self->timezone != NULL))
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("What an installer is told goes with --unattended: say that too."));
  else if (self->profile != NULL && !g_str_equal (self->profile, "desktop") && !g_str_equal (self->profile, "jeos"))
    xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("%s is one of %s."), "--profile", "desktop, jeos");
  else
    return check_id ("--language", self->language, error) && check_id ("--keyboard", self->keyboard, error)
           && check_id ("--timezone", self->timezone, error);
  return FALSE;
}

/* "de_DE" of "de_DE.UTF-8"; nothing of "C". */
static char *
dup_language (void)
{
  const char *locale = setlocale (LC_MESSAGES, NULL);

  return locale != NULL && strchr (locale, '_') != NULL ? g_strndup (locale, strcspn (locale, ".@")) : NULL;
}

static char *
dup_timezone (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  const char *id = g_time_zone_get_identifier (zone);

  return *id != '/' && strchr (id, '/') != NULL && id[strspn (id, ID_CHARS)] == '\0' ? g_strdup (id) : NULL;
}

/* Asks for the script of the system that was recognised, and has the recipe use it. */
gboolean
xeno_create_install_apply (const XenoCreateInstall  *self,
                           XenoCreateAnswers        *answers,
                           XenoRecipe               *recipe,
                           const XenoSeed           *seed,
                           GError                  **error)
{
  g_autofree char *language = dup_language ();
  g_autofree char *timezone = dup_timezone ();
  const XenoInstallWish wish = {
    self->profile, self->language != NULL ? self->language : language, self->keyboard,
    self->timezone != NULL ? self->timezone : timezone, seed
  };
  g_autoptr (XenoInstallScript) script = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *pending = NULL;

  g_return_val_if_fail (self != NULL && answers != NULL, FALSE);
  g_return_val_if_fail (XENO_IS_RECIPE (recipe), FALSE);

  if (xeno_recipe_get_os (recipe) == NULL)
    {
      xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                      _("What is on the disc is not known, so nobody can tell its installer what to do. Name it with "
                        "--os, or install without --unattended."));
      return FALSE;
    }

  xeno_os_db_write_script_async (answers->db, xeno_recipe_get_os (recipe), xeno_recipe_get_media (recipe), &wish,
                                 answers->cancellable, xeno_cli_result_cb, &pending);
  result = xeno_cli_await (&pending);
  script = xeno_os_db_write_script_finish (answers->db, result, error);
  if (script == NULL)
    return FALSE;

  xeno_recipe_set_install_script (recipe, script);
  return TRUE;
}
