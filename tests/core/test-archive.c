/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Our own archives: what was put in comes out, and what a stranger put in stays out. */
#include "config.h"

#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "appliance-files.h"
#include "base/xeno-error.h"
#include "create/xeno-archive.h"
#include "create/xeno-media-facts.h"
#include "create/xeno-restore.h"
#include "media-files.h"
#include "support/xeno-test.h"

#define MIB (G_GUINT64_CONSTANT (1) << 20)
#define UUID "6a1f4c3e-9d0a-4f0e-9b6e-3f1f0c9c7a11"

#define DISK(target, format) \
  "<disk type='file' device='disk'><driver name='qemu' type='" format "'/>" \
  "<source file='/etc/shadow'/><target dev='" target "' bus='virtio'/></disk>"

#define DOMAIN(devices) \
  "<domain type='qemu'><name>guest</name><uuid>" UUID "</uuid><memory unit='MiB'>64</memory><vcpu>1</vcpu>" \
  "<os><type arch='x86_64' machine='pc'>hvm</type></os><devices>" devices "</devices></domain>"

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("xeno-archive-XXXXXX", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  const char *argv[] = { "rm", "-r", fixture->folder, NULL };

  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
  g_free (fixture->folder);
}

static void
ignore_cb (double   fraction,
           gpointer user_data)
{
  g_assert_cmpfloat (fraction, >=, 0.0);
  g_assert_cmpfloat (fraction, <=, 1.0);
}

static char *
sum_up (const void *bytes,
        gsize       length)
{
  int fd = memfd_create ("sum", MFD_CLOEXEC);
  char *sum;

  g_assert_cmpint (write (fd, bytes, length), ==, (gssize) length);
  sum = xeno_archive_sum (fd, NULL, NULL, NULL, NULL, NULL);
  close (fd);
  return sum;
}

/* An archive made by hand: what its list says of the files is what they are. */
typedef struct
{
  GString    *manifest;
  GByteArray *files;
} Draft;

static Draft
begin (void)
{
  return (Draft) {
    g_string_new ("[Archive]\nFormat=xenolith-machine\nVersion=1\nTitle=Guest\n"), g_byte_array_new (),
  };
}

static void
list (Draft      *draft,
      const char *name,
      const char *kind,
      const void *bytes,
      gsize       length,
      const char *more)
{
  g_autofree char *sum = sum_up (bytes, length);

  g_string_append_printf (draft->manifest, "[%s]\nKind=%s\nBytes=%" G_GSIZE_FORMAT "\nData=%" G_GSIZE_FORMAT
                          "\nSum=%s\n%s", name, kind, length, length, sum, more);
}

static void
add (Draft      *draft,
     const char *name,
     const char *kind,
     const void *bytes,
     gsize       length,
     const char *more)
{
  list (draft, name, kind, bytes, length, more);
  appliance_add (draft->files, name, bytes, length);
}

static void
add_text (Draft      *draft,
          const char *name,
          const char *kind,
          const char *text)
{
  add (draft, name, kind, text, strlen (text), "");
}

static GByteArray *
end (Draft *draft)
{
  GByteArray *archive = appliance_add_text (g_byte_array_new (), XENO_ARCHIVE_MANIFEST, draft->manifest->str);

  g_byte_array_append (archive, draft->files->data, draft->files->len);
  g_byte_array_unref (draft->files);
  g_string_free (draft->manifest, TRUE);
  return appliance_end (archive);
}

static XenoMediaFacts *
look (Fixture     *fixture,
      GByteArray  *archive,
      GError     **error)
{
  g_autofree char *path = media_write (fixture->folder, "a.xeno", archive);

  return xeno_media_facts_read (path, error);
}

static void
assert_refused (Fixture    *fixture,
                GByteArray *archive,
                const char *sentence)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (look (fixture, archive, &error));
  g_assert_nonnull (error);
  if (strstr (error->message, sentence) == NULL)
    g_error ("“%s” is not in “%s”", sentence, error->message);
}

static GByteArray *
make_good (const char *domain)
{
  Draft draft = begin ();

  add_text (&draft, "machine.xml", XENO_ARCHIVE_DEFINITION, domain);
  add (&draft, "disk-vda.raw", XENO_ARCHIVE_DISK, "raw disk", 8, "Target=vda\nFormat=raw\nCapacity=512\n");
  return end (&draft);
}

