/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Machines as JSON. Names of members are promised to programs: they are added, never changed. */
#pragma once

#include <json-glib/json-glib.h>

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

void  xeno_cli_json_add_string  (JsonBuilder *builder,
                                 const char  *member,
                                 const char  *value);
void  xeno_cli_json_add_int     (JsonBuilder *builder,
                                 const char  *member,
                                 gint64       value);
void  xeno_cli_json_add_boolean (JsonBuilder *builder,
                                 const char  *member,
                                 gboolean     value);
void  xeno_cli_json_add_machine (JsonBuilder *builder,
                                 XenoMachine *machine);
char *xeno_cli_json_format      (JsonBuilder *builder,
                                 gboolean     is_pretty);

G_END_DECLS
