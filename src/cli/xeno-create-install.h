/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An installation that goes by itself, as the line wants it. */
#pragma once

#include "cli/xeno-create-answers.h"
#include "cli/xeno-create-wish.h"

G_BEGIN_DECLS

gboolean xeno_create_install_apply (const XenoWish      *wish,
                                    const char          *product_key,
                                    XenoCreateAnswers   *answers,
                                    XenoRecipe          *recipe,
                                    const XenoSeed      *seed,
                                    GError             **error);

G_END_DECLS
