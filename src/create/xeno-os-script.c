/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Install scripts, as libosinfo writes them. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "create/xeno-driver-disc.h"
#include "create/xeno-install-keys.h"
#include "create/xeno-os-index.h"
#include "create/xeno-os-script.h"

/* Under which letters Windows finds its discs: C is the disk, D its own. */
#define ANSWERS_DRIVE      "E"
#define DRIVERS_DRIVE      "E"
#define DRIVERS_DRIVE_NEXT "F" /* where the answers have the one before */

/* What is told of where an installer knows no word for what a person said. */
#define FALLBACK_LOCALE "en_US"

/* What a script is written with. */
typedef struct
{
  XenoOs                *os;
  OsinfoMedia           *disc;
  const XenoInstallWish *wish;
  XenoInstallMethod      method;
  char                  *drivers; /* where they are on their disc; NULL: nowhere */
} Answers;

static void
answers_clear (Answers *answers)
{
  g_free (answers->drivers);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answers, answers_clear)

static const char *
get_password (const Answers *answers)
{
  return answers->wish->seed->password;
}

static const char *
get_user (const Answers *answers)
{
  return answers->wish->seed->user;
}

static const char *
get_realname (const Answers *answers)
{
  const char *name = answers->wish->realname;

  return name != NULL && *name != '\0' ? name : answers->wish->seed->user;
}

static const char *
get_hostname (const Answers *answers)
{
  return answers->wish->seed->hostname;
}

static const char *
get_language (const Answers *answers)
{
  return answers->wish->language;
}

static const char *
get_keyboard (const Answers *answers)
{
  return answers->wish->keyboard;
}

static const char *
get_timezone (const Answers *answers)
{
  return answers->wish->timezone;
}

static const char *
get_product_key (const Answers *answers)
{
  return answers->wish->product_key;
}

static const char *
get_arch (const Answers *answers)
{
  return osinfo_media_get_architecture (answers->disc);
}

/* Windows numbers its disks itself. */
static const char *
get_target_disk (const Answers *answers)
{
  if (answers->method != XENO_INSTALL_INITRD)
    return NULL;
  return xeno_os_supports_device (answers->os, "virtio-block") ? "/dev/vda" : "/dev/sda";
}

static const char *
get_script_disk (const Answers *answers)
{
  return answers->method == XENO_INSTALL_DISC ? ANSWERS_DRIVE : NULL;
}

static const char *
get_drivers_disk (const Answers *answers)
{
  if (answers->drivers == NULL)
    return NULL;
  return answers->method == XENO_INSTALL_DISC ? DRIVERS_DRIVE_NEXT : DRIVERS_DRIVE;
}

static const char *
get_drivers_location (const Answers *answers)
{
  return answers->drivers;
}

/*
 * Parameter:
 * @name: libosinfo's name of it
 * @question: what a person is asked, or 0 for what nobody is
 * @get: what the answer is, or %NULL for none
 * @set: writes it
 *
 * A question that a script may ask.
 */
typedef struct
{
  const char            *name;
  XenoInstallQuestion    question;
  const char          *(*get) (const Answers       *answers);
  void                 (*set) (OsinfoInstallConfig *config,
                               const char          *value);
} Parameter;

