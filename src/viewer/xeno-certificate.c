/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a display's server is who it says it is. */
#include "config.h"

#include <string.h>

#include "viewer/xeno-certificate.h"

#define KEY "known-certificates"
#define PEM_END "-----END CERTIFICATE-----"

/* Servers come and go; those trusted last are remembered. */
#define MAX_KNOWN 200

static int
compare_words (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Libraries do not agree on the order of a subject's parts, nor on the blanks between them. */
static char *
normalize_subject (const char *subject)
{
  g_auto (GStrv) parts = g_strsplit (subject, ",", 32);

  for (guint i = 0; parts[i] != NULL; i++)
    g_strstrip (parts[i]);
  qsort (parts, g_strv_length (parts), sizeof *parts, compare_words);
  return g_strjoinv (",", parts);
}

static gboolean
has_subject (GTlsCertificate *certificate,
             const char      *subject)
{
  g_autofree char *own = NULL;
  g_autofree char *normal_own = NULL;
  g_autofree char *normal = NULL;

  g_object_get (certificate, "subject-name", &own, NULL);
  if (own == NULL)
    return FALSE;

  normal_own = normalize_subject (own);
  normal = normalize_subject (subject);
  return g_str_equal (normal_own, normal);
}

static GSocketConnectable *
get_identity (const XenoAddress *address)
{
  return address->host != NULL && address->subject == NULL ? g_network_address_new (address->host, 0) : NULL;
}

/* Each of the certificates in the text may vouch for this one. */
static gboolean
is_vouched_by (GTlsCertificate   *certificate,
               const XenoAddress *address)
{
  g_autoptr (GSocketConnectable) identity = get_identity (address);
  const char *end;

  for (const char *pem = address->ca; (end = strstr (pem, PEM_END)) != NULL; pem = end + strlen (PEM_END))
    {
      g_autoptr (GTlsCertificate) authority =
        g_tls_certificate_new_from_pem (pem, end + strlen (PEM_END) - pem, NULL);

      if (authority != NULL && g_tls_certificate_verify (certificate, identity, authority) == 0)
        return TRUE;
    }
  return FALSE;
}

/**
 * xeno_certificate_judge:
 * @certificate: what the server shows
 * @problems: what this computer finds wrong with it
 * @address: where the server is, and who is to vouch for it
 * @known: (nullable): the fingerprint that the person trusts
 *
 * Returns: what is to be thought of it
 */
XenoTrust
xeno_certificate_judge (GTlsCertificate      *certificate,
                        GTlsCertificateFlags  problems,
                        const XenoAddress    *address,
                        const char           *known)
{
  g_autofree char *fingerprint = NULL;

  g_return_val_if_fail (G_IS_TLS_CERTIFICATE (certificate), XENO_TRUST_DENIED);
  g_return_val_if_fail (address != NULL, XENO_TRUST_DENIED);

  if (address->subject != NULL && !has_subject (certificate, address->subject))
    return XENO_TRUST_DENIED;
  if (address->ca != NULL)
    return is_vouched_by (certificate, address) ? XENO_TRUST_GIVEN : XENO_TRUST_DENIED;

  fingerprint = xeno_certificate_dup_fingerprint (certificate);
  if (g_strcmp0 (fingerprint, known) == 0)
    return XENO_TRUST_GIVEN;
  if (address->subject != NULL || address->host == NULL)
    problems &= ~G_TLS_CERTIFICATE_BAD_IDENTITY;
  if (problems == 0)
    return XENO_TRUST_GIVEN;
  return known != NULL ? XENO_TRUST_CHANGED : XENO_TRUST_UNKNOWN;
}

/**
 * xeno_certificate_dup_fingerprint:
 * @certificate: a certificate
 *
 * Returns: (transfer full): its SHA-256 in pairs of digits, as other programs write it
 */
char *
xeno_certificate_dup_fingerprint (GTlsCertificate *certificate)
{
  g_autoptr (GByteArray) bytes = NULL;
  g_autofree char *digits = NULL;
  g_autoptr (GString) pairs = g_string_new (NULL);

  g_return_val_if_fail (G_IS_TLS_CERTIFICATE (certificate), NULL);

  g_object_get (certificate, "certificate", &bytes, NULL);
  digits = g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes->data, bytes->len);
  for (guint i = 0; digits[i] != '\0'; i++)
    {
      if (i > 0 && i % 2 == 0)
        g_string_append_c (pairs, ':');
      g_string_append_c (pairs, g_ascii_toupper (digits[i]));
    }
  return g_string_free (g_steal_pointer (&pairs), FALSE);
}

/**
 * xeno_certificate_recall_fingerprint:
 * @settings: the application's settings
 * @address: where a server is
 *
 * Returns: (transfer full) (nullable): the fingerprint of the certificate the person trusts there
 */
char *
xeno_certificate_recall_fingerprint (GSettings         *settings,
                                     const XenoAddress *address)
{
  g_autofree char *place = NULL;
  g_autoptr (GVariant) known = NULL;
  char *fingerprint = NULL;

  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (address != NULL, NULL);

  place = xeno_address_dup_place (address);
  known = g_settings_get_value (settings, KEY);
  g_variant_lookup (known, place, "s", &fingerprint);
  return fingerprint;
}

/**
 * xeno_certificate_store_fingerprint:
 * @settings: the application's settings
 * @address: where a server is
 * @fingerprint: of the certificate the person trusts there from now on
 *
 * Remembers it, in place of any earlier one.
 */
void
xeno_certificate_store_fingerprint (GSettings         *settings,
                                    const XenoAddress *address,
                                    const char        *fingerprint)
{
  g_autofree char *place = NULL;
  g_autoptr (GVariant) known = NULL;
  GVariantBuilder builder;
  GVariantIter iter;
  const char *other, *value;
  guint n = 1;

  g_return_if_fail (G_IS_SETTINGS (settings));
  g_return_if_fail (address != NULL && fingerprint != NULL);

  place = xeno_address_dup_place (address);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  g_variant_builder_add (&builder, "{ss}", place, fingerprint);

  known = g_settings_get_value (settings, KEY);
  g_variant_iter_init (&iter, known);
  while (n < MAX_KNOWN && g_variant_iter_next (&iter, "{&s&s}", &other, &value))
    if (!g_str_equal (other, place))
      {
        g_variant_builder_add (&builder, "{ss}", other, value);
        n++;
      }
  g_settings_set_value (settings, KEY, g_variant_builder_end (&builder));
}
