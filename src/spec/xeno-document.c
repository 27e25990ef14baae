/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads documents from libvirt and from files without trusting them. */
#include "config.h"

#include <string.h>

#include <libxml/parser.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "spec/xeno-document-private.h"
#include "spec/xeno-document.h"
#include "spec/xeno-field-private.h"

#define MAX_XML_BYTES (8 * 1024 * 1024)
#define MAX_DETAILS_CHARS 400

/* A document type could hold entities; no document of libvirt needs one. */
static void
stop_at_document_type (void          *context,
                       const xmlChar *name,
                       const xmlChar *external_id,
                       const xmlChar *system_id)
{
  xmlStopParser (context);
}

static xmlDoc *
parse (const char  *xml,
       gsize        length,
       char       **details)
{
  xmlParserCtxt *context = xmlNewParserCtxt ();
  const xmlError *problem;
  xmlDoc *document;

  /* Neither XML_PARSE_HUGE, so that depth is bounded, nor XML_PARSE_NOENT. */
  context->sax->internalSubset = stop_at_document_type;
  document = xmlCtxtReadMemory (context, xml, (int) length, NULL, NULL,
                                XML_PARSE_NONET | XML_PARSE_NOBLANKS | XML_PARSE_NOERROR
                                | XML_PARSE_NOWARNING);
  problem = xmlCtxtGetLastError (context);
  if (problem != NULL)
    *details = xeno_text_clean (problem->message, -1, MAX_DETAILS_CHARS);
  xmlFreeParserCtxt (context);
  return document;
}

/* Parses a document whose first element is @root_name, of no namespace, or anything where that is NULL.
 * Nothing is loaded from anywhere, nothing is expanded, and what is larger than 8 MiB, or nested deeper
 * than libxml2's bound, is refused with @sentence. */
xmlDoc *
xeno_document_parse (const char  *xml,
                     const char  *root_name,
                     const char  *sentence,
                     GError     **error)
{
  g_autofree char *details = NULL;
  xmlDoc *document = NULL;
  xmlNode *root;
  gsize length;

  g_return_val_if_fail (xml != NULL, NULL);
  g_return_val_if_fail (sentence != NULL, NULL);

  length = strlen (xml);
  if (length > MAX_XML_BYTES)
    details = g_strdup_printf ("%" G_GSIZE_FORMAT " > %d", length, MAX_XML_BYTES);
  else
    document = parse (xml, length, &details);

  root = document != NULL ? xmlDocGetRootElement (document) : NULL;
  if (root != NULL && document->intSubset == NULL && (root_name == NULL || xeno_node_is (root, root_name)))
    return document;

  xmlFreeDoc (document);
  xeno_set_error (error, XENO_ERROR_INVALID, details, "%s", sentence);
  return NULL;
}

/**
 * xeno_document_dup_value:
 * @xml: a document from libvirt
 * @root_name: what its first element must be: "volume"
 * @path: where the value stands below it: "backingStore/path", "target/@dev"
 *
 * Reads one value of a document of which nothing else is of interest.
 *
 * Returns: (transfer full) (nullable): the value, or %NULL where there is none
 */
char *
xeno_document_dup_value (const char *xml,
                         const char *root_name,
                         const char *path)
{
  xmlDoc *document;
  char *value;

  g_return_val_if_fail (path != NULL, NULL);

  document = xeno_document_parse (xml, root_name, "", NULL);
  if (document == NULL)
    return NULL;

  value = xeno_node_dup_value (xmlDocGetRootElement (document), path);
  xmlFreeDoc (document);
  return value;
}