static const Parameter parameters[] = {
  { OSINFO_INSTALL_CONFIG_PROP_ADMIN_PASSWORD, XENO_INSTALL_PASSWORD, get_password,
    osinfo_install_config_set_admin_password },
  { OSINFO_INSTALL_CONFIG_PROP_USER_LOGIN, XENO_INSTALL_USER, get_user, osinfo_install_config_set_user_login },
  { OSINFO_INSTALL_CONFIG_PROP_USER_REALNAME, XENO_INSTALL_REALNAME, get_realname,
    osinfo_install_config_set_user_realname },
  { OSINFO_INSTALL_CONFIG_PROP_USER_PASSWORD, XENO_INSTALL_PASSWORD, get_password,
    osinfo_install_config_set_user_password },
  { OSINFO_INSTALL_CONFIG_PROP_HOSTNAME, XENO_INSTALL_HOSTNAME, get_hostname, osinfo_install_config_set_hostname },
  { OSINFO_INSTALL_CONFIG_PROP_L10N_LANGUAGE, XENO_INSTALL_LANGUAGE, get_language,
    osinfo_install_config_set_l10n_language },
  { OSINFO_INSTALL_CONFIG_PROP_L10N_KEYBOARD, XENO_INSTALL_KEYBOARD, get_keyboard,
    osinfo_install_config_set_l10n_keyboard },
  { OSINFO_INSTALL_CONFIG_PROP_L10N_TIMEZONE, XENO_INSTALL_TIMEZONE, get_timezone,
    osinfo_install_config_set_l10n_timezone },
  { OSINFO_INSTALL_CONFIG_PROP_REG_PRODUCTKEY, XENO_INSTALL_PRODUCT_KEY, get_product_key,
    osinfo_install_config_set_reg_product_key },
  { OSINFO_INSTALL_CONFIG_PROP_HARDWARE_ARCH, 0, get_arch, osinfo_install_config_set_hardware_arch },
  { OSINFO_INSTALL_CONFIG_PROP_TARGET_DISK, 0, get_target_disk, osinfo_install_config_set_target_disk },
  { OSINFO_INSTALL_CONFIG_PROP_SCRIPT_DISK, 0, get_script_disk, osinfo_install_config_set_script_disk },
  { OSINFO_INSTALL_CONFIG_PROP_PRE_INSTALL_DRIVERS_DISK, 0, get_drivers_disk,
    osinfo_install_config_set_pre_install_drivers_disk },
  { OSINFO_INSTALL_CONFIG_PROP_PRE_INSTALL_DRIVERS_LOCATION, 0, get_drivers_location,
    osinfo_install_config_set_pre_install_drivers_location },
};

static const OsinfoInstallScriptInjectionMethod osinfo_methods[] = {
  [XENO_INSTALL_INITRD] = OSINFO_INSTALL_SCRIPT_INJECTION_METHOD_INITRD,
  [XENO_INSTALL_DISC] = OSINFO_INSTALL_SCRIPT_INJECTION_METHOD_CDROM,
  [XENO_INSTALL_FLOPPY] = OSINFO_INSTALL_SCRIPT_INJECTION_METHOD_FLOPPY,
};

static const Parameter *
find_parameter (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (parameters); i++)
    if (g_str_equal (parameters[i].name, name))
      return &parameters[i];
  return NULL;
}

static OsinfoMedia *
find_media (OsinfoOs  *os,
            XenoMedia *media)
{
  g_autoptr (OsinfoMedia) disc = xeno_os_index_make_media (xeno_media_get_facts (media));
  g_autoptr (OsinfoMediaList) list = osinfo_os_get_media_list (os);
  g_autoptr (GList) elements = osinfo_list_get_elements (OSINFO_LIST (list));

  for (GList *l = elements; l != NULL; l = l->next)
    if (osinfo_media_matches (disc, l->data) && osinfo_media_supports_installer_script (l->data))
      return g_object_ref (l->data);
  return NULL;
}

static gboolean
is_of_dos (OsinfoInstallScript *script)
{
  return osinfo_install_script_get_path_format (script) == OSINFO_PATH_FORMAT_DOS;
}

/* Whoever starts from a disc looks for answers on others by itself where that is Windows alone. */
static gboolean
can_take (OsinfoInstallScript *script,
          OsinfoMedia         *disc,
          XenoInstallMethod    method)
{
  if (!(osinfo_install_script_get_injection_methods (script) & osinfo_methods[method]))
    return FALSE;
  if (method == XENO_INSTALL_INITRD)
    return osinfo_media_get_kernel_path (disc) != NULL && osinfo_media_get_initrd_path (disc) != NULL;
  return is_of_dos (script);
}

