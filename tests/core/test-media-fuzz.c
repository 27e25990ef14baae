/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Headers of media, broken in every way: built by itself a seeded stress, with libFuzzer
 * (-DXENO_LIBFUZZER -fsanitize=fuzzer) a fuzz target. */
#include "config.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "create/xeno-media-facts.h"
#include "media-files.h"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  int fd = memfd_create ("media", MFD_CLOEXEC);
  g_autoptr (XenoMediaFacts) facts = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, data, size), ==, (gssize) size);
  facts = xeno_media_facts_read_fd (fd, "fuzz", &error);
  close (fd);

  /* Either usable, with valid text, or refused with a sentence. */
  g_assert_true ((facts == NULL) == (error != NULL));
  if (facts != NULL && facts->volume_id != NULL)
    g_assert_true (g_utf8_validate (facts->volume_id, -1, NULL));
  if (error != NULL)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  return 0;
}

#ifndef XENO_LIBFUZZER

#define N_ROUNDS 8000

static const guint8 edges[] = { 0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff, 0x55, 0xaa, 0x88, 0x91 };

/* Where the formats keep what they say; elsewhere a mutation changes nothing that is read. */
static const struct { gsize offset, length; } hot[] = {
  { 0, 128 }, { 440, 72 }, { 512, 96 }, { 16 * MEDIA_SECTOR, 160 }, { 17 * MEDIA_SECTOR, 96 },
  { 18 * MEDIA_SECTOR, 16 }, { 20 * MEDIA_SECTOR, 160 }, { 256, 256 }, { 512, 1024 }, { 65536, 72 },
  { 131072, 72 }, { 196608, 96 }, { 262144, 96 },
};

/* Headers alone: what they lead to is not there, or nonsense. */
static GByteArray *
make_headers (const char *magic,
              gsize       offset,
              gsize       length)
{
  GByteArray *bytes = g_byte_array_new ();

  g_byte_array_set_size (bytes, 320 * 1024);
  memset (bytes->data, 0, bytes->len);
  media_put (bytes, offset, magic, length);
  media_put (bytes, 192 * 1024, "regi", 4);
  media_put (bytes, 128 * 1024, "head", 4);
  return bytes;
}

static void
mutate (GRand      *rand,
        GByteArray *bytes)
{
  guint n = g_rand_int_range (rand, 1, 9);

  while (n-- > 0)
    {
      guint place = g_rand_int_range (rand, 0, G_N_ELEMENTS (hot));
      gsize offset = hot[place].offset + g_rand_int_range (rand, 0, hot[place].length);

      if (offset < bytes->len)
        bytes->data[offset] = edges[g_rand_int_range (rand, 0, G_N_ELEMENTS (edges))];
    }
  if (g_rand_int_range (rand, 0, 8) == 0)
    g_byte_array_set_size (bytes, g_rand_int_range (rand, 0, bytes->len + 1));
}

static void
test_mutations (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20260101);

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      g_autoptr (GByteArray) bytes = NULL;

      switch (i % 10)
        {
        case 0:
          bytes = media_make_iso ("Label", TRUE, TRUE, 21);
          media_put_efi (bytes, "BOOTX64.EFI;1");
          break;

        case 1:
          bytes = media_make_qcow2 (1 << 30);
          break;

        case 2:
          bytes = media_make_mbr (1, 63);
          break;

        case 3:
          bytes = media_make_gpt (63);
          break;

        case 4:
          bytes = make_headers ("KDMV\3\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\200", 0, 21);
          break;

        case 5:
          bytes = make_headers ("\177\020\332\276\1\0\1\0", 64, 8);
          break;

        case 6:
          bytes = make_headers ("conectix", 0, 8);
          break;

        case 7:
          bytes = media_make_kernel ("6.1", 64);
          break;

        case 8:
          bytes = media_make_uki ("NAME=x\n", "6.1", "quiet");
          break;

        default:
          bytes = make_headers ("vhdxfile", 0, 8);
        }
      mutate (rand, bytes);
      LLVMFuzzerTestOneInput (bytes->data, bytes->len);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/xeno/media/broken-headers-are-refused-or-used-never-trusted", test_mutations);
  return g_test_run ();
}

#endif
