/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One decoder process from its start to its end, and the gate for all it says. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "console/xeno-decoder-link.h"

/* A decoder of ours never has more calls out, nor larger ones. */
#define MAX_CALLS 64
#define MAX_CALL_SIZE (512 * 1024)
#define MAX_OPEN_SOCKETS 16

/* How long a decoder may take to say goodbye to its server. */
#define STOP_GUARD_S 2

struct _XenoDecoderLink
{
  GObject                  parent_instance;
  XenoConsoleBackend      *backend; /* the owner; NULL once closed */
  const XenoDisplayOpener *opener;
  GObject                 *opener_object;
  char                    *kind;
  char                    *title;

  GSubprocess             *process;
  GDBusConnection         *connection;
  GCancellable            *cancellable;
  guint                    registration_id;
  guint                    filter_id;
  XenoDisplayStage         stage;
  GQueue                   unpainted;
  guint                    n_sockets;

  /* Shared with GDBus's thread. */
  gint                     n_calls;
  gint                     is_refused;
};

typedef void (*ListenerFunc) (XenoDecoderLink       *self,
                              GVariant              *parameters,
                              GDBusMethodInvocation *invocation);

enum
{
  PROGRESS,
  ENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoDecoderLink, xeno_decoder_link, G_TYPE_OBJECT)

static void
end (XenoDecoderLink *self,
     const GError    *error,
     gboolean         for_good)
{
  g_autoptr (XenoDecoderLink) held = g_object_ref (self);

  if (self->backend == NULL)
    return;

  xeno_decoder_link_close (self);
  g_signal_emit (self, signals[ENDED], 0, error, for_good);
}

static void
end_with (XenoDecoderLink *self,
          gboolean         for_good,
          GError          *error)
{
  g_autoptr (GError) owned = error;

  end (self, owned, for_good);
}

static void
end_lost (XenoDecoderLink *self,
          const char      *details)
{
  end_with (self, FALSE,
            xeno_error_new (XENO_ERROR_NO_CONNECTION, details,
                            /* Translators: %s is a machine's name. */
                            _("The display of “%s” went away. It is opened again while the machine runs."),
                            self->title));
}

/* A decoder that lies has been taken over by what it decodes: no second chance for that process. */
static void
end_lying (XenoDecoderLink *self)
{
  g_info ("The decoder of “%s” broke its rules", self->title);
  end_with (self, FALSE,
            xeno_error_new (XENO_ERROR_FAILED, NULL,
                            _("The display of “%s” sent what cannot be, and was closed. It is opened again "
                              "while the machine runs."),
                            self->title));
}

static void
set_stage (XenoDecoderLink  *self,
           XenoDisplayStage  stage)
{
  if (stage <= self->stage)
    return;

  self->stage = stage;
  g_signal_emit (self, signals[PROGRESS], 0);
}