/* The scripts of a profile go together. */
static GPtrArray *
list_scripts (OsinfoOs    *os,
              OsinfoMedia *disc,
              const char  *profile)
{
  g_autoptr (OsinfoInstallScriptList) own = osinfo_media_get_install_script_list (disc);
  g_autoptr (OsinfoInstallScriptList) all = osinfo_os_get_install_script_list (os);
  OsinfoList *list = OSINFO_LIST (own != NULL && osinfo_list_get_length (OSINFO_LIST (own)) > 0 ? own : all);
  GPtrArray *scripts = g_ptr_array_new_with_free_func (g_object_unref);

  for (int i = 0; i < osinfo_list_get_length (list); i++)
    {
      OsinfoInstallScript *script = OSINFO_INSTALL_SCRIPT (osinfo_list_get_nth (list, i));

      if (g_strcmp0 (osinfo_install_script_get_profile (script), profile) == 0)
        g_ptr_array_add (scripts, g_object_ref (script));
    }
  return scripts;
}

static gboolean
choose_method (GPtrArray         *scripts,
               OsinfoMedia       *disc,
               XenoInstallMethod *method)
{
  for (gsize i = 0; scripts->len > 0 && i < G_N_ELEMENTS (osinfo_methods); i++)
    {
      gboolean can_all = TRUE;

      for (guint n = 0; n < scripts->len; n++)
        can_all = can_all && can_take (g_ptr_array_index (scripts, n), disc, i);
      if (can_all)
        {
          *method = i;
          return TRUE;
        }
    }
  return FALSE;
}

/* Fails where a script must know what nobody can tell it. */
static gboolean
add_questions (XenoInstallOffer    *offer,
               OsinfoInstallScript *script,
               const Answers       *answers)
{
  OsinfoInstallConfigParamList *list = osinfo_install_script_get_config_params (script);

  for (int i = 0; i < osinfo_list_get_length (OSINFO_LIST (list)); i++)
    {
      OsinfoInstallConfigParam *param = OSINFO_INSTALL_CONFIG_PARAM (osinfo_list_get_nth (OSINFO_LIST (list), i));
      const Parameter *known = find_parameter (osinfo_install_config_param_get_name (param));
      gboolean is_required = osinfo_install_config_param_is_required (param);

      if (is_required && (known == NULL || (known->question == 0 && known->get (answers) == NULL)))
        return FALSE;
      if (known != NULL)
        offer->asks |= known->question;
      if (known != NULL && is_required)
        offer->needs |= known->question;
    }
  if (xeno_install_keys_can_be_in (osinfo_install_script_get_expected_filename (script)))
    offer->asks |= XENO_INSTALL_SSH_KEYS;
  return TRUE;
}

/* NULL where this profile is none that we can do. */
static XenoInstallOffer *
make_offer (GPtrArray  *scripts,
            const char *profile,
            Answers    *answers)
{
  g_autoptr (XenoInstallOffer) offer = g_new0 (XenoInstallOffer, 1);

  if (!choose_method (scripts, answers->disc, &answers->method))
    return NULL;

  offer->profile = g_strdup (profile);
  offer->method = answers->method;
  offer->max_hostname_chars = answers->method == XENO_INSTALL_INITRD ? XENO_INSTALL_MAX_HOSTNAME
                                                                     : XENO_INSTALL_MAX_WINDOWS_HOSTNAME;
  for (guint i = 0; i < scripts->len; i++)
    {
      OsinfoInstallScript *script = g_ptr_array_index (scripts, i);
      const char *format = osinfo_install_script_get_product_key_format (script);

      if (osinfo_install_script_get_expected_filename (script) == NULL || !add_questions (offer, script, answers))
        return NULL;
      if (offer->product_key_format == NULL)
        offer->product_key_format = g_strdup (format);
      offer->needs_internet |= osinfo_install_script_get_needs_internet (script);
    }
  return g_steal_pointer (&offer);
}

/* What people expect of a new machine first. */
static const char * const profiles[] = { "desktop", "jeos" };

/* What the script's own words for languages and keyboards are. */
static char *
translate (OsinfoInstallScript *script,
           const Parameter     *parameter,
           const char          *value)
{
  OsinfoInstallConfigParam *param = osinfo_install_script_get_config_param (script, parameter->name);
  OsinfoDatamap *map = param != NULL ? osinfo_install_config_param_get_value_map (param) : NULL;
  const char *other;

  if (map == NULL || osinfo_datamap_lookup (map, value) != NULL)
    return g_strdup (value);

  /* libosinfo makes keyboards of locales, and knows the capitals of a language alone. */
  other = osinfo_datamap_reverse_lookup (map, value);
  if (other != NULL)
    return g_strdup (other);
  return g_strdup (FALLBACK_LOCALE);
}

