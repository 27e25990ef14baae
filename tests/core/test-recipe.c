/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a medium to the document of a machine: what is recommended, refused and written. */
#include "config.h"

#include <locale.h>
#include <string.h>

#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "base/xeno-units.h"
#include "create/xeno-recipe.h"
#include "media-files.h"
#include "support/xeno-test.h"

#define UUID "6695eb01-f6a4-8304-79aa-97f2502e193f"
#define GIB (G_GUINT64_CONSTANT (1) << 30)

typedef struct
{
  const char *virt_types;
  const char *arch;
  const char *machine;
  const char *graphics;
  const char *channels;
  gboolean    uefi;
  guint       max_cpus;
} Offer;

static const Offer spice_host = { "qemu", "x86_64", "q35", "spice", "spicevmc", TRUE, 288 };
static const Offer vnc_host = { "qemu", "x86_64", "q35", "vnc", "qemu-vdagent", FALSE, 288 };
static const Offer dbus_host = { "qemu", "x86_64", "q35", "dbus", "qemu-vdagent", FALSE, 288 };
static const Offer kvm_host = { "kvm", "x86_64", "q35", "spice", "spicevmc", TRUE, 4 };

typedef struct
{
  char     *folder;
  XenoOsDb *db;
} Fixture;

static XenoCaps *
make_caps (const Offer *offer)
{
  g_autofree char *host = g_strdup_printf (
    "<capabilities><host><cpu><arch>%s</arch></cpu></host><guest><os_type>hvm</os_type>"
    "<arch name='%s'><machine maxCpus='%u'>%s</machine><domain type='qemu'/><domain type='%s'/></arch>"
    "</guest></capabilities>",
    offer->arch, offer->arch, offer->max_cpus, offer->machine, offer->virt_types);
  g_autofree char *domain = g_strdup_printf (
    "<domainCapabilities><domain>%s</domain><machine>%s</machine><arch>%s</arch><os supported='yes'>%s"
    "<loader supported='yes'><enum name='secure'><value>yes</value></enum></loader></os><devices>"
    "<graphics supported='yes'><enum name='type'><value>vnc</value><value>%s</value></enum></graphics>"
    "<video supported='yes'><enum name='modelType'><value>vga</value><value>virtio</value></enum></video>"
    "<channel supported='yes'><enum name='type'><value>%s</value></enum></channel>"
    "<redirdev supported='yes'><enum name='bus'><value>usb</value></enum></redirdev>"
    "<tpm supported='yes'><enum name='backendModel'><value>emulator</value></enum></tpm>"
    "<rng supported='yes'><enum name='model'><value>virtio</value></enum></rng>"
    "</devices></domainCapabilities>",
    offer->virt_types, offer->machine, offer->arch,
    offer->uefi ? "<enum name='firmware'><value>efi</value></enum>" : "", offer->graphics, offer->channels);
  g_autoptr (GError) error = NULL;
  XenoCaps *caps = xeno_caps_new (host, domain, &error);

  g_assert_no_error (error);
  return caps;
}

/* Loaded once: it takes the better part of a second. */
static XenoOsDb *
load_db (void)
{
  XenoOsDb *db = xeno_os_db_new ();
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  xeno_os_db_load_async (db, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  xeno_os_db_load_finish (db, result, &error);
  g_assert_no_error (error);
  return db;
}

static XenoOs *
look_up (XenoOsDb   *db,
         const char *id)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  XenoOs *os;

  xeno_os_db_lookup_async (db, id, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  os = xeno_os_db_lookup_finish (db, result, NULL);
  g_assert_nonnull (os);
  return os;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("xeno-recipe-XXXXXX", NULL);
  fixture->db = (XenoOsDb *) data;
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "My <odd> disc.iso", NULL);

  g_unlink (path);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
}

