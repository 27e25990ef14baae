/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What WebDAV answers in XML: the properties of files, and locks. */
#include "config.h"

#include <libxml/parser.h>
#include <libxml/xmlwriter.h>
#include <string.h>
#include <sys/statvfs.h>

#include "share/xeno-share-answer.h"

#define DAV_URI "DAV:"

/* How long a lock holds before it is asked for again. */
#define LOCK_SECONDS "Second-3600"

/* What a request may ask for that nobody here knows: so many, with names and namespaces so long. */
#define MAX_UNKNOWN 64
#define MAX_UNKNOWN_BYTES 256

/* A guest that reads none of its answers has one of them waiting in each connection. */
#define MAX_ANSWER_BYTES (8 << 20)

typedef struct
{
  char *uri;
  char *name;
} Unknown;

struct _XenoShareAnswer
{
  xmlBuffer     *buffer;
  xmlTextWriter *writer;
  guint          wanted;  /* mask of properties, by their place in the table */
  GArray        *unknown; /* of Unknown */
};

/* Returns: (nullable): the property's text; NULL: this file has none. */
typedef char *(*TellFunc) (int                folder,
                           const char        *path,
                           const struct stat *info);

static char *
tell_name (int                folder,
           const char        *path,
           const struct stat *info)
{
  g_autofree char *name = g_path_get_basename (path);

  return g_utf8_make_valid (g_str_equal (path, "/") ? "" : name, -1);
}

static char *
tell_length (int                folder,
             const char        *path,
             const struct stat *info)
{
  return S_ISREG (info->st_mode) ? g_strdup_printf ("%" G_GUINT64_FORMAT, (guint64) info->st_size) : NULL;
}

static char *
tell_modified (int                folder,
               const char        *path,
               const struct stat *info)
{
  return xeno_share_dup_date (info);
}

static char *
tell_created (int                folder,
              const char        *path,
              const struct stat *info)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (info->st_mtime);

  return date != NULL ? g_date_time_format_iso8601 (date) : NULL;
}

static char *
tell_tag (int                folder,
          const char        *path,
          const struct stat *info)
{
  return S_ISREG (info->st_mode) ? xeno_share_dup_tag (info) : NULL;
}

static char *
tell_available (int                folder,
                const char        *path,
                const struct stat *info)
{
  guint64 room;

  return xeno_share_find_room (folder, &room) ? g_strdup_printf ("%" G_GUINT64_FORMAT, room) : NULL;
}

static char *
tell_used (int                folder,
           const char        *path,
           const struct stat *info)
{
  struct statvfs disk;

  return fstatvfs (folder, &disk) == 0
         ? g_strdup_printf ("%" G_GUINT64_FORMAT, (guint64) (disk.f_blocks - disk.f_bfree) * disk.f_frsize)
         : NULL;
}

/* The first one is an element, not a text: what a file is. */
static const struct
{
  const char *name;
  TellFunc    tell;
} properties[] = {
  { "resourcetype", NULL },
  { "displayname", tell_name },
  { "getcontentlength", tell_length },
  { "getlastmodified", tell_modified },
  { "creationdate", tell_created },
  { "getetag", tell_tag },
  { "quota-available-bytes", tell_available },
  { "quota-used-bytes", tell_used },
};

#define ALL_PROPERTIES ((1u << G_N_ELEMENTS (properties)) - 1)

static void
start (xmlTextWriter *writer,
       const char    *name)
{
  xmlTextWriterStartElementNS (writer, BAD_CAST "D", BAD_CAST name, NULL);
}

static void
start_top (xmlTextWriter *writer,
           const char    *name)
{
  xmlTextWriterStartDocument (writer, NULL, "utf-8", NULL);
  xmlTextWriterStartElementNS (writer, BAD_CAST "D", BAD_CAST name, BAD_CAST DAV_URI);
}

static void
end (xmlTextWriter *writer)
{
  xmlTextWriterEndElement (writer);
}

static gboolean
is_in_xml (gunichar character)
{
  return character == '\t' || character == '\n' || (character >= 0x20 && character != 0xfffe && character != 0xffff);
}

/* A file's name may hold what no document can. */
static void
write_text (xmlTextWriter *writer,
            const char    *name,
            const char    *text)
{
  g_autoptr (GString) clean = g_string_new (NULL);

  for (const char *from = text; *from != '\0'; from = g_utf8_next_char (from))
    if (is_in_xml (g_utf8_get_char (from)))
      g_string_append_unichar (clean, g_utf8_get_char (from));
  start (writer, name);
  xmlTextWriterWriteString (writer, BAD_CAST clean->str);
  end (writer);
}

static void
write_empty (xmlTextWriter *writer,
             const char    *name)
{
  start (writer, name);
  end (writer);
}

static void
clear_unknown (gpointer data)
{
  Unknown *unknown = data;

  g_free (unknown->uri);
  g_free (unknown->name);
}

