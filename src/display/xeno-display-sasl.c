/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Has SASL's mechanisms load what they need while there are files. */
#include "config.h"

#include <sasl/sasl.h>
#include <string.h>

#include "display/xeno-display-sasl.h"

/* What a server might say that wants all that follows encrypted, as those do that use no TLS. */
#define CHALLENGE "realm=\"r\",nonce=\"n\",qop=\"auth-conf\",cipher=\"rc4\",maxbuf=65536," \
                  "charset=utf-8,algorithm=md5-sess"

typedef int (*CallbackFunc) (void);

static int
say_name (void        *context,
          int          id,
          const char **result,
          unsigned    *length)
{
  *result = "n";
  if (length != NULL)
    *length = 1;
  return SASL_OK;
}

static int
say_secret (sasl_conn_t    *connection,
            void           *context,
            int             id,
            sasl_secret_t **secret)
{
  *secret = context;
  return SASL_OK;
}

/* OpenSSL 3 keeps its old ciphers in a module, and opens that when they are wanted. */
static void
rehearse (void)
{
  g_autofree sasl_secret_t *secret = g_malloc0 (sizeof (sasl_secret_t) + 1);
  const sasl_callback_t callbacks[] = {
    { SASL_CB_USER, (CallbackFunc) (void (*) (void)) say_name, NULL },
    { SASL_CB_AUTHNAME, (CallbackFunc) (void (*) (void)) say_name, NULL },
    { SASL_CB_PASS, (CallbackFunc) (void (*) (void)) say_secret, secret },
    { SASL_CB_LIST_END, NULL, NULL },
  };
  const sasl_security_properties_t encrypted = { .min_ssf = 1, .max_ssf = 128, .maxbufsize = 65536 };
  sasl_conn_t *connection = NULL;
  const char *answer;
  unsigned length;

  secret->len = 1;
  secret->data[0] = 's';
  if (sasl_client_new ("vnc", "localhost", NULL, NULL, callbacks, 0, &connection) != SASL_OK)
    return;

  if (sasl_setprop (connection, SASL_SEC_PROPS, &encrypted) == SASL_OK &&
      sasl_client_start (connection, "DIGEST-MD5", NULL, &answer, &length, NULL) == SASL_CONTINUE)
    sasl_client_step (connection, CHALLENGE, strlen (CHALLENGE), NULL, &answer, &length);
  sasl_dispose (&connection);
}

/**
 * xeno_display_load_sasl:
 *
 * Loads the mechanisms by which somebody says who they are, and all that one of them loads only when it
 * is used: later there are no files.
 */
void
xeno_display_load_sasl (void)
{
  if (sasl_client_init (NULL) == SASL_OK)
    rehearse ();
}
