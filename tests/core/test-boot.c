/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kernels and other beginnings than a disc: how they are recognised, and what machine they become. */
#include "config.h"

#include <locale.h>
#include <string.h>

#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "create/xeno-recipe.h"
#include "media-files.h"
#include "support/xeno-test.h"

#define UUID "6695eb01-f6a4-8304-79aa-97f2502e193f"
#define GIB (G_GUINT64_CONSTANT (1) << 30)

typedef struct
{
  char     *folder;
  XenoOsDb *db;
} Fixture;

typedef void (*TestFunc) (Fixture       *fixture,
                          gconstpointer  data);

static XenoCaps *
make_caps (const char *host_arch,
           const char *arch,
           const char *machine,
           const char *virt_type)
{
  g_autofree char *host = g_strdup_printf (
    "<capabilities><host><cpu><arch>%s</arch></cpu></host>"
    "<guest><os_type>hvm</os_type><arch name='aarch64'><machine>virt</machine><domain type='qemu'/></arch></guest>"
    "<guest><os_type>hvm</os_type><arch name='x86_64'><machine>q35</machine><domain type='qemu'/>"
    "<domain type='kvm'/></arch></guest></capabilities>", host_arch);
  g_autofree char *domain = g_strdup_printf (
    "<domainCapabilities><domain>%s</domain><machine>%s</machine><arch>%s</arch><os supported='yes'>"
    "<enum name='firmware'><value>efi</value></enum>"
    "<loader supported='yes'><enum name='secure'><value>yes</value></enum></loader></os><devices>"
    "<graphics supported='yes'><enum name='type'><value>vnc</value></enum></graphics>"
    "<video supported='yes'><enum name='modelType'><value>vga</value><value>virtio</value></enum></video>"
    "<tpm supported='yes'><enum name='backendModel'><value>emulator</value></enum></tpm>"
    "<filesystem supported='yes'><enum name='driverType'><value>virtiofs</value></enum></filesystem>"
    "</devices><features><hyperv supported='yes'><enum name='features'><value>relaxed</value><value>vapic</value>"
    "<value>spinlocks</value><value>vpindex</value><value>synic</value><value>stimer</value></enum></hyperv>"
    "</features></domainCapabilities>", virt_type, machine, arch);
  g_autoptr (GError) error = NULL;
  XenoCaps *caps = xeno_caps_new (host, domain, &error);

  g_assert_no_error (error);
  return caps;
}

