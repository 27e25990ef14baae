/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a server asks of the person behind the app: a name, a password. */
#include "config.h"

#include <gio/gunixfdlist.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "display/xeno-display-parcel.h"
#include "display/xeno-display-server-private.h"

typedef struct
{
  char *username;
  char *password;
} Credentials;

static void
credentials_free (Credentials *credentials)
{
  g_free (credentials->username);
  xeno_display_free_secret (credentials->password);
  g_free (credentials);
}

/* All of it is in the pipe already. */
static char *
read_secret (int fd)
{
  char *secret = g_malloc0 (XENO_DISPLAY_MAX_CREDENTIAL + 1);
  gsize length = 0;
  gssize n;

  while (length < XENO_DISPLAY_MAX_CREDENTIAL &&
         (n = read (fd, secret + length, XENO_DISPLAY_MAX_CREDENTIAL - length)) > 0)
    length += n;
  return secret;
}

static void
told_cb (GObject      *connection,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) reply = NULL;
  GError *error = NULL;
  Credentials *credentials;
  const char *username;
  int index, fd;

  reply = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (connection), &fds,
                                                           result, &error);
  if (reply == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_variant_get (reply, "(&sh)", &username, &index);
  fd = xeno_display_parcel_take_fd (fds, index);
  if (fd < 0)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "no password came along");
      return;
    }

  credentials = g_new (Credentials, 1);
  credentials->username = g_strdup (username);
  credentials->password = read_secret (fd);
  g_close (fd, NULL);
  g_task_return_pointer (task, credentials, (GDestroyNotify) credentials_free);
}

/**
 * xeno_display_server_ask_credentials_async:
 * @self: a server
 * @wanted: what the display server wants to know
 * @callback: called when there is an answer, which may take as long as a person takes
 * @user_data: for @callback
 *
 * Asks the app who the person is.
 */
void
xeno_display_server_ask_credentials_async (XenoDisplayServer      *self,
                                           XenoDisplayCredentials  wanted,
                                           GAsyncReadyCallback     callback,
                                           gpointer                user_data)
{
  GTask *task;

  g_return_if_fail (XENO_IS_DISPLAY_SERVER (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, xeno_display_server_ask_credentials_async);
  g_dbus_connection_call_with_unix_fd_list (self->connection, NULL, XENO_DISPLAY_OBJECT_PATH,
                                            xeno_display_listener_interface.name, "GetCredentials",
                                            g_variant_new ("(u)", wanted), G_VARIANT_TYPE ("(sh)"),
                                            G_DBUS_CALL_FLAGS_NONE, G_MAXINT, NULL, NULL, told_cb, task);
}

/**
 * xeno_display_server_ask_credentials_finish:
 * @self: a server
 * @result: as the callback got it
 * @username: (out) (transfer full): the user name, perhaps empty
 * @password: (out) (transfer full): the password, perhaps empty, for xeno_display_free_secret()
 * @error: (out) (optional): why there are none
 *
 * Returns: whether there are any
 */
gboolean
xeno_display_server_ask_credentials_finish (XenoDisplayServer  *self,
                                            GAsyncResult       *result,
                                            char              **username,
                                            char              **password,
                                            GError            **error)
{
  Credentials *credentials;

  g_return_val_if_fail (XENO_IS_DISPLAY_SERVER (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  credentials = g_task_propagate_pointer (G_TASK (result), error);
  if (credentials == NULL)
    return FALSE;

  *username = g_steal_pointer (&credentials->username);
  *password = g_steal_pointer (&credentials->password);
  credentials_free (credentials);
  return TRUE;
}

/**
 * xeno_display_free_secret:
 * @secret: (nullable) (transfer full): a password
 *
 * Wipes and frees it.
 */
void
xeno_display_free_secret (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}
