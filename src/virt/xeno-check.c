/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One question of readiness and its answer: a row of the host page and of `xeno info --host`. */
#include "config.h"

#include "virt/xeno-check.h"

struct _XenoCheck
{
  GObject         parent_instance;
  char           *id;
  char           *title;
  char           *result;
  char           *advice;
  XenoCheckLevel  level;
};

G_DEFINE_FINAL_TYPE (XenoCheck, xeno_check, G_TYPE_OBJECT)

static void
xeno_check_finalize (GObject *object)
{
  XenoCheck *self = XENO_CHECK (object);

  g_free (self->id);
  g_free (self->title);
  g_free (self->result);
  g_free (self->advice);

  G_OBJECT_CLASS (xeno_check_parent_class)->finalize (object);
}

static void
xeno_check_class_init (XenoCheckClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_check_finalize;
}

static void
xeno_check_init (XenoCheck *self)
{
}

/**
 * xeno_check_new:
 * @id: stable name, for programs
 * @title: what was looked at, translated
 * @level: how it came out
 * @result: what was found, a translated sentence
 * @advice: (nullable): what to do about it, a translated sentence
 *
 * Makes the answer to one question of readiness. It never changes.
 *
 * Returns: (transfer full): the check
 */
XenoCheck *
xeno_check_new (const char     *id,
                const char     *title,
                XenoCheckLevel  level,
                const char     *result,
                const char     *advice)
{
  XenoCheck *self;

  g_return_val_if_fail (id != NULL, NULL);
  g_return_val_if_fail (title != NULL, NULL);
  g_return_val_if_fail (result != NULL, NULL);

  self = g_object_new (XENO_TYPE_CHECK, NULL);
  self->id = g_strdup (id);
  self->title = g_strdup (title);
  self->level = level;
  self->result = g_strdup (result);
  self->advice = g_strdup (advice);
  return self;
}

/**
 * xeno_check_get_id:
 * @self: a check
 *
 * Gets its stable name, as "kvm".
 *
 * Returns: (transfer none): the id
 */
const char *
xeno_check_get_id (XenoCheck *self)
{
  g_return_val_if_fail (XENO_IS_CHECK (self), NULL);

  return self->id;
}

/**
 * xeno_check_get_title:
 * @self: a check
 *
 * Gets what was looked at.
 *
 * Returns: (transfer none): the title, translated
 */
const char *
xeno_check_get_title (XenoCheck *self)
{
  g_return_val_if_fail (XENO_IS_CHECK (self), NULL);

  return self->title;
}

/**
 * xeno_check_get_result:
 * @self: a check
 *
 * Gets what was found.
 *
 * Returns: (transfer none): a translated sentence
 */
const char *
xeno_check_get_result (XenoCheck *self)
{
  g_return_val_if_fail (XENO_IS_CHECK (self), NULL);

  return self->result;
}

/**
 * xeno_check_get_advice:
 * @self: a check
 *
 * Gets what to do about it.
 *
 * Returns: (nullable) (transfer none): a translated sentence, or %NULL when there is nothing to do
 */
const char *
xeno_check_get_advice (XenoCheck *self)
{
  g_return_val_if_fail (XENO_IS_CHECK (self), NULL);

  return self->advice;
}

/**
 * xeno_check_get_level:
 * @self: a check
 *
 * Gets how it came out.
 *
 * Returns: the level
 */
XenoCheckLevel
xeno_check_get_level (XenoCheck *self)
{
  g_return_val_if_fail (XENO_IS_CHECK (self), XENO_CHECK_BAD);

  return self->level;
}
