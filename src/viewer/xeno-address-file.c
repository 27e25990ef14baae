/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the files in which web consoles and virt-viewer describe a display. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "viewer/xeno-address-private.h"

#define GROUP "virt-viewer"
#define MAX_CHARS 200

/* Of the keys virt-viewer documents these are passed over, each for its reason:
 *  version, versions, newer-version-url: they speak of virt-viewer's versions
 *  tls-ciphers: what is good enough this computer's policy says, for all programs
 *  enable-usbredir, enable-usb-autoshare, usb-filter: a device is plugged in when a person says so
 *  enable-smartcard, smartcard-insert, smartcard-remove: the same, for cards
 *  usb-device-reset: there is nothing to reset
 *  disable-channels: sound, microphone and devices are a person's choice, the rest is the display itself
 *  color-depth, disable-effects: they lower what a guest shows
 *  zoom-in, zoom-out, zoom-reset: a picture follows its window
 * The group “ovirt” leads to an account on a management server, which nobody here needs to see a display.
 */

typedef struct
{
  const char *theirs;
  const char *gtk;
} Word;

/* Their names for what GTK calls a modifier. */
static const Word modifiers[] = {
  { "alt", "<Alt>" },
  { "control", "<Control>" },
  { "ctrl", "<Control>" },
  { "meta", "<Meta>" },
  { "shift", "<Shift>" },
  { "super", "<Super>" },
};

/* They write keys in any case, and shorten some. */
static const Word keys[] = {
  { "backspace", "BackSpace" },
  { "del", "Delete" },
  { "delete", "Delete" },
  { "down", "Down" },
  { "end", "End" },
  { "enter", "Return" },
  { "esc", "Escape" },
  { "escape", "Escape" },
  { "home", "Home" },
  { "ins", "Insert" },
  { "insert", "Insert" },
  { "left", "Left" },
  { "page_down", "Page_Down" },
  { "page_up", "Page_Up" },
  { "pause", "Pause" },
  { "return", "Return" },
  { "right", "Right" },
  { "space", "space" },
  { "tab", "Tab" },
  { "up", "Up" },
};

static const char *
find_word (const Word *words,
           gsize       n_words,
           const char *theirs)
{
  for (gsize i = 0; i < n_words; i++)
    if (g_ascii_strcasecmp (words[i].theirs, theirs) == 0)
      return words[i].gtk;
  return NULL;
}

/* “shift+f11” is GTK's “<Shift>F11”. One key at the end, modifiers before it. */
static char *
translate_key (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text != NULL ? text : "", "+", 8);
  guint n = g_strv_length (words);
  g_autoptr (GString) key = g_string_new (NULL);
  const char *known;

  if (n == 0)
    return NULL;

  for (guint i = 0; i + 1 < n; i++)
    {
      const char *modifier = find_word (modifiers, G_N_ELEMENTS (modifiers), words[i]);

      if (modifier == NULL)
        return NULL;
      g_string_append (key, modifier);
    }

  for (const char *p = words[n - 1]; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != '_')
      return NULL;
  if (g_ascii_tolower (*words[n - 1]) == 'f' && g_ascii_isdigit (words[n - 1][1]))
    *words[n - 1] = 'F';
  known = find_word (keys, G_N_ELEMENTS (keys), words[n - 1]);
  g_string_append (key, known != NULL ? known : words[n - 1]);
  return *words[n - 1] != '\0' ? g_string_free (g_steal_pointer (&key), FALSE) : NULL;
}

/* In place. GLib's own way complains aloud of what a stranger wrote. */
static void
unescape (char *text)
{
  static const char escaped[] = "ntrs\\";
  static const char plain[] = "\n\t\r \\";
  char *to = text;

  for (const char *from = text; *from != '\0'; from++, to++)
    {
      const char *place = *from == '\\' && from[1] != '\0' ? strchr (escaped, from[1]) : NULL;

      *to = place != NULL ? plain[place - escaped] : *from;
      from += place != NULL;
    }
  *to = '\0';
}

static char *
get_text (GKeyFile   *file,
          const char *key)
{
  g_autofree char *text = g_key_file_get_value (file, GROUP, key, NULL);

  if (text == NULL || *text == '\0' || !g_utf8_validate (text, -1, NULL))
    return NULL;

  unescape (text);
  return g_steal_pointer (&text);
}

