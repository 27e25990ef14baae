/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What speaks to a guest's display server: one subclass for each protocol. */
#include "config.h"

#include "display/xeno-display-source.h"

G_DEFINE_ABSTRACT_TYPE (XenoDisplaySource, xeno_display_source, G_TYPE_OBJECT)

static void
prepare_nothing (XenoDisplaySource *self,
                 gboolean           is_remote)
{
}

static void
xeno_display_source_class_init (XenoDisplaySourceClass *klass)
{
  klass->prepare = prepare_nothing;
}

static void
xeno_display_source_init (XenoDisplaySource *self)
{
}

/**
 * xeno_display_source_tap_locks:
 * @self: a source whose protocol has no message for the lock keys' state
 * @wrong: which lamps are not as the person's keyboard has them: 2 num, 4 caps
 *
 * Taps their keys. Most guests know no scroll lock.
 *
 * Returns: which lamps change by it
 */
guint
xeno_display_source_tap_locks (XenoDisplaySource *self,
                               guint              wrong)
{
  static const struct
  {
    guint led;
    guint keyval;
    guint qnum;
  } locks[] = {
    { 2, 0xff7f, 0x45 },
    { 4, 0xffe5, 0x3a },
  };
  XenoDisplaySourceClass *klass;
  guint tapped = 0;

  g_return_val_if_fail (XENO_IS_DISPLAY_SOURCE (self), 0);

  klass = XENO_DISPLAY_SOURCE_GET_CLASS (self);
  for (guint i = 0; i < G_N_ELEMENTS (locks); i++)
    if ((wrong & locks[i].led) != 0)
      {
        klass->key (self, locks[i].qnum, locks[i].keyval, TRUE);
        klass->key (self, locks[i].qnum, locks[i].keyval, FALSE);
        tapped |= locks[i].led;
      }
  return tapped;
}
