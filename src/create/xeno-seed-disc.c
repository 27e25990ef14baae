/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A seed as cloud-init reads it: documents in YAML, on a disc called “cidata”. */
#include "config.h"

#include <crypt.h>
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include <glib/gi18n-lib.h>
#include <yaml.h>

#include "base/xeno-error.h"
#include "create/xeno-seed.h"
#include "create/xeno-small-disc.h"

#define VOLUME_ID   "cidata"
#define HEADER      "#cloud-config\n"
#define SALT_CHARS  16

/* cloud-init runs what lies there, once, when everything else is done; in a copy it would run again. */
#define SCRIPT_PATH "/var/lib/cloud/scripts/per-instance/xenolith"
#define SHEBANG     "#!/bin/sh\n"

typedef struct crypt_data CryptData;

static void
crypt_data_wipe (CryptData *data)
{
  explicit_bzero (data, sizeof *data);
  g_free (data);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CryptData, crypt_data_wipe)

/* SHA-512, which every guest knows. */
static char *
hash_password (const char  *password,
               GError     **error)
{
  static const char alphabet[] = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  g_autoptr (CryptData) data = g_new0 (CryptData, 1);
  guint8 random[SALT_CHARS];
  char salt[SALT_CHARS + 1] = "";
  g_autofree char *setting = NULL;
  const char *hash = NULL;

  if (getrandom (random, sizeof random, 0) == sizeof random)
    {
      for (guint i = 0; i < SALT_CHARS; i++)
        salt[i] = alphabet[random[i] % 64];
      setting = g_strdup_printf ("$6$%s$", salt);
      hash = crypt_rn (password, setting, data, sizeof *data);
    }
  if (hash != NULL && g_str_has_prefix (hash, setting))
    return g_strdup (hash);

  xeno_set_error (error, XENO_ERROR_FAILED, g_strerror (errno),
                  _("The password could not be made unreadable, so it is given to nobody."));
  return NULL;
}

/* Whatever is in it, it stays text. */
static int
add_text (yaml_document_t *document,
          const char      *text)
{
  return yaml_document_add_scalar (document, NULL, (const yaml_char_t *) text, strlen (text),
                                   YAML_DOUBLE_QUOTED_SCALAR_STYLE);
}

static void
put (yaml_document_t *document,
     int              mapping,
     const char      *key,
     int              value)
{
  int name = yaml_document_add_scalar (document, NULL, (const yaml_char_t *) key, strlen (key),
                                       YAML_PLAIN_SCALAR_STYLE);

  yaml_document_append_mapping_pair (document, mapping, name, value);
}

static void
put_text (yaml_document_t *document,
          int              mapping,
          const char      *key,
          const char      *text)
{
  put (document, mapping, key, add_text (document, text));
}

static void
put_boolean (yaml_document_t *document,
             int              mapping,
             const char      *key,
             gboolean         value)
{
  put (document, mapping, key,
       yaml_document_add_scalar (document, NULL, (const yaml_char_t *) (value ? "true" : "false"), -1,
                                 YAML_PLAIN_SCALAR_STYLE));
}

static void
put_list (yaml_document_t *document,
          int              mapping,
          const char      *key,
          GStrv            texts)
{
  int list = yaml_document_add_sequence (document, NULL, YAML_BLOCK_SEQUENCE_STYLE);

  for (guint i = 0; texts[i] != NULL; i++)
    yaml_document_append_sequence_item (document, list, add_text (document, texts[i]));
  put (document, mapping, key, list);
}

static int
add_mapping (yaml_document_t *document)
{
  return yaml_document_add_mapping (document, NULL, YAML_BLOCK_MAPPING_STYLE);
}

static gboolean
has_any (GStrv texts)
{
  return texts != NULL && *texts != NULL;
}

/* The image’s own user by another name, so that shell, groups and “sudo” are what its makers chose. */
static void
put_user (yaml_document_t *document,
          int              root,
          const XenoSeed  *seed,
          const char      *hash)
{
  int user = add_mapping (document);

  put_text (document, user, "name", seed->user);
  put_boolean (document, user, "lock_passwd", hash == NULL && !seed->is_again);
  if (hash != NULL)
    put_text (document, user, "hashed_passwd", hash);
  put (document, root, "user", user);
  if (has_any (seed->ssh_keys))
    put_list (document, root, "ssh_authorized_keys", seed->ssh_keys);
}