static void
add_wanted (XenoShareAnswer *self,
            const xmlNode   *node)
{
  const char *uri = node->ns != NULL ? (const char *) node->ns->href : "";
  Unknown unknown;

  for (guint i = 0; i < G_N_ELEMENTS (properties); i++)
    if (g_str_equal (uri, DAV_URI) && g_str_equal ((const char *) node->name, properties[i].name))
      {
        self->wanted |= 1u << i;
        return;
      }

  if (self->unknown->len >= MAX_UNKNOWN || strlen (uri) + strlen ((const char *) node->name) > MAX_UNKNOWN_BYTES)
    return;

  unknown = (Unknown) { g_strdup (uri), g_strdup ((const char *) node->name) };
  g_array_append_val (self->unknown, unknown);
}

/* Looks for the properties beneath an element "prop", wherever it stands. */
static gboolean
find_wanted (XenoShareAnswer *self,
             const xmlNode   *node)
{
  gboolean has_found = FALSE;

  for (; node != NULL; node = node->next)
    {
      if (node->type != XML_ELEMENT_NODE)
        continue;
      if (!g_str_equal ((const char *) node->name, "prop"))
        {
          has_found |= find_wanted (self, node->children);
          continue;
        }

      has_found = TRUE;
      for (const xmlNode *child = node->children; child != NULL; child = child->next)
        if (child->type == XML_ELEMENT_NODE)
          add_wanted (self, child);
    }
  return has_found;
}

static void
write_path (xmlTextWriter *writer,
            const char    *path)
{
  g_autofree char *escaped = g_uri_escape_string (path, "/", FALSE);

  start (writer, "href");
  xmlTextWriterWriteString (writer, BAD_CAST escaped);
  end (writer);
}

static void
end_properties (xmlTextWriter *writer,
                const char    *status)
{
  end (writer);
  write_text (writer, "status", status);
  end (writer);
}

static void
start_properties (xmlTextWriter *writer)
{
  start (writer, "propstat");
  start (writer, "prop");
}

static void
write_unknown (XenoShareAnswer *self)
{
  for (guint i = 0; i < self->unknown->len; i++)
    {
      const Unknown *unknown = &g_array_index (self->unknown, Unknown, i);

      xmlTextWriterStartElementNS (self->writer, NULL, BAD_CAST unknown->name, BAD_CAST unknown->uri);
      end (self->writer);
    }
}

