/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The domain document: what is changed is changed, what is not known stays, and nothing evil loads. */
#include "config.h"

#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "spec/xeno-spec.h"

#define MIB (G_GUINT64_CONSTANT (1) << 20)
#define GIB (G_GUINT64_CONSTANT (1) << 30)

static XenoSpec *
parse (const char *xml)
{
  g_autoptr (GError) error = NULL;
  XenoSpec *spec = xeno_spec_new_from_xml (xml, &error);

  g_assert_no_error (error);
  return spec;
}

static void
assert_has (XenoSpec   *spec,
            const char *text)
{
  g_autofree char *xml = xeno_spec_to_xml (spec);

  if (strstr (xml, text) == NULL)
    g_error ("“%s” is not in:\n%s", text, xml);
}

static void
assert_lacks (XenoSpec   *spec,
              const char *text)
{
  g_autofree char *xml = xeno_spec_to_xml (spec);

  if (strstr (xml, text) != NULL)
    g_error ("“%s” is in:\n%s", text, xml);
}

static void
assert_value (XenoSpec   *spec,
              const char *path,
              const char *expected)
{
  g_autofree char *value = xeno_spec_dup_value (spec, path);

  g_assert_cmpstr (value, ==, expected);
}

static void
test_unknown_survives (void)
{
  static const char * const kept[] = {
    "<!-- mine -->",
    "<qemu:arg value=\"-set\"/>",
    "xmlns:qemu=\"http://libvirt.org/schemas/domain/qemu/1.0\"",
    "<other:thing xmlns:other=\"urn:other\" deep=\"1\">",
    "<other:child>text &amp; more</other:child>",
    "<unheard-of>",
    "<![CDATA[a < b]]>",
    "<vmport state=\"off\"/>",
    "<description>two\nlines</description>",
  };
  g_autoptr (XenoSpec) spec =
    parse ("<domain type='kvm' id='7' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>"
           "<!-- mine --><name>old</name><description>two\nlines</description><metadata>"
           "<other:thing xmlns:other='urn:other' deep='1'><other:child>text &amp; more</other:child>"
           "</other:thing></metadata>"
           "<memory unit='GiB'>1</memory><vcpu>1</vcpu><os><type>hvm</type></os>"
           "<features><acpi/><vmport state='off'/></features>"
           "<unheard-of><![CDATA[a < b]]></unheard-of><devices><disk/></devices>"
           "<qemu:commandline><qemu:arg value='-set'/></qemu:commandline></domain>");
  g_autoptr (XenoDevice) device = NULL;

  xeno_spec_set_name (spec, "new");
  xeno_spec_set_title (spec, "Neu & größer");
  xeno_spec_set_memory_bytes (spec, 2 * GIB);
  xeno_spec_set_n_cpus (spec, 4);
  xeno_spec_set_uefi (spec, TRUE, TRUE);
  xeno_spec_set_uefi (spec, FALSE, FALSE);
  xeno_spec_set_os_id (spec, "http://debian.org/debian/12");
  xeno_spec_set_note (spec, "made-by", "test");
  xeno_spec_set_platform (spec, "x86_64", "q35");
  xeno_spec_set_value (spec, "features/acpi", NULL);
  device = xeno_spec_add_device (spec, "video");

  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    assert_has (spec, kept[i]);
  assert_has (spec, "<title>Neu &amp; größer</title>");
  assert_lacks (spec, "<acpi/>");
}

