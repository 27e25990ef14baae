/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A “#cloud-config” that a person wrote: whether cloud-init could read it, and what it is about. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>
#include <yaml.h>

#include "base/xeno-error.h"
#include "create/xeno-user-data.h"

#define HEADER    "#cloud-config"
#define MAX_BYTES (64 * 1024)

/* libyaml takes time with the square of the depth. */
#define MAX_DEPTH 64

struct _XenoUserData
{
  yaml_document_t document;
};

/* cloud-init takes what follows for something else where the first line is not exactly this. */
static gboolean
has_header (const char *text)
{
  const char *rest = text + strlen (HEADER);

  if (!g_str_has_prefix (text, HEADER))
    return FALSE;

  rest += strspn (rest, " \t\r");
  return *rest == '\n' || *rest == '\0';
}

static guint
count_lines (const char *text,
             gsize       length)
{
  guint n = 1;

  for (gsize i = 0; i < length && text[i] != '\0'; i++)
    n += text[i] == '\n';
  return n;
}

static void
set_yaml_error (const yaml_parser_t  *parser,
                const char           *text,
                GError              **error)
{
  guint line = parser->error == YAML_READER_ERROR ? count_lines (text, parser->problem_offset)
                                                  : (guint) parser->problem_mark.line + 1;

  /* Translators: a line's number, and the library's own English words about it */
  xeno_set_error (error, XENO_ERROR_INVALID, parser->context, _("Own user-data: line %u is not YAML: %s."),
                  line, parser->problem != NULL ? parser->problem : "?");
}

static gboolean
check_text (const char  *text,
            GError     **error)
{
  if (strlen (text) > MAX_BYTES)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("Own user-data: it is too long."));
  else if (!g_utf8_validate (text, -1, NULL))
    xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("Own user-data: it is not text. Save it as UTF-8."));
  else if (!has_header (text))
    xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("Own user-data: its first line has to be “#cloud-config”."));
  else
    return TRUE;

  return FALSE;
}

static gboolean
is_at_end (yaml_parser_t *parser)
{
  yaml_document_t next;
  gboolean is_end;

  if (!yaml_parser_load (parser, &next))
    return FALSE;

  is_end = yaml_document_get_root_node (&next) == NULL;
  yaml_document_delete (&next);
  return is_end;
}

static gboolean
check_document (yaml_parser_t    *parser,
                yaml_document_t  *document,
                GError          **error)
{
  yaml_node_t *root = yaml_document_get_root_node (document);

  if (root == NULL || root->type != YAML_MAPPING_NODE)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("Own user-data: it has no settings. They are lines like “timezone: Europe/Berlin”."));
  else if (!is_at_end (parser))
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("Own user-data: it is more than one document. Take out the line that begins the second."));
  else
    return TRUE;

  return FALSE;
}

static void
begin (yaml_parser_t *parser,
       const char    *text)
{
  yaml_parser_initialize (parser);
  yaml_parser_set_encoding (parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string (parser, (const guchar *) text, strlen (text));
}

/* What is wrong otherwise shows when it is read in earnest. */
static gboolean
check_depth (const char  *text,
             GError     **error)
{
  yaml_parser_t parser;
  yaml_event_t event;
  gboolean is_over = FALSE;
  int depth = 0;

  begin (&parser, text);
  while (!is_over && depth <= MAX_DEPTH && yaml_parser_parse (&parser, &event))
    {
      is_over = event.type == YAML_STREAM_END_EVENT;
      if (event.type == YAML_SEQUENCE_START_EVENT || event.type == YAML_MAPPING_START_EVENT)
        depth++;
      else if (event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT)
        depth--;
      yaml_event_delete (&event);
    }
  yaml_parser_delete (&parser);
  if (depth > MAX_DEPTH)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("Own user-data: its lists are nested too deeply."));
  return depth <= MAX_DEPTH;
}

/**
 * xeno_user_data_parse:
 * @text: what the person wrote
 * @error: %XENO_ERROR_INVALID with the line in which it cannot be read
 *
 * Reads a document as cloud-init would.
 *
 * Returns: (transfer full): what was read, or %NULL
 */
XenoUserData *
xeno_user_data_parse (const char  *text,
                      GError     **error)
{
  g_autofree XenoUserData *self = NULL;
  yaml_parser_t parser;
  gboolean is_good;

  g_return_val_if_fail (text != NULL, NULL);

  if (!check_text (text, error) || !check_depth (text, error))
    return NULL;

  self = g_new0 (XenoUserData, 1);
  begin (&parser, text);
  if (!yaml_parser_load (&parser, &self->document))
    {
      set_yaml_error (&parser, text, error);
      yaml_parser_delete (&parser);
      return NULL;
    }

  is_good = check_document (&parser, &self->document, error);
  yaml_parser_delete (&parser);
  if (is_good)
    return g_steal_pointer (&self);

  yaml_document_delete (&self->document);
  return NULL;
}

/**
 * xeno_user_data_free:
 * @self: (transfer full): what was read
 *
 * Frees it.
 */
void
xeno_user_data_free (XenoUserData *self)
{
  g_return_if_fail (self != NULL);

  yaml_document_delete (&self->document);
  g_free (self);
}

/**
 * xeno_user_data_has_key:
 * @self: what was read
 * @key: a setting of cloud-init
 *
 * Tells whether the document is about a setting.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_user_data_has_key (XenoUserData *self,
                        const char   *key)
{
  yaml_node_t *root;

  g_return_val_if_fail (self != NULL && key != NULL, FALSE);

  root = yaml_document_get_root_node (&self->document);
  for (yaml_node_pair_t *pair = root->data.mapping.pairs.start; pair < root->data.mapping.pairs.top; pair++)
    {
      yaml_node_t *name = yaml_document_get_node (&self->document, pair->key);

      if (name->type == YAML_SCALAR_NODE && name->data.scalar.length == strlen (key)
          && memcmp (name->data.scalar.value, key, strlen (key)) == 0)
        return TRUE;
    }
  return FALSE;
}
