/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Input on its way from the app to the display server. */
#include "config.h"

#include "display/xeno-display-server-private.h"

typedef void (*InputFunc) (XenoDisplaySource *source,
                           GVariant          *parameters);

static void
take_key (XenoDisplaySource *source,
          GVariant          *parameters)
{
  guint qnum, keyval;
  gboolean pressed;

  g_variant_get (parameters, "(uub)", &qnum, &keyval, &pressed);
  if (qnum > 0 && qnum <= 0xff)
    XENO_DISPLAY_SOURCE_GET_CLASS (source)->key (source, qnum, keyval, pressed);
}

static void
take_move_to (XenoDisplaySource *source,
              GVariant          *parameters)
{
  guint x, y;

  g_variant_get (parameters, "(uu)", &x, &y);
  if (x < XENO_DISPLAY_MAX_SIDE && y < XENO_DISPLAY_MAX_SIDE)
    XENO_DISPLAY_SOURCE_GET_CLASS (source)->move_to (source, x, y);
}

static void
take_move_by (XenoDisplaySource *source,
              GVariant          *parameters)
{
  int dx, dy;

  g_variant_get (parameters, "(ii)", &dx, &dy);
  dx = CLAMP (dx, -XENO_DISPLAY_MAX_SIDE, XENO_DISPLAY_MAX_SIDE);
  dy = CLAMP (dy, -XENO_DISPLAY_MAX_SIDE, XENO_DISPLAY_MAX_SIDE);
  XENO_DISPLAY_SOURCE_GET_CLASS (source)->move_by (source, dx, dy);
}

static void
take_button (XenoDisplaySource *source,
             GVariant          *parameters)
{
  guint button;
  gboolean pressed;

  g_variant_get (parameters, "(ub)", &button, &pressed);
  XENO_DISPLAY_SOURCE_GET_CLASS (source)->button (source, button, pressed);
}

static void
take_set_locks (XenoDisplaySource *source,
                GVariant          *parameters)
{
  guint locks;

  g_variant_get (parameters, "(u)", &locks);
  XENO_DISPLAY_SOURCE_GET_CLASS (source)->set_locks (source, locks & 7);
}

static void
take_wheel (XenoDisplaySource *source,
            GVariant          *parameters)
{
  const int most = 32;
  int dx, dy;

  g_variant_get (parameters, "(ii)", &dx, &dy);
  XENO_DISPLAY_SOURCE_GET_CLASS (source)->wheel (source, CLAMP (dx, -most, most), CLAMP (dy, -most, most));
}

static const struct
{
  const char *method;
  InputFunc   func;
} inputs[] = {
  { "Key", take_key },
  { "MoveTo", take_move_to },
  { "MoveBy", take_move_by },
  { "Button", take_button },
  { "SetLocks", take_set_locks },
  { "Wheel", take_wheel },
};

/* GDBus has checked the method's name and its parameters' types against the interface. */
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
  XenoDisplayServer *self = user_data;

  for (guint i = 0; i < G_N_ELEMENTS (inputs); i++)
    if (g_str_equal (inputs[i].method, method))
      inputs[i].func (self->source, parameters);
  g_dbus_method_invocation_return_value (invocation, NULL);
}

const GDBusInterfaceVTable xeno_display_server_input = { .method_call = method_call_cb };
