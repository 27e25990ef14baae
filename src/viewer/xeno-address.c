/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a display is to be found, as a person or a file says it. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/un.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "viewer/xeno-address-private.h"

/* Where the first display listens. Below the first number that is no display's, a number after the
 * host's name is the display's, not the port's. */
#define FIRST_PORT 5900
#define MAX_DISPLAY 99

typedef struct
{
  const char *scheme;
  const char *kind;
  gboolean    is_local;
  gboolean    has_tls;
} Scheme;

static const Scheme schemes[] = {
  { "spice", "spice", FALSE, FALSE },
  { "spice+tls", "spice", FALSE, TRUE },
  { "spice+unix", "spice", TRUE, FALSE },
  { "vnc", "vnc", FALSE, FALSE },
  { "vnc+unix", "vnc", TRUE, FALSE },
};

G_DEFINE_BOXED_TYPE (XenoAddress, xeno_address, xeno_address_ref, xeno_address_unref)

static const Scheme *
find_scheme (const char *text)
{
  const char *colon = strchr (text, ':');

  for (guint i = 0; colon != NULL && i < G_N_ELEMENTS (schemes); i++)
    if (strlen (schemes[i].scheme) == (gsize) (colon - text) &&
        g_ascii_strncasecmp (schemes[i].scheme, text, colon - text) == 0)
      return &schemes[i];
  return NULL;
}

static void
clear (gpointer data)
{
  XenoAddress *self = data;

  if (self->password != NULL)
    explicit_bzero (self->password, strlen (self->password));
  g_free (self->host);
  g_free (self->path);
  g_free (self->proxy);
  g_free (self->ca);
  g_free (self->subject);
  g_free (self->username);
  g_free (self->password);
  g_free (self->title);
  g_free (self->full_screen_key);
  g_free (self->release_key);
  g_free (self->attention_key);
}

XenoAddress *
xeno_address_new_empty (void)
{
  return g_atomic_rc_box_new0 (XenoAddress);
}

const char *
xeno_address_find_kind (const char *name)
{
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (schemes); i++)
    if (g_str_equal (schemes[i].kind, name))
      return schemes[i].kind;
  return NULL;
}

static gboolean
is_sane (const char *text)
{
  return text == NULL ||
         (*text != '\0' && strlen (text) <= XENO_ADDRESS_MAX_TEXT && xeno_text_is_plain (text));
}

static gboolean
is_host (const char *text)
{
  return is_sane (text) && strpbrk (text, " /?#@%\\") == NULL;
}

static gboolean
is_path (const char *text)
{
  return *text == '/' && strlen (text) < sizeof (((struct sockaddr_un *) NULL)->sun_path) &&
         xeno_text_is_plain (text);
}

/* What no display can be at. */
gboolean
xeno_address_check (const XenoAddress  *self,
                    GError            **error)
{
  gboolean is_place = self->host != NULL ? is_host (self->host) && (self->port != 0 || self->tls_port != 0)
                                         : self->path != NULL && is_path (self->path);

  if (is_place && is_sane (self->username) && is_sane (self->subject) && is_sane (self->proxy))
    return TRUE;

  xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                  _("This is not the address of a display. Write it like vnc://host:5900, "
                    "spice://host:5900 or vnc+unix:///path/of/socket."));
  return FALSE;
}

static gboolean
parse_port (const char *text,
            guint16    *port)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &value, NULL))
    return FALSE;

  *port = value;
  return TRUE;
}

/* “host::5901” is a port, whatever its number; so other viewers write it. */
static char *
mend_double_colon (const char *text)
{
  const char *colons = strstr (text, "::");

  if (colons == NULL || strchr (text, '[') != NULL || !g_ascii_isdigit (colons[2]))
    return g_strdup (text);

  return g_strdup_printf ("%.*s%s", (int) (colons + 1 - text), text, colons + 2);
}

static gboolean
take_query (XenoAddress *self,
            const char  *query,
            GError     **error)
{
  g_autoptr (GHashTable) values = NULL;
  const char *port, *tls_port;

  if (query == NULL)
    return TRUE;

  values = g_uri_parse_params (query, -1, "&;", G_URI_PARAMS_NONE, error);
  if (values == NULL)
    return FALSE;

  if (g_hash_table_contains (values, "password"))
    {
      xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                      _("Everybody on this computer can read a password that stands in an address. Leave "
                        "it out: you are asked for it."));
      return FALSE;
    }

  port = g_hash_table_lookup (values, "port");
  tls_port = g_hash_table_lookup (values, "tls-port");
  return (port == NULL || parse_port (port, &self->port)) &&
         (tls_port == NULL || parse_port (tls_port, &self->tls_port));
}

static gboolean
take_port (XenoAddress  *self,
           const Scheme *scheme,
           int           port,
           gboolean      is_port)
{
  if (port == 0 || port > G_MAXUINT16)
    return FALSE;

  if (port > 0 && port <= MAX_DISPLAY && !is_port)
    port += FIRST_PORT;
  if (port > 0 && scheme->has_tls)
    self->tls_port = port;
  else if (port > 0)
    self->port = port;
  else if (self->port == 0 && self->tls_port == 0)
    self->port = scheme->has_tls ? 0 : FIRST_PORT;
  return TRUE;
}

