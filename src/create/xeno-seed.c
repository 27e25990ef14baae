/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a cloud image is told at its first start: who may log in, what it is called, what it shall do. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "create/xeno-seed.h"
#include "create/xeno-ssh-key.h"
#include "create/xeno-user-data.h"
#include "spec/xeno-name.h"

#define MAX_USER_CHARS     32
#define MAX_PASSWORD_BYTES 256
#define MAX_HOSTNAME_CHARS 63
#define MAX_PACKAGE_CHARS  128
#define MAX_PACKAGES       500
#define MAX_SHOWN_CHARS    40
#define MAX_SCRIPT_BYTES   (256 * 1024)

/**
 * xeno_seed_new:
 *
 * Makes a seed that says nothing.
 *
 * Returns: (transfer full): the seed
 */
XenoSeed *
xeno_seed_new (void)
{
  return g_new0 (XenoSeed, 1);
}

/**
 * xeno_seed_copy:
 * @self: a seed
 *
 * Copies a seed, for a thread to work on.
 *
 * Returns: (transfer full): the copy
 */
XenoSeed *
xeno_seed_copy (const XenoSeed *self)
{
  XenoSeed *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = xeno_seed_new ();
  copy->user = g_strdup (self->user);
  copy->password = g_strdup (self->password);
  copy->ssh_keys = g_strdupv (self->ssh_keys);
  copy->hostname = g_strdup (self->hostname);
  copy->packages = g_strdupv (self->packages);
  copy->script = g_strdup (self->script);
  copy->user_data = g_strdup (self->user_data);
  copy->is_again = self->is_again;
  return copy;
}

/**
 * xeno_seed_free:
 * @self: (transfer full): a seed
 *
 * Frees a seed, and wipes its password from memory.
 */
void
xeno_seed_free (XenoSeed *self)
{
  g_return_if_fail (self != NULL);

  xeno_seed_set_password (self, NULL);
  g_free (self->user);
  g_strfreev (self->ssh_keys);
  g_free (self->hostname);
  g_strfreev (self->packages);
  g_free (self->script);
  g_free (self->user_data);
  g_free (self);
}

/**
 * xeno_seed_set_password:
 * @self: a seed
 * @password: (nullable): the password, or %NULL for none
 *
 * Sets the password. The one before is wiped from memory.
 */
void
xeno_seed_set_password (XenoSeed   *self,
                        const char *password)
{
  g_return_if_fail (self != NULL);

  if (self->password != NULL)
    explicit_bzero (self->password, strlen (self->password));
  g_free (self->password);
  self->password = password != NULL && *password != '\0' ? g_strdup (password) : NULL;
}

/**
 * xeno_seed_make_short_hostname:
 * @title: what people call the machine, in any script
 * @max_chars: how long it may be
 *
 * Makes a name that a guest can have of what people call it.
 *
 * Returns: (transfer full): a valid hostname
 */
char *
xeno_seed_make_short_hostname (const char *title,
                               guint       max_chars)
{
  g_autofree char *slug = NULL;
  g_autofree char *lower = NULL;

  g_return_val_if_fail (title != NULL, NULL);

  slug = xeno_name_make_slug (title);
  lower = g_ascii_strdown (slug, MIN (strlen (slug), max_chars));
  g_strcanon (lower, "abcdefghijklmnopqrstuvwxyz0123456789-", '-');
  for (gsize length = strlen (lower); length > 0 && lower[length - 1] == '-'; length--)
    lower[length - 1] = '\0';
  return *lower != '\0' ? g_steal_pointer (&lower) : g_strdup ("machine");
}

/**
 * xeno_seed_make_hostname:
 * @title: what people call the machine, in any script
 *
 * Makes a name that most guests can have of what people call it.
 *
 * Returns: (transfer full): a valid hostname
 */
char *
xeno_seed_make_hostname (const char *title)
{
  return xeno_seed_make_short_hostname (title, MAX_HOSTNAME_CHARS);
}

static gboolean
is_made_of (const char *text,
            const char *allowed)
{
  return text[strspn (text, allowed)] == '\0';
}

static gboolean
check_user (const char  *user,
            GError     **error)
{
  if (user == NULL || *user == '\0')
    xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("User name: it is empty. Say who logs in."));
  else if (strlen (user) > MAX_USER_CHARS || !(g_ascii_islower (*user) || *user == '_')
           || !is_made_of (user, "abcdefghijklmnopqrstuvwxyz0123456789_-"))
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("User name: it begins with a small letter from a to z, and goes on with those, digits, "
                      "“-” and “_”, 32 at most."));
  else if (g_str_equal (user, "root"))
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("User name: “root” cannot log in, for it is not a person’s. Choose another one, who may do "
                      "all with “sudo”."));
  else
    return TRUE;

  return FALSE;
}

static gboolean
has_control (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return TRUE;
  return FALSE;
}

/**
 * xeno_seed_make_user:
 *
 * Makes a name for who logs in: the person's own, where a guest can have it.
 *
 * Returns: (transfer full): a valid user name
 */
