/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An installation that goes by itself, as the line wants it. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "cli/xeno-create-install.h"

static XenoInstallScript *
write_script (XenoCreateAnswers      *answers,
              XenoRecipe             *recipe,
              const XenoInstallWish  *wish,
              GError                **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *pending = NULL;

  xeno_os_db_write_script_async (answers->db, xeno_recipe_get_os (recipe), xeno_recipe_get_media (recipe), wish,
                                 answers->cancellable, xeno_cli_result_cb, &pending);
  result = xeno_cli_await (&pending);
  return xeno_os_db_write_script_finish (answers->db, result, error);
}

/* Asks for the script of the system that was recognised, and has the recipe use it. */
gboolean
xeno_create_install_apply (const XenoWish     *wish,
                           const char         *product_key,
                           XenoCreateAnswers  *answers,
                           XenoRecipe         *recipe,
                           const XenoSeed     *seed,
                           GError            **error)
{
  g_autofree char *language = xeno_install_offer_dup_language ();
  g_autofree char *keyboard = xeno_install_offer_dup_keyboard ();
  g_autofree char *timezone = xeno_install_offer_dup_timezone ();
  g_autoptr (XenoInstallScript) script = NULL;

  g_return_val_if_fail (wish != NULL && answers != NULL, FALSE);
  g_return_val_if_fail (XENO_IS_RECIPE (recipe), FALSE);

  const XenoInstallWish install = {
    .profile = wish->profile,
    .language = wish->language != NULL ? wish->language : language,
    .keyboard = wish->keyboard != NULL ? wish->keyboard : keyboard,
    .timezone = wish->timezone != NULL ? wish->timezone : timezone,
    .realname = wish->full_name,
    .product_key = product_key,
    .driver_disc = xeno_recipe_get_driver_disc (recipe),
    .seed = seed,
  };

  if (xeno_recipe_get_os (recipe) == NULL)
    {
      xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                      _("What is on the disc is not known, so nobody can tell its installer what to do. Name it with "
                        "--os, or install without --unattended."));
      return FALSE;
    }

  script = write_script (answers, recipe, &install, error);
  if (script == NULL)
    return FALSE;

  xeno_recipe_set_install_script (recipe, script);
  return TRUE;
}