static gboolean
take_uri (XenoAddress   *self,
          const Scheme  *scheme,
          const char    *text,
          GError       **error)
{
  g_autofree char *mended = mend_double_colon (text);
  gboolean is_port = !g_str_equal (mended, text) || g_str_equal (scheme->kind, "spice");
  g_autoptr (GUri) uri = g_uri_parse (mended, G_URI_FLAGS_HAS_PASSWORD, NULL);

  if (uri == NULL)
    return FALSE;

  if (g_uri_get_password (uri) != NULL)
    return take_query (self, "password=", error);

  if (scheme->is_local)
    {
      self->path = g_strdup (g_uri_get_path (uri));
      return g_strcmp0 (g_uri_get_host (uri), "") == 0 || g_uri_get_host (uri) == NULL;
    }

  self->host = g_strdup (g_uri_get_host (uri));
  self->username = g_strdup (g_uri_get_user (uri));
  return self->host != NULL && *self->host != '\0' && strlen (g_uri_get_path (uri)) <= 1 &&
         take_query (self, g_uri_get_query (uri), error) &&
         take_port (self, scheme, g_uri_get_port (uri), is_port);
}

/**
 * xeno_address_is_address:
 * @text: what somebody wants to open
 *
 * Returns: whether it is meant to be a display's address, right or wrong, not a file's
 */
gboolean
xeno_address_is_address (const char *text)
{
  g_return_val_if_fail (text != NULL, FALSE);

  return find_scheme (text) != NULL && strstr (text, "://") != NULL;
}

/**
 * xeno_address_is_file:
 * @file: what somebody wants to open
 *
 * Returns: whether its name says that it describes an address
 */
gboolean
xeno_address_is_file (GFile *file)
{
  g_autofree char *name = NULL;
  g_autofree char *lower = NULL;

  g_return_val_if_fail (G_IS_FILE (file), FALSE);

  name = g_file_get_basename (file);
  lower = g_ascii_strdown (name != NULL ? name : "", -1);
  return g_str_has_suffix (lower, ".vv");
}

/**
 * xeno_address_new:
 * @text: a URI; without a scheme it is that of a VNC display
 * @error: (out) (optional): what is wrong with it
 *
 * Reads an address. Passwords do not belong there.
 *
 * Returns: (transfer full) (nullable): the address
 */
XenoAddress *
xeno_address_new (const char  *text,
                  GError     **error)
{
  g_autoptr (XenoAddress) self = xeno_address_new_empty ();
  g_autoptr (GError) local_error = NULL;
  g_autofree char *typed = NULL;
  g_autofree char *whole = NULL;
  const Scheme *scheme;

  g_return_val_if_fail (text != NULL, NULL);

  typed = g_strstrip (g_strdup (text));
  whole = g_strconcat (strstr (typed, "://") != NULL ? "" : "vnc://", typed, NULL);
  scheme = find_scheme (whole);
  if (scheme != NULL)
    self->kind = scheme->kind;
  if (scheme == NULL || !take_uri (self, scheme, whole, &local_error))
    {
      g_clear_pointer (&self->host, g_free);
      g_clear_pointer (&self->path, g_free);
    }

  if (local_error != NULL && local_error->domain == XENO_ERROR)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  return xeno_address_check (self, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * xeno_address_ref:
 * @self: an address
 *
 * Returns: (transfer full): @self
 */
XenoAddress *
xeno_address_ref (XenoAddress *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

/**
 * xeno_address_unref:
 * @self: (transfer full): an address
 *
 * Drops it; with the last one its password is wiped.
 */
void
xeno_address_unref (XenoAddress *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, clear);
}

static char *
dup_host (const XenoAddress *self)
{
  return strchr (self->host, ':') != NULL ? g_strdup_printf ("[%s]", self->host) : g_strdup (self->host);
}

/**
 * xeno_address_to_uri:
 * @self: an address
 *
 * Returns: (transfer full): a URI that leads there again; it holds no password
 */
char *
xeno_address_to_uri (const XenoAddress *self)
{
  g_autoptr (GString) uri = NULL;
  g_autofree char *host = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  uri = g_string_new (self->kind);
  if (self->host == NULL)
    {
      g_string_append (uri, "+unix://");
      g_string_append_uri_escaped (uri, self->path, "/", TRUE);
      return g_string_free (g_steal_pointer (&uri), FALSE);
    }

  host = dup_host (self);
  g_string_append (uri, "://");
  if (self->username != NULL)
    {
      g_string_append_uri_escaped (uri, self->username, NULL, TRUE);
      g_string_append_c (uri, '@');
    }
  g_string_append (uri, host);
  if (self->port != 0 && self->port <= MAX_DISPLAY && g_str_equal (self->kind, "vnc"))
    g_string_append_printf (uri, "::%u", self->port);
  else if (self->port != 0)
    g_string_append_printf (uri, ":%u", self->port);
  if (self->tls_port != 0)
    g_string_append_printf (uri, "?tls-port=%u", self->tls_port);
  return g_string_free (g_steal_pointer (&uri), FALSE);
}

/**
 * xeno_address_dup_place:
 * @self: an address
 *
 * Returns: (transfer full): where it is, in a few words for a person
 */
char *
xeno_address_dup_place (const XenoAddress *self)
{
  g_autofree char *host = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->host == NULL)
    return xeno_text_clean (self->path, -1, XENO_ADDRESS_MAX_TEXT);

  host = dup_host (self);
  return g_strdup_printf ("%s:%u", host, self->tls_port != 0 ? self->tls_port : self->port);
}

/**
 * xeno_address_is_remote:
 * @self: an address
 *
 * Returns: whether a network lies between
 */
gboolean
xeno_address_is_remote (const XenoAddress *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->host != NULL;
}
