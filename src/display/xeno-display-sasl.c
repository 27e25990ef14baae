/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How somebody says by SASL who they are: with what was loaded in time, and never in clear. */
#include "config.h"

#include <dlfcn.h>
#include <sasl/sasl.h>
#include <string.h>

#include "display/xeno-display-sasl.h"

/* What a server might say that wants all that follows encrypted, as those do that use no TLS. */
#define CHALLENGE "realm=\"r\",nonce=\"n\",qop=\"auth-conf\",cipher=\"rc4\",maxbuf=65536," \
                  "charset=utf-8,algorithm=md5-sess"

/* What counts as encrypted, in bits: as much as all of Kerberos has, in the libraries' view and in QEMU's. */
#define MIN_STRENGTH 56
#define TLS_STRENGTH 256

typedef int (*CallbackFunc) (void);
typedef int (*SetFunc) (sasl_conn_t *connection,
                        int          property,
                        const void  *value);
typedef int (*GetFunc) (sasl_conn_t  *connection,
                        int           property,
                        const void  **value);
typedef int (*StartFunc) (sasl_conn_t      *connection,
                          const char       *offered,
                          sasl_interact_t **questions,
                          const char      **answer,
                          unsigned         *length,
                          const char      **mechanism);

/* Whether all there is to the server goes through TLS that ends in the app. The libraries, which ask
 * SASL for what they need, know only of TLS of their own. */
static gboolean is_certified = TRUE;

/* Why there is no way to say who one is; nothing, as long as there may be one. */
static XenoDisplayFailure no_way = XENO_DISPLAY_FAILURE_PASSWORD;

static gpointer
find_next (const char *name)
{
  return dlsym (RTLD_NEXT, name);
}

/* Called by the libraries in the place of the real one. Within TLS a password may be said as it is, and
 * nothing needs encrypting once more, which servers then refuse to do. Neither is true without it; the
 * libraries' own TLS, where nobody knows who is at its other end, counts for nothing, as it does for QEMU. */
int
sasl_setprop (sasl_conn_t *connection,
              int          property,
              const void  *value)
{
  SetFunc set = (SetFunc) find_next ("sasl_setprop");
  sasl_security_properties_t needed;

  if (property == SASL_SSF_EXTERNAL && !is_certified)
    return SASL_OK;
  if (property != SASL_SEC_PROPS)
    return set (connection, property, value);

  needed = *(const sasl_security_properties_t *) value;
  needed.min_ssf = is_certified ? 0 : MIN_STRENGTH;
  needed.max_ssf = is_certified ? 0 : MAX (needed.max_ssf, TLS_STRENGTH);
  needed.security_flags = is_certified ? 0 : SASL_SEC_NOANONYMOUS | SASL_SEC_NOPLAINTEXT;
  return set (connection, property, &needed);
}

/* How well what passes is encrypted, in the place of the real one. */
int
sasl_getprop (sasl_conn_t  *connection,
              int           property,
              const void  **value)
{
  static const sasl_ssf_t strength = TLS_STRENGTH;
  GetFunc get = (GetFunc) find_next ("sasl_getprop");

  if (property != SASL_SSF || !is_certified)
    return get (connection, property, value);

  *value = &strength;
  return SASL_OK;
}

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

/* In the place of the real one: the libraries tell of this as they tell of a wrong password. */
int
sasl_client_start (sasl_conn_t      *connection,
                   const char       *offered,
                   sasl_interact_t **questions,
                   const char      **answer,
                   unsigned         *length,
                   const char      **mechanism)
{
  StartFunc start = (StartFunc) find_next ("sasl_client_start");
  int result = start (connection, offered, questions, answer, length, mechanism);
  gboolean is_plain = strstr (offered, "PLAIN") != NULL || strstr (offered, "LOGIN") != NULL;

  if (result == SASL_NOMECH)
    no_way = is_plain && !is_certified ? XENO_DISPLAY_FAILURE_CLEAR : XENO_DISPLAY_FAILURE_UNSUPPORTED;
  return result;
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
  SetFunc set = (SetFunc) find_next ("sasl_setprop");
  StartFunc start = (StartFunc) find_next ("sasl_client_start");
  sasl_conn_t *connection = NULL;
  const char *answer;
  unsigned length;

  secret->len = 1;
  secret->data[0] = 's';
  if (sasl_client_new ("vnc", "localhost", NULL, NULL, callbacks, 0, &connection) != SASL_OK)
    return;

  if (set (connection, SASL_SEC_PROPS, &encrypted) == SASL_OK &&
      start (connection, "DIGEST-MD5", NULL, &answer, &length, NULL) == SASL_CONTINUE)
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

/**
 * xeno_display_sasl_take_link:
 * @link_is_certified: whether what passes goes through TLS that ends in the app, with a server whose
 *   certificate is believed
 *
 * Hears of one more connection to the server. One that is not certified is enough for all of them to be
 * held not to be.
 */
void
xeno_display_sasl_take_link (gboolean link_is_certified)
{
  is_certified = is_certified && link_is_certified;
}

/**
 * xeno_display_sasl_explain:
 * @failure: why this came to nothing, in the libraries' view
 *
 * Returns: why nobody could say who they are, or else @failure
 */
XenoDisplayFailure
xeno_display_sasl_explain (XenoDisplayFailure failure)
{
  return no_way != XENO_DISPLAY_FAILURE_PASSWORD ? no_way : failure;
}
