/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What managers note on a machine on paper: its operating system, as others read it, and our own. */
#include "config.h"

#include <string.h>

#include "spec/xeno-field-private.h"
#include "spec/xeno-spec-private.h"

#define OSINFO_URI "http://libosinfo.org/xmlns/libvirt/domain/1.0"
#define OSINFO_PREFIX "libosinfo"

static xmlNode *
next_in_namespace (xmlNode    *sibling,
                   const char *uri,
                   const char *name)
{
  for (; sibling != NULL; sibling = sibling->next)
    {
      if (sibling->type == XML_ELEMENT_NODE
          && sibling->ns != NULL
          && g_strcmp0 ((char *) sibling->ns->href, uri) == 0
          && strcmp ((char *) sibling->name, name) == 0)
        return sibling;
    }
  return NULL;
}

/* The element that libvirt keeps for one namespace. */
static xmlNode *
find_top (XenoSpec   *self,
          const char *uri,
          const char *name)
{
  xmlNode *metadata = xeno_node_find (xeno_spec_get_root (self), "metadata");

  return metadata != NULL ? next_in_namespace (metadata->children, uri, name) : NULL;
}

static xmlNode *
ensure_top (XenoSpec   *self,
            const char *uri,
            const char *prefix,
            const char *name)
{
  xmlNode *top = find_top (self, uri, name);

  if (top == NULL)
    {
      top = xmlNewChild (xeno_node_ensure (xeno_spec_get_root (self), "metadata"), NULL,
                         BAD_CAST name, NULL);
      xmlSetNs (top, xmlNewNs (top, BAD_CAST uri, BAD_CAST prefix));
    }
  return top;
}

static void
drop_if_empty (xmlNode *node)
{
  while (node->children == NULL && !xeno_node_is (node, "domain"))
    {
      xmlNode *parent = node->parent;

      xmlUnlinkNode (node);
      xmlFreeNode (node);
      node = parent;
    }
}

static xmlNode *
find_note (XenoSpec   *self,
           const char *key)
{
  xmlNode *top = find_top (self, XENO_SPEC_NOTES_URI, "machine");
  xmlNode *note = top != NULL ? next_in_namespace (top->children, XENO_SPEC_NOTES_URI, "note") : NULL;

  while (note != NULL)
    {
      g_autofree char *value = xeno_node_dup_value (note, "@key");

      if (g_strcmp0 (value, key) == 0)
        return note;
      note = next_in_namespace (note->next, XENO_SPEC_NOTES_URI, "note");
    }
  return NULL;
}

/**
 * xeno_spec_dup_os_id:
 * @self: a machine on paper
 *
 * Gets which operating system it has, as virt-manager and GNOME Boxes note it too.
 *
 * Returns: (nullable) (transfer full): the libosinfo id, or %NULL where nobody noted it
 */
char *
xeno_spec_dup_os_id (XenoSpec *self)
{
  xmlNode *top;
  xmlNode *os;

  g_return_val_if_fail (XENO_IS_SPEC (self), NULL);

  top = find_top (self, OSINFO_URI, "libosinfo");
  os = top != NULL ? next_in_namespace (top->children, OSINFO_URI, "os") : NULL;
  return os != NULL ? xeno_node_dup_value (os, "@id") : NULL;
}

/**
 * xeno_spec_set_os_id:
 * @self: a machine on paper
 * @os_id: (nullable): the libosinfo id, or %NULL for none
 *
 * Sets which operating system it has, for every manager.
 */
void
xeno_spec_set_os_id (XenoSpec   *self,
                     const char *os_id)
{
  xmlNode *top;
  xmlNode *os;

  g_return_if_fail (XENO_IS_SPEC (self));

  if (!xeno_spec_accept (self, "os-id", os_id))
    return;

  top = os_id != NULL ? ensure_top (self, OSINFO_URI, OSINFO_PREFIX, "libosinfo")
                      : find_top (self, OSINFO_URI, "libosinfo");
  if (top == NULL)
    return;

  os = next_in_namespace (top->children, OSINFO_URI, "os");
  if (os_id != NULL)
    {
      if (os == NULL)
        os = xmlNewChild (top, top->ns, BAD_CAST "os", NULL);
      xmlSetProp (os, BAD_CAST "id", BAD_CAST os_id);
    }
  else if (os != NULL)
    {
      xmlUnlinkNode (os);
      xmlFreeNode (os);
      drop_if_empty (top);
    }
}

