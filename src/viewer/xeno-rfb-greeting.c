/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Greets a VNC server as far as its TLS, so that the decoder finds none. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "viewer/xeno-rfb-greeting.h"

#define VERSION_SIZE 12
#define MAX_REASON 1024

/* Ways to say who one is, and within VeNCrypt's TLS. */
enum
{
  AUTH_FAILED = 0,
  AUTH_NONE = 1,
  AUTH_VNC = 2,
  AUTH_TLS = 18,
  AUTH_VENCRYPT = 19,
  AUTH_SASL = 20,
  AUTH_ARD = 30,
  AUTH_MSLOGON_II = 113,
};

enum
{
  VENCRYPT_TLS_NONE = 257,
  VENCRYPT_TLS_VNC = 258,
  VENCRYPT_X509_NONE = 260,
  VENCRYPT_X509_VNC = 261,
  VENCRYPT_X509_PLAIN = 262,
  VENCRYPT_X509_SASL = 263,
  VENCRYPT_TLS_SASL = 264,
};

/* The best first. Over a network encryption is worth a question; on this computer no question is. */
static const guint8 remote_types[] = {
  AUTH_VENCRYPT, AUTH_TLS, AUTH_NONE, AUTH_SASL, AUTH_ARD, AUTH_MSLOGON_II, AUTH_VNC,
};
static const guint8 local_types[] = {
  AUTH_NONE, AUTH_VENCRYPT, AUTH_TLS, AUTH_SASL, AUTH_ARD, AUTH_MSLOGON_II, AUTH_VNC,
};

/* What the decoder is to find once there is TLS; VeNCrypt where it makes TLS itself. */
static const struct
{
  guint32           type;
  XenoRfbEncryption encryption;
  guint8            within;
} subtypes[] = {
  { VENCRYPT_X509_SASL, XENO_RFB_CERTIFIED, AUTH_SASL },
  { VENCRYPT_X509_PLAIN, XENO_RFB_CERTIFIED, AUTH_NONE },
  { VENCRYPT_X509_VNC, XENO_RFB_CERTIFIED, AUTH_VNC },
  { VENCRYPT_X509_NONE, XENO_RFB_CERTIFIED, AUTH_NONE },
  { VENCRYPT_TLS_SASL, XENO_RFB_ANONYMOUS, AUTH_VENCRYPT },
  { VENCRYPT_TLS_VNC, XENO_RFB_ANONYMOUS, AUTH_VENCRYPT },
  { VENCRYPT_TLS_NONE, XENO_RFB_ANONYMOUS, AUTH_VENCRYPT },
};

typedef struct
{
  GInputStream    *input;
  GOutputStream   *output;
  const char      *place;
  XenoRfbGreeting *greeting;
  GCancellable    *cancellable;
  guint            minor;
} Greeter;

static gboolean
take (Greeter  *greeter,
      gpointer  buffer,
      gsize     size,
      GError  **error)
{
  gsize n;

  if (!g_input_stream_read_all (greeter->input, buffer, size, &n, greeter->cancellable, error))
    return FALSE;
  if (n == size)
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "the server hung up");
  return FALSE;
}

static gboolean
take_u32 (Greeter  *greeter,
          guint32  *value,
          GError  **error)
{
  if (!take (greeter, value, sizeof *value, error))
    return FALSE;

  *value = GUINT32_FROM_BE (*value);
  return TRUE;
}

static gboolean
send (Greeter       *greeter,
      gconstpointer  data,
      gsize          size,
      GError       **error)
{
  return g_output_stream_write_all (greeter->output, data, size, NULL, greeter->cancellable, error);
}

static gboolean
refuse (Greeter  *greeter,
        GError  **error)
{
  xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                  _("The display of “%s” asks who you are in a way that Xenolith does not know. Let its "
                    "server ask for a password instead."),
                  greeter->place);
  return FALSE;
}

