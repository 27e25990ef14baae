/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an installer is told so that it asks nobody anything. */
#pragma once

#include <glib.h>

#include "create/xeno-seed.h"

G_BEGIN_DECLS

/**
 * XenoInstallWish:
 * @profile: (nullable): "desktop" or "jeos", which is just enough of a system; %NULL for either
 * @language: (nullable): as in "de_DE"
 * @keyboard: (nullable): as in "de"
 * @timezone: (nullable): as in "Europe/Berlin"
 * @seed: who logs in, and what the guest is called
 *
 * What a person wants installed. Borrowed data.
 */
typedef struct
{
  const char     *profile;
  const char     *language;
  const char     *keyboard;
  const char     *timezone;
  const XenoSeed *seed;
} XenoInstallWish;

/**
 * XenoInstallScript:
 * @file_name: what the installer looks for in its initial RAM disk
 * @text: what is in it, the password in clear
 * @command_line: what its kernel has to be told
 * @disc_path: the installation disc
 * @kernel_path: where the kernel is on the disc
 * @initrd_path: where the initial RAM disk is on the disc
 *
 * An installation that goes by itself. Plain data.
 */
typedef struct
{
  char *file_name;
  char *text;
  char *command_line;
  char *disc_path;
  char *kernel_path;
  char *initrd_path;
} XenoInstallScript;

XenoInstallScript *xeno_install_script_copy        (const XenoInstallScript  *self);
void               xeno_install_script_free        (XenoInstallScript        *self);
GBytes            *xeno_install_script_make_kernel (const XenoInstallScript  *self,
                                                    GError                  **error);
GBytes            *xeno_install_script_make_initrd (const XenoInstallScript  *self,
                                                    GError                  **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoInstallScript, xeno_install_script_free)

G_END_DECLS
