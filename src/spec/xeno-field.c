/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values in a parsed document by path: how field tables and the document itself read and write. */
#include "config.h"

#include <string.h>

#include <libxml/xmlsave.h>

#include "spec/xeno-field-private.h"

/* A path is element names joined by slashes, at its end perhaps an attribute: "target/@bus". An
 * element may ask for an attribute's value: "feature[@name='secure-boot']/@enabled". A point is the
 * element itself. Only elements and attributes without a namespace count; others belong to somebody
 * else. */
typedef struct
{
  char *name;
  char *key;
  char *value;
} Segment;

/* Where libvirt writes an element, for people who read what we wrote. */
static const char * const domain_order[] = {
  "name", "uuid", "genid", "title", "description", "metadata", "maxMemory", "memory",
  "currentMemory", "blkiotune", "memtune", "memoryBacking", "vcpu", "vcpus", "iothreads",
  "iothreadids", "defaultiothread", "cputune", "numatune", "resource", "sysinfo", "bootloader",
  "bootloader_args", "os", "idmap", "features", "cpu", "clock", "on_poweroff", "on_reboot",
  "on_crash", "on_lockfailure", "pm", "perf", "devices", "seclabel", "keywrap", "launchSecurity",
};
static const char * const os_order[] = {
  "type", "firmware", "init", "loader", "nvram", "kernel", "initrd", "cmdline", "dtb", "boot",
  "bootmenu", "bios", "smbios",
};
static const char * const device_order[] = {
  "emulator", "disk", "controller", "lease", "filesystem", "interface", "smartcard", "serial",
  "parallel", "console", "channel", "input", "tpm", "graphics", "sound", "audio", "video",
  "hostdev", "redirdev", "redirfilter", "hub", "watchdog", "memballoon", "rng", "nvram", "panic",
  "shmem", "memory", "iommu", "vsock", "crypto",
};

static const struct
{
  const char         *parent;
  const char * const *names;
  guint               n_names;
} orders[] = {
  { "domain", domain_order, G_N_ELEMENTS (domain_order) },
  { "os", os_order, G_N_ELEMENTS (os_order) },
  { "devices", device_order, G_N_ELEMENTS (device_order) },
};

static void
segment_clear (Segment *segment)
{
  g_free (segment->name);
  g_free (segment->key);
  g_free (segment->value);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Segment, segment_clear)

/* Takes one element off the path; what follows it, or NULL at the end. */
static const char *
take_segment (const char *path,
              Segment    *segment)
{
  gsize length = strcspn (path, "/[");

  segment->name = g_strndup (path, length);
  path += length;
  if (g_str_has_prefix (path, "[@"))
    {
      const char *equals = strstr (path, "='");
      const char *end = strstr (path, "']");

      g_assert (equals != NULL && end != NULL);
      segment->key = g_strndup (path + 2, equals - path - 2);
      segment->value = g_strndup (equals + 2, end - equals - 2);
      path = end + 2;
    }
  return *path == '/' ? path + 1 : NULL;
}

static xmlNode *
find_child (xmlNode       *parent,
            const Segment *segment)
{
  for (xmlNode *child = xeno_node_next (parent->children, segment->name);
       child != NULL;
       child = xeno_node_next (child->next, segment->name))
    {
      xmlChar *value;
      gboolean matches;

      if (segment->key == NULL)
        return child;

      value = xmlGetNoNsProp (child, BAD_CAST segment->key);
      matches = g_strcmp0 ((char *) value, segment->value) == 0;
      xmlFree (value);
      if (matches)
        return child;
    }
  return NULL;
}

static xmlNode *
add_child (xmlNode       *parent,
           const Segment *segment)
{
  xmlNode *child = xmlNewDocNode (parent->doc, NULL, BAD_CAST segment->name, NULL);

  if (segment->key != NULL)
    xmlNewProp (child, BAD_CAST segment->key, BAD_CAST segment->value);
  xeno_node_insert (parent, child);
  return child;
}

/* Walks to the element of a path, and gives the attribute's name where there is one. */
static xmlNode *
walk (xmlNode     *root,
      const char  *path,
      gboolean     create,
      const char **attribute)
{
  xmlNode *node = root;

  *attribute = NULL;
  while (path != NULL)
    {
      g_auto (Segment) segment = { NULL };
      xmlNode *child;

      if (*path == '@')
        {
          *attribute = path + 1;
          return node;
        }
      if (strcmp (path, ".") == 0)
        return node;
      path = take_segment (path, &segment);
      child = find_child (node, &segment);
      if (child == NULL && create)
        child = add_child (node, &segment);
      if (child == NULL)
        return NULL;
      node = child;
    }
  return node;
}

static gboolean
is_bare (xmlNode *node)
{
  return node->children == NULL && node->properties == NULL && node->nsDef == NULL;
}

static void
drop (xmlNode *node)
{
  xmlUnlinkNode (node);
  xmlFreeNode (node);
}

