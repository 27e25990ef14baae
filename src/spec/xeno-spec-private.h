/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parsed document behind a machine on paper, for this folder. */
#pragma once

#include <libxml/tree.h>

#include "spec/xeno-spec.h"

G_BEGIN_DECLS

XenoSpec *xeno_spec_take_document   (xmlDoc     *document);
xmlNode  *xeno_spec_get_root        (XenoSpec   *self);
gboolean  xeno_spec_accept          (XenoSpec   *self,
                                     const char *what,
                                     const char *value);
void      xeno_spec_refuse          (XenoSpec   *self,
                                     const char *what);
void      xeno_spec_remove_argument (XenoSpec   *self,
                                     const char *word);

G_END_DECLS
