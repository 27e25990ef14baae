/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The head of the review page: what a machine is made from, and the system on it. */
#pragma once

#include <adwaita.h>

#include "create/xeno-recipe.h"

G_BEGIN_DECLS

#define XENO_TYPE_REVIEW_HEADER (xeno_review_header_get_type ())

/* Signal: "change-file" (): the person wants another file. */
G_DECLARE_FINAL_TYPE (XenoReviewHeader, xeno_review_header, XENO, REVIEW_HEADER, AdwBin)

void xeno_review_header_show (XenoReviewHeader *self,
                              XenoRecipe       *recipe,
                              XenoOs           *os);

G_END_DECLS