/* Only what the script asks for is answered. */
static OsinfoInstallConfig *
make_config (OsinfoInstallScript *script,
             const Answers       *answers)
{
  OsinfoInstallConfig *config = osinfo_install_config_new ("wish");

  for (gsize i = 0; i < G_N_ELEMENTS (parameters); i++)
    {
      const char *value = parameters[i].get (answers);
      g_autofree char *said = NULL;

      if (value != NULL && *value != '\0' && osinfo_install_script_has_config_param_name (script, parameters[i].name))
        said = translate (script, &parameters[i], value);
      if (said != NULL)
        parameters[i].set (config, said);
    }
  return config;
}

static void
refuse (XenoOs      *os,
        const char  *profile,
        GError     **error)
{
  if (profile != NULL)
    xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                    _("Nobody knows how “%s” installs by itself from this disc as “%s”. Leave --profile out, or install "
                      "without --unattended."), xeno_os_get_name (os), profile);
  else
    xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                    _("Nobody knows how “%s” installs by itself from this disc. Install without --unattended."),
                    xeno_os_get_name (os));
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

static void
wipe (char *text)
{
  explicit_bzero (text, strlen (text));
  g_free (text);
}

/* Lines end as on DOS there, for what reads them may be as old. */
static char *
end_lines (char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  char *ended = g_strjoinv ("\r\n", lines);

  for (guint i = 0; lines[i] != NULL; i++)
    explicit_bzero (lines[i], strlen (lines[i]));
  wipe (text);
  return ended;
}

static char *
write_text (OsinfoInstallScript  *script,
            OsinfoInstallConfig  *config,
            const Answers        *answers,
            GError              **error)
{
  const XenoSeed *seed = answers->wish->seed;
  char *text = generate (script, answers->disc, config, error);
  char *whole;

  if (text == NULL)
    return NULL;
  if (is_of_dos (script))
    return strchr (text, '\r') == NULL ? end_lines (text) : text;

  whole = xeno_install_keys_add (osinfo_install_script_get_expected_filename (script), text, seed->user,
                                 (const char * const *) seed->ssh_keys);
  wipe (text);
  return whole;
}

static gboolean
write_script (XenoInstallScript    *result,
              guint                 number,
              OsinfoInstallScript  *script,
              const Answers        *answers,
              GError              **error)
{
  g_autoptr (OsinfoInstallConfig) config = make_config (script, answers);

  osinfo_install_script_set_preferred_injection_method (script, osinfo_methods[answers->method]);
  result->names[number] = g_strdup (osinfo_install_script_get_expected_filename (script));
  result->texts[number] = write_text (script, config, answers, error);
  if (result->texts[number] == NULL)
    return FALSE;

  if (answers->method == XENO_INSTALL_INITRD && result->command_line == NULL)
    result->command_line = osinfo_install_script_generate_command_line_for_media (script, answers->disc, config);
  result->loads_drivers |= answers->drivers != NULL && osinfo_install_script_get_can_pre_install_drivers (script)
                           && osinfo_install_script_has_config_param_name (
                                script, OSINFO_INSTALL_CONFIG_PROP_PRE_INSTALL_DRIVERS_LOCATION);
  /* Windows makes no partition for UEFI unless it is told to. */
  result->needs_bios |= is_of_dos (script) && strstr (result->texts[number], "<CreatePartition>") != NULL
                        && strstr (result->texts[number], ">EFI<") == NULL;
  return TRUE;
}

static GPtrArray *
choose_scripts (OsinfoOs          *os,
                Answers           *answers,
                XenoInstallOffer **offer)
{
  const char *wanted = answers->wish->profile;

  for (gsize i = 0; i < G_N_ELEMENTS (profiles); i++)
    {
      g_autoptr (GPtrArray) scripts = list_scripts (os, answers->disc, profiles[i]);

      if (wanted == NULL || g_str_equal (wanted, profiles[i]))
        *offer = make_offer (scripts, profiles[i], answers);
      if (*offer != NULL)
        return g_steal_pointer (&scripts);
    }
  return NULL;
}