/* Elements that hold nothing after their last value went would mean something of their own. */
static void
drop_bare (xmlNode *node,
           xmlNode *root)
{
  while (node != root && is_bare (node))
    {
      xmlNode *parent = node->parent;

      drop (node);
      node = parent;
    }
}

/* Replaces the text of an element, and only that: elements and comments within stay. */
static void
set_text (xmlNode    *node,
          const char *value)
{
  xmlNode *next;

  for (xmlNode *child = node->children; child != NULL; child = next)
    {
      next = child->next;
      if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE)
        drop (child);
    }
  if (value != NULL && *value != '\0')
    {
      xmlNode *text = xmlNewDocText (node->doc, BAD_CAST value);

      if (node->children != NULL)
        xmlAddPrevSibling (node->children, text);
      else
        xmlAddChild (node, text);
    }
}

static char *
dup_text (xmlNode *node)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (xmlNode *child = node->children; child != NULL; child = child->next)
    {
      if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE)
        g_string_append (text, (char *) child->content);
    }
  return g_strstrip (g_string_free (g_steal_pointer (&text), FALSE));
}

/* Whether @node is an element of this name; of any name when @name is %NULL. */
gboolean
xeno_node_is (xmlNode    *node,
              const char *name)
{
  g_return_val_if_fail (node != NULL, FALSE);

  return node->type == XML_ELEMENT_NODE
         && node->ns == NULL
         && (name == NULL || strcmp ((char *) node->name, name) == 0);
}

/* The first element of this name from @sibling on. */
xmlNode *
xeno_node_next (xmlNode    *sibling,
                const char *name)
{
  while (sibling != NULL && !xeno_node_is (sibling, name))
    sibling = sibling->next;
  return sibling;
}

static int
find_place (const char * const *names,
            guint               n_names,
            xmlNode            *node)
{
  for (guint i = 0; i < n_names; i++)
    {
      if (xeno_node_is (node, names[i]))
        return i;
    }
  return -1;
}

/* Puts @child among the children of @parent where libvirt would have written it. */
void
xeno_node_insert (xmlNode *parent,
                  xmlNode *child)
{
  xmlNode *before = NULL;

  g_return_if_fail (parent != NULL);
  g_return_if_fail (child != NULL);

  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      int place = find_place (orders[i].names, orders[i].n_names, child);

      if (!xeno_node_is (parent, orders[i].parent) || place < 0)
        continue;
      for (xmlNode *node = parent->last; node != NULL; node = node->prev)
        {
          int other = find_place (orders[i].names, orders[i].n_names, node);

          if (other > place)
            before = node;
          else if (other >= 0)
            break;
        }
    }

  if (before != NULL)
    xmlAddPrevSibling (before, child);
  else
    xmlAddChild (parent, child);
}

/* The element of a path, or %NULL. */
xmlNode *
xeno_node_find (xmlNode    *root,
                const char *path)
{
  const char *attribute;

  g_return_val_if_fail (root != NULL, NULL);
  g_return_val_if_fail (path != NULL, NULL);

  return walk (root, path, FALSE, &attribute);
}

/* The element of a path, made where it is missing. */
xmlNode *
xeno_node_ensure (xmlNode    *root,
                  const char *path)
{
  const char *attribute;

  g_return_val_if_fail (root != NULL, NULL);
  g_return_val_if_fail (path != NULL, NULL);

  return walk (root, path, TRUE, &attribute);
}

/* The attribute's value or the element's text; %NULL where it is not there. */
char *
xeno_node_dup_value (xmlNode    *root,
                     const char *path)
{
  const char *attribute;
  xmlNode *node;
  xmlChar *value;
  char *copy;

  g_return_val_if_fail (root != NULL, NULL);
  g_return_val_if_fail (path != NULL, NULL);

  node = walk (root, path, FALSE, &attribute);
  if (node == NULL)
    return NULL;
  if (attribute == NULL)
    return dup_text (node);

  value = xmlGetNoNsProp (node, BAD_CAST attribute);
  copy = g_strdup ((char *) value);
  xmlFree (value);
  return copy;
}

/* Writes a value, with the elements it needs. %NULL removes it, and elements that held only it;
 * what else an element has is another value, and stays. */
void
xeno_node_set_value (xmlNode    *root,
                     const char *path,
                     const char *value)
{
  const char *attribute;
  xmlNode *node;

  g_return_if_fail (root != NULL);
  g_return_if_fail (path != NULL);

  node = walk (root, path, value != NULL, &attribute);
  if (node == NULL)
    return;

  if (attribute == NULL)
    set_text (node, value);
  else if (value != NULL)
    xmlSetProp (node, BAD_CAST attribute, BAD_CAST value);
  else
    xmlUnsetProp (node, BAD_CAST attribute);

  if (value == NULL)
    drop_bare (node, root);
}