char *
xeno_seed_make_user (void)
{
  return g_strdup (check_user (g_get_user_name (), NULL) ? g_get_user_name () : "user");
}

static gboolean
check_password (const char  *password,
                GError     **error)
{
  if (password == NULL)
    return TRUE;

  if (strlen (password) > MAX_PASSWORD_BYTES)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("Password: it is too long. Choose a shorter one."));
  else if (!g_utf8_validate (password, -1, NULL) || has_control (password))
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("Password: it has characters that nobody can type. Leave them out."));
  else
    return TRUE;

  return FALSE;
}

static gboolean
check_ssh_keys (GStrv    ssh_keys,
                GError **error)
{
  for (guint i = 0; ssh_keys != NULL && ssh_keys[i] != NULL; i++)
    {
      g_autoptr (XenoSshKey) key = xeno_ssh_key_parse (ssh_keys[i], error);

      if (key == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_hostname (const char  *hostname,
                GError     **error)
{
  if (hostname == NULL || *hostname == '\0')
    xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("Host name: it is empty. Say what the guest calls itself."));
  else if (strlen (hostname) > MAX_HOSTNAME_CHARS || *hostname == '-' || g_str_has_suffix (hostname, "-")
           || !is_made_of (hostname, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-"))
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("Host name: it has letters from a to z, digits and “-” within, 63 at most."));
  else
    return TRUE;

  return FALSE;
}

/* None of them is an option of whatever installs it. */
static gboolean
check_packages (GStrv    packages,
                GError **error)
{
  if (packages != NULL && g_strv_length (packages) > MAX_PACKAGES)
    {
      xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("Packages: these are too many. Install some of them later."));
      return FALSE;
    }

  for (guint i = 0; packages != NULL && packages[i] != NULL; i++)
    if (!g_ascii_isalnum (*packages[i]) || strlen (packages[i]) > MAX_PACKAGE_CHARS
        || !is_made_of (packages[i], G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "+-._:~=@/"))
      {
        g_autofree char *shown = xeno_text_clean (packages[i], -1, MAX_SHOWN_CHARS);

        xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("Packages: “%s” is not the name of a package."), shown);
        return FALSE;
      }
  return TRUE;
}

static gboolean
check_script (const char  *script,
              GError     **error)
{
  if (script == NULL)
    return TRUE;

  if (strlen (script) > MAX_SCRIPT_BYTES)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("Script: it is too long. Let it fetch the rest from where it is."));
  else if (!g_utf8_validate (script, -1, NULL))
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("Script: it is not text. Save it as UTF-8, and let it fetch programs from where they are."));
  else
    return TRUE;

  return FALSE;
}

static gboolean
check_way_in (const XenoSeed  *self,
              GError         **error)
{
  if (self->password != NULL || (self->ssh_keys != NULL && *self->ssh_keys != NULL) || self->user_data != NULL
      || self->is_again)
    return TRUE;

  xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                  _("Password: without one and without an SSH key nobody could log in. Set a password, or choose "
                    "a key."));
  return FALSE;
}

/**
 * xeno_seed_check_login:
 * @self: a seed
 * @error: %XENO_ERROR_INVALID with a sentence that begins with the field
 *
 * Tells whether a guest, whatever it is made from, can be told who logs in, and what it is called.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_seed_check_login (const XenoSeed  *self,
                       GError         **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return check_user (self->user, error)
         && check_password (self->password, error)
         && check_ssh_keys (self->ssh_keys, error)
         && check_hostname (self->hostname, error);
}

/**
 * xeno_seed_check:
 * @self: a seed
 * @error: %XENO_ERROR_INVALID with a sentence that begins with the field
 *
 * Tells whether a guest can be told this.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_seed_check (const XenoSeed  *self,
                 GError         **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return xeno_seed_check_login (self, error)
         && check_packages (self->packages, error)
         && check_script (self->script, error)
         && xeno_seed_check_user_data (self, error)
         && check_way_in (self, error);
}

/**
 * xeno_seed_check_user_data:
 * @self: a seed
 * @error: %XENO_ERROR_INVALID with the line
 *
 * Tells whether what the person wrote themselves can be read, and leaves the rest its say: what it has goes before
 * that, and could silence it.
 *
 * Returns: %TRUE if so, or if there is nothing of the kind
 */
gboolean
xeno_seed_check_user_data (const XenoSeed  *self,
                           GError         **error)
{
  g_autoptr (XenoUserData) user_data = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  if (self->user_data == NULL)
    return TRUE;

  user_data = xeno_user_data_parse (self->user_data, error);
  if (user_data == NULL)
    return FALSE;

  if (self->script != NULL && xeno_user_data_has_key (user_data, "write_files"))
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("Own user-data: with “write_files” in it the script would not arrive. Write the script there "
                      "as well, or leave one of them out."));
  else if (self->packages != NULL && *self->packages != NULL && xeno_user_data_has_key (user_data, "packages"))
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("Own user-data: it has “packages” of its own, so that the others would not be installed. "
                      "Name all of them in one place."));
  else
    return TRUE;

  return FALSE;
}
