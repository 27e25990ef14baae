/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a decoder wants to know of the person, on behalf of its server. */
#include "config.h"

#include <gio/gunixfdlist.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/xeno-error.h"
#include "console/xeno-decoder-link-private.h"

typedef struct
{
  XenoDecoderLink       *link;
  GDBusMethodInvocation *invocation;
} Asking;

/* The end to read from of a pipe that holds all of @secret, which never fills it. */
static int
put_into_pipe (const char *secret)
{
  gsize length = MIN (strlen (secret), XENO_DISPLAY_MAX_CREDENTIAL);
  int fds[2];

  if (!g_unix_open_pipe (fds, FD_CLOEXEC, NULL))
    return -1;

  if (write (fds[1], secret, length) != (gssize) length)
    {
      g_close (fds[0], NULL);
      fds[0] = -1;
    }
  g_close (fds[1], NULL);
  return fds[0];
}

static void
answer (GDBusMethodInvocation *invocation,
        const char            *username,
        const char            *password)
{
  g_autoptr (GUnixFDList) fds = NULL;
  int fd = put_into_pipe (password);

  if (fd < 0)
    {
      g_dbus_method_invocation_return_error (invocation, G_IO_ERROR, G_IO_ERROR_FAILED, "no pipe");
      return;
    }

  fds = g_unix_fd_list_new_from_array (&fd, 1);
  g_dbus_method_invocation_return_value_with_unix_fd_list (invocation, g_variant_new ("(sh)", username, 0),
                                                           fds);
}

static void
refuse (GDBusMethodInvocation *invocation)
{
  g_dbus_method_invocation_return_error (invocation, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                                         "nobody says");
}

static void
asked_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autofree Asking *asking = user_data;
  g_autoptr (XenoDecoderLink) self = asking->link;
  g_autoptr (GError) error = NULL;
  g_autofree char *username = NULL;
  char *password = NULL;

  self->is_asking = FALSE;
  if (self->opener->ask_finish (object, result, &username, &password, &error))
    {
      answer (asking->invocation, username, password);
      explicit_bzero (password, strlen (password));
      g_free (password);
      return;
    }

  refuse (asking->invocation);
  xeno_decoder_link_end (self, TRUE, g_steal_pointer (&error));
}

void
xeno_decoder_link_ask (XenoDecoderLink       *self,
                       GVariant              *parameters,
                       GDBusMethodInvocation *invocation)
{
  Asking *asking;
  guint wanted;

  g_variant_get (parameters, "(u)", &wanted);
  if (self->is_asking || wanted == 0 || (wanted & ~(XENO_DISPLAY_USERNAME | XENO_DISPLAY_PASSWORD)) != 0)
    {
      refuse (invocation);
      xeno_decoder_link_end_lying (self);
      return;
    }

  if (self->opener->ask_async == NULL)
    {
      refuse (invocation);
      return;
    }

  asking = g_new (Asking, 1);
  asking->link = g_object_ref (self);
  asking->invocation = invocation;
  self->is_asking = TRUE;
  self->opener->ask_async (self->opener_object, wanted, self->cancellable, asked_cb, asking);
}
