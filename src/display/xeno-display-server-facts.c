/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the app is told beside pixels: how far it is, the pointer, the lamps. */
#include "config.h"

#include "display/xeno-display-server-private.h"

/* Nobody reads a number that changes faster. */
#define SENT_INTERVAL_US (100 * 1000)

typedef struct
{
  XenoDisplayServer *server;
  XenoDisplayFact   *fact;
} Telling;

static void send_fact (XenoDisplayServer *self,
                       XenoDisplayFact   *fact);

static void
fact_told_cb (GObject      *connection,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autofree Telling *telling = user_data;
  g_autoptr (XenoDisplayServer) self = telling->server;

  if (!xeno_display_server_end_call (connection, result))
    return;

  telling->fact->is_out = FALSE;
  send_fact (self, telling->fact);
}

static void
send_fact (XenoDisplayServer *self,
           XenoDisplayFact   *fact)
{
  g_autoptr (GVariant) parameters = g_steal_pointer (&fact->parameters);
  Telling *telling;

  if (parameters == NULL)
    return;

  telling = g_new (Telling, 1);
  telling->server = g_object_ref (self);
  telling->fact = fact;
  fact->is_out = TRUE;
  g_dbus_connection_call (self->connection, NULL, XENO_DISPLAY_OBJECT_PATH,
                          fact->interface->name, fact->method, parameters,
                          NULL, G_DBUS_CALL_FLAGS_NONE, G_MAXINT, NULL, fact_told_cb, telling);
}

static void
tell_at (XenoDisplayServer        *self,
         XenoDisplayFactId         id,
         const GDBusInterfaceInfo *interface,
         const char               *method,
         GVariant                 *parameters)
{
  XenoDisplayFact *fact = &self->facts[id];

  g_clear_pointer (&fact->parameters, g_variant_unref);
  fact->interface = interface;
  fact->method = method;
  fact->parameters = g_variant_ref_sink (parameters);
  if (!fact->is_out)
    send_fact (self, fact);
}

static void
tell (XenoDisplayServer *self,
      XenoDisplayFactId  id,
      const char        *method,
      GVariant          *parameters)
{
  tell_at (self, id, &xeno_display_listener_interface, method, parameters);
}

void
xeno_display_server_clear_facts (XenoDisplayServer *self)
{
  for (guint i = 0; i < XENO_DISPLAY_N_FACTS; i++)
    g_clear_pointer (&self->facts[i].parameters, g_variant_unref);
}

/**
 * xeno_display_server_set_stage:
 * @self: a server
 * @stage: how far the source has come
 *
 * Tells the app.
 */
void
xeno_display_server_set_stage (XenoDisplayServer *self,
                               XenoDisplayStage   stage)
{
  g_return_if_fail (XENO_IS_DISPLAY_SERVER (self));

  tell (self, XENO_DISPLAY_FACT_STAGE, "Progress", g_variant_new ("(u)", stage));
}

/**
 * xeno_display_server_set_heads:
 * @self: a server
 * @heads: (array length=n_heads): what the guest's monitors show of the frame
 * @n_heads: how many there are; the first ones count
 * @outputs: how many there could be
 *
 * Tells the app.
 */
void
xeno_display_server_set_heads (XenoDisplayServer     *self,
                               const XenoDisplayHead *heads,
                               guint                  n_heads,
                               guint                  outputs)
{
  GVariantBuilder builder;

  g_return_if_fail (XENO_IS_DISPLAY_SERVER (self));

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(uuuuu)"));
  for (guint i = 0; i < MIN (n_heads, XENO_DISPLAY_MAX_HEADS); i++)
    g_variant_builder_add (&builder, "(uuuuu)", heads[i].id, heads[i].x, heads[i].y, heads[i].width,
                           heads[i].height);
  tell (self, XENO_DISPLAY_FACT_HEADS, "SetHeads", g_variant_new ("(a(uuuuu)u)", &builder, outputs));
}

/**
 * xeno_display_server_define_cursor:
 * @self: a server
 * @width: in pixels
 * @height: in pixels
 * @hot_x: the point that points
 * @hot_y: the point that points
 * @rgba: (array): straight RGBA
 *
 * Gives the pointer a shape. One that is out of bounds gives it the default.
 */
void
xeno_display_server_define_cursor (XenoDisplayServer *self,
                                   guint              width,
                                   guint              height,
                                   int                hot_x,
                                   int                hot_y,
                                   const guchar      *rgba)
{
  gsize size = 4 * (gsize) width * height;

  g_return_if_fail (XENO_IS_DISPLAY_SERVER (self));

  if (rgba == NULL || !xeno_display_is_sane_cursor (width, height, 0, 0, size))
    {
      xeno_display_server_reset_cursor (self);
      return;
    }

  hot_x = CLAMP (hot_x, 0, (int) width - 1);
  hot_y = CLAMP (hot_y, 0, (int) height - 1);
  tell (self, XENO_DISPLAY_FACT_CURSOR, "DefineCursor",
        g_variant_new ("(uuii@ay)", width, height, hot_x, hot_y,
                       g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, rgba, size, 1)));
}

