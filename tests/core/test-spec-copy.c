/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A document made another machine's: what is its own goes, what is known stays, what leads out is cut. */
#include "config.h"

#include <string.h>

#include "spec/xeno-spec-copy.h"

static const char document[] =
  "<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>"
  "<name>old</name><uuid>11111111-2222-3333-4444-555555555555</uuid><genid>aaaa</genid>"
  "<metadata><xenolith:machine xmlns:xenolith='https://unaos.org/xenolith/1'>"
  "<xenolith:note key='template' value='yes'/><xenolith:note key='accel' value='auto'/>"
  "</xenolith:machine></metadata>"
  "<sysinfo type='smbios'><system><entry name='uuid'>11111111-2222-3333-4444-555555555555</entry>"
  "<entry name='product'>Thing</entry></system></sysinfo>"
  "<os><type>hvm</type></os><unheard-of/>"
  "<devices>"
  "<disk type='file' device='disk'><driver name='qemu' type='raw' discard='unmap'/>"
  "<source file='/a/old.img' index='3'><seclabel relabel='no'/></source><target dev='vda'/></disk>"
  "<disk type='file' device='disk' mark='b'><driver name='qemu' type='qcow2'/><source file='/a/b.qcow2'/>"
  "<backingStore type='file'><format type='raw'/><source file='/a/deep.img'/><backingStore/></backingStore>"
  "<target dev='vdb'/></disk>"
  "<disk type='file' device='floppy'><source file='/a/floppy.img'/><target dev='fda'/></disk>"
  "<filesystem type='mount'><source dir='/home'/><target dir='home'/></filesystem>"
  "<interface type='user'><mac address='52:54:00:11:22:33'/><target dev='vnet7'/></interface>"
  "<interface type='hostdev'><mac address='52:54:00:11:22:34'/></interface>"
  "<serial type='tcp'><source mode='bind' host='0.0.0.0' service='7000'/><log file='/a/log'/>"
  "<target port='0'/></serial>"
  "<channel type='unix'><source mode='bind' path='/a/agent.sock'/>"
  "<target type='virtio' name='org.qemu.guest_agent.0'/></channel>"
  "<channel type='spiceport'><source channel='org.spice-space.webdav.0'/>"
  "<target type='virtio' name='org.spice-space.webdav.0'/></channel>"
  "<channel type='spicevmc'><target type='virtio' name='com.redhat.spice.0'/></channel>"
  "<graphics type='spice' port='5901' tlsPort='5902' autoport='no' passwd='secret'><listen type='address' "
  "address='127.0.0.1'/></graphics>"
  "<hostdev mode='subsystem' type='usb'><source><vendor id='0x1234'/></source></hostdev>"
  "<redirdev bus='usb' type='spicevmc'/>"
  "</devices>"
  "<qemu:commandline><qemu:arg value='-netdev'/><qemu:arg value='-gdb'/><qemu:arg value='unix:/run/old'/>"
  "<qemu:arg value='-S'/></qemu:commandline></domain>";

static XenoSpec *
parse (void)
{
  g_autoptr (GError) error = NULL;
  XenoSpec *spec = xeno_spec_new_from_xml (document, &error);

  g_assert_no_error (error);
  return spec;
}