/* Removes an element with all it has, or an attribute. */
void
xeno_node_remove (xmlNode    *root,
                  const char *path)
{
  const char *attribute;
  xmlNode *node;
  xmlNode *parent;

  g_return_if_fail (root != NULL);
  g_return_if_fail (path != NULL);

  node = walk (root, path, FALSE, &attribute);
  if (node == NULL)
    return;

  if (attribute != NULL)
    {
      xeno_node_set_value (root, path, NULL);
    }
  else if (node != root)
    {
      parent = node->parent;
      drop (node);
      drop_bare (parent, root);
    }
}

/* libvirt's own rules for what a unit may be called. */
static guint64
scale_of_unit (const char *unit)
{
  static const char letters[] = "kmgtpe";
  const char *letter;
  guint64 base = 1024;
  guint64 scale = 1;

  if (g_ascii_strcasecmp (unit, "b") == 0
      || g_ascii_strcasecmp (unit, "byte") == 0
      || g_ascii_strcasecmp (unit, "bytes") == 0)
    return 1;

  letter = *unit != '\0' ? strchr (letters, g_ascii_tolower (*unit)) : NULL;
  if (letter == NULL)
    return 0;
  if (g_ascii_strcasecmp (unit + 1, "b") == 0)
    base = 1000;
  else if (unit[1] != '\0' && g_ascii_strcasecmp (unit + 1, "ib") != 0)
    return 0;

  for (const char *l = letters; l <= letter; l++)
    scale *= base;
  return scale;
}

/* The unit stands beside an attribute, and in an element. */
static char *
dup_unit_path (const char *path)
{
  const char *attribute = strrchr (path, '@');

  if (attribute == NULL)
    return g_strconcat (path, "/@unit", NULL);
  return g_strdup_printf ("%.*s@unit", (int) (attribute - path), path);
}

/* An amount of memory in bytes, whatever its unit; 0 where none is said. */
guint64
xeno_node_get_bytes (xmlNode    *root,
                     const char *path)
{
  g_autofree char *unit_path = dup_unit_path (path);
  g_autofree char *text = xeno_node_dup_value (root, path);
  g_autofree char *unit = xeno_node_dup_value (root, unit_path);
  guint64 scale = scale_of_unit (unit != NULL ? unit : "KiB");
  guint64 number = 0;

  if (text != NULL)
    g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, &number, NULL);
  if (scale != 0 && number > G_MAXUINT64 / scale)
    return G_MAXUINT64;
  return number * scale;
}

/* Writes an amount of memory in KiB, as libvirt does. */
void
xeno_node_set_bytes (xmlNode    *root,
                     const char *path,
                     guint64     bytes)
{
  g_autofree char *unit_path = dup_unit_path (path);
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, bytes / 1024);

  xeno_node_set_value (root, path, text);
  xeno_node_set_value (root, unit_path, "KiB");
}

/* Removes an amount of memory with its unit; what else the element has stays. */
void
xeno_node_remove_bytes (xmlNode    *root,
                        const char *path)
{
  g_autofree char *unit_path = dup_unit_path (path);

  xeno_node_set_value (root, unit_path, NULL);
  xeno_node_set_value (root, path, NULL);
}

/* A node as it is written, on one line. */
char *
xeno_node_to_xml (xmlNode *node)
{
  xmlBuffer *buffer = xmlBufferCreate ();
  xmlSaveCtxt *context = xmlSaveToBuffer (buffer, "UTF-8", XML_SAVE_NO_DECL);
  char *xml;

  xmlSaveTree (context, node);
  xmlSaveClose (context);
  xml = g_strdup ((const char *) xmlBufferContent (buffer));
  xmlBufferFree (buffer);
  return xml;
}

/* All elements of this path's last name, as they are written; %NULL where there is none. */
char *
xeno_node_dup_written (xmlNode    *root,
                       const char *path)
{
  g_autoptr (GString) written = g_string_new (NULL);
  xmlNode *node = xeno_node_find (root, path);
  const char *name = node != NULL ? (const char *) node->name : NULL;

  for (; node != NULL; node = xeno_node_next (node->next, name))
    {
      g_autofree char *xml = xeno_node_to_xml (node);

      g_string_append (written, xml);
    }
  return written->len > 0 ? g_string_free (g_steal_pointer (&written), FALSE) : NULL;
}

/* Puts copies of the elements of this name in @from in the place of those of this path; %NULL leaves none. */
void
xeno_node_set_written (xmlNode    *root,
                       const char *path,
                       xmlNode    *from)
{
  xmlNode *old = xeno_node_find (root, path);

  while (old != NULL && xeno_node_next (old->next, (const char *) old->name) != NULL)
    drop (xeno_node_next (old->next, (const char *) old->name));
  if (from == NULL)
    {
      xeno_node_remove (root, path);
      return;
    }

  old = xeno_node_ensure (root, path);
  for (xmlNode *node = xeno_node_next (from->children, (const char *) old->name);
       node != NULL;
       node = xeno_node_next (node->next, (const char *) old->name))
    xmlAddPrevSibling (old, xmlDocCopyNode (node, root->doc, 1));
  drop (old);
}
