/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the first bytes of a file say about it. */
#pragma once

#include "create/xeno-appliance.h"
#include "create/xeno-archive.h"
#include "create/xeno-media-type.h"

G_BEGIN_DECLS

/**
 * XenoMediaFacts:
 * @type: the row of the media table it belongs to
 * @size_bytes: how long the file is
 * @capacity_bytes: how much the guest will see
 * @volume_id: (nullable): an ISO's name, as it says itself
 * @system_id: (nullable): an ISO's system, as it says itself
 * @publisher_id: (nullable): an ISO's publisher, as it says itself
 * @application_id: (nullable): an ISO's application, as it says itself
 * @arch: (nullable): the only architecture it can be for, a static string
 * @boots_bios: a BIOS finds something to start
 * @boots_uefi: UEFI firmware finds something to start
 * @appliances: (nullable) (element-type XenoAppliance): the machines that somebody exported, if it is that
 * @appliance: (nullable): the one of them that is meant
 * @archive: (nullable): the machine that Xenolith wrote, if it is one
 * @needs_uefi_loader: only UEFI firmware can load it, whatever the machine is
 * @cmdline: (nullable): what a kernel is told unless it is told something else
 * @warning: (nullable): a translated sentence to show before it is used
 *
 * Plain data; its strings are untrusted, though valid UTF-8, but for the warning.
 */
struct _XenoMediaFacts
{
  const XenoMediaType *type;
  guint64              size_bytes;
  guint64              capacity_bytes;
  char                *volume_id;
  char                *system_id;
  char                *publisher_id;
  char                *application_id;
  const char          *arch;
  gboolean             boots_bios;
  gboolean             boots_uefi;
  GPtrArray           *appliances;
  const XenoAppliance *appliance;
  XenoArchive         *archive;
  gboolean             needs_uefi_loader;
  char                *cmdline;
  char                *warning;
};

XenoMediaFacts       *xeno_media_facts_read    (const char      *path,
                                                GError         **error);
XenoMediaFacts       *xeno_media_facts_read_fd (int              fd,
                                                const char      *name,
                                                GError         **error);
XenoMediaFacts       *xeno_media_facts_read_part (int            fd,
                                                const char      *name,
                                                guint64          offset,
                                                guint64          n_bytes,
                                                GError         **error);
void                  xeno_media_facts_free    (XenoMediaFacts  *facts);

XenoMediaFacts       *xeno_media_facts_copy    (const XenoMediaFacts *facts);
gboolean              xeno_media_facts_take_appliances (XenoMediaFacts *facts,
                                                        GPtrArray      *appliances);
void                  xeno_media_facts_choose  (XenoMediaFacts  *facts,
                                                guint            n);

const XenoMediaFacts *xeno_media_get_facts     (XenoMedia       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoMediaFacts, xeno_media_facts_free)

G_END_DECLS