/*< private >
 * xeno_os_script_list:
 * @db: the database
 * @os: what is on the disc
 * @media: the disc
 *
 * Lists the ways in which the system on a disc installs itself.
 *
 * Returns: (transfer full) (element-type XenoInstallOffer): the offers, the recommended one first; may be empty
 */
GPtrArray *
xeno_os_script_list (OsinfoDb  *db,
                     XenoOs    *os,
                     XenoMedia *media)
{
  static const XenoSeed nobody = { NULL };
  static const XenoInstallWish nothing = { .seed = &nobody };
  g_autoptr (GPtrArray) offers = g_ptr_array_new_with_free_func ((GDestroyNotify) xeno_install_offer_free);
  g_autoptr (OsinfoMedia) disc = NULL;
  OsinfoOs *entry;

  g_return_val_if_fail (OSINFO_IS_DB (db), NULL);
  g_return_val_if_fail (XENO_IS_OS (os) && XENO_IS_MEDIA (media), NULL);

  entry = osinfo_db_get_os (db, xeno_os_get_id (os));
  disc = entry != NULL ? find_media (entry, media) : NULL;
  for (gsize i = 0; disc != NULL && i < G_N_ELEMENTS (profiles); i++)
    {
      Answers answers = { os, disc, &nothing, XENO_INSTALL_INITRD, NULL };
      g_autoptr (GPtrArray) scripts = list_scripts (entry, disc, profiles[i]);
      XenoInstallOffer *offer = make_offer (scripts, profiles[i], &answers);

      if (offer != NULL)
        g_ptr_array_add (offers, offer);
    }
  return g_steal_pointer (&offers);
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
 * Writes what the installer on a disc has to be told. Blocks for as long as the disc with drivers takes.
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
  g_auto (Answers) answers = { os, NULL, wish, XENO_INSTALL_INITRD, NULL };
  g_autoptr (OsinfoMedia) disc = NULL;
  g_autoptr (GPtrArray) scripts = NULL;
  g_autoptr (XenoInstallOffer) offer = NULL;
  g_autoptr (XenoInstallScript) result = NULL;
  g_autoptr (GError) problem = NULL;
  OsinfoOs *entry;

  g_return_val_if_fail (OSINFO_IS_DB (db), NULL);
  g_return_val_if_fail (XENO_IS_OS (os) && XENO_IS_MEDIA (media), NULL);
  g_return_val_if_fail (wish != NULL && wish->seed != NULL, NULL);

  entry = osinfo_db_get_os (db, xeno_os_get_id (os));
  disc = answers.disc = entry != NULL ? find_media (entry, media) : NULL;
  scripts = disc != NULL ? choose_scripts (entry, &answers, &offer) : NULL;
  if (scripts == NULL)
    {
      refuse (os, wish->profile, error);
      return NULL;
    }
  if (!xeno_install_offer_check (offer, wish, error))
    return NULL;

  if (wish->driver_disc != NULL && answers.method != XENO_INSTALL_INITRD)
    answers.drivers = xeno_driver_disc_find_drivers (wish->driver_disc, xeno_os_get_short_id (os),
                                                     osinfo_media_get_architecture (disc));
  result = g_new0 (XenoInstallScript, 1);
  result->method = answers.method;
  result->names = g_new0 (char *, scripts->len + 1);
  result->texts = g_new0 (char *, scripts->len + 1);
  result->disc_path = g_strdup (xeno_media_get_path (media));
  if (answers.method == XENO_INSTALL_INITRD)
    {
      result->kernel_path = g_strdup (osinfo_media_get_kernel_path (disc));
      result->initrd_path = g_strdup (osinfo_media_get_initrd_path (disc));
    }
  for (guint i = 0; i < scripts->len; i++)
    if (!write_script (result, i, g_ptr_array_index (scripts, i), &answers, &problem))
      {
        xeno_set_error (error, XENO_ERROR_FAILED, problem != NULL ? problem->message : NULL,
                        _("What the installer of “%s” shall be told could not be written. Install it yourself."),
                        xeno_os_get_name (os));
        return NULL;
      }
  return g_steal_pointer (&result);
}
