/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is different in two documents is found, and done to a third one that others have changed too. */
#include "config.h"

#include "base/xeno-error.h"
#include "spec/xeno-change.h"

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
parse (const char *xml)
{
  g_autoptr (GError) error = NULL;
  XenoSpec *spec = xeno_spec_new_from_xml (xml, &error);

  g_assert_no_error (error);
  return spec;
}

static void
assert_same (XenoSpec *spec,
             XenoSpec *expected)
{
  g_autofree char *xml = xeno_spec_to_xml (spec);
  g_autofree char *expected_xml = xeno_spec_to_xml (expected);

  g_assert_cmpstr (xml, ==, expected_xml);
}

static void
apply_all (GPtrArray *changes,
           XenoSpec  *spec)
{
  for (guint i = 0; i < changes->len; i++)
    {
      g_autoptr (GError) error = NULL;

      xeno_change_apply (changes->pdata[i], spec, &error);
      g_assert_no_error (error);
    }
}

static char *
dup_other_value (const XenoField *field,
                 const char      *value)
{
  switch (field->kind)
    {
    case XENO_FIELD_UINT:
    case XENO_FIELD_SIZE:
      return g_strdup_printf ("%" G_GUINT64_FORMAT, (g_ascii_strtoull (value, NULL, 0) + 1) * 4096);

    case XENO_FIELD_BOOLEAN:
      return g_strdup (strcmp (value, "yes") == 0 ? "no" : "yes");

    case XENO_FIELD_SWITCH:
      return g_strdup (strcmp (value, "on") == 0 ? "off" : "on");

    case XENO_FIELD_PRESENT:
      return NULL;

    case XENO_FIELD_ELEMENTS:
    case XENO_FIELD_STRING:
    default:
      return g_strconcat (value, value, NULL);
    }
}

/* Who has no place of its own is another one under another name. */
static gboolean
tells_apart (XenoDevice      *device,
             const XenoField *field)
{
  const char *identity = xeno_device_get_kind (device)->identity;
  g_auto (GStrv) ids = g_strsplit (identity != NULL ? identity : "", " ", -1);

  return g_strv_contains ((const char * const *) ids, field->id) || g_str_has_prefix (field->path, "address/");
}

/* What one field of a draft says is one change, which makes the draft of any copy, and the copy of it. */
static void
check_field (XenoSpec        *spec,
             XenoDevice      *device,
             const XenoField *field)
{
  g_autofree char *value = xeno_device_dup_string (device, field->id);
  g_autofree char *other = value != NULL ? dup_other_value (field, value) : NULL;
  g_autoptr (XenoSpec) before = xeno_spec_copy (spec);
  g_autoptr (XenoSpec) again = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (GPtrArray) back = NULL;
  g_autofree char *title = NULL;
  g_autofree char *text = NULL;

  if (value == NULL)
    return;

  /* Units settle. */
  if (field->kind == XENO_FIELD_SIZE)
    {
      xeno_device_set_string (device, field->id, value);
      g_clear_object (&before);
      before = xeno_spec_copy (spec);
    }
  xeno_device_set_string (device, field->id, other);
  g_test_message ("%s.%s", xeno_device_get_name (device), field->id);
  changes = xeno_change_list (before, spec);
  if (changes->len == 2 && tells_apart (device, field))
    {
      g_assert_cmpint (xeno_change_get_change (changes->pdata[0]), ==, XENO_CHANGE_REMOVE);
      g_assert_cmpint (xeno_change_get_change (changes->pdata[1]), ==, XENO_CHANGE_ADD);
    }
  else
    {
      g_assert_cmpuint (changes->len, ==, 1);
      g_assert_cmpint (xeno_change_get_change (changes->pdata[0]), ==, XENO_CHANGE_SET);
      g_assert_true (xeno_change_get_field (changes->pdata[0]) == field);
      g_assert_cmpstr (xeno_change_get_before (changes->pdata[0]), ==, value);
      g_assert_cmpstr (xeno_change_get_after (changes->pdata[0]), ==, other);
    }
  title = xeno_change_dup_title (changes->pdata[0]);
  text = xeno_change_dup_text (changes->pdata[0]);
  g_assert_cmpuint (strlen (title), >, 0);
  g_assert_cmpuint (strlen (text), >, 0);

  again = xeno_spec_copy (before);
  apply_all (changes, again);
  back = xeno_change_list (spec, again);
  g_assert_cmpuint (back->len, ==, 0);

  xeno_device_set_string (device, field->id, value);
  g_clear_pointer (&back, g_ptr_array_unref);
  back = xeno_change_list (again, before);
  g_assert_cmpuint (back->len, ==, changes->len);
  apply_all (back, again);
  g_clear_pointer (&back, g_ptr_array_unref);
  back = xeno_change_list (again, before);
  g_assert_cmpuint (back->len, ==, 0);
}

