/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One device of a machine on paper: a node of the document seen through its field table. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-text.h"
#include "spec/xeno-device-private.h"
#include "spec/xeno-field-private.h"
#include "spec/xeno-spec-private.h"

#define MAX_TITLE_CHARS 100

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
xeno_device_new (XenoSpec *spec,
                 xmlNode  *node)
{
  XenoDevice *self = g_object_new (XENO_TYPE_DEVICE, NULL);

  self->spec = g_object_ref (spec);
  self->node = node;
  self->kind = xeno_device_kind_find ((char *) node->name);
  if (self->kind == NULL)
    self->kind = &unknown_kind;
  return self;
}

xmlNode *
xeno_device_get_node (XenoDevice *self)
{
  g_return_val_if_fail (XENO_IS_DEVICE (self), NULL);

  return self->node;
}

/* Which one of its kind it is, 1 for the first. */
guint
xeno_device_get_ordinal (XenoDevice *self)
{
  guint n = 1;

  g_return_val_if_fail (XENO_IS_DEVICE (self), 0);

  for (xmlNode *node = self->node->prev; node != NULL; node = node->prev)
    {
      if (xeno_node_is (node, self->kind->id))
        n++;
    }
  return n;
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
 * xeno_device_dup_string:
 * @self: a device
 * @field_id: the field's stable name
 *
 * Reads a field as it is written, whatever its kind.
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
  if (field != NULL)
    value = xeno_node_dup_value (self->node, field->path);

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

/**
 * xeno_device_set_string:
 * @self: a device
 * @field_id: the field's stable name
 * @value: (nullable): the text, or %NULL to remove the field
 *
 * Writes a field. Text that no document can hold is refused; see xeno_spec_get_refused().
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

  if (value == NULL && field->kind == XENO_FIELD_PRESENT)
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
