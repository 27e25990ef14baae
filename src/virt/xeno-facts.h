/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a refresh found out about one machine: a plain struct that crosses threads. */
#pragma once

#include <libvirt/libvirt.h>

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

/**
 * XenoFacts:
 * @uuid: whose facts these are
 * @read_us: when they began to be read, in monotonic time: all of them are from then or later
 * @is_gone: libvirt knows no such machine; nothing else is set
 * @has_document: whether the members below were read; otherwise only the state was
 *
 * Facts of a machine.
 */
typedef struct
{
  char              uuid[VIR_UUID_STRING_BUFLEN];
  gint64            read_us;
  gboolean          is_gone;
  char             *name;
  int               state;  /* virDomainState */
  int               reason;
  gboolean          is_persistent;
  gboolean          has_autostart;
  gboolean          has_saved_state;
  gint64            started_at; /* Unix seconds, or 0 where not known */
  guint             run; /* another at every start, or 0 while it is off */

  gboolean          has_document;
  char             *xml;
  char             *title;
  char             *os_id;
  guint64           memory_bytes;
  guint             n_cpus;
  gboolean          is_template;
  gboolean          is_throw_away;
  gboolean          is_untrusted;
  gboolean          runs_kernel;
  char             *panic;
  char             *debugger;
} XenoFacts;

XenoFacts        *xeno_facts_new        (virDomainPtr    domain);
XenoFacts        *xeno_facts_read       (virConnectPtr   handle,
                                         const char     *uuid,
                                         gboolean        with_document,
                                         GError        **error);
XenoFacts        *xeno_facts_read_domain (virDomainPtr   domain,
                                         gboolean        with_document,
                                         GError        **error);
GPtrArray        *xeno_facts_read_all   (virConnectPtr   handle,
                                         GHashTable     *documents,
                                         GError        **error);
void              xeno_facts_free       (XenoFacts      *facts);
XenoMachineState  xeno_facts_get_state  (const XenoFacts *facts);
gboolean          xeno_facts_has_ended_itself (const XenoFacts *facts);
char             *xeno_facts_dup_reason (const XenoFacts *facts,
                                         const char      *io_error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoFacts, xeno_facts_free)

G_END_DECLS
