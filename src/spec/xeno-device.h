/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One device of a machine on paper: a node of the document seen through its field table. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * XenoFieldKind:
 * @XENO_FIELD_STRING: text
 * @XENO_FIELD_UINT: a whole number
 * @XENO_FIELD_BOOLEAN: "yes" or "no" in the document
 * @XENO_FIELD_PRESENT: an element that is there or is not
 * @XENO_FIELD_SWITCH: "on" or "off" in the document
 * @XENO_FIELD_SIZE: an amount of memory; read and set as a number of bytes, whatever its unit
 * @XENO_FIELD_ELEMENTS: all elements of this name, as they are written
 *
 * How a field is written.
 */
typedef enum
{
  XENO_FIELD_STRING,
  XENO_FIELD_UINT,
  XENO_FIELD_BOOLEAN,
  XENO_FIELD_PRESENT,
  XENO_FIELD_SWITCH,
  XENO_FIELD_SIZE,
  XENO_FIELD_ELEMENTS,
} XenoFieldKind;

/**
 * XenoFieldFlags:
 * @XENO_FIELD_PLAIN: nothing of these
 * @XENO_FIELD_OF_RUN: where the document says nothing the host chooses, each time the machine starts
 * @XENO_FIELD_SECRET: never shown or printed
 *
 * What is special about a field.
 */
typedef enum
{
  XENO_FIELD_PLAIN  = 0,
  XENO_FIELD_OF_RUN = 1 << 0,
  XENO_FIELD_SECRET = 1 << 1,
} XenoFieldFlags;

/**
 * XenoField:
 * @id: stable name: "bus", "source-file"
 * @label: untranslated title, marked with N_()
 * @path: where it stands below the device: "target/@bus", "readonly", "source/@file"
 * @kind: how it is written
 * @flags: what is special about it
 *
 * One row of a device's field table.
 */
typedef struct
{
  const char     *id;
  const char     *label;
  const char     *path;
  XenoFieldKind   kind;
  XenoFieldFlags  flags;
} XenoField;

typedef struct _XenoDevice XenoDevice;

/**
 * XenoDeviceKind:
 * @id: the element's name: "disk"
 * @label: untranslated title, marked with N_()
 * @fields: its field table
 * @n_fields: how many
 * @dup_title: (nullable): writes what a list shows: "Disk 1 (virtio)"
 * @title_field: (nullable): without @dup_title, the field that tells one of the kind from another
 * @identity: (nullable): ids of the fields, joined by blanks, that tell one of the kind from all others of
 *   the machine, where they are there
 *
 * One row of the device registry.
 */
typedef struct
{
  const char      *id;
  const char      *label;
  const XenoField *fields;
  gsize            n_fields;
  char          *(*dup_title) (XenoDevice *device);
  const char      *title_field;
  const char      *identity;
} XenoDeviceKind;

#define XENO_TYPE_DEVICE (xeno_device_get_type ())

G_DECLARE_FINAL_TYPE (XenoDevice, xeno_device, XENO, DEVICE, GObject)

const XenoDeviceKind * const *xeno_device_kind_list       (gsize                *n_kinds);
const XenoDeviceKind         *xeno_device_kind_find       (const char           *id);
const XenoField              *xeno_device_kind_find_field (const XenoDeviceKind *kind,
                                                           const char           *field_id);

char                         *xeno_field_dup_text         (const XenoField      *field,
                                                           const char           *value);

const XenoDeviceKind         *xeno_device_get_kind        (XenoDevice           *self);
char                         *xeno_device_dup_title       (XenoDevice           *self);
const char                   *xeno_device_get_name        (XenoDevice           *self);
guint                         xeno_device_get_ordinal     (XenoDevice           *self);
char                         *xeno_device_to_xml          (XenoDevice           *self);
gboolean                      xeno_device_is_same         (XenoDevice           *self,
                                                           XenoDevice           *other);
char                         *xeno_device_dup_string      (XenoDevice           *self,
                                                           const char           *field_id);
guint64                       xeno_device_get_uint        (XenoDevice           *self,
                                                           const char           *field_id,
                                                           guint64               fallback);
gboolean                      xeno_device_get_boolean     (XenoDevice           *self,
                                                           const char           *field_id);
void                          xeno_device_set_string      (XenoDevice           *self,
                                                           const char           *field_id,
                                                           const char           *value);
void                          xeno_device_set_uint        (XenoDevice           *self,
                                                           const char           *field_id,
                                                           guint64               value);
void                          xeno_device_set_boolean     (XenoDevice           *self,
                                                           const char           *field_id,
                                                           gboolean              value);

G_END_DECLS
