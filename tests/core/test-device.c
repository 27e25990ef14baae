/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every field of every kind of device: read, changed, removed, and nothing else is touched. */
#include "config.h"

#include <libxml/parser.h>

#include "spec/xeno-spec.h"

static XenoSpec *
load (const char *folder,
      const char *id)
{
  g_autofree char *name = g_strconcat (id, ".xml", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "fixtures", folder, name, NULL);
  g_autofree char *xml = NULL;
  g_autoptr (GError) error = NULL;
  XenoSpec *spec;

  g_file_get_contents (path, &xml, NULL, &error);
  g_assert_no_error (error);
  spec = xeno_spec_new_from_xml (xml, &error);
  g_assert_no_error (error);
  return spec;
}

static XenoSpec *
load_fixture (const char *kind_id)
{
  return load ("devices", kind_id);
}

static void
flatten (GPtrArray  *lines,
         const char *prefix,
         xmlNode    *node)
{
  g_autofree char *path = g_strdup_printf ("%s/%s", prefix, (const char *) node->name);

  if (node->type == XML_TEXT_NODE || node->type == XML_COMMENT_NODE)
    {
      g_ptr_array_add (lines, g_strdup_printf ("%s=%s", path, (const char *) node->content));
      return;
    }

  g_ptr_array_add (lines, g_strdup (path));
  for (xmlAttr *attribute = node->properties; attribute != NULL; attribute = attribute->next)
    {
      xmlChar *value = xmlNodeGetContent ((xmlNode *) attribute);

      g_ptr_array_add (lines, g_strdup_printf ("%s@%s=%s", path, (const char *) attribute->name,
                                               (const char *) value));
      xmlFree (value);
    }
  for (xmlNode *child = node->children; child != NULL; child = child->next)
    flatten (lines, path, child);
}

