/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of commands; help comes from it. */
#pragma once

#include "cli/xeno-cli.h"

G_BEGIN_DECLS

/**
 * XenoCliCommand:
 * @name: what the person types
 * @arguments: untranslated names of its arguments: "NAME…"
 * @summary: (nullable): untranslated sentence for the list of commands, marked with N_(); the verb's
 *   own where there is none
 * @details: (nullable): untranslated paragraphs for its own help, marked with N_()
 * @verb: (nullable): the row of the verb table it does
 * @run: does it; @args begins with the name
 *
 * One row.
 */
struct _XenoCliCommand
{
  const char     *name;
  const char     *arguments;
  const char     *summary;
  const char     *details;
  const char     *verb;
  XenoCliStatus (*run) (XenoCli *cli,
                        char  ***args);
};

const XenoCliCommand *xeno_cli_command_list        (gsize                *n_commands);
const XenoCliCommand *xeno_cli_command_find        (const char           *name);
const char           *xeno_cli_command_get_summary (const XenoCliCommand *command);

XenoCliStatus xeno_cli_run_apart      (XenoCli *cli, char ***args);
XenoCliStatus xeno_cli_run_autostart  (XenoCli *cli, char ***args);
XenoCliStatus xeno_cli_run_delete     (XenoCli *cli, char ***args);
XenoCliStatus xeno_cli_run_device     (XenoCli *cli, char ***args);
XenoCliStatus xeno_cli_run_events     (XenoCli *cli, char ***args);
XenoCliStatus xeno_cli_run_help       (XenoCli *cli, char ***args);
XenoCliStatus xeno_cli_run_info       (XenoCli *cli, char ***args);
XenoCliStatus xeno_cli_run_list       (XenoCli *cli, char ***args);
XenoCliStatus xeno_cli_run_pending    (XenoCli *cli, char ***args);
XenoCliStatus xeno_cli_run_rename     (XenoCli *cli, char ***args);
XenoCliStatus xeno_cli_run_screenshot (XenoCli *cli, char ***args);
XenoCliStatus xeno_cli_run_set        (XenoCli *cli, char ***args);
XenoCliStatus xeno_cli_run_show       (XenoCli *cli, char ***args);
XenoCliStatus xeno_cli_run_template   (XenoCli *cli, char ***args);
XenoCliStatus xeno_cli_run_verb       (XenoCli *cli, char ***args);

G_END_DECLS