static int
make_disk (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->folder, "disk.raw", NULL);
  g_autofree guint8 *noise = g_malloc (MIB);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  for (gsize i = 0; i < MIB; i++)
    noise[i] = g_rand_int (rand);
  g_assert_cmpint (pwrite (fd, noise, MIB, 0), ==, MIB);
  g_assert_cmpint (pwrite (fd, noise, 1000, 200 * MIB + 77), ==, 1000);
  g_assert_cmpint (ftruncate (fd, 400 * MIB + 1), ==, 0);
  return fd;
}

static char *
write_archive (Fixture *fixture,
               int      disk)
{
  g_autoptr (XenoArchive) archive = xeno_archive_new ();
  char *path = g_build_filename (fixture->folder, "a.xeno", NULL);
  int contents[] = { memfd_create ("xml", MFD_CLOEXEC), disk };
  const char *xml = DOMAIN (DISK ("vda", "raw"));
  g_autoptr (GError) error = NULL;
  XenoArchiveFile *file;

  g_assert_cmpint (write (contents[0], xml, strlen (xml)), ==, (gssize) strlen (xml));
  archive->title = g_strdup ("Guest");
  xeno_archive_add (archive, "machine.xml", XENO_ARCHIVE_DEFINITION);
  file = xeno_archive_add (archive, "disk-vda.raw", XENO_ARCHIVE_DISK);
  file->target = g_strdup ("vda");
  file->format = g_strdup ("raw");
  xeno_archive_write (archive, contents, path, NULL, ignore_cb, NULL, &error);
  g_assert_no_error (error);
  close (contents[0]);
  return path;
}

static gboolean
unpack (const char  *path,
        const char  *target,
        guint64      max_bytes,
        GError     **error)
{
  g_autoptr (XenoMediaFacts) facts = xeno_media_facts_read (path, error);
  g_autofree char *other = g_strconcat (path, ".disk", NULL);
  XenoMediaFile file = { -1, 0, "a.xeno" };
  struct stat info;
  gboolean is_done;

  g_assert_nonnull (facts);
  g_unlink (other);
  file.fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  g_assert_cmpint (fstat (file.fd, &info), ==, 0);
  file.size_bytes = info.st_size;
  is_done = xeno_archive_unpack (&file, xeno_archive_find (facts->archive, XENO_ARCHIVE_DISK, target), other, max_bytes,
                                 NULL, ignore_cb, NULL, error);
  close (file.fd);
  return is_done;
}

static void
test_comes_back (Fixture       *fixture,
                 gconstpointer  data)
{
  int disk = make_disk (fixture);
  g_autofree char *path = write_archive (fixture, disk);
  g_autofree char *other = g_strconcat (path, ".disk", NULL);
  g_autofree char *before = xeno_archive_sum (disk, NULL, NULL, NULL, NULL, NULL);
  g_autofree char *after = NULL;
  g_autofree guint8 *block = g_malloc (MIB + 1000);
  g_autofree guint8 *same = g_malloc (MIB + 1000);
  g_autoptr (GError) error = NULL;
  struct stat info;
  int fd;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_size, <, 4 * MIB); /* holes are not carried about */
  g_assert_true (unpack (path, "vda", G_MAXUINT64, &error));
  g_assert_no_error (error);

  fd = g_open (other, O_RDONLY | O_CLOEXEC, 0);
  after = xeno_archive_sum (fd, NULL, NULL, NULL, NULL, NULL);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpint (fstat (fd, &info), ==, 0);
  g_assert_cmpint (info.st_size, ==, 400 * MIB + 1);
  g_assert_cmpint (info.st_blocks * 512, <, 8 * MIB);
  g_assert_cmpint (pread (disk, block, MIB + 1000, 199 * MIB + 77), ==, MIB + 1000);
  g_assert_cmpint (pread (fd, same, MIB + 1000, 199 * MIB + 77), ==, MIB + 1000);
  g_assert_cmpmem (block, MIB + 1000, same, MIB + 1000);
  close (fd);
  close (disk);

  /* No more than there is room for. */
  g_assert_false (unpack (path, "vda", MIB / 2, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_NO_SPACE);
}