static void
done (GDBusMethodInvocation *invocation)
{
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
take_progress (XenoDecoderLink       *self,
               GVariant              *parameters,
               GDBusMethodInvocation *invocation)
{
  guint stage;

  g_variant_get (parameters, "(u)", &stage);
  done (invocation);
  if (stage > XENO_DISPLAY_STAGE_READY)
    end_lying (self);
  else
    set_stage (self, stage);
}

static void
take_failed (XenoDecoderLink       *self,
             GVariant              *parameters,
             GDBusMethodInvocation *invocation)
{
  guint failure;
  const char *text;
  g_autofree char *details = NULL;

  g_variant_get (parameters, "(u&s)", &failure, &text);
  details = xeno_text_clean (text, -1, 200);
  done (invocation);

  if (failure == XENO_DISPLAY_FAILURE_PASSWORD)
    end_with (self, TRUE,
              xeno_error_new (XENO_ERROR_NO_PERMISSION, details,
                              _("The display of “%s” asks for a password. Remove it from the machine’s "
                                "graphics device to see the display here."),
                              self->title));
  else if (failure == XENO_DISPLAY_FAILURE_MEMORY)
    end_with (self, FALSE,
              xeno_error_new (XENO_ERROR_NO_MEMORY, details,
                              _("The picture of “%s” does not fit into memory. Choose a smaller screen in "
                                "the guest."),
                              self->title));
  else
    end_lost (self, details);
}

typedef struct
{
  gpointer address;
  gsize    size;
} Mapping;

static void
unmap (gpointer data)
{
  g_autofree Mapping *mapping = data;

  munmap (mapping->address, mapping->size);
}

/* Memory whose size somebody can still change, or that faults when there are no huge pages, could
 * kill whoever reads it. */
static gboolean
is_safe_memory (int     fd,
                gint64 *size)
{
  const int seals = F_SEAL_SHRINK | F_SEAL_GROW;
  struct stat info;
  struct statfs system;

  if (fstat (fd, &info) != 0 || fstatfs (fd, &system) != 0)
    return FALSE;

  *size = info.st_size;
  return S_ISREG (info.st_mode) && system.f_type == TMPFS_MAGIC &&
         (fcntl (fd, F_GET_SEALS) & seals) == seals && info.st_size > 0;
}

static XenoSurface *
map_surface (int   fd,
             guint width,
             guint height,
             guint stride)
{
  Mapping *mapping;
  gint64 size;
  gpointer address;

  if (!is_safe_memory (fd, &size) || !xeno_display_is_sane_frame (width, height, stride, size))
    return NULL;

  address = mmap (NULL, (gsize) stride * height, PROT_READ, MAP_SHARED, fd, 0);
  if (address == MAP_FAILED)
    return NULL;

  mapping = g_new (Mapping, 1);
  mapping->address = address;
  mapping->size = (gsize) stride * height;
  return xeno_surface_new (width, height, stride, address, unmap, mapping);
}

static int
take_fd (GDBusMethodInvocation *invocation,
         int                    index)
{
  GUnixFDList *fds;

  fds = g_dbus_message_get_unix_fd_list (g_dbus_method_invocation_get_message (invocation));
  if (fds == NULL || index < 0 || index >= g_unix_fd_list_get_length (fds))
    return -1;

  return g_unix_fd_list_get (fds, index, NULL);
}

static void
take_scanout (XenoDecoderLink       *self,
              GVariant              *parameters,
              GDBusMethodInvocation *invocation)
{
  g_autoptr (XenoSurface) surface = NULL;
  int index, fd;
  guint width, height, stride;

  g_variant_get (parameters, "(huuu)", &index, &width, &height, &stride);
  fd = take_fd (invocation, index);
  if (fd >= 0)
    {
      surface = map_surface (fd, width, height, stride);
      g_close (fd, NULL);
    }
  done (invocation);
  if (surface == NULL)
    {
      end_lying (self);
      return;
    }

  xeno_console_backend_set_surface (self->backend, surface);
  set_stage (self, XENO_DISPLAY_STAGE_LIVE);
}

static gboolean
is_visible (XenoSurface *surface,
            int          x,
            int          y,
            int          width,
            int          height)
{
  return surface != NULL && width > 0 && height > 0 &&
         x < (gint64) xeno_surface_get_width (surface) && (gint64) x + width > 0 &&
         y < (gint64) xeno_surface_get_height (surface) && (gint64) y + height > 0;
}

/* The reply waits for the painter; where there is nothing to paint, nobody would send it. */
static void
take_update (XenoDecoderLink       *self,
             GVariant              *parameters,
             GDBusMethodInvocation *invocation)
{
  g_autoptr (GVariant) rectangles = g_variant_get_child_value (parameters, 0);
  XenoSurface *surface = xeno_console_backend_get_surface (self->backend);
  gboolean has_damage = FALSE;
  GVariantIter iter;
  int x, y, width, height;

  if (g_variant_n_children (rectangles) > XENO_DISPLAY_MAX_RECTANGLES ||
      self->unpainted.length >= XENO_DISPLAY_MAX_UPDATES)
    {
      done (invocation);
      end_lying (self);
      return;
    }

  g_variant_iter_init (&iter, rectangles);
  while (g_variant_iter_next (&iter, "(iiii)", &x, &y, &width, &height))
    has_damage |= is_visible (surface, x, y, width, height);
  if (has_damage)
    g_queue_push_tail (&self->unpainted, invocation);
  else
    done (invocation);

  g_variant_iter_init (&iter, rectangles);
  while (self->backend != NULL && g_variant_iter_next (&iter, "(iiii)", &x, &y, &width, &height))
    xeno_console_backend_damage (self->backend, x, y, width, height);
}

static void
take_define_cursor (XenoDecoderLink       *self,
                    GVariant              *parameters,
                    GDBusMethodInvocation *invocation)
{
  g_autoptr (GVariant) rgba = NULL;
  XenoCursorShape shape = { 0 };
  gsize size;

  g_variant_get (parameters, "(uuii@ay)", &shape.width, &shape.height, &shape.hot_x, &shape.hot_y, &rgba);
  done (invocation);
  size = g_variant_get_size (rgba);
  if (shape.width == 0 && shape.height == 0 && size == 0)
    {
      shape.hot_x = shape.hot_y = 0;
      xeno_console_backend_set_cursor (self->backend, &shape);
    }
  else if (xeno_display_is_sane_cursor (shape.width, shape.height, shape.hot_x, shape.hot_y, size))
    {
      shape.rgba = g_variant_get_data_as_bytes (rgba);
      xeno_console_backend_set_cursor (self->backend, &shape);
      g_bytes_unref (shape.rgba);
    }
  else
    {
      end_lying (self);
    }
}

static void
take_reset_cursor (XenoDecoderLink       *self,
                   GVariant              *parameters,
                   GDBusMethodInvocation *invocation)
{
  done (invocation);
  xeno_console_backend_set_cursor (self->backend, NULL);
}

static void
take_set_absolute_pointer (XenoDecoderLink       *self,
                           GVariant              *parameters,
                           GDBusMethodInvocation *invocation)
{
  gboolean absolute;

  g_variant_get (parameters, "(b)", &absolute);
  done (invocation);
  xeno_console_backend_set_absolute_pointer (self->backend, absolute);
}

static void
take_set_leds (XenoDecoderLink       *self,
               GVariant              *parameters,
               GDBusMethodInvocation *invocation)
{
  guint leds;

  g_variant_get (parameters, "(u)", &leds);
  done (invocation);
  xeno_console_backend_set_leds (self->backend, leds & 7);
}

typedef struct
{
  XenoDecoderLink       *link;
  GDBusMethodInvocation *invocation;
} Opening;

static void
open_socket_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autofree Opening *opening = user_data;
  g_autoptr (XenoDecoderLink) self = opening->link;
  g_autoptr (GDBusMethodInvocation) invocation = opening->invocation;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GError) error = NULL;
  int fd = self->opener->open_finish (object, result, &error);

  if (fd < 0)
    {
      if (error->domain == XENO_ERROR)
        end (self, error, FALSE);
      else
        end_lost (self, error->message);
      return;
    }

  fds = g_unix_fd_list_new_from_array (&fd, 1);
  if (self->backend != NULL)
    g_dbus_method_invocation_return_value_with_unix_fd_list (g_steal_pointer (&invocation),
                                                             g_variant_new ("(h)", 0), fds);
}

