/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The console widget's properties, which builders and bindings use. */
#include "config.h"

#include "console/xeno-console-private.h"

static GParamSpec *properties[XENO_CONSOLE_N_PROPS];

static void
xeno_console_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  XenoConsole *self = XENO_CONSOLE (object);

  switch (prop_id)
    {
    case XENO_CONSOLE_PROP_BACKEND:
      g_value_set_object (value, self->backend);
      break;

    case XENO_CONSOLE_PROP_SCALE_MODE:
      g_value_set_enum (value, self->scale_mode);
      break;

    case XENO_CONSOLE_PROP_HEAD:
      g_value_set_uint (value, self->head);
      break;

    case XENO_CONSOLE_PROP_GRAB_POLICY:
      g_value_set_enum (value, self->grab_policy);
      break;

    case XENO_CONSOLE_PROP_RELEASE_CHORD:
      g_value_set_enum (value, self->release_chord);
      break;

    case XENO_CONSOLE_PROP_IS_GRABBED:
      g_value_set_boolean (value, self->is_grabbed);
      break;

    case XENO_CONSOLE_PROP_RESIZES_GUEST:
      g_value_set_boolean (value, xeno_console_resizes_guest (self));
      break;

    case XENO_CONSOLE_PROP_VIEW_ONLY:
      g_value_set_boolean (value, self->is_view_only);
      break;

    case XENO_CONSOLE_PROP_HAS_DESKTOP_KEYS:
      g_value_set_boolean (value, self->has_desktop_keys);
      break;

    case XENO_CONSOLE_PROP_HOLDS_POINTER:
      g_value_set_boolean (value, self->holds_pointer);
      break;

    case XENO_CONSOLE_PROP_SCROLL_SPEED:
      g_value_set_double (value, self->scroll_speed);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_console_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  XenoConsole *self = XENO_CONSOLE (object);

  switch (prop_id)
    {
    case XENO_CONSOLE_PROP_BACKEND:
      xeno_console_set_backend (self, g_value_get_object (value));
      break;

    case XENO_CONSOLE_PROP_SCALE_MODE:
      xeno_console_set_scale_mode (self, g_value_get_enum (value));
      break;

    case XENO_CONSOLE_PROP_HEAD:
      xeno_console_set_head (self, g_value_get_uint (value));
      break;

    case XENO_CONSOLE_PROP_GRAB_POLICY:
      xeno_console_set_grab_policy (self, g_value_get_enum (value));
      break;

    case XENO_CONSOLE_PROP_RELEASE_CHORD:
      xeno_console_set_release_chord (self, g_value_get_enum (value));
      break;

    case XENO_CONSOLE_PROP_RESIZES_GUEST:
      xeno_console_set_resizes_guest (self, g_value_get_boolean (value));
      break;

    case XENO_CONSOLE_PROP_VIEW_ONLY:
      xeno_console_set_view_only (self, g_value_get_boolean (value));
      break;

    case XENO_CONSOLE_PROP_SCROLL_SPEED:
      xeno_console_set_scroll_speed (self, g_value_get_double (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

void
xeno_console_install_properties (GObjectClass *object_class)
{
  object_class->get_property = xeno_console_get_property;
  object_class->set_property = xeno_console_set_property;

  /**
   * XenoConsole:backend:
   *
   * Where the frames come from and the input goes to.
   */
  properties[XENO_CONSOLE_PROP_BACKEND] =
    g_param_spec_object ("backend", NULL, NULL, XENO_TYPE_CONSOLE_BACKEND,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoConsole:scale-mode:
   *
   * How the guest's picture is scaled to the widget.
   */
  properties[XENO_CONSOLE_PROP_SCALE_MODE] =
    g_param_spec_enum ("scale-mode", NULL, NULL, XENO_TYPE_SCALE_MODE, XENO_SCALE_FIT,
                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoConsole:head:
   *
   * Which of the guest's monitors is shown.
   */
  properties[XENO_CONSOLE_PROP_HEAD] =
    g_param_spec_uint ("head", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoConsole:grab-policy:
   *
   * When keys go to the guest rather than to the desktop.
   */
  properties[XENO_CONSOLE_PROP_GRAB_POLICY] =
    g_param_spec_enum ("grab-policy", NULL, NULL, XENO_TYPE_GRAB_POLICY, XENO_GRAB_WITH_FOCUS,
                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoConsole:release-chord:
   *
   * Which keys, tapped together, give the keyboard back.
   */
  properties[XENO_CONSOLE_PROP_RELEASE_CHORD] =
    g_param_spec_enum ("release-chord", NULL, NULL,
                       XENO_TYPE_RELEASE_CHORD, XENO_RELEASE_CHORD_CTRL_ALT,
                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoConsole:is-grabbed:
   *
   * Whether all keys go to the guest.
   */
  properties[XENO_CONSOLE_PROP_IS_GRABBED] =
    g_param_spec_boolean ("is-grabbed", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoConsole:resizes-guest:
   *
   * Whether the guest's screen follows the size of the console, where it can.
   */
  properties[XENO_CONSOLE_PROP_RESIZES_GUEST] =
    g_param_spec_boolean ("resizes-guest", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoConsole:view-only:
   *
   * Whether nothing a person does reaches the guest.
   */
  properties[XENO_CONSOLE_PROP_VIEW_ONLY] =
    g_param_spec_boolean ("view-only", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoConsole:has-desktop-keys:
   *
   * Whether the desktop's own shortcuts go to the guest too.
   */
  properties[XENO_CONSOLE_PROP_HAS_DESKTOP_KEYS] =
    g_param_spec_boolean ("has-desktop-keys", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoConsole:holds-pointer:
   *
   * Whether the pointer is kept for a guest that takes movements.
   */
  properties[XENO_CONSOLE_PROP_HOLDS_POINTER] =
    g_param_spec_boolean ("holds-pointer", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoConsole:scroll-speed:
   *
   * How far a guest scrolls for fingers on a touchpad or the screen.
   */
  properties[XENO_CONSOLE_PROP_SCROLL_SPEED] =
    g_param_spec_double ("scroll-speed", NULL, NULL, 0.1, 10, 1,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, XENO_CONSOLE_N_PROPS, properties);
}

void
xeno_console_notify (XenoConsole         *self,
                     XenoConsoleProperty  property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}