/**
 * xeno_display_server_hide_cursor:
 * @self: a server
 *
 * Takes the pointer off the screen.
 */
void
xeno_display_server_hide_cursor (XenoDisplayServer *self)
{
  g_return_if_fail (XENO_IS_DISPLAY_SERVER (self));

  tell (self, XENO_DISPLAY_FACT_CURSOR, "DefineCursor",
        g_variant_new ("(uuii@ay)", 0, 0, 0, 0,
                       g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, NULL, 0, 1)));
}

/**
 * xeno_display_server_reset_cursor:
 * @self: a server
 *
 * Gives the pointer the default shape.
 */
void
xeno_display_server_reset_cursor (XenoDisplayServer *self)
{
  g_return_if_fail (XENO_IS_DISPLAY_SERVER (self));

  tell (self, XENO_DISPLAY_FACT_CURSOR, "ResetCursor", g_variant_new ("()"));
}

/**
 * xeno_display_server_move_cursor:
 * @self: a server
 * @x: where on the frame the shape points
 * @y: where on the frame the shape points
 *
 * Tells the app where a relative pointer has come to.
 */
void
xeno_display_server_move_cursor (XenoDisplayServer *self,
                                 int                x,
                                 int                y)
{
  g_return_if_fail (XENO_IS_DISPLAY_SERVER (self));

  tell (self, XENO_DISPLAY_FACT_PLACE, "MoveCursor", g_variant_new ("(ii)", x, y));
}

/**
 * xeno_display_server_set_absolute_pointer:
 * @self: a server
 * @absolute: whether the guest takes positions
 *
 * Tells the app.
 */
void
xeno_display_server_set_absolute_pointer (XenoDisplayServer *self,
                                          gboolean           absolute)
{
  g_return_if_fail (XENO_IS_DISPLAY_SERVER (self));

  tell (self, XENO_DISPLAY_FACT_POINTER, "SetAbsolutePointer", g_variant_new ("(b)", absolute));
}

/**
 * xeno_display_server_set_leds:
 * @self: a server
 * @leds: 1 scroll, 2 num, 4 caps
 *
 * Tells the app.
 */
void
xeno_display_server_set_leds (XenoDisplayServer *self,
                              guint              leds)
{
  g_return_if_fail (XENO_IS_DISPLAY_SERVER (self));

  tell (self, XENO_DISPLAY_FACT_LEDS, "SetLeds", g_variant_new ("(u)", leds));
}

/**
 * xeno_display_server_set_abilities:
 * @self: a server
 * @mask: which abilities are told
 * @abilities: those of them that the guest has
 *
 * Tells the app.
 */
void
xeno_display_server_set_abilities (XenoDisplayServer *self,
                                   guint              mask,
                                   guint              abilities)
{
  guint before;

  g_return_if_fail (XENO_IS_DISPLAY_SERVER (self));

  before = self->abilities;
  self->abilities = (self->abilities & ~mask) | (abilities & mask);
  if (self->abilities != before)
    tell_at (self, XENO_DISPLAY_FACT_ABILITIES, &xeno_display_desktop_interface,
             "SetAbilities", g_variant_new ("(u)", self->abilities));
}

/**
 * xeno_display_server_grab:
 * @self: a server
 * @forms: in what forms the guest's clipboard has something, 0: nothing any more
 *
 * Tells the app.
 */
void
xeno_display_server_grab (XenoDisplayServer *self,
                          guint              forms)
{
  g_return_if_fail (XENO_IS_DISPLAY_SERVER (self));

  tell_at (self, XENO_DISPLAY_FACT_CLIPBOARD, &xeno_display_clipboard_interface,
           "Grab", g_variant_new ("(u)", forms));
}

/**
 * xeno_display_server_set_sent:
 * @self: a server
 * @sent: how many bytes of the file on its way have gone
 *
 * Tells the app, now and then.
 */
void
xeno_display_server_set_sent (XenoDisplayServer *self,
                              guint64            sent)
{
  gint64 now = g_get_monotonic_time ();

  g_return_if_fail (XENO_IS_DISPLAY_SERVER (self));

  if (now - self->last_sent_us < SENT_INTERVAL_US)
    return;

  self->last_sent_us = now;
  tell_at (self, XENO_DISPLAY_FACT_FILE, &xeno_display_desktop_interface,
           "FileProgress", g_variant_new ("(t)", sent));
}

/**
 * xeno_display_server_set_name:
 * @self: a server
 * @name: (nullable): what the display server calls itself
 *
 * Tells the app.
 */
void
xeno_display_server_set_name (XenoDisplayServer *self,
                              const char        *name)
{
  g_autofree char *valid = g_utf8_make_valid (name != NULL ? name : "", -1);
  g_autofree char *text = g_utf8_substring (valid, 0, MIN (XENO_DISPLAY_MAX_NAME, g_utf8_strlen (valid, -1)));

  g_return_if_fail (XENO_IS_DISPLAY_SERVER (self));

  tell (self, XENO_DISPLAY_FACT_NAME, "SetName", g_variant_new ("(s)", text));
}