static void
test_order (void)
{
  static const char * const order[] = {
    "<name>", "<uuid>", "<title>", "<metadata>", "<memory ", "<currentMemory ", "<vcpu>", "<os ",
    "<type ", "<firmware>", "<features>", "<devices>", "<disk ", "<interface ", "<graphics ",
    "<video",
  };
  g_autoptr (XenoSpec) spec = xeno_spec_new ();
  static const char * const kinds[] = { "video", "graphics", "interface", "disk" };
  g_autofree char *xml = NULL;
  const char *last;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (XenoDevice) device = xeno_spec_add_device (spec, kinds[i]);

      if (xeno_device_kind_find_field (xeno_device_get_kind (device), "type") != NULL)
        xeno_device_set_string (device, "type", "x");
    }
  xeno_spec_set_value (spec, "features/acpi", "");
  xeno_spec_set_uefi (spec, TRUE, FALSE);
  xeno_spec_set_platform (spec, "x86_64", "q35");
  xeno_spec_set_n_cpus (spec, 1);
  xeno_spec_set_memory_bytes (spec, GIB);
  xeno_spec_set_os_id (spec, "x");
  xeno_spec_set_title (spec, "T");
  xeno_spec_set_uuid (spec, "6695eb01-f6a4-8304-79aa-97f2502e193f");
  xeno_spec_set_name (spec, "n");

  xml = xeno_spec_to_xml (spec);
  last = xml;
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      const char *place = strstr (xml, order[i]);

      if (place == NULL || place < last)
        g_error ("“%s” is not in its place in:\n%s", order[i], xml);
      last = place;
    }
}

