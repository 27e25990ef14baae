/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine on paper: the domain document, edited in place so that what we do not know survives. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <libxml/parser.h>
#include <libxml/xmlsave.h>

#include "base/xeno-text.h"
#include "spec/xeno-device-private.h"
#include "spec/xeno-document-private.h"
#include "spec/xeno-field-private.h"
#include "spec/xeno-spec-private.h"

struct _XenoSpec
{
  GObject    parent_instance;
  xmlDoc    *document;
  GPtrArray *removed; /* nodes of removed devices, for XenoDevice objects that still look at them */
  char      *refused;
};

G_DEFINE_FINAL_TYPE (XenoSpec, xeno_spec, G_TYPE_OBJECT)

static void
xeno_spec_finalize (GObject *object)
{
  XenoSpec *self = XENO_SPEC (object);

  g_ptr_array_unref (self->removed);
  xmlFreeDoc (self->document);
  g_free (self->refused);

  G_OBJECT_CLASS (xeno_spec_parent_class)->finalize (object);
}

static void
xeno_spec_class_init (XenoSpecClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_spec_finalize;

  xmlInitParser ();
}

static void
xeno_spec_init (XenoSpec *self)
{
  self->removed = g_ptr_array_new_with_free_func ((GDestroyNotify) xmlFreeNode);
}

/* A machine on paper of a document, for this folder. */
XenoSpec *
xeno_spec_take_document (xmlDoc *document)
{
  XenoSpec *self = g_object_new (XENO_TYPE_SPEC, NULL);

  self->document = document;
  return self;
}

/* The element of the document, for this folder. */
xmlNode *
xeno_spec_get_root (XenoSpec *self)
{
  g_return_val_if_fail (XENO_IS_SPEC (self), NULL);

  return xmlDocGetRootElement (self->document);
}

/* The one gate for text that goes in. What it refuses is not written, and remembered. */
gboolean
xeno_spec_accept (XenoSpec   *self,
                  const char *what,
                  const char *value)
{
  g_return_val_if_fail (XENO_IS_SPEC (self), FALSE);
  g_return_val_if_fail (what != NULL, FALSE);

  if (value == NULL || xeno_text_is_plain (value))
    return TRUE;

  xeno_spec_refuse (self, what);
  return FALSE;
}

/* Remembers that a value was not written, for xeno_spec_check(). */
void
xeno_spec_refuse (XenoSpec   *self,
                  const char *what)
{
  g_return_if_fail (XENO_IS_SPEC (self));
  g_return_if_fail (what != NULL);

  if (self->refused == NULL)
    self->refused = g_strdup (what);
}

/**
 * xeno_spec_new:
 *
 * Makes an empty machine: the domain element, and in it an empty list of devices.
 *
 * Returns: (transfer full): the machine on paper
 */
XenoSpec *
xeno_spec_new (void)
{
  xmlDoc *document = xmlNewDoc (BAD_CAST "1.0");
  xmlNode *root = xmlNewDocNode (document, NULL, BAD_CAST "domain", NULL);

  xmlDocSetRootElement (document, root);
  xeno_node_ensure (root, "devices");
  return xeno_spec_take_document (document);
}

/**
 * xeno_spec_new_from_xml:
 * @xml: a domain document
 * @error: %XENO_ERROR_INVALID when it is none
 *
 * Reads a document. It loads nothing from anywhere, expands no entities and refuses documents that
 * declare some, that are larger than 8 MiB, or too deep.
 *
 * Returns: (transfer full): the machine on paper, or %NULL with @error set
 */
XenoSpec *
xeno_spec_new_from_xml (const char  *xml,
                        GError     **error)
{
  xmlDoc *document;

  g_return_val_if_fail (xml != NULL, NULL);

  document = xeno_document_parse (xml, "domain",
                                  _("The machine’s description cannot be read."), error);
  return document != NULL ? xeno_spec_take_document (document) : NULL;
}

