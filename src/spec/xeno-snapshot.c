/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A snapshot on paper: what libvirt noted of a machine when its disks were marked. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>
#include <libxml/tree.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "spec/xeno-document-private.h"
#include "spec/xeno-field-private.h"
#include "spec/xeno-snapshot.h"
#include "spec/xeno-spec-private.h"
#include "spec/xeno-spec-trust.h"

#define MAX_NAME_BYTES 200

/* The machine as it was then, while it ran and for its next start. */
static const char * const domains[] = { "domain", "inactiveDomain" };

struct _XenoSnapshot
{
  GObject    parent_instance;
  xmlDoc    *document;
  char      *name;
  char      *parent;
  GPtrArray *specs; /* of @domains, as far as they are there */
};

G_DEFINE_FINAL_TYPE (XenoSnapshot, xeno_snapshot, G_TYPE_OBJECT)

static void
xeno_snapshot_finalize (GObject *object)
{
  XenoSnapshot *self = XENO_SNAPSHOT (object);

  g_clear_pointer (&self->document, xmlFreeDoc);
  g_ptr_array_unref (self->specs);
  g_free (self->name);
  g_free (self->parent);

  G_OBJECT_CLASS (xeno_snapshot_parent_class)->finalize (object);
}

static void
xeno_snapshot_class_init (XenoSnapshotClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_snapshot_finalize;
}

static void
xeno_snapshot_init (XenoSnapshot *self)
{
  self->specs = g_ptr_array_new_with_free_func (g_object_unref);
}

/* libvirt makes a file of it. */
static gboolean
is_name (const char *name)
{
  return name != NULL && *name != '\0' && *name != '.' && strchr (name, '/') == NULL && strlen (name) <= MAX_NAME_BYTES
         && xeno_text_is_plain (name);
}

/* Each machine becomes a document of its own, where all that is known of documents applies. */
static void
take_specs (XenoSnapshot *self)
{
  xmlNode *root = xmlDocGetRootElement (self->document);

  for (gsize i = 0; i < G_N_ELEMENTS (domains); i++)
    {
      xmlNode *node = xeno_node_find (root, domains[i]);
      xmlDoc *document;

      if (node == NULL)
        continue;
      document = xmlNewDoc (BAD_CAST "1.0");
      xmlDocSetRootElement (document, xmlDocCopyNode (node, document, 1));
      xmlNodeSetName (xmlDocGetRootElement (document), BAD_CAST "domain");
      g_ptr_array_add (self->specs, xeno_spec_take_document (document));
    }
}

/**
 * xeno_snapshot_new_from_xml:
 * @xml: a snapshot's document
 * @error: %XENO_ERROR_INVALID when it is none
 *
 * Reads a document as xeno_spec_new_from_xml() does.
 *
 * Returns: (transfer full): the snapshot on paper
 */
XenoSnapshot *
xeno_snapshot_new_from_xml (const char  *xml,
                            GError     **error)
{
  g_autoptr (XenoSnapshot) self = NULL;
  xmlNode *root;

  g_return_val_if_fail (xml != NULL, NULL);

  self = g_object_new (XENO_TYPE_SNAPSHOT, NULL);
  self->document = xeno_document_parse (xml, "domainsnapshot", _("The description of a snapshot cannot be read."), error);
  if (self->document == NULL)
    return NULL;

  root = xmlDocGetRootElement (self->document);
  self->name = xeno_node_dup_value (root, "name");
  self->parent = xeno_node_dup_value (root, "parent/name");
  if (!is_name (self->name) || (self->parent != NULL && !is_name (self->parent)))
    {
      g_autofree char *shown = xeno_text_clean (self->name != NULL ? self->name : "", -1, MAX_NAME_BYTES);

      xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("“%s” cannot be the name of a snapshot."), shown);
      return NULL;
    }

  take_specs (self);
  return g_steal_pointer (&self);
}

static void
put_spec (XenoSnapshot *self,
          const char   *name,
          XenoSpec     *spec)
{
  xmlNode *old = xeno_node_find (xmlDocGetRootElement (self->document), name);
  xmlNode *copy = xmlDocCopyNode (xeno_spec_get_root (spec), self->document, 1);

  xmlNodeSetName (copy, BAD_CAST name);
  xmlReplaceNode (old, copy);
  xmlFreeNode (old);
}

/**
 * xeno_snapshot_to_xml:
 * @self: a snapshot on paper
 *
 * Writes the document, with what was changed in its machines.
 *
 * Returns: (transfer full): the document, in UTF-8
 */
char *
xeno_snapshot_to_xml (XenoSnapshot *self)
{
  xmlNode *root;
  xmlChar *buffer = NULL;
  char *xml;
  guint n = 0;
  int length;

  g_return_val_if_fail (XENO_IS_SNAPSHOT (self), NULL);

  root = xmlDocGetRootElement (self->document);
  for (gsize i = 0; i < G_N_ELEMENTS (domains); i++)
    if (xeno_node_find (root, domains[i]) != NULL)
      put_spec (self, domains[i], g_ptr_array_index (self->specs, n++));
  xmlDocDumpFormatMemoryEnc (self->document, &buffer, &length, "UTF-8", 1);
  xml = g_strndup ((const char *) buffer, length);
  xmlFree (buffer);
  return xml;
}

/**
 * xeno_snapshot_copy:
 * @self: a snapshot on paper
 *
 * Makes a second one that can be changed on its own.
 *
 * Returns: (transfer full): the copy
 */
