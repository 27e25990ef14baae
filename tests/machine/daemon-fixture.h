/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A session libvirt of our own, the machines in it, and ways to hurt both. */
#pragma once

#include "support/xeno-test.h"
#include "virt/xeno-connection.h"
#include "virt/xeno-verb.h"

G_BEGIN_DECLS

#define SESSION_URI "qemu:///session"

XenoConnection *open_session       (void);
XenoMachine    *add_machine        (XenoConnection   *connection,
                                    const char       *name,
                                    const char       *more);
XenoMachine    *add_machine_with   (XenoConnection   *connection,
                                    const char       *name,
                                    const char       *iso,
                                    const char       *more);
XenoMachine    *add_machine_of_xml (XenoConnection   *connection,
                                    const char       *xml);
char           *make_machine_xml   (const char       *name,
                                    const char       *more);
void            remove_machines    (XenoConnection   *connection);
gboolean        run_verb           (XenoMachine      *machine,
                                    const char       *id,
                                    GError          **error);
void            do_verb            (XenoMachine      *machine,
                                    const char       *id);
void            wait_for_machine   (XenoMachine      *machine,
                                    XenoMachineState  state);
void            wait_for_connection (XenoConnection     *connection,
                                     XenoConnectionState state);
GPid            find_daemon        (void);
GPid            find_qemu          (XenoMachine      *machine);

G_END_DECLS
