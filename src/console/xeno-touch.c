/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From fingers on a screen to the mouse of a guest that knows no fingers: a tap is a click, a long press
 * the right button, a moved finger drags, and two of them scroll. */
#include "config.h"

#include <math.h>

#include "console/xeno-touch.h"

/* A finger that means to stay trembles so far, in logical pixels. */
#define SLOP 10

#define LONG_PRESS_MS 500

#define MAX_FINGERS 2

/* What the fingers that are down amount to. */
typedef enum
{
  NOTHING,
  TAP_SO_FAR,
  DRAG,
  SCROLL,
  SPENT, /* whatever they do now, until the last is lifted */
} Meaning;

typedef struct
{
  gconstpointer id;
  double        x, y;
} Finger;

struct _XenoTouch
{
  GObject  parent_instance;

  Meaning  meaning;
  Finger   fingers[MAX_FINGERS];
  guint    n_fingers;
  guint    n_more; /* down, but beyond those that count */
  double   first_x, first_y;
  guint    long_press_id;
};

G_DEFINE_FINAL_TYPE (XenoTouch, xeno_touch, G_TYPE_OBJECT)

enum { MOVED, BUTTON, SCROLLED, RESTED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
set_meaning (XenoTouch *self,
             Meaning    meaning)
{
  g_clear_handle_id (&self->long_press_id, g_source_remove);
  self->meaning = meaning;
}

static void
press (XenoTouch *self,
       guint      button,
       gboolean   is_down)
{
  g_signal_emit (self, signals[BUTTON], 0, button, is_down);
}

static void
move (XenoTouch *self,
      double     x,
      double     y)
{
  g_signal_emit (self, signals[MOVED], 0, x, y);
}

static gboolean
long_press_cb (gpointer user_data)
{
  XenoTouch *self = user_data;

  self->long_press_id = 0;
  set_meaning (self, SPENT);
  press (self, 3, TRUE);
  press (self, 3, FALSE);
  return G_SOURCE_REMOVE;
}

static Finger *
find_finger (XenoTouch     *self,
             gconstpointer  id)
{
  for (guint i = 0; i < self->n_fingers; i++)
    if (self->fingers[i].id == id)
      return &self->fingers[i];

  return NULL;
}

static void
remove_finger (XenoTouch     *self,
               gconstpointer  id)
{
  Finger *finger = find_finger (self, id);

  if (finger != NULL)
    *finger = self->fingers[--self->n_fingers];
  else if (self->n_more > 0)
    self->n_more--;
}

static void
xeno_touch_dispose (GObject *object)
{
  set_meaning (XENO_TOUCH (object), NOTHING);

  G_OBJECT_CLASS (xeno_touch_parent_class)->dispose (object);
}

static void
xeno_touch_class_init (XenoTouchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xeno_touch_dispose;

  signals[MOVED] =
    g_signal_new ("moved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  signals[BUTTON] =
    g_signal_new ("button", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_BOOLEAN);
  signals[SCROLLED] =
    g_signal_new ("scrolled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  signals[RESTED] =
    g_signal_new ("rested", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
xeno_touch_init (XenoTouch *self)
{
}

/**
 * xeno_touch_new:
 *
 * Returns: (transfer full): a screen that nothing touches
 */
XenoTouch *
xeno_touch_new (void)
{
  return g_object_new (XENO_TYPE_TOUCH, NULL);
}

/**
 * xeno_touch_begin:
 * @self: a touch
 * @finger: which finger
 * @x: where, in logical pixels
 * @y: where, in logical pixels
 *
 * Puts a finger down.
 */
void
xeno_touch_begin (XenoTouch     *self,
                  gconstpointer  finger,
                  double         x,
                  double         y)
{
  g_return_if_fail (XENO_IS_TOUCH (self));

  if (self->n_fingers == MAX_FINGERS)
    {
      self->n_more++;
      return;
    }

  self->fingers[self->n_fingers++] = (Finger) { finger, x, y };
  if (self->meaning == NOTHING)
    {
      self->first_x = x;
      self->first_y = y;
      set_meaning (self, TAP_SO_FAR);
      self->long_press_id = g_timeout_add (LONG_PRESS_MS, long_press_cb, self);
      move (self, x, y);
    }
  else if (self->meaning == TAP_SO_FAR)
    {
      set_meaning (self, SCROLL);
    }
}

/**
 * xeno_touch_update:
 * @self: a touch
 * @finger: which finger
 * @x: where, in logical pixels
 * @y: where, in logical pixels
 *
 * Moves a finger.
 */
void
xeno_touch_update (XenoTouch     *self,
                   gconstpointer  finger,
                   double         x,
                   double         y)
{
  Finger *moved;
  Finger old;

  g_return_if_fail (XENO_IS_TOUCH (self));

  moved = find_finger (self, finger);
  if (moved == NULL)
    return;

  old = *moved;
  moved->x = x;
  moved->y = y;
  if (self->meaning == TAP_SO_FAR && hypot (x - self->first_x, y - self->first_y) > SLOP)
    {
      set_meaning (self, DRAG);
      press (self, 1, TRUE);
    }
  if (self->meaning == DRAG && moved == self->fingers)
    move (self, x, y);
  else if (self->meaning == SCROLL)
    g_signal_emit (self, signals[SCROLLED], 0, (old.x - x) / MAX_FINGERS, (old.y - y) / MAX_FINGERS);
}

/**
 * xeno_touch_end:
 * @self: a touch
 * @finger: which finger
 *
 * Lifts a finger.
 */
void
xeno_touch_end (XenoTouch     *self,
                gconstpointer  finger)
{
  Meaning meaning;

  g_return_if_fail (XENO_IS_TOUCH (self));

  meaning = self->meaning;
  if (meaning == DRAG && finger != self->fingers[0].id)
    {
      remove_finger (self, finger);
      return;
    }

  remove_finger (self, finger);
  set_meaning (self, self->n_fingers + self->n_more > 0 ? SPENT : NOTHING);
  if (meaning == TAP_SO_FAR)
    press (self, 1, TRUE);
  if (meaning == TAP_SO_FAR || meaning == DRAG)
    press (self, 1, FALSE);
  else if (meaning == SCROLL)
    g_signal_emit (self, signals[RESTED], 0);
}

/**
 * xeno_touch_cancel:
 * @self: a touch
 *
 * Forgets all fingers: the desktop has taken them for something of its own.
 */
void
xeno_touch_cancel (XenoTouch *self)
{
  Meaning meaning;

  g_return_if_fail (XENO_IS_TOUCH (self));

  meaning = self->meaning;
  self->n_fingers = self->n_more = 0;
  set_meaning (self, NOTHING);
  if (meaning == DRAG)
    press (self, 1, FALSE);
}
