/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One question of readiness and its answer: a row of the host page and of `xeno info --host`. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * XenoCheckLevel:
 * @XENO_CHECK_GOOD: nothing to do
 * @XENO_CHECK_NOTE: it works, and something could be better
 * @XENO_CHECK_BAD: something does not work until it is mended
 *
 * How a readiness check came out.
 */
typedef enum
{
  XENO_CHECK_GOOD,
  XENO_CHECK_NOTE,
  XENO_CHECK_BAD,
} XenoCheckLevel;

#define XENO_TYPE_CHECK (xeno_check_get_type ())

G_DECLARE_FINAL_TYPE (XenoCheck, xeno_check, XENO, CHECK, GObject)

XenoCheck      *xeno_check_new        (const char     *id,
                                       const char     *title,
                                       XenoCheckLevel  level,
                                       const char     *result,
                                       const char     *advice);
const char     *xeno_check_get_id     (XenoCheck      *self);
const char     *xeno_check_get_title  (XenoCheck      *self);
const char     *xeno_check_get_result (XenoCheck      *self);
const char     *xeno_check_get_advice (XenoCheck      *self);
XenoCheckLevel  xeno_check_get_level  (XenoCheck      *self);

G_END_DECLS