static void
assert_all (XenoSpec           *spec,
            const char * const *texts,
            gboolean            are_there)
{
  g_autofree char *xml = xeno_spec_to_xml (spec);

  for (; *texts != NULL; texts++)
    if ((strstr (xml, *texts) != NULL) != are_there)
      g_error ("“%s” is %s in:\n%s", *texts, are_there ? "not" : "still", xml);
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
test_another_has_nothing_of_the_first (void)
{
  static const char * const gone[] = {
    "<uuid>", "11111111", "aaaa", "52:54:00", "vnet7", "type=\"hostdev\"", "/a/agent.sock", "7000", "/a/log",
    "5901", "5902", "<hostdev", "/a/floppy.img", "-gdb", "unix:/run/old", NULL,
  };
  static const char * const kept[] = {
    "secret", "Thing", "<unheard-of/>", "autoport=\"yes\"", "org.qemu.guest_agent.0", "key=\"accel\"", "-netdev",
    "value=\"-S\"", "<interface type=\"user\"", "<serial type=\"pty\"", "<genid", "qemu:commandline", "discard=\"unmap\"", NULL,
  };
  g_autoptr (XenoSpec) spec = parse ();
  g_auto (GStrv) lost = xeno_spec_make_another (spec);

  assert_all (spec, gone, FALSE);
  assert_all (spec, kept, TRUE);
  g_assert_cmpuint (g_strv_length (lost), ==, 2);
}

static void
test_overlay_states_what_lies_below (void)
{
  g_autoptr (XenoSpec) spec = parse ();

  g_assert_true (xeno_spec_put_overlay (spec, "vda", "/new/a.qcow2"));
  g_assert_true (xeno_spec_put_overlay (spec, "vdb", "/new/b.qcow2"));
  g_assert_false (xeno_spec_put_overlay (spec, "vdc", "/new/c.qcow2"));
  g_assert_false (xeno_spec_put_overlay (spec, "none", "/new/c.qcow2"));

  assert_value (spec, "devices/disk/source/@file", "/new/a.qcow2");
  assert_value (spec, "devices/disk/source/@index", NULL);
  assert_value (spec, "devices/disk/driver/@type", "qcow2");
  assert_value (spec, "devices/disk/driver/@discard", "unmap");
  assert_value (spec, "devices/disk/backingStore/@type", "file");
  assert_value (spec, "devices/disk/backingStore/format/@type", "raw");
  assert_value (spec, "devices/disk/backingStore/source/@file", "/a/old.img");
  assert_value (spec, "devices/disk[@mark='b']/source/@file", "/new/b.qcow2");
  assert_value (spec, "devices/disk[@mark='b']/backingStore/format/@type", "qcow2");
  assert_value (spec, "devices/disk[@mark='b']/backingStore/source/@file", "/a/b.qcow2");
  assert_value (spec, "devices/disk[@mark='b']/backingStore/backingStore/format/@type", "raw");
  assert_value (spec, "devices/disk[@mark='b']/backingStore/backingStore/source/@file", "/a/deep.img");
}

static void
test_full_copy_stands_for_itself (void)
{
  static const char * const gone[] = { "/a/b.qcow2", "/a/deep.img", NULL };
  g_autoptr (XenoSpec) spec = parse ();

  g_assert_true (xeno_spec_put_file (spec, "vdb", "/new/b.qcow2"));
  assert_all (spec, gone, FALSE);
}

static void
test_walled_off_has_no_way_out (void)
{
  static const char * const gone[] = {
    "<interface", "<filesystem", "<redirdev", "<hostdev", "webdav", "commandline", NULL,
  };
  static const char * const kept[] = {
    "org.qemu.guest_agent.0", "com.redhat.spice.0", "copypaste=\"no\"", "<filetransfer enable=\"no\"/>",
    "<metadata>", "key=\"accel\"", "<graphics", "<disk", NULL,
  };
  g_autoptr (XenoSpec) spec = parse ();

  xeno_spec_wall_off (spec);
  assert_all (spec, gone, FALSE);
  assert_all (spec, kept, TRUE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xeno/spec-copy/another-has-nothing-of-the-first", test_another_has_nothing_of_the_first);
  g_test_add_func ("/xeno/spec-copy/an-overlay-states-what-lies-below", test_overlay_states_what_lies_below);
  g_test_add_func ("/xeno/spec-copy/a-full-copy-stands-for-itself", test_full_copy_stands_for_itself);
  g_test_add_func ("/xeno/spec-copy/a-walled-off-machine-has-no-way-out", test_walled_off_has_no_way_out);

  return g_test_run ();
}