static int
compare_lines (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

/* What a document means: the order of attributes and of elements that differ does not count. */
static char *
dup_meaning (XenoSpec *spec)
{
  g_autofree char *xml = xeno_spec_to_xml (spec);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  xmlDoc *document = xmlReadDoc (BAD_CAST xml, NULL, NULL, XML_PARSE_NOBLANKS);

  flatten (lines, "", xmlDocGetRootElement (document));
  xmlFreeDoc (document);
  g_ptr_array_sort (lines, compare_lines);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

/* A value the field did not have. */
static char *
dup_other_value (const XenoField *field,
                 const char      *value)
{
  switch (field->kind)
    {
    case XENO_FIELD_UINT:
      return g_strdup_printf ("%" G_GUINT64_FORMAT, g_ascii_strtoull (value, NULL, 10) + 1);

    case XENO_FIELD_BOOLEAN:
      return g_strdup (strcmp (value, "yes") == 0 ? "no" : "yes");

    case XENO_FIELD_SWITCH:
      return g_strdup (strcmp (value, "on") == 0 ? "off" : "on");

    case XENO_FIELD_SIZE:
      return g_strdup_printf ("%" G_GUINT64_FORMAT, g_ascii_strtoull (value, NULL, 10) + 1024);

    case XENO_FIELD_ELEMENTS:
      return g_strconcat (value, value, NULL);

    case XENO_FIELD_STRING:
    case XENO_FIELD_PRESENT:
    default:
      return g_strconcat (value, " <&>\"'ß", NULL);
    }
}

/* The same device after the document was written and read again. */
static XenoDevice *
read_again (XenoSpec   *spec,
            const char *kind_id,
            guint       index)
{
  g_autofree char *xml = xeno_spec_to_xml (spec);
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoSpec) again = xeno_spec_new_from_xml (xml, &error);
  g_autoptr (GPtrArray) devices = NULL;
  XenoDevice *part;

  g_assert_no_error (error);
  part = xeno_spec_get_part (again, kind_id);
  if (part != NULL)
    return part;
  devices = xeno_spec_list_devices (again, kind_id);
  return g_object_ref (g_ptr_array_index (devices, index));
}

static void
check_present (XenoSpec        *spec,
               XenoDevice      *device,
               const XenoField *field)
{
  g_autofree char *before = dup_meaning (spec);
  g_autofree char *after = NULL;

  g_assert_true (xeno_device_get_boolean (device, field->id));
  xeno_device_set_boolean (device, field->id, TRUE);
  xeno_device_set_boolean (device, field->id, FALSE);
  g_assert_false (xeno_device_get_boolean (device, field->id));
  g_assert_null (xeno_device_dup_string (device, field->id));
  xeno_device_set_boolean (device, field->id, TRUE);
  after = dup_meaning (spec);
  g_assert_cmpstr (after, ==, before);
}

static void
check_boolean (XenoDevice      *device,
               const XenoField *field)
{
  const char *yes = field->kind == XENO_FIELD_SWITCH ? "on" : "yes";
  g_autofree char *value = xeno_device_dup_string (device, field->id);
  g_autofree char *written = NULL;
  gboolean was = xeno_device_get_boolean (device, field->id);

  g_assert_cmpint (was, ==, g_strcmp0 (value, yes) == 0);
  xeno_device_set_boolean (device, field->id, !was);
  g_assert_cmpint (xeno_device_get_boolean (device, field->id), ==, !was);
  xeno_device_set_boolean (device, field->id, was);
  written = xeno_device_dup_string (device, field->id);
  g_assert_cmpstr (written, ==, value);
}

static void
check_uint (XenoDevice      *device,
            const XenoField *field)
{
  g_autofree char *value = xeno_device_dup_string (device, field->id);
  guint64 number = xeno_device_get_uint (device, field->id, G_MAXUINT64);

  g_assert_cmpuint (number, !=, G_MAXUINT64);
  xeno_device_set_uint (device, field->id, number + 7);
  g_assert_cmpuint (xeno_device_get_uint (device, field->id, 0), ==, number + 7);
  xeno_device_set_string (device, field->id, value);
}

/* Amounts are written in KiB, whatever unit they had. */
static void
settle_unit (XenoSpec         *spec,
             XenoDevice       *device,
             const XenoField  *field,
             char            **before)
{
  g_autofree char *value = xeno_device_dup_string (device, field->id);
  g_autofree char *again = NULL;

  xeno_device_set_string (device, field->id, value);
  again = xeno_device_dup_string (device, field->id);
  g_assert_cmpstr (again, ==, value);
  g_free (*before);
  *before = dup_meaning (spec);
}

static void
check_value (XenoSpec        *spec,
             XenoDevice      *device,
             guint            index,
             const XenoField *field)
{
  const char *kind_id = xeno_device_get_kind (device)->id;
  g_autofree char *before = dup_meaning (spec);
  g_autofree char *after = NULL;
  g_autofree char *value = xeno_device_dup_string (device, field->id);
  g_autofree char *other = dup_other_value (field, value);
  g_autofree char *read = NULL;
  g_autoptr (XenoDevice) changed = NULL;
  g_autoptr (XenoDevice) removed = NULL;

  if (field->kind == XENO_FIELD_BOOLEAN || field->kind == XENO_FIELD_SWITCH)
    check_boolean (device, field);
  if (field->kind == XENO_FIELD_UINT)
    check_uint (device, field);
  if (field->kind == XENO_FIELD_SIZE)
    settle_unit (spec, device, field, &before);

  xeno_device_set_string (device, field->id, other);
  changed = read_again (spec, kind_id, index);
  read = xeno_device_dup_string (changed, field->id);
  g_assert_cmpstr (read, ==, other);

  xeno_device_set_string (device, field->id, NULL);
  removed = read_again (spec, kind_id, index);
  g_assert_null (xeno_device_dup_string (removed, field->id));

  xeno_device_set_string (device, field->id, value);
  after = dup_meaning (spec);
  g_assert_cmpstr (after, ==, before);
}

static void
check_device (XenoSpec   *spec,
              XenoDevice *device,
              guint       index,
              GHashTable *touched)
{
  const XenoDeviceKind *kind = xeno_device_get_kind (device);
  g_autofree char *title = xeno_device_dup_title (device);

  g_assert_true (g_utf8_validate (title, -1, NULL));
  g_assert_cmpuint (strlen (title), >, 0);

  for (gsize i = 0; i < kind->n_fields; i++)
    {
      const XenoField *field = &kind->fields[i];
      g_autofree char *value = xeno_device_dup_string (device, field->id);

      if (value == NULL)
        continue;
      g_hash_table_add (touched, (gpointer) field);
      if (field->kind == XENO_FIELD_PRESENT)
        check_present (spec, device, field);
      else
        check_value (spec, device, index, field);
    }
}

static void
test_parts (void)
{
  g_autoptr (XenoSpec) spec = load (".", "parts");
  g_autoptr (GPtrArray) parts = xeno_spec_list_parts (spec);
  g_autoptr (GHashTable) touched = g_hash_table_new (NULL, NULL);
  g_autofree char *xml = NULL;

  for (guint i = 0; i < parts->len; i++)
    {
      const XenoDeviceKind *kind = xeno_device_get_kind (parts->pdata[i]);

      check_device (spec, parts->pdata[i], 0, touched);
      for (gsize j = 0; j < kind->n_fields; j++)
        if (!g_hash_table_contains (touched, &kind->fields[j]))
          g_test_fail_printf ("parts.xml has no “%s” of “%s”", kind->fields[j].id, kind->id);
    }

  xml = xeno_spec_to_xml (spec);
  g_assert_nonnull (strstr (xml, "<!-- kept: of the"));
  g_assert_nonnull (strstr (xml, "<unheard-of level="));
  g_assert_null (xeno_spec_get_refused (spec));
}

static void
test_fields (gconstpointer data)
{
  const XenoDeviceKind *kind = data;
  g_autoptr (XenoSpec) spec = load_fixture (kind->id);
  g_autoptr (GPtrArray) devices = xeno_spec_list_devices (spec, kind->id);
  g_autoptr (GHashTable) touched = g_hash_table_new (NULL, NULL);
  g_autofree char *xml = NULL;

  g_assert_cmpuint (devices->len, >, 0);
  for (guint i = 0; i < devices->len; i++)
    check_device (spec, g_ptr_array_index (devices, i), i, touched);

  for (gsize i = 0; i < kind->n_fields; i++)
    {
      if (!g_hash_table_contains (touched, &kind->fields[i]))
        g_test_fail_printf ("no device in %s.xml has the field “%s”", kind->id, kind->fields[i].id);
    }

  xml = xeno_spec_to_xml (spec);
  g_assert_nonnull (strstr (xml, "<!-- kept: of the"));
  g_assert_nonnull (strstr (xml, "<unheard-of level="));
}

static void
test_tables (void)
{
  gsize n_kinds;
  const XenoDeviceKind * const *kinds = xeno_device_kind_list (&n_kinds);

  for (gsize i = 0; i < n_kinds; i++)
    {
      g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
      g_autoptr (GHashTable) paths = g_hash_table_new (g_str_hash, g_str_equal);

      g_assert_true (xeno_device_kind_find (kinds[i]->id) == kinds[i]);
      g_assert_cmpuint (kinds[i]->n_fields, >, 0);
      for (gsize j = 0; j < kinds[i]->n_fields; j++)
        {
          const XenoField *field = &kinds[i]->fields[j];

          g_assert_true (g_hash_table_add (ids, (gpointer) field->id));
          g_assert_true (g_hash_table_add (paths, (gpointer) field->path));
          g_assert_true (xeno_device_kind_find_field (kinds[i], field->id) == field);
        }
    }
  g_assert_null (xeno_device_kind_find ("emulator"));
}

static void
test_unknown (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoSpec) spec =
    xeno_spec_new_from_xml ("<domain><devices><emulator>/x</emulator><disk/>"
                            "<teleporter model='9'/></devices></domain>", &error);
  g_autoptr (GPtrArray) devices = xeno_spec_list_devices (spec, NULL);
  g_autofree char *title = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (devices->len, ==, 2);
  g_assert_cmpstr (xeno_device_get_kind (g_ptr_array_index (devices, 1))->id, ==, "unknown");
  title = xeno_device_dup_title (g_ptr_array_index (devices, 1));
  g_assert_cmpstr (title, ==, "Other device (teleporter)");
}