/* For the decoder: what a server says that has nothing else to offer. */
static void
present (Greeter *greeter,
         guint8   type)
{
  GByteArray *prelude = greeter->greeting->prelude;
  g_autofree char *version = g_strdup_printf ("RFB 003.%03u\n", greeter->minor);
  const guint8 types[] = { 1, type };
  const guint8 old_type[] = { 0, 0, 0, type };

  g_byte_array_append (prelude, (const guint8 *) version, VERSION_SIZE);
  greeter->greeting->n_replies = VERSION_SIZE;
  if (greeter->minor >= 7)
    {
      g_byte_array_append (prelude, types, sizeof types);
      greeter->greeting->n_replies++;
    }
  else
    {
      g_byte_array_append (prelude, old_type, sizeof old_type);
    }
}

static void
present_vencrypt (Greeter *greeter,
                  guint32  subtype)
{
  const guint8 version_and_count[] = { 0, 2, 0, 1 };
  const guint32 wire = GUINT32_TO_BE (subtype);

  present (greeter, AUTH_VENCRYPT);
  g_byte_array_append (greeter->greeting->prelude, version_and_count, sizeof version_and_count);
  g_byte_array_append (greeter->greeting->prelude, (const guint8 *) &wire, sizeof wire);
  greeter->greeting->n_replies += 2 + sizeof wire;
}

static gboolean
take_refusal (Greeter  *greeter,
              GError  **error)
{
  char reason[MAX_REASON];
  g_autofree char *text = NULL;
  guint32 size;
  gsize n = 0;

  if (!take_u32 (greeter, &size, error))
    return FALSE;

  g_input_stream_read_all (greeter->input, reason, MIN (size, sizeof reason), &n, greeter->cancellable, NULL);
  text = xeno_text_clean (reason, n, 200);
  xeno_set_error (error, XENO_ERROR_NO_CONNECTION, text,
                  /* Translators: the first is an address, the second what its server says */
                  _("“%s” refuses to show its display: “%s”. Try again later."), greeter->place, text);
  return FALSE;
}

static gboolean
exchange_versions (Greeter  *greeter,
                   GError  **error)
{
  char theirs[VERSION_SIZE + 1] = { 0 };
  g_autofree char *ours = NULL;
  guint major, minor;

  if (!take (greeter, theirs, VERSION_SIZE, error))
    return FALSE;

  if (theirs[VERSION_SIZE - 1] != '\n' || sscanf (theirs, "RFB %3u.%3u\n", &major, &minor) != 2 || major < 3)
    {
      xeno_set_error (error, XENO_ERROR_INVALID, theirs,
                      _("What answers at “%s” is no VNC server. Check the number of the port."),
                      greeter->place);
      return FALSE;
    }

  greeter->minor = major > 3 || minor >= 8 ? 8 : minor == 7 ? 7 : 3;
  ours = g_strdup_printf ("RFB 003.%03u\n", greeter->minor);
  return send (greeter, ours, VERSION_SIZE, error);
}

/* An old server does not ask, it tells. */
static gboolean
take_old_type (Greeter  *greeter,
               GError  **error)
{
  guint32 type;

  if (!take_u32 (greeter, &type, error))
    return FALSE;
  if (type == AUTH_FAILED)
    return take_refusal (greeter, error);
  if (type != AUTH_NONE && type != AUTH_VNC)
    return refuse (greeter, error);

  present (greeter, type);
  return TRUE;
}

static gboolean
choose_subtype (Greeter        *greeter,
                const guint32  *offered,
                guint           n_offered,
                GError        **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (subtypes); i++)
    for (guint k = 0; k < n_offered; k++)
      {
        guint8 accepted = 0;

        if (GUINT32_FROM_BE (offered[k]) != subtypes[i].type)
          continue;

        greeter->greeting->encryption = subtypes[i].encryption;
        greeter->greeting->wants_plain = subtypes[i].type == VENCRYPT_X509_PLAIN;
        if (!send (greeter, &offered[k], sizeof offered[k], error))
          return FALSE;
        if (subtypes[i].encryption == XENO_RFB_ANONYMOUS)
          {
            present_vencrypt (greeter, subtypes[i].type);
            return TRUE;
          }
        present (greeter, subtypes[i].within);
        return take (greeter, &accepted, 1, error) && (accepted == 1 || refuse (greeter, error));
      }
  return refuse (greeter, error);
}