static void
take_open_socket (XenoDecoderLink       *self,
                  GVariant              *parameters,
                  GDBusMethodInvocation *invocation)
{
  Opening *opening;

  if (++self->n_sockets > MAX_OPEN_SOCKETS)
    {
      g_dbus_method_invocation_return_error (invocation, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                                             "too many sockets");
      end_lying (self);
      return;
    }

  opening = g_new (Opening, 1);
  opening->link = g_object_ref (self);
  opening->invocation = invocation;
  self->opener->open_async (self->opener_object, self->cancellable, open_socket_cb, opening);
}

static const struct
{
  const char   *method;
  ListenerFunc  func;
} listeners[] = {
  { "OpenSocket", take_open_socket },
  { "Progress", take_progress },
  { "Failed", take_failed },
  { "Scanout", take_scanout },
  { "Update", take_update },
  { "DefineCursor", take_define_cursor },
  { "ResetCursor", take_reset_cursor },
  { "SetAbsolutePointer", take_set_absolute_pointer },
  { "SetLeds", take_set_leds },
};

static void
method_call_cb (GDBusConnection       *connection,
                const char            *sender,
                const char            *object_path,
                const char            *interface_name,
                const char            *method,
                GVariant              *parameters,
                GDBusMethodInvocation *invocation,
                gpointer               user_data)
{
  g_autoptr (XenoDecoderLink) self = g_object_ref (user_data);

  g_atomic_int_add (&self->n_calls, -1);
  for (guint i = 0; i < G_N_ELEMENTS (listeners); i++)
    {
      if (!g_str_equal (listeners[i].method, method))
        continue;
      if (self->backend != NULL)
        listeners[i].func (self, parameters, invocation);
      else
        done (invocation);
      return;
    }
}

