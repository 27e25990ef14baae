/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one error domain: what failed for whom in a sentence, and the library's own words beside it. */
#include "config.h"

#include "base/xeno-error.h"

typedef struct
{
  char *details;
} XenoErrorPrivate;

static void
xeno_error_private_init (XenoErrorPrivate *priv)
{
  priv->details = NULL;
}

static void
xeno_error_private_copy (const XenoErrorPrivate *from,
                         XenoErrorPrivate       *to)
{
  to->details = g_strdup (from->details);
}

static void
xeno_error_private_clear (XenoErrorPrivate *priv)
{
  g_clear_pointer (&priv->details, g_free);
}

G_DEFINE_EXTENDED_ERROR (XenoError, xeno_error)

static GError *
new_valist (XenoError   code,
            const char *details,
            const char *format,
            va_list     args)
{
  GError *error = g_error_new_valist (XENO_ERROR, code, format, args);

  xeno_error_get_private (error)->details = g_strdup (details);
  return error;
}

/**
 * xeno_error_new:
 * @code: what kind of failure this is
 * @details: (nullable): the words of the library that refused, for the person who asks for them
 * @format: whole translatable sentences: what failed, for which machine, what to do next
 * @...: the arguments of @format
 *
 * Makes an error of %XENO_ERROR.
 *
 * Returns: (transfer full): the error
 */
GError *
xeno_error_new (XenoError   code,
                const char *details,
                const char *format,
                ...)
{
  va_list args;
  GError *error;

  va_start (args, format);
  error = new_valist (code, details, format, args);
  va_end (args);
  return error;
}

/**
 * xeno_set_error:
 * @error: (out) (optional): where to put the error
 * @code: what kind of failure this is
 * @details: (nullable): the words of the library that refused
 * @format: whole translatable sentences: what failed, for which machine, what to do next
 * @...: the arguments of @format
 *
 * Does nothing when @error is %NULL, and otherwise sets it as xeno_error_new() would.
 */
void
xeno_set_error (GError    **error,
                XenoError   code,
                const char *details,
                const char *format,
                ...)
{
  va_list args;

  if (error == NULL)
    return;

  va_start (args, format);
  g_propagate_error (error, new_valist (code, details, format, args));
  va_end (args);
}

/**
 * xeno_error_get_details:
 * @error: any error
 *
 * Gets the words of the library that refused. They are untrusted text.
 *
 * Returns: (nullable) (transfer none): the details, or %NULL where there are none
 */
const char *
xeno_error_get_details (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  return error->domain == XENO_ERROR ? xeno_error_get_private (error)->details : NULL;
}
