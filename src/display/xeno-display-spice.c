/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Speaks SPICE to a display server. */
#include "config.h"

#include <glib/gstdio.h>

#include "display/xeno-display-spice-private.h"

/* How long what serves a port has to end. */
#define LAST_WORD_MS 500

G_DEFINE_FINAL_TYPE (XenoDisplaySpice, xeno_display_spice, XENO_TYPE_DISPLAY_SOURCE)

static void
xeno_display_spice_prepare (XenoDisplaySource *source,
                            gboolean           is_remote)
{
  XENO_DISPLAY_SPICE (source)->is_remote = is_remote;
}

static void
xeno_display_spice_start (XenoDisplaySource *source,
                          XenoDisplayServer *server)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (source);

  self->server = server;
  self->wall = xeno_display_wall_new (server);
  self->pointer = xeno_display_spice_pointer_new (server, self->wall);
  self->inputs = xeno_display_spice_inputs_new (server);
  xeno_display_spice_open_session (self, NULL, NULL);
}

static gboolean
has_busy_port (XenoDisplaySpice *self)
{
  for (guint i = 0; i < XENO_DISPLAY_N_PORTS; i++)
    if (self->ports[i] != NULL && xeno_display_spice_port_is_busy (self->ports[i]))
      return TRUE;
  return FALSE;
}

static gboolean
stop_cb (gpointer user_data)
{
  XenoDisplaySpice *self = user_data;

  self->stop_id = 0;
  spice_session_disconnect (self->session);
  return G_SOURCE_REMOVE;
}

static void
port_ended_cb (XenoDisplaySpice *self)
{
  if (has_busy_port (self) || self->stop_id == 0)
    return;

  g_clear_handle_id (&self->stop_id, g_source_remove);
  self->stop_id = g_idle_add (stop_cb, self);
}

/* What serves the guest's ports ends too, and what it says last is still carried: a card that nobody takes out
 * would stay in the guest's reader. */
static void
xeno_display_spice_stop (XenoDisplaySource *source,
                         GSourceOnceFunc    stopped,
                         gpointer           user_data)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (source);

  self->stopped = stopped;
  self->stopped_data = user_data;
  g_cancellable_cancel (self->cancellable);
  for (guint i = 0; i < XENO_DISPLAY_N_PORTS; i++)
    if (self->ports[i] != NULL)
      {
        g_signal_connect_object (self->ports[i], "ended", G_CALLBACK (port_ended_cb), self, G_CONNECT_SWAPPED);
        xeno_display_spice_port_set (self->ports[i], FALSE);
      }
  if (has_busy_port (self))
    self->stop_id = g_timeout_add (LAST_WORD_MS, stop_cb, self);
  else
    spice_session_disconnect (self->session);
}

static void
xeno_display_spice_paint (XenoDisplaySource   *source,
                          XenoFrameBuffer     *frame,
                          const XenoRectangle *rectangle)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (source);

  for (guint i = 0; i < self->screens->len; i++)
    xeno_display_spice_screen_paint (self->screens->pdata[i], frame, rectangle);
}

static void
xeno_display_spice_key (XenoDisplaySource *source,
                        guint              qnum,
                        guint              keyval,
                        gboolean           pressed)
{
  xeno_display_spice_inputs_key (XENO_DISPLAY_SPICE (source)->inputs, qnum, pressed);
}

/* The guest's agent counts on the monitor that is named; without one a card's surface is all there is. */
static void
xeno_display_spice_move_to (XenoDisplaySource *source,
                            guint              x,
                            guint              y)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (source);
  const XenoDisplayScreen *screen = xeno_display_wall_find_screen (self->wall, x, y);
  XenoDisplayHead place = { 0 };
  gboolean has_agent = FALSE;

  if (!self->is_absolute)
    return;

  if (self->main != NULL)
    g_object_get (self->main, "agent-connected", &has_agent, NULL);
  if (has_agent)
    place = xeno_display_wall_find_head (self->wall, x, y);
  else if (screen != NULL)
    place = (XenoDisplayHead) { screen->id, screen->x, screen->y, screen->width, screen->height };
  xeno_display_spice_inputs_move_to (self->inputs, x - place.x, y - place.y, place.id);
}

static void
xeno_display_spice_move_by (XenoDisplaySource *source,
                            int                dx,
                            int                dy)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (source);

  if (!self->is_absolute)
    xeno_display_spice_inputs_move_by (self->inputs, dx, dy);
}

static void
xeno_display_spice_button (XenoDisplaySource *source,
                           guint              button,
                           gboolean           pressed)
{
  xeno_display_spice_inputs_button (XENO_DISPLAY_SPICE (source)->inputs, button, pressed);
}

static void
xeno_display_spice_wheel (XenoDisplaySource *source,
                          int                dx,
                          int                dy)
{
  xeno_display_spice_inputs_wheel (XENO_DISPLAY_SPICE (source)->inputs, dx, dy);
}

