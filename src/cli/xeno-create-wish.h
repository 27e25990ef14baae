/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a person wishes of a new machine: options of the line, or members of a recipe file, by one table. */
#pragma once

#include <glib.h>

#include "cli/xeno-create-seed.h"
#include "create/xeno-recipe.h"

G_BEGIN_DECLS

/* As it was said; NULL, FALSE or XENO_WISH_UNSAID where nothing was. A password is in no file: it is never read by
 * this. */
typedef struct
{
  char     *iso;
  char     *import;
  char     *machine;
  char     *cloud;
  char     *kernel;
  char     *initrd;
  char     *cmdline;
  char     *root;
  char     *name;
  char     *memory;
  char     *disk_size;
  char     *os;
  char     *arch;
  char     *firmware;
  char     *secure_boot;
  char     *tpm;
  char     *drivers;
  char     *accel;
  char     *graphics;
  char     *network;
  char     *profile;
  char     *full_name;
  char     *language;
  char     *keyboard;
  char     *timezone;
  XenoCreateSeed seed;
  int       n_cpus;
  gboolean  pxe;
  gboolean  empty;
  gboolean  unattended;
  gboolean  light;
  gboolean  gdb;
  gboolean  gdb_wait;
  gboolean  in_place;
  gboolean  anyway;
} XenoWish;

#define XENO_WISH_UNSAID G_MININT

void          xeno_wish_clear       (XenoWish            *wish);
GOptionEntry *xeno_wish_make_entries (XenoWish           *wish,
                                     const GOptionEntry  *more);
gboolean      xeno_wish_read        (XenoWish            *wish,
                                     const char          *path,
                                     GError             **error);
gboolean      xeno_wish_check       (XenoWish            *wish,
                                     GError             **error);
gboolean      xeno_wish_choose_way  (XenoWish            *wish,
                                     XenoRecipe          *recipe,
                                     GError             **error);
gboolean      xeno_wish_apply       (XenoWish            *wish,
                                     XenoRecipe          *recipe,
                                     GError             **error);
const char   *xeno_wish_get_file    (XenoWish            *wish);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (XenoWish, xeno_wish_clear)

G_END_DECLS