static XenoMedia *
open_bytes (Fixture    *fixture,
            GByteArray *bytes)
{
  g_autofree char *path = media_write (fixture->folder, "My <odd> disc.iso", bytes);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  XenoMedia *media;

  xeno_media_open_async (file, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  media = xeno_media_open_finish (result, &error);
  g_assert_no_error (error);
  return media;
}

static XenoRecipe *
make_recipe (Fixture    *fixture,
             const char *label,
             const char *os_id,
             XenoCaps   *caps)
{
  g_autoptr (XenoMedia) media = open_bytes (fixture, media_make_iso (label, TRUE, TRUE, 21));
  XenoRecipe *recipe = xeno_recipe_new (media);
  g_autoptr (XenoOs) os = os_id != NULL ? look_up (fixture->db, os_id) : NULL;

  xeno_recipe_recommend (recipe, os, NULL, caps, 100 * GIB);
  return recipe;
}

static XenoSpec *
write_spec (XenoRecipe *recipe,
            XenoCaps   *caps)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) xeno_plan_file_free);
  XenoPlanFile *disk = xeno_plan_file_new ("disk", ".qcow2", "empty");
  XenoSpec *spec;

  disk->path = g_strdup ("/pool/" UUID ".qcow2");
  g_ptr_array_add (files, disk);
  spec = xeno_recipe_to_spec (recipe, caps, "machine", UUID, files, &error);

  g_assert_no_error (error);
  return spec;
}

static XenoDevice *
find_device (XenoSpec   *spec,
             const char *kind,
             const char *field_id,
             const char *value)
{
  g_autoptr (GPtrArray) devices = xeno_spec_list_devices (spec, kind);

  for (guint i = 0; i < devices->len; i++)
    {
      XenoDevice *device = g_ptr_array_index (devices, i);
      g_autofree char *text = xeno_device_dup_string (device, field_id);

      if (g_strcmp0 (text, value) == 0)
        return g_object_ref (device);
    }
  return NULL;
}

static void
assert_field (XenoDevice *device,
              const char *field_id,
              const char *value)
{
  g_autofree char *text = NULL;

  g_assert_nonnull (device);
  text = xeno_device_dup_string (device, field_id);
  g_assert_cmpstr (text, ==, value);
}

static void
assert_device (XenoSpec   *spec,
               const char *kind,
               const char *field_id,
               const char *value)
{
  g_autoptr (XenoDevice) device = find_device (spec, kind, field_id, value);

  g_assert_nonnull (device);
}

static void
assert_no_device (XenoSpec   *spec,
                  const char *kind,
                  const char *field_id,
                  const char *value)
{
  g_autoptr (XenoDevice) device = find_device (spec, kind, field_id, value);

  g_assert_null (device);
}

static void
assert_value (XenoSpec   *spec,
              const char *path,
              const char *value)
{
  g_autofree char *text = xeno_spec_dup_value (spec, path);

  g_assert_cmpstr (text, ==, value);
}

static void
test_recommends_for_known_os (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr (XenoCaps) caps = make_caps (&spice_host);
  g_autoptr (XenoRecipe) recipe = make_recipe (fixture, "Debian 11.3.0 amd64 1", "debian11", caps);
  g_autoptr (GError) error = NULL;
  XenoOs *os = xeno_recipe_get_os (recipe);

  g_assert_cmpstr (xeno_recipe_get_title (recipe), ==, "Debian 11");
  g_assert_cmpstr (xeno_recipe_get_os_id (recipe), ==, "http://debian.org/debian/11");
  g_assert_cmpuint (xeno_recipe_get_memory_bytes (recipe), ==, xeno_os_get_memory_bytes (os, FALSE));
  g_assert_cmpuint (xeno_recipe_get_disk_bytes (recipe), >=, xeno_os_get_disk_bytes (os, FALSE));
  g_assert_cmpuint (xeno_recipe_get_memory_range (recipe).recommended, ==, xeno_recipe_get_memory_bytes (recipe));
  g_assert_true (xeno_recipe_check (recipe, &error));
  g_assert_no_error (error);
}