XenoSnapshot *
xeno_snapshot_copy (XenoSnapshot *self)
{
  XenoSnapshot *copy;

  g_return_val_if_fail (XENO_IS_SNAPSHOT (self), NULL);

  copy = g_object_new (XENO_TYPE_SNAPSHOT, NULL);
  copy->document = xmlCopyDoc (self->document, 1);
  copy->name = g_strdup (self->name);
  copy->parent = g_strdup (self->parent);
  for (guint i = 0; i < self->specs->len; i++)
    g_ptr_array_add (copy->specs, xeno_spec_copy (self->specs->pdata[i]));
  return copy;
}

/**
 * xeno_snapshot_get_name:
 * @self: a snapshot on paper
 *
 * Gets its name, of which a file's name can be made.
 *
 * Returns: (transfer none): the name
 */
const char *
xeno_snapshot_get_name (XenoSnapshot *self)
{
  g_return_val_if_fail (XENO_IS_SNAPSHOT (self), NULL);

  return self->name;
}

/**
 * xeno_snapshot_get_parent:
 * @self: a snapshot on paper
 *
 * Gets the name of the one it was made after.
 *
 * Returns: (transfer none) (nullable): the name
 */
const char *
xeno_snapshot_get_parent (XenoSnapshot *self)
{
  g_return_val_if_fail (XENO_IS_SNAPSHOT (self), NULL);

  return self->parent;
}

/**
 * xeno_snapshot_is_internal:
 * @self: a snapshot on paper
 *
 * Tells whether all of it is within the machine's disks, its memory too.
 *
 * Returns: %FALSE if it needs other files
 */
gboolean
xeno_snapshot_is_internal (XenoSnapshot *self)
{
  g_autofree char *memory = NULL;
  xmlNode *disks;
  xmlNode *root;

  g_return_val_if_fail (XENO_IS_SNAPSHOT (self), FALSE);

  root = xmlDocGetRootElement (self->document);
  memory = xeno_node_dup_value (root, "memory/@snapshot");
  if (memory != NULL && !g_str_equal (memory, "internal") && !g_str_equal (memory, "no"))
    return FALSE;

  disks = xeno_node_find (root, "disks");
  for (xmlNode *disk = disks != NULL ? xeno_node_next (disks->children, "disk") : NULL;
       disk != NULL;
       disk = xeno_node_next (disk->next, "disk"))
    {
      g_autofree char *kind = xeno_node_dup_value (disk, "@snapshot");

      if (kind != NULL && !g_str_equal (kind, "internal") && !g_str_equal (kind, "no"))
        return FALSE;
    }
  return TRUE;
}

/**
 * xeno_snapshot_list_specs:
 * @self: a snapshot on paper
 *
 * Lists the machine as it was when the snapshot was made; libvirt may note it twice.
 *
 * Returns: (transfer none) (element-type XenoSpec): the machines on paper, to be changed where need be
 */
GPtrArray *
xeno_snapshot_list_specs (XenoSnapshot *self)
{
  g_return_val_if_fail (XENO_IS_SNAPSHOT (self), NULL);

  return self->specs;
}

static void
keep_only (xmlNode            *node,
           const char * const *children,
           const char * const *attributes)
{
  xmlNode *next;
  xmlAttr *next_attribute;

  for (xmlNode *child = node->children; child != NULL; child = next)
    {
      next = child->next;
      if (child->type != XML_TEXT_NODE && (!xeno_node_is (child, NULL)
                                           || !g_strv_contains (children, (const char *) child->name)))
        {
          xmlUnlinkNode (child);
          xmlFreeNode (child);
        }
    }
  for (xmlAttr *attribute = node->properties; attribute != NULL; attribute = next_attribute)
    {
      next_attribute = attribute->next;
      if (attribute->ns != NULL || !g_strv_contains (attributes, (const char *) attribute->name))
        xmlRemoveProp (attribute);
    }
}

/**
 * xeno_snapshot_distrust:
 * @self: a snapshot on paper from a file that anybody may have written
 *
 * Takes out of it, and of its machines, what is not known to be harmless, as xeno_spec_distrust() does.
 */
void
xeno_snapshot_distrust (XenoSnapshot *self)
{
  static const char * const none[] = { NULL };
  static const char * const known[] = {
    "name", "description", "state", "creationTime", "parent", "memory", "disks", "domain", "inactiveDomain", NULL,
  };
  static const char * const in_parent[] = { "name", NULL };
  static const char * const in_disks[] = { "disk", NULL };
  static const char * const of_memory[] = { "snapshot", NULL };
  static const char * const of_disk[] = { "name", "snapshot", NULL };
  xmlNode *root;
  xmlNode *disks;

  g_return_if_fail (XENO_IS_SNAPSHOT (self));

  root = xmlDocGetRootElement (self->document);
  keep_only (root, known, none);
  disks = xeno_node_find (root, "disks");
  if (xeno_node_find (root, "parent") != NULL)
    keep_only (xeno_node_find (root, "parent"), in_parent, none);
  if (xeno_node_find (root, "memory") != NULL)
    keep_only (xeno_node_find (root, "memory"), none, of_memory);
  if (disks != NULL)
    keep_only (disks, in_disks, none);
  for (xmlNode *disk = disks != NULL ? disks->children : NULL; disk != NULL; disk = disk->next)
    if (disk->type == XML_ELEMENT_NODE)
      keep_only (disk, none, of_disk);

  /* What the machine of today lost says it for all of them. */
  for (guint i = 0; i < self->specs->len; i++)
    g_strfreev (xeno_spec_distrust (g_ptr_array_index (self->specs, i)));
}
