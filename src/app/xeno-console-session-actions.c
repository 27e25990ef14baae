/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What can be done with what a console shows: its actions in a window, and the one that helps. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-console-session.h"

/**
 * xeno_console_session_dup_help:
 * @self: a session
 * @situation: what stands in the way
 * @action: (out) (transfer full) (nullable): the action that helps
 *
 * Finds the one button that helps.
 *
 * Returns: (transfer full) (nullable): its label, or %NULL when nothing does
 */
char *
xeno_console_session_dup_help (XenoConsoleSession    *self,
                               XenoConsoleSituation   situation,
                               char                 **action)
{
  XenoConsoleSessionClass *klass;
  const XenoConsoleNotice *notice;
  char *label = NULL;

  g_return_val_if_fail (XENO_IS_CONSOLE_SESSION (self), NULL);
  g_return_val_if_fail (action != NULL, NULL);

  *action = NULL;
  klass = XENO_CONSOLE_SESSION_GET_CLASS (self);
  if (klass->dup_help != NULL)
    label = klass->dup_help (self, situation, action);
  if (label != NULL)
    return label;

  notice = xeno_console_situation_get_notice (situation);
  if (notice == NULL || notice->label == NULL)
    return NULL;

  *action = g_strdup (notice->action);
  return g_strdup (_(notice->label));
}

/**
 * xeno_console_session_reach:
 * @self: a session
 *
 * Tries now to reach the host of what it shows, where that was lost.
 */
void
xeno_console_session_reach (XenoConsoleSession *self)
{
  XenoConsoleSessionClass *klass;

  g_return_if_fail (XENO_IS_CONSOLE_SESSION (self));

  klass = XENO_CONSOLE_SESSION_GET_CLASS (self);
  if (klass->reach != NULL)
    klass->reach (self);
}

/**
 * xeno_console_session_make_actions:
 * @self: a session
 * @window: whose actions they become; questions are asked over it
 *
 * Returns: (transfer full) (nullable): its actions, to be inserted with
 *   xeno_console_session_get_prefix()
 */
GActionGroup *
xeno_console_session_make_actions (XenoConsoleSession *self,
                                   GtkWindow          *window)
{
  XenoConsoleSessionClass *klass;

  g_return_val_if_fail (XENO_IS_CONSOLE_SESSION (self), NULL);
  g_return_val_if_fail (GTK_IS_WINDOW (window), NULL);

  klass = XENO_CONSOLE_SESSION_GET_CLASS (self);
  return klass->make_actions != NULL ? klass->make_actions (self, window) : NULL;
}

/**
 * xeno_console_session_make_menu:
 * @self: a session
 *
 * Returns: (transfer full) (nullable): a menu of sections with its actions
 */
GMenuModel *
xeno_console_session_make_menu (XenoConsoleSession *self)
{
  XenoConsoleSessionClass *klass;

  g_return_val_if_fail (XENO_IS_CONSOLE_SESSION (self), NULL);

  klass = XENO_CONSOLE_SESSION_GET_CLASS (self);
  return klass->make_menu != NULL ? klass->make_menu (self) : NULL;
}

/**
 * xeno_console_session_get_prefix:
 * @self: a session
 *
 * Returns: (nullable): what its actions are called in a window
 */
const char *
xeno_console_session_get_prefix (XenoConsoleSession *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_SESSION (self), NULL);

  return XENO_CONSOLE_SESSION_GET_CLASS (self)->action_prefix;
}
