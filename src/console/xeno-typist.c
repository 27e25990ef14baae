/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Types a text on a guest's keyboard, one key after the other. */
#include "config.h"

#include "console/xeno-qnum.h"
#include "console/xeno-typist.h"

/* A guest asks a keyboard on USB no more often, QEMU's VNC server passes no more on, and whoever sends
 * more has the seventeenth stroke forgotten that waits. */
#define SLOW_MS 10

/* A keyboard on PS/2 interrupts its guest. */
#define FAST_MS 4

typedef struct
{
  guint    qnum;
  guint    keyval;
  gboolean is_down;
} Event;

struct _XenoTypist
{
  GObject             parent_instance;

  XenoConsoleBackend *backend;
  XenoLayout         *layout;
  GArray             *events;
  guint               next;
  guint               timeout_id;
  guint               locks;
};

G_DEFINE_FINAL_TYPE (XenoTypist, xeno_typist, G_TYPE_OBJECT)

enum { PROP_0, PROP_PROGRESS, N_PROPS };

enum { FINISHED, N_SIGNALS };

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
add (XenoTypist *self,
     guint       qnum,
     guint       keyval,
     gboolean    is_down)
{
  Event event = { qnum, keyval, is_down };

  g_array_append_val (self->events, event);
}

static void
hold (XenoTypist *self,
      gboolean   *is_held,
      gboolean    is_wanted,
      guint       qnum,
      guint       keyval)
{
  if (*is_held != is_wanted)
    add (self, qnum, keyval, is_wanted);
  *is_held = is_wanted;
}

/* What is held for several characters is pressed once. */
static void
plan (XenoTypist *self,
      const char *text)
{
  g_autofree char *composed = g_utf8_normalize (text, -1, G_NORMALIZE_NFC);
  guint third_level = xeno_layout_get_third_level (self->layout);
  XenoStroke strokes[XENO_LAYOUT_MAX_STROKES];
  gboolean has_shift = FALSE, has_third_level = FALSE;

  for (const char *at = composed; at != NULL && *at != '\0'; at = g_utf8_next_char (at))
    {
      guint n = at[0] == '\r' && at[1] == '\n' ? 0 : xeno_layout_find (self->layout, g_utf8_get_char (at), strokes);

      for (guint i = 0; i < n; i++)
        {
          hold (self, &has_shift, strokes[i].is_shifted, XENO_QNUM_SHIFT_L, GDK_KEY_Shift_L);
          hold (self, &has_third_level, strokes[i].is_third_level, third_level, GDK_KEY_ISO_Level3_Shift);
          add (self, strokes[i].qnum, strokes[i].keyval, TRUE);
          add (self, strokes[i].qnum, strokes[i].keyval, FALSE);
        }
    }
  hold (self, &has_third_level, FALSE, third_level, GDK_KEY_ISO_Level3_Shift);
  hold (self, &has_shift, FALSE, XENO_QNUM_SHIFT_L, GDK_KEY_Shift_L);
}

static void
release (XenoTypist *self)
{
  for (guint i = self->next; i < self->events->len; i++)
    {
      Event event = g_array_index (self->events, Event, i);

      if (!event.is_down)
        xeno_console_backend_key (self->backend, event.qnum, event.keyval, FALSE);
    }
}

static void
finish (XenoTypist *self)
{
  gboolean is_whole = self->next == self->events->len;

  if (self->timeout_id == 0)
    return;

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  release (self);
  xeno_console_backend_set_locks (self->backend, self->locks);
  g_signal_emit (self, signals[FINISHED], 0, is_whole);
}

static gboolean
type_cb (gpointer user_data)
{
  XenoTypist *self = user_data;
  Event event;

  if (self->next == self->events->len)
    {
      finish (self);
      return G_SOURCE_REMOVE;
    }

  event = g_array_index (self->events, Event, self->next++);
  xeno_console_backend_key (self->backend, event.qnum, event.keyval, event.is_down);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROGRESS]);
  return G_SOURCE_CONTINUE;
}

static void
state_cb (XenoTypist *self)
{
  if (xeno_console_backend_get_state (self->backend) != XENO_CONSOLE_LIVE)
    finish (self);
}

static void
xeno_typist_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_PROGRESS:
      g_value_set_double (value, xeno_typist_get_progress (XENO_TYPIST (object)));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_typist_dispose (GObject *object)
{
  finish (XENO_TYPIST (object));

  G_OBJECT_CLASS (xeno_typist_parent_class)->dispose (object);
}

static void
xeno_typist_finalize (GObject *object)
{
  XenoTypist *self = XENO_TYPIST (object);

  g_object_unref (self->backend);
  g_object_unref (self->layout);
  g_array_unref (self->events);

  G_OBJECT_CLASS (xeno_typist_parent_class)->finalize (object);
}

static void
xeno_typist_class_init (XenoTypistClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_typist_dispose;
  object_class->finalize = xeno_typist_finalize;
  object_class->get_property = xeno_typist_get_property;

  /**
   * XenoTypist:progress:
   *
   * How much of the text is typed, from 0 to 1.
   */
  properties[PROP_PROGRESS] =
    g_param_spec_double ("progress", NULL, NULL, 0, 1, 0,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[FINISHED] =
    g_signal_new ("finished", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
xeno_typist_init (XenoTypist *self)
{
  self->events = g_array_new (FALSE, FALSE, sizeof (Event));
}

/**
 * xeno_typist_new:
 * @backend: a display that is live
 * @layout: the layout the guest's keyboard has
 * @text: what to type; characters that no key types are left out
 * @is_fast: whether the guest hears of each key as it is pressed, rather than when it asks
 *
 * Begins to type. Letting go of it cancels.
 *
 * Returns: (transfer full): the typist
 */
XenoTypist *
xeno_typist_new (XenoConsoleBackend *backend,
                 XenoLayout         *layout,
                 const char         *text,
                 gboolean            is_fast)
{
  XenoTypist *self;

  g_return_val_if_fail (XENO_IS_CONSOLE_BACKEND (backend), NULL);
  g_return_val_if_fail (XENO_IS_LAYOUT (layout), NULL);
  g_return_val_if_fail (text != NULL, NULL);

  self = g_object_new (XENO_TYPE_TYPIST, NULL);
  self->backend = g_object_ref (backend);
  self->layout = g_object_ref (layout);
  plan (self, text);

  /* Caps lock would turn the letters round. */
  self->locks = xeno_console_backend_get_leds (backend);
  xeno_console_backend_release_all (backend);
  xeno_console_backend_set_locks (backend, self->locks & ~XENO_LED_CAPS_LOCK);
  g_signal_connect_object (backend, "notify::state", G_CALLBACK (state_cb), self, G_CONNECT_SWAPPED);
  self->timeout_id = g_timeout_add (is_fast ? FAST_MS : SLOW_MS, type_cb, self);
  return self;
}

/**
 * xeno_typist_get_progress:
 * @self: a typist
 *
 * Returns: how much of the text is typed, from 0 to 1
 */
double
xeno_typist_get_progress (XenoTypist *self)
{
  g_return_val_if_fail (XENO_IS_TYPIST (self), 0);

  return self->events->len > 0 ? (double) self->next / self->events->len : 0;
}

/**
 * xeno_typist_cancel:
 * @self: a typist
 *
 * Stops. What is down comes up.
 */
void
xeno_typist_cancel (XenoTypist *self)
{
  g_return_if_fail (XENO_IS_TYPIST (self));

  finish (self);
}
