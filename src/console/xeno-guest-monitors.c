/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The monitors a guest should have: as many and as large as the consoles that show them. The guest is told
 * of all of them in one message, not too often, and asked for one arrangement at a time. */
#include "config.h"

#include <stdlib.h>

#include "console/xeno-guest-monitors.h"

/* A window that is being resized has come to rest after this long. */
#define REST_MS 200

/* A guest that will follow has done so by then. */
#define ANSWER_MS 2000

/* After so many in a row that it did not take, a guest is left alone. */
#define MAX_IGNORED 3

/* Graphics cards want rows of whole eights; no desktop is of use below the least. */
#define STEP 8
#define MIN_WIDTH 320
#define MIN_HEIGHT 200

typedef struct
{
  XenoDisplayMonitor monitors[XENO_DISPLAY_MAX_HEADS]; /* by their number */
  guint              n;
} Arrangement;

typedef struct
{
  gconstpointer   viewer;
  XenoMonitorWish wish;
} Viewer;

struct _XenoGuestMonitors
{
  GObject             parent_instance;
  XenoConsoleBackend *backend; /* which owns it */
  GArray             *viewers; /* of Viewer */
  guint               closed;  /* a bit for each monitor nobody wants any more */
  Arrangement         asked;   /* for last */
  Arrangement         actual;
  gboolean            has_no_mm; /* an agent that is old does not know of them, and takes nothing at all */
  guint               n_ignored;
  guint               rest_id;
  guint               answer_id; /* while the guest has been asked */
};

G_DEFINE_FINAL_TYPE (XenoGuestMonitors, xeno_guest_monitors, G_TYPE_OBJECT)

static void ask (XenoGuestMonitors *self);

static int
compare_ids (gconstpointer a,
             gconstpointer b)
{
  const XenoDisplayMonitor *first = a;
  const XenoDisplayMonitor *second = b;

  return first->id < second->id ? -1 : first->id > second->id;
}

/* What the guest has. Where it says nothing of monitors the surface is one. */
static void
read_actual (XenoGuestMonitors *self,
             Arrangement       *actual)
{
  XenoSurface *surface = xeno_console_backend_get_surface (self->backend);
  const XenoDisplayHead *heads;
  guint n_heads;

  *actual = (Arrangement) { 0 };
  heads = xeno_console_backend_get_heads (self->backend, &n_heads);
  for (guint i = 0; i < n_heads; i++)
    if (heads[i].id < XENO_DISPLAY_MAX_HEADS)
      actual->monitors[actual->n++] = (XenoDisplayMonitor) { heads[i].id, heads[i].x, heads[i].y,
                                                             heads[i].width, heads[i].height, 0, 0 };
  if (n_heads == 0 && surface != NULL)
    actual->monitors[actual->n++] = (XenoDisplayMonitor) { 0, 0, 0, xeno_surface_get_width (surface),
                                                           xeno_surface_get_height (surface), 0, 0 };
  qsort (actual->monitors, actual->n, sizeof *actual->monitors, compare_ids);
}

static XenoDisplayMonitor *
find (Arrangement *arrangement,
      guint        id)
{
  for (guint i = 0; i < arrangement->n; i++)
    if (arrangement->monitors[i].id == id)
      return &arrangement->monitors[i];
  return NULL;
}

static gboolean
has_same_sizes (const Arrangement *a,
                const Arrangement *b)
{
  for (guint i = 0; i < MIN (a->n, b->n); i++)
    if (a->monitors[i].id != b->monitors[i].id || a->monitors[i].width != b->monitors[i].width ||
        a->monitors[i].height != b->monitors[i].height)
      return FALSE;
  return a->n == b->n;
}

static gboolean
is_same (const Arrangement *a,
         const Arrangement *b)
{
  return a->n == b->n && memcmp (a->monitors, b->monitors, a->n * sizeof *a->monitors) == 0;
}

/* A console for the first monitor shows whichever is the first; one for another that the guest does not
 * have wants it turned on. */
static XenoDisplayMonitor *
find_or_add (XenoGuestMonitors *self,
             Arrangement       *plan,
             guint              head)
{
  XenoDisplayMonitor *monitor = find (plan, head);

  if (monitor != NULL || (head == 0 && plan->n > 0))
    return monitor != NULL ? monitor : &plan->monitors[0];
  if (head >= XENO_DISPLAY_MAX_HEADS || head >= xeno_console_backend_get_outputs (self->backend) ||
      plan->n == XENO_DISPLAY_MAX_HEADS)
    return NULL;

  plan->monitors[plan->n++] = (XenoDisplayMonitor) { .id = head };
  qsort (plan->monitors, plan->n, sizeof *plan->monitors, compare_ids);
  return find (plan, head);
}