static void
test_title (void)
{
  static const struct
  {
    const char *kind;
    guint       index;
    const char *title;
  } cases[] = {
    { "disk", 0, "Disk 1 (virtio)" },
    { "disk", 1, "CD drive (sda)" },
    { "disk", 3, "Disk 3 (virtio)" }, /* the drive before it is no disk */
    { "interface", 1, "Network card 2 (52:54:00:6c:3c:02)" },
    { "graphics", 0, "Display (SPICE)" },
    { "graphics", 3, "Display (D-Bus)" },
    { "hostdev", 0, "USB device 0x0951:0x1666" },
    { "hostdev", 1, "PCI device 0000:06:02.0" },
    { "channel", 0, "Guest agent channel" },
    { "watchdog", 0, "Watchdog (itco)" },
    { "redirfilter", 0, "USB redirection filter" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (XenoSpec) spec = load_fixture (cases[i].kind);
      g_autoptr (GPtrArray) devices = xeno_spec_list_devices (spec, cases[i].kind);
      g_autofree char *title = xeno_device_dup_title (g_ptr_array_index (devices, cases[i].index));

      g_assert_cmpstr (title, ==, cases[i].title);
    }
}

static void
test_hostile_title (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoSpec) spec =
    xeno_spec_new_from_xml ("<domain><devices><watchdog model='a&#xA;b\xe2\x80\xaeZ'/>"
                            "</devices></domain>", &error);
  g_autoptr (GPtrArray) devices = xeno_spec_list_devices (spec, NULL);
  g_autofree char *title = NULL;

  g_assert_no_error (error);
  title = xeno_device_dup_title (g_ptr_array_index (devices, 0));
  g_assert_cmpstr (title, ==, "Watchdog (a bZ)");
}

