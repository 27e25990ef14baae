/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gives up what a helper process does not need, before it reads what a stranger sends. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * XenoSandboxFiles:
 * @XENO_SANDBOX_NO_FILES: it has the descriptors it was given, and opens nothing
 * @XENO_SANDBOX_READS_FOLDER: it opens files beneath a folder, by openat2()
 * @XENO_SANDBOX_CHANGES_FOLDER: and changes what is there
 *
 * What a process does with files once it reads what a stranger sends.
 */
typedef enum
{
  XENO_SANDBOX_NO_FILES,
  XENO_SANDBOX_READS_FOLDER,
  XENO_SANDBOX_CHANGES_FOLDER,
} XenoSandboxFiles;

void     xeno_sandbox_limit        (guint64           max_memory_bytes);
gboolean xeno_sandbox_keep_beneath (int               folder,
                                    XenoSandboxFiles  files);
gboolean xeno_sandbox_seal         (XenoSandboxFiles  files);

G_END_DECLS