static void
fit (XenoGuestMonitors     *self,
     XenoDisplayMonitor    *monitor,
     const XenoMonitorWish *wish,
     guint                  n_side_by_side)
{
  if (!wish->follows && monitor->width > 0)
    return;

  monitor->width = MAX (wish->width / n_side_by_side, MIN_WIDTH) / STEP * STEP;
  monitor->height = wish->height;
  if (self->has_no_mm)
    return;

  monitor->width_mm = MIN (wish->width_mm / n_side_by_side, XENO_DISPLAY_MAX_MM);
  monitor->height_mm = MIN (wish->height_mm, XENO_DISPLAY_MAX_MM);
}

static void
fit_all (XenoGuestMonitors     *self,
         Arrangement           *plan,
         const XenoMonitorWish *wish)
{
  for (guint i = 0; i < plan->n; i++)
    fit (self, &plan->monitors[i], wish, plan->n);
}

static gboolean
overlap (const XenoDisplayMonitor *a,
         const XenoDisplayMonitor *b)
{
  return a->x < b->x + b->width && b->x < a->x + a->width &&
         a->y < b->y + b->height && b->y < a->y + a->height;
}

/* Where consoles fill monitors of the desktop, the guest's stand as these do. */
static gboolean
place_as_on_desktop (XenoGuestMonitors *self,
                     Arrangement       *plan)
{
  Arrangement placed = *plan;
  int left = G_MAXINT, top = G_MAXINT;
  guint n_placed = 0;

  for (guint i = 0; i < self->viewers->len; i++)
    {
      const XenoMonitorWish *wish = &g_array_index (self->viewers, Viewer, i).wish;

      left = MIN (left, wish->x);
      top = MIN (top, wish->y);
    }
  for (guint i = 0; i < self->viewers->len; i++)
    {
      const XenoMonitorWish *wish = &g_array_index (self->viewers, Viewer, i).wish;
      XenoDisplayMonitor *monitor = find (&placed, wish->head);

      if (!wish->has_place || monitor == NULL)
        return FALSE;
      monitor->x = wish->x - left;
      monitor->y = wish->y - top;
      n_placed++;
    }
  if (n_placed != placed.n)
    return FALSE;

  for (guint i = 0; i < placed.n; i++)
    for (guint j = 0; j < i; j++)
      if (overlap (&placed.monitors[i], &placed.monitors[j]))
        return FALSE;
  *plan = placed;
  return TRUE;
}

static void
place_in_a_row (Arrangement *plan)
{
  guint x = 0;

  for (guint i = 0; i < plan->n; i++)
    {
      plan->monitors[i].x = x;
      plan->monitors[i].y = 0;
      x += plan->monitors[i].width;
    }
}

/* All the guest should have. Returns: whether it matters where they stand */
static gboolean
make_plan (XenoGuestMonitors *self,
           Arrangement       *plan)
{
  *plan = (Arrangement) { 0 };
  for (guint i = 0; i < self->actual.n; i++)
    if ((self->closed & 1u << self->actual.monitors[i].id) == 0)
      plan->monitors[plan->n++] = self->actual.monitors[i];

  for (guint i = 0; i < self->viewers->len; i++)
    {
      const XenoMonitorWish *wish = &g_array_index (self->viewers, Viewer, i).wish;
      XenoDisplayMonitor *monitor = wish->head != XENO_ALL_HEADS ? find_or_add (self, plan, wish->head) : NULL;

      if (wish->head == XENO_ALL_HEADS)
        fit_all (self, plan, wish);
      else if (monitor != NULL)
        fit (self, monitor, wish, 1);
    }
  if (plan->n > 1 && place_as_on_desktop (self, plan))
    return TRUE;

  place_in_a_row (plan);
  return FALSE;
}

static XenoGuest *
get_guest (XenoGuestMonitors *self)
{
  return xeno_console_backend_get_guest (self->backend);
}

static gboolean
can_ask (XenoGuestMonitors *self)
{
  return get_guest (self) != NULL && self->n_ignored < MAX_IGNORED &&
         xeno_guest_can (get_guest (self), XENO_DISPLAY_ABILITY_RESIZE);
}

