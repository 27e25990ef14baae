/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Install scripts, as libosinfo writes them. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "create/xeno-os-index.h"
#include "create/xeno-os-script.h"

/* What installers read a password without quotes of. */
#define PASSWORD_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;!?+-*/=@%_"

/*
 * Parameter:
 * @name: libosinfo's name of it
 * @set: writes it
 *
 * A question that a script may ask.
 */
typedef struct
{
  const char *name;
  void      (*set) (OsinfoInstallConfig *config,
                    const char          *value);
} Parameter;

static const Parameter parameters[] = {
  { OSINFO_INSTALL_CONFIG_PROP_ADMIN_PASSWORD, osinfo_install_config_set_admin_password },
  { OSINFO_INSTALL_CONFIG_PROP_USER_LOGIN, osinfo_install_config_set_user_login },
  { OSINFO_INSTALL_CONFIG_PROP_USER_REALNAME, osinfo_install_config_set_user_realname },
  { OSINFO_INSTALL_CONFIG_PROP_USER_PASSWORD, osinfo_install_config_set_user_password },
  { OSINFO_INSTALL_CONFIG_PROP_HOSTNAME, osinfo_install_config_set_hostname },
  { OSINFO_INSTALL_CONFIG_PROP_L10N_LANGUAGE, osinfo_install_config_set_l10n_language },
  { OSINFO_INSTALL_CONFIG_PROP_L10N_KEYBOARD, osinfo_install_config_set_l10n_keyboard },
  { OSINFO_INSTALL_CONFIG_PROP_L10N_TIMEZONE, osinfo_install_config_set_l10n_timezone },
  { OSINFO_INSTALL_CONFIG_PROP_TARGET_DISK, osinfo_install_config_set_target_disk },
};

static OsinfoMedia *
find_media (OsinfoOs  *os,
            XenoMedia *media)
{
  g_autoptr (OsinfoMedia) disc = xeno_os_index_make_media (xeno_media_get_facts (media));
  g_autoptr (OsinfoMediaList) list = osinfo_os_get_media_list (os);
  g_autoptr (GList) elements = osinfo_list_get_elements (OSINFO_LIST (list));

  for (GList *l = elements; l != NULL; l = l->next)
    if (osinfo_media_matches (disc, l->data) && osinfo_media_supports_installer_script (l->data)
        && osinfo_media_get_kernel_path (l->data) != NULL && osinfo_media_get_initrd_path (l->data) != NULL)
      return g_object_ref (l->data);
  return NULL;
}

static gboolean
suits (OsinfoInstallScript *script,
       const char          *profile)
{
  return (osinfo_install_script_get_injection_methods (script) & OSINFO_INSTALL_SCRIPT_INJECTION_METHOD_INITRD) != 0
         && (profile == NULL || g_strcmp0 (osinfo_install_script_get_profile (script), profile) == 0);
}

static OsinfoInstallScript *
find_script (OsinfoOs    *os,
             OsinfoMedia *media,
             const char  *profile)
{
  g_autoptr (OsinfoInstallScriptList) own = osinfo_media_get_install_script_list (media);
  g_autoptr (OsinfoInstallScriptList) all = osinfo_os_get_install_script_list (os);
  OsinfoList *list = OSINFO_LIST (own != NULL && osinfo_list_get_length (OSINFO_LIST (own)) > 0 ? own : all);

  for (int i = 0; i < osinfo_list_get_length (list); i++)
    {
      OsinfoInstallScript *script = OSINFO_INSTALL_SCRIPT (osinfo_list_get_nth (list, i));

      if (suits (script, profile))
        return g_object_ref (script);
    }
  return NULL;
}

