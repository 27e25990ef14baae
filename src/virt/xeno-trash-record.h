/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was deleted, on disk: enough to bring it back, and to finish when the deletion was cut
 * short. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * XenoTrashFile:
 * @from: where the machine has it
 * @to: where it waits; the same as @from where we cannot move it
 *
 * A file of a deleted machine.
 */
typedef struct
{
  char *from;
  char *to;
} XenoTrashFile;

/**
 * XenoTrashRecord:
 * @id: by which it is found again
 * @uri: the connection it was on
 * @uuid: whose machine's
 * @title: its title, for people
 * @xml: its document, secrets included
 * @has_autostart: whether it started by itself
 * @deleted_at: seconds of the Unix clock
 * @files: (element-type XenoTrashFile): what waits to be removed
 *
 * One deletion.
 */
typedef struct
{
  char      *id;
  char      *uri;
  char      *uuid;
  char      *title;
  char      *xml;
  gboolean   has_autostart;
  gint64     deleted_at;
  GPtrArray *files;
} XenoTrashRecord;

XenoTrashRecord *xeno_trash_record_new       (void);
void             xeno_trash_record_free      (XenoTrashRecord        *record);
void             xeno_trash_record_add_file  (XenoTrashRecord        *record,
                                              const char             *path,
                                              gboolean                can_move);
gboolean         xeno_trash_record_save      (const XenoTrashRecord  *record,
                                              GError                **error);
XenoTrashRecord *xeno_trash_record_load      (const char             *id,
                                              GError                **error);
GStrv            xeno_trash_record_list      (void);
void             xeno_trash_record_forget    (const XenoTrashRecord  *record);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoTrashRecord, xeno_trash_record_free)

G_END_DECLS