static gboolean
has_mm (const Arrangement *arrangement)
{
  for (guint i = 0; i < arrangement->n; i++)
    if (arrangement->monitors[i].width_mm > 0)
      return TRUE;
  return FALSE;
}

static gboolean
ignored_cb (gpointer user_data)
{
  XenoGuestMonitors *self = user_data;

  self->answer_id = 0;
  self->n_ignored++;
  if (has_mm (&self->asked))
    {
      self->has_no_mm = TRUE;
      self->asked.n = 0;
    }
  ask (self);
  return G_SOURCE_REMOVE;
}

static void
ask (XenoGuestMonitors *self)
{
  Arrangement plan;
  gboolean must_stand_so;

  if (!can_ask (self) || self->answer_id != 0 || self->rest_id != 0 || self->viewers->len == 0)
    return;

  must_stand_so = make_plan (self, &plan);
  if (plan.n == 0 || is_same (&plan, &self->asked))
    return;

  self->asked = plan;
  if (has_same_sizes (&plan, &self->actual) && !must_stand_so)
    return;

  self->answer_id = g_timeout_add (ANSWER_MS, ignored_cb, self);
  xeno_guest_arrange (get_guest (self), plan.monitors, plan.n);
}

static gboolean
rest_cb (gpointer user_data)
{
  XenoGuestMonitors *self = user_data;

  self->rest_id = 0;
  ask (self);
  return G_SOURCE_REMOVE;
}

static void
ask_at_rest (XenoGuestMonitors *self)
{
  g_clear_handle_id (&self->rest_id, g_source_remove);
  if (self->viewers->len > 0)
    self->rest_id = g_timeout_add (REST_MS, rest_cb, self);
}

/* A monitor that is off may be turned on again, by the guest itself too. */
static void
forget_closed (XenoGuestMonitors *self)
{
  for (guint id = 0; id < XENO_DISPLAY_MAX_HEADS; id++)
    if (find (&self->actual, id) == NULL)
      self->closed &= ~(1u << id);
}

/* What nobody asked for is the guest's own choice and stands until something else is wanted. */
static void
actual_cb (XenoGuestMonitors *self)
{
  Arrangement actual;

  read_actual (self, &actual);
  if (is_same (&actual, &self->actual))
    return;

  self->actual = actual;
  forget_closed (self);
  if (self->answer_id == 0)
    return;

  g_clear_handle_id (&self->answer_id, g_source_remove);
  self->n_ignored = 0;
  ask (self);
}

static Viewer *
find_viewer (XenoGuestMonitors *self,
             gconstpointer      viewer,
             guint             *index)
{
  for (guint i = 0; i < self->viewers->len; i++)
    if (g_array_index (self->viewers, Viewer, i).viewer == viewer)
      {
        *index = i;
        return &g_array_index (self->viewers, Viewer, i);
      }
  return NULL;
}

static gboolean
is_shown (XenoGuestMonitors *self,
          guint              head)
{
  for (guint i = 0; i < self->viewers->len; i++)
    {
      guint shown = g_array_index (self->viewers, Viewer, i).wish.head;

      if (shown == head || shown == XENO_ALL_HEADS)
        return TRUE;
    }
  return FALSE;
}

static void
xeno_guest_monitors_finalize (GObject *object)
{
  XenoGuestMonitors *self = XENO_GUEST_MONITORS (object);

  g_clear_handle_id (&self->rest_id, g_source_remove);
  g_clear_handle_id (&self->answer_id, g_source_remove);
  g_array_unref (self->viewers);

  G_OBJECT_CLASS (xeno_guest_monitors_parent_class)->finalize (object);
}

static void
xeno_guest_monitors_class_init (XenoGuestMonitorsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_guest_monitors_finalize;
}

static void
xeno_guest_monitors_init (XenoGuestMonitors *self)
{
  self->viewers = g_array_new (FALSE, FALSE, sizeof (Viewer));
}

/**
 * xeno_guest_monitors_get:
 * @backend: a guest's display
 *
 * All consoles of one display share its monitors.
 *
 * Returns: (transfer none): the monitors its guest should have
 */
