/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One device of a machine on paper: a node of the document seen through its field table. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-text.h"
#include "base/xeno-units.h"
#include "spec/xeno-device-private.h"
#include "spec/xeno-document-private.h"
#include "spec/xeno-field-private.h"
#include "spec/xeno-spec-private.h"

#define MAX_TITLE_CHARS 100
#define MAX_VALUE_CHARS 400

struct _XenoDevice
{
  GObject               parent_instance;
  XenoSpec             *spec;
  xmlNode              *node;
  const XenoDeviceKind *kind;
};

G_DEFINE_FINAL_TYPE (XenoDevice, xeno_device, G_TYPE_OBJECT)

static char *
dup_unknown_title (XenoDevice *device)
{
  g_autofree char *name = xeno_text_clean ((char *) device->node->name, -1, MAX_TITLE_CHARS);

  /* Translators: a device of a kind this program does not know, %s is its name in the document */
  return g_strdup_printf (_("Other device (%s)"), name);
}

static const XenoDeviceKind unknown_kind = {
  "unknown", N_("Other device"), NULL, 0, dup_unknown_title,
};

static const XenoField *
find_field (XenoDevice *self,
            const char *field_id)
{
  const XenoField *field = xeno_device_kind_find_field (self->kind, field_id);

  if (field == NULL)
    g_critical ("A %s has no field “%s”", self->kind->id, field_id);
  return field;
}

static void
xeno_device_finalize (GObject *object)
{
  g_clear_object (&XENO_DEVICE (object)->spec);

  G_OBJECT_CLASS (xeno_device_parent_class)->finalize (object);
}

static void
xeno_device_class_init (XenoDeviceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_device_finalize;
}

static void
xeno_device_init (XenoDevice *self)
{
}

XenoDevice *
xeno_device_new (XenoSpec             *spec,
                 xmlNode              *node,
                 const XenoDeviceKind *kind)
{
  XenoDevice *self = g_object_new (XENO_TYPE_DEVICE, NULL);

  self->spec = g_object_ref (spec);
  self->node = node;
  self->kind = kind != NULL ? kind : &unknown_kind;
  return self;
}

xmlNode *
xeno_device_get_node (XenoDevice *self)
{
  g_return_val_if_fail (XENO_IS_DEVICE (self), NULL);

  return self->node;
}

/* A field as text that can be shown, or %NULL. Documents come from anybody. */
char *
xeno_device_dup_clean (XenoDevice *self,
                       const char *field_id)
{
  g_autofree char *value = xeno_device_dup_string (self, field_id);

  return value != NULL && *value != '\0' ? xeno_text_clean (value, -1, MAX_TITLE_CHARS) : NULL;
}

/* A title, the kind's own where none is given, and beside it the field that tells one from another,
 * where there is one. */
char *
xeno_device_dup_plain_title (XenoDevice *self,
                             const char *label,
                             const char *field_id)
{
  g_autofree char *detail = NULL;

  g_return_val_if_fail (XENO_IS_DEVICE (self), NULL);

  if (label == NULL)
    label = _(self->kind->label);
  if (field_id != NULL)
    detail = xeno_device_dup_clean (self, field_id);
  if (detail == NULL)
    return g_strdup (label);

  /* Translators: a device and what tells it from others, as "Watchdog (itco)" */
  return g_strdup_printf (_("%s (%s)"), label, detail);
}

/* Elements without one around them, as a field of %XENO_FIELD_ELEMENTS has them; %NULL where they are none. */
static xmlDoc *
parse_elements (const char *xml)
{
  g_autofree char *whole = g_strconcat ("<elements>", xml, "</elements>", NULL);

  return xeno_document_parse (whole, "elements", "", NULL);
}

static guint
count_elements (const char *xml)
{
  xmlDoc *document = parse_elements (xml);
  guint n = document != NULL ? xmlChildElementCount (xmlDocGetRootElement (document)) : 0;

  xmlFreeDoc (document);
  return n;
}

/**
 * xeno_field_dup_text:
 * @field: a field
 * @value: (nullable): what xeno_device_dup_string() gave for it
 *
 * Writes a value for people. Of a secret only that it is there.
 *
 * Returns: (transfer full): the text, in the person's language
 */
