/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The form of the review page: a machine as it will be made, every value with its recommendation. */
#pragma once

#include <adwaita.h>

#include "create/xeno-recipe.h"
#include "dialogs/xeno-review-facts.h"

G_BEGIN_DECLS

#define XENO_TYPE_REVIEW_PAGE (xeno_review_page_get_type ())

/* Properties: "is-valid": whether a machine can be made from what the form says; "installs-itself": whether its
 * system shall install itself, which begins as soon as it is made.
 * Signal: "change-file" (): the person wants another file. */
G_DECLARE_FINAL_TYPE (XenoReviewPage, xeno_review_page, XENO, REVIEW_PAGE, AdwBin)

void        xeno_review_page_show       (XenoReviewPage  *self,
                                         XenoConnection  *connection,
                                         XenoOsDb        *os_db,
                                         XenoReviewFacts *facts);
XenoRecipe *xeno_review_page_get_recipe (XenoReviewPage  *self);
gboolean    xeno_review_page_is_valid   (XenoReviewPage  *self);
gboolean    xeno_review_page_installs_itself (XenoReviewPage       *self);
void        xeno_review_page_prepare_async   (XenoReviewPage       *self,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
gboolean    xeno_review_page_prepare_finish  (XenoReviewPage       *self,
                                              GAsyncResult         *result,
                                              GError              **error);

G_END_DECLS
