/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a person says on the line about an installation that goes by itself. */
#pragma once

#include <glib/gi18n-lib.h>

#include "cli/xeno-create-answers.h"
#include "create/xeno-recipe.h"

G_BEGIN_DECLS

/* The line, as it was typed. */
typedef struct
{
  gboolean  unattended;
  char     *profile;
  char     *language;
  char     *keyboard;
  char     *timezone;
} XenoCreateInstall;

/* The rows of a command's options that fill in a #XenoCreateInstall. */
#define XENO_CREATE_INSTALL_OPTIONS(install) \
  { "unattended", 0, 0, G_OPTION_ARG_NONE, &(install)->unattended, N_("Install by itself, where it can"), NULL }, \
  { "profile", 0, 0, G_OPTION_ARG_STRING, &(install)->profile, N_("desktop, or jeos for a small one"), N_("KIND") }, \
  { "language", 0, 0, G_OPTION_ARG_STRING, &(install)->language, N_("Its language, as de_DE; yours, by default"), \
    N_("ID") }, \
  { "keyboard", 0, 0, G_OPTION_ARG_STRING, &(install)->keyboard, N_("Its keyboard, as de"), N_("ID") }, \
  { "timezone", 0, 0, G_OPTION_ARG_STRING, &(install)->timezone, N_("Its time zone; yours, by default"), \
    N_("ZONE") }

void     xeno_create_install_clear (XenoCreateInstall        *self);
gboolean xeno_create_install_check (const XenoCreateInstall  *self,
                                    GError                  **error);
gboolean xeno_create_install_apply (const XenoCreateInstall  *self,
                                    XenoCreateAnswers        *answers,
                                    XenoRecipe               *recipe,
                                    const XenoSeed           *seed,
                                    GError                  **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (XenoCreateInstall, xeno_create_install_clear)

G_END_DECLS