/**
 * xeno_spec_to_xml:
 * @self: a machine on paper
 *
 * Writes the document.
 *
 * Returns: (transfer full): the document, in UTF-8
 */
char *
xeno_spec_to_xml (XenoSpec *self)
{
  xmlBuffer *buffer;
  xmlSaveCtxt *context;
  char *xml;

  g_return_val_if_fail (XENO_IS_SPEC (self), NULL);

  buffer = xmlBufferCreate ();
  context = xmlSaveToBuffer (buffer, "UTF-8", XML_SAVE_FORMAT | XML_SAVE_NO_DECL);
  xmlSaveDoc (context, self->document);
  xmlSaveClose (context);
  xml = g_strdup ((const char *) xmlBufferContent (buffer));
  xmlBufferFree (buffer);
  return xml;
}

/**
 * xeno_spec_copy:
 * @self: a machine on paper
 *
 * Makes a second one that can be changed on its own.
 *
 * Returns: (transfer full): the copy
 */
XenoSpec *
xeno_spec_copy (XenoSpec *self)
{
  XenoSpec *copy;

  g_return_val_if_fail (XENO_IS_SPEC (self), NULL);

  copy = xeno_spec_take_document (xmlCopyDoc (self->document, 1));
  copy->refused = g_strdup (self->refused);
  return copy;
}

/**
 * xeno_spec_get_refused:
 * @self: a machine on paper
 *
 * Gets what could not be written: the first value that was no valid UTF-8 or had control
 * characters, which no document can hold. The old value is still there. xeno_spec_check() fails
 * for such a machine.
 *
 * Returns: (nullable) (transfer none): the name of the value, or %NULL when all was written
 */
const char *
xeno_spec_get_refused (XenoSpec *self)
{
  g_return_val_if_fail (XENO_IS_SPEC (self), NULL);

  return self->refused;
}

/**
 * xeno_spec_dup_value:
 * @self: a machine on paper
 * @path: where it stands below the domain: "cpu/\@mode", "on_reboot"
 *
 * Reads a value that has no function of its own.
 *
 * Returns: (nullable) (transfer full): the text, or %NULL where it is not there
 */
