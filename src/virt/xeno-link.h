/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One open libvirt connection: it notes what changes, and tells when it is lost. It never comes
 * back. */
#pragma once

#include <gio/gio.h>
#include <libvirt/libvirt.h>

G_BEGIN_DECLS

#define XENO_TYPE_LINK (xeno_link_get_type ())

G_DECLARE_FINAL_TYPE (XenoLink, xeno_link, XENO, LINK, GObject)

/**
 * XenoLinkChange:
 * @uuid: which machine
 * @has_news: something about it may have changed
 * @has_viewer: somebody has connected to its display
 * @is_document: more than its state may have changed
 * @lifecycle: the last virDomainEventType, or -1
 * @detail: its detail
 * @io_error: why a disk stopped it, or %NULL
 *
 * What was noted of one machine since the changes were last taken.
 */
typedef struct
{
  char      uuid[VIR_UUID_STRING_BUFLEN];
  gboolean  has_news;
  gboolean  has_viewer;
  gboolean  is_document;
  int       lifecycle;
  int       detail;
  char     *io_error;
} XenoLinkChange;

void xeno_link_change_free (XenoLinkChange *change);

/**
 * XenoLinkFunc:
 * @owner: the object given to xeno_link_new()
 * @link: the link that has news
 * @is_lost: whether it is lost; otherwise there are changes to take
 *
 * Called in the main context that made the link. It is not called again for changes before they
 * were taken.
 */
typedef void (*XenoLinkFunc) (GObject  *owner,
                              XenoLink *link,
                              gboolean  is_lost);

XenoLink      *xeno_link_new          (GObject       *owner,
                                       XenoLinkFunc   func);
gboolean       xeno_link_open         (XenoLink      *self,
                                       const char    *uri,
                                       GError       **error);
gboolean       xeno_link_is_lost      (XenoLink      *self);
virConnectPtr  xeno_link_get_handle   (XenoLink      *self);
GPtrArray     *xeno_link_take_changes (XenoLink      *self);

G_END_DECLS