static void
check_fields (XenoSpec   *spec,
              XenoDevice *device)
{
  const XenoDeviceKind *kind = xeno_device_get_kind (device);

  for (gsize i = 0; i < kind->n_fields; i++)
    check_field (spec, device, &kind->fields[i]);
}

static void
test_every_field (gconstpointer data)
{
  const XenoDeviceKind *kind = data;
  g_autoptr (XenoSpec) spec = load ("devices", kind->id);
  g_autoptr (GPtrArray) devices = xeno_spec_list_devices (spec, kind->id);

  for (guint i = 0; i < devices->len; i++)
    check_fields (spec, devices->pdata[i]);
}

static void
test_every_part (void)
{
  g_autoptr (XenoSpec) spec = load (".", "parts");
  g_autoptr (GPtrArray) parts = xeno_spec_list_parts (spec);

  for (guint i = 0; i < parts->len; i++)
    check_fields (spec, parts->pdata[i]);
}

#define BEFORE "<domain><name>a</name><memory>1024</memory><vcpu>1</vcpu><devices>" \
               "<disk device='disk'><driver cache='none'/><target dev='vda'/></disk>" \
               "<disk device='disk'><target dev='vdb'/><keep it='so'/></disk>" \
               "<interface><mac address='52:54:00:00:00:01'/><model type='virtio'/></interface>" \
               "<rng model='virtio'><address type='pci' slot='0x05'/></rng></devices></domain>"

static void
set_field (XenoSpec   *spec,
           const char *kind,
           guint       index,
           const char *field,
           const char *value)
{
  g_autoptr (GPtrArray) devices = xeno_spec_list_devices (spec, kind);

  xeno_device_set_string (g_ptr_array_index (devices, index), field, value);
}

static char *
dup_field (XenoSpec   *spec,
           const char *kind,
           guint       index,
           const char *field)
{
  g_autoptr (GPtrArray) devices = xeno_spec_list_devices (spec, kind);

  return xeno_device_dup_string (g_ptr_array_index (devices, index), field);
}

static void
remove_device (XenoSpec   *spec,
               const char *kind,
               guint       index)
{
  g_autoptr (GPtrArray) devices = xeno_spec_list_devices (spec, kind);

  xeno_spec_remove_device (spec, g_ptr_array_index (devices, index));
}

static void
test_both_changes_stay (void)
{
  g_autoptr (XenoSpec) before = parse (BEFORE);
  g_autoptr (XenoSpec) draft = xeno_spec_copy (before);
  g_autoptr (XenoSpec) theirs = xeno_spec_copy (before);
  g_autoptr (XenoDevice) added = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  g_autofree char *cache = NULL;
  g_autofree char *kept = NULL;

  set_field (draft, "disk", 0, "driver-cache", "writeback");
  added = xeno_spec_add_device (draft, "interface");
  xeno_device_set_string (added, "mac", "52:54:00:00:00:02");

  remove_device (theirs, "disk", 1);
  xeno_spec_set_memory_bytes (theirs, 4096 * 1024);

  changes = xeno_change_list (before, draft);
  g_assert_cmpuint (changes->len, ==, 2);
  apply_all (changes, theirs);
  cache = dup_field (theirs, "disk", 0, "driver-cache");
  g_assert_cmpstr (cache, ==, "writeback");
  kept = dup_field (theirs, "interface", 1, "mac");
  g_assert_cmpstr (kept, ==, "52:54:00:00:00:02");
  g_assert_cmpuint (xeno_spec_get_memory_bytes (theirs), ==, 4096 * 1024);
}