char *
xeno_spec_dup_value (XenoSpec   *self,
                     const char *path)
{
  g_return_val_if_fail (XENO_IS_SPEC (self), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  return xeno_node_dup_value (xeno_spec_get_root (self), path);
}

/**
 * xeno_spec_set_value:
 * @self: a machine on paper
 * @path: where it stands below the domain: "cpu/\@mode", "features/acpi",
 *   "clock/timer[\@name='hpet']/\@present"
 * @value: (nullable): the text, empty for an element that only has to be there, or %NULL to remove
 *   the element with all it has, or the attribute
 *
 * Writes a value that has no function of its own, with the elements it needs.
 */
void
xeno_spec_set_value (XenoSpec   *self,
                     const char *path,
                     const char *value)
{
  g_return_if_fail (XENO_IS_SPEC (self));
  g_return_if_fail (path != NULL);

  if (value == NULL)
    xeno_node_remove (xeno_spec_get_root (self), path);
  else if (xeno_spec_accept (self, path, value))
    xeno_node_set_value (xeno_spec_get_root (self), path, value);
}

/**
 * xeno_spec_dup_name:
 * @self: a machine on paper
 *
 * Gets the name libvirt knows the machine by.
 *
 * Returns: (nullable) (transfer full): the name
 */
char *
xeno_spec_dup_name (XenoSpec *self)
{
  return xeno_spec_dup_value (self, "name");
}

/**
 * xeno_spec_set_name:
 * @self: a machine on paper
 * @name: a name as xeno_name_make_slug() makes them
 *
 * Sets the name libvirt knows the machine by.
 */
void
xeno_spec_set_name (XenoSpec   *self,
                    const char *name)
{
  xeno_spec_set_value (self, "name", name);
}

/**
 * xeno_spec_dup_title:
 * @self: a machine on paper
 *
 * Gets what people call the machine.
 *
 * Returns: (nullable) (transfer full): the title, or %NULL where there is none but the name
 */
char *
xeno_spec_dup_title (XenoSpec *self)
{
  return xeno_spec_dup_value (self, "title");
}

/**
 * xeno_spec_set_title:
 * @self: a machine on paper
 * @title: (nullable): the title, or %NULL for none
 *
 * Sets what people call the machine.
 */
void
xeno_spec_set_title (XenoSpec   *self,
                     const char *title)
{
  xeno_spec_set_value (self, "title", title);
}

/**
 * xeno_spec_dup_uuid:
 * @self: a machine on paper
 *
 * Gets the machine's UUID.
 *
 * Returns: (nullable) (transfer full): the UUID, or %NULL where libvirt has still to choose one
 */
char *
xeno_spec_dup_uuid (XenoSpec *self)
{
  return xeno_spec_dup_value (self, "uuid");
}

/**
 * xeno_spec_set_uuid:
 * @self: a machine on paper
 * @uuid: (nullable): the UUID, or %NULL for one that libvirt chooses
 *
 * Sets the machine's UUID.
 */
void
xeno_spec_set_uuid (XenoSpec   *self,
                    const char *uuid)
{
  xeno_spec_set_value (self, "uuid", uuid);
}

/**
 * xeno_spec_list_devices:
 * @self: a machine on paper
 * @kind: (nullable): the element's name: "disk", "interface", "graphics", or %NULL for all
 *
 * Lists devices in the order of the document, those of unknown kinds among them.
 *
 * Returns: (transfer container) (element-type XenoDevice): the devices
 */
GPtrArray *
xeno_spec_list_devices (XenoSpec   *self,
                        const char *kind)
{
  GPtrArray *list;
  xmlNode *devices;

  g_return_val_if_fail (XENO_IS_SPEC (self), NULL);

  list = g_ptr_array_new_with_free_func (g_object_unref);
  devices = xeno_node_find (xeno_spec_get_root (self), "devices");
  if (devices == NULL)
    return list;

  for (xmlNode *node = xeno_node_next (devices->children, kind);
       node != NULL;
       node = xeno_node_next (node->next, kind))
    {
      /* Stands among the devices, but is the program that runs the machine. */
      if (!xeno_node_is (node, "emulator"))
        g_ptr_array_add (list, xeno_device_new (self, node, xeno_device_kind_find ((const char *) node->name)));
    }
  return list;
}

/**
 * xeno_spec_add_device:
 * @self: a machine on paper
 * @kind: the element's name: "disk"
 *
 * Adds a device with nothing said about it yet, after the others of its kind.
 *
 * Returns: (transfer full): the device
 */
XenoDevice *
xeno_spec_add_device (XenoSpec   *self,
                      const char *kind)
{
  xmlNode *node;

  g_return_val_if_fail (XENO_IS_SPEC (self), NULL);
  g_return_val_if_fail (xeno_device_kind_find (kind) != NULL, NULL);

  node = xmlNewDocNode (self->document, NULL, BAD_CAST kind, NULL);
  xeno_node_insert (xeno_node_ensure (xeno_spec_get_root (self), "devices"), node);
  return xeno_device_new (self, node, xeno_device_kind_find (kind));
}

/**
 * xeno_spec_remove_device:
 * @self: a machine on paper
 * @device: one of its devices
 *
 * Takes a device out of the machine. The object stays readable and belongs nowhere.
 */
void
xeno_spec_remove_device (XenoSpec   *self,
                         XenoDevice *device)
{
  xmlNode *node;

  g_return_if_fail (XENO_IS_SPEC (self));
  g_return_if_fail (XENO_IS_DEVICE (device));

  node = xeno_device_get_node (device);
  g_return_if_fail (node->doc == self->document);
  g_return_if_fail (node->parent != NULL && node != xeno_spec_get_root (self));

  xmlUnlinkNode (node);
  g_ptr_array_add (self->removed, node);
}
