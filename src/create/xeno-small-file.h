/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a machine's firmware and its TPM keep, on its way into another machine. */
#pragma once

#include "create/xeno-archive.h"
#include "create/xeno-plan.h"

G_BEGIN_DECLS

#define XENO_SMALL_FILE_NVRAM "nvram"
#define XENO_SMALL_FILE_TPM   "tpm"

XenoPlanFile *xeno_small_file_plan_nvram (const char            *path,
                                          const XenoArchiveFile *member);
XenoPlanFile *xeno_small_file_plan_tpm   (const char            *path,
                                          const XenoArchiveFile *member,
                                          const char            *version);

G_END_DECLS