/* Returns: whether anybody understands it; no question is one too. */
static gboolean
read_question (const char  *request,
               gsize        size,
               xmlDoc     **document)
{
  *document = NULL;
  if (size == 0)
    return TRUE;

  *document = xmlReadMemory (request, size, NULL, NULL,
                             XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  if (*document != NULL && (*document)->intSubset != NULL)
    g_clear_pointer (document, xmlFreeDoc);
  return *document != NULL;
}

/**
 * xeno_share_answer_new:
 * @request: (nullable): what was asked for, in XML; nothing: everything
 * @size: of @request, in bytes
 *
 * Returns: (transfer full) (nullable): an answer; %NULL where nobody understands the question
 */
XenoShareAnswer *
xeno_share_answer_new (const char *request,
                       gsize       size)
{
  XenoShareAnswer *self = g_new0 (XenoShareAnswer, 1);
  xmlDoc *document = NULL;

  self->unknown = g_array_new (FALSE, FALSE, sizeof (Unknown));
  g_array_set_clear_func (self->unknown, clear_unknown);
  self->buffer = xmlBufferCreate ();
  self->writer = xmlNewTextWriterMemory (self->buffer, 0);
  if (!read_question (request, size, &document))
    {
      g_free (xeno_share_answer_end (self));
      return NULL;
    }

  if (document == NULL || !find_wanted (self, xmlDocGetRootElement (document)))
    self->wanted = ALL_PROPERTIES;
  if (document != NULL)
    xmlFreeDoc (document);
  start_top (self->writer, "multistatus");
  return self;
}

/**
 * xeno_share_answer_tell:
 * @self: an answer
 * @folder: the shared folder
 * @path: a path in it
 * @info: what is there
 *
 * Tells of one file what was asked for.
 *
 * Returns: whether there is room for another one
 */
gboolean
xeno_share_answer_tell (XenoShareAnswer   *self,
                        int                folder,
                        const char        *path,
                        const struct stat *info)
{
  start (self->writer, "response");
  write_path (self->writer, path);
  start_properties (self->writer);
  for (guint i = 0; i < G_N_ELEMENTS (properties); i++)
    {
      g_autofree char *text = NULL;

      if ((self->wanted & (1u << i)) == 0)
        continue;
      if (properties[i].tell != NULL)
        text = properties[i].tell (folder, path, info);
      if (text != NULL)
        write_text (self->writer, properties[i].name, text);
      if (properties[i].tell != NULL)
        continue;

      start (self->writer, properties[i].name);
      if (S_ISDIR (info->st_mode))
        write_empty (self->writer, "collection");
      end (self->writer);
    }
  end_properties (self->writer, "HTTP/1.1 200 OK");
  if (self->unknown->len > 0)
    {
      start_properties (self->writer);
      write_unknown (self);
      end_properties (self->writer, "HTTP/1.1 404 Not Found");
    }
  end (self->writer);
  return xmlBufferLength (self->buffer) < MAX_ANSWER_BYTES;
}

/**
 * xeno_share_answer_refuse:
 * @self: an answer
 * @path: a path in the shared folder
 *
 * Says that what was asked to be changed of a file was not: dates and the like stay as they are.
 */
void
xeno_share_answer_refuse (XenoShareAnswer *self,
                          const char      *path)
{
  start (self->writer, "response");
  write_path (self->writer, path);
  start_properties (self->writer);
  for (guint i = 0; i < G_N_ELEMENTS (properties); i++)
    if ((self->wanted & (1u << i)) != 0)
      write_empty (self->writer, properties[i].name);
  write_unknown (self);
  end_properties (self->writer, "HTTP/1.1 403 Forbidden");
  end (self->writer);
}

static char *
end_document (xmlTextWriter *writer,
              xmlBuffer     *buffer)
{
  char *text;

  xmlTextWriterEndDocument (writer);
  xmlFreeTextWriter (writer);
  text = (char *) xmlBufferDetach (buffer);
  xmlBufferFree (buffer);
  return text;
}

/**
 * xeno_share_answer_end:
 * @self: (transfer full): an answer
 *
 * Returns: (transfer full): its text
 */
char *
xeno_share_answer_end (XenoShareAnswer *self)
{
  char *text = end_document (self->writer, self->buffer);

  g_array_unref (self->unknown);
  g_free (self);
  return text;
}

/* Looks for an element, wherever it stands. */
static gboolean
has_element (const xmlNode *node,
             const char    *name)
{
  for (; node != NULL; node = node->next)
    if (node->type == XML_ELEMENT_NODE &&
        (g_str_equal ((const char *) node->name, name) || has_element (node->children, name)))
      return TRUE;
  return FALSE;
}

/**
 * xeno_share_answer_lock:
 * @request: (nullable): what lock was asked for, in XML; nothing: one that was granted before
 * @size: of @request, in bytes
 * @path: what it is for
 * @token: what the lock is called
 *
 * Returns: (transfer full) (nullable): what grants a lock; %NULL where nobody understands the question
 */
char *
xeno_share_answer_lock (const char *request,
                        gsize       size,
                        const char *path,
                        const char *token)
{
  xmlBuffer *buffer;
  xmlTextWriter *writer;
  xmlDoc *document;
  gboolean is_shared;

  if (!read_question (request, size, &document))
    return NULL;

  is_shared = document != NULL && has_element (xmlDocGetRootElement (document), "shared");
  g_clear_pointer (&document, xmlFreeDoc);
  buffer = xmlBufferCreate ();
  writer = xmlNewTextWriterMemory (buffer, 0);

  start_top (writer, "prop");
  start (writer, "lockdiscovery");
  start (writer, "activelock");
  start (writer, "locktype");
  write_empty (writer, "write");
  end (writer);
  start (writer, "lockscope");
  write_empty (writer, is_shared ? "shared" : "exclusive");
  end (writer);
  write_text (writer, "depth", "infinity");
  write_text (writer, "timeout", LOCK_SECONDS);
  start (writer, "locktoken");
  write_text (writer, "href", token);
  end (writer);
  start (writer, "lockroot");
  write_path (writer, path);
  end (writer);
  end (writer);
  end (writer);
  return end_document (writer, buffer);
}

/**
 * xeno_share_dup_tag:
 * @info: what a file is
 *
 * Returns: (transfer full): what changes whenever the file does
 */
char *
xeno_share_dup_tag (const struct stat *info)
{
  return g_strdup_printf ("\"%lx-%lx-%lx%09lx\"", (gulong) info->st_ino, (gulong) info->st_size,
                          (gulong) info->st_mtim.tv_sec, (gulong) info->st_mtim.tv_nsec);
}

/**
 * xeno_share_dup_date:
 * @info: what a file is
 *
 * Returns: (transfer full): when it was changed, as HTTP writes dates
 */
char *
xeno_share_dup_date (const struct stat *info)
{
  static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
  static const char *const months[] = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  };
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (info->st_mtime);

  if (date == NULL)
    date = g_date_time_new_from_unix_utc (0);
  return g_strdup_printf ("%s, %02d %s %d %02d:%02d:%02d GMT", days[g_date_time_get_day_of_week (date) - 1],
                          g_date_time_get_day_of_month (date), months[g_date_time_get_month (date) - 1],
                          g_date_time_get_year (date), g_date_time_get_hour (date),
                          g_date_time_get_minute (date), g_date_time_get_second (date));
}