/**
 * xeno_spec_dup_note:
 * @self: a machine on paper
 * @key: the note's name
 *
 * Gets one of our own notes on the machine.
 *
 * Returns: (nullable) (transfer full): the note, or %NULL where there is none
 */
char *
xeno_spec_dup_note (XenoSpec   *self,
                    const char *key)
{
  xmlNode *note;

  g_return_val_if_fail (XENO_IS_SPEC (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  note = find_note (self, key);
  return note != NULL ? xeno_node_dup_value (note, "@value") : NULL;
}

/**
 * xeno_spec_has_note:
 * @self: a machine on paper
 * @key: the note's name
 *
 * Gets one of our own notes that are there or not.
 *
 * Returns: whether it says "yes"
 */
gboolean
xeno_spec_has_note (XenoSpec   *self,
                    const char *key)
{
  g_autofree char *value = xeno_spec_dup_note (self, key);

  return g_strcmp0 (value, "yes") == 0;
}

/**
 * xeno_spec_set_note:
 * @self: a machine on paper
 * @key: the note's name
 * @value: (nullable): the note, or %NULL to remove it
 *
 * Sets one of our own notes on the machine. They travel with it.
 */
void
xeno_spec_set_note (XenoSpec   *self,
                    const char *key,
                    const char *value)
{
  xmlNode *note;
  xmlNode *top;

  g_return_if_fail (XENO_IS_SPEC (self));
  g_return_if_fail (key != NULL);

  if (!xeno_spec_accept (self, key, key) || !xeno_spec_accept (self, key, value))
    return;

  note = find_note (self, key);
  if (value == NULL)
    {
      if (note == NULL)
        return;
      top = note->parent;
      xmlUnlinkNode (note);
      xmlFreeNode (note);
      drop_if_empty (top);
      return;
    }

  if (note == NULL)
    {
      top = ensure_top (self, XENO_SPEC_NOTES_URI, XENO_SPEC_NOTES_PREFIX, "machine");
      note = xmlNewChild (top, top->ns, BAD_CAST "note", NULL);
      xmlNewProp (note, BAD_CAST "key", BAD_CAST key);
    }
  xmlSetProp (note, BAD_CAST "value", BAD_CAST value);
}

static void
drop_namespaces (xmlNode *node)
{
  for (; node != NULL; node = node->next)
    {
      if (node->type != XML_ELEMENT_NODE)
        continue;
      node->ns = NULL;
      g_clear_pointer (&node->nsDef, xmlFreeNsList);
      drop_namespaces (node->children);
    }
}

/**
 * xeno_spec_dup_notes:
 * @self: a machine on paper
 *
 * Gets all of our own notes as libvirt takes them one by one: an element without its namespace,
 * which libvirt gives it.
 *
 * Returns: (nullable) (transfer full): the element, or %NULL without notes
 */
char *
xeno_spec_dup_notes (XenoSpec *self)
{
  xmlNode *top;
  xmlNode *copy;
  xmlBuffer *buffer;
  char *text;

  g_return_val_if_fail (XENO_IS_SPEC (self), NULL);

  top = find_top (self, XENO_SPEC_NOTES_URI, "machine");
  if (top == NULL)
    return NULL;

  copy = xmlDocCopyNode (top, top->doc, 1);
  drop_namespaces (copy);
  buffer = xmlBufferCreate ();
  xmlNodeDump (buffer, top->doc, copy, 0, 0);
  text = g_strdup ((const char *) xmlBufferContent (buffer));
  xmlBufferFree (buffer);
  xmlFreeNode (copy);
  return text;
}
