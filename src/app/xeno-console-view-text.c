/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A console's text: opened when it is first looked at, while the machine runs. */
#include "config.h"

#include <unistd.h>

#include "app/xeno-console-view-private.h"

static XenoMachine *
get_machine (XenoConsoleView *self)
{
  return xeno_console_session_get_machine (self->session);
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(XenoConsoleView) self = user_data;
  g_autoptr(GError) error = NULL;
  int fd = xeno_machine_open_console_finish (XENO_MACHINE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->text_cancellable);
  if (fd >= 0 && self->serial == NULL)
    close (fd);
  else if (fd >= 0)
    xeno_serial_console_connect_fd (self->serial, fd);
  else
    self->text_error = g_steal_pointer (&error);

  xeno_console_view_update (self);
}

static gboolean
is_wanted (XenoConsoleView *self)
{
  return self->shows_text && self->text_error == NULL && self->text_cancellable == NULL &&
         !xeno_serial_console_is_connected (self->serial) &&
         xeno_machine_is_active (get_machine (self));
}

void
xeno_console_view_update_text (XenoConsoleView *self)
{
  if (!xeno_console_view_has_text (self))
    return;
  if (!xeno_machine_is_active (get_machine (self)))
    xeno_console_view_close_text (self);
  if (!is_wanted (self))
    return;

  self->text_cancellable = g_cancellable_new ();
  xeno_machine_open_console_async (get_machine (self), NULL, self->text_cancellable, opened_cb,
                                   g_object_ref (self));
}

void
xeno_console_view_retry_text (XenoConsoleView *self)
{
  g_clear_error (&self->text_error);
  xeno_console_view_update (self);
}

void
xeno_console_view_close_text (XenoConsoleView *self)
{
  g_cancellable_cancel (self->text_cancellable);
  g_clear_object (&self->text_cancellable);
  g_clear_error (&self->text_error);
  if (self->serial != NULL)
    xeno_serial_console_disconnect (self->serial);
}

XenoConsoleSituation
xeno_console_view_text_situation (XenoConsoleView *self)
{
  XenoConsoleSituation situation = xeno_console_situation_from_machine (get_machine (self));

  if (situation != XENO_SITUATION_CLEAR)
    return situation;
  if (self->text_error != NULL)
    return XENO_SITUATION_TEXT_CLOSED;

  return xeno_serial_console_is_connected (self->serial) ? XENO_SITUATION_CLEAR
                                                         : XENO_SITUATION_TEXT_CONNECTING;
}