XenoGuestMonitors *
xeno_guest_monitors_get (XenoConsoleBackend *backend)
{
  static const char key[] = "xeno-guest-monitors";
  XenoGuestMonitors *self;

  g_return_val_if_fail (XENO_IS_CONSOLE_BACKEND (backend), NULL);

  self = g_object_get_data (G_OBJECT (backend), key);
  if (self != NULL)
    return self;

  self = g_object_new (XENO_TYPE_GUEST_MONITORS, NULL);
  self->backend = backend;
  read_actual (self, &self->actual);
  g_signal_connect_object (backend, "surface-changed", G_CALLBACK (actual_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (backend, "heads-changed", G_CALLBACK (actual_cb), self, G_CONNECT_SWAPPED);
  if (get_guest (self) != NULL)
    g_signal_connect_object (get_guest (self), "notify::abilities", G_CALLBACK (xeno_guest_monitors_repeat), self,
                             G_CONNECT_SWAPPED);
  g_object_set_data_full (G_OBJECT (backend), key, self, g_object_unref);
  return self;
}

/**
 * xeno_guest_monitors_want:
 * @self: the monitors
 * @viewer: who shows one of them; only to be told from others
 * @wish: (inout): what it shows, and how large; its size becomes one that guests take
 *
 * Says what a console shows. The guest is asked when nothing has changed for a moment and what it was asked
 * before has been answered. A monitor that it does not have is turned on.
 *
 * Returns: whether the guest will be asked for another size for this console
 */
gboolean
xeno_guest_monitors_want (XenoGuestMonitors *self,
                          gconstpointer      viewer,
                          XenoMonitorWish   *wish)
{
  Viewer *old;
  guint index;
  gboolean is_other_size;

  g_return_val_if_fail (XENO_IS_GUEST_MONITORS (self), FALSE);
  g_return_val_if_fail (viewer != NULL && wish != NULL, FALSE);

  wish->width = CLAMP (wish->width, MIN_WIDTH, XENO_DISPLAY_MAX_SIDE) / STEP * STEP;
  wish->height = CLAMP (wish->height, MIN_HEIGHT, XENO_DISPLAY_MAX_SIDE);
  old = find_viewer (self, viewer, &index);
  if (old != NULL && memcmp (&old->wish, wish, sizeof *wish) == 0)
    return FALSE;

  is_other_size = old == NULL || old->wish.width != wish->width || old->wish.height != wish->height;
  if (old == NULL || old->wish.head != wish->head)
    self->n_ignored = 0;
  if (wish->head < XENO_DISPLAY_MAX_HEADS)
    self->closed &= ~(1u << wish->head);
  if (old != NULL)
    old->wish = *wish;
  else
    g_array_append_vals (self->viewers, &(Viewer) { viewer, *wish }, 1);
  ask_at_rest (self);
  return is_other_size && wish->follows && can_ask (self);
}

/**
 * xeno_guest_monitors_forget:
 * @self: the monitors
 * @viewer: who shows one of them
 *
 * Says that a console is no more. What only it has shown is turned off, while there are others.
 */
void
xeno_guest_monitors_forget (XenoGuestMonitors *self,
                            gconstpointer      viewer)
{
  guint index, head;

  g_return_if_fail (XENO_IS_GUEST_MONITORS (self));

  if (find_viewer (self, viewer, &index) == NULL)
    return;

  head = g_array_index (self->viewers, Viewer, index).wish.head;
  g_array_remove_index (self->viewers, index);
  if (self->viewers->len > 0 && head < XENO_DISPLAY_MAX_HEADS && !is_shown (self, head))
    self->closed |= 1u << head;
  self->n_ignored = 0;
  ask_at_rest (self);
}

/**
 * xeno_guest_monitors_has:
 * @self: the monitors
 * @head: the number of a monitor
 *
 * Returns: whether the guest has it, or can be asked to turn it on
 */
gboolean
xeno_guest_monitors_has (XenoGuestMonitors *self,
                         guint              head)
{
  g_return_val_if_fail (XENO_IS_GUEST_MONITORS (self), FALSE);

  return find (&self->actual, head) != NULL ||
         (head < xeno_console_backend_get_outputs (self->backend) && get_guest (self) != NULL &&
          xeno_guest_can (get_guest (self), XENO_DISPLAY_ABILITY_RESIZE));
}

/**
 * xeno_guest_monitors_repeat:
 * @self: the monitors
 *
 * Asks again for all that consoles want, also where the guest did not do it before: whoever has come, a driver
 * or an agent, knows of nothing that was asked for.
 */
void
xeno_guest_monitors_repeat (XenoGuestMonitors *self)
{
  g_return_if_fail (XENO_IS_GUEST_MONITORS (self));

  g_clear_handle_id (&self->answer_id, g_source_remove);
  self->asked.n = 0;
  self->n_ignored = 0;
  self->has_no_mm = FALSE;
  ask_at_rest (self);
}
