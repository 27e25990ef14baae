/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands between a person and a machine's console, and what to say about it. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-console-situation.h"

G_DEFINE_ENUM_TYPE (XenoConsoleSituation, xeno_console_situation,
                    G_DEFINE_ENUM_VALUE (XENO_SITUATION_CLEAR, "clear"),
                    G_DEFINE_ENUM_VALUE (XENO_SITUATION_OFF, "off"),
                    G_DEFINE_ENUM_VALUE (XENO_SITUATION_SAVED, "saved"),
                    G_DEFINE_ENUM_VALUE (XENO_SITUATION_CRASHED, "crashed"),
                    G_DEFINE_ENUM_VALUE (XENO_SITUATION_PAUSED, "paused"),
                    G_DEFINE_ENUM_VALUE (XENO_SITUATION_ASLEEP, "asleep"),
                    G_DEFINE_ENUM_VALUE (XENO_SITUATION_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (XENO_SITUATION_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (XENO_SITUATION_ASKING, "asking"),
                    G_DEFINE_ENUM_VALUE (XENO_SITUATION_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (XENO_SITUATION_FROZEN, "frozen"),
                    G_DEFINE_ENUM_VALUE (XENO_SITUATION_CLOSED, "closed"),
                    G_DEFINE_ENUM_VALUE (XENO_SITUATION_TAKEN, "taken"),
                    G_DEFINE_ENUM_VALUE (XENO_SITUATION_NO_SCREEN, "no-screen"),
                    G_DEFINE_ENUM_VALUE (XENO_SITUATION_DISPLAY_OFF, "display-off"),
                    G_DEFINE_ENUM_VALUE (XENO_SITUATION_DISPLAY_GONE, "display-gone"),
                    G_DEFINE_ENUM_VALUE (XENO_SITUATION_TEXT_CONNECTING, "text-connecting"),
                    G_DEFINE_ENUM_VALUE (XENO_SITUATION_TEXT_CLOSED, "text-closed"))

static const XenoConsoleNotice notices[XENO_SITUATION_N] = {
  [XENO_SITUATION_CLEAR] = { NULL },
  [XENO_SITUATION_OFF] = {
    .icon_name = "xeno-state-off-symbolic",
    .title = N_("The machine is off"),
    .description = N_("Start it to see its screen."),
    .offers_primary = TRUE,
  },
  [XENO_SITUATION_SAVED] = {
    .icon_name = "xeno-state-saved-symbolic",
    .title = N_("The machine is saved"),
    .description = N_("Its memory is on disk; restoring it goes on from there."),
    .offers_primary = TRUE,
  },
  [XENO_SITUATION_CRASHED] = {
    .icon_name = "xeno-state-crashed-symbolic",
    .title = N_("The machine crashed"),
    .description = N_("It stopped unexpectedly. Unsaved work in it is lost."),
    .offers_primary = TRUE,
    .offers_log = TRUE,
  },
  [XENO_SITUATION_PAUSED] = {
    .icon_name = "xeno-state-paused-symbolic",
    .title = N_("The machine is paused"),
    .description = N_("It keeps its memory and goes on when resumed."),
    .offers_primary = TRUE,
  },
  [XENO_SITUATION_ASLEEP] = {
    .icon_name = "xeno-state-paused-symbolic",
    .title = N_("The guest is asleep"),
    .description = N_("It went to sleep by itself and goes on when woken."),
    .offers_primary = TRUE,
  },
  [XENO_SITUATION_UNKNOWN] = {
    .icon_name = "xeno-state-unknown-symbolic",
    .title = N_("The machine cannot be reached"),
    .description = N_("The connection to its host is lost and is being opened again."),
    .action = "console.reconnect",
    .label = N_("_Reconnect"),
  },
  [XENO_SITUATION_CONNECTING] = {
    .icon_name = "video-display-symbolic",
    .title = N_("Waiting for the display…"),
  },
  [XENO_SITUATION_ASKING] = {
    .icon_name = "dialog-question-symbolic",
    .title = N_("The display has a question"),
    .description = N_("It opens once you have answered."),
  },
  [XENO_SITUATION_WAITING] = {
    .icon_name = "video-display-symbolic",
    .title = N_("Still waiting for the display"),
    .description = N_("The machine runs, but its display does not answer. It may be busy starting."),
    .action = "console.try-again",
    .label = N_("_Try Again"),
  },
  [XENO_SITUATION_FROZEN] = {
    .icon_name = "video-display-symbolic",
    .title = N_("The display went away"),
    .description = N_("It is being opened again. This is its last picture."),
    .action = "console.try-again",
    .label = N_("_Try Again"),
  },
  [XENO_SITUATION_CLOSED] = {
    .icon_name = "video-display-symbolic",
    .title = N_("The display is closed"),
    .description = N_("The machine runs on. Open the display again to see it."),
    .action = "console.try-again",
    .label = N_("_Try Again"),
  },
  [XENO_SITUATION_TAKEN] = {
    .icon_name = "video-display-symbolic",
    .title = N_("Another viewer has the display"),
    .description = N_("It shows to one viewer at a time, and somebody opened it elsewhere. This is the last picture."),
    .action = "console.try-again",
    .label = N_("_Take It Back"),
  },
  [XENO_SITUATION_NO_SCREEN] = {
    .icon_name = "video-display-symbolic",
    .title = N_("The machine has no screen"),
    .description = N_("It has no graphics device, but its text console may answer."),
    .action = "console.shows-text",
    .label = N_("Show _Text Console"),
  },
  [XENO_SITUATION_DISPLAY_OFF] = {
    .icon_name = "video-display-symbolic",
    .title = N_("The guest has not turned this display on"),
    .description = N_("It was asked to. A guest whose display driver knows of one display only goes on without it."),
    .action = "console.turn-display-on",
    .label = N_("_Turn It On"),
  },
  [XENO_SITUATION_DISPLAY_GONE] = {
    .icon_name = "video-display-symbolic",
    .title = N_("The guest has no such display"),
    .description = N_("It goes on with those it has."),
    .action = "win.close-tab",
    .label = N_("_Close"),
  },
  [XENO_SITUATION_TEXT_CONNECTING] = {
    .icon_name = "utilities-terminal-symbolic",
    .title = N_("Opening the text console…"),
  },
  [XENO_SITUATION_TEXT_CLOSED] = {
    .icon_name = "utilities-terminal-symbolic",
    .title = N_("The text console is closed"),
    .description = N_("The machine runs on."),
    .action = "console.try-again",
    .label = N_("_Try Again"),
  },
};

/**
 * xeno_console_situation_get_notice:
 * @situation: a situation
 *
 * Returns: (nullable): what to say about it; %NULL when there is nothing to say
 */
const XenoConsoleNotice *
xeno_console_situation_get_notice (XenoConsoleSituation situation)
{
  g_return_val_if_fail (situation < XENO_SITUATION_N, NULL);

  return notices[situation].title != NULL ? &notices[situation] : NULL;
}

/**
 * xeno_console_situation_from_machine:
 * @machine: a machine
 *
 * Returns: what the machine's own state puts in the way of its console
 */
XenoConsoleSituation
xeno_console_situation_from_machine (XenoMachine *machine)
{
  g_return_val_if_fail (XENO_IS_MACHINE (machine), XENO_SITUATION_UNKNOWN);

  if (xeno_machine_is_stale (machine))
    return XENO_SITUATION_UNKNOWN;

  switch (xeno_machine_get_state (machine))
    {
    case XENO_MACHINE_RUNNING:
    case XENO_MACHINE_SHUTTING_DOWN:
    case XENO_MACHINE_PANICKED: /* its screen and its text tell why */
      return XENO_SITUATION_CLEAR;

    case XENO_MACHINE_OFF:
      return XENO_SITUATION_OFF;

    case XENO_MACHINE_SAVED:
      return XENO_SITUATION_SAVED;

    case XENO_MACHINE_CRASHED:
      return XENO_SITUATION_CRASHED;

    case XENO_MACHINE_PAUSED:
      return XENO_SITUATION_PAUSED;

    case XENO_MACHINE_SUSPENDED:
      return XENO_SITUATION_ASLEEP;

    case XENO_MACHINE_UNKNOWN:
    default:
      return XENO_SITUATION_UNKNOWN;
    }
}

/**
 * xeno_console_situation_from_process:
 * @machine: a machine
 *
 * Returns: what the machine's own state puts in the way of who speaks to its process, which lives
 *   while the guest stands still
 */
XenoConsoleSituation
xeno_console_situation_from_process (XenoMachine *machine)
{
  XenoConsoleSituation situation = xeno_console_situation_from_machine (machine);

  return situation == XENO_SITUATION_PAUSED || situation == XENO_SITUATION_ASLEEP
         ? XENO_SITUATION_CLEAR : situation;
}

/**
 * xeno_console_situation_from_backend:
 * @state: where the display is in its life
 * @is_late: it has been there for longer than a person waits without asking why
 *
 * Returns: what the display of a running machine puts in the way
 */
XenoConsoleSituation
xeno_console_situation_from_backend (XenoConsoleState state,
                                     gboolean         is_late)
{
  switch (state)
    {
    case XENO_CONSOLE_LIVE:
      return XENO_SITUATION_CLEAR;

    case XENO_CONSOLE_FROZEN:
      return is_late ? XENO_SITUATION_WAITING : XENO_SITUATION_FROZEN;

    case XENO_CONSOLE_CLOSED:
      return XENO_SITUATION_CLOSED;

    case XENO_CONSOLE_CONNECTING:
    default:
      return is_late ? XENO_SITUATION_WAITING : XENO_SITUATION_CONNECTING;
    }
}
