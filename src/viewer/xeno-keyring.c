/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Passwords that a person wants remembered, in the keyring of their desktop. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>
#include <string.h>

#include "viewer/xeno-keyring.h"

/* A name and a password are one secret: the first line is the name. */
static const SecretSchema schema = {
  XENO_APP_ID ".Display", SECRET_SCHEMA_NONE,
  {
    { "address", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
};

static void
recalled_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  char *secret = secret_password_lookup_finish (result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, secret, (GDestroyNotify) secret_password_free);
}

/**
 * xeno_keyring_recall_async:
 * @address: where a server is
 * @cancellable: (nullable): to give up
 * @callback: called when there is an answer
 * @user_data: for @callback
 *
 * Asks the keyring.
 */
void
xeno_keyring_recall_async (const XenoAddress   *address,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autofree char *uri = NULL;
  GTask *task;

  g_return_if_fail (address != NULL);

  uri = xeno_address_to_uri (address);
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_keyring_recall_async);
  secret_password_lookup (&schema, cancellable, recalled_cb, task, "address", uri, NULL);
}

/**
 * xeno_keyring_recall_finish:
 * @result: as the callback got it
 * @is_there: (out): whether there is a keyring at all
 * @username: (out) (transfer full) (nullable): who the person is
 *
 * Returns: (transfer full) (nullable): the password
 */
char *
xeno_keyring_recall_finish (GAsyncResult  *result,
                            gboolean      *is_there,
                            char         **username)
{
  g_autoptr (GError) error = NULL;
  char *secret, *end;
  char *password = NULL;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  *username = NULL;
  secret = g_task_propagate_pointer (G_TASK (result), &error);
  *is_there = error == NULL;
  if (secret == NULL)
    return NULL;

  end = strchr (secret, '\n');
  if (end != NULL)
    {
      *username = g_strndup (secret, end - secret);
      password = g_strdup (end + 1);
    }
  secret_password_free (secret);
  return password;
}

/**
 * xeno_keyring_store:
 * @address: where a server is
 * @username: who the person is, perhaps empty
 * @password: what proves it
 *
 * Has the keyring remember them. Should it not, the person is asked again, and that is all.
 */
void
xeno_keyring_store (const XenoAddress *address,
                    const char        *username,
                    const char        *password)
{
  g_autofree char *uri = NULL;
  g_autofree char *label = NULL;
  char *secret;

  g_return_if_fail (address != NULL);
  g_return_if_fail (username != NULL && password != NULL);

  uri = xeno_address_to_uri (address);
  /* Translators: %s is the address of a display */
  label = g_strdup_printf (_("Display of %s"), uri);
  secret = g_strconcat (username, "\n", password, NULL);
  secret_password_store (&schema, SECRET_COLLECTION_DEFAULT, label, secret, NULL, NULL, NULL,
                         "address", uri, NULL);
  secret_password_free (secret);
}

/**
 * xeno_keyring_forget:
 * @address: where a server is
 *
 * Has the keyring forget what it knows of it.
 */
void
xeno_keyring_forget (const XenoAddress *address)
{
  g_autofree char *uri = NULL;

  g_return_if_fail (address != NULL);

  uri = xeno_address_to_uri (address);
  secret_password_clear (&schema, NULL, NULL, NULL, "address", uri, NULL);
}
