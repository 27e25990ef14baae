/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the verbs do, in blocking calls; the table in xeno-verb.c refers to them. */
#pragma once

#include <libvirt/libvirt.h>

#include "virt/xeno-gvir.h"
#include "virt/xeno-verb.h"

G_BEGIN_DECLS

/**
 * XenoVerbCall:
 * @handle: the connection
 * @domain: the machine, for what libvirt-glib has no call for
 * @machine: the same, as libvirt-glib sees it
 * @title: how people call it
 * @refusal: (nullable): set by the verb where the reason is ours and not libvirt's
 * @note: (nullable): set by the verb: a translated sentence to keep beside the state
 *
 * What a verb works on. A verb that returns %FALSE leaves libvirt's error in the thread.
 */
struct _XenoVerbCall
{
  virConnectPtr  handle;
  virDomainPtr   domain;
  GVirDomain    *machine;
  const char    *title;
  GError        *refusal;
  char          *note;
};

gboolean xeno_verb_call_start     (XenoVerbCall *call);
gboolean xeno_verb_call_resume    (XenoVerbCall *call);
gboolean xeno_verb_call_restore   (XenoVerbCall *call);
gboolean xeno_verb_call_pause     (XenoVerbCall *call);
gboolean xeno_verb_call_shut_down (XenoVerbCall *call);
gboolean xeno_verb_call_reboot    (XenoVerbCall *call);
gboolean xeno_verb_call_save      (XenoVerbCall *call);
gboolean xeno_verb_call_reset     (XenoVerbCall *call);
gboolean xeno_verb_call_force_off (XenoVerbCall *call);
gboolean xeno_verb_call_run_again (XenoVerbCall *call);
gboolean xeno_verb_call_discard   (XenoVerbCall *call);
char    *xeno_verb_call_find_rival (XenoVerbCall *call);

G_END_DECLS
