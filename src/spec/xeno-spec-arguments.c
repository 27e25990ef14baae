/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What QEMU is told past libvirt, on a machine on paper. */
#include "config.h"

#include <string.h>

#include "spec/xeno-spec-private.h"

#define QEMU_URI "http://libvirt.org/schemas/domain/qemu/1.0"
#define QEMU_PREFIX "qemu"

static xmlNode *
find_arguments (xmlNode *root)
{
  for (xmlNode *node = root->children; node != NULL; node = node->next)
    if (node->type == XML_ELEMENT_NODE && node->ns != NULL
        && strcmp ((char *) node->ns->href, QEMU_URI) == 0
        && strcmp ((char *) node->name, "commandline") == 0)
      return node;

  return NULL;
}

/**
 * xeno_spec_add_argument:
 * @self: a machine on paper
 * @argument: a word of QEMU's command line
 *
 * Tells QEMU what libvirt has no word for. libvirt notes in its log that it cannot vouch for such a
 * machine.
 */
void
xeno_spec_add_argument (XenoSpec   *self,
                        const char *argument)
{
  xmlNode *arguments, *node, *root;

  g_return_if_fail (XENO_IS_SPEC (self));
  g_return_if_fail (argument != NULL);

  if (!xeno_spec_accept (self, "argument", argument))
    return;

  root = xeno_spec_get_root (self);
  arguments = find_arguments (root);
  if (arguments == NULL)
    {
      /* libvirt takes the namespace for said only at the top. */
      xmlNs *ns = xmlSearchNsByHref (root->doc, root, BAD_CAST QEMU_URI);

      if (ns == NULL)
        ns = xmlNewNs (root, BAD_CAST QEMU_URI, BAD_CAST QEMU_PREFIX);
      arguments = xmlNewChild (root, ns, BAD_CAST "commandline", NULL);
    }
  node = xmlNewChild (arguments, arguments->ns, BAD_CAST "arg", NULL);
  xmlNewProp (node, BAD_CAST "value", BAD_CAST argument);
}

static gboolean
is_argument (xmlNode    *node,
             const char *word)
{
  xmlChar *value = node->type == XML_ELEMENT_NODE ? xmlGetNoNsProp (node, BAD_CAST "value") : NULL;
  gboolean is_so = value != NULL && strcmp ((char *) value, word) == 0;

  xmlFree (value);
  return is_so;
}

/* Takes a word of QEMU's command line away, with the word behind it, which says what of it. */
void
xeno_spec_remove_argument (XenoSpec   *self,
                           const char *word)
{
  xmlNode *arguments = find_arguments (xeno_spec_get_root (self));
  xmlNode *next;

  for (xmlNode *node = arguments != NULL ? arguments->children : NULL; node != NULL; node = next)
    {
      xmlNode *behind = xmlNextElementSibling (node);

      next = node->next;
      if (!is_argument (node, word))
        continue;
      next = behind != NULL ? behind->next : NULL;
      xmlUnlinkNode (node);
      xmlFreeNode (node);
      if (behind != NULL)
        {
          xmlUnlinkNode (behind);
          xmlFreeNode (behind);
        }
    }
}