static XenoCaps *
make_pc (void)
{
  return make_caps ("x86_64", "x86_64", "q35", "kvm");
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("xeno-boot-XXXXXX", NULL);
  fixture->db = xeno_os_db_new ();
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  static const char * const names[] = { "kernel", "initrd", "disk" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture->folder, names[i], NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_clear_object (&fixture->db);
}

static XenoMedia *
open_bytes (Fixture    *fixture,
            const char *name,
            GByteArray *bytes,
            GError    **error)
{
  g_autofree char *path = media_write (fixture->folder, name, bytes);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  xeno_media_open_async (file, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  return xeno_media_open_finish (result, error);
}

static XenoMedia *
open_well (Fixture    *fixture,
           const char *name,
           GByteArray *bytes)
{
  g_autoptr (GError) error = NULL;
  XenoMedia *media = open_bytes (fixture, name, bytes, &error);

  g_assert_no_error (error);
  return media;
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

static XenoSpec *
write_spec (XenoRecipe *recipe,
            XenoCaps   *caps)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) files = xeno_plan_list_files (XENO_PLAN (recipe));
  XenoSpec *spec;

  for (guint i = 0; i < files->len; i++)
    ((XenoPlanFile *) g_ptr_array_index (files, i))->path = g_strdup ("/pool/" UUID ".qcow2");
  spec = xeno_recipe_to_spec (recipe, caps, "machine", UUID, files, &error);
  g_assert_no_error (error);
  return spec;
}

static void
assert_value (XenoSpec   *spec,
              const char *path,
              const char *value)
{
  g_autofree char *text = xeno_spec_dup_value (spec, path);

  g_assert_cmpstr (text, ==, value);
}

static guint
count (XenoSpec   *spec,
       const char *kind)
{
  g_autoptr (GPtrArray) devices = xeno_spec_list_devices (spec, kind);

  return devices->len;
}

static XenoRecipe *
make_kernel_recipe (Fixture *fixture)
{
  g_autoptr (XenoMedia) media = open_well (fixture, "kernel", media_make_kernel ("6.12.1", 64));
  XenoRecipe *recipe = xeno_recipe_new (media);

  xeno_recipe_recommend (recipe, NULL, NULL, NULL, 0);
  return recipe;
}

static void
test_recognises_kernels (Fixture       *fixture,
                         gconstpointer  data)
{
  const struct
  {
    GByteArray *bytes;
    const char *kind;
    const char *label;
    const char *arch;
    gboolean    needs_uefi;
  } cases[] = {
    { media_make_kernel ("6.12.1-rc3+ (me@here) #5", 64), "kernel", "Linux 6.12.1-rc3+", "x86_64", FALSE },
    { media_make_kernel ("", 64), "kernel", NULL, "x86_64", FALSE },
    { media_make_image ("ARM\x64", FALSE), "kernel", NULL, "aarch64", FALSE },
    { media_make_image ("RSC\x05", FALSE), "kernel", NULL, "riscv64", FALSE },
    { media_make_image ("ARM\x64", TRUE), "kernel", NULL, "aarch64", FALSE },
    { media_make_zboot (0xaa64), "kernel", NULL, "aarch64", TRUE },
    { media_make_zboot (0x1234), "kernel", NULL, NULL, TRUE },
    { media_make_uki ("NAME=x\nPRETTY_NAME=\"Debian GNU/Linux 12\"\n", "6.1.0-13", "quiet splash\n"), "uki",
      "Debian GNU/Linux 12 (Linux 6.1.0-13)", "x86_64", TRUE },
    { media_make_uki ("NAME=Small\n", NULL, NULL), "uki", "Small", "x86_64", TRUE },
    { media_make_uki (NULL, "6.1.0-13", NULL), "uki", "Linux 6.1.0-13", "x86_64", TRUE },
    { media_make_uki ("PRETTY_NAME=\"never closed\n", NULL, NULL), "uki", NULL, "x86_64", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (XenoMedia) media = open_well (fixture, "kernel", cases[i].bytes);

      g_assert_cmpstr (xeno_media_get_kind (media), ==, cases[i].kind);
      g_assert_cmpstr (xeno_media_get_label (media), ==, cases[i].label);
      g_assert_cmpstr (xeno_media_get_arch (media), ==, cases[i].arch);
      g_assert_cmpint (xeno_media_needs_uefi (media), ==, cases[i].needs_uefi);
      g_assert_true (xeno_media_is_kernel (media));
      g_assert_null (xeno_media_get_warning (media));
    }
}

/* A build that is still being written, and headers that lie about what comes. */
static void
test_warns_of_cut_kernels (Fixture       *fixture,
                           gconstpointer  data)
{
  GByteArray *uki = media_make_uki ("NAME=x\n", "6.1", NULL);
  g_autoptr (XenoMedia) kernel = open_well (fixture, "kernel", media_make_kernel ("6.1", 1 << 20));
  g_autoptr (XenoMedia) image = NULL;

  g_assert_nonnull (strstr (xeno_media_get_warning (kernel), "a part of the kernel is missing"));

  g_byte_array_set_size (uki, uki->len - 64);
  image = open_well (fixture, "kernel", uki);
  g_assert_nonnull (strstr (xeno_media_get_warning (image), "a part of the kernel is missing"));
}

/* Every cut, and sections that point anywhere, end in a refusal or a kernel, never in a crash. */
static void
test_survives_hostile_headers (Fixture       *fixture,
                               gconstpointer  data)
{
  g_autoptr (GByteArray) whole = media_make_uki ("NAME=x\n", "6.1", "quiet");
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);

  for (guint i = 0; i < 300; i++)
    {
      GByteArray *bytes = g_byte_array_new ();
      g_autoptr (GError) error = NULL;
      g_autoptr (XenoMedia) media = NULL;

      g_byte_array_append (bytes, whole->data, whole->len);
      if (i % 3 == 0)
        g_byte_array_set_size (bytes, g_rand_int_range (rand, 1, whole->len));
      for (guint j = 0; j < 6; j++)
        bytes->data[g_rand_int_range (rand, 0, MIN (bytes->len, 600))] = i % 2 ? 0xff : g_rand_int (rand);
      media = open_bytes (fixture, "kernel", bytes, &error);
      g_assert_true ((media == NULL) == (error != NULL));
      if (error != NULL)
        g_assert_error (error, XENO_ERROR, XENO_ERROR_BAD_MEDIA);
    }
}

static void
test_kernel_is_started_directly (Fixture       *fixture,
                                 gconstpointer  data)
{
  g_autoptr (XenoCaps) caps = make_pc ();
  g_autoptr (XenoRecipe) recipe = make_kernel_recipe (fixture);
  XenoDirectBoot *boot = xeno_recipe_get_direct_boot (recipe);
  g_autoptr (XenoSpec) spec = NULL;

  g_assert_cmpstr (xeno_recipe_get_title (recipe), ==, "Linux 6.12.1");
  g_assert_cmpuint (xeno_recipe_get_disk_bytes (recipe), ==, 0);
  xeno_direct_boot_set_initrd (boot, "/build/initrd <1>");
  xeno_direct_boot_set_cmdline (boot, "quiet init=/bin/sh");
  spec = write_spec (recipe, caps);
  assert_value (spec, "os/kernel", xeno_media_get_path (xeno_recipe_get_media (recipe)));
  assert_value (spec, "os/initrd", "/build/initrd <1>");
  assert_value (spec, "os/cmdline", "console=ttyS0 quiet init=/bin/sh");
  assert_value (spec, "on_crash", "preserve");
  g_assert_false (xeno_spec_is_uefi (spec));
  g_assert_cmpuint (count (spec, "panic"), ==, 1);
  g_assert_cmpuint (count (spec, "disk"), ==, 0);
  g_assert_cmpuint (count (spec, "graphics"), ==, 1);
}

static void
test_light_machine_has_nothing_to_search (Fixture       *fixture,
                                          gconstpointer  data)
{
  static const char * const none[] = { "graphics", "video", "sound", "input", "channel", "redirdev", "disk" };
  g_autoptr (XenoCaps) caps = make_pc ();
  g_autoptr (XenoRecipe) recipe = make_kernel_recipe (fixture);
  g_autoptr (XenoSpec) spec = NULL;

  xeno_direct_boot_set_light (xeno_recipe_get_direct_boot (recipe), TRUE);
  spec = write_spec (recipe, caps);
  for (gsize i = 0; i < G_N_ELEMENTS (none); i++)
    g_assert_cmpuint (count (spec, none[i]), ==, 0);
  assert_value (spec, "devices/controller[@type='usb']/@model", "none");
  assert_value (spec, "devices/memballoon/@model", "none");
  g_assert_cmpuint (count (spec, "serial"), ==, 1);
}

static void
test_root_is_a_disk_or_a_folder (Fixture       *fixture,
                                 gconstpointer  data)
{
  g_autoptr (XenoCaps) caps = make_pc ();
  g_autoptr (XenoRecipe) recipe = make_kernel_recipe (fixture);
  XenoDirectBoot *boot = xeno_recipe_get_direct_boot (recipe);
  g_autoptr (XenoMedia) disk = open_well (fixture, "disk", media_make_qcow2 (GIB));
  g_autoptr (XenoSpec) spec = NULL;

  xeno_direct_boot_set_root_folder (boot, "/srv/root");
  spec = write_spec (recipe, caps);
  assert_value (spec, "devices/filesystem/source/@dir", "/srv/root");
  assert_value (spec, "devices/filesystem/@accessmode", "squash");
  assert_value (spec, "os/cmdline",
                "console=ttyS0 root=/dev/root rootfstype=9p rootflags=trans=virtio,version=9p2000.L rw");

  /* One takes the other's place, and no empty disk comes beside it. */
  g_clear_object (&spec);
  xeno_direct_boot_set_root_disk (boot, disk);
  g_assert_null (xeno_direct_boot_get_root_folder (boot));
  xeno_recipe_set_disk_bytes (recipe, GIB);
  spec = write_spec (recipe, caps);
  g_assert_cmpuint (count (spec, "filesystem"), ==, 0);
  g_assert_cmpuint (count (spec, "disk"), ==, 1);
  assert_value (spec, "devices/disk/driver/@type", "qcow2");
  assert_value (spec, "devices/disk/target/@dev", "vda");
  assert_value (spec, "os/cmdline", "console=ttyS0 root=/dev/vda rw");

  /* Who speaks of root and console knows better. */
  g_clear_object (&spec);
  xeno_direct_boot_set_cmdline (boot, "root=/dev/vda2 console=hvc0");
  spec = write_spec (recipe, caps);
  assert_value (spec, "os/cmdline", "root=/dev/vda2 console=hvc0");
}

static void
test_debugger_is_for_the_person_alone (Fixture       *fixture,
                                       gconstpointer  data)
{
  g_autoptr (XenoCaps) caps = make_pc ();
  g_autoptr (XenoRecipe) recipe = make_kernel_recipe (fixture);
  g_autofree char *address = xeno_direct_boot_dup_gdb_address ("machine", TRUE);
  g_autofree char *far = xeno_direct_boot_dup_gdb_address ("machine", FALSE);
  g_autofree char *expected = g_strdup_printf ("<qemu:arg value=\"unix:%s,server=on,wait=off\"/>", address);
  g_autoptr (XenoSpec) spec = write_spec (recipe, caps);
  g_autofree char *without = xeno_spec_to_xml (spec);
  g_autoptr (XenoSpec) other = NULL;
  g_autoptr (XenoSpec) waiting = NULL;
  g_autofree char *with = NULL;

  g_assert_null (strstr (without, "-gdb"));
  xeno_direct_boot_set_debugger (xeno_recipe_get_direct_boot (recipe), TRUE);
  other = write_spec (recipe, caps);
  with = xeno_spec_to_xml (other);
  g_assert_nonnull (strstr (with, "<qemu:arg value=\"-gdb\"/>"));
  g_assert_nonnull (strstr (with, expected));
  g_assert_true (g_path_is_absolute (address));
  g_assert_cmpstr (far, ==, "127.0.0.1:1234");
  g_assert_false (xeno_spec_has_note (other, XENO_SPEC_NOTE_GDB_WAITS));
  xeno_direct_boot_set_waits (xeno_recipe_get_direct_boot (recipe), TRUE);
  waiting = write_spec (recipe, caps);
  g_assert_true (xeno_spec_has_note (waiting, XENO_SPEC_NOTE_GDB_WAITS));
}

static void
test_unified_image_needs_uefi_and_keeps_its_words (Fixture       *fixture,
                                                   gconstpointer  data)
{
  g_autoptr (XenoCaps) caps = make_pc ();
  g_autoptr (XenoMedia) media = open_well (fixture, "kernel", media_make_uki ("NAME=x\n", "6.1", "root=LABEL=r quiet\n"));
  g_autoptr (XenoRecipe) recipe = xeno_recipe_new (media);
  g_autoptr (XenoSpec) spec = NULL;

  xeno_recipe_recommend (recipe, NULL, NULL, caps, 0);
  spec = write_spec (recipe, caps);
  g_assert_true (xeno_spec_is_uefi (spec));
  assert_value (spec, "os/cmdline", "console=ttyS0 root=LABEL=r quiet");
  assert_value (spec, "os/firmware/feature[@name='secure-boot']/@enabled", "no");
}

static void
test_foreign_kernel_brings_its_processor (Fixture       *fixture,
                                          gconstpointer  data)
{
  g_autoptr (XenoCaps) pc = make_pc ();
  g_autoptr (XenoCaps) arm = make_caps ("x86_64", "aarch64", "virt", "qemu");
  g_autoptr (XenoMedia) media = open_well (fixture, "kernel", media_make_image ("ARM\x64", FALSE));
  g_autoptr (XenoRecipe) recipe = xeno_recipe_new (media);
  g_auto (GStrv) archs = xeno_caps_list_archs (pc);
  g_autofree char *reason = NULL;
  g_autoptr (XenoSpec) spec = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (archs[0], ==, "x86_64");
  g_assert_cmpstr (archs[1], ==, "aarch64");
  g_assert_null (archs[2]);
  g_assert_false (xeno_caps_is_foreign (pc));
  g_assert_true (xeno_caps_is_foreign (arm));
  g_assert_cmpstr (xeno_plan_get_arch (XENO_PLAN (recipe)), ==, "aarch64");

  xeno_recipe_recommend (recipe, NULL, NULL, arm, 0);
  g_assert_cmpstr (xeno_recipe_choose_virt_type (recipe, arm, &reason), ==, "qemu");
  g_assert_nonnull (strstr (reason, "slow"));
  spec = write_spec (recipe, arm);
  assert_value (spec, "os/type/@arch", "aarch64");
  assert_value (spec, "os/type/@machine", "virt");
  assert_value (spec, "os/cmdline", "console=ttyAMA0");
  g_assert_false (xeno_spec_is_uefi (spec));

  g_assert_null (xeno_recipe_to_spec (recipe, pc, "machine", UUID, NULL, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "Processor: "));
}

static void
test_nothing_is_a_beginning_too (Fixture       *fixture,
                                 gconstpointer  data)
{
  g_autoptr (XenoCaps) pc = make_pc ();
  g_autoptr (XenoCaps) arm = make_caps ("x86_64", "aarch64", "virt", "qemu");
  g_autoptr (XenoRecipe) recipe = xeno_recipe_new (NULL);
  g_autoptr (XenoSpec) spec = NULL;

  xeno_recipe_recommend (recipe, NULL, NULL, pc, 100 * GIB);
  spec = write_spec (recipe, pc);
  g_assert_cmpuint (count (spec, "disk"), ==, 1);
  assert_value (spec, "devices/disk/boot/@order", "1");
  g_assert_false (xeno_spec_is_uefi (spec));

  g_clear_object (&spec);
  xeno_recipe_set_boots_network (recipe, TRUE);
  spec = write_spec (recipe, pc);
  assert_value (spec, "devices/interface/boot/@order", "1");
  assert_value (spec, "devices/disk/boot/@order", "2");

  /* Where there is no BIOS, UEFI starts it. */
  g_clear_object (&spec);
  xeno_recipe_set_arch (recipe, "aarch64");
  spec = write_spec (recipe, arm);
  g_assert_true (xeno_spec_is_uefi (spec));
}

static void
test_each_windows_gets_what_it_asks_for (Fixture       *fixture,
                                         gconstpointer  data)
{
  static const struct
  {
    const char *os_id;
    gboolean    is_secure;
  } cases[] = {
    { "winxp", FALSE }, { "win7", FALSE }, { "win10", FALSE }, { "win11", TRUE }, { "win2k22", FALSE },
  };
  g_autoptr (XenoCaps) caps = make_pc ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (XenoRecipe) recipe = xeno_recipe_new (NULL);
      g_autoptr (XenoOs) os = look_up (fixture->db, cases[i].os_id);
      g_autoptr (XenoSpec) spec = NULL;

      xeno_recipe_recommend (recipe, os, NULL, caps, 0);
      xeno_recipe_set_n_cpus (recipe, 6);
      g_assert_cmpint (xeno_recipe_wants_uefi (recipe, caps), ==, cases[i].is_secure);
      g_assert_cmpint (xeno_recipe_wants_secure_boot (recipe, caps), ==, cases[i].is_secure);
      g_assert_cmpint (xeno_recipe_wants_tpm (recipe, caps), ==, cases[i].is_secure);

      spec = write_spec (recipe, caps);
      g_assert_cmpuint (count (spec, "tpm"), ==, cases[i].is_secure ? 1 : 0);
      g_assert_cmpint (xeno_spec_is_uefi (spec), ==, cases[i].is_secure);
      assert_value (spec, "features/smm/@state", cases[i].is_secure ? "on" : NULL);
      assert_value (spec, "clock/@offset", "localtime");
      assert_value (spec, "clock/timer[@name='hypervclock']/@present", "yes");
      assert_value (spec, "features/hyperv/relaxed/@state", "on");
      assert_value (spec, "features/hyperv/spinlocks/@retries", "8191");
      assert_value (spec, "features/hyperv/stimer/@state", "on");
      assert_value (spec, "features/hyperv/tlbflush/@state", NULL); /* which this host has not */
      assert_value (spec, "cpu/topology/@sockets", "1");
      assert_value (spec, "cpu/topology/@cores", "6");
      assert_value (spec, "devices/disk/target/@bus", "sata");
      assert_value (spec, "devices/interface/model/@type", "e1000e");
    }
}

