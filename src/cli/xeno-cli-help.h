/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno help: the table of commands, for reading. */
#pragma once

#include "cli/xeno-cli.h"

G_BEGIN_DECLS

XenoCliStatus xeno_cli_help_print   (XenoCli    *cli);
XenoCliStatus xeno_cli_help_unknown (XenoCli    *cli,
                                     const char *name);

G_END_DECLS
