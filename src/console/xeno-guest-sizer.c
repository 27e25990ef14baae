/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks a guest for the size its screen should have: not too often, and one size at a time. */
#include "config.h"

#include "console/xeno-guest-sizer.h"

/* A window that is being resized has come to rest after this long. */
#define REST_MS 200

/* A guest that will follow has done so by then. */
#define ANSWER_MS 2000

/* After so many sizes in a row that it did not take, a guest is left alone. */
#define MAX_IGNORED 3

/* Graphics cards want rows of whole eights; no desktop is of use below the least. */
#define STEP 8
#define MIN_WIDTH 320
#define MIN_HEIGHT 200

typedef struct
{
  guint width;
  guint height;
} Size;

struct _XenoGuestSizer
{
  GObject       parent_instance;
  XenoGuest    *guest;
  GSignalGroup *guest_signals;
  gboolean      is_enabled;
  Size          wanted;
  Size          asked;  /* for last */
  Size          actual;
  guint         n_ignored;
  guint         rest_id;
  guint         answer_id; /* while the guest has been asked */
};

enum
{
  WANTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoGuestSizer, xeno_guest_sizer, G_TYPE_OBJECT)

static void ask (XenoGuestSizer *self);

static gboolean
is_same (Size a,
         Size b)
{
  return a.width == b.width && a.height == b.height;
}

static gboolean
can_ask (XenoGuestSizer *self)
{
  return self->is_enabled && self->guest != NULL && self->n_ignored < MAX_IGNORED &&
         xeno_guest_can (self->guest, XENO_DISPLAY_ABILITY_RESIZE);
}

static gboolean
ignored_cb (gpointer user_data)
{
  XenoGuestSizer *self = user_data;

  self->answer_id = 0;
  self->n_ignored++;
  ask (self);
  return G_SOURCE_REMOVE;
}

static void
ask (XenoGuestSizer *self)
{
  if (!can_ask (self) || self->answer_id != 0 || self->rest_id != 0 || self->wanted.width == 0 ||
      is_same (self->wanted, self->asked))
    return;

  self->asked = self->wanted;
  if (is_same (self->wanted, self->actual))
    return;

  self->answer_id = g_timeout_add (ANSWER_MS, ignored_cb, self);
  xeno_guest_resize (self->guest, self->wanted.width, self->wanted.height);
}

static gboolean
rest_cb (gpointer user_data)
{
  XenoGuestSizer *self = user_data;

  self->rest_id = 0;
  ask (self);
  return G_SOURCE_REMOVE;
}

static void
ask_at_rest (XenoGuestSizer *self)
{
  g_clear_handle_id (&self->rest_id, g_source_remove);
  if (self->is_enabled)
    self->rest_id = g_timeout_add (REST_MS, rest_cb, self);
}

/* Whoever comes now, a driver or an agent, knows of nothing that was asked for. */
static void
start_over (XenoGuestSizer *self)
{
  g_clear_handle_id (&self->answer_id, g_source_remove);
  self->asked = (Size) { 0 };
  self->n_ignored = 0;
  ask_at_rest (self);
}

static void
xeno_guest_sizer_dispose (GObject *object)
{
  XenoGuestSizer *self = XENO_GUEST_SIZER (object);

  g_clear_handle_id (&self->rest_id, g_source_remove);
  g_clear_handle_id (&self->answer_id, g_source_remove);
  if (self->guest_signals != NULL)
    g_signal_group_set_target (self->guest_signals, NULL);
  g_clear_object (&self->guest_signals);
  g_clear_object (&self->guest);

  G_OBJECT_CLASS (xeno_guest_sizer_parent_class)->dispose (object);
}

static void
xeno_guest_sizer_class_init (XenoGuestSizerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xeno_guest_sizer_dispose;

  signals[WANTED] =
    g_signal_new ("wanted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
}

static void
xeno_guest_sizer_init (XenoGuestSizer *self)
{
  self->guest_signals = g_signal_group_new (XENO_TYPE_GUEST);
  g_signal_group_connect_swapped (self->guest_signals, "notify::abilities", G_CALLBACK (start_over), self);
}

/**
 * xeno_guest_sizer_new:
 *
 * Returns: (transfer full): a sizer that is not enabled
 */
XenoGuestSizer *
xeno_guest_sizer_new (void)
{
  return g_object_new (XENO_TYPE_GUEST_SIZER, NULL);
}

/**
 * xeno_guest_sizer_set_guest:
 * @self: a sizer
 * @guest: (nullable): whom to ask
 */
void
xeno_guest_sizer_set_guest (XenoGuestSizer *self,
                            XenoGuest      *guest)
{
  g_return_if_fail (XENO_IS_GUEST_SIZER (self));
  g_return_if_fail (guest == NULL || XENO_IS_GUEST (guest));

  if (!g_set_object (&self->guest, guest))
    return;

  g_signal_group_set_target (self->guest_signals, guest);
  start_over (self);
}

/**
 * xeno_guest_sizer_is_enabled:
 * @self: a sizer
 *
 * Returns: whether the guest is asked at all
 */
gboolean
xeno_guest_sizer_is_enabled (XenoGuestSizer *self)
{
  g_return_val_if_fail (XENO_IS_GUEST_SIZER (self), FALSE);

  return self->is_enabled;
}

/**
 * xeno_guest_sizer_set_enabled:
 * @self: a sizer
 * @enabled: whether the guest is asked at all
 */
void
xeno_guest_sizer_set_enabled (XenoGuestSizer *self,
                              gboolean        enabled)
{
  g_return_if_fail (XENO_IS_GUEST_SIZER (self));

  if (self->is_enabled == !!enabled)
    return;

  self->is_enabled = !!enabled;
  start_over (self);
}

/**
 * xeno_guest_sizer_set_size:
 * @self: a sizer
 * @width: in pixels
 * @height: in pixels
 *
 * Says how large the guest's screen is. A size nobody asked for is the guest's own choice and stands
 * until another one is wanted.
 */
void
xeno_guest_sizer_set_size (XenoGuestSizer *self,
                           guint           width,
                           guint           height)
{
  const Size actual = { width, height };

  g_return_if_fail (XENO_IS_GUEST_SIZER (self));

  if (is_same (self->actual, actual))
    return;

  self->actual = actual;
  if (self->answer_id == 0)
    return;

  g_clear_handle_id (&self->answer_id, g_source_remove);
  self->n_ignored = 0;
  ask (self);
}

/**
 * xeno_guest_sizer_want:
 * @self: a sizer
 * @width: in pixels
 * @height: in pixels
 *
 * Says how large the guest's screen should be. It is asked when this has not changed for a moment and
 * what it was asked before has been answered.
 */
void
xeno_guest_sizer_want (XenoGuestSizer *self,
                       guint           width,
                       guint           height)
{
  Size wanted;

  g_return_if_fail (XENO_IS_GUEST_SIZER (self));

  wanted.width = CLAMP (width, MIN_WIDTH, XENO_DISPLAY_MAX_SIDE) / STEP * STEP;
  wanted.height = CLAMP (height, MIN_HEIGHT, XENO_DISPLAY_MAX_SIDE);
  if (is_same (self->wanted, wanted))
    return;

  self->wanted = wanted;
  ask_at_rest (self);
  if (can_ask (self))
    g_signal_emit (self, signals[WANTED], 0, wanted.width, wanted.height);
}