static char *
get_clean_text (GKeyFile   *file,
                const char *key)
{
  g_autofree char *text = get_text (file, key);
  g_autofree char *clean = text != NULL ? xeno_text_clean (text, -1, MAX_CHARS) : NULL;

  return clean != NULL && *clean != '\0' ? g_steal_pointer (&clean) : NULL;
}

static char *
get_key (GKeyFile   *file,
         const char *key)
{
  g_autofree char *text = get_text (file, key);

  return translate_key (text);
}

static guint16
get_port (GKeyFile   *file,
          const char *key)
{
  guint64 port = g_key_file_get_uint64 (file, GROUP, key, NULL);

  return port <= G_MAXUINT16 ? port : 0;
}

/* They write 1, which a GKeyFile does not take for a boolean. */
static gboolean
get_flag (GKeyFile   *file,
          const char *key)
{
  g_autofree char *text = get_text (file, key);

  return g_strcmp0 (text, "1") == 0 || g_strcmp0 (text, "true") == 0;
}

/* In one line, ends of lines as “\n”. */
static char *
get_ca (GKeyFile *file)
{
  g_autofree char *ca = get_text (file, "ca");

  return ca != NULL && strstr (ca, "-----BEGIN CERTIFICATE-----") != NULL ? g_steal_pointer (&ca) : NULL;
}

/* Whoever wants some of SPICE's channels encrypted gets all of them so, or none. */
static gboolean
is_as_secure_as_wanted (XenoAddress *self,
                        GKeyFile    *file)
{
  g_autofree char *wanted = get_text (file, "secure-channels");

  return wanted == NULL || self->tls_port != 0 || self->host == NULL || g_str_equal (self->kind, "vnc");
}

static gboolean
fail (GError **error)
{
  xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                  _("The file does not describe a display that Xenolith can show. Get a new one from where "
                    "it came from."));
  return FALSE;
}

/* A host of SPICE's may be a name only a proxy understands, with colons in it. */
static gboolean
take (XenoAddress  *self,
      GKeyFile     *file,
      GError      **error)
{
  g_autofree char *type = get_text (file, "type");

  self->kind = xeno_address_find_kind (type);
  if (self->kind == NULL)
    return fail (error);

  self->host = get_text (file, "host");
  self->path = self->host == NULL ? get_text (file, "unix-path") : NULL;
  self->port = get_port (file, "port");
  self->tls_port = get_port (file, "tls-port");
  self->proxy = get_text (file, "proxy");
  self->ca = get_ca (file);
  self->subject = get_text (file, "host-subject");
  self->username = get_text (file, "username");
  self->password = get_text (file, "password");
  self->title = get_clean_text (file, "title");
  self->full_screen_key = get_key (file, "toggle-fullscreen");
  self->release_key = get_key (file, "release-cursor");
  self->attention_key = get_key (file, "secure-attention");
  self->is_full_screen = get_flag (file, "fullscreen");
  self->deletes_file = get_flag (file, "delete-this-file");

  if (g_str_equal (self->kind, "vnc"))
    self->tls_port = 0;
  return xeno_address_check (self, NULL) && is_as_secure_as_wanted (self, file) ? TRUE : fail (error);
}

/**
 * xeno_address_new_from_data:
 * @data: what a .vv file holds
 * @size: in bytes
 * @error: (out) (optional): what is wrong with it
 *
 * Reads an address from the file that a web console gives out, in virt-viewer's format.
 *
 * Returns: (transfer full) (nullable): the address
 */
XenoAddress *
xeno_address_new_from_data (const char  *data,
                            gsize        size,
                            GError     **error)
{
  g_autoptr (XenoAddress) self = xeno_address_new_empty ();
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_return_val_if_fail (data != NULL || size == 0, NULL);

  if (size == 0 || size > XENO_ADDRESS_MAX_FILE_SIZE ||
      !g_key_file_load_from_data (file, data, size, G_KEY_FILE_NONE, NULL))
    {
      fail (error);
      return NULL;
    }
  return take (self, file, error) ? g_steal_pointer (&self) : NULL;
}