/* What tar(1) makes of it is what was put in. */
static void
test_others_unpack_it (Fixture       *fixture,
                       gconstpointer  data)
{
  int disk = make_disk (fixture);
  g_autofree char *path = write_archive (fixture, disk);
  g_autofree char *other = g_build_filename (fixture->folder, "disk-vda.raw", NULL);
  g_autofree char *before = xeno_archive_sum (disk, NULL, NULL, NULL, NULL, NULL);
  g_autofree char *after = NULL;
  const char *argv[] = { "tar", "xf", path, "-C", fixture->folder, NULL };
  int status;
  int fd;

  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, NULL));
  g_assert_cmpint (status, ==, 0);
  fd = g_open (other, O_RDONLY | O_CLOEXEC, 0);
  after = xeno_archive_sum (fd, NULL, NULL, NULL, NULL, NULL);
  g_assert_cmpstr (before, ==, after);
  close (fd);
  close (disk);
}

static const struct
{
  const char *xml;      /* goes among the devices, or in their place where it begins with a bar */
  const char *secret;   /* is not in the document afterwards */
  const char *told;     /* is in what was left out */
} hostile[] = {
  { "<hostdev mode='subsystem' type='usb'><source><vendor id='0x1234'/></source></hostdev>", "0x1234", "usb" },
  { "<filesystem type='mount'><source dir='/home'/><target dir='t'/></filesystem>", "/home", "Shared folder" },
  { "<interface type='bridge'><mac address='52:54:00:01:02:03'/><source bridge='br-secret'/></interface>", "br-secret",
    "bridge" },
  { "<interface type='user'><script path='/bin/sh'/></interface>", "/bin/sh", "script" },
  { "<interface type='user'><backend type='passt' logFile='/root/x'/></interface>", "/root/x", "backend" },
  { "<interface type='user'><portForward proto='tcp'><range start='22'/></portForward></interface>", "portForward",
    "portForward" },
  { "<serial type='tcp'><source mode='connect' host='10.1.2.3' service='22'/></serial>", "10.1.2.3", "tcp" },
  { "<serial type='file'><source path='/etc/cron.d/x'/></serial>", "cron.d", "file" },
  { "<serial type='pty'><log file='/root/log'/></serial>", "/root/log", "log" },
  { "<channel type='unix'><source mode='connect' path='/run/secret.sock'/><target type='virtio' name='a'/></channel>",
    "secret.sock", NULL },
  { "<channel type='tcp'><source host='10.1.2.3'/><target type='virtio' name='a'/></channel>", "10.1.2.3", "" },
  { "<graphics type='vnc' listen='0.0.0.0'/>", "0.0.0.0", "listen" },
  { "<graphics type='vnc'><listen type='address' address='10.9.8.7'/></graphics>", "10.9.8.7", "listen" },
  { "<graphics type='vnc' socket='/run/x.sock'/>", "x.sock", "@socket" },
  { "<graphics type='sdl' xauth='/root/.Xauthority'/>", "Xauthority", "" },
  { "<graphics type='egl-headless'><gl rendernode='/dev/dri/renderD128'/></graphics>", "renderD128", "@rendernode" },
  { "<rng model='virtio'><backend model='egd' type='tcp'><source host='10.1.2.3'/></backend></rng>", "10.1.2.3", "" },
  { "<rng model='virtio'><backend model='random'>/etc/shadow</backend></rng>", "<backend model=\"random\">/etc", "backend" },
  { "<tpm model='tpm-tis'><backend type='passthrough'><device path='/dev/tpm0'/></backend></tpm>", "tpm0", "" },
  { "<audio id='1' type='pulseaudio' serverName='10.1.2.3'><input mixingEngine='no'/></audio>", "10.1.2.3", "pulseaudio" },
  { "<audio id='1' type='file' path='/root/a.wav'/>", "a.wav", "file" },
  { "<shmem name='of-others'><model type='ivshmem-plain'/></shmem>", "of-others", "" },
  { "<memory model='nvdimm'><source><path>/root/nv</path></source></memory>", "/root/nv", "" },
  { "<input type='evdev'><source dev='/dev/input/event0'/></input>", "event0", "" },
  { "<lease><lockspace>a</lockspace><target path='/root/l'/></lease>", "/root/l", "" },
  { "<emulator>/home/x/evil</emulator>", "evil", NULL },
  { "<disk type='block' device='disk'><source dev='/dev/sda'/><target dev='vdb'/></disk>", "/dev/sda", "" },
  { "<disk type='network' device='disk'><source protocol='nbd' name='x'><host name='10.1.2.3'/></source>"
    "<target dev='vdb'/></disk>", "10.1.2.3", "" },
  { "<disk type='file' device='cdrom'><source file='/etc/passwd'/><target dev='sda' bus='sata'/></disk>", "/etc/passwd",
    NULL },
  { "<disk type='file' device='disk'><source file='/x'><encryption format='luks'><secret type='passphrase' uuid='1'/>"
    "</encryption></source><backingStore type='file'><source file='/etc/passwd'/></backingStore><target dev='vdb'/></disk>",
    "/etc/passwd", "" },
  { "<unheardof path='/x'/>", "unheardof", "unheardof" },
  { "<video><model type='virtio'><acceleration accel3d='yes' rendernode='/dev/dri/renderD128'/></model></video>",
    "renderD128", "@rendernode" },
  { "|<qemu:commandline xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><qemu:arg value='-evil'/>"
    "</qemu:commandline>", "-evil", "qemu:commandline" },
  { "|<seclabel type='none'/>", "seclabel", "seclabel" },
  { "|<resource><partition>/machine/x</partition></resource>", "partition", "resource" },
  { "|<launchSecurity type='sev'><dhCert>x</dhCert></launchSecurity>", "dhCert", "launchSecurity" },
  { "|<sysinfo type='fwcfg'><entry name='opt/x' file='/etc/shadow'/></sysinfo>", "<entry", "entry" },
  { "|<blkiotune><device><path>/dev/sda</path></device></blkiotune>", "/dev/sda", "blkiotune" },
  { "|<memoryBacking><locked/></memoryBacking>", "locked", "locked" },
  { "|<metadata><x:machine xmlns:x='https://unaos.org/xenolith/1'><x:note key='clipboard' value='both'/>"
    "<x:note key='throw-away' value='yes'/></x:machine></metadata>", "clipboard", "clipboard" },
  { "|<features><acpi/><x path='/etc/secret'/></features>", "/etc/secret", "@path" },
};

