/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A switch that nobody has to touch. */
#include "config.h"

#include "create/xeno-choice.h"

GType
xeno_choice_get_type (void)
{
  static gsize type;
  static const GEnumValue values[] = {
    { XENO_CHOICE_AUTO, "XENO_CHOICE_AUTO", "auto" },
    { XENO_CHOICE_ON, "XENO_CHOICE_ON", "on" },
    { XENO_CHOICE_OFF, "XENO_CHOICE_OFF", "off" },
    { 0, NULL, NULL }
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("XenoChoice", values));
  return type;
}
