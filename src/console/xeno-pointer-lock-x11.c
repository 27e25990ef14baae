/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pointer lock on X11: a grab, and the raw motion of the devices. */
#include "config.h"

#include <X11/Xlib.h>
#include <X11/extensions/XInput2.h>
#include <math.h>
#include <string.h>

#include "console/xeno-pointer-lock-x11.h"

/* How the device that moved last counts: movements, or places on a surface of this size. */
typedef struct
{
  int      id;
  gboolean is_absolute[2];
  double   range[2];
  double   place[2];
  gboolean has_place[2];
} Source;

struct _XenoPointerLockX11
{
  XenoPointerLock  parent_instance;

  GdkDisplay      *display;
  Display         *xdisplay;
  Window           window;
  int              pointer;
  int              opcode;
  gulong           event_id;
  Source           source;
  GdkRectangle     area; /* in device pixels */
  double           x, y; /* where the pointer was */
};

G_DEFINE_FINAL_TYPE (XenoPointerLockX11, xeno_pointer_lock_x11, XENO_TYPE_POINTER_LOCK)

G_GNUC_BEGIN_IGNORE_DEPRECATIONS

static void
look_at_source (XenoPointerLockX11 *self,
                int                 id)
{
  XIDeviceInfo *info;
  int n_infos = 0;

  self->source = (Source) { .id = id };
  gdk_x11_display_error_trap_push (self->display);
  info = XIQueryDevice (self->xdisplay, id, &n_infos);
  gdk_x11_display_error_trap_pop_ignored (self->display);
  for (int i = 0; info != NULL && i < info->num_classes; i++)
    {
      const XIValuatorClassInfo *axis = (const XIValuatorClassInfo *) info->classes[i];

      if (axis->type != XIValuatorClass || axis->number > 1)
        continue;
      self->source.is_absolute[axis->number] = axis->mode == XIModeAbsolute && axis->max > axis->min;
      self->source.range[axis->number] = axis->max - axis->min;
    }
  if (info != NULL)
    XIFreeDeviceInfo (info);
}

/* A tablet tells places, which only their difference makes a movement of. */
static double
get_movement (XenoPointerLockX11 *self,
              guint               axis,
              double              value)
{
  Source *source = &self->source;
  Screen *screen = DefaultScreenOfDisplay (self->xdisplay);
  int size = axis == 0 ? WidthOfScreen (screen) : HeightOfScreen (screen);
  double movement;

  if (!source->is_absolute[axis])
    return value;

  movement = source->has_place[axis] ? (value - source->place[axis]) / source->range[axis] * size : 0;
  source->place[axis] = value;
  source->has_place[axis] = TRUE;
  return movement;
}

static void
take_raw_motion (XenoPointerLockX11 *self,
                 const XIRawEvent   *event)
{
  const double *value = event->raw_values;
  double delta[2] = { 0, 0 };

  if (event->sourceid != self->source.id)
    look_at_source (self, event->sourceid);
  for (int axis = 0; axis < MIN (2, event->valuators.mask_len * 8); axis++)
    if (XIMaskIsSet (event->valuators.mask, axis))
      delta[axis] = get_movement (self, axis, *value++);
  if (delta[0] != 0 || delta[1] != 0)
    xeno_pointer_lock_moved (XENO_POINTER_LOCK (self), delta[0], delta[1]);
}

/* To GTK the pointer stands in the middle of the area, so that each button and the wheel reach it. The
 * pointer itself is kept away from the edges and corners of the screen, where desktops wait for it. */
static void
pin (XenoPointerLockX11 *self,
     XIDeviceEvent      *event)
{
  double x = self->area.x + self->area.width / 2;
  double y = self->area.y + self->area.height / 2;

  if (fabs (event->event_x - x) > self->area.width / 4 || fabs (event->event_y - y) > self->area.height / 4)
    XIWarpPointer (self->xdisplay, self->pointer, None, self->window, 0, 0, 0, 0, x, y);
  event->root_x += x - event->event_x;
  event->root_y += y - event->event_y;
  event->event_x = x;
  event->event_y = y;
}

static gboolean
event_cb (XenoPointerLockX11 *self,
          XEvent             *event)
{
  XIDeviceEvent *device;

  if (event->type != GenericEvent || event->xcookie.extension != self->opcode ||
      event->xcookie.data == NULL)
    return FALSE;

  switch (event->xcookie.evtype)
    {
    case XI_RawMotion:
      take_raw_motion (self, event->xcookie.data);
      return TRUE;

    case XI_Motion:
    case XI_ButtonPress:
    case XI_ButtonRelease:
      device = event->xcookie.data;
      if (device->event == self->window)
        pin (self, device);
      return FALSE;

    /* It only seems to come and go: by the grab, and by being put back. */
    case XI_Enter:
    case XI_Leave:
      return ((const XIEnterEvent *) event->xcookie.data)->event == self->window;

    default:
      return FALSE;
    }
}

