/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names: the slug libvirt sees, made from the title a person typed. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "spec/xeno-name.h"

/* Targets of commands that are no machine. */
static const char * const reserved[] = { "all", "host", "self" };

static gboolean
is_reserved (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (reserved); i++)
    {
      if (g_ascii_strcasecmp (name, reserved[i]) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Characters that show nothing and change how others show; two of them are part of words. */
static gboolean
is_invisible (gunichar c)
{
  return c != 0x200c && c != 0x200d
         && (g_unichar_type (c) == G_UNICODE_FORMAT
             || g_unichar_type (c) == G_UNICODE_LINE_SEPARATOR
             || g_unichar_type (c) == G_UNICODE_PARAGRAPH_SEPARATOR);
}

static gboolean
has_invisible (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      if (is_invisible (g_utf8_get_char (p)))
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_visible (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      if (g_unichar_isgraph (g_utf8_get_char (p)) && !g_unichar_iszerowidth (g_utf8_get_char (p)))
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_blank_ends (const char *text)
{
  const char *last = g_utf8_find_prev_char (text, text + strlen (text));

  return g_unichar_isspace (g_utf8_get_char (text)) || g_unichar_isspace (g_utf8_get_char (last));
}

static gboolean
refuse (GError     **error,
        const char  *sentence)
{
  g_set_error_literal (error, XENO_ERROR, XENO_ERROR_INVALID, sentence);
  return FALSE;
}

/**
 * xeno_name_check_title:
 * @title: what a person typed
 * @error: %XENO_ERROR_INVALID with a sentence for the form
 *
 * Checks whether a machine can be called this: any script, at most 100 characters, nothing that
 * cannot be seen, and no name that means something else.
 *
 * Returns: %TRUE if it can
 */
gboolean
xeno_name_check_title (const char  *title,
                       GError     **error)
{
  g_return_val_if_fail (title != NULL, FALSE);

  if (!xeno_text_is_plain (title) || has_invisible (title))
    return refuse (error, _("The name has characters that cannot be shown. Type it again."));
  if (!has_visible (title))
    return refuse (error, _("The name is empty. Type a name."));
  if (has_blank_ends (title))
    return refuse (error, _("The name begins or ends with a blank. Remove it."));
  if (strchr (title, '/') != NULL)
    return refuse (error, _("The name has a slash. Choose a name without one."));
  if (strcmp (title, ".") == 0 || strcmp (title, "..") == 0)
    return refuse (error, _("A name cannot be only dots. Choose another name."));
  if (is_reserved (title))
    return refuse (error, _("This name has a meaning of its own in commands. Choose another name."));
  if (g_utf8_strlen (title, -1) > XENO_TITLE_MAX_CHARS)
    return refuse (error, _("The name is longer than 100 characters. Choose a shorter one."));
  return TRUE;
}

/**
 * xeno_name_is_slug:
 * @name: a name
 *
 * Gets whether a name is one that we give to libvirt: a letter or digit, then letters, digits,
 * points, underscores and dashes, at most 50 in all, and not reserved.
 *
 * Returns: %TRUE if it is
 */
gboolean
xeno_name_is_slug (const char *name)
{
  gsize length;

  g_return_val_if_fail (name != NULL, FALSE);

  length = strlen (name);
  if (length == 0 || length > XENO_NAME_MAX_BYTES || !g_ascii_isalnum (*name) || is_reserved (name))
    return FALSE;

  return strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-") == length;
}

/* What is between letters and digits becomes one dash; points and underscores may stay. */
static char *
join_words (const char *ascii)
{
  g_autoptr (GString) slug = g_string_new (NULL);
  gboolean between = FALSE;

  for (const char *p = ascii; *p != '\0'; p++)
    {
      if (g_ascii_isalnum (*p) || ((*p == '.' || *p == '_') && slug->len > 0 && !between))
        {
          if (between && slug->len > 0)
            g_string_append_c (slug, '-');
          g_string_append_c (slug, *p);
          between = FALSE;
        }
      else
        {
          between = TRUE;
        }
    }
  return g_string_free (g_steal_pointer (&slug), FALSE);
}

static void
chomp_marks (char *slug)
{
  gsize length = strlen (slug);

  while (length > 0 && !g_ascii_isalnum (slug[length - 1]))
    slug[--length] = '\0';
}

/**
 * xeno_name_make_slug:
 * @title: what a person typed
 *
 * Makes the name that libvirt gets: what Latin letters and digits the title has, or "machine" where
 * it has none. The same title gives the same name in every locale.
 *
 * Returns: (transfer full): a name that xeno_name_is_slug() holds for
 */
char *
xeno_name_make_slug (const char *title)
{
  g_autofree char *valid = NULL;
  g_autofree char *ascii = NULL;
  g_autofree char *slug = NULL;

  g_return_val_if_fail (title != NULL, NULL);

  valid = g_utf8_make_valid (title, -1);
  ascii = g_str_to_ascii (valid, "C");
  slug = join_words (ascii);
  if (strlen (slug) > XENO_NAME_MAX_BYTES)
    slug[XENO_NAME_MAX_BYTES] = '\0';
  chomp_marks (slug);

  if (*slug == '\0')
    return g_strdup ("machine");
  if (is_reserved (slug))
    return g_strconcat ("machine-", slug, NULL);
  return g_steal_pointer (&slug);
}

static char *
append_number (const char *name,
               const char *separator,
               guint       number)
{
  glong max_chars = xeno_name_is_slug (name) ? XENO_NAME_MAX_BYTES : XENO_TITLE_MAX_CHARS;
  g_autofree char *suffix = g_strdup_printf ("%s%u", separator, number);
  glong kept = MIN (g_utf8_strlen (name, -1), max_chars - g_utf8_strlen (suffix, -1));
  g_autofree char *start = g_utf8_substring (name, 0, kept);

  return g_strconcat (g_strchomp (start), suffix, NULL);
}

/**
 * xeno_name_make_unique:
 * @name: a name or title
 * @separator: what stands before the number: "-" for names, " " for titles
 * @taken: (scope call) (nullable): says whether a candidate is taken
 * @user_data: passed to @taken
 *
 * Appends 2, 3, … until the name is free. It stays within the length that is allowed.
 *
 * Returns: (transfer full): a name that is not taken
 */
char *
xeno_name_make_unique (const char        *name,
                       const char        *separator,
                       XenoNameTakenFunc  taken,
                       gpointer           user_data)
{
  g_autofree char *candidate = NULL;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (separator != NULL, NULL);

  candidate = g_strdup (name);
  for (guint number = 2; taken != NULL && taken (candidate, user_data); number++)
    {
      g_free (candidate);
      candidate = append_number (name, separator, number);
    }
  return g_steal_pointer (&candidate);
}
