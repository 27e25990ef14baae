/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pointer lock on Wayland: the compositor's pointer constraints and relative motion. */
#include "config.h"

#include <wayland-client.h>

#include "console/xeno-pointer-lock-wayland.h"
#include "pointer-constraints-unstable-v1-client-protocol.h"
#include "relative-pointer-unstable-v1-client-protocol.h"

/* What the compositor offers; hangs on the display. */
typedef struct
{
  struct wl_registry                     *registry;
  struct zwp_pointer_constraints_v1      *constraints;
  struct zwp_relative_pointer_manager_v1 *manager;
} Globals;

struct _XenoPointerLockWayland
{
  XenoPointerLock                 parent_instance;

  GdkDisplay                     *display;
  struct zwp_locked_pointer_v1   *lock;
  struct zwp_relative_pointer_v1 *motion;
};

G_DEFINE_FINAL_TYPE (XenoPointerLockWayland, xeno_pointer_lock_wayland, XENO_TYPE_POINTER_LOCK)

#define GLOBALS_KEY "xeno-pointer-globals"

static void
global_cb (void               *data,
           struct wl_registry *registry,
           uint32_t            name,
           const char         *interface,
           uint32_t            version)
{
  Globals *globals = data;

  if (g_str_equal (interface, zwp_pointer_constraints_v1_interface.name))
    globals->constraints = wl_registry_bind (registry, name, &zwp_pointer_constraints_v1_interface, 1);
  else if (g_str_equal (interface, zwp_relative_pointer_manager_v1_interface.name))
    globals->manager = wl_registry_bind (registry, name, &zwp_relative_pointer_manager_v1_interface, 1);
}

static void
global_removed_cb (void               *data,
                   struct wl_registry *registry,
                   uint32_t            name)
{
}

static const struct wl_registry_listener registry_listener = { global_cb, global_removed_cb };

/* In the mouse's own counts: the guest does its own acceleration. */
static void
moved_cb (void                           *data,
          struct zwp_relative_pointer_v1 *motion,
          uint32_t                        time_high,
          uint32_t                        time_low,
          wl_fixed_t                      dx,
          wl_fixed_t                      dy,
          wl_fixed_t                      raw_dx,
          wl_fixed_t                      raw_dy)
{
  xeno_pointer_lock_moved (data, wl_fixed_to_double (raw_dx), wl_fixed_to_double (raw_dy));
}

static const struct zwp_relative_pointer_v1_listener motion_listener = { moved_cb };

static void
xeno_pointer_lock_wayland_dispose (GObject *object)
{
  XenoPointerLockWayland *self = XENO_POINTER_LOCK_WAYLAND (object);

  g_clear_pointer (&self->motion, zwp_relative_pointer_v1_destroy);
  g_clear_pointer (&self->lock, zwp_locked_pointer_v1_destroy);
  if (self->display != NULL)
    wl_display_flush (gdk_wayland_display_get_wl_display (self->display));
  g_clear_object (&self->display);

  G_OBJECT_CLASS (xeno_pointer_lock_wayland_parent_class)->dispose (object);
}

static void
xeno_pointer_lock_wayland_class_init (XenoPointerLockWaylandClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xeno_pointer_lock_wayland_dispose;
}

static void
xeno_pointer_lock_wayland_init (XenoPointerLockWayland *self)
{
}

/**
 * xeno_pointer_lock_wayland_prepare:
 * @display: a Wayland display
 *
 * Asks the compositor what it offers. The answer comes with GDK's own events.
 */
void
xeno_pointer_lock_wayland_prepare (GdkDisplay *display)
{
  Globals *globals;

  g_return_if_fail (GDK_IS_WAYLAND_DISPLAY (display));

  if (g_object_get_data (G_OBJECT (display), GLOBALS_KEY) != NULL)
    return;

  globals = g_new0 (Globals, 1);
  globals->registry = wl_display_get_registry (gdk_wayland_display_get_wl_display (display));
  wl_registry_add_listener (globals->registry, &registry_listener, globals);
  /* What is bound ends with the connection to the compositor. */
  g_object_set_data_full (G_OBJECT (display), GLOBALS_KEY, globals, g_free);
}

/**
 * xeno_pointer_lock_wayland_new:
 * @surface: a surface of a Wayland display
 * @pointer: the pointer
 *
 * Locks the pointer until the result is let go.
 *
 * Returns: (transfer full) (nullable): the lock, or %NULL where the compositor offers none
 */
XenoPointerLock *
xeno_pointer_lock_wayland_new (GdkSurface *surface,
                               GdkDevice  *pointer)
{
  XenoPointerLockWayland *self;
  Globals *globals;
  struct wl_pointer *wl_pointer;

  g_return_val_if_fail (GDK_IS_WAYLAND_SURFACE (surface), NULL);
  g_return_val_if_fail (GDK_IS_WAYLAND_DEVICE (pointer), NULL);

  globals = g_object_get_data (G_OBJECT (gdk_surface_get_display (surface)), GLOBALS_KEY);
  wl_pointer = gdk_wayland_device_get_wl_pointer (pointer);
  if (globals == NULL || globals->constraints == NULL || globals->manager == NULL || wl_pointer == NULL)
    return NULL;

  self = g_object_new (XENO_TYPE_POINTER_LOCK_WAYLAND, NULL);
  self->display = g_object_ref (gdk_surface_get_display (surface));
  self->lock =
    zwp_pointer_constraints_v1_lock_pointer (globals->constraints, gdk_wayland_surface_get_wl_surface (surface),
                                             wl_pointer, NULL, ZWP_POINTER_CONSTRAINTS_V1_LIFETIME_PERSISTENT);
  self->motion = zwp_relative_pointer_manager_v1_get_relative_pointer (globals->manager, wl_pointer);
  zwp_relative_pointer_v1_add_listener (self->motion, &motion_listener, self);
  wl_display_flush (gdk_wayland_display_get_wl_display (self->display));
  return XENO_POINTER_LOCK (self);
}