static void
select_raw_motion (XenoPointerLockX11 *self,
                   gboolean            is_wanted)
{
  guchar bits[XIMaskLen (XI_RawMotion)] = { 0 };
  XIEventMask mask = { .deviceid = self->pointer, .mask_len = sizeof bits, .mask = bits };

  if (is_wanted)
    XISetMask (bits, XI_RawMotion);
  XISelectEvents (self->xdisplay, DefaultRootWindow (self->xdisplay), &mask, 1);
}

static gboolean
grab (XenoPointerLockX11 *self)
{
  guchar bits[XIMaskLen (XI_LASTEVENT)] = { 0 };
  XIEventMask mask = { .deviceid = self->pointer, .mask_len = sizeof bits, .mask = bits };

  XISetMask (bits, XI_ButtonPress);
  XISetMask (bits, XI_ButtonRelease);
  XISetMask (bits, XI_Motion);
  XISetMask (bits, XI_Enter);
  XISetMask (bits, XI_Leave);

  /* The button that was pressed for this has grabbed the pointer already, in its own way. */
  XIUngrabDevice (self->xdisplay, self->pointer, CurrentTime);
  return XIGrabDevice (self->xdisplay, self->pointer, self->window, CurrentTime, None,
                       XIGrabModeAsync, XIGrabModeAsync, False, &mask) == XIGrabSuccess;
}

static void
xeno_pointer_lock_x11_dispose (GObject *object)
{
  XenoPointerLockX11 *self = XENO_POINTER_LOCK_X11 (object);

  if (self->event_id != 0)
    {
      g_clear_signal_handler (&self->event_id, self->display);
      gdk_x11_display_error_trap_push (self->display);
      select_raw_motion (self, FALSE);
      XIWarpPointer (self->xdisplay, self->pointer, None, self->window, 0, 0, 0, 0, self->x, self->y);
      XIUngrabDevice (self->xdisplay, self->pointer, CurrentTime);
      gdk_x11_display_error_trap_pop_ignored (self->display);
      XFlush (self->xdisplay);
    }
  g_clear_object (&self->display);

  G_OBJECT_CLASS (xeno_pointer_lock_x11_parent_class)->dispose (object);
}

static void
xeno_pointer_lock_x11_class_init (XenoPointerLockX11Class *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xeno_pointer_lock_x11_dispose;
}

static void
xeno_pointer_lock_x11_init (XenoPointerLockX11 *self)
{
}

/**
 * xeno_pointer_lock_x11_new:
 * @surface: a surface of an X11 display
 * @pointer: the pointer
 * @area: the part of the surface that gets the buttons
 *
 * Locks the pointer until the result is let go.
 *
 * Returns: (transfer full) (nullable): the lock, or %NULL while another program has the pointer
 */
XenoPointerLock *
xeno_pointer_lock_x11_new (GdkSurface         *surface,
                           GdkDevice          *pointer,
                           const GdkRectangle *area)
{
  g_autoptr (XenoPointerLockX11) self = NULL;
  int factor, first_event, first_error;

  g_return_val_if_fail (GDK_IS_X11_SURFACE (surface), NULL);
  g_return_val_if_fail (GDK_IS_X11_DEVICE_XI2 (pointer), NULL);
  g_return_val_if_fail (area != NULL, NULL);

  self = g_object_new (XENO_TYPE_POINTER_LOCK_X11, NULL);
  factor = gdk_surface_get_scale_factor (surface);
  self->display = g_object_ref (gdk_surface_get_display (surface));
  self->xdisplay = gdk_x11_display_get_xdisplay (self->display);
  self->window = gdk_x11_surface_get_xid (surface);
  self->pointer = gdk_x11_device_get_id (pointer);
  self->area = (GdkRectangle) { area->x * factor, area->y * factor, area->width * factor, area->height * factor };
  gdk_surface_get_device_position (surface, pointer, &self->x, &self->y, NULL);
  self->x *= factor;
  self->y *= factor;

  if (!XQueryExtension (self->xdisplay, "XInputExtension", &self->opcode, &first_event, &first_error) ||
      !grab (self))
    return NULL;

  select_raw_motion (self, TRUE);
  XFlush (self->xdisplay);
  self->event_id = g_signal_connect_swapped (self->display, "xevent", G_CALLBACK (event_cb), self);
  return XENO_POINTER_LOCK (g_steal_pointer (&self));
}

G_GNUC_END_IGNORE_DEPRECATIONS
