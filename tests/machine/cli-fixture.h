/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The xeno command, run as a person runs it. */
#pragma once

#include "support/xeno-test.h"

G_BEGIN_DECLS

typedef struct
{
  int   status;
  char *output;
  char *errors;
} Run;

void         run_clear  (Run         *run);
GSubprocess *spawn_xeno (const char  *arguments);
void         finish_run (Run         *run,
                         GSubprocess *process);
void         run_xeno   (Run         *run,
                         const char  *arguments);
void         must       (const char  *arguments);
void         must_not   (const char  *arguments);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

G_END_DECLS