static char *
make_hostile (const char *xml)
{
  const char *own = "<os><type arch='x86_64' machine='pc'>hvm</type><kernel>/etc/kernel</kernel>"
                    "<loader type='pflash'>/home/x/OVMF</loader><nvram template='/etc/t'>/home/x/VARS</nvram></os>";

  if (*xml == '|')
    return g_strdup_printf ("<domain type='qemu'><name>guest</name><uuid>" UUID "</uuid>%s%s<devices>" DISK ("vda", "raw")
                            "</devices></domain>", own, xml + 1);
  return g_strdup_printf ("<domain type='qemu'><name>guest</name><uuid>" UUID "</uuid>%s<devices>" DISK ("vda", "raw") "%s"
                          "</devices></domain>", own, xml);
}

static void
test_stranger_decides_nothing (Fixture       *fixture,
                               gconstpointer  data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autofree char *domain = make_hostile (hostile[i].xml);
      g_autoptr (GError) error = NULL;
      g_autoptr (XenoMediaFacts) facts = look (fixture, make_good (domain), &error);
      g_autofree char *xml = NULL;
      g_autofree char *told = NULL;

      g_assert_no_error (error);
      xml = xeno_spec_to_xml (facts->archive->spec);
      told = g_strjoinv (", ", facts->archive->left_out);
      if (strstr (xml, hostile[i].secret) != NULL)
        g_error ("“%s” is in %s", hostile[i].secret, xml);
      if (hostile[i].told != NULL && strstr (told, hostile[i].told) == NULL)
        g_error ("“%s” (of “%s”) is not in “%s”", hostile[i].told, hostile[i].secret, told);

      /* What stands in each of them. */
      g_assert_null (strstr (xml, "/etc/"));
      g_assert_null (strstr (xml, "/home/"));
      g_assert_nonnull (strstr (told, "kernel"));
      g_assert_nonnull (strstr (told, "os/loader"));
      g_assert_nonnull (strstr (xml, "vda"));
    }
}

