/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands between a person and a machine's console, and what to say about it. */
#pragma once

#include "console/xeno-console-backend.h"
#include "virt/xeno-machine.h"

G_BEGIN_DECLS

/**
 * XenoConsoleSituation:
 * @XENO_SITUATION_CLEAR: nothing: the console works
 * @XENO_SITUATION_OFF: the machine is off
 * @XENO_SITUATION_SAVED: the machine is off, its memory on disk
 * @XENO_SITUATION_CRASHED: the machine stopped by a failure
 * @XENO_SITUATION_PAUSED: the machine's processors stand still
 * @XENO_SITUATION_ASLEEP: the guest put itself to sleep
 * @XENO_SITUATION_UNKNOWN: the connection to the machine's host is lost
 * @XENO_SITUATION_CONNECTING: the display is being opened
 * @XENO_SITUATION_ASKING: its server has a question, which stands in a dialog
 * @XENO_SITUATION_WAITING: it has been for a long time
 * @XENO_SITUATION_FROZEN: the display went away and is being opened again
 * @XENO_SITUATION_CLOSED: the display will not come back by itself
 * @XENO_SITUATION_TAKEN: another viewer has the display
 * @XENO_SITUATION_NO_SCREEN: the machine has no graphics device
 * @XENO_SITUATION_DISPLAY_OFF: the guest has not turned the monitor on that is to be shown
 * @XENO_SITUATION_DISPLAY_GONE: the guest could not turn it on, whoever asked
 * @XENO_SITUATION_TEXT_CONNECTING: the text console is being opened
 * @XENO_SITUATION_TEXT_CLOSED: the text console will not come back by itself
 *
 * Why a console shows something other than the guest.
 */
typedef enum
{
  XENO_SITUATION_CLEAR,
  XENO_SITUATION_OFF,
  XENO_SITUATION_SAVED,
  XENO_SITUATION_CRASHED,
  XENO_SITUATION_PAUSED,
  XENO_SITUATION_ASLEEP,
  XENO_SITUATION_UNKNOWN,
  XENO_SITUATION_CONNECTING,
  XENO_SITUATION_ASKING,
  XENO_SITUATION_WAITING,
  XENO_SITUATION_FROZEN,
  XENO_SITUATION_CLOSED,
  XENO_SITUATION_TAKEN,
  XENO_SITUATION_NO_SCREEN,
  XENO_SITUATION_DISPLAY_OFF,
  XENO_SITUATION_DISPLAY_GONE,
  XENO_SITUATION_TEXT_CONNECTING,
  XENO_SITUATION_TEXT_CLOSED,
  XENO_SITUATION_N,
} XenoConsoleSituation;

#define XENO_TYPE_CONSOLE_SITUATION (xeno_console_situation_get_type ())

GType xeno_console_situation_get_type (void);

/**
 * XenoConsoleNotice:
 * @icon_name: the icon of its page
 * @title: untranslated title, marked with N_()
 * @description: untranslated sentence, marked with N_(), for when there is no better one
 * @action: (nullable): the action that helps, where it is not the machine's primary one
 * @label: (nullable): untranslated label of @action, marked with N_()
 * @offers_primary: the machine's primary action helps
 * @offers_log: what was written down about it says more
 *
 * What a page says about a situation.
 */
typedef struct
{
  const char *icon_name;
  const char *title;
  const char *description;
  const char *action;
  const char *label;
  gboolean    offers_primary;
  gboolean    offers_log;
} XenoConsoleNotice;

const XenoConsoleNotice *xeno_console_situation_get_notice   (XenoConsoleSituation situation);
XenoConsoleSituation     xeno_console_situation_from_machine (XenoMachine         *machine);
XenoConsoleSituation     xeno_console_situation_from_process (XenoMachine         *machine);
XenoConsoleSituation     xeno_console_situation_from_backend (XenoConsoleState     state,
                                                              gboolean             is_late);

G_END_DECLS