static void
test_units (void)
{
  static const struct
  {
    const char *xml;
    guint64     bytes;
  } cases[] = {
    { "<memory>1024</memory>", MIB },
    { "<memory unit='KiB'>1024</memory>", MIB },
    { "<memory unit='k'>1024</memory>", MIB },
    { "<memory unit='KB'>1000</memory>", 1000000 },
    { "<memory unit='b'>4096</memory>", 4096 },
    { "<memory unit='byte'>4096</memory>", 4096 },
    { "<memory unit='bytes'>4096</memory>", 4096 },
    { "<memory unit='MiB'>2</memory>", 2 * MIB },
    { "<memory unit='M'>2</memory>", 2 * MIB },
    { "<memory unit='mb'>2</memory>", 2000000 },
    { "<memory unit='GiB'>\n 3 </memory>", 3 * GIB },
    { "<memory unit='GB'>3</memory>", G_GUINT64_CONSTANT (3000000000) },
    { "<memory unit='TiB'>1</memory>", 1024 * GIB },
    { "<memory unit='EiB'>1</memory>", G_GUINT64_CONSTANT (1) << 60 },
    { "<memory unit='EiB'>999</memory>", G_MAXUINT64 },
    { "<memory unit='furlong'>1</memory>", 0 },
    { "<memory unit=''>1</memory>", 0 },
    { "<memory>-5</memory>", 0 },
    { "<memory>many</memory>", 0 },
    { "<name>none</name>", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *xml = g_strdup_printf ("<domain>%s</domain>", cases[i].xml);
      g_autoptr (XenoSpec) spec = parse (xml);

      g_assert_cmpuint (xeno_spec_get_memory_bytes (spec), ==, cases[i].bytes);
    }
}

static void
test_set_memory (void)
{
  static const struct
  {
    const char *xml;
    guint64     bytes;
    const char *memory;
    const char *current;
  } cases[] = {
    { "", GIB, "1048576", "1048576" },
    { "<memory unit='GiB'>2</memory>", GIB, "1048576", "1048576" },
    { "<memory unit='GiB'>2</memory><currentMemory unit='GiB'>2</currentMemory>", 4 * GIB,
      "4194304", "4194304" },
    { "<memory unit='GiB'>4</memory><currentMemory unit='MiB'>1024</currentMemory>", 8 * GIB,
      "8388608", "1048576" },
    { "<memory unit='GiB'>4</memory><currentMemory unit='GiB'>3</currentMemory>", 2 * GIB,
      "2097152", "2097152" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *xml = g_strdup_printf ("<domain>%s</domain>", cases[i].xml);
      g_autoptr (XenoSpec) spec = parse (xml);

      xeno_spec_set_memory_bytes (spec, cases[i].bytes);
      assert_value (spec, "memory", cases[i].memory);
      assert_value (spec, "memory/@unit", "KiB");
      assert_value (spec, "currentMemory", cases[i].current);
      assert_value (spec, "currentMemory/@unit", "KiB");
      g_assert_cmpuint (xeno_spec_get_memory_bytes (spec), ==, cases[i].bytes);
    }
}

static void
test_numa (void)
{
  g_autoptr (XenoSpec) spec =
    parse ("<domain><maxMemory slots='16' unit='GiB'>4</maxMemory><memory unit='GiB'>3</memory><cpu>"
           "<numa><cell id='0' cpus='0' memory='1' unit='GiB'/>"
           "<cell id='1' cpus='1' memory='2097152'/></numa></cpu></domain>");

  xeno_spec_set_memory_bytes (spec, 6 * GIB);
  assert_value (spec, "cpu/numa/cell[@id='0']/@memory", "2097152");
  assert_value (spec, "cpu/numa/cell[@id='1']/@memory", "4194304");
  assert_value (spec, "maxMemory", "6291456");
  assert_value (spec, "maxMemory/@slots", "16");
}

static void
test_cpus (void)
{
  g_autoptr (XenoSpec) spec =
    parse ("<domain><vcpu placement='static' current='2'>8</vcpu><vcpus><vcpu id='0'/></vcpus><cpu>"
           "<topology sockets='2' dies='1' cores='2' threads='2'/></cpu></domain>");

  g_assert_cmpuint (xeno_spec_get_n_cpus (spec), ==, 2);
  xeno_spec_set_n_cpus (spec, 6);
  g_assert_cmpuint (xeno_spec_get_n_cpus (spec), ==, 6);
  assert_value (spec, "vcpu/@current", NULL);
  assert_value (spec, "vcpu/@placement", "static");
  assert_value (spec, "vcpus", NULL);
  assert_value (spec, "cpu/topology/@sockets", "1");
  assert_value (spec, "cpu/topology/@dies", "1");
  assert_value (spec, "cpu/topology/@cores", "3");
  assert_value (spec, "cpu/topology/@threads", "2");

  xeno_spec_set_n_cpus (spec, 5);
  assert_value (spec, "cpu/topology/@cores", "5");
  assert_value (spec, "cpu/topology/@threads", "1");
}

static void
test_uefi (void)
{
  g_autoptr (XenoSpec) automatic = parse ("<domain><os firmware='efi'><type>hvm</type></os></domain>");
  g_autoptr (XenoSpec) named =
    parse ("<domain><os><type>hvm</type><loader readonly='yes' secure='no' type='pflash'>/x</loader>"
           "<nvram>/vars</nvram></os></domain>");
  g_autoptr (XenoSpec) rom = parse ("<domain><os><loader type='rom'>/usr/share/ovmf/OVMF.fd</loader>"
                                    "</os></domain>");
  g_autoptr (XenoSpec) bios = parse ("<domain><os firmware='bios'><type>hvm</type></os></domain>");
  g_autoptr (XenoSpec) plain = parse ("<domain><os><type>hvm</type></os></domain>");

  g_assert_true (xeno_spec_is_uefi (automatic));
  g_assert_true (xeno_spec_is_uefi (named));
  g_assert_true (xeno_spec_is_uefi (rom));
  g_assert_false (xeno_spec_is_uefi (bios));
  g_assert_false (xeno_spec_is_uefi (plain));

  xeno_spec_set_uefi (plain, TRUE, FALSE);
  assert_value (plain, "os/@firmware", "efi");
  assert_value (plain, "os/firmware/feature[@name='secure-boot']/@enabled", "no");
  xeno_spec_set_uefi (plain, TRUE, TRUE);
  assert_value (plain, "os/firmware/feature[@name='secure-boot']/@enabled", "yes");
  xeno_spec_set_uefi (plain, FALSE, FALSE);
  g_assert_false (xeno_spec_is_uefi (plain));
  assert_value (plain, "os/firmware", NULL);

  /* What it has already stays, its boot entries above all. */
  xeno_spec_set_uefi (named, TRUE, FALSE);
  assert_value (named, "os/nvram", "/vars");
  xeno_spec_set_uefi (named, TRUE, TRUE);
  assert_value (named, "os/nvram", NULL);
  assert_value (named, "os/loader", NULL);
}

static void
test_metadata (void)
{
  g_autoptr (XenoSpec) spec =
    parse ("<domain><metadata><a:libosinfo xmlns:a='http://libosinfo.org/xmlns/libvirt/domain/1.0'>"
           "<a:os id='http://fedoraproject.org/fedora/37'/></a:libosinfo>"
           "<boxes:gnome-boxes xmlns:boxes='https://wiki.gnome.org/Apps/Boxes'/></metadata></domain>");
  g_autofree char *os_id = xeno_spec_dup_os_id (spec);
  g_autofree char *note = NULL;

  g_assert_cmpstr (os_id, ==, "http://fedoraproject.org/fedora/37");
  xeno_spec_set_os_id (spec, "http://debian.org/debian/12");
  assert_has (spec, "<a:os id=\"http://debian.org/debian/12\"/>");
  xeno_spec_set_os_id (spec, NULL);
  assert_lacks (spec, "libosinfo");
  assert_has (spec, "gnome-boxes");
  xeno_spec_set_os_id (spec, NULL);
  xeno_spec_set_os_id (spec, "x");
  assert_has (spec, "<libosinfo:os id=\"x\"/>");

  g_assert_null (xeno_spec_dup_note (spec, "colour"));
  xeno_spec_set_note (spec, "colour", NULL);
  xeno_spec_set_note (spec, "colour", "<red> & \"blue\"");
  xeno_spec_set_note (spec, "size", "1");
  xeno_spec_set_note (spec, "size", "2");
  note = xeno_spec_dup_note (spec, "colour");
  g_assert_cmpstr (note, ==, "<red> & \"blue\"");
  assert_has (spec, "xmlns:xenolith=\"https://unaos.org/xenolith/1\"");
  assert_has (spec, "<xenolith:note key=\"size\" value=\"2\"/>");
  xeno_spec_set_note (spec, "colour", NULL);
  xeno_spec_set_note (spec, "size", NULL);
  assert_lacks (spec, "xenolith");
}

static void
test_copy (void)
{
  g_autoptr (XenoSpec) spec = parse ("<domain><name>one</name></domain>");
  g_autoptr (XenoSpec) copy = xeno_spec_copy (spec);

  xeno_spec_set_name (copy, "two");
  assert_value (spec, "name", "one");
  assert_value (copy, "name", "two");
}

static void
test_gate (void)
{
  static const char * const refused[] = {
    "a\nb", "a\tb", "\033[2J", "\x7f", "\xc2\x9b", "\xff", "\xed\xa0\x80", "\xef\xbf\xbf", "\x01",
  };

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (XenoSpec) spec = parse ("<domain><title>old</title></domain>");
      g_autoptr (XenoSpec) copy = NULL;

      xeno_spec_set_title (spec, refused[i]);
      xeno_spec_set_os_id (spec, refused[i]);
      xeno_spec_set_note (spec, "key", refused[i]);
      xeno_spec_set_note (spec, refused[i], "value");
      assert_value (spec, "title", "old");
      g_assert_null (xeno_spec_dup_os_id (spec));
      g_assert_null (xeno_spec_dup_note (spec, "key"));
      g_assert_cmpstr (xeno_spec_get_refused (spec), ==, "title");
      copy = xeno_spec_copy (spec);
      g_assert_cmpstr (xeno_spec_get_refused (copy), ==, "title");
    }
}

static void
test_literal (void)
{
  static const char * const titles[] = {
    "<b>&\"'", "%s%n$(x)`y`", "日本語", "Москва", "👩‍👩‍👧", "]]>", "&lt;", "a  b",
  };

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      g_autoptr (XenoSpec) spec = xeno_spec_new ();
      g_autoptr (XenoSpec) again = NULL;
      g_autofree char *xml = NULL;

      xeno_spec_set_title (spec, titles[i]);
      xeno_spec_set_note (spec, "key", titles[i]);
      xml = xeno_spec_to_xml (spec);
      again = parse (xml);
      assert_value (again, "title", titles[i]);
    }
}