/* What is harmless stays to the letter. */
static void
test_rest_stays (Fixture       *fixture,
                 gconstpointer  data)
{
  static const char rest[] =
    "<domain type='kvm'><name>guest</name><uuid>" UUID "</uuid><genid>" UUID "</genid><title>A guest</title>"
    "<description>/not/a/path but text</description><metadata><x:y xmlns:x='http://boo/1' icon='/usr/i.png'/></metadata>"
    "<memory unit='KiB'>1048576</memory><currentMemory unit='KiB'>1048576</currentMemory>"
    "<vcpu placement='static'>2</vcpu><cputune><vcpupin vcpu='0' cpuset='1'/></cputune>"
    "<os firmware='efi'><type arch='x86_64' machine='q35'>hvm</type><firmware><feature enabled='yes' name='secure-boot'/>"
    "</firmware><loader readonly='yes' secure='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE.fd</loader><boot dev='hd'/></os>"
    "<features><acpi/><hyperv mode='custom'><relaxed state='on'/></hyperv></features>"
    "<cpu mode='host-passthrough' check='none' migratable='on'><topology sockets='1' dies='1' cores='2' threads='1'/></cpu>"
    "<clock offset='localtime'><timer name='rtc' tickpolicy='catchup'/></clock><on_crash>preserve</on_crash>"
    "<devices><disk type='file' device='disk'><driver name='qemu' type='raw' cache='none' discard='unmap'/>"
    "<target dev='vda' bus='virtio'/><serial>abc</serial><boot order='1'/>"
    "<address type='pci' domain='0x0000' bus='0x04' slot='0x00' function='0x0'/></disk>"
    "<controller type='pci' index='0' model='pcie-root'/><interface type='network'><mac address='52:54:00:01:02:03'/>"
    "<source network='default'/><model type='virtio'/></interface>"
    "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>"
    "<channel type='spicevmc'><target type='virtio' name='com.redhat.spice.0'/></channel>"
    "<input type='tablet' bus='usb'/><tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>"
    "<graphics type='spice' autoport='yes'><listen type='address' address='127.0.0.1'/><image compression='off'/></graphics>"
    "<sound model='ich9'><audio id='1'/></sound><audio id='1' type='spice'/>"
    "<video><model type='virtio' heads='1' primary='yes'/></video>"
    "<redirdev bus='usb' type='spicevmc'/><watchdog model='itco' action='reset'/><memballoon model='virtio'/>"
    "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng><panic model='isa'/></devices></domain>";
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoMediaFacts) facts = look (fixture, make_good (rest), &error);
  g_autoptr (XenoSpec) before = xeno_spec_new_from_xml (rest, NULL);
  g_autofree char *expected = xeno_spec_to_xml (before);
  g_autofree char *xml = NULL;

  g_assert_no_error (error);
  xml = xeno_spec_to_xml (facts->archive->spec);
  g_assert_cmpstr (xml, ==, expected);
  g_assert_cmpuint (g_strv_length (facts->archive->left_out), ==, 0);
}

static GByteArray *
add_kind (GByteArray *archive,
          const char *name,
          char        kind)
{
  guint start = archive->len;
  guint sum = 0;

  appliance_add (archive, name, "", 0);
  archive->data[start + 156] = kind;
  memcpy (archive->data + start + 157, "/etc/shadow", 11);
  memset (archive->data + start + 148, ' ', 8);
  for (guint i = 0; i < 512; i++)
    sum += archive->data[start + i];
  g_snprintf ((char *) archive->data + start + 148, 8, "%06o", sum);
  return archive;
}

static void
test_refuses_what_leads_elsewhere (Fixture       *fixture,
                                   gconstpointer  data)
{
  static const char * const names[] = { "../nvram", "/etc/nvram", "a/nvram", "..", ".hidden", "a\\b" };
  static const char kinds[] = { '1', '2', '3', '4', '5', '6' };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      Draft draft = begin ();

      add_text (&draft, "machine.xml", XENO_ARCHIVE_DEFINITION, DOMAIN (""));
      add_text (&draft, names[i], XENO_ARCHIVE_NVRAM, "x");
      assert_refused (fixture, end (&draft), "was damaged or changed");
    }
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      Draft draft = begin ();

      add_text (&draft, "machine.xml", XENO_ARCHIVE_DEFINITION, DOMAIN (""));
      list (&draft, "nvram.fd", XENO_ARCHIVE_NVRAM, "", 0, "");
      add_kind (draft.files, "nvram.fd", kinds[i]);
      assert_refused (fixture, end (&draft), "was damaged or changed");
    }
}

static GByteArray *
with_manifest (const char *more)
{
  Draft draft = begin ();

  add_text (&draft, "machine.xml", XENO_ARCHIVE_DEFINITION, DOMAIN (""));
  g_string_append (draft.manifest, more);
  return end (&draft);
}