static void
xeno_display_spice_arrange (XenoDisplaySource        *source,
                            const XenoDisplayMonitor *monitors,
                            guint                     n_monitors)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (source);

  if (self->agent != NULL)
    xeno_display_spice_agent_arrange (self->agent, monitors, n_monitors);
}

static void
xeno_display_spice_grab (XenoDisplaySource *source,
                         guint              forms)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (source);

  if (self->agent != NULL)
    xeno_display_spice_agent_grab (self->agent, forms);
}

static void
return_no_agent (GTask *task)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, "there is no connection");
}

static void
xeno_display_spice_request (XenoDisplaySource *source,
                            guint              form,
                            GTask             *task)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (source);

  if (self->agent != NULL)
    xeno_display_spice_agent_request (self->agent, form, task);
  else
    return_no_agent (task);
}

static void
xeno_display_spice_attach_usb (XenoDisplaySource *source,
                               guint              number,
                               int                fd,
                               GTask             *task)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (source);

  if (self->usb == NULL)
    self->usb = xeno_display_spice_usb_new (self->session);
  xeno_display_spice_usb_attach (self->usb, number, fd, task);
}

static void
xeno_display_spice_detach_usb (XenoDisplaySource *source,
                               guint              number)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (source);

  if (self->usb != NULL)
    xeno_display_spice_usb_detach (self->usb, number);
}

static void
xeno_display_spice_set_port (XenoDisplaySource *source,
                             XenoDisplayPort    port,
                             gboolean           is_served)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (source);

  self->is_port_served[port] = is_served;
  if (self->ports[port] != NULL)
    xeno_display_spice_port_set (self->ports[port], is_served);
}

static void
xeno_display_spice_set_sound (XenoDisplaySource *source,
                              double             volume,
                              gboolean           listens)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (source);

  self->volume = volume;
  self->listens = listens;
  if (self->sound != NULL)
    xeno_display_spice_sound_set (self->sound, volume, listens);
}

static void
xeno_display_spice_send_file (XenoDisplaySource *source,
                              int                fd,
                              const char        *name,
                              guint64            size,
                              GTask             *task)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (source);

  if (self->agent != NULL)
    {
      xeno_display_spice_agent_send_file (self->agent, fd, name, size, task);
    }
  else
    {
      g_close (fd, NULL);
      return_no_agent (task);
    }
}

static void
xeno_display_spice_set_locks (XenoDisplaySource *source,
                              guint              locks)
{
  xeno_display_spice_inputs_set_locks (XENO_DISPLAY_SPICE (source)->inputs, locks);
}

static void
xeno_display_spice_dispose (GObject *object)
{
  XenoDisplaySpice *self = XENO_DISPLAY_SPICE (object);

  g_clear_handle_id (&self->stop_id, g_source_remove);
  g_clear_object (&self->inputs);
  g_clear_pointer (&self->screens, g_ptr_array_unref);
  g_clear_object (&self->pointer);
  g_clear_object (&self->wall);
  g_clear_object (&self->usb);
  for (guint i = 0; i < XENO_DISPLAY_N_PORTS; i++)
    g_clear_object (&self->ports[i]);
  g_clear_object (&self->sound);
  g_clear_object (&self->agent);
  g_clear_object (&self->main);
  g_clear_object (&self->session);
  g_clear_object (&self->refused_session);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (xeno_display_spice_parent_class)->dispose (object);
}

static void
xeno_display_spice_class_init (XenoDisplaySpiceClass *klass)
{
  XenoDisplaySourceClass *source_class = XENO_DISPLAY_SOURCE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xeno_display_spice_dispose;
  source_class->prepare = xeno_display_spice_prepare;
  source_class->start = xeno_display_spice_start;
  source_class->stop = xeno_display_spice_stop;
  source_class->paint = xeno_display_spice_paint;
  source_class->key = xeno_display_spice_key;
  source_class->move_to = xeno_display_spice_move_to;
  source_class->move_by = xeno_display_spice_move_by;
  source_class->button = xeno_display_spice_button;
  source_class->wheel = xeno_display_spice_wheel;
  source_class->arrange = xeno_display_spice_arrange;
  source_class->grab = xeno_display_spice_grab;
  source_class->request = xeno_display_spice_request;
  source_class->send_file = xeno_display_spice_send_file;
  source_class->attach_usb = xeno_display_spice_attach_usb;
  source_class->detach_usb = xeno_display_spice_detach_usb;
  source_class->set_port = xeno_display_spice_set_port;
  source_class->set_sound = xeno_display_spice_set_sound;
  source_class->set_locks = xeno_display_spice_set_locks;
}

static void
xeno_display_spice_init (XenoDisplaySpice *self)
{
  self->cancellable = g_cancellable_new ();
  self->screens = g_ptr_array_new_with_free_func (g_object_unref);
}
