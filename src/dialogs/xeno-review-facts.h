/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What has to be known before a person is asked about a file: the medium, its system, the host. */
#pragma once

#include "create/xeno-os-db.h"
#include "create/xeno-recipe.h"
#include "create/xeno-restore.h"
#include "virt/xeno-connection.h"

G_BEGIN_DECLS

/**
 * XenoReviewFacts:
 * @recipe: (nullable): the machine, as yet without recommendations
 * @restore: (nullable): the machine, where the file holds a whole one
 * @os: (nullable): the operating system on it, where it is known
 * @free_bytes: room where new disks go
 * @promised_bytes: how much the disks there may still grow
 * @problem: (nullable): why no machine can be made at the moment
 * @in_place_problem: (nullable): why the file cannot be a disk where it is
 *
 * What xeno_review_facts_load_async() found out.
 */
typedef struct
{
  XenoRecipe *recipe;
  XenoRestore *restore;
  XenoOs     *os;
  guint64     free_bytes;
  guint64     promised_bytes;
  GError     *problem;
  GError     *in_place_problem;
} XenoReviewFacts;

void             xeno_review_facts_free        (XenoReviewFacts      *facts);
void             xeno_review_facts_load_async  (XenoConnection       *connection,
                                                XenoOsDb             *os_db,
                                                GFile                *file,
                                                XenoRecipe           *recipe,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
XenoReviewFacts *xeno_review_facts_load_finish (GAsyncResult         *result,
                                                GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoReviewFacts, xeno_review_facts_free)

G_END_DECLS
