/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kernels as a build leaves them, known by the header that loaders read. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>
#include <gio/gio.h>

#include "base/xeno-error.h"
#include "base/xeno-units.h"
#include "create/xeno-media-facts.h"
#include "create/xeno-media-kernel.h"

#define HEAD_BYTES     4096
#define SECTOR_BYTES   512
#define VERSION_BYTES  128

/* The header of x86: Documentation/arch/x86/boot.rst of the kernel. */
#define X86_SETUP_SECTORS 0x1f1
#define X86_SIZE          0x1f4
#define X86_MAGIC         0x202
#define X86_PROTOCOL      0x206
#define X86_VERSION       0x20e
#define X86_OLDEST        0x200

/* The header of arm64 and riscv: Documentation/arch/arm64/booting.rst and riscv/boot-image-header.rst. */
#define IMAGE_MAGIC       56

/* EFI programs that unpack a kernel: include/linux/pe.h, drivers/firmware/efi/libstub/zboot-header.S. */
#define ZBOOT_MAGIC       4
#define PE_OFFSET         0x3c
#define PE_MACHINE        4

typedef struct
{
  gsize       offset;
  const char *magic;
  const char *arch;
} ImageType;

static const ImageType image_types[] = {
  { IMAGE_MAGIC, "ARM\x64", "aarch64" },
  { IMAGE_MAGIC, "RSC\x05", "riscv64" },
};

typedef struct
{
  guint16     machine;
  const char *arch;
} Machine;

static const Machine machines[] = {
  { 0x8664, "x86_64" },
  { 0xaa64, "aarch64" },
  { 0x5064, "riscv64" },
  { 0x6264, "loongarch64" },
};

static guint16
read_le16 (const guint8 *bytes)
{
  return bytes[0] | bytes[1] << 8;
}

static guint32
read_le32 (const guint8 *bytes)
{
  return read_le16 (bytes) | (guint32) read_le16 (bytes + 2) << 16;
}

/* The first bytes, and those of what is packed in it where it is packed by gzip. The rest is zero. */
static void
read_head (XenoMediaFile *file,
           guint8         head[HEAD_BYTES],
           gboolean      *is_packed)
{
  g_autoptr (GConverter) unpacker = NULL;
  guint8 packed[HEAD_BYTES];
  gsize n_packed, n_read, n_written;

  memset (head, 0, HEAD_BYTES);
  n_packed = xeno_media_file_read (file, 0, packed, sizeof packed);
  *is_packed = n_packed > 2 && packed[0] == 0x1f && packed[1] == 0x8b;
  if (!*is_packed)
    {
      memcpy (head, packed, n_packed);
      return;
    }

  unpacker = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  if (g_converter_convert (unpacker, packed, n_packed, head, HEAD_BYTES, G_CONVERTER_NO_FLAGS,
                           &n_read, &n_written, NULL) == G_CONVERTER_ERROR)
    memset (head, 0, HEAD_BYTES);
}

static gboolean
is_x86 (const guint8 *head)
{
  return memcmp (head + X86_MAGIC, "HdrS", 4) == 0 && read_le16 (head + X86_PROTOCOL) >= X86_OLDEST
         && head[SECTOR_BYTES - 2] == 0x55 && head[SECTOR_BYTES - 1] == 0xaa;
}

static const ImageType *
find_image (const guint8 *head)
{
  for (gsize i = 0; i < G_N_ELEMENTS (image_types); i++)
    if (memcmp (head + image_types[i].offset, image_types[i].magic, 4) == 0)
      return &image_types[i];

  return NULL;
}

static gboolean
is_zboot (const guint8 *head)
{
  return memcmp (head, "MZ", 2) == 0 && memcmp (head + ZBOOT_MAGIC, "zimg", 4) == 0;
}

/* What is packed needs a loader that unpacks it: QEMU's for arm64 does. */
static gboolean
is_kernel (const guint8 *head,
           gboolean      is_packed)
{
  return find_image (head) != NULL || (!is_packed && (is_x86 (head) || is_zboot (head)));
}