static void
test_welcomes_unknown_media (Fixture       *fixture,
                             gconstpointer  data)
{
  static const struct
  {
    const char *label;
    const char *title;
  } cases[] = {
    { "Haiku R9", "Haiku R9" },
    { "CDROM", "My <odd> disc" },
    { "", "My <odd> disc" },
    { "../../x", ".. .. x" },
    { "host", "My <odd> disc" },
  };
  g_autoptr (XenoCaps) caps = make_caps (&spice_host);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (XenoRecipe) recipe = make_recipe (fixture, cases[i].label, NULL, caps);
      g_autoptr (GError) error = NULL;

      g_assert_cmpstr (xeno_recipe_get_title (recipe), ==, cases[i].title);
      g_assert_cmpuint (xeno_recipe_get_memory_bytes (recipe), ==, 2 * GIB);
      g_assert_cmpuint (xeno_recipe_get_n_cpus (recipe), ==, 2);
      g_assert_cmpuint (xeno_recipe_get_disk_bytes (recipe), ==, 20 * GIB);
      g_assert_true (xeno_recipe_check (recipe, &error));
      g_assert_no_error (error);
    }
}

static void
test_keeps_what_a_person_chose (Fixture       *fixture,
                                gconstpointer  data)
{
  g_autoptr (XenoCaps) caps = make_caps (&spice_host);
  g_autoptr (XenoRecipe) recipe = make_recipe (fixture, "x", NULL, caps);
  g_autoptr (XenoOs) windows = look_up (fixture->db, "win11");

  xeno_recipe_set_title (recipe, "Meine Maschine");
  xeno_recipe_set_memory_bytes (recipe, 3 * GIB);
  xeno_recipe_recommend (recipe, windows, NULL, caps, 10 * GIB);
  g_assert_cmpstr (xeno_recipe_get_title (recipe), ==, "Meine Maschine");
  g_assert_cmpuint (xeno_recipe_get_memory_bytes (recipe), ==, 3 * GIB);
  g_assert_cmpuint (xeno_recipe_get_memory_range (recipe).recommended, >, 3 * GIB);
  g_assert_cmpuint (xeno_recipe_get_disk_bytes (recipe), ==, 10 * GIB);
}

static void
test_disk_is_bounded_by_free_space (Fixture       *fixture,
                                    gconstpointer  data)
{
  g_autoptr (XenoCaps) caps = make_caps (&spice_host);
  g_autoptr (XenoRecipe) recipe = make_recipe (fixture, "x", NULL, caps);
  static const struct
  {
    guint64 free_bytes;
    guint64 disk_bytes;
  } cases[] = {
    { 100 * GIB, 20 * GIB }, { 20 * GIB, 20 * GIB }, { 5 * GIB + 7, 5 * GIB }, { GIB, GIB / 2 }, { 0, 20 * GIB },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      xeno_recipe_recommend (recipe, NULL, NULL, caps, cases[i].free_bytes);
      g_assert_cmpuint (xeno_recipe_get_disk_bytes (recipe), ==, cases[i].disk_bytes);
      g_assert_true (xeno_recipe_check (recipe, NULL));
    }
}

static void
assert_refused (XenoRecipe *recipe,
                XenoError   code,
                const char *sentence)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (xeno_recipe_check (recipe, &error));
  g_assert_error (error, XENO_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, sentence));
}

