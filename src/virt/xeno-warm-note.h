/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The note on a machine that a copy of it is kept ready, and what files that takes. */
#pragma once

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

/* What the name of each file ends in, behind the UUID of the copy. */
#define XENO_WARM_MEMORY_SUFFIX "-warm.memory"
#define XENO_WARM_NVRAM_SUFFIX "-warm_VARS.fd"

/**
 * XenoWarmNote:
 * @base: the UUID of the machine that bears the note; in the note of a copy of it, another machine's
 * @id: the UUID of the copy that was saved
 * @folder: where its files are
 * @suffixes: what their names end in
 * @made_at: seconds of the Unix clock
 * @size_bytes: what the memory takes on disk
 * @walls: what ways out the copy has, as xeno_disposable_get_walls() says it
 * @has_agent: whether its agent had answered
 * @document: what the machine's document was
 * @disks: what its disks were
 * @hypervisor: what its hypervisor was
 * @processor: what this computer's processor was
 *
 * A copy that is kept ready. What it was made from is known by checksums.
 */
typedef struct
{
  char     *base;
  char     *id;
  char     *folder;
  GStrv     suffixes;
  gint64    made_at;
  guint64   size_bytes;
  char     *walls;
  gboolean  has_agent;
  char     *document;
  char     *disks;
  char     *hypervisor;
  char     *processor;
} XenoWarmNote;

XenoWarmNote *xeno_warm_note_new        (void);
void          xeno_warm_note_free       (XenoWarmNote       *note);
XenoWarmNote *xeno_warm_note_parse      (const char         *text,
                                         const char         *uuid);
char         *xeno_warm_note_to_text    (const XenoWarmNote *note);
XenoWarmNote *xeno_warm_note_of_machine (XenoMachine        *machine);
GStrv         xeno_warm_note_list_paths (const XenoWarmNote *note);
char         *xeno_warm_note_dup_path   (const XenoWarmNote *note,
                                         const char         *suffix);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoWarmNote, xeno_warm_note_free)

G_END_DECLS