static void
test_windows_is_fast_with_its_drivers (Fixture       *fixture,
                                       gconstpointer  data)
{
  g_autoptr (XenoCaps) caps = make_pc ();
  g_autoptr (XenoRecipe) recipe = xeno_recipe_new (NULL);
  g_autoptr (XenoOs) os = look_up (fixture->db, "win11");
  g_autoptr (XenoSpec) spec = NULL;

  xeno_recipe_recommend (recipe, os, NULL, caps, 0);
  xeno_recipe_set_driver_disc (recipe, "/usr/share/virtio-win/virtio-win.iso");
  xeno_recipe_set_tpm (recipe, XENO_CHOICE_OFF);
  xeno_recipe_set_secure_boot (recipe, XENO_CHOICE_OFF);
  spec = write_spec (recipe, caps);
  assert_value (spec, "devices/disk[@device='disk']/target/@bus", "virtio");
  assert_value (spec, "devices/disk[@device='cdrom']/source/@file", "/usr/share/virtio-win/virtio-win.iso");
  assert_value (spec, "devices/interface/model/@type", "virtio");
  g_assert_cmpuint (count (spec, "tpm"), ==, 0);
  g_assert_true (xeno_spec_is_uefi (spec));
  assert_value (spec, "os/firmware/feature[@name='secure-boot']/@enabled", "no");
}