static void
test_conflicts (void)
{
  static const struct
  {
    const char *mine;    /* the value of the disk's cache, NULL to remove the disk */
    const char *theirs;
    int         code;    /* -1: none */
  } cases[] = {
    { "writeback", "unsafe", XENO_ERROR_IN_USE },
    { "writeback", "writeback", -1 },
    { "writeback", NULL, XENO_ERROR_NOT_FOUND },
    { NULL, "unsafe", XENO_ERROR_IN_USE },
    { NULL, NULL, -1 },
    { NULL, "none", -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (XenoSpec) before = parse (BEFORE);
      g_autoptr (XenoSpec) draft = xeno_spec_copy (before);
      g_autoptr (XenoSpec) theirs = xeno_spec_copy (before);
      g_autoptr (XenoSpec) as_it_was = NULL;
      g_autoptr (GPtrArray) changes = NULL;
      g_autoptr (GError) error = NULL;

      if (cases[i].mine != NULL)
        set_field (draft, "disk", 0, "driver-cache", cases[i].mine);
      else
        remove_device (draft, "disk", 0);
      if (cases[i].theirs != NULL)
        set_field (theirs, "disk", 0, "driver-cache", cases[i].theirs);
      else
        remove_device (theirs, "disk", 0);

      as_it_was = xeno_spec_copy (theirs);
      changes = xeno_change_list (before, draft);
      g_assert_cmpuint (changes->len, ==, 1);
      g_assert_cmpint (xeno_change_apply (changes->pdata[0], theirs, &error), ==, cases[i].code < 0);
      if (cases[i].code < 0)
        {
          g_assert_no_error (error);
          continue;
        }
      g_assert_error (error, XENO_ERROR, cases[i].code);
      assert_same (theirs, as_it_was);
    }
}

static void
test_a_removed_one_is_the_right_one (void)
{
  g_autoptr (XenoSpec) before = parse ("<domain><devices><input type='tablet' bus='usb'/><input type='mouse' bus='ps2'/>"
                                       "<input type='keyboard' bus='ps2'/></devices></domain>");
  g_autoptr (XenoSpec) draft = xeno_spec_copy (before);
  g_autoptr (GPtrArray) changes = NULL;
  g_autofree char *first = NULL;

  remove_device (draft, "input", 0);
  changes = xeno_change_list (before, draft);
  g_assert_cmpuint (changes->len, ==, 1);
  g_assert_cmpint (xeno_change_get_change (changes->pdata[0]), ==, XENO_CHANGE_REMOVE);
  apply_all (changes, before);
  assert_same (before, draft);
  first = dup_field (before, "input", 0, "type");
  g_assert_cmpstr (first, ==, "mouse");
}

static void
test_another_address_is_the_same_card (void)
{
  g_autoptr (XenoSpec) before = parse ("<domain><devices><interface type='user'><mac address='52:54:00:00:00:01'/>"
                                       "<address type='pci' slot='0x03'/></interface>"
                                       "<graphics type='vnc' keymap='de'/></devices></domain>");
  g_autoptr (XenoSpec) draft = xeno_spec_copy (before);
  g_autoptr (GPtrArray) changes = NULL;
  g_autofree char *text = NULL;

  /* Its neighbour becomes another one: what held of the old one does not hold of it. */
  set_field (draft, "interface", 0, "mac", "52:54:00:00:00:09");
  set_field (draft, "graphics", 0, "type", "spice");
  changes = xeno_change_list (before, draft);
  g_assert_cmpuint (changes->len, ==, 3);
  g_assert_cmpstr (xeno_change_get_field (changes->pdata[0])->id, ==, "mac");
  g_assert_cmpint (xeno_change_get_change (changes->pdata[1]), ==, XENO_CHANGE_REMOVE);
  g_assert_cmpint (xeno_change_get_change (changes->pdata[2]), ==, XENO_CHANGE_ADD);
  text = xeno_change_dup_text (changes->pdata[0]);
  g_assert_cmpstr (text, ==, "52:54:00:00:00:01 → 52:54:00:00:00:09");
}

static void
test_one_like_it_is_not_added_twice (void)
{
  g_autoptr (XenoSpec) before = parse (BEFORE);
  g_autoptr (XenoSpec) draft = xeno_spec_copy (before);
  g_autoptr (XenoDevice) mine = xeno_spec_add_device (draft, "disk");
  g_autoptr (XenoDevice) theirs = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (GError) error = NULL;

  xeno_device_set_string (mine, "target-dev", "vdc");
  xeno_device_set_string (mine, "source-file", "/srv/mine");
  changes = xeno_change_list (before, draft);
  theirs = xeno_spec_add_device (before, "disk");
  xeno_device_set_string (theirs, "target-dev", "vdc");
  g_assert_cmpuint (changes->len, ==, 1);
  g_assert_false (xeno_change_apply (changes->pdata[0], before, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_EXISTS);
}

static void
test_what_the_host_chose_is_not_pending (void)
{
  g_autoptr (XenoSpec) next = parse (
    "<domain><memory>2048</memory><vcpu>2</vcpu><cpu mode='host-model' check='partial'/><devices>"
    "<interface><mac address='52:54:00:00:00:01'/><link state='down'/></interface>"
    "<serial type='pty'><target port='0'/></serial>"
    "<graphics type='vnc' port='-1' autoport='yes' passwd='secret'/></devices></domain>");
  g_autoptr (XenoSpec) running = parse (
    "<domain><memory>1024</memory><vcpu>2</vcpu><cpu mode='custom' match='exact' check='full'>"
    "<model fallback='forbid'>Haswell</model><feature name='vme' policy='require'/></cpu><devices>"
    "<interface><mac address='52:54:00:00:00:01'/><target dev='vnet7'/><alias name='net0'/></interface>"
    "<serial type='pty'><source path='/dev/pts/4'/><target port='0'/><alias name='serial0'/></serial>"
    "<graphics type='vnc' port='5907' autoport='yes'/></devices></domain>");
  g_autoptr (GPtrArray) pending = xeno_change_list_pending (running, next);
  g_autofree char *memory = NULL;
  g_autofree char *link = NULL;

  g_assert_cmpuint (pending->len, ==, 2);
  memory = xeno_change_dup_title (pending->pdata[0]);
  g_assert_cmpstr (memory, ==, "Memory: Size");
  link = xeno_change_dup_text (pending->pdata[1]);
  g_assert_cmpstr (link, ==, "Not set → down");
}

static void
test_a_secret_is_never_said (void)
{
  g_autoptr (XenoSpec) before = parse ("<domain><devices><graphics type='vnc' passwd='old'/></devices></domain>");
  g_autoptr (XenoSpec) draft = xeno_spec_copy (before);
  g_autoptr (GPtrArray) changes = NULL;
  g_autofree char *text = NULL;

  set_field (draft, "graphics", 0, "password", "new");
  changes = xeno_change_list (before, draft);
  g_assert_cmpuint (changes->len, ==, 1);
  text = xeno_change_dup_text (changes->pdata[0]);
  g_assert_cmpstr (text, ==, "Changed");
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
      g_autofree char *path = g_strdup_printf ("/xeno/change/%s/every-field-is-one-change-there-and-back", kinds[i]->id);

      g_test_add_data_func (path, kinds[i], test_every_field);
    }
  g_test_add_func ("/xeno/change/every-field-of-every-part-is-one-change-there-and-back", test_every_part);
  g_test_add_func ("/xeno/change/what-others-changed-elsewhere-stays", test_both_changes_stay);
  g_test_add_func ("/xeno/change/who-comes-second-is-told", test_conflicts);
  g_test_add_func ("/xeno/change/the-device-that-was-meant-is-removed", test_a_removed_one_is_the_right_one);
  g_test_add_func ("/xeno/change/a-card-with-another-address-is-the-same-card", test_another_address_is_the_same_card);
  g_test_add_func ("/xeno/change/a-place-is-not-given-twice", test_one_like_it_is_not_added_twice);
  g_test_add_func ("/xeno/change/what-the-host-chose-is-not-pending", test_what_the_host_chose_is_not_pending);
  g_test_add_func ("/xeno/change/a-secret-is-never-said", test_a_secret_is_never_said);

  return g_test_run ();
}