#define SUM "0000000000000000000000000000000000000000000000000000000000000000"

static void
test_refuses_lists_that_lie (Fixture       *fixture,
                             gconstpointer  data)
{
  static const char * const lists[] = {
    "[a]\nKind=unheard\nBytes=1\nSum=" SUM "\n",
    "[a]\nKind=disk\nBytes=1\nData=1\nSum=" SUM "\nTarget=../../x\nFormat=raw\n",
    "[a]\nKind=disk\nBytes=1\nData=1\nSum=" SUM "\nTarget=vda\nFormat=vmdk\n",
    "[a]\nKind=disk\nBytes=1\nData=1\nSum=" SUM "\nFormat=raw\n",
    "[a]\nKind=disk\nBytes=1\nData=2\nSum=" SUM "\nTarget=vda\nFormat=raw\n",
    "[a]\nKind=disk\nBytes=18446744073709551615\nData=1\nSum=" SUM "\nTarget=vda\nFormat=raw\n",
    "[a]\nKind=disk\nBytes=1\nData=1\nSum=12\nTarget=vda\nFormat=raw\n",
    "[a]\nKind=nvram\nBytes=1\nData=1\nSum=" SUM "\nTarget=vda\n",
    "[a]\nKind=definition\nBytes=1\nData=1\nSum=" SUM "\n",
    "[no end\n",
  };
  Draft twice = begin ();
  Draft none = begin ();
  Draft unlisted = begin ();
  Draft newer = begin ();
  Draft damaged = begin ();
  GByteArray *bytes;

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    assert_refused (fixture, with_manifest (lists[i]), "makes no sense");
  assert_refused (fixture, with_manifest ("[nvram.fd]\nKind=nvram\nBytes=1\nData=1\nSum=" SUM "\n"), "ends too early");

  add_text (&twice, "machine.xml", XENO_ARCHIVE_DEFINITION, DOMAIN (""));
  appliance_add_text (twice.files, "machine.xml", DOMAIN (""));
  assert_refused (fixture, end (&twice), "was damaged or changed");
  assert_refused (fixture, end (&none), "ends too early");
  add_text (&unlisted, "machine.xml", XENO_ARCHIVE_DEFINITION, DOMAIN (""));
  appliance_add_text (unlisted.files, "other", "x");
  assert_refused (fixture, end (&unlisted), "“other” in “a.xeno” is not what its list says");

  add_text (&newer, "machine.xml", XENO_ARCHIVE_DEFINITION, DOMAIN (""));
  g_string_append (newer.manifest, "[Archive]\nVersion=2\n");
  assert_refused (fixture, end (&newer), "another version");

  add_text (&damaged, "machine.xml", XENO_ARCHIVE_DEFINITION, DOMAIN (""));
  damaged.files->data[600]++;
  assert_refused (fixture, end (&damaged), "was damaged or changed");

  bytes = appliance_end (appliance_add_text (g_byte_array_new (), XENO_ARCHIVE_MANIFEST, "hello"));
  assert_refused (fixture, bytes, "makes no sense");
}

static void
test_refuses_bad_documents (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autofree char *huge = g_strnfill (5 * MIB, ' ');
  g_autofree char *open = g_strnfill (100000, '<');
  g_autoptr (GString) deep = g_string_new (NULL);
  const struct { const char *xml; const char *sentence; } machines[] = {
    { "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;'>]><domain>&c;</domain>", "cannot be read" },
    { "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><domain>&b;</domain>", "cannot be read" },
    { "<network/>", "cannot be read" },
    { deep->str, "cannot be read" },
    { open, "cannot be read" },
    { huge, "was damaged or changed" },
  };
  static const struct { const char *xml; const char *sentence; } snapshots[] = {
    { "<domainsnapshot><name>../x</name></domainsnapshot>", "cannot be the name of a snapshot" },
    { "<domainsnapshot><name>.x</name></domainsnapshot>", "cannot be the name of a snapshot" },
    { "<domainsnapshot/>", "cannot be the name of a snapshot" },
    { "<domainsnapshot><name>a</name><memory snapshot='external' file='/etc/passwd'/></domainsnapshot>", "damaged or changed" },
    { "<domainsnapshot><name>a</name><disks><disk name='vda' snapshot='external'><source file='/etc/passwd'/></disk>"
      "</disks></domainsnapshot>", "damaged or changed" },
    { "<domain/>", "cannot be read" },
  };

  for (guint i = 0; i < 20000; i++)
    g_string_append (deep, "<domain>");
  for (gsize i = 0; i < G_N_ELEMENTS (machines); i++)
    {
      Draft draft = begin ();

      add_text (&draft, "machine.xml", XENO_ARCHIVE_DEFINITION, i == 3 ? deep->str : machines[i].xml);
      assert_refused (fixture, end (&draft), machines[i].sentence);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (snapshots); i++)
    {
      Draft draft = begin ();

      add_text (&draft, "machine.xml", XENO_ARCHIVE_DEFINITION, DOMAIN (""));
      add_text (&draft, "snapshot-1.xml", XENO_ARCHIVE_SNAPSHOT, snapshots[i].xml);
      assert_refused (fixture, end (&draft), snapshots[i].sentence);
    }
}

