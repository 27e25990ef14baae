/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a VNC viewer says who looks. */
#include "config.h"

#include "display/xeno-display-sasl.h"
#include "display/xeno-display-vnc-private.h"

/* Of the ways to say who one is, those gvnc knows, the best first: it ends the process when it is told
 * to use another one. Nothing to say comes first: where that will do, there is nobody to ask. */
static const int auth_types[] = {
  VNC_CONNECTION_AUTH_NONE,
  VNC_CONNECTION_AUTH_VENCRYPT,
  VNC_CONNECTION_AUTH_TLS,
  VNC_CONNECTION_AUTH_SASL,
  VNC_CONNECTION_AUTH_ARD,
  VNC_CONNECTION_AUTH_MSLOGONII,
  (int) VNC_CONNECTION_AUTH_MSLOGON,
  VNC_CONNECTION_AUTH_VNC,
};

/* Within TLS, which is VeNCrypt's or the older one. Where there are certificates the app has looked at
 * them before, and there is no TLS left for this process. */
static const int auth_subtypes[] = {
  VNC_CONNECTION_AUTH_VENCRYPT_TLSSASL,
  VNC_CONNECTION_AUTH_VENCRYPT_TLSVNC,
  VNC_CONNECTION_AUTH_VENCRYPT_TLSNONE,
  VNC_CONNECTION_AUTH_SASL,
  VNC_CONNECTION_AUTH_VNC,
  VNC_CONNECTION_AUTH_NONE,
};

/* The values come in a GValueArray, which only code that is as old may name without a warning. */
G_GNUC_BEGIN_IGNORE_DEPRECATIONS
static gboolean
has_value (GValueArray *values,
           int          value)
{
  for (guint i = 0; i < values->n_values; i++)
    if (g_value_get_enum (g_value_array_get_nth (values, i)) == value)
      return TRUE;
  return FALSE;
}

static int
choose (GValueArray *values,
        const int   *known,
        gsize        n_known)
{
  for (gsize i = 0; i < n_known; i++)
    if (has_value (values, known[i]))
      return known[i];
  return VNC_CONNECTION_AUTH_INVALID;
}

/* To choose twice would end the process, too. */
static void
auth_choose_type_cb (XenoDisplayVnc *self,
                     GValueArray    *types)
{
  int type = choose (types, auth_types, G_N_ELEMENTS (auth_types));

  if (type == VNC_CONNECTION_AUTH_INVALID || self->has_auth_type)
    {
      xeno_display_vnc_fail (self, XENO_DISPLAY_FAILURE_UNSUPPORTED);
      return;
    }

  self->has_auth_type = TRUE;
  vnc_connection_set_auth_type (self->connection, type);
}

static void
auth_choose_subtype_cb (XenoDisplayVnc *self,
                        guint           type,
                        GValueArray    *subtypes)
{
  int subtype = choose (subtypes, auth_subtypes, G_N_ELEMENTS (auth_subtypes));

  if (subtype == VNC_CONNECTION_AUTH_INVALID || self->has_auth_subtype)
    {
      xeno_display_vnc_fail (self, XENO_DISPLAY_FAILURE_UNSUPPORTED);
      return;
    }

  self->has_auth_subtype = TRUE;
  vnc_connection_set_auth_subtype (self->connection, subtype);
}

typedef struct
{
  XenoDisplayVnc         *self;
  XenoDisplayCredentials  wanted;
} Asking;

static void
credentials_cb (GObject      *server,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autofree Asking *asking = user_data;
  g_autoptr (XenoDisplayVnc) self = asking->self;
  g_autofree char *username = NULL;
  char *password = NULL;

  if (!xeno_display_server_ask_credentials_finish (XENO_DISPLAY_SERVER (server), result,
                                                   &username, &password, NULL))
    {
      xeno_display_vnc_fail (self, XENO_DISPLAY_FAILURE_PASSWORD);
      return;
    }

  if (self->stopped == NULL && vnc_connection_is_open (self->connection))
    {
      if ((asking->wanted & XENO_DISPLAY_USERNAME) != 0)
        vnc_connection_set_credential (self->connection, VNC_CONNECTION_CREDENTIAL_USERNAME, username);
      if ((asking->wanted & XENO_DISPLAY_PASSWORD) != 0)
        vnc_connection_set_credential (self->connection, VNC_CONNECTION_CREDENTIAL_PASSWORD, password);
    }
  xeno_display_free_secret (password);
}

/* A certificate of ours is nothing anybody has for a console. */
static void
auth_credential_cb (XenoDisplayVnc *self,
                    GValueArray    *credentials)
{
  Asking *asking;
  XenoDisplayCredentials wanted = 0;

  if (has_value (credentials, VNC_CONNECTION_CREDENTIAL_USERNAME))
    wanted |= XENO_DISPLAY_USERNAME;
  if (has_value (credentials, VNC_CONNECTION_CREDENTIAL_PASSWORD))
    wanted |= XENO_DISPLAY_PASSWORD;
  if (wanted == 0 || has_value (credentials, VNC_CONNECTION_CREDENTIAL_CLIENTNAME))
    {
      xeno_display_vnc_fail (self, XENO_DISPLAY_FAILURE_UNSUPPORTED);
      return;
    }

  asking = g_new (Asking, 1);
  asking->self = g_object_ref (self);
  asking->wanted = wanted;
  xeno_display_server_ask_credentials_async (self->server, wanted, credentials_cb, asking);
}
G_GNUC_END_IGNORE_DEPRECATIONS

/* A newer library asks nobody to choose among ways it does not know, and says so in these words. */
static void
auth_failure_cb (XenoDisplayVnc *self,
                 const char     *reason)
{
  gboolean is_unknown = !self->has_auth_type && g_strcmp0 (reason, "No supported auth types") == 0;

  xeno_display_vnc_set_error (self, reason);
  xeno_display_vnc_fail (self, is_unknown ? XENO_DISPLAY_FAILURE_UNSUPPORTED
                                          : xeno_display_sasl_explain (XENO_DISPLAY_FAILURE_PASSWORD));
}

static void
auth_unsupported_cb (XenoDisplayVnc *self)
{
  xeno_display_vnc_fail (self, XENO_DISPLAY_FAILURE_UNSUPPORTED);
}

/**
 * xeno_display_vnc_connect_auth:
 * @self: a source about to connect
 *
 * Answers whatever its server asks before it shows anything.
 */
void
xeno_display_vnc_connect_auth (XenoDisplayVnc *self)
{
  g_return_if_fail (XENO_IS_DISPLAY_VNC (self));

  xeno_display_vnc_listen (self, "vnc-auth-choose-type", G_CALLBACK (auth_choose_type_cb));
  xeno_display_vnc_listen (self, "vnc-auth-choose-subtype", G_CALLBACK (auth_choose_subtype_cb));
  xeno_display_vnc_listen (self, "vnc-auth-credential", G_CALLBACK (auth_credential_cb));
  xeno_display_vnc_listen (self, "vnc-auth-failure", G_CALLBACK (auth_failure_cb));
  xeno_display_vnc_listen (self, "vnc-auth-unsupported", G_CALLBACK (auth_unsupported_cb));
}
