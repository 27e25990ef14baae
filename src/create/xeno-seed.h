/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a cloud image is told at its first start: who may log in, what it is called, what it shall do. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* No seed becomes a larger disc. */
#define XENO_SEED_MAX_BYTES (2 * 1024 * 1024)

/**
 * XenoSeed:
 * @user: (nullable): who logs in
 * @password: (nullable): the password, to be set by xeno_seed_set_password(); it leaves as a hash alone
 * @ssh_keys: (nullable): public keys, a line each
 * @hostname: (nullable): what the guest calls itself
 * @packages: (nullable): what it installs
 * @script: (nullable): what it runs once, as root
 * @user_data: (nullable): a “#cloud-config” of the person’s own, which wins over all of the above
 * @is_again: it is for a guest that was told all before: its user stays as they are
 *
 * A seed in the form that cloud-init calls NoCloud. Plain data; nothing in it is sure to be valid before
 * xeno_seed_check() said so.
 */
typedef struct
{
  char     *user;
  char     *password;
  GStrv     ssh_keys;
  char     *hostname;
  GStrv     packages;
  char     *script;
  char     *user_data;
  gboolean  is_again;
} XenoSeed;

XenoSeed *xeno_seed_new             (void);
XenoSeed *xeno_seed_copy            (const XenoSeed  *self);
void      xeno_seed_free            (XenoSeed        *self);
void      xeno_seed_set_password    (XenoSeed        *self,
                                     const char      *password);
char     *xeno_seed_make_user       (void);
char     *xeno_seed_make_hostname   (const char      *title);
char     *xeno_seed_make_short_hostname (const char  *title,
                                         guint        max_chars);
gboolean  xeno_seed_check_login     (const XenoSeed  *self,
                                     GError         **error);
gboolean  xeno_seed_check           (const XenoSeed  *self,
                                     GError         **error);
gboolean  xeno_seed_check_user_data (const XenoSeed  *self,
                                     GError         **error);
GBytes   *xeno_seed_make_disc       (const XenoSeed  *self,
                                     const char      *instance_id,
                                     GError         **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoSeed, xeno_seed_free)

G_END_DECLS
