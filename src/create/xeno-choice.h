/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A switch that nobody has to touch. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * XenoChoice:
 * @XENO_CHOICE_AUTO: as the operating system needs it and the host has it
 * @XENO_CHOICE_ON: yes, by the person's own choice
 * @XENO_CHOICE_OFF: no, by the person's own choice
 *
 * Whether a machine has something.
 */
typedef enum
{
  XENO_CHOICE_AUTO,
  XENO_CHOICE_ON,
  XENO_CHOICE_OFF,
} XenoChoice;

#define XENO_TYPE_CHOICE (xeno_choice_get_type ())
GType xeno_choice_get_type (void);

G_END_DECLS