/* Fault matrix, rows 18, 28 and 29. */
static void
test_refuses_what_cannot_be (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr (XenoCaps) caps = make_caps (&kvm_host);
  g_autoptr (XenoRecipe) recipe = make_recipe (fixture, "x", NULL, caps);
  static const char * const titles[] = { "", "  ", ".", "..", "a/b", "a\nb", "host", "self", "all", "\033[2J" };

  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      xeno_recipe_set_title (recipe, titles[i]);
      assert_refused (recipe, XENO_ERROR_INVALID, "");
    }
  xeno_recipe_set_title (recipe, "日本語");
  g_assert_true (xeno_recipe_check (recipe, NULL));

  xeno_recipe_set_memory_bytes (recipe, 0);
  assert_refused (recipe, XENO_ERROR_INVALID, "Memory: ");
  xeno_recipe_set_memory_bytes (recipe, G_MAXUINT64);
  assert_refused (recipe, XENO_ERROR_INVALID, "Memory: ");
  xeno_recipe_set_memory_bytes (recipe, GIB);

  xeno_recipe_set_n_cpus (recipe, 0);
  assert_refused (recipe, XENO_ERROR_INVALID, "Processors: ");
  xeno_recipe_set_n_cpus (recipe, 5);
  assert_refused (recipe, XENO_ERROR_INVALID, "can have 4");
  xeno_recipe_set_n_cpus (recipe, 4);

  xeno_recipe_set_disk_bytes (recipe, 101 * GIB);
  assert_refused (recipe, XENO_ERROR_NO_SPACE, "Disk: ");
  xeno_recipe_set_disk_bytes (recipe, 1);
  assert_refused (recipe, XENO_ERROR_INVALID, "Disk: ");
  xeno_recipe_set_disk_bytes (recipe, 0);
  g_assert_true (xeno_recipe_check (recipe, NULL));
}

static void
test_writes_whole_machine (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr (XenoCaps) caps = make_caps (&spice_host);
  g_autoptr (XenoRecipe) recipe = make_recipe (fixture, "Debian 11.3.0 amd64 1", "debian11", caps);
  g_autoptr (XenoSpec) spec = write_spec (recipe, caps);
  g_autoptr (XenoSpec) again = NULL;
  g_autoptr (XenoDevice) disk = find_device (spec, "disk", "device", "disk");
  g_autoptr (XenoDevice) disc = find_device (spec, "disk", "device", "cdrom");
  g_autoptr (XenoDevice) agent = find_device (spec, "channel", "type", "spicevmc");
  g_autoptr (GPtrArray) redirs = xeno_spec_list_devices (spec, "redirdev");
  g_autofree char *xml = xeno_spec_to_xml (spec);
  g_autofree char *os_id = xeno_spec_dup_os_id (spec);
  g_autofree char *accel = xeno_spec_dup_note (spec, "accel");
  g_autoptr (GError) error = NULL;

  assert_value (spec, "@type", "qemu");
  assert_value (spec, "name", "machine");
  assert_value (spec, "uuid", UUID);
  assert_value (spec, "title", "Debian 11");
  assert_value (spec, "os/type/@machine", "q35");
  assert_value (spec, "cpu/@mode", "maximum");
  assert_value (spec, "clock/@offset", "utc");
  assert_value (spec, "pm/suspend-to-mem/@enabled", "no");
  g_assert_false (xeno_spec_is_uefi (spec));
  g_assert_cmpstr (os_id, ==, "http://debian.org/debian/11");
  g_assert_cmpstr (accel, ==, "auto");

  assert_field (disk, "driver-type", "qcow2");
  assert_field (disk, "driver-discard", "unmap");
  assert_field (disk, "source-file", "/pool/" UUID ".qcow2");
  assert_field (disk, "bus", "virtio");
  assert_field (disk, "boot-order", "1");
  assert_field (disc, "driver-type", "raw");
  assert_field (disc, "bus", "sata");
  assert_field (disc, "boot-order", "2");
  assert_field (disc, "source-file", xeno_media_get_path (xeno_recipe_get_media (recipe)));
  g_assert_true (xeno_device_get_boolean (disc, "readonly"));

  assert_field (agent, "target-name", "com.redhat.spice.0");
  assert_device (spec, "channel", "target-name", "org.qemu.guest_agent.0");
  assert_device (spec, "graphics", "type", "spice");
  assert_device (spec, "graphics", "listen-type", "none");
  assert_device (spec, "video", "model", "virtio");
  assert_device (spec, "input", "type", "tablet");
  assert_device (spec, "controller", "model", "qemu-xhci");
  assert_device (spec, "controller", "ports", "15");
  assert_device (spec, "interface", "model", "virtio");
  assert_device (spec, "interface", "type", "user");
  assert_device (spec, "memballoon", "stats-period", "5");
  assert_device (spec, "rng", "source", "/dev/urandom");
  assert_device (spec, "audio", "type", "spice");
  assert_device (spec, "serial", "type", "pty");
  assert_device (spec, "console", "type", "pty");
  g_assert_cmpuint (redirs->len, ==, 2);

  /* No format is left to be probed, and what was written can be read. */
  again = xeno_spec_new_from_xml (xml, &error);
  g_assert_no_error (error);
  assert_value (again, "title", "Debian 11");
}