static const GDBusInterfaceVTable listener_vtable = { .method_call = method_call_cb };

static gboolean
has_signature (const GDBusMethodInfo *method,
               const char            *signature)
{
  g_autoptr (GString) expected = g_string_new (NULL);

  for (guint i = 0; method->in_args != NULL && method->in_args[i] != NULL; i++)
    g_string_append (expected, method->in_args[i]->signature);
  return g_str_equal (expected->str, signature);
}

static gboolean
is_call_of_ours (GDBusMessage *message)
{
  GVariant *body = g_dbus_message_get_body (message);
  const char *member = g_dbus_message_get_member (message);
  const GDBusMethodInfo *method;

  if (g_strcmp0 (g_dbus_message_get_interface (message), xeno_display_listener_interface.name) != 0 ||
      g_strcmp0 (g_dbus_message_get_path (message), XENO_DISPLAY_OBJECT_PATH) != 0 ||
      member == NULL || (body != NULL && g_variant_get_size (body) > MAX_CALL_SIZE))
    return FALSE;

  method = g_dbus_interface_info_lookup_method ((GDBusInterfaceInfo *) &xeno_display_listener_interface,
                                                member);
  return method != NULL && has_signature (method, g_dbus_message_get_signature (message));
}

static gboolean
refuse_cb (gpointer user_data)
{
  end_lying (user_data);
  return G_SOURCE_REMOVE;
}

/* Runs in GDBus's thread, which reads as fast as a decoder writes: what the main thread has not
 * come to yet must stay little, and no message may reach GDBus's own objects. */
static GDBusMessage *
filter_cb (GDBusConnection *connection,
           GDBusMessage    *message,
           gboolean         incoming,
           gpointer         user_data)
{
  XenoDecoderLink *self = user_data;
  GDBusMessageType type = g_dbus_message_get_message_type (message);

  if (!incoming || type == G_DBUS_MESSAGE_TYPE_METHOD_RETURN || type == G_DBUS_MESSAGE_TYPE_ERROR)
    return message;

  if (g_atomic_int_get (&self->is_refused) == 0 && type == G_DBUS_MESSAGE_TYPE_METHOD_CALL &&
      is_call_of_ours (message) && g_atomic_int_add (&self->n_calls, 1) < MAX_CALLS)
    return message;

  if (g_atomic_int_compare_and_exchange (&self->is_refused, 0, 1))
    g_idle_add_full (G_PRIORITY_HIGH, refuse_cb, g_object_ref (self), g_object_unref);
  g_object_unref (message);
  return NULL;
}

static void
closed_cb (XenoDecoderLink *self)
{
  end_lost (self, NULL);
}

static void
connect_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (XenoDecoderLink) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = g_dbus_connection_new_finish (result, &error);

  if (self->backend == NULL)
    return;

  if (connection == NULL)
    {
      end_lost (self, error->message);
      return;
    }

  self->connection = g_object_ref (connection);
  g_dbus_connection_set_exit_on_close (connection, FALSE);
  g_signal_connect_object (connection, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
  self->filter_id = g_dbus_connection_add_filter (connection, filter_cb, g_object_ref (self),
                                                  g_object_unref);
  self->registration_id =
    g_dbus_connection_register_object (connection, XENO_DISPLAY_OBJECT_PATH,
                                       (GDBusInterfaceInfo *) &xeno_display_listener_interface,
                                       &listener_vtable, g_object_ref (self), g_object_unref, NULL);
  g_dbus_connection_start_message_processing (connection);
}

static const char *
get_program (void)
{
  const char *program = g_getenv ("XENOLITH_DISPLAY_PATH");

  return program != NULL ? program : XENO_LIBEXECDIR "/xenolith-display";
}