static void
test_hostile (void)
{
  g_autofree char *secret = g_build_filename (g_get_tmp_dir (), "xeno-spec-secret", NULL);
  g_autofree char *external = NULL;
  g_autoptr (GString) deep = g_string_new ("<domain>");
  g_autoptr (GString) large = g_string_new ("<domain>");
  const char *cases[] = {
    "", " ", "<", "domain", "<domain", "<domain></domain", "<domain/><domain/>", "<capabilities/>",
    "<x:domain xmlns:x='urn:x'/>", "<domain>&undefined;</domain>",
    "<domain a='1' a='2'/>", "<domain>\xff</domain>", "<domain>\x01</domain>",
    "<!DOCTYPE domain><domain/>",
    "<!DOCTYPE d [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><domain>&b;</domain>",
    NULL, NULL, NULL,
  };
  guint n = G_N_ELEMENTS (cases) - 3;

  g_assert_true (g_file_set_contents (secret, "secret", -1, NULL));
  external = g_strdup_printf ("<!DOCTYPE d [<!ENTITY s SYSTEM 'file://%s'>]>"
                              "<domain><name>&s;</name></domain>", secret);
  for (guint i = 0; i < 100000; i++)
    g_string_append (deep, "<a>");
  for (guint i = 0; i < 9 * 1024; i++)
    g_string_append_printf (large, "<!--%01000d-->", 0);
  g_string_append (large, "</domain>");
  cases[n++] = external;
  cases[n++] = deep->str;
  cases[n++] = large->str;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (XenoSpec) spec = xeno_spec_new_from_xml (cases[i], &error);

      g_assert_null (spec);
      g_assert_error (error, XENO_ERROR, XENO_ERROR_INVALID);
    }
  g_assert_cmpint (g_remove (secret), ==, 0);
}