static void
warn_if_short (XenoMediaFacts *facts,
               guint64         end)
{
  g_autofree char *has = NULL;
  g_autofree char *says = NULL;

  if (end <= facts->size_bytes)
    return;

  has = xeno_units_format_size (facts->size_bytes);
  says = xeno_units_format_size (end);
  /* Translators: two sizes, "12.0 MiB" of "14.0 MiB". */
  facts->warning = g_strdup_printf (_("The file ends after %s of %s, so a part of the kernel is missing. Build "
                                      "or copy it again."), has, says);
}

/* “6.1.0-13-amd64 (debian-kernel@lists.debian.org) #1 SMP …”: the first word. */
static void
take_version (XenoMediaFile  *file,
              XenoMediaFacts *facts,
              const guint8   *head)
{
  guint8 text[VERSION_BYTES + 1] = { 0 };
  guint16 offset = read_le16 (head + X86_VERSION);

  if (offset == 0 || (guint64) offset > (guint64) (head[X86_SETUP_SECTORS] + 1) * SECTOR_BYTES)
    return;

  xeno_media_file_read (file, offset + SECTOR_BYTES, text, VERSION_BYTES);
  text[strcspn ((char *) text, " \n")] = '\0';
  if (*text != '\0' && g_utf8_validate ((char *) text, -1, NULL))
    facts->volume_id = g_strconcat ("Linux ", (char *) text, NULL);
}

static void
inspect_x86 (XenoMediaFile  *file,
             XenoMediaFacts *facts,
             const guint8   *head)
{
  guint n_sectors = head[X86_SETUP_SECTORS] != 0 ? head[X86_SETUP_SECTORS] : 4;

  facts->arch = "x86_64"; /* which starts those of 32 bits too */
  take_version (file, facts, head);
  warn_if_short (facts, (guint64) (n_sectors + 1) * SECTOR_BYTES + (guint64) read_le32 (head + X86_SIZE) * 16);
}

static void
inspect_zboot (XenoMediaFacts *facts,
               const guint8   *head)
{
  guint32 offset = read_le32 (head + PE_OFFSET);
  guint16 machine;

  facts->needs_uefi_loader = TRUE;
  if (offset > HEAD_BYTES - PE_MACHINE - 2)
    return;

  machine = read_le16 (head + offset + PE_MACHINE);
  facts->arch = xeno_media_kernel_find_arch (machine);
}

/*< private >
 * xeno_media_kernel_find_arch:
 * @machine: the machine of an EFI program
 *
 * Finds what computers an EFI program is for.
 *
 * Returns: (nullable): the architecture, or %NULL where it is none of those we know
 */
const char *
xeno_media_kernel_find_arch (guint16 machine)
{
  for (gsize i = 0; i < G_N_ELEMENTS (machines); i++)
    if (machines[i].machine == machine)
      return machines[i].arch;

  return NULL;
}

/**
 * xeno_media_kernel_recognise:
 * @file: a file
 *
 * Tells whether it begins as a kernel does.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_media_kernel_recognise (XenoMediaFile *file)
{
  guint8 head[HEAD_BYTES];
  gboolean is_packed;

  g_return_val_if_fail (file != NULL, FALSE);

  read_head (file, head, &is_packed);
  return is_kernel (head, is_packed);
}

/**
 * xeno_media_kernel_inspect:
 * @file: a kernel
 * @facts: where to put what its header says
 * @error: %XENO_ERROR_BAD_MEDIA when it changed meanwhile
 *
 * Reads the header of a kernel.
 *
 * Returns: %TRUE if it can be used
 */
gboolean
xeno_media_kernel_inspect (XenoMediaFile   *file,
                           XenoMediaFacts  *facts,
                           GError         **error)
{
  guint8 head[HEAD_BYTES];
  const ImageType *image;
  gboolean is_packed;

  g_return_val_if_fail (file != NULL, FALSE);
  g_return_val_if_fail (facts != NULL, FALSE);

  read_head (file, head, &is_packed);
  if (!is_kernel (head, is_packed))
    {
      xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                      _("“%s” changes while it is read. Wait until it is built, then open it again."), file->name);
      return FALSE;
    }

  facts->boots_bios = TRUE;
  image = find_image (head);
  if (image != NULL)
    facts->arch = image->arch;
  else if (is_zboot (head))
    inspect_zboot (facts, head);
  else
    inspect_x86 (file, facts, head);
  return TRUE;
}