/* From the main thread on purpose: the decoder asks to die with the thread that started it. */
static gboolean
spawn (XenoDecoderLink  *self,
       int               fd,
       GError          **error)
{
  static const char *const unneeded[] = {
    "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "SSH_AUTH_SOCK", "G_DEBUG",
  };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);

  for (guint i = 0; i < G_N_ELEMENTS (unneeded); i++)
    g_subprocess_launcher_unsetenv (launcher, unneeded[i]);
  g_subprocess_launcher_take_fd (launcher, fd, XENO_DISPLAY_SOCKET_FD);
  self->process = g_subprocess_launcher_spawn (launcher, error, get_program (), self->kind, NULL);
  return self->process != NULL;
}

static void
connect_to (XenoDecoderLink *self,
            int              fd)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, &error);
  g_autoptr (GSocketConnection) stream = NULL;

  if (socket == NULL)
    {
      g_close (fd, NULL);
      end_lost (self, error->message);
      return;
    }

  stream = g_socket_connection_factory_create_connection (socket);
  g_dbus_connection_new (G_IO_STREAM (stream), NULL,
                         G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                         G_DBUS_CONNECTION_FLAGS_DELAY_MESSAGE_PROCESSING,
                         NULL, self->cancellable, connect_cb, g_object_ref (self));
}

typedef struct
{
  GSubprocess *process;
  guint        guard_id;
} Reaping;

static gboolean
kill_cb (gpointer user_data)
{
  Reaping *reaping = user_data;

  reaping->guard_id = 0;
  g_subprocess_force_exit (reaping->process);
  return G_SOURCE_REMOVE;
}

static void
reaped_cb (GObject      *process,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autofree Reaping *reaping = user_data;

  g_clear_handle_id (&reaping->guard_id, g_source_remove);
  g_object_unref (reaping->process);
}

static void
reap (GSubprocess *process)
{
  Reaping *reaping = g_new (Reaping, 1);

  reaping->process = process;
  reaping->guard_id = g_timeout_add_seconds (STOP_GUARD_S, kill_cb, reaping);
  g_subprocess_wait_async (process, NULL, reaped_cb, reaping);
}

/* Closing does not wait for what is still to be sent: the releases of what was pressed. */
static void
flushed_cb (GObject      *connection,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_dbus_connection_flush_finish (G_DBUS_CONNECTION (connection), result, NULL);
  g_dbus_connection_close (G_DBUS_CONNECTION (connection), NULL, NULL, NULL);
}

static void
xeno_decoder_link_dispose (GObject *object)
{
  xeno_decoder_link_close (XENO_DECODER_LINK (object));

  G_OBJECT_CLASS (xeno_decoder_link_parent_class)->dispose (object);
}

static void
xeno_decoder_link_finalize (GObject *object)
{
  XenoDecoderLink *self = XENO_DECODER_LINK (object);

  g_clear_object (&self->cancellable);
  g_free (self->kind);
  g_free (self->title);

  G_OBJECT_CLASS (xeno_decoder_link_parent_class)->finalize (object);
}

static void
xeno_decoder_link_class_init (XenoDecoderLinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_decoder_link_dispose;
  object_class->finalize = xeno_decoder_link_finalize;

  signals[PROGRESS] =
    g_signal_new ("progress", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ENDED] =
    g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_ERROR, G_TYPE_BOOLEAN);
}

static void
xeno_decoder_link_init (XenoDecoderLink *self)
{
  self->cancellable = g_cancellable_new ();
  g_queue_init (&self->unpainted);
}

/**
 * xeno_decoder_link_new:
 * @backend: the owner, which closes the link before it goes; gets frames, cursors and the like
 * @opener: how to open the display
 * @opener_object: what to open it with
 * @kind: "spice" or "vnc"
 * @title: the machine's name for people, for errors
 *
 * Prepares one attempt.
 *
 * Returns: (transfer full): the link
 */
