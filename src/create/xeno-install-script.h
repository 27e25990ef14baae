/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an installer is told so that it asks nobody anything. */
#pragma once

#include <glib.h>

#include "create/xeno-seed.h"

G_BEGIN_DECLS

/**
 * XenoInstallWish:
 * @profile: (nullable): "desktop" or "jeos", which is just enough of a system; %NULL for the first there is
 * @language: (nullable): as in "de_DE"
 * @keyboard: (nullable): as in "de"
 * @timezone: (nullable): as in "Europe/Berlin"
 * @realname: (nullable): what people call who logs in
 * @product_key: (nullable): what the vendor wants to see
 * @driver_disc: (nullable): the path of a disc with drivers, which will be in a drive
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
  const char     *realname;
  const char     *product_key;
  const char     *driver_disc;
  const XenoSeed *seed;
} XenoInstallWish;

/**
 * XenoInstallMethod:
 * @XENO_INSTALL_INITRD: in the initial RAM disk of its kernel, which is started past the disc
 * @XENO_INSTALL_DISC: on a disc beside its own
 * @XENO_INSTALL_FLOPPY: on a floppy
 *
 * Where an installer looks for what it is told. In the order in which they are preferred.
 */
typedef enum
{
  XENO_INSTALL_INITRD,
  XENO_INSTALL_DISC,
  XENO_INSTALL_FLOPPY,
} XenoInstallMethod;

/**
 * XenoInstallScript:
 * @method: where the installer looks for the files
 * @names: what the files are called
 * @texts: what is in them, the password in clear
 * @command_line: (nullable): what its kernel has to be told
 * @disc_path: the installation disc
 * @kernel_path: (nullable): where the kernel is on the disc, if it is started past that
 * @initrd_path: (nullable): where the initial RAM disk is on the disc, if it is started past that
 * @loads_drivers: it loads drivers from the disc of those
 * @needs_bios: what it makes of the disk is started by a BIOS alone
 *
 * An installation that goes by itself. Plain data.
 */
typedef struct
{
  XenoInstallMethod  method;
  GStrv              names;
  GStrv              texts;
  char              *command_line;
  char              *disc_path;
  char              *kernel_path;
  char              *initrd_path;
  gboolean           loads_drivers;
  gboolean           needs_bios;
} XenoInstallScript;

XenoInstallScript *xeno_install_script_copy         (const XenoInstallScript  *self);
void               xeno_install_script_free         (XenoInstallScript        *self);
GBytes            *xeno_install_script_make_kernel  (const XenoInstallScript  *self,
                                                     GError                  **error);
GBytes            *xeno_install_script_make_initrd  (const XenoInstallScript  *self,
                                                     GError                  **error);
GBytes            *xeno_install_script_make_answers (const XenoInstallScript  *self,
                                                     GError                  **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoInstallScript, xeno_install_script_free)

G_END_DECLS