/* Going back to one must not bring back what the machine may not have. */
static void
test_snapshots_decide_nothing (Fixture       *fixture,
                               gconstpointer  data)
{
  static const char snapshot[] =
    "<domainsnapshot><name>one</name><state>running</state><creationTime>1</creationTime><active>1</active>"
    "<parent><name>zero</name></parent><memory snapshot='internal' file='/etc/a'/>"
    "<disks><disk name='vda' snapshot='internal'><source file='/etc/b'/></disk></disks>"
    "<domain type='qemu'><name>x</name><devices><hostdev mode='subsystem' type='pci'/>" DISK ("vda", "raw") "</devices>"
    "<seclabel type='none'/></domain>"
    "<inactiveDomain type='qemu'><name>x</name><devices><emulator>/etc/c</emulator></devices></inactiveDomain>"
    "<cookie><x path='/etc/d'/></cookie></domainsnapshot>";
  Draft draft = begin ();
  g_autoptr (XenoMediaFacts) facts = NULL;
  g_autoptr (XenoSnapshot) copy = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *xml = NULL;

  add_text (&draft, "machine.xml", XENO_ARCHIVE_DEFINITION, DOMAIN (""));
  add_text (&draft, "snapshot-1.xml", XENO_ARCHIVE_SNAPSHOT, snapshot);
  facts = look (fixture, end (&draft), &error);
  g_assert_no_error (error);
  copy = xeno_snapshot_copy (facts->archive->snapshots->pdata[0]);
  g_assert_cmpuint (xeno_snapshot_list_specs (copy)->len, ==, 2);
  xeno_spec_set_title (xeno_snapshot_list_specs (copy)->pdata[1], "Another");
  xml = xeno_snapshot_to_xml (copy);
  g_assert_null (strstr (xml, "/etc/"));
  g_assert_null (strstr (xml, "hostdev"));
  g_assert_null (strstr (xml, "seclabel"));
  g_assert_nonnull (strstr (xml, "<name>zero</name>"));
  g_assert_nonnull (strstr (xml, "<title>Another</title>"));
  g_assert_nonnull (strstr (xml, "</inactiveDomain>"));
}

static void
test_refuses_disks_that_lead_elsewhere (Fixture       *fixture,
                                        gconstpointer  data)
{
  static const char * const disguises[] = { "backing", "data", "letter" };
  g_autofree char *path = g_build_filename (fixture->folder, "a.xeno", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (disguises); i++)
    {
      g_autoptr (GByteArray) disk = media_make_qcow2 (64 * MIB);
      g_autoptr (GError) error = NULL;
      Draft draft = begin ();

      if (i == 0)
        {
          media_put (disk, 8, "\0\0\0\0\0\0\2\0\0\0\0\13", 12);
          media_put (disk, 512, "/etc/shadow", 11);
        }
      else if (i == 1)
        media_put (disk, 72, "\0\0\0\0\0\0\0\4", 8);
      else
        media_put (disk, 0, "Dear disk", 9);
      add_text (&draft, "machine.xml", XENO_ARCHIVE_DEFINITION, DOMAIN (DISK ("vda", "qcow2")));
      add (&draft, "d", XENO_ARCHIVE_DISK, disk->data, disk->len, "Target=vda\nFormat=qcow2\n");
      g_free (media_write (fixture->folder, "a.xeno", end (&draft)));
      g_assert_false (unpack (path, "vda", G_MAXUINT64, &error));
      g_assert_error (error, XENO_ERROR, XENO_ERROR_BAD_MEDIA);
    }
}

