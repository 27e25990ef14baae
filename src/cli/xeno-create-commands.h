/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The commands that are in xeno-create. */
#pragma once

#include "cli/xeno-cli.h"

G_BEGIN_DECLS

XenoCliStatus xeno_create_run_clone      (XenoCli *cli, char ***args);
XenoCliStatus xeno_create_run_cloud_seed (XenoCli *cli, char ***args);
XenoCliStatus xeno_create_run_download   (XenoCli *cli, char ***args);
XenoCliStatus xeno_create_run_export     (XenoCli *cli, char ***args);
XenoCliStatus xeno_create_run_import     (XenoCli *cli, char ***args);
XenoCliStatus xeno_create_run_machine    (XenoCli *cli, char ***args);
XenoCliStatus xeno_create_run_media      (XenoCli *cli, char ***args);
XenoCliStatus xeno_create_run_ready      (XenoCli *cli, char ***args);
XenoCliStatus xeno_create_run_run        (XenoCli *cli, char ***args);
XenoCliStatus xeno_create_run_try        (XenoCli *cli, char ***args);

G_END_DECLS
