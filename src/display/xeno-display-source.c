/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What speaks to a guest's display server: one subclass for each protocol. */
#include "config.h"

#include "display/xeno-display-source.h"

G_DEFINE_ABSTRACT_TYPE (XenoDisplaySource, xeno_display_source, G_TYPE_OBJECT)

static void
xeno_display_source_class_init (XenoDisplaySourceClass *klass)
{
}

static void
xeno_display_source_init (XenoDisplaySource *self)
{
}
