/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What tests of a display need: sockets from a path, servers to connect to, waiting for a condition. */
#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/xeno-error.h"
#include "support/display-rig.h"
#include "support/xeno-test.h"

struct _DisplayRig
{
  GObject      parent_instance;
  char        *directory;
  char        *path;
  GSubprocess *server;
  guint        n_opened;
  gboolean     is_refusing;
};

G_DEFINE_FINAL_TYPE (DisplayRig, display_rig, G_TYPE_OBJECT)

static void
connected_cb (GObject      *client,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection =
    g_socket_client_connect_finish (G_SOCKET_CLIENT (client), result, &error);

  if (connection == NULL)
    g_task_return_error (task, xeno_error_new (XENO_ERROR_NO_CONNECTION, error->message,
                                               "A machine: nobody listens"));
  else
    g_task_return_int (task, dup (g_socket_get_fd (g_socket_connection_get_socket (connection))));
}

static void
open_async (GObject             *object,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  DisplayRig *self = DISPLAY_RIG (object);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (self->path);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  self->n_opened++;
  if (self->is_refusing)
    {
      g_task_return_error (task, xeno_error_new (XENO_ERROR_NOT_SUPPORTED, NULL, "not today"));
      g_object_unref (task);
      return;
    }
  g_socket_client_connect_async (client, G_SOCKET_CONNECTABLE (address), cancellable, connected_cb, task);
}

static int
open_finish (GObject       *object,
             GAsyncResult  *result,
             gboolean      *is_certified,
             GError       **error)
{
  *is_certified = FALSE;
  return g_task_propagate_int (G_TASK (result), error);
}

const XenoDisplayOpener display_rig_opener = { open_async, open_finish };

static void
display_rig_finalize (GObject *object)
{
  DisplayRig *self = DISPLAY_RIG (object);

  display_rig_stop_server (self);
  g_remove (self->path);
  g_rmdir (self->directory);
  g_free (self->directory);
  g_free (self->path);

  G_OBJECT_CLASS (display_rig_parent_class)->finalize (object);
}

static void
display_rig_class_init (DisplayRigClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = display_rig_finalize;
}

static void
display_rig_init (DisplayRig *self)
{
  self->directory = g_dir_make_tmp ("xd-XXXXXX", NULL);
  g_assert_nonnull (self->directory);
  self->path = g_build_filename (self->directory, "s", NULL);
}

/**
 * display_rig_new:
 *
 * Returns: (transfer full): a rig with a socket path nobody listens on yet
 */
DisplayRig *
display_rig_new (void)
{
  return g_object_new (DISPLAY_TYPE_RIG, NULL);
}

/**
 * display_rig_get_path:
 * @self: a rig
 *
 * Returns: where its server listens
 */
const char *
display_rig_get_path (DisplayRig *self)
{
  return self->path;
}

/**
 * display_rig_get_n_opened:
 * @self: a rig
 *
 * Returns: how many sockets were asked for
 */
guint
display_rig_get_n_opened (DisplayRig *self)
{
  return self->n_opened;
}

/**
 * display_rig_set_refusing:
 * @self: a rig
 * @refusing: whether sockets are refused
 */
void
display_rig_set_refusing (DisplayRig *self,
                          gboolean    refusing)
{
  self->is_refusing = refusing;
}

/**
 * display_rig_start_server:
 * @self: a rig
 * @argv: a program that will listen on the rig's path
 *
 * Starts it, and returns when the socket is there.
 */
void
display_rig_start_server (DisplayRig        *self,
                          const char *const *argv)
{
  g_autoptr (GError) error = NULL;

  g_remove (self->path);
  self->server = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_NONE, &error);
  g_assert_no_error (error);
  xeno_test_until_exists (self->path);
}

/**
 * display_rig_stop_server:
 * @self: a rig
 *
 * Kills its server, if it has one.
 */
