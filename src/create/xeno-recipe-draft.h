/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files that write a recipe's document share. */
#pragma once

#include "create/xeno-recipe-private.h"

G_BEGIN_DECLS

/* A document that is being written, and what is known of the machine by now. */
typedef struct
{
  XenoRecipe     *recipe;
  XenoCaps       *caps;
  XenoOs         *os; /* NULL: not known */
  XenoSpec       *spec;
  XenoDirectBoot *direct_boot; /* NULL: none */
  gboolean        is_qemu;
  gboolean        is_x86;
  gboolean        is_kvm;
  gboolean        is_windows;
  gboolean        is_uefi;
  gboolean        is_light;
  gboolean        is_session;
  gboolean        is_spice;
  gboolean        is_dbus;
  guint           n_discs;
} XenoDraft;

void     xeno_draft_add              (XenoDraft   *draft,
                                      const char  *kind,
                                      ...) G_GNUC_NULL_TERMINATED;
gboolean xeno_draft_choose_firmware  (XenoDraft   *draft,
                                      GError     **error);
void     xeno_draft_write_platform   (XenoDraft   *draft);
gboolean xeno_draft_check_boot       (XenoDraft   *draft,
                                      GError     **error);
void     xeno_draft_write_boot       (XenoDraft   *draft,
                                      const char  *name);

G_END_DECLS
