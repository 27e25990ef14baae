/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a copy that is kept ready depends on, and whether it is still so. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "create/xeno-warm-marks.h"

/* Two of them that are alike by chance would be a wonder. */
#define MARK_CHARS 16

#define PROCESSOR_FILE "/proc/cpuinfo"

/* What of a processor is in the memory of a guest that saw it, one way or another. */
static const char * const processor_words[] = {
  "vendor_id", "cpu family", "model", "model name", "stepping", "flags", "CPU implementer", "CPU part", "Features",
};

static char *
make_mark (const char *text)
{
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  return g_strndup (sum, MARK_CHARS);
}

/* Without what people call it and what was noted on it: a guest sees neither. */
static char *
mark_document (const XenoMachineSource *source)
{
  g_autoptr (XenoSpec) spec = xeno_spec_copy (source->spec);
  g_autofree char *xml = NULL;

  xeno_spec_set_value (spec, "metadata", NULL);
  xeno_spec_set_value (spec, "title", NULL);
  xeno_spec_set_value (spec, "description", NULL);
  xml = xeno_spec_to_xml (spec);
  return make_mark (xml);
}

/* A file that was written to has another time; one that was put in its place has another number. */
static void
add_file (GString    *text,
          const char *path)
{
  GStatBuf info = { 0 };

  if (g_stat (path, &info) != 0)
    memset (&info, 0, sizeof info);
  g_string_append_printf (text, "%s %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT ".%09ld\n", path,
                          (guint64) info.st_ino, (gint64) info.st_size, (gint64) info.st_mtim.tv_sec,
                          info.st_mtim.tv_nsec);
}

static char *
mark_disks (const XenoMachineSource *source)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < source->disks->len; i++)
    {
      const XenoSourceDisk *disk = g_ptr_array_index (source->disks, i);

      add_file (text, disk->path);
      for (guint j = 0; j < disk->below->len; j++)
        add_file (text, ((const XenoSourceImage *) g_ptr_array_index (disk->below, j))->path);
    }
  if (source->nvram != NULL)
    add_file (text, source->nvram);
  return make_mark (text->str);
}

static char *
mark_hypervisor (const XenoMachineSource *source)
{
  g_autofree char *text = g_strdup_printf ("%lu", source->hypervisor_version);

  return make_mark (text);
}

/* The first processor stands for all. */
static char *
mark_processor (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *contents = NULL;
  g_auto (GStrv) lines = NULL;

  if (g_file_get_contents (PROCESSOR_FILE, &contents, NULL, NULL))
    lines = g_strsplit (contents, "\n", -1);
  for (char **line = lines; line != NULL && *line != NULL && **line != '\0'; line++)
    {
      const char *colon = strchr (*line, ':');
      g_autofree char *word = colon != NULL ? g_strchomp (g_strndup (*line, colon - *line)) : NULL;

      for (gsize i = 0; word != NULL && i < G_N_ELEMENTS (processor_words); i++)
        if (g_str_equal (word, processor_words[i]))
          g_string_append (text, *line);
    }
  return make_mark (text->str);
}

/**
 * xeno_warm_marks_take:
 * @note: the note of a copy that is made
 * @source: what it is made from
 *
 * Writes down what it depends on. It blocks.
 */
void
xeno_warm_marks_take (XenoWarmNote            *note,
                      const XenoMachineSource *source)
{
  g_return_if_fail (note != NULL);
  g_return_if_fail (source != NULL);

  g_free (note->document);
  g_free (note->disks);
  g_free (note->hypervisor);
  g_free (note->processor);
  note->document = mark_document (source);
  note->disks = mark_disks (source);
  note->hypervisor = mark_hypervisor (source);
  note->processor = mark_processor ();
}

/**
 * xeno_warm_marks_judge:
 * @note: the note of a copy
 * @source: what it was made from
 *
 * Looks whether all is as it was. It blocks.
 *
 * Returns: (nullable): why the copy is of no use any more, a translated sentence, or %NULL
 */
const char *
xeno_warm_marks_judge (const XenoWarmNote      *note,
                       const XenoMachineSource *source)
{
  g_autoptr (XenoWarmNote) now = xeno_warm_note_new ();

  g_return_val_if_fail (note != NULL, NULL);
  g_return_val_if_fail (source != NULL, NULL);

  xeno_warm_marks_take (now, source);
  if (g_strcmp0 (now->disks, note->disks) != 0)
    return _("the machine’s disks have changed since");
  if (g_strcmp0 (now->document, note->document) != 0)
    return _("the machine’s hardware has changed since");
  if (g_strcmp0 (now->hypervisor, note->hypervisor) != 0)
    return _("there is another version of the hypervisor now");
  if (g_strcmp0 (now->processor, note->processor) != 0)
    return _("this computer has another processor now");
  return NULL;
}