char *
xeno_field_dup_text (const XenoField *field,
                     const char      *value)
{
  g_return_val_if_fail (field != NULL, NULL);

  if (field->kind == XENO_FIELD_PRESENT)
    return g_strdup (value != NULL ? _("Yes") : _("No"));
  if (value == NULL)
    return g_strdup (_("Not set"));
  if ((field->flags & XENO_FIELD_SECRET) != 0)
    return g_strdup (_("Set"));

  switch (field->kind)
    {
    case XENO_FIELD_BOOLEAN:
    case XENO_FIELD_SWITCH:
      return g_strdup (strcmp (value, "yes") == 0 || strcmp (value, "on") == 0 ? _("Yes") : _("No"));

    case XENO_FIELD_SIZE:
      return xeno_units_format_size (g_ascii_strtoull (value, NULL, 10));

    case XENO_FIELD_ELEMENTS:
      /* Translators: how many things a setting lists */
      return g_strdup_printf (ngettext ("%u entry", "%u entries", count_elements (value)), count_elements (value));

    case XENO_FIELD_STRING:
    case XENO_FIELD_UINT:
    case XENO_FIELD_PRESENT:
    default:
      return xeno_text_clean (value, -1, MAX_VALUE_CHARS);
    }
}

/**
 * xeno_device_get_kind:
 * @self: a device
 *
 * Gets which kind of device it is, with its field table. Devices that no table describes share a
 * kind named "unknown", which has no fields.
 *
 * Returns: (transfer none): the kind
 */
const XenoDeviceKind *
xeno_device_get_kind (XenoDevice *self)
{
  g_return_val_if_fail (XENO_IS_DEVICE (self), NULL);

  return self->kind;
}

/**
 * xeno_device_dup_title:
 * @self: a device
 *
 * Writes what a list shows for it: "Disk 1 (virtio)".
 *
 * Returns: (transfer full): the title, in the person's language
 */
char *
xeno_device_dup_title (XenoDevice *self)
{
  g_return_val_if_fail (XENO_IS_DEVICE (self), NULL);

  return self->kind->dup_title != NULL
    ? self->kind->dup_title (self)
    : xeno_device_dup_plain_title (self, NULL, self->kind->title_field);
}

/**
 * xeno_device_get_name:
 * @self: a device
 *
 * Returns: (transfer none): its element’s name, for devices of unknown kinds too
 */
const char *
xeno_device_get_name (XenoDevice *self)
{
  g_return_val_if_fail (XENO_IS_DEVICE (self), NULL);

  return (const char *) self->node->name;
}

/**
 * xeno_device_get_ordinal:
 * @self: a device
 *
 * Returns: which one of its kind in the document it is, 1 for the first
 */
guint
xeno_device_get_ordinal (XenoDevice *self)
{
  guint n = 1;

  g_return_val_if_fail (XENO_IS_DEVICE (self), 0);

  for (xmlNode *node = self->node->prev; node != NULL; node = node->prev)
    {
      if (xeno_node_is (node, xeno_device_get_name (self)))
        n++;
    }
  return n;
}

/**
 * xeno_device_to_xml:
 * @self: a device
 *
 * Writes the device alone.
 *
 * Returns: (transfer full): its element, in UTF-8
 */
char *
xeno_device_to_xml (XenoDevice *self)
{
  g_return_val_if_fail (XENO_IS_DEVICE (self), NULL);

  return xeno_node_to_xml (self->node);
}

/**
 * xeno_device_is_same:
 * @self: a device
 * @other: another object
 *
 * Returns: whether both stand for one device of one document
 */
gboolean
xeno_device_is_same (XenoDevice *self,
                     XenoDevice *other)
{
  g_return_val_if_fail (XENO_IS_DEVICE (self), FALSE);
  g_return_val_if_fail (XENO_IS_DEVICE (other), FALSE);

  return self->node == other->node && self->kind == other->kind;
}

/**
 * xeno_device_dup_string:
 * @self: a device
 * @field_id: the field's stable name
 *
 * Reads a field as it is written, whatever its kind; an amount of memory as a number of bytes.
 *
 * Returns: (nullable) (transfer full): the text, or %NULL where it is not there, or empty
 */
char *
xeno_device_dup_string (XenoDevice *self,
                        const char *field_id)
{
  g_autofree char *value = NULL;
  const XenoField *field;

  g_return_val_if_fail (XENO_IS_DEVICE (self), NULL);
  g_return_val_if_fail (field_id != NULL, NULL);

  field = find_field (self, field_id);
  if (field != NULL && field->kind == XENO_FIELD_ELEMENTS)
    return xeno_node_dup_written (self->node, field->path);
  if (field != NULL)
    value = xeno_node_dup_value (self->node, field->path);
  if (value != NULL && *value != '\0' && field->kind == XENO_FIELD_SIZE)
    return g_strdup_printf ("%" G_GUINT64_FORMAT, xeno_node_get_bytes (self->node, field->path));

  /* An element may be there for its attributes alone. */
  if (value != NULL && *value == '\0' && field->kind != XENO_FIELD_PRESENT)
    return NULL;
  return g_steal_pointer (&value);
}

/**
 * xeno_device_get_uint:
 * @self: a device
 * @field_id: the field's stable name
 * @fallback: what to say where the field is not there, or no number
 *
 * Reads a whole number, decimal or as 0x1f.
 *
 * Returns: the number
 */
