/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One run of the command: its connection, how it waits, and how it says what went wrong. */
#pragma once

#include "base/xeno-error.h"
#include "virt/xeno-connection.h"

G_BEGIN_DECLS

/**
 * XenoCliStatus:
 * @XENO_CLI_DONE: it was done
 * @XENO_CLI_FAILED: it could not be done
 * @XENO_CLI_USAGE: the person's line cannot be understood
 * @XENO_CLI_NO_CONNECTION: libvirt cannot be reached
 *
 * Exit codes. They are promised to programs.
 */
typedef enum
{
  XENO_CLI_DONE = 0,
  XENO_CLI_FAILED = 1,
  XENO_CLI_USAGE = 2,
  XENO_CLI_NO_CONNECTION = 3,
} XenoCliStatus;

typedef struct _XenoCliCommand XenoCliCommand;

/**
 * XenoCli:
 * @command: the command that runs
 * @uri: the connection's address
 * @is_verbose: whether the library's own words are wanted too
 * @connection: (nullable): the connection, once it was needed
 * @cancellable: cancelled by Ctrl+C once xeno_cli_watch_signals() was called
 *
 * What a command gets.
 */
typedef struct
{
  const XenoCliCommand *command;
  char                 *uri;
  gboolean              is_verbose;
  XenoConnection       *connection;
  GCancellable         *cancellable;
} XenoCli;

void           xeno_cli_init          (XenoCli             *cli);
void           xeno_cli_clear         (XenoCli             *cli);
XenoCliStatus  xeno_cli_fail          (XenoCli             *cli,
                                       const GError        *error);
XenoCliStatus  xeno_cli_misuse        (XenoCli             *cli,
                                       const char          *sentence);
gboolean       xeno_cli_parse         (XenoCli             *cli,
                                       const GOptionEntry  *entries,
                                       guint                min_args,
                                       guint                max_args,
                                       char              ***args,
                                       XenoCliStatus       *status);
gboolean       xeno_cli_connect       (XenoCli             *cli,
                                       XenoCliStatus       *status);
XenoMachine   *xeno_cli_find          (XenoCli             *cli,
                                       const char          *reference,
                                       XenoCliStatus       *status);
void           xeno_cli_watch_signals (XenoCli             *cli);
void           xeno_cli_result_cb     (GObject             *source,
                                       GAsyncResult        *result,
                                       gpointer             user_data);
GAsyncResult  *xeno_cli_await         (GAsyncResult       **result);

G_END_DECLS