static void
test_refuses_what_contradicts_itself (Fixture       *fixture,
                                      gconstpointer  data)
{
  g_autoptr (XenoCaps) caps = make_pc ();
  g_autoptr (XenoRecipe) recipe = xeno_recipe_new (NULL);
  g_autoptr (GError) error = NULL;

  xeno_recipe_recommend (recipe, NULL, NULL, caps, 0);
  xeno_recipe_set_firmware (recipe, XENO_FIRMWARE_BIOS);
  xeno_recipe_set_secure_boot (recipe, XENO_CHOICE_ON);
  g_assert_null (xeno_recipe_to_spec (recipe, caps, "machine", UUID, NULL, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "Secure Boot: "));
}

static const struct
{
  const char *path;
  TestFunc    test;
} tests[] = {
  { "/xeno/media/recognises-kernels-and-what-they-are-for", test_recognises_kernels },
  { "/xeno/media/warns-of-kernels-that-are-cut", test_warns_of_cut_kernels },
  { "/xeno/media/survives-hostile-headers-of-kernels", test_survives_hostile_headers },
  { "/xeno/recipe/a-kernel-is-started-directly", test_kernel_is_started_directly },
  { "/xeno/recipe/a-light-machine-has-nothing-to-search", test_light_machine_has_nothing_to_search },
  { "/xeno/recipe/the-root-is-a-disk-or-a-folder", test_root_is_a_disk_or_a_folder },
  { "/xeno/recipe/the-debugger-is-for-the-person-alone", test_debugger_is_for_the_person_alone },
  { "/xeno/recipe/a-unified-image-needs-uefi-and-keeps-its-words", test_unified_image_needs_uefi_and_keeps_its_words },
  { "/xeno/recipe/a-foreign-kernel-brings-its-processor", test_foreign_kernel_brings_its_processor },
  { "/xeno/recipe/nothing-is-a-beginning-too", test_nothing_is_a_beginning_too },
  { "/xeno/recipe/each-windows-gets-what-it-asks-for", test_each_windows_gets_what_it_asks_for },
  { "/xeno/recipe/windows-is-fast-with-its-drivers", test_windows_is_fast_with_its_drivers },
  { "/xeno/recipe/refuses-what-contradicts-itself", test_refuses_what_contradicts_itself },
};

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
