/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An installation that can go by itself: what its installer asks, and whether the answers are good. */
#pragma once

#include "create/xeno-install-script.h"

G_BEGIN_DECLS

/**
 * XenoInstallQuestion:
 * @XENO_INSTALL_USER: who logs in
 * @XENO_INSTALL_REALNAME: what people call them
 * @XENO_INSTALL_PASSWORD: their password, or the administrator's
 * @XENO_INSTALL_HOSTNAME: what the guest is called
 * @XENO_INSTALL_LANGUAGE: its language
 * @XENO_INSTALL_KEYBOARD: its keyboard
 * @XENO_INSTALL_TIMEZONE: its time zone
 * @XENO_INSTALL_PRODUCT_KEY: what the vendor wants to see
 * @XENO_INSTALL_SSH_KEYS: who may log in without a password
 *
 * What an installer asks. Flags.
 */
typedef enum
{
  XENO_INSTALL_USER = 1 << 0,
  XENO_INSTALL_REALNAME = 1 << 1,
  XENO_INSTALL_PASSWORD = 1 << 2,
  XENO_INSTALL_HOSTNAME = 1 << 3,
  XENO_INSTALL_LANGUAGE = 1 << 4,
  XENO_INSTALL_KEYBOARD = 1 << 5,
  XENO_INSTALL_TIMEZONE = 1 << 6,
  XENO_INSTALL_PRODUCT_KEY = 1 << 7,
  XENO_INSTALL_SSH_KEYS = 1 << 8,
} XenoInstallQuestion;

/* What Windows calls itself for its oldest relatives, too. */
#define XENO_INSTALL_MAX_WINDOWS_HOSTNAME 15
#define XENO_INSTALL_MAX_HOSTNAME         63

/**
 * XenoInstallOffer:
 * @profile: "desktop" or "jeos", which is just enough of a system
 * @method: where its installer looks for the answers
 * @asks: what it asks
 * @needs: what of that must be answered
 * @max_hostname_chars: how long a name it can have
 * @product_key_format: (nullable): what a product key looks like: "$$$$$-$$$$$"
 * @needs_internet: it fetches most of the system
 *
 * One way in which the system on a disc installs itself. Plain data.
 */
typedef struct
{
  char                *profile;
  XenoInstallMethod    method;
  XenoInstallQuestion  asks;
  XenoInstallQuestion  needs;
  guint                max_hostname_chars;
  char                *product_key_format;
  gboolean             needs_internet;
} XenoInstallOffer;

void      xeno_install_offer_free           (XenoInstallOffer        *self);
gboolean  xeno_install_offer_check          (const XenoInstallOffer  *self,
                                             const XenoInstallWish   *wish,
                                             GError                 **error);

char     *xeno_install_offer_dup_language   (void);
char     *xeno_install_offer_dup_keyboard   (void);
char     *xeno_install_offer_dup_timezone   (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoInstallOffer, xeno_install_offer_free)

G_END_DECLS