static void
test_falls_back_to_vnc (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr (XenoCaps) caps = make_caps (&vnc_host);
  g_autoptr (XenoRecipe) recipe = make_recipe (fixture, "x", NULL, caps);
  g_autoptr (XenoSpec) spec = write_spec (recipe, caps);
  g_autoptr (GError) error = NULL;

  assert_device (spec, "graphics", "type", "vnc");
  assert_device (spec, "graphics", "listen-type", "none");
  assert_device (spec, "channel", "type", "qemu-vdagent");
  assert_no_device (spec, "graphics", "type", "spice");
  assert_no_device (spec, "channel", "type", "spicevmc");
  assert_no_device (spec, "redirdev", "type", "spicevmc");
  assert_device (spec, "audio", "type", "none");

  xeno_recipe_set_graphics (recipe, "spice");
  g_assert_null (xeno_recipe_to_spec (recipe, caps, "machine", UUID, NULL, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_NOT_SUPPORTED);
}

static void
test_offers_qemus_own_display_to_who_asks (Fixture       *fixture,
                                           gconstpointer  data)
{
  g_autoptr (XenoCaps) caps = make_caps (&dbus_host);
  g_autoptr (XenoCaps) without = make_caps (&vnc_host);
  g_autoptr (XenoRecipe) recipe = make_recipe (fixture, "x", NULL, caps);
  g_autoptr (XenoSpec) plain = write_spec (recipe, caps);
  g_autoptr (XenoSpec) spec = NULL;
  g_autoptr (GError) error = NULL;

  assert_device (plain, "graphics", "type", "vnc");
  xeno_recipe_set_graphics (recipe, "dbus");
  spec = write_spec (recipe, caps);
  assert_device (spec, "graphics", "type", "dbus");
  assert_device (spec, "graphics", "p2p", "yes");
  g_assert_null (xeno_recipe_to_spec (recipe, without, "machine", UUID, NULL, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_NOT_SUPPORTED);
}

static void
test_honours_choices (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr (XenoCaps) caps = make_caps (&kvm_host);
  g_autoptr (XenoRecipe) recipe = make_recipe (fixture, "x", NULL, caps);
  g_autoptr (XenoSpec) spec = NULL;
  g_autofree char *note = NULL;

  xeno_recipe_set_graphics (recipe, "vnc");
  xeno_recipe_set_network (recipe, "default");
  xeno_recipe_set_firmware (recipe, XENO_FIRMWARE_UEFI);
  xeno_recipe_set_accel (recipe, XENO_ACCEL_KVM);
  spec = write_spec (recipe, caps);
  assert_device (spec, "graphics", "type", "vnc");
  assert_device (spec, "interface", "source-network", "default");
  g_assert_true (xeno_spec_is_uefi (spec));
  assert_value (spec, "@type", "kvm");
  assert_value (spec, "cpu/@mode", "host-passthrough");
  note = xeno_spec_dup_note (spec, "accel");
  g_assert_cmpstr (note, ==, "kvm");

  g_clear_object (&spec);
  xeno_recipe_set_network (recipe, "none");
  xeno_recipe_set_accel (recipe, XENO_ACCEL_TCG);
  spec = write_spec (recipe, caps);
  assert_no_device (spec, "interface", "type", "user");
  assert_value (spec, "@type", "qemu");
}

static void
test_windows_gets_what_it_knows (Fixture       *fixture,
                                 gconstpointer  data)
{
  g_autoptr (XenoCaps) caps = make_caps (&kvm_host);
  g_autoptr (XenoRecipe) recipe = make_recipe (fixture, "x", "win11", caps);
  g_autoptr (XenoSpec) spec = NULL;
  g_autoptr (XenoDevice) disk = NULL;
  g_autoptr (XenoDevice) disc = NULL;

  xeno_recipe_set_n_cpus (recipe, 2);
  spec = write_spec (recipe, caps);
  disk = find_device (spec, "disk", "device", "disk");
  disc = find_device (spec, "disk", "device", "cdrom");
  assert_field (disk, "bus", "sata");
  assert_field (disk, "target-dev", "sda");
  assert_field (disc, "target-dev", "sdb");
  assert_device (spec, "interface", "model", "e1000e");
  assert_device (spec, "video", "model", "vga");
  assert_device (spec, "tpm", "version", "2.0");
  assert_value (spec, "clock/@offset", "localtime");
  assert_value (spec, "features/hyperv/relaxed/@state", "on");
  assert_value (spec, "features/smm/@state", "on");
  g_assert_true (xeno_spec_is_uefi (spec));
}

static void
test_uefi_needs_firmware (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr (XenoCaps) caps = make_caps (&vnc_host);
  g_autoptr (XenoRecipe) recipe = make_recipe (fixture, "x", NULL, caps);
  g_autoptr (GError) error = NULL;

  xeno_recipe_set_firmware (recipe, XENO_FIRMWARE_UEFI);
  g_assert_null (xeno_recipe_to_spec (recipe, caps, "machine", UUID, NULL, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (error->message, "Firmware: "));
}

static void
test_uefi_disc_gets_uefi (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr (XenoCaps) caps = make_caps (&spice_host);
  g_autoptr (XenoMedia) media = open_bytes (fixture, media_make_iso ("Efi", FALSE, TRUE, 21));
  g_autoptr (XenoRecipe) recipe = xeno_recipe_new (media);
  g_autoptr (XenoSpec) spec = NULL;

  xeno_recipe_recommend (recipe, NULL, NULL, caps, 0);
  spec = write_spec (recipe, caps);
  g_assert_true (xeno_spec_is_uefi (spec));
}

static void
test_changes_are_kept_apart (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr (XenoCaps) caps = make_caps (&spice_host);
  g_autoptr (XenoMedia) media = open_bytes (fixture, media_make_qcow2 (30 * GIB));
  g_autoptr (XenoRecipe) recipe = xeno_recipe_new (media);
  g_autoptr (XenoSpec) spec = NULL;
  g_autoptr (GPtrArray) files = NULL;
  g_autoptr (XenoDevice) disk = NULL;
  g_autoptr (GError) error = NULL;
  XenoPlanFile *file;

  xeno_recipe_set_disk_way (recipe, XENO_DISK_OVERLAY);
  xeno_recipe_recommend (recipe, NULL, NULL, caps, 100 * GIB);
  g_assert_cmpuint (xeno_recipe_get_disk_bytes (recipe), ==, 30 * GIB);

  files = xeno_plan_list_files (XENO_PLAN (recipe));
  g_assert_cmpuint (files->len, ==, 1);
  file = g_ptr_array_index (files, 0);
  g_assert_cmpstr (file->maker, ==, "overlay");
  g_assert_cmpstr (file->source_path, ==, xeno_media_get_path (media));
  g_assert_cmpstr (file->source_format, ==, "qcow2");
  g_assert_cmpuint (file->capacity_bytes, ==, 30 * GIB);

  spec = write_spec (recipe, caps);
  disk = find_device (spec, "disk", "device", "disk");
  assert_field (disk, "source-file", "/pool/" UUID ".qcow2");
  assert_value (spec, "devices/disk[@device='disk']/backingStore/@type", "file");
  assert_value (spec, "devices/disk[@device='disk']/backingStore/source/@file", xeno_media_get_path (media));
  assert_value (spec, "devices/disk[@device='disk']/backingStore/format/@type", "qcow2");

  /* What is there already cannot be cut off. */
  xeno_recipe_set_disk_bytes (recipe, 29 * GIB);
  g_assert_false (xeno_recipe_check (recipe, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_INVALID);
}

static void
test_disk_is_used_in_place (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autoptr (XenoCaps) caps = make_caps (&spice_host);
  g_autoptr (XenoMedia) media = open_bytes (fixture, media_make_qcow2 (GIB));
  g_autoptr (XenoRecipe) recipe = xeno_recipe_new (media);
  g_autoptr (XenoSpec) spec = NULL;
  g_autoptr (XenoDevice) disk = NULL;
  g_autoptr (GError) error = NULL;

  xeno_recipe_recommend (recipe, NULL, NULL, caps, 100 * GIB);
  g_assert_cmpuint (xeno_recipe_get_disk_bytes (recipe), ==, 0);
  spec = xeno_recipe_to_spec (recipe, caps, "machine", UUID, NULL, &error);
  g_assert_no_error (error);
  disk = find_device (spec, "disk", "device", "disk");
  assert_field (disk, "source-file", xeno_media_get_path (media));
  assert_field (disk, "driver-type", "qcow2");
  assert_value (spec, "devices/disk[@device='disk']/backingStore", "");
  assert_no_device (spec, "disk", "device", "cdrom");
}

static const struct
{
  const char *path;
  void      (*test) (Fixture       *fixture,
                     gconstpointer  data);
} tests[] = {
  { "/xeno/recipe/recommends-for-a-known-os", test_recommends_for_known_os },
  { "/xeno/recipe/welcomes-unknown-media", test_welcomes_unknown_media },
  { "/xeno/recipe/keeps-what-a-person-chose", test_keeps_what_a_person_chose },
  { "/xeno/recipe/the-disk-is-bounded-by-free-space", test_disk_is_bounded_by_free_space },
  { "/xeno/recipe/refuses-what-cannot-be-and-names-the-field", test_refuses_what_cannot_be },
  { "/xeno/recipe/writes-a-whole-machine", test_writes_whole_machine },
  { "/xeno/recipe/falls-back-to-vnc", test_falls_back_to_vnc },
  { "/xeno/recipe/offers-qemus-own-display-to-who-asks", test_offers_qemus_own_display_to_who_asks },
  { "/xeno/recipe/honours-choices", test_honours_choices },
  { "/xeno/recipe/windows-gets-what-it-knows", test_windows_gets_what_it_knows },
  { "/xeno/recipe/uefi-needs-firmware-on-the-host", test_uefi_needs_firmware },
  { "/xeno/recipe/a-disc-only-uefi-can-start-gets-it", test_uefi_disc_gets_uefi },
  { "/xeno/recipe/an-existing-disk-is-used-in-place", test_disk_is_used_in_place },
  { "/xeno/recipe/what-changes-is-kept-apart-from-a-disk-that-stays", test_changes_are_kept_apart },
};

int
main (int    argc,
      char **argv)
{
  XenoOsDb *db;
  int status;

  setlocale (LC_ALL, "C.UTF-8");
  g_unsetenv ("XENO_VIRT_TYPE");
  g_test_init (&argc, &argv, NULL);

  db = load_db ();
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, db, set_up, tests[i].test, tear_down);
  status = g_test_run ();
  g_assert_finalize_object (db);
  return status;
}
