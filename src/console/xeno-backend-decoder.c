/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A console backend whose frames a decoder process reads from a SPICE or VNC server. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "console/xeno-backend-decoder.h"
#include "console/xeno-decoder-link.h"
#include "console/xeno-guest-decoder.h"

/* After this long without a picture the person is told what it waits for. */
#define WATCHDOG_S 10

/* A display that was live for this long has earned a quick first retry. */
#define STABLE_US (5 * G_USEC_PER_SEC)

struct _XenoBackendDecoder
{
  XenoConsoleBackend       parent_instance;
  const XenoDisplayOpener *opener;
  GObject                 *opener_object;
  char                    *kind;
  char                    *title;
  XenoDecoderLink         *link;
  gboolean                 is_active;
  gboolean                 is_started;
  gboolean                 was_live;
  guint                    n_failures;
  gint64                   live_since_us;
  guint                    retry_id;
  guint                    watchdog_id;
};

enum
{
  PROP_ACTIVE = 1,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* How long to wait before the next attempt, after one, two, … failures. */
static const guint retry_ms[] = { 250, 500, 1000, 2000, 4000 };

G_DEFINE_FINAL_TYPE (XenoBackendDecoder, xeno_backend_decoder, XENO_TYPE_CONSOLE_BACKEND)

static void open_link (XenoBackendDecoder *self);

static void
close_link (XenoBackendDecoder *self)
{
  g_clear_handle_id (&self->watchdog_id, g_source_remove);
  g_clear_handle_id (&self->retry_id, g_source_remove);
  if (self->link == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->link, self);
  xeno_decoder_link_close (self->link);
  g_clear_object (&self->link);
}

static void
set_waiting (XenoBackendDecoder *self,
             const GError       *error)
{
  XenoConsoleBackend *backend = XENO_CONSOLE_BACKEND (self);
  gboolean has_picture = xeno_console_backend_get_surface (backend) != NULL;

  xeno_console_backend_set_state (backend,
                                  has_picture ? XENO_CONSOLE_FROZEN : XENO_CONSOLE_CONNECTING, error);
}

static gboolean
retry_cb (gpointer user_data)
{
  XenoBackendDecoder *self = user_data;

  self->retry_id = 0;
  open_link (self);
  return G_SOURCE_REMOVE;
}

static void
schedule_retry (XenoBackendDecoder *self)
{
  guint index;

  if (self->live_since_us != 0 && g_get_monotonic_time () - self->live_since_us > STABLE_US)
    self->n_failures = 0;
  self->live_since_us = 0;

  index = MIN (self->n_failures, G_N_ELEMENTS (retry_ms) - 1);
  self->n_failures++;
  self->retry_id = g_timeout_add (retry_ms[index], retry_cb, self);
}

/* A refused password is asked for again, whatever came before. */
static gboolean
gives_up (XenoBackendDecoder *self,
          const GError       *error)
{
  return self->opener->gives_up && !self->was_live &&
         !g_error_matches (error, XENO_ERROR, XENO_ERROR_NO_PERMISSION);
}

static void
ended_cb (XenoBackendDecoder *self,
          const GError       *error,
          gboolean            for_good)
{
  close_link (self);
  for_good = for_good || gives_up (self, error);
  if (for_good || !self->is_active)
    {
      xeno_console_backend_set_state (XENO_CONSOLE_BACKEND (self), XENO_CONSOLE_CLOSED,
                                      for_good ? error : NULL);
      return;
    }

  set_waiting (self, error);
  schedule_retry (self);
}

static void
progress_cb (XenoBackendDecoder *self)
{
  if (xeno_decoder_link_get_stage (self->link) != XENO_DISPLAY_STAGE_LIVE)
    return;

  g_clear_handle_id (&self->watchdog_id, g_source_remove);
  self->live_since_us = g_get_monotonic_time ();
  self->was_live = TRUE;
  xeno_console_backend_set_state (XENO_CONSOLE_BACKEND (self), XENO_CONSOLE_LIVE, NULL);
}

static GError *
describe_wait (XenoBackendDecoder *self)
{
  switch (xeno_decoder_link_get_stage (self->link))
    {
    case XENO_DISPLAY_STAGE_STARTING:
      return xeno_error_new (XENO_ERROR_TIMEOUT, NULL,
                             _("The program that reads the display of “%s” does not answer. It is started "
                               "again."),
                             self->title);

    case XENO_DISPLAY_STAGE_OPENING:
      return xeno_error_new (XENO_ERROR_TIMEOUT, NULL,
                             _("The display of “%s” has not been opened yet. It is tried again."),
                             self->title);

    case XENO_DISPLAY_STAGE_GREETING:
      return xeno_error_new (XENO_ERROR_TIMEOUT, NULL,
                             _("The display of “%s” is open but says nothing. It is opened again."),
                             self->title);

    default:
      return xeno_error_new (XENO_ERROR_TIMEOUT, NULL,
                             _("“%s” shows no picture yet. Press a key to wake its screen."),
                             self->title);
    }
}

/* A guest that shows nothing may be asleep: it keeps its connection, for the key that wakes it. */
static gboolean
watchdog_cb (gpointer user_data)
{
  XenoBackendDecoder *self = user_data;
  g_autoptr (GError) error = describe_wait (self);

  if (xeno_decoder_link_is_asking (self->link))
    return G_SOURCE_CONTINUE;

  self->watchdog_id = 0;
  if (xeno_decoder_link_get_stage (self->link) == XENO_DISPLAY_STAGE_READY)
    set_waiting (self, error);
  else
    ended_cb (self, error, FALSE);
  return G_SOURCE_REMOVE;
}

static void
open_link (XenoBackendDecoder *self)
{
  XenoConsoleBackend *backend = XENO_CONSOLE_BACKEND (self);

  close_link (self);
  xeno_console_backend_set_cursor (backend, NULL);
  xeno_console_backend_set_leds (backend, 0);

  self->link = xeno_decoder_link_new (backend, self->opener, self->opener_object, self->kind, self->title);
  g_signal_connect_object (self->link, "progress", G_CALLBACK (progress_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->link, "ended", G_CALLBACK (ended_cb), self, G_CONNECT_SWAPPED);
  self->watchdog_id = g_timeout_add_seconds (WATCHDOG_S, watchdog_cb, self);
  xeno_decoder_link_open (self->link);
}

/* What an earlier run of the machine showed is not this one's. */
static void
open_afresh (XenoBackendDecoder *self)
{
  self->n_failures = 0;
  self->live_since_us = 0;
  self->was_live = FALSE;
  xeno_console_backend_set_surface (XENO_CONSOLE_BACKEND (self), NULL);
  xeno_console_backend_set_state (XENO_CONSOLE_BACKEND (self), XENO_CONSOLE_CONNECTING, NULL);
  open_link (self);
}

static void
xeno_backend_decoder_start (XenoConsoleBackend *backend)
{
  XenoBackendDecoder *self = XENO_BACKEND_DECODER (backend);

  if (self->is_started)
    return;

  self->is_started = TRUE;
  if (self->is_active)
    open_afresh (self);
  else
    xeno_console_backend_set_state (backend, XENO_CONSOLE_CLOSED, NULL);
}

static void
xeno_backend_decoder_stop (XenoConsoleBackend *backend)
{
  XenoBackendDecoder *self = XENO_BACKEND_DECODER (backend);

  self->is_started = FALSE;
  close_link (self);
  xeno_console_backend_set_state (backend, XENO_CONSOLE_CLOSED, NULL);
}

static void
send (XenoConsoleBackend *backend,
      const char         *method,
      GVariant           *parameters)
{
  XenoBackendDecoder *self = XENO_BACKEND_DECODER (backend);
  g_autoptr (GVariant) owned = g_variant_ref_sink (parameters);

  if (self->link != NULL)
    xeno_decoder_link_send (self->link, method, owned);
}

static void
xeno_backend_decoder_key (XenoConsoleBackend *backend,
                          guint               qnum,
                          guint               keyval,
                          gboolean            pressed)
{
  send (backend, "Key", g_variant_new ("(uub)", qnum, keyval, pressed));
}

static void
xeno_backend_decoder_pointer_moved (XenoConsoleBackend *backend,
                                    guint               x,
                                    guint               y)
{
  send (backend, "MoveTo", g_variant_new ("(uu)", x, y));
}

static void
xeno_backend_decoder_pointer_moved_by (XenoConsoleBackend *backend,
                                       int                 dx,
                                       int                 dy)
{
  send (backend, "MoveBy", g_variant_new ("(ii)", dx, dy));
}

static void
xeno_backend_decoder_button (XenoConsoleBackend *backend,
                             guint               button,
                             gboolean            pressed)
{
  send (backend, "Button", g_variant_new ("(ub)", button, pressed));
}

static void
xeno_backend_decoder_wheel (XenoConsoleBackend *backend,
                            int                 dx,
                            int                 dy)
{
  send (backend, "Wheel", g_variant_new ("(ii)", dx, dy));
}

static void
xeno_backend_decoder_set_locks (XenoConsoleBackend *backend,
                                guint               locks)
{
  send (backend, "SetLocks", g_variant_new ("(u)", locks));
}

static void
xeno_backend_decoder_frame_done (XenoConsoleBackend *backend)
{
  XenoBackendDecoder *self = XENO_BACKEND_DECODER (backend);

  if (self->link != NULL)
    xeno_decoder_link_frame_done (self->link);
}

static void
xeno_backend_decoder_dispose (GObject *object)
{
  XenoBackendDecoder *self = XENO_BACKEND_DECODER (object);

  close_link (self);
  g_clear_object (&self->opener_object);

  G_OBJECT_CLASS (xeno_backend_decoder_parent_class)->dispose (object);
}

static void
xeno_backend_decoder_finalize (GObject *object)
{
  XenoBackendDecoder *self = XENO_BACKEND_DECODER (object);

  g_free (self->kind);
  g_free (self->title);

  G_OBJECT_CLASS (xeno_backend_decoder_parent_class)->finalize (object);
}

static void
xeno_backend_decoder_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  XenoBackendDecoder *self = XENO_BACKEND_DECODER (object);

  switch (prop_id)
    {
    case PROP_ACTIVE:
      g_value_set_boolean (value, self->is_active);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_backend_decoder_set_property (GObject      *object,
                                   guint         prop_id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_ACTIVE:
      xeno_backend_decoder_set_active (XENO_BACKEND_DECODER (object), g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_backend_decoder_class_init (XenoBackendDecoderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  XenoConsoleBackendClass *backend_class = XENO_CONSOLE_BACKEND_CLASS (klass);

  object_class->dispose = xeno_backend_decoder_dispose;
  object_class->finalize = xeno_backend_decoder_finalize;
  object_class->get_property = xeno_backend_decoder_get_property;
  object_class->set_property = xeno_backend_decoder_set_property;
  backend_class->start = xeno_backend_decoder_start;
  backend_class->stop = xeno_backend_decoder_stop;
  backend_class->key = xeno_backend_decoder_key;
  backend_class->pointer_moved = xeno_backend_decoder_pointer_moved;
  backend_class->pointer_moved_by = xeno_backend_decoder_pointer_moved_by;
  backend_class->button = xeno_backend_decoder_button;
  backend_class->wheel = xeno_backend_decoder_wheel;
  backend_class->frame_done = xeno_backend_decoder_frame_done;
  backend_class->set_locks = xeno_backend_decoder_set_locks;

  properties[PROP_ACTIVE] =
    g_param_spec_boolean ("active", NULL, NULL,
                          TRUE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xeno_backend_decoder_init (XenoBackendDecoder *self)
{
  g_autoptr (XenoGuest) guest = xeno_guest_decoder_new ();

  self->is_active = TRUE;
  xeno_console_backend_set_guest (XENO_CONSOLE_BACKEND (self), guest);
}

/**
 * xeno_backend_decoder_new:
 * @opener: how to open the display; it must outlive the backend
 * @opener_object: (nullable): what to open it with
 * @kind: what the display speaks: "dbus", "spice" or "vnc"
 * @title: the machine's name for people, for errors
 *
 * Makes a backend that opens the display when it is started, and again each time it goes away, as
 * long as the machine is "active".
 *
 * Returns: (transfer full): the backend
 */
XenoConsoleBackend *
xeno_backend_decoder_new (const XenoDisplayOpener *opener,
                          GObject                 *opener_object,
                          const char              *kind,
                          const char              *title)
{
  XenoBackendDecoder *self;

  g_return_val_if_fail (opener != NULL, NULL);
  g_return_val_if_fail (kind != NULL, NULL);
  g_return_val_if_fail (title != NULL, NULL);

  self = g_object_new (XENO_TYPE_BACKEND_DECODER, NULL);
  self->opener = opener;
  self->opener_object = opener_object != NULL ? g_object_ref (opener_object) : NULL;
  self->kind = g_strdup (kind);
  self->title = g_strdup (title);
  xeno_console_backend_set_side_wheel (XENO_CONSOLE_BACKEND (self), !g_str_equal (kind, "spice"));
  return XENO_CONSOLE_BACKEND (self);
}

/**
 * xeno_backend_decoder_is_active:
 * @self: a backend
 *
 * Returns: whether the machine runs, as far as anybody has said; it does to begin with
 */
gboolean
xeno_backend_decoder_is_active (XenoBackendDecoder *self)
{
  g_return_val_if_fail (XENO_IS_BACKEND_DECODER (self), FALSE);

  return self->is_active;
}

/**
 * xeno_backend_decoder_set_active:
 * @self: a backend
 * @active: whether the machine runs
 *
 * Says whether there is anything to open. A display that goes away while its machine does not run is
 * closed, not frozen; it is opened when the machine runs again.
 */
void
xeno_backend_decoder_set_active (XenoBackendDecoder *self,
                                 gboolean            active)
{
  g_return_if_fail (XENO_IS_BACKEND_DECODER (self));

  if (self->is_active == !!active)
    return;

  self->is_active = !!active;
  if (self->is_started && active && self->link == NULL)
    {
      open_afresh (self);
    }
  else if (self->is_started && !active && self->retry_id != 0)
    {
      close_link (self);
      xeno_console_backend_set_state (XENO_CONSOLE_BACKEND (self), XENO_CONSOLE_CLOSED, NULL);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIVE]);
}

/**
 * xeno_backend_decoder_get_pid:
 * @self: a backend
 *
 * Returns: the present decoder's process, or 0
 */
GPid
xeno_backend_decoder_get_pid (XenoBackendDecoder *self)
{
  g_return_val_if_fail (XENO_IS_BACKEND_DECODER (self), 0);

  return self->link != NULL ? xeno_decoder_link_get_pid (self->link) : 0;
}