XenoDecoderLink *
xeno_decoder_link_new (XenoConsoleBackend      *backend,
                       const XenoDisplayOpener *opener,
                       GObject                 *opener_object,
                       const char              *kind,
                       const char              *title)
{
  XenoDecoderLink *self;

  g_return_val_if_fail (XENO_IS_CONSOLE_BACKEND (backend), NULL);
  g_return_val_if_fail (opener != NULL, NULL);

  self = g_object_new (XENO_TYPE_DECODER_LINK, NULL);
  self->backend = backend;
  self->opener = opener;
  self->opener_object = opener_object != NULL ? g_object_ref (opener_object) : NULL;
  self->kind = g_strdup (kind);
  self->title = g_strdup (title);
  return self;
}

/**
 * xeno_decoder_link_open:
 * @self: a link
 *
 * Starts the decoder.
 */
void
xeno_decoder_link_open (XenoDecoderLink *self)
{
  g_autoptr (GError) error = NULL;
  int fds[2];

  g_return_if_fail (XENO_IS_DECODER_LINK (self));

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
    {
      end_lost (self, g_strerror (errno));
      return;
    }

  if (!spawn (self, fds[1], &error))
    {
      g_close (fds[0], NULL);
      end_with (self, TRUE,
                xeno_error_new (XENO_ERROR_NOT_INSTALLED, error->message,
                                _("The display of “%s” cannot be shown, because the program that reads it "
                                  "does not start. Install Xenolith again."),
                                self->title));
      return;
    }

  connect_to (self, fds[0]);
}

/**
 * xeno_decoder_link_close:
 * @self: a link
 *
 * Ends it, whatever it is at. The process is reaped.
 */
void
xeno_decoder_link_close (XenoDecoderLink *self)
{
  g_return_if_fail (XENO_IS_DECODER_LINK (self));

  if (self->backend == NULL)
    return;

  self->backend = NULL;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->opener_object);
  g_queue_clear_full (&self->unpainted, g_object_unref);
  if (self->connection != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->connection, self);
      g_dbus_connection_unregister_object (self->connection, self->registration_id);
      g_dbus_connection_remove_filter (self->connection, self->filter_id);
      g_dbus_connection_flush (self->connection, NULL, flushed_cb, NULL);
      g_clear_object (&self->connection);
    }
  if (self->process != NULL)
    reap (g_steal_pointer (&self->process));
}

/**
 * xeno_decoder_link_get_stage:
 * @self: a link
 *
 * Returns: how far it has come
 */
XenoDisplayStage
xeno_decoder_link_get_stage (XenoDecoderLink *self)
{
  g_return_val_if_fail (XENO_IS_DECODER_LINK (self), XENO_DISPLAY_STAGE_STARTING);

  return self->stage;
}

/**
 * xeno_decoder_link_get_pid:
 * @self: a link
 *
 * Returns: the decoder's process, or 0
 */
GPid
xeno_decoder_link_get_pid (XenoDecoderLink *self)
{
  const char *identifier;

  g_return_val_if_fail (XENO_IS_DECODER_LINK (self), 0);

  identifier = self->process != NULL ? g_subprocess_get_identifier (self->process) : NULL;
  return identifier != NULL ? (GPid) g_ascii_strtoll (identifier, NULL, 10) : 0;
}

/**
 * xeno_decoder_link_send:
 * @self: a link
 * @method: of the decoder's interface
 * @parameters: (transfer floating): its parameters
 *
 * Sends input, if there is somebody who takes it.
 */
void
xeno_decoder_link_send (XenoDecoderLink *self,
                        const char      *method,
                        GVariant        *parameters)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (parameters);

  g_return_if_fail (XENO_IS_DECODER_LINK (self));

  if (self->connection != NULL && self->stage >= XENO_DISPLAY_STAGE_READY)
    g_dbus_connection_call (self->connection, NULL, XENO_DISPLAY_OBJECT_PATH,
                            xeno_display_input_interface.name, method, owned, NULL,
                            G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
}

/**
 * xeno_decoder_link_frame_done:
 * @self: a link
 *
 * Tells the decoder that what it sent has been painted.
 */
void
xeno_decoder_link_frame_done (XenoDecoderLink *self)
{
  GDBusMethodInvocation *invocation;

  g_return_if_fail (XENO_IS_DECODER_LINK (self));

  while ((invocation = g_queue_pop_head (&self->unpainted)) != NULL)
    done (invocation);
}