/* A disk that the archive has no file for is not the host's of that name. */
static void
test_disk_without_file_is_none (Fixture       *fixture,
                                gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoMediaFacts) facts = look (fixture, make_good (DOMAIN (DISK ("vda", "raw") DISK ("vdb", "raw"))), &error);
  g_autofree char *xml = NULL;

  g_assert_no_error (error);
  xml = xeno_spec_to_xml (facts->archive->spec);
  g_assert_null (strstr (xml, "vdb"));
  g_assert_nonnull (strstr (xml, "vda"));
  g_assert_cmpuint (g_strv_length (facts->archive->left_out), ==, 1);
}

static void
test_cut_at_each_block (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr (GByteArray) good = make_good (DOMAIN (DISK ("vda", "raw")));

  for (guint n = 512; n < good->len - 1024; n += 512)
    {
      GByteArray *cut = g_byte_array_append (g_byte_array_new (), good->data, n);
      g_autoptr (GError) error = NULL;
      g_autoptr (XenoMediaFacts) facts = look (fixture, cut, &error);

      g_assert_null (facts);
      g_assert_error (error, XENO_ERROR, XENO_ERROR_BAD_MEDIA);
    }
}

/* Broken anywhere, it is used or refused, and never trusted. */
static void
test_mutations (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261122);
  int disk = make_disk (fixture);
  g_autofree char *sparse = write_archive (fixture, disk);
  g_autofree char *path = g_build_filename (fixture->folder, "b.xeno", NULL);
  g_autoptr (GByteArray) plain = make_good (DOMAIN (DISK ("vda", "raw")));
  g_autofree char *text = NULL;
  gsize length;

  close (disk);
  g_assert_true (g_file_get_contents (sparse, &text, &length, NULL));
  for (guint i = 0; i < 1000; i++)
    {
      gsize size = i % 2 == 0 ? plain->len : MIN (length, 64 * 1024);
      g_autoptr (GByteArray) bytes = g_byte_array_append (g_byte_array_new (),
                                                          i % 2 == 0 ? plain->data : (guint8 *) text, size);
      g_autoptr (XenoMediaFacts) facts = NULL;
      g_autoptr (GError) error = NULL;
      guint n = g_rand_int_range (rand, 1, 6);

      while (n-- > 0)
        bytes->data[g_rand_int_range (rand, 0, MIN (size, 6000))] = g_rand_int_range (rand, 0, 256);
      g_free (media_write (fixture->folder, "b.xeno", g_steal_pointer (&bytes)));
      facts = xeno_media_facts_read (path, &error);
      g_assert_true ((facts == NULL) == (error != NULL));
      if (error != NULL)
        g_assert_true (g_utf8_validate (error->message, -1, NULL));
      else if (facts->archive != NULL && xeno_archive_find (facts->archive, XENO_ARCHIVE_DISK, "vda") != NULL)
        unpack (path, "vda", MIB, &error);
    }
}

static const struct
{
  const char *path;
  void      (*test) (Fixture       *fixture,
                     gconstpointer  data);
} tests[] = {
  { "/xeno/archive/comes-back-with-its-holes", test_comes_back },
  { "/xeno/archive/other-programs-unpack-it", test_others_unpack_it },
  { "/xeno/archive/a-stranger-decides-nothing", test_stranger_decides_nothing },
  { "/xeno/archive/what-is-harmless-stays-to-the-letter", test_rest_stays },
  { "/xeno/archive/refuses-names-and-links-that-lead-elsewhere", test_refuses_what_leads_elsewhere },
  { "/xeno/archive/refuses-lists-that-lie", test_refuses_lists_that_lie },
  { "/xeno/archive/refuses-documents-that-explode", test_refuses_bad_documents },
  { "/xeno/archive/snapshots-decide-nothing", test_snapshots_decide_nothing },
  { "/xeno/archive/refuses-disks-that-lead-elsewhere", test_refuses_disks_that_lead_elsewhere },
  { "/xeno/archive/a-disk-without-a-file-is-none", test_disk_without_file_is_none },
  { "/xeno/archive/cut-at-any-block-it-is-refused", test_cut_at_each_block },
  { "/xeno/archive/broken-anywhere-it-is-never-trusted", test_mutations },
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
