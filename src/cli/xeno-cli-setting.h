/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settings of devices as people type them, FIELD=VALUE, and what became of them. */
#pragma once

#include "cli/xeno-cli.h"
#include "virt/xeno-machine-change.h"

G_BEGIN_DECLS

char          *xeno_cli_setting_dup_handle   (XenoDevice          *device);
XenoDevice    *xeno_cli_setting_find_device  (XenoSpec            *spec,
                                              const char          *handle,
                                              GError             **error);
gboolean       xeno_cli_setting_apply        (XenoDevice          *device,
                                              const char          *setting,
                                              GError             **error);
XenoCliStatus  xeno_cli_setting_commit       (XenoCli             *cli,
                                              XenoMachine         *machine,
                                              XenoSpec            *before,
                                              XenoSpec            *draft);

G_END_DECLS