static const char *
get_answer (const char            *name,
            XenoOs                *os,
            const XenoInstallWish *wish)
{
  const struct
  {
    const char *name;
    const char *value;
  } answers[] = {
    { OSINFO_INSTALL_CONFIG_PROP_ADMIN_PASSWORD, wish->seed->password },
    { OSINFO_INSTALL_CONFIG_PROP_USER_LOGIN, wish->seed->user },
    { OSINFO_INSTALL_CONFIG_PROP_USER_REALNAME, wish->seed->user },
    { OSINFO_INSTALL_CONFIG_PROP_USER_PASSWORD, wish->seed->password },
    { OSINFO_INSTALL_CONFIG_PROP_HOSTNAME, wish->seed->hostname },
    { OSINFO_INSTALL_CONFIG_PROP_L10N_LANGUAGE, wish->language },
    { OSINFO_INSTALL_CONFIG_PROP_L10N_KEYBOARD, wish->keyboard },
    { OSINFO_INSTALL_CONFIG_PROP_L10N_TIMEZONE, wish->timezone },
    { OSINFO_INSTALL_CONFIG_PROP_TARGET_DISK,
      xeno_os_supports_device (os, "virtio-block") ? "/dev/vda" : "/dev/sda" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    if (g_str_equal (answers[i].name, name))
      return answers[i].value;
  return NULL;
}

/* Only what the script asks for is answered. */
static OsinfoInstallConfig *
make_config (OsinfoInstallScript   *script,
             XenoOs                *os,
             const XenoInstallWish *wish)
{
  OsinfoInstallConfig *config = osinfo_install_config_new ("wish");

  for (gsize i = 0; i < G_N_ELEMENTS (parameters); i++)
    {
      const char *value = get_answer (parameters[i].name, os, wish);

      if (value != NULL && osinfo_install_script_has_config_param_name (script, parameters[i].name))
        parameters[i].set (config, value);
    }
  return config;
}

static gboolean
check_answered (OsinfoInstallScript    *script,
                XenoOs                 *os,
                const XenoInstallWish  *wish,
                GError                **error)
{
  OsinfoInstallConfigParamList *list = osinfo_install_script_get_config_params (script);

  for (int i = 0; i < osinfo_list_get_length (OSINFO_LIST (list)); i++)
    {
      OsinfoInstallConfigParam *param = OSINFO_INSTALL_CONFIG_PARAM (osinfo_list_get_nth (OSINFO_LIST (list), i));
      const char *name = osinfo_install_config_param_get_name (param);

      if (!osinfo_install_config_param_is_required (param) || get_answer (name, os, wish) != NULL)
        continue;

      if (strstr (name, "password") != NULL)
        xeno_set_error (error, XENO_ERROR_INVALID, name,
                        _("The installer of “%s” wants a password. Give one with --password-stdin."),
                        xeno_os_get_name (os));
      else
        xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, name,
                        _("The installer of “%s” asks for what nobody can tell it here (%s). Install without "
                          "--unattended."), xeno_os_get_name (os), name);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_password (const char  *password,
                GError     **error)
{
  if (password == NULL || password[strspn (password, PASSWORD_CHARS)] == '\0')
    return TRUE;

  xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                  _("Password: installers take letters without accents, digits and .,:;!?+-*/=@%%_ alone. Choose another "
                    "one, and change it once the system is installed."));
  return FALSE;
}

static gboolean
refuse (XenoOs     *os,
        const char *profile,
        GError    **error)
{
  if (profile != NULL)
    xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                    _("Nobody knows how “%s” installs by itself from this disc as “%s”. Leave --profile out, or install "
                      "without --unattended."), xeno_os_get_name (os), profile);
  else
    xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                    _("Nobody knows how “%s” installs by itself from this disc. Install without --unattended."),
                    xeno_os_get_name (os));
  return FALSE;
}

/* libosinfo waits in a main loop, which has to be this thread's own. */
static char *
generate (OsinfoInstallScript  *script,
          OsinfoMedia          *disc,
          OsinfoInstallConfig  *config,
          GError              **error)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainContextPusher) pusher = g_main_context_pusher_new (context);

  return osinfo_install_script_generate_for_media (script, disc, config, NULL, error);
}

/*< private >
 * xeno_os_script_write:
 * @db: the database
 * @os: what is on the disc
 * @media: the disc
 * @wish: what shall be installed, checked
 * @error: %XENO_ERROR_NOT_SUPPORTED where the disc cannot be installed from without a person, or
 *   %XENO_ERROR_INVALID where an answer is missing
 *
 * Writes what the installer on a disc has to be told.
 *
 * Returns: (transfer full): the script
 */
XenoInstallScript *
xeno_os_script_write (OsinfoDb               *db,
                      XenoOs                 *os,
                      XenoMedia              *media,
                      const XenoInstallWish  *wish,
                      GError                **error)
{
  g_autoptr (OsinfoInstallScript) script = NULL;
  g_autoptr (OsinfoInstallConfig) config = NULL;
  g_autoptr (XenoInstallScript) result = NULL;
  g_autoptr (OsinfoMedia) disc = NULL;
  g_autoptr (GError) problem = NULL;
  OsinfoOs *entry;

  g_return_val_if_fail (OSINFO_IS_DB (db), NULL);
  g_return_val_if_fail (XENO_IS_OS (os) && XENO_IS_MEDIA (media), NULL);
  g_return_val_if_fail (wish != NULL && wish->seed != NULL, NULL);

  entry = osinfo_db_get_os (db, xeno_os_get_id (os));
  disc = entry != NULL ? find_media (entry, media) : NULL;
  script = disc != NULL ? find_script (entry, disc, wish->profile) : NULL;
  if ((script == NULL && !refuse (os, wish->profile, error)) || !check_password (wish->seed->password, error)
      || !check_answered (script, os, wish, error))
    return NULL;

  config = make_config (script, os, wish);
  osinfo_install_script_set_preferred_injection_method (script, OSINFO_INSTALL_SCRIPT_INJECTION_METHOD_INITRD);
  result = g_new0 (XenoInstallScript, 1);
  result->file_name = g_strdup (osinfo_install_script_get_expected_filename (script));
  result->text = generate (script, disc, config, &problem);
  result->command_line = osinfo_install_script_generate_command_line_for_media (script, disc, config);
  result->disc_path = g_strdup (xeno_media_get_path (media));
  result->kernel_path = g_strdup (osinfo_media_get_kernel_path (disc));
  result->initrd_path = g_strdup (osinfo_media_get_initrd_path (disc));
  if (result->text != NULL && result->file_name != NULL)
    return g_steal_pointer (&result);

  xeno_set_error (error, XENO_ERROR_FAILED, problem != NULL ? problem->message : NULL,
                  _("What the installer of “%s” shall be told could not be written. Install without --unattended."),
                  xeno_os_get_name (os));
  return NULL;
}
