/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An installation that can go by itself: what its installer asks, and whether the answers are good. */
#include "config.h"

#include <locale.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "create/xeno-install-offer.h"

/* What installers read a password without quotes of. */
#define PASSWORD_CHARS G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS ".,:;!?+-*/=@%_"

/* Of locales, keyboards and time zones; these are read without quotes, too. */
#define ID_CHARS G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_+-/"

/* What would end what a name is quoted in, somewhere. */
#define UNSAFE_CHARS "\"'\\`$#<>&:,;%"

#define MAX_NAME_CHARS 64
#define MAX_KEY_CHARS  64

/* Where distributions keep the keyboard of their consoles and screens. */
static const char * const keyboard_files[] = { "/etc/default/keyboard", "/etc/vconsole.conf" };
static const char * const keyboard_names[] = { "XKBLAYOUT=", "KEYMAP=" };

/**
 * xeno_install_offer_free:
 * @self: (transfer full): an offer
 *
 * Frees it.
 */
void
xeno_install_offer_free (XenoInstallOffer *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->profile);
  g_free (self->product_key_format);
  g_free (self);
}

static gboolean
is_made_of (const char *text,
            const char *allowed)
{
  return text[strspn (text, allowed)] == '\0';
}

static gboolean
is_blank (const char *text)
{
  return text == NULL || *text == '\0';
}

static gboolean
check_password (const XenoInstallOffer  *self,
                const char              *password,
                GError                 **error)
{
  if (is_blank (password) && self->needs & XENO_INSTALL_PASSWORD)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("Password: this installer wants one. Choose it now, and change it later if you like."));
  else if (!is_blank (password) && !is_made_of (password, PASSWORD_CHARS))
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("Password: installers take letters without accents, digits and .,:;!?+-*/=@%%_ alone. Choose another "
                      "one, and change it once the system is installed."));
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_hostname (const XenoInstallOffer  *self,
                const char              *hostname,
                GError                 **error)
{
  if (hostname == NULL || strlen (hostname) <= self->max_hostname_chars)
    return TRUE;

  xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("Host name: this system can have one of %u letters at most."),
                  self->max_hostname_chars);
  return FALSE;
}

static gboolean
check_realname (const char  *name,
                GError     **error)
{
  if (is_blank (name))
    return TRUE;

  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    if (strchr (UNSAFE_CHARS, *p) != NULL || g_unichar_iscntrl (g_utf8_get_char (p)))
      {
        xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                        _("Full name: installers take letters, digits, spaces, dots and hyphens alone."));
        return FALSE;
      }
  if (g_utf8_strlen (name, -1) <= MAX_NAME_CHARS)
    return TRUE;

  xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("Full name: it is too long. Choose a shorter one."));
  return FALSE;
}

static gboolean
check_id (const char  *value,
          const char  *sentence,
          GError     **error)
{
  if (is_blank (value) || is_made_of (value, ID_CHARS))
    return TRUE;

  xeno_set_error (error, XENO_ERROR_INVALID, NULL, "%s", sentence);
  return FALSE;
}

/* As libosinfo writes formats: "%" is a capital letter, "@" any letter, "#" a digit, "$" a capital letter or a
 * digit, "*" anything. */
static gboolean
fits (char        c,
      char        format)
{
  switch (format)
    {
    case '%':
      return g_ascii_isupper (c);

    case '@':
      return g_ascii_isalpha (c);

    case '#':
      return g_ascii_isdigit (c);

    case '$':
      return g_ascii_isupper (c) || g_ascii_isdigit (c);

    case '*':
      return g_ascii_isgraph (c);

    default:
      return c == format;
    }
}

static gboolean
fits_format (const char *key,
             const char *format)
{
  gsize length = strlen (key);

  if (format == NULL)
    return length <= MAX_KEY_CHARS && is_made_of (key, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-");
  if (length != strlen (format))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!fits (key[i], format[i]))
      return FALSE;
  return TRUE;
}

/* "XXXXX-XXXXX" says more to people than libosinfo's letters. */
static char *
show_format (const char *format)
{
  char *shown = g_strdup (format);

  for (char *p = shown; *p != '\0'; p++)
    if (strchr ("%@$*", *p) != NULL)
      *p = 'X';
    else if (*p == '#')
      *p = '9';
  return shown;
}

