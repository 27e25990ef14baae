/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The text consoles of a machine: which there are, and what they are called. */
#pragma once

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

GStrv xeno_text_port_list      (XenoMachine *machine);
char *xeno_text_port_dup_label (const char  *port);
char *xeno_text_port_dup_alias (XenoMachine *machine,
                                const char  *port);

G_END_DECLS