static void
put_script (yaml_document_t *document,
            int              root,
            const char      *script)
{
  int files = yaml_document_add_sequence (document, NULL, YAML_BLOCK_SEQUENCE_STYLE);
  int file = add_mapping (document);
  g_autofree char *whole = g_strconcat (g_str_has_prefix (script, "#!") ? "" : SHEBANG, script, NULL);

  put_text (document, file, "path", SCRIPT_PATH);
  put_text (document, file, "permissions", "0700");
  put_text (document, file, "content", whole);
  yaml_document_append_sequence_item (document, files, file);
  put (document, root, "write_files", files);
}

static int
write_bytes (void          *user_data,
             unsigned char *bytes,
             size_t         length)
{
  g_string_append_len (user_data, (const char *) bytes, length);
  return 1;
}

/* Takes the document. */
static char *
write_document (yaml_document_t *document,
                const char      *header)
{
  g_autoptr (GString) text = g_string_new (header);
  yaml_emitter_t emitter;

  yaml_emitter_initialize (&emitter);
  yaml_emitter_set_output (&emitter, write_bytes, text);
  yaml_emitter_set_unicode (&emitter, 1);
  yaml_emitter_set_width (&emitter, -1);
  yaml_emitter_dump (&emitter, document); /* frees it; fails without memory alone */
  yaml_emitter_delete (&emitter);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
make_config (const XenoSeed  *seed,
             const char      *hash)
{
  yaml_document_t document;
  int root;

  yaml_document_initialize (&document, NULL, NULL, NULL, 1, 1);
  root = add_mapping (&document);
  put_user (&document, root, seed, hash);
  put_text (&document, root, "hostname", seed->hostname);
  if (has_any (seed->packages))
    {
      put_boolean (&document, root, "package_update", TRUE);
      put_list (&document, root, "packages", seed->packages);
    }
  if (seed->script != NULL || seed->is_again)
    put_script (&document, root, seed->script != NULL ? seed->script : SHEBANG);
  return write_document (&document, HEADER);
}

static char *
make_meta_data (const XenoSeed *seed,
                const char     *instance_id)
{
  yaml_document_t document;
  int root;

  yaml_document_initialize (&document, NULL, NULL, NULL, 1, 1);
  root = add_mapping (&document);
  put_text (&document, root, "instance-id", instance_id);
  put_text (&document, root, "local-hostname", seed->hostname);
  return write_document (&document, "");
}

static GBytes *
make_disc (const char  *meta_data,
           const char  *user_data,
           const char  *config,
           GError     **error)
{
  const XenoSmallFile files[] = {
    { "meta-data", meta_data },
    { "user-data", user_data != NULL ? user_data : config },
    { "vendor-data", config },
  };

  return xeno_small_disc_make (VOLUME_ID, files, user_data != NULL ? 3 : 2, error);
}

/**
 * xeno_seed_make_disc:
 * @self: a seed that xeno_seed_check() found good
 * @instance_id: which machine it is for: the guest does all of it again where that has changed
 * @error: %XENO_ERROR_FAILED
 *
 * Makes the disc that a guest looks for at its first start. The password leaves as a hash. What a person wrote
 * themselves is on it byte for byte, and the rest stands behind it: cloud-init takes each setting from the user’s
 * data before the vendor’s. The network is left to DHCP. It takes milliseconds, and blocks.
 *
 * Returns: (transfer full): the image, or %NULL
 */
GBytes *
xeno_seed_make_disc (const XenoSeed  *self,
                     const char      *instance_id,
                     GError         **error)
{
  g_autofree char *hash = NULL;
  g_autofree char *config = NULL;
  g_autofree char *meta_data = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (instance_id != NULL, NULL);

  if (!xeno_seed_check (self, error))
    return NULL;
  if (self->password != NULL)
    {
      hash = hash_password (self->password, error);
      if (hash == NULL)
        return NULL;
    }

  config = make_config (self, hash);
  meta_data = make_meta_data (self, instance_id);
  return make_disc (meta_data, self->user_data, config, error);
}