static gboolean
check_product_key (const XenoInstallOffer  *self,
                   const char              *key,
                   GError                 **error)
{
  g_autofree char *format = NULL;

  if (is_blank (key) ? !(self->needs & XENO_INSTALL_PRODUCT_KEY) : fits_format (key, self->product_key_format))
    return TRUE;

  if (self->product_key_format == NULL)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("Product key: this installer wants one, of letters, digits and hyphens."));
  else
    {
      format = show_format (self->product_key_format);
      /* Translators: %s is as XXXXX-XXXXX-XXXXX-XXXXX-XXXXX */
      xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("Product key: this installer wants one that is written as %s."),
                      format);
    }
  return FALSE;
}

/**
 * xeno_install_offer_check:
 * @self: an offer
 * @wish: what shall be installed
 * @error: %XENO_ERROR_INVALID with a sentence that begins with the field
 *
 * Tells whether the installer can be told this. What it does not ask is not looked at.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_install_offer_check (const XenoInstallOffer  *self,
                          const XenoInstallWish   *wish,
                          GError                 **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (wish != NULL && wish->seed != NULL, FALSE);

  return xeno_seed_check_login (wish->seed, error)
         && check_password (self, wish->seed->password, error)
         && (!(self->asks & XENO_INSTALL_HOSTNAME) || check_hostname (self, wish->seed->hostname, error))
         && check_realname (self->asks & XENO_INSTALL_REALNAME ? wish->realname : NULL, error)
         && check_id (self->asks & XENO_INSTALL_LANGUAGE ? wish->language : NULL,
                      _("Language: it is written as de_DE, with letters, digits and _ + - / alone."), error)
         && check_id (self->asks & XENO_INSTALL_KEYBOARD ? wish->keyboard : NULL,
                      _("Keyboard: it is written as de, with letters, digits and _ + - / alone."), error)
         && check_id (self->asks & XENO_INSTALL_TIMEZONE ? wish->timezone : NULL,
                      _("Time zone: it is written as Europe/Berlin, with letters, digits and _ + - / alone."), error)
         && (!(self->asks & XENO_INSTALL_PRODUCT_KEY) || check_product_key (self, wish->product_key, error));
}

/**
 * xeno_install_offer_dup_language:
 *
 * Gets the language of this computer: "de_DE" of "de_DE.UTF-8".
 *
 * Returns: (transfer full) (nullable): the language, or %NULL where it has none
 */
char *
xeno_install_offer_dup_language (void)
{
  const char *locale = setlocale (LC_MESSAGES, NULL);

  return locale != NULL && strchr (locale, '_') != NULL ? g_strndup (locale, strcspn (locale, ".@")) : NULL;
}

static char *
find_keyboard (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (gsize i = 0; i < G_N_ELEMENTS (keyboard_names); i++)
    for (guint line = 0; lines[line] != NULL; line++)
      {
        const char *value = lines[line] + strlen (keyboard_names[i]);
        gsize length;

        if (!g_str_has_prefix (lines[line], keyboard_names[i]))
          continue;
        if (*value == '"' || *value == '\'')
          value++;
        length = strspn (value, G_CSET_a_2_z);
        if (length > 0)
          return g_strndup (value, length);
      }
  return NULL;
}

/**
 * xeno_install_offer_dup_keyboard:
 *
 * Gets the keyboard of this computer: "de". Blocks for as long as two small files take.
 *
 * Returns: (transfer full) (nullable): the keyboard, or %NULL where nobody said
 */
char *
xeno_install_offer_dup_keyboard (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keyboard_files); i++)
    {
      g_autofree char *text = NULL;
      char *keyboard = NULL;

      if (g_file_get_contents (keyboard_files[i], &text, NULL, NULL))
        keyboard = find_keyboard (text);
      if (keyboard != NULL)
        return keyboard;
    }
  return NULL;
}

/**
 * xeno_install_offer_dup_timezone:
 *
 * Gets the time zone of this computer: "Europe/Berlin".
 *
 * Returns: (transfer full) (nullable): the time zone, or %NULL where it has no name
 */
char *
xeno_install_offer_dup_timezone (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  const char *id = g_time_zone_get_identifier (zone);

  return *id != '/' && strchr (id, '/') != NULL && is_made_of (id, ID_CHARS) ? g_strdup (id) : NULL;
}
