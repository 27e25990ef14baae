/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one error domain: what failed for whom in a sentence, and the library's own words beside it. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * XenoError:
 * @XENO_ERROR_FAILED: a failure no other code describes
 * @XENO_ERROR_NOT_INSTALLED: a program or service this needs is not installed
 * @XENO_ERROR_NO_CONNECTION: the daemon does not answer, or the connection was lost
 * @XENO_ERROR_NO_PERMISSION: the person may not do this
 * @XENO_ERROR_NOT_FOUND: the machine, file or object does not exist
 * @XENO_ERROR_EXISTS: the name is taken
 * @XENO_ERROR_INVALID: a value the person gave cannot be used
 * @XENO_ERROR_WRONG_STATE: the machine's state does not allow it
 * @XENO_ERROR_NOT_SUPPORTED: this host, driver or guest cannot do it
 * @XENO_ERROR_IN_USE: somebody else holds the thing
 * @XENO_ERROR_NO_SPACE: the storage is full, or too small
 * @XENO_ERROR_NO_MEMORY: the host has not enough memory
 * @XENO_ERROR_BAD_MEDIA: the file is not what it should be
 * @XENO_ERROR_NO_AGENT: the guest agent is missing or silent
 * @XENO_ERROR_TIMEOUT: no answer in time; what came of the request is unknown
 *
 * Codes of %XENO_ERROR. A cancelled operation is %G_IO_ERROR_CANCELLED, as everywhere in GIO.
 */
typedef enum
{
  XENO_ERROR_FAILED,
  XENO_ERROR_NOT_INSTALLED,
  XENO_ERROR_NO_CONNECTION,
  XENO_ERROR_NO_PERMISSION,
  XENO_ERROR_NOT_FOUND,
  XENO_ERROR_EXISTS,
  XENO_ERROR_INVALID,
  XENO_ERROR_WRONG_STATE,
  XENO_ERROR_NOT_SUPPORTED,
  XENO_ERROR_IN_USE,
  XENO_ERROR_NO_SPACE,
  XENO_ERROR_NO_MEMORY,
  XENO_ERROR_BAD_MEDIA,
  XENO_ERROR_NO_AGENT,
  XENO_ERROR_TIMEOUT,
} XenoError;

#define XENO_ERROR (xeno_error_quark ())

GQuark      xeno_error_quark       (void);
GError     *xeno_error_new         (XenoError      code,
                                    const char    *details,
                                    const char    *format,
                                    ...) G_GNUC_PRINTF (3, 4);
void        xeno_set_error         (GError       **error,
                                    XenoError      code,
                                    const char    *details,
                                    const char    *format,
                                    ...) G_GNUC_PRINTF (4, 5);
const char *xeno_error_get_details (const GError  *error);

G_END_DECLS