void
display_rig_stop_server (DisplayRig *self)
{
  if (self->server == NULL)
    return;

  g_subprocess_force_exit (self->server);
  g_subprocess_wait (self->server, NULL, NULL);
  g_clear_object (&self->server);
}

/**
 * display_rig_get_server:
 * @self: a rig
 *
 * Returns: (transfer none): its server's process
 */
GSubprocess *
display_rig_get_server (DisplayRig *self)
{
  return self->server;
}

static void
damage_cb (XenoConsoleBackend *backend,
           int                 x,
           int                 y,
           int                 width,
           int                 height)
{
  xeno_console_backend_frame_done (backend);
}

/**
 * display_rig_new_backend:
 * @self: a rig
 * @kind: what its server speaks
 *
 * Returns: (transfer full): a started backend, whose frames count as painted when they come
 */
XenoConsoleBackend *
display_rig_new_backend (DisplayRig *self,
                         const char *kind)
{
  XenoConsoleBackend *backend = xeno_backend_decoder_new (&display_rig_opener, G_OBJECT (self), kind, "rig");

  g_signal_connect (backend, "damage", G_CALLBACK (damage_cb), NULL);
  xeno_console_backend_start (backend);
  return backend;
}

typedef struct
{
  XenoConsoleBackend *backend;
  XenoConsoleState    state;
} Expectation;

static gboolean
is_in_state (gpointer data)
{
  Expectation *expectation = data;

  return xeno_console_backend_get_state (expectation->backend) == expectation->state;
}

/**
 * display_rig_await_state:
 * @backend: a backend
 * @state: the state it should come to
 *
 * Runs the main loop until it has.
 */
void
display_rig_await_state (XenoConsoleBackend *backend,
                         XenoConsoleState    state)
{
  Expectation expectation = { backend, state };

  xeno_test_until (is_in_state, &expectation);
}

typedef struct
{
  XenoConsoleBackend *backend;
  XenoDisplayAbility  ability;
  guint               width;
  guint               height;
} Wish;

static gboolean
has_ability (gpointer data)
{
  Wish *wish = data;

  return xeno_guest_can (xeno_console_backend_get_guest (wish->backend), wish->ability);
}

/**
 * display_rig_await_ability:
 * @backend: a backend
 * @ability: what its guest should be able to do
 *
 * Runs the main loop until it can.
 */
void
display_rig_await_ability (XenoConsoleBackend *backend,
                           XenoDisplayAbility  ability)
{
  Wish wish = { .backend = backend, .ability = ability };

  xeno_test_until (has_ability, &wish);
}

static gboolean
has_size (gpointer data)
{
  Wish *wish = data;
  XenoSurface *surface = xeno_console_backend_get_surface (wish->backend);

  return surface != NULL && xeno_surface_get_width (surface) == wish->width
         && xeno_surface_get_height (surface) == wish->height;
}

/**
 * display_rig_await_size:
 * @backend: a backend
 * @width: in pixels
 * @height: in pixels
 *
 * Runs the main loop until its picture is so large.
 */
void
display_rig_await_size (XenoConsoleBackend *backend,
                        guint               width,
                        guint               height)
{
  Wish wish = { .backend = backend, .width = width, .height = height };

  xeno_test_until (has_size, &wish);
}

/* Silence is nothing but zeros, or nothing at all. */
static gboolean
has_beeped (gpointer path)
{
  g_autofree char *heard = NULL;
  gsize size;

  if (!g_file_get_contents (path, &heard, &size, NULL))
    return FALSE;

  for (gsize i = 0; i + sizeof (gint16) <= size; i += sizeof (gint16))
    {
      gint16 sample;

      memcpy (&sample, heard + i, sizeof sample);
      if (ABS (sample) > 1000)
        return TRUE;
    }
  return FALSE;
}

/**
 * display_rig_await_sound:
 * @path: where samples of 16 bits are written
 *
 * Runs the main loop until one is heard.
 */
void
display_rig_await_sound (const char *path)
{
  xeno_test_until (has_beeped, (gpointer) path);
}
