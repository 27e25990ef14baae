/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a person says on the line about who logs in to a cloud image. */
#pragma once

#include <glib/gi18n-lib.h>

#include "create/xeno-seed.h"

G_BEGIN_DECLS

/* The line, as it was typed. */
typedef struct
{
  char      *user;
  gboolean   has_password;
  char      *hostname;
  GStrv      ssh_keys;
  GStrv      packages;
  char      *script;
  char      *user_data;
} XenoCreateSeed;

/* The rows of a command's options that fill in a #XenoCreateSeed. */
#define XENO_CREATE_SEED_OPTIONS(seed) \
  { "user", 0, 0, G_OPTION_ARG_STRING, &(seed)->user, N_("Who logs in; you, by default"), N_("NAME") }, \
  { "password-stdin", 0, 0, G_OPTION_ARG_NONE, &(seed)->has_password, \
    N_("Read their password from standard input"), NULL }, \
  { "ssh-key", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &(seed)->ssh_keys, N_("A public key they log in with"), \
    N_("FILE") }, \
  { "hostname", 0, 0, G_OPTION_ARG_STRING, &(seed)->hostname, N_("What the guest calls itself"), N_("NAME") }, \
  { "package", 0, 0, G_OPTION_ARG_STRING_ARRAY, &(seed)->packages, N_("A package it installs"), N_("NAME") }, \
  { "run", 0, 0, G_OPTION_ARG_FILENAME, &(seed)->script, N_("A script it runs once, as root"), N_("FILE") }, \
  { "user-data", 0, 0, G_OPTION_ARG_FILENAME, &(seed)->user_data, \
    N_("A “#cloud-config” of your own, which wins over the rest"), N_("FILE") }

void      xeno_create_seed_clear   (XenoCreateSeed        *self);
gboolean  xeno_create_seed_is_said (const XenoCreateSeed  *self);
gboolean  xeno_create_seed_is_only_for_cloud (const XenoCreateSeed *self);
XenoSeed *xeno_create_seed_read    (const XenoCreateSeed  *self,
                                    GError               **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (XenoCreateSeed, xeno_create_seed_clear)

G_END_DECLS
