/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unified kernel images: an EFI program with a kernel, its initrd and its command line in it. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-units.h"
#include "create/xeno-media-facts.h"
#include "create/xeno-media-kernel.h"
#include "create/xeno-media-uki.h"

/* The headers of EFI programs: the PE format. */
#define PE_OFFSET        0x3c
#define PE_HEADER_BYTES  24
#define SECTION_BYTES    40
#define MAX_SECTIONS     96
#define MAX_TEXT_BYTES   4096

typedef struct
{
  guint16 machine;
  guint   n_sections;
  guint64 sections_at;
} Program;

typedef struct
{
  guint64 offset;
  guint64 size_bytes;
} Section;

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

static gboolean
read_program (XenoMediaFile *file,
              Program       *program)
{
  guint8 dos[PE_OFFSET + 4];
  guint8 pe[PE_HEADER_BYTES];
  guint32 offset;

  if (xeno_media_file_read (file, 0, dos, sizeof dos) < sizeof dos || memcmp (dos, "MZ", 2) != 0)
    return FALSE;

  offset = read_le32 (dos + PE_OFFSET);
  if (xeno_media_file_read (file, offset, pe, sizeof pe) < sizeof pe || memcmp (pe, "PE\0", 4) != 0)
    return FALSE;

  program->machine = read_le16 (pe + 4);
  program->n_sections = MIN (read_le16 (pe + 6), MAX_SECTIONS);
  program->sections_at = (guint64) offset + PE_HEADER_BYTES + read_le16 (pe + 20);
  return TRUE;
}

static gboolean
find_section (XenoMediaFile *file,
              const Program *program,
              const char    *name,
              Section       *section)
{
  guint8 header[SECTION_BYTES];

  for (guint i = 0; i < program->n_sections; i++)
    {
      if (xeno_media_file_read (file, program->sections_at + i * SECTION_BYTES, header, sizeof header) < sizeof header)
        return FALSE;
      if (strncmp ((char *) header, name, 8) != 0)
        continue;

      /* The second is rounded up to what lies in the file. */
      section->size_bytes = MIN (read_le32 (header + 8), read_le32 (header + 16));
      section->offset = read_le32 (header + 20);
      return TRUE;
    }
  return FALSE;
}

static char *
read_text (XenoMediaFile *file,
           const Program *program,
           const char    *name)
{
  g_autofree char *text = g_malloc0 (MAX_TEXT_BYTES + 1);
  Section section;

  if (!find_section (file, program, name, &section))
    return NULL;

  xeno_media_file_read (file, section.offset, text, MIN (section.size_bytes, MAX_TEXT_BYTES));
  return g_utf8_validate (text, -1, NULL) ? g_steal_pointer (&text) : NULL;
}

/* A line of os-release: PRETTY_NAME="Debian GNU/Linux 12 (bookworm)". */
static char *
dup_release (const char *release,
             const char *key)
{
  g_auto (GStrv) lines = g_strsplit (release != NULL ? release : "", "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *value = lines[i] + strlen (key);

      if (g_str_has_prefix (lines[i], key) && *value == '=')
        return g_shell_unquote (value + 1, NULL);
    }
  return NULL;
}

static char *
make_label (XenoMediaFile *file,
            const Program *program)
{
  g_autofree char *release = read_text (file, program, ".osrel");
  g_autofree char *version = read_text (file, program, ".uname");
  g_autofree char *name = dup_release (release, "PRETTY_NAME");

  if (name == NULL)
    name = dup_release (release, "NAME");
  if (version != NULL)
    g_strstrip (version);
  if (name != NULL && version != NULL)
    return g_strdup_printf ("%s (Linux %s)", name, version);
  return name != NULL ? g_steal_pointer (&name)
         : version != NULL ? g_strconcat ("Linux ", version, NULL) : NULL;
}

static void
warn_if_short (XenoMediaFile  *file,
               XenoMediaFacts *facts,
               const Program  *program)
{
  static const char * const names[] = { ".linux", ".initrd" };
  guint64 end = 0;
  Section section;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (find_section (file, program, names[i], &section))
      end = MAX (end, section.offset + section.size_bytes);

  if (end > facts->size_bytes)
    {
      g_autofree char *has = xeno_units_format_size (facts->size_bytes);
      g_autofree char *says = xeno_units_format_size (end);

      facts->warning = g_strdup_printf (_("The file ends after %s of %s, so a part of the kernel is missing. Build "
                                          "or copy it again."), has, says);
    }
}

/**
 * xeno_media_uki_recognise:
 * @file: a file
 *
 * Tells whether it is an EFI program with a kernel in it.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_media_uki_recognise (XenoMediaFile *file)
{
  Program program;
  Section section;

  g_return_val_if_fail (file != NULL, FALSE);

  return read_program (file, &program) && find_section (file, &program, ".linux", &section);
}

/**
 * xeno_media_uki_inspect:
 * @file: a unified kernel image
 * @facts: where to put what it says of itself
 * @error: %XENO_ERROR_BAD_MEDIA when it changed meanwhile
 *
 * Reads the sections of a unified kernel image.
 *
 * Returns: %TRUE if it can be used
 */
gboolean
xeno_media_uki_inspect (XenoMediaFile   *file,
                        XenoMediaFacts  *facts,
                        GError         **error)
{
  Program program;

  g_return_val_if_fail (file != NULL, FALSE);
  g_return_val_if_fail (facts != NULL, FALSE);

  if (!read_program (file, &program))
    {
      xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                      _("“%s” changes while it is read. Wait until it is built, then open it again."), file->name);
      return FALSE;
    }

  facts->boots_uefi = TRUE;
  facts->needs_uefi_loader = TRUE;
  facts->arch = xeno_media_kernel_find_arch (program.machine);
  facts->volume_id = make_label (file, &program);
  facts->cmdline = read_text (file, &program, ".cmdline");
  if (facts->cmdline != NULL)
    g_strstrip (facts->cmdline);
  warn_if_short (file, facts, &program);
  return TRUE;
}
