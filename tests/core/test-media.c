/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files people open: what can be used is recognised, everything else is refused in a sentence. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <locale.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "base/xeno-units.h"
#include "create/xeno-media-type.h"
#include "media-files.h"
#include "support/xeno-test.h"

#define NOBODY 65534

typedef struct
{
  char *folder;
} Fixture;

typedef struct
{
  XenoMedia *media;
  GError    *error;
  gboolean   done;
} Opening;

/* A drive that does not answer: stat() of what is on it waits until the test lets go. */
#define SLOW_PREFIX "/xeno-slow/"

static GMutex slow_mutex;
static GCond slow_cond;
static gboolean is_slow;
static gint n_waiting;

int
stat (const char  *path,
      struct stat *info)
{
  if (strncmp (path, SLOW_PREFIX, strlen (SLOW_PREFIX)) == 0)
    {
      g_mutex_lock (&slow_mutex);
      n_waiting++;
      while (is_slow)
        g_cond_wait (&slow_cond, &slow_mutex);
      n_waiting--;
      g_cond_broadcast (&slow_cond);
      g_mutex_unlock (&slow_mutex);
    }
  return fstatat (AT_FDCWD, path, info, 0);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("xeno-media-XXXXXX", NULL);
  g_assert_nonnull (fixture->folder);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  xeno_test_remove_tree (fixture->folder);
  g_free (fixture->folder);
}

static void
open_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Opening *opening = user_data;

  opening->media = xeno_media_open_finish (result, &opening->error);
  g_assert_true ((opening->media == NULL) == (opening->error != NULL));
  opening->done = TRUE;
}

static XenoMedia *
open_path (const char  *path,
           GError     **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  Opening opening = { NULL };

  xeno_media_open_async (file, NULL, open_cb, &opening);
  while (!opening.done)
    g_main_context_iteration (NULL, TRUE);

  if (opening.error != NULL)
    g_propagate_error (error, opening.error);
  return opening.media;
}

static XenoMedia *
open_bytes (Fixture    *fixture,
            const char *name,
            GByteArray *bytes)
{
  g_autofree char *path = media_write (fixture->folder, name, bytes);
  g_autoptr (GError) error = NULL;
  XenoMedia *media = open_path (path, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (xeno_media_get_path (media), ==, path);
  return media;
}

static void
assert_refused (const char *path,
                XenoError   code,
                const char *sentence)
{
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();

  g_assert_null (open_path (path, &error));
  g_assert_error (error, XENO_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, sentence));
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2 * G_USEC_PER_SEC);
}

static void
refuse_bytes (Fixture    *fixture,
              GByteArray *bytes,
              const char *sentence)
{
  g_autofree char *path = media_write (fixture->folder, "file", bytes);

  assert_refused (path, XENO_ERROR_BAD_MEDIA, sentence);
}

static void
assert_names_size (const char *sentence,
                   guint64     bytes)
{
  g_autofree char *size = xeno_units_format_size (bytes);

  g_assert_nonnull (sentence);
  g_assert_nonnull (strstr (sentence, size));
}

static GByteArray *
copy_text (const char *text,
           gsize       length)
{
  return g_byte_array_append (g_byte_array_new (), (const guint8 *) text, length);
}

static void
test_recognises_iso (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr (XenoMedia) media = open_bytes (fixture, "a.iso", media_make_iso ("My disc", TRUE, FALSE, 21));

  g_assert_cmpstr (xeno_media_get_kind (media), ==, "iso");
  g_assert_cmpstr (xeno_media_get_label (media), ==, "My disc");
  g_assert_cmpuint (xeno_media_get_size_bytes (media), ==, 21 * MEDIA_SECTOR);
  g_assert_cmpuint (xeno_media_get_capacity_bytes (media), ==, 21 * MEDIA_SECTOR);
  g_assert_cmpstr (xeno_media_get_device (media), ==, "cdrom");
  g_assert_cmpstr (xeno_media_get_format (media), ==, "raw");
  g_assert_true (xeno_media_is_bootable (media));
  g_assert_cmpint (xeno_media_get_ways (media), ==, XENO_DISK_NEW);
  g_assert_false (xeno_media_needs_uefi (media));
  g_assert_null (xeno_media_get_warning (media));
}

