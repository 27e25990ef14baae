/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is wrong with a machine on paper, found before libvirt is asked. */
#pragma once

#include "spec/xeno-caps.h"
#include "spec/xeno-spec.h"

G_BEGIN_DECLS

gboolean xeno_spec_check     (XenoSpec  *spec,
                              XenoCaps  *caps,
                              guint64    host_memory_bytes,
                              GError   **error);
gboolean xeno_spec_check_new (XenoSpec  *spec,
                              XenoCaps  *caps,
                              guint64    host_memory_bytes,
                              GError   **error);

G_END_DECLS
