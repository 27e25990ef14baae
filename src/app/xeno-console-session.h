/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a console shows: a display that is kept open while there is one, and why there is none. */
#pragma once

#include <gtk/gtk.h>

#include "app/xeno-console-situation.h"

G_BEGIN_DECLS

#define XENO_TYPE_CONSOLE_SESSION (xeno_console_session_get_type ())

G_DECLARE_DERIVABLE_TYPE (XenoConsoleSession, xeno_console_session, XENO, CONSOLE_SESSION, GObject)

/**
 * XenoConsoleSessionClass:
 * @action_prefix: (nullable): what its own actions are called in a window: "machine"
 * @get_id: a text that tells it from all others, for what is remembered
 * @get_machine: (nullable): the machine it shows
 * @open: makes the backend of its display, not started; %NULL when there is none
 * @wants_display: whether there is a display to keep open; gets whether it is open now
 * @is_taken: (nullable): whether the display that was just lost was lost to another viewer
 * @find_obstacle: what stands in the way besides the display
 * @reach: (nullable): tries now to reach the host of it, where that was lost
 * @dup_reason: (nullable): why there is a situation, in a sentence
 * @dup_help: (nullable): the label and the action that help, where the notice does not know them
 * @make_actions: (nullable): its actions, for a window
 * @make_menu: (nullable): a menu of sections with these actions
 *
 * One kind of thing that has a screen. A subclass says what it is called with
 * xeno_console_session_set_title() and calls xeno_console_session_update() whenever one of these
 * answers may have changed.
 */
struct _XenoConsoleSessionClass
{
  GObjectClass parent_class;

  const char *action_prefix;

  const char           *(*get_id)        (XenoConsoleSession  *self);
  XenoMachine          *(*get_machine)   (XenoConsoleSession  *self);
  XenoConsoleBackend   *(*open)          (XenoConsoleSession  *self);
  gboolean              (*wants_display) (XenoConsoleSession  *self,
                                          gboolean             is_open);
  gboolean              (*is_taken)      (XenoConsoleSession  *self);
  XenoConsoleSituation  (*find_obstacle) (XenoConsoleSession  *self);
  void                  (*reach)         (XenoConsoleSession  *self);
  char                 *(*dup_reason)    (XenoConsoleSession  *self);
  char                 *(*dup_help)      (XenoConsoleSession  *self,
                                          XenoConsoleSituation situation,
                                          char               **action);
  GActionGroup         *(*make_actions)  (XenoConsoleSession  *self,
                                          GtkWindow           *window);
  GMenuModel           *(*make_menu)     (XenoConsoleSession  *self);

  gpointer padding[8];
};

const char           *xeno_console_session_get_id        (XenoConsoleSession   *self);
const char           *xeno_console_session_get_title     (XenoConsoleSession   *self);
const char           *xeno_console_session_get_status    (XenoConsoleSession   *self);
XenoMachine          *xeno_console_session_get_machine   (XenoConsoleSession   *self);
XenoConsoleBackend   *xeno_console_session_get_backend   (XenoConsoleSession   *self);
XenoConsoleSituation  xeno_console_session_get_situation (XenoConsoleSession   *self);
const char           *xeno_console_session_get_reason    (XenoConsoleSession   *self);
char                 *xeno_console_session_dup_help      (XenoConsoleSession   *self,
                                                          XenoConsoleSituation  situation,
                                                          char                **action);
GActionGroup         *xeno_console_session_make_actions  (XenoConsoleSession   *self,
                                                          GtkWindow            *window);
GMenuModel           *xeno_console_session_make_menu     (XenoConsoleSession   *self);
const char           *xeno_console_session_get_prefix    (XenoConsoleSession   *self);
void                  xeno_console_session_try_again     (XenoConsoleSession   *self);
void                  xeno_console_session_reach         (XenoConsoleSession   *self);
void                  xeno_console_session_hold          (XenoConsoleSession   *self);
void                  xeno_console_session_release       (XenoConsoleSession   *self);
void                  xeno_console_session_close         (XenoConsoleSession   *self);

/* For implementations. */
void                  xeno_console_session_set_title     (XenoConsoleSession   *self,
                                                          const char           *title,
                                                          const char           *status);
void                  xeno_console_session_update        (XenoConsoleSession   *self);
void                  xeno_console_session_emit_gone     (XenoConsoleSession   *self);

G_END_DECLS
