/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SSH keys in scripts of installers, which libosinfo does not write there. */
#include "config.h"

#include <string.h>

#include "create/xeno-install-keys.h"

/*
 * Language:
 * @ending: what the files of installers that speak it end in
 * @add: adds the keys to a text
 *
 * What installers read.
 */
typedef struct
{
  const char *ending;
  void      (*add) (GString            *text,
                    const char         *user,
                    const char * const *keys);
} Language;

/* Without the comment, which could hold anything. */
static char *
dup_bare (const char *key)
{
  g_auto (GStrv) words = g_strsplit (key, " ", 3);

  return words[0] != NULL && words[1] != NULL ? g_strjoin (" ", words[0], words[1], NULL) : g_strdup (key);
}

static void
add_to_kickstart (GString            *text,
                  const char         *user,
                  const char * const *keys)
{
  g_autoptr (GString) lines = g_string_new (NULL);

  for (guint i = 0; keys[i] != NULL; i++)
    {
      g_autofree char *key = dup_bare (keys[i]);

      g_string_append_printf (lines, "sshkey --username=%s \"%s\"\n", user, key);
    }
  g_string_prepend (text, lines->str); /* commands stand before the sections */
}

/* The last command of this name is the one that is run: what it replaces leaves a mark for libosinfo alone. */
static void
add_to_preseed (GString            *text,
                const char         *user,
                const char * const *keys)
{
  g_string_append_printf (text, "\nd-i preseed/late_command string apt-install openssh-server; "
                          "mkdir -p /target/home/%s/.ssh; ", user);
  for (guint i = 0; keys[i] != NULL; i++)
    {
      g_autofree char *key = dup_bare (keys[i]);

      g_string_append_printf (text, "echo '%s' >> /target/home/%s/.ssh/authorized_keys; ", key, user);
    }
  g_string_append_printf (text, "in-target chown -R %s: /home/%s/.ssh; in-target chmod -R go= /home/%s/.ssh\n",
                          user, user, user);
}

static const Language languages[] = {
  { ".ks", add_to_kickstart },
  { "preseed.cfg", add_to_preseed },
};

static const Language *
find_language (const char *file_name)
{
  for (gsize i = 0; file_name != NULL && i < G_N_ELEMENTS (languages); i++)
    if (g_str_has_suffix (file_name, languages[i].ending))
      return &languages[i];
  return NULL;
}

/*< private >
 * xeno_install_keys_can_be_in:
 * @file_name: (nullable): what an installer's script is called
 *
 * Returns: whether it can be told of SSH keys
 */
gboolean
xeno_install_keys_can_be_in (const char *file_name)
{
  return find_language (file_name) != NULL;
}

/*< private >
 * xeno_install_keys_add:
 * @file_name: what an installer's script is called
 * @text: what is in it
 * @user: who logs in, checked
 * @keys: (nullable) (array zero-terminated=1): public keys, checked
 *
 * Adds the keys to what an installer is told, if it can be told.
 *
 * Returns: (transfer full): the whole text
 */
char *
xeno_install_keys_add (const char         *file_name,
                       const char         *text,
                       const char         *user,
                       const char * const *keys)
{
  const Language *language = find_language (file_name);
  GString *whole;

  g_return_val_if_fail (text != NULL && user != NULL, NULL);

  whole = g_string_sized_new (strlen (text) + 4096); /* a text that grew would leave a password behind */
  g_string_append (whole, text);
  if (language != NULL && keys != NULL && keys[0] != NULL)
    language->add (whole, user, keys);
  return g_string_free (whole, FALSE);
}