static void
test_finalize (void)
{
  XenoSpec *spec = xeno_spec_new ();
  XenoDevice *device = xeno_spec_add_device (spec, "disk");

  xeno_spec_remove_device (spec, device);
  g_assert_finalize_object (device);
  g_assert_finalize_object (spec);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xeno/spec/what-is-not-known-survives-every-edit", test_unknown_survives);
  g_test_add_func ("/xeno/spec/elements-stand-where-libvirt-writes-them", test_order);
  g_test_add_func ("/xeno/spec/memory-is-read-in-every-unit", test_units);
  g_test_add_func ("/xeno/spec/memory-is-written-in-kib-and-bounds-the-current", test_set_memory);
  g_test_add_func ("/xeno/spec/numa-cells-follow-the-memory", test_numa);
  g_test_add_func ("/xeno/spec/processors-fit-their-topology", test_cpus);
  g_test_add_func ("/xeno/spec/uefi-is-recognised-and-chosen", test_uefi);
  g_test_add_func ("/xeno/spec/metadata-of-others-is-read-and-ours-is-apart", test_metadata);
  g_test_add_func ("/xeno/spec/a-copy-lives-on-its-own", test_copy);
  g_test_add_func ("/xeno/spec/what-no-document-can-hold-is-refused-and-remembered", test_gate);
  g_test_add_func ("/xeno/spec/text-that-looks-like-something-is-just-text", test_literal);
  g_test_add_func ("/xeno/spec/hostile-documents-are-refused", test_hostile);
  g_test_add_func ("/xeno/spec/nothing-is-left-behind", test_finalize);

  return g_test_run ();
}