static gboolean
negotiate_vencrypt (Greeter  *greeter,
                    GError  **error)
{
  const guint8 chosen = AUTH_VENCRYPT;
  const guint8 ours[] = { 0, 2 };
  guint8 theirs[2], status, n;
  guint32 offered[G_MAXUINT8];

  if (!send (greeter, &chosen, 1, error) || !take (greeter, theirs, sizeof theirs, error))
    return FALSE;
  if (theirs[0] == 0 && theirs[1] < ours[1])
    return refuse (greeter, error);

  if (!send (greeter, ours, sizeof ours, error) || !take (greeter, &status, 1, error))
    return FALSE;
  if (status != 0)
    return refuse (greeter, error);

  return take (greeter, &n, 1, error) && take (greeter, offered, n * sizeof *offered, error) &&
         choose_subtype (greeter, offered, n, error);
}

static gboolean
choose_type (Greeter       *greeter,
             gboolean       is_remote,
             const guint8  *offered,
             guint          n_offered,
             GError       **error)
{
  const guint8 *types = is_remote ? remote_types : local_types;

  for (guint i = 0; i < G_N_ELEMENTS (remote_types); i++)
    {
      if (memchr (offered, types[i], n_offered) == NULL)
        continue;
      if (types[i] == AUTH_VENCRYPT && greeter->minor == 8)
        return negotiate_vencrypt (greeter, error);
      if (types[i] == AUTH_VENCRYPT)
        continue;

      greeter->greeting->encryption = types[i] == AUTH_TLS ? XENO_RFB_ANONYMOUS : XENO_RFB_PLAIN;
      present (greeter, types[i]);
      return send (greeter, &types[i], 1, error);
    }
  return refuse (greeter, error);
}

/**
 * xeno_rfb_greet:
 * @stream: a fresh connection to a VNC server
 * @is_remote: whether a network lies between
 * @place: where it leads, for errors
 * @greeting: (out caller-allocates): what came of it; its prelude is the caller's
 * @cancellable: (nullable): to give up
 * @error: (out) (optional): why it came to nothing
 *
 * Agrees with a server on the way to say who one is. Blocks.
 *
 * Returns: whether they agreed
 */
gboolean
xeno_rfb_greet (GIOStream        *stream,
                gboolean          is_remote,
                const char       *place,
                XenoRfbGreeting  *greeting,
                GCancellable     *cancellable,
                GError          **error)
{
  Greeter greeter = {
    .input = g_io_stream_get_input_stream (stream),
    .output = g_io_stream_get_output_stream (stream),
    .place = place,
    .greeting = greeting,
    .cancellable = cancellable,
  };
  guint8 offered[G_MAXUINT8], n;

  *greeting = (XenoRfbGreeting) { .prelude = g_byte_array_new () };
  if (!exchange_versions (&greeter, error))
    return FALSE;
  if (greeter.minor < 7)
    return take_old_type (&greeter, error);

  if (!take (&greeter, &n, 1, error))
    return FALSE;
  if (n == 0)
    return take_refusal (&greeter, error);

  return take (&greeter, offered, n, error) && choose_type (&greeter, is_remote, offered, n, error);
}

/**
 * xeno_rfb_send_plain:
 * @stream: an encrypted connection whose greeting wants it
 * @username: who the person is
 * @password: what proves it
 * @cancellable: (nullable): to give up
 * @error: (out) (optional): why it came to nothing
 *
 * Says who the person is. Blocks.
 *
 * Returns: whether it could be said
 */
gboolean
xeno_rfb_send_plain (GIOStream     *stream,
                     const char    *username,
                     const char    *password,
                     GCancellable  *cancellable,
                     GError       **error)
{
  GOutputStream *output = g_io_stream_get_output_stream (stream);
  const guint32 sizes[] = { GUINT32_TO_BE (strlen (username)), GUINT32_TO_BE (strlen (password)) };

  return g_output_stream_write_all (output, sizes, sizeof sizes, NULL, cancellable, error) &&
         g_output_stream_write_all (output, username, strlen (username), NULL, cancellable, error) &&
         g_output_stream_write_all (output, password, strlen (password), NULL, cancellable, error);
}