static void
test_hybrid_is_iso (Fixture       *fixture,
                    gconstpointer  data)
{
  GByteArray *bytes = media_make_iso ("Hybrid", TRUE, TRUE, 21);
  g_autoptr (XenoMedia) media = NULL;

  media_put (bytes, 510, "\x55\xaa", 2);
  media = open_bytes (fixture, "a.iso", bytes);
  g_assert_cmpstr (xeno_media_get_kind (media), ==, "iso");
  g_assert_false (xeno_media_needs_uefi (media));
}

static void
test_sees_uefi_only (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr (XenoMedia) media = open_bytes (fixture, "a.iso", media_make_iso ("Efi", FALSE, TRUE, 21));

  g_assert_true (xeno_media_is_bootable (media));
  g_assert_true (xeno_media_needs_uefi (media));
}

static void
test_sees_whose_disc_it_is (Fixture       *fixture,
                            gconstpointer  data)
{
  static const struct
  {
    const char *first;
    const char *second;
    const char *arch;
  } cases[] = {
    { "BOOTAA64.EFI;1", NULL, "aarch64" },
    { "bootriscv64.efi", NULL, "riscv64" },
    { "BOOTIA32.EFI;1", "BOOTX64.EFI;1", "x86_64" },
    { "BOOTAA64.EFI;1", "BOOTX64.EFI;1", NULL },
    { "BOOTAA64.EFI.BAK;1", "GRUBAA64.EFI;1", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GByteArray *bytes = media_make_iso ("Efi", FALSE, TRUE, 21);
      g_autoptr (XenoMedia) media = NULL;

      media_put_efi (bytes, cases[i].first);
      if (cases[i].second != NULL)
        media_put_efi (bytes, cases[i].second);
      media = open_bytes (fixture, "a.iso", bytes);
      g_assert_cmpstr (xeno_media_get_arch (media), ==, cases[i].arch);
    }
}

static void
test_warns_of_unbootable (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr (XenoMedia) media = open_bytes (fixture, "a.iso", media_make_iso ("Data", FALSE, FALSE, 21));

  g_assert_false (xeno_media_is_bootable (media));
  g_assert_nonnull (strstr (xeno_media_get_warning (media), "Nothing on this disc can be started"));
}

/* Fault matrix, row 2. */
static void
test_warns_of_truncated (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr (XenoMedia) media = open_bytes (fixture, "a.iso", media_make_iso ("Cut", TRUE, FALSE, 332800));

  assert_names_size (xeno_media_get_warning (media), 21 * MEDIA_SECTOR);
  assert_names_size (xeno_media_get_warning (media), G_GUINT64_CONSTANT (650) << 20);
  g_assert_cmpuint (xeno_media_get_capacity_bytes (media), ==, G_GUINT64_CONSTANT (332800) * MEDIA_SECTOR);
}

/* Row 1. */
static void
test_refuses_empty (Fixture       *fixture,
                    gconstpointer  data)
{
  refuse_bytes (fixture, g_byte_array_new (), "is empty");
}

/* Row 3. */
static void
test_refuses_what_is_none (Fixture       *fixture,
                           gconstpointer  data)
{
  static const struct
  {
    const char *bytes;
    gsize       length;
    const char *sentence;
  } cases[] = {
    { "Dear disc,\nI am a letter.\n", 26, "is not an installation image but a text file" },
    { "Stra\303\237e\n", 8, "but a text file" },
    { "cut in a letter \303", 17, "but a text file" },
    { "\177ELF\2\1\1", 7, "is not an installation image but a program" },
    { "\3757zXZ\0\0\4", 8, "is damaged or cut off, so it cannot be unpacked" },
    { "BZh91AY", 7, "but a compressed file (bzip2). Unpack it" },
    { "PK\3\4rest", 8, "but a ZIP archive" },
    { "<!doctype HTML><p>404", 21, "but a web page. The download went wrong" },
    { "\1\2\3\4\5\6\7\10", 8, "is not an installation image. Choose" },
    { "Q", 1, "is not an installation image" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    refuse_bytes (fixture, copy_text (cases[i].bytes, cases[i].length), cases[i].sentence);
}

static void
test_refuses_random (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  GByteArray *bytes = g_byte_array_new ();

  for (guint i = 0; i < 70000; i++)
    {
      guint8 byte = g_rand_int_range (rand, 1, 256);

      g_byte_array_append (bytes, &byte, 1);
    }
  bytes->data[510] = 0;
  refuse_bytes (fixture, bytes, "is not an installation image");
}

/* Row 4. */
static void
test_refuses_what_is_no_file (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autofree char *fifo = g_build_filename (fixture->folder, "fifo.iso", NULL);
  g_autofree char *loop = g_build_filename (fixture->folder, "loop.iso", NULL);
  g_autofree char *zero = g_build_filename (fixture->folder, "zero.iso", NULL);
  struct sockaddr_un address = { AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM, 0);

  assert_refused (fixture->folder, XENO_ERROR_BAD_MEDIA, "is a folder");

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  assert_refused (fifo, XENO_ERROR_BAD_MEDIA, "is a pipe");

  g_assert_cmpint (symlink ("loop.iso", loop), ==, 0);
  assert_refused (loop, XENO_ERROR_BAD_MEDIA, "leads back to itself");

  g_assert_cmpint (symlink ("/dev/zero", zero), ==, 0);
  assert_refused (zero, XENO_ERROR_BAD_MEDIA, "is a device");

  g_snprintf (address.sun_path, sizeof address.sun_path, "%s/socket", fixture->folder);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  assert_refused (address.sun_path, XENO_ERROR_BAD_MEDIA, "is a socket");
  close (fd);
}

static void
test_follows_link_to_file (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autofree char *path = media_write (fixture->folder, "a.iso", media_make_iso ("A", TRUE, FALSE, 21));
  g_autofree char *link = g_build_filename (fixture->folder, "b.iso", NULL);
  g_autoptr (XenoMedia) media = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (symlink ("a.iso", link), ==, 0);
  media = open_path (link, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (xeno_media_get_path (media), ==, link);
}

static void
become_nobody (void)
{
  if (geteuid () != 0)
    return;

  g_assert_cmpint (setgroups (0, NULL), ==, 0);
  g_assert_cmpint (setresgid (NOBODY, NOBODY, NOBODY), ==, 0);
  g_assert_cmpint (setresuid (NOBODY, NOBODY, NOBODY), ==, 0);
}

static void
test_unreadable_child (void)
{
  const char *folder = g_getenv ("XENO_TEST_FOLDER");
  g_autofree char *path = g_build_filename (folder, "mine.iso", NULL);
  g_autofree char *inside = g_build_filename (folder, "closed", "a.iso", NULL);

  become_nobody ();
  assert_refused (path, XENO_ERROR_NO_PERMISSION, "may not read “mine.iso”, which belongs to ");
  assert_refused (path, XENO_ERROR_NO_PERMISSION, "chmod a+r");
  assert_refused (inside, XENO_ERROR_NO_PERMISSION, "may not enter the folder of “a.iso”");
}

/* Row 5: root may read everything, so somebody else tries. */
static void
test_refuses_unreadable (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autofree char *path = media_write (fixture->folder, "mine.iso", media_make_iso ("A", TRUE, FALSE, 21));
  g_autofree char *closed = g_build_filename (fixture->folder, "closed", NULL);

  g_assert_cmpint (g_chmod (path, 0), ==, 0);
  g_assert_cmpint (g_mkdir (closed, 0), ==, 0);
  g_assert_cmpint (g_chmod (fixture->folder, 0755), ==, 0);
  g_setenv ("XENO_TEST_FOLDER", fixture->folder, TRUE);
  g_test_trap_subprocess ("/xeno/media/subprocess/unreadable", 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_unsetenv ("XENO_TEST_FOLDER");
  g_assert_cmpint (g_chmod (closed, 0700), ==, 0);
  g_test_trap_assert_passed ();
}

/* Row 6, at the time of choice. */
static void
test_refuses_vanished (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autofree char *path = media_write (fixture->folder, "a.iso", media_make_iso ("A", TRUE, FALSE, 21));
  g_autofree char *below = g_build_filename (path, "below", NULL);

  assert_refused (below, XENO_ERROR_NOT_FOUND, "is not there");
  g_assert_cmpint (g_unlink (path), ==, 0);
  assert_refused (path, XENO_ERROR_NOT_FOUND, "“a.iso” is not there");
}

static void
let_go (void)
{
  g_mutex_lock (&slow_mutex);
  is_slow = FALSE;
  g_cond_broadcast (&slow_cond);
  while (n_waiting > 0)
    g_cond_wait (&slow_cond, &slow_mutex);
  g_mutex_unlock (&slow_mutex);
}

/* Row 7. */
static void
test_gives_up_on_dead_drive (void)
{
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();
  XenoTestPulse pulse;

  xeno_test_pulse_start (&pulse);
  is_slow = TRUE;
  g_assert_null (open_path (SLOW_PREFIX "a.iso", &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_TIMEOUT);
  g_assert_nonnull (strstr (error->message, "“a.iso” is not answering"));
  g_assert_cmpint (g_get_monotonic_time () - start, <, 8 * G_USEC_PER_SEC);
  g_assert_cmpint (xeno_test_pulse_stop (&pulse), <, G_USEC_PER_SEC / 2);
  let_go ();
}

static void
test_cancel_leaves_dead_drive (void)
{
  g_autoptr (GFile) file = g_file_new_for_path (SLOW_PREFIX "a.iso");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Opening opening = { NULL };
  gint64 start = g_get_monotonic_time ();

  is_slow = TRUE;
  xeno_media_open_async (file, cancellable, open_cb, &opening);
  g_cancellable_cancel (cancellable);
  while (!opening.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (opening.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2 * G_USEC_PER_SEC);
  g_clear_error (&opening.error);
  let_go ();
}

/* Row 8. */
static void
test_cleans_hostile_label (Fixture       *fixture,
                           gconstpointer  data)
{
  static const struct
  {
    const char *label;
    const char *shown;
  } cases[] = {
    { "<b>&\"'</b>", "<b>&\"'</b>" }, /* literally: nobody shows it as markup */
    { "a\033]52;c;eA==\007b", "a]52;c;eA==b" },
    { "../../etc/passwd", "../../etc/passwd" },
    { "abc\342\200\256fdp", "abcfdp" },
    { "\377\376 broken", "\357\277\275\357\277\275 broken" },
    { "   ", NULL },
    { "%s%n$(reboot)`id`", "%s%n$(reboot)`id`" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (XenoMedia) media = open_bytes (fixture, "a.iso", media_make_iso (cases[i].label, TRUE, FALSE, 21));

      g_assert_cmpstr (xeno_media_get_label (media), ==, cases[i].shown);
    }
}

static void
test_survives_lies_about_size (Fixture       *fixture,
                               gconstpointer  data)
{
  GByteArray *bytes = media_make_iso ("Liar", TRUE, FALSE, G_MAXUINT32);
  g_autoptr (XenoMedia) media = NULL;

  media_put (bytes, 16 * MEDIA_SECTOR + 128, "\xff\xff", 2);
  media_put (bytes, 17 * MEDIA_SECTOR + 71, "\xff\xff\xff\xff", 4);
  media = open_bytes (fixture, "a.iso", bytes);
  g_assert_nonnull (xeno_media_get_warning (media));
  g_assert_false (xeno_media_is_bootable (media));
}

/* Row 9. */
static void
test_takes_odd_names (Fixture       *fixture,
                      gconstpointer  data)
{
  static const char * const names[] = {
    "a,b=c;d.iso", "-rf.iso", "--help", "name with  blanks .iso", "日本語.iso", "Дебиан.iso", "a&<b>'\".iso", "%s%n.iso",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (XenoMedia) media = open_bytes (fixture, names[i], media_make_iso ("A", TRUE, FALSE, 21));

      g_assert_nonnull (media);
    }
}

static void
test_refuses_names_nobody_can_write (Fixture       *fixture,
                                     gconstpointer  data)
{
  g_autofree char *latin1 = media_write (fixture->folder, "caf\351.iso", media_make_iso ("A", TRUE, FALSE, 21));
  g_autofree char *newline = media_write (fixture->folder, "a\nb.iso", media_make_iso ("A", TRUE, FALSE, 21));
  g_autofree char *escape = media_write (fixture->folder, "a\033[2Jb.iso", media_make_iso ("A", TRUE, FALSE, 21));
  g_autoptr (GError) error = NULL;

  assert_refused (latin1, XENO_ERROR_BAD_MEDIA, "is not written in Unicode");
  assert_refused (newline, XENO_ERROR_BAD_MEDIA, "control character");
  g_assert_null (open_path (escape, &error));
  g_assert_null (strchr (error->message, '\033'));
}

static void
test_refuses_what_is_elsewhere (void)
{
  g_autoptr (GFile) file = g_file_new_for_uri ("https://example.org/a.iso");
  Opening opening = { NULL };

  xeno_media_open_async (file, NULL, open_cb, &opening);
  while (!opening.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (opening.error, XENO_ERROR, XENO_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (opening.error->message, "Download it first"));
  g_clear_error (&opening.error);
}

static void
test_recognises_disks (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr (XenoMedia) qcow2 = open_bytes (fixture, "a.qcow2", media_make_qcow2 (1 << 30));
  g_autoptr (XenoMedia) mbr = open_bytes (fixture, "a.img", media_make_mbr (1, 63));
  g_autoptr (XenoMedia) gpt = open_bytes (fixture, "b.img", media_make_gpt (63));
  g_autoptr (XenoMedia) boot_sector = open_bytes (fixture, "c.img", media_make_mbr (0, 0));

  g_assert_cmpstr (xeno_media_get_kind (qcow2), ==, "qcow2");
  g_assert_cmpstr (xeno_media_get_device (qcow2), ==, "disk");
  g_assert_cmpstr (xeno_media_get_format (qcow2), ==, "qcow2");
  g_assert_cmpuint (xeno_media_get_capacity_bytes (qcow2), ==, 1 << 30);
  g_assert_cmpint (xeno_media_get_ways (qcow2), ==, XENO_DISK_IN_PLACE | XENO_DISK_OVERLAY | XENO_DISK_COPY);
  g_assert_false (xeno_media_needs_uefi (qcow2));
  g_assert_null (xeno_media_get_label (qcow2));
  g_assert_null (xeno_media_get_warning (qcow2));

  g_assert_cmpstr (xeno_media_get_kind (mbr), ==, "raw");
  g_assert_cmpstr (xeno_media_get_format (mbr), ==, "raw");
  g_assert_null (xeno_media_get_warning (mbr));
  g_assert_cmpstr (xeno_media_get_kind (gpt), ==, "raw");
  g_assert_null (xeno_media_get_warning (gpt));
  g_assert_cmpstr (xeno_media_get_kind (boot_sector), ==, "raw");
  g_assert_null (xeno_media_get_warning (boot_sector));
}

static void
test_warns_of_cut_disks (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr (XenoMedia) mbr = open_bytes (fixture, "a.img", media_make_mbr (1, 2097151));
  g_autoptr (XenoMedia) gpt = open_bytes (fixture, "b.img", media_make_gpt (2097151));
  g_autoptr (XenoMedia) absurd = open_bytes (fixture, "c.img", media_make_gpt (G_MAXUINT64));

  assert_names_size (xeno_media_get_warning (mbr), 1 << 30);
  assert_names_size (xeno_media_get_warning (gpt), 1 << 30);
  assert_names_size (xeno_media_get_warning (gpt), 32 << 10);
  g_assert_nonnull (xeno_media_get_warning (absurd));
}

static void
test_warns_of_huge_disk (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr (XenoMedia) media = open_bytes (fixture, "a.qcow2", media_make_qcow2 (G_GUINT64_CONSTANT (1) << 50));

  assert_names_size (xeno_media_get_warning (media), G_GUINT64_CONSTANT (1) << 50);
}

static GByteArray *
make_patched_qcow2 (gsize       offset,
                    const void *patch,
                    gsize       length)
{
  GByteArray *bytes = media_make_qcow2 (1 << 30);

  media_put (bytes, offset, patch, length);
  return bytes;
}

/* Rows 12 and 15: nothing but itself may be read through a disk. */
static void
test_refuses_disks_that_lead_elsewhere (Fixture       *fixture,
                                        gconstpointer  data)
{
  const char backing[] = "/etc/shadow\033[2J";
  const char data_file[] = { 'D', 'A', 'T', 'A', 0, 0, 0, 8, '/', 'e', 't', 'c', '/', 'k', 'e', 'y' };
  GByteArray *bytes = make_patched_qcow2 (16, "\0\0\0\x0f", 4);

  media_put (bytes, 14, "\x02", 1);
  media_put (bytes, 512, backing, sizeof backing - 1);
  refuse_bytes (fixture, bytes, "only the changes to another file, “/etc/shadow[2J”");

  bytes = make_patched_qcow2 (79, "\x04", 1);
  media_put (bytes, 104, data_file, sizeof data_file);
  refuse_bytes (fixture, bytes, "contents in another file, “/etc/key”");

  bytes = make_patched_qcow2 (79, "\x04", 1);
  refuse_bytes (fixture, bytes, "a file whose name is not given");

  refuse_bytes (fixture, make_patched_qcow2 (35, "\x02", 1), "is an encrypted disk");
}

static void
test_refuses_damaged_disks (Fixture       *fixture,
                            gconstpointer  data)
{
  GByteArray *bytes = media_make_qcow2 (1 << 30);

  refuse_bytes (fixture, make_patched_qcow2 (79, "\x02", 1), "is a damaged disk");
  refuse_bytes (fixture, make_patched_qcow2 (23, "\x3f", 1), "is a damaged disk");
  refuse_bytes (fixture, make_patched_qcow2 (7, "\x01", 1), "of version 1");
  refuse_bytes (fixture, make_patched_qcow2 (36, "\x7f\xff\xff\xff", 4), "most of the disk is missing");
  refuse_bytes (fixture, make_patched_qcow2 (40, "\xff\xff\xff\xff", 4), "most of the disk is missing");

  g_byte_array_set_size (bytes, 50);
  refuse_bytes (fixture, bytes, "most of the disk is missing");
}

static void
test_every_row_is_whole (void)
{
  gsize n_types;
  const XenoMediaType *types = xeno_media_type_list (&n_types);

  g_assert_cmpuint (n_types, ==, 13);
  for (gsize i = 0; i < n_types; i++)
    {
      g_assert_nonnull (types[i].id);
      g_assert_nonnull (types[i].label);
      g_assert_nonnull (types[i].recognise);
      g_assert_nonnull (types[i].inspect);
      g_assert_true (g_str_equal (types[i].device, "cdrom") || g_str_equal (types[i].device, "disk")
                     || g_str_equal (types[i].device, "kernel") || g_str_equal (types[i].device, "machine"));
      g_assert_true (types[i].format != NULL || types[i].ways == XENO_DISK_COPY);
    }
}

static const struct
{
  const char *path;
  void      (*test) (Fixture       *fixture,
                     gconstpointer  data);
} tests[] = {
  { "/xeno/media/recognises-a-disc-image", test_recognises_iso },
  { "/xeno/media/takes-a-hybrid-for-a-disc-image", test_hybrid_is_iso },
  { "/xeno/media/sees-that-only-uefi-can-start-it", test_sees_uefi_only },
  { "/xeno/media/sees-for-which-processors-a-disc-is", test_sees_whose_disc_it_is },
  { "/xeno/media/warns-of-a-disc-that-cannot-be-started", test_warns_of_unbootable },
  { "/xeno/media/warns-of-a-truncated-disc-with-both-sizes", test_warns_of_truncated },
  { "/xeno/media/refuses-an-empty-file", test_refuses_empty },
  { "/xeno/media/refuses-what-is-no-image-and-says-what-it-is", test_refuses_what_is_none },
  { "/xeno/media/refuses-random-bytes", test_refuses_random },
  { "/xeno/media/refuses-what-is-no-file", test_refuses_what_is_no_file },
  { "/xeno/media/follows-a-link-to-a-file", test_follows_link_to_file },
  { "/xeno/media/refuses-an-unreadable-file-and-says-whose-it-is", test_refuses_unreadable },
  { "/xeno/media/refuses-a-vanished-file", test_refuses_vanished },
  { "/xeno/media/cleans-a-hostile-label", test_cleans_hostile_label },
  { "/xeno/media/survives-lies-about-the-size", test_survives_lies_about_size },
  { "/xeno/media/takes-odd-names", test_takes_odd_names },
  { "/xeno/media/refuses-names-nobody-can-write", test_refuses_names_nobody_can_write },
  { "/xeno/media/recognises-disks", test_recognises_disks },
  { "/xeno/media/warns-of-cut-disks", test_warns_of_cut_disks },
  { "/xeno/media/warns-of-a-huge-disk", test_warns_of_huge_disk },
  { "/xeno/media/refuses-disks-that-lead-elsewhere", test_refuses_disks_that_lead_elsewhere },
  { "/xeno/media/refuses-damaged-disks", test_refuses_damaged_disks },
};

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  g_test_add_func ("/xeno/media/subprocess/unreadable", test_unreadable_child);
  g_test_add_func ("/xeno/media/gives-up-on-a-dead-drive", test_gives_up_on_dead_drive);
  g_test_add_func ("/xeno/media/cancelling-leaves-a-dead-drive", test_cancel_leaves_dead_drive);
  g_test_add_func ("/xeno/media/refuses-what-is-on-another-computer", test_refuses_what_is_elsewhere);
  g_test_add_func ("/xeno/media/every-row-is-whole", test_every_row_is_whole);
  return g_test_run ();
}