guint64
xeno_device_get_uint (XenoDevice *self,
                      const char *field_id,
                      guint64     fallback)
{
  g_autofree char *text = NULL;
  guint64 number;
  gboolean is_hex;

  g_return_val_if_fail (XENO_IS_DEVICE (self), fallback);

  text = xeno_device_dup_string (self, field_id);
  if (text == NULL)
    return fallback;

  is_hex = g_str_has_prefix (text, "0x");
  if (g_ascii_string_to_unsigned (is_hex ? text + 2 : text, is_hex ? 16 : 10, 0, G_MAXUINT64,
                                  &number, NULL))
    return number;
  return fallback;
}

/**
 * xeno_device_get_boolean:
 * @self: a device
 * @field_id: the field's stable name
 *
 * Reads what can be so or not: "yes", "on", or that an element is there.
 *
 * Returns: %TRUE if it is so, %FALSE if not or where nothing is said
 */
gboolean
xeno_device_get_boolean (XenoDevice *self,
                         const char *field_id)
{
  g_autofree char *text = NULL;
  const XenoField *field;

  g_return_val_if_fail (XENO_IS_DEVICE (self), FALSE);
  g_return_val_if_fail (field_id != NULL, FALSE);

  field = find_field (self, field_id);
  if (field == NULL)
    return FALSE;
  if (field->kind == XENO_FIELD_PRESENT)
    return xeno_node_find (self->node, field->path) != NULL;

  text = xeno_node_dup_value (self->node, field->path);
  return g_strcmp0 (text, "yes") == 0 || g_strcmp0 (text, "on") == 0;
}

static void
set_size (XenoDevice      *self,
          const XenoField *field,
          const char      *value)
{
  guint64 bytes;

  if (value == NULL)
    xeno_node_remove_bytes (self->node, field->path);
  else if (g_ascii_string_to_unsigned (value, 10, 0, G_MAXUINT64, &bytes, NULL))
    xeno_node_set_bytes (self->node, field->path, bytes);
  else
    xeno_spec_refuse (self->spec, field->id);
}

static void
set_elements (XenoDevice      *self,
              const XenoField *field,
              const char      *value)
{
  xmlDoc *document = value != NULL ? parse_elements (value) : NULL;

  if (document != NULL || value == NULL)
    xeno_node_set_written (self->node, field->path, document != NULL ? xmlDocGetRootElement (document) : NULL);
  else
    xeno_spec_refuse (self->spec, field->id);
  xmlFreeDoc (document);
}

/**
 * xeno_device_set_string:
 * @self: a device
 * @field_id: the field's stable name
 * @value: (nullable): the text, or %NULL to remove the field
 *
 * Writes a field. What no document can hold is refused: see xeno_spec_get_refused().
 */
void
xeno_device_set_string (XenoDevice *self,
                        const char *field_id,
                        const char *value)
{
  const XenoField *field;

  g_return_if_fail (XENO_IS_DEVICE (self));
  g_return_if_fail (field_id != NULL);

  field = find_field (self, field_id);
  if (field == NULL || !xeno_spec_accept (self->spec, field_id, value))
    return;

  if (field->kind == XENO_FIELD_SIZE)
    set_size (self, field, value);
  else if (field->kind == XENO_FIELD_ELEMENTS)
    set_elements (self, field, value);
  else if (value == NULL && field->kind == XENO_FIELD_PRESENT)
    xeno_node_remove (self->node, field->path);
  else
    xeno_node_set_value (self->node, field->path, value);
}

/**
 * xeno_device_set_uint:
 * @self: a device
 * @field_id: the field's stable name
 * @value: the number
 *
 * Writes a whole number.
 */
void
xeno_device_set_uint (XenoDevice *self,
                      const char *field_id,
                      guint64     value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, value);

  xeno_device_set_string (self, field_id, text);
}

/**
 * xeno_device_set_boolean:
 * @self: a device
 * @field_id: the field's stable name
 * @value: whether it is so
 *
 * Writes what can be so or not, in the words the field's kind asks for.
 */
void
xeno_device_set_boolean (XenoDevice *self,
                         const char *field_id,
                         gboolean    value)
{
  const XenoField *field;
  const char *text;

  g_return_if_fail (XENO_IS_DEVICE (self));
  g_return_if_fail (field_id != NULL);

  field = find_field (self, field_id);
  if (field == NULL)
    return;

  if (field->kind == XENO_FIELD_PRESENT)
    text = value ? "" : NULL;
  else if (field->kind == XENO_FIELD_SWITCH)
    text = value ? "on" : "off";
  else
    text = value ? "yes" : "no";

  /* What is there may hold more than its being there. */
  if (field->kind != XENO_FIELD_PRESENT || value != xeno_device_get_boolean (self, field_id))
    xeno_device_set_string (self, field_id, text);
}
