/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The links a connection's calls go over: one, and more only while machines that hang keep it. */
#pragma once

#include "virt/xeno-link.h"

G_BEGIN_DECLS

/**
 * XenoCallKind:
 * @XENO_CALL_DAEMON: libvirt's daemon answers by itself
 * @XENO_CALL_MACHINE: a machine's process may have to answer, which can hang
 * @XENO_CALL_URGENT: the same, but it waits for no other call on the machine
 *
 * Whom a call waits for.
 */
typedef enum
{
  XENO_CALL_DAEMON,
  XENO_CALL_MACHINE,
  XENO_CALL_URGENT,
} XenoCallKind;

#define XENO_TYPE_LINK_POOL (xeno_link_pool_get_type ())

G_DECLARE_FINAL_TYPE (XenoLinkPool, xeno_link_pool, XENO, LINK_POOL, GObject)

XenoLinkPool *xeno_link_pool_new      (XenoLink      *first,
                                       const char    *uri);
XenoLink     *xeno_link_pool_take     (XenoLinkPool  *self,
                                       XenoCallKind   kind,
                                       GError       **error);
void          xeno_link_pool_give     (XenoLinkPool  *self,
                                       XenoLink      *link);
guint         xeno_link_pool_count    (XenoLinkPool  *self);

G_END_DECLS
