/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The application's consoles: each is there once, in a window or a tab. */
#include "config.h"

#include "app/xeno-application.h"
#include "app/xeno-console-window.h"
#include "app/xeno-graphics-socket.h"
#include "app/xeno-machine-session.h"

/* The one a person was in last. */
static XenoConsoleWindow *
find_window (XenoApplication *self)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (XENO_IS_CONSOLE_WINDOW (l->data))
      return l->data;

  return NULL;
}

/**
 * xeno_application_open_console:
 * @self: the application
 * @machine: a machine
 *
 * Presents the console of @machine. It starts nothing.
 */
void
xeno_application_open_console (XenoApplication *self,
                               XenoMachine     *machine)
{
  g_autoptr (XenoConsoleSession) session = NULL;

  g_return_if_fail (XENO_IS_APPLICATION (self));
  g_return_if_fail (XENO_IS_MACHINE (machine));

  if (xeno_application_present_console (self, xeno_machine_get_uuid (machine)))
    return;

  /* The decoder starts while the window is made. */
  session = xeno_machine_session_new (machine, xeno_graphics_socket_open);
  xeno_application_add_console (self, session);
}

/**
 * xeno_application_present_console:
 * @self: the application
 * @id: what tells a session from others
 *
 * Presents the console that shows a session already.
 *
 * Returns: whether there is one
 */
gboolean
xeno_application_present_console (XenoApplication *self,
                                  const char      *id)
{
  g_return_val_if_fail (XENO_IS_APPLICATION (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (XENO_IS_CONSOLE_WINDOW (l->data) && xeno_console_window_select (l->data, id))
      {
        gtk_window_present (l->data);
        return TRUE;
      }

  return FALSE;
}

/**
 * xeno_application_add_console:
 * @self: the application
 * @session: what to show
 *
 * Shows @session in a window of its own, or in a tab where the person prefers that.
 *
 * Returns: (transfer none): the window, with @session in view
 */
XenoConsoleWindow *
xeno_application_add_console (XenoApplication    *self,
                              XenoConsoleSession *session)
{
  XenoConsoleWindow *window = NULL;

  g_return_val_if_fail (XENO_IS_APPLICATION (self), NULL);
  g_return_val_if_fail (XENO_IS_CONSOLE_SESSION (session), NULL);

  if (g_settings_get_boolean (xeno_application_get_settings (self), "console-tabs"))
    window = find_window (self);
  if (window != NULL)
    xeno_console_window_add_session (window, session);
  else
    window = XENO_CONSOLE_WINDOW (xeno_console_window_new (GTK_APPLICATION (self), session));
  gtk_window_present (GTK_WINDOW (window));
  return window;
}