static void
test_add_and_remove (void)
{
  g_autoptr (XenoSpec) spec = load_fixture ("disk");
  g_autofree char *before = dup_meaning (spec);
  g_autofree char *after = NULL;
  g_autofree char *bus = NULL;
  g_autoptr (XenoDevice) added = xeno_spec_add_device (spec, "disk");
  g_autoptr (XenoDevice) video = xeno_spec_add_device (spec, "video");
  g_autoptr (XenoDevice) last_disk = NULL;
  g_autoptr (XenoDevice) other = xeno_spec_add_device (spec, "disk");
  g_autoptr (GPtrArray) devices = NULL;

  xeno_device_set_string (added, "bus", "virtio");
  devices = xeno_spec_list_devices (spec, NULL);
  g_assert_cmpuint (devices->len, ==, 7);
  g_assert_cmpstr (xeno_device_get_kind (g_ptr_array_index (devices, 6))->id, ==, "video");

  xeno_spec_remove_device (spec, added);
  xeno_spec_remove_device (spec, other);
  xeno_spec_remove_device (spec, video);
  after = dup_meaning (spec);
  g_assert_cmpstr (after, ==, before);

  /* Who still looks at it sees what it was. */
  bus = xeno_device_dup_string (added, "bus");
  g_assert_cmpstr (bus, ==, "virtio");
}

static void
test_numbers (void)
{
  g_autoptr (XenoSpec) spec = xeno_spec_new ();
  g_autoptr (XenoDevice) device = xeno_spec_add_device (spec, "hostdev");

  g_assert_cmpuint (xeno_device_get_uint (device, "source-bus", 9), ==, 9);
  xeno_device_set_string (device, "source-bus", "0x1f");
  g_assert_cmpuint (xeno_device_get_uint (device, "source-bus", 9), ==, 31);
  xeno_device_set_string (device, "source-bus", "-1");
  g_assert_cmpuint (xeno_device_get_uint (device, "source-bus", 9), ==, 9);
  xeno_device_set_string (device, "source-bus", "99999999999999999999");
  g_assert_cmpuint (xeno_device_get_uint (device, "source-bus", 9), ==, 9);
}

static void
test_refused (void)
{
  g_autoptr (XenoSpec) spec = xeno_spec_new ();
  g_autoptr (XenoDevice) device = xeno_spec_add_device (spec, "disk");
  g_autofree char *value = NULL;

  xeno_device_set_string (device, "source-file", "/srv/a");
  g_assert_null (xeno_spec_get_refused (spec));
  xeno_device_set_string (device, "source-file", "/srv/\xff");
  xeno_device_set_string (device, "serial", "a\033[2Jb");
  g_assert_cmpstr (xeno_spec_get_refused (spec), ==, "source-file");
  value = xeno_device_dup_string (device, "source-file");
  g_assert_cmpstr (value, ==, "/srv/a");
}

int
main (int    argc,
      char **argv)
{
  gsize n_kinds;
  const XenoDeviceKind * const *kinds = xeno_device_kind_list (&n_kinds);

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < n_kinds; i++)
    {
      g_autofree char *path =
        g_strdup_printf ("/xeno/device/%s/every-field-is-read-and-written", kinds[i]->id);

      g_test_add_data_func (path, kinds[i], test_fields);
    }
  g_test_add_func ("/xeno/device/every-field-of-every-part-is-read-and-written", test_parts);
  g_test_add_func ("/xeno/device/the-tables-have-no-row-twice", test_tables);
  g_test_add_func ("/xeno/device/an-unknown-kind-is-listed", test_unknown);
  g_test_add_func ("/xeno/device/a-title-says-what-it-is", test_title);
  g_test_add_func ("/xeno/device/a-title-is-plain-text", test_hostile_title);
  g_test_add_func ("/xeno/device/devices-come-and-go-and-leave-no-trace", test_add_and_remove);
  g_test_add_func ("/xeno/device/a-number-that-is-none-is-the-fallback", test_numbers);
  g_test_add_func ("/xeno/device/text-that-no-document-can-hold-is-refused", test_refused);

  return g_test_run ();
}
