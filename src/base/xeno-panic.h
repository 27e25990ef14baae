/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads in what a text console writes that a Linux kernel began, or gave up. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * XenoPanicNews:
 * @XENO_PANIC_NOTHING: neither of them
 * @XENO_PANIC_BEGUN: a kernel began
 * @XENO_PANIC_PANICKED: a kernel gave up
 *
 * What was read last.
 */
typedef enum
{
  XENO_PANIC_NOTHING,
  XENO_PANIC_BEGUN,
  XENO_PANIC_PANICKED,
} XenoPanicNews;

typedef struct _XenoPanicReader XenoPanicReader;

XenoPanicReader *xeno_panic_reader_new      (void);
void             xeno_panic_reader_free     (XenoPanicReader *self);
void             xeno_panic_reader_reset    (XenoPanicReader *self);
XenoPanicNews    xeno_panic_reader_feed     (XenoPanicReader *self,
                                             const char      *bytes,
                                             gsize            length);
const char      *xeno_panic_reader_get_text (XenoPanicReader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoPanicReader, xeno_panic_reader_free)

G_END_DECLS
