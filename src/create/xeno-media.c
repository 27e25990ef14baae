/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file somebody wants to run, looked at without trusting it. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "base/xeno-worker.h"
#include "create/xeno-cloud-image.h"
#include "create/xeno-media-facts.h"

/* A file on a dead network drive keeps its thread; the person goes on after this. */
#define DEADLINE_MS     5000
#define MAX_LABEL_CHARS 64
#define MAX_NAME_CHARS  80

struct _XenoMedia
{
  GObject         parent_instance;
  char           *path;
  char           *label;
  XenoMediaFacts *facts;
};

enum
{
  PROP_0,
  PROP_PATH,
  PROP_KIND,
  PROP_KIND_LABEL,
  PROP_SIZE_BYTES,
  PROP_LABEL,
  PROP_IS_BOOTABLE,
  PROP_WARNING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (XenoMedia, xeno_media, G_TYPE_OBJECT)

GType
xeno_disk_way_get_type (void)
{
  static gsize type;
  static const GFlagsValue values[] = {
    { XENO_DISK_NEW, "XENO_DISK_NEW", "new" },
    { XENO_DISK_IN_PLACE, "XENO_DISK_IN_PLACE", "in-place" },
    { XENO_DISK_OVERLAY, "XENO_DISK_OVERLAY", "overlay" },
    { XENO_DISK_COPY, "XENO_DISK_COPY", "copy" },
    { 0, NULL, NULL }
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_flags_register_static ("XenoDiskWay", values));
  return type;
}

static gpointer
read_facts (gpointer       data,
            GCancellable  *cancellable,
            GError       **error)
{
  return xeno_media_facts_read (data, error);
}

static void
xeno_media_finalize (GObject *object)
{
  XenoMedia *self = XENO_MEDIA (object);

  g_free (self->path);
  g_free (self->label);
  xeno_media_facts_free (self->facts);

  G_OBJECT_CLASS (xeno_media_parent_class)->finalize (object);
}

static void
xeno_media_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  XenoMedia *self = XENO_MEDIA (object);

  switch (prop_id)
    {
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;

    case PROP_KIND:
      g_value_set_static_string (value, xeno_media_get_kind (self));
      break;

    case PROP_KIND_LABEL:
      g_value_set_string (value, xeno_media_get_kind_label (self));
      break;

    case PROP_SIZE_BYTES:
      g_value_set_uint64 (value, self->facts->size_bytes);
      break;

    case PROP_LABEL:
      g_value_set_string (value, self->label);
      break;

    case PROP_IS_BOOTABLE:
      g_value_set_boolean (value, xeno_media_is_bootable (self));
      break;

    case PROP_WARNING:
      g_value_set_string (value, self->facts->warning);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_media_class_init (XenoMediaClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = xeno_media_finalize;
  object_class->get_property = xeno_media_get_property;

  /**
   * XenoMedia:path:
   *
   * Where the file is.
   */
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, readable);

  /**
   * XenoMedia:kind:
   *
   * What it is.
   */
  properties[PROP_KIND] = g_param_spec_string ("kind", NULL, NULL, NULL, readable);

  /**
   * XenoMedia:kind-label:
   *
   * What it is, for people.
   */
  properties[PROP_KIND_LABEL] = g_param_spec_string ("kind-label", NULL, NULL, NULL, readable);

  /**
   * XenoMedia:size-bytes:
   *
   * How long the file is.
   */
  properties[PROP_SIZE_BYTES] =
    g_param_spec_uint64 ("size-bytes", NULL, NULL, 0, G_MAXUINT64, 0, readable);

  /**
   * XenoMedia:label:
   *
   * The name it gives itself, cleaned.
   */
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, readable);

  /**
   * XenoMedia:is-bootable:
   *
   * Whether there is something on it that a machine can start.
   */
  properties[PROP_IS_BOOTABLE] =
    g_param_spec_boolean ("is-bootable", NULL, NULL, FALSE, readable);

  /**
   * XenoMedia:warning:
   *
   * A sentence to show, and to ask about, before a machine is made from it.
   */
  properties[PROP_WARNING] = g_param_spec_string ("warning", NULL, NULL, NULL, readable);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xeno_media_init (XenoMedia *self)
{
}

/**
 * xeno_media_open_async:
 * @file: the file
 * @cancellable: (nullable): a cancellable
 * @callback: called when it was looked at
 * @user_data: for @callback
 *
 * Looks at a file without blocking. Nothing but a regular file is opened, and none is read to the
 * end. A drive that does not answer ends it after five seconds.
 */
void
xeno_media_open_async (GFile               *file,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr (XenoWorker) worker = NULL;
  g_autoptr (GTask) task = NULL;
  const char *path;

  g_return_if_fail (G_IS_FILE (file));

  task = g_task_new (file, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_media_open_async);
  path = g_file_peek_path (file);
  if (path == NULL)
    {
      g_autofree char *uri = g_file_get_uri (file);
      g_autofree char *name = xeno_text_clean (uri, -1, MAX_NAME_CHARS);

      g_task_return_error (task, xeno_error_new (XENO_ERROR_NOT_SUPPORTED, NULL,
                                                 _("“%s” is not on this computer. Download it first, "
                                                   "then open the file."), name));
      return;
    }

  worker = xeno_worker_new (1);
  xeno_worker_run (worker, NULL, DEADLINE_MS, task, read_facts, g_strdup (path), g_free,
                   (GDestroyNotify) xeno_media_facts_free);
}

/**
 * xeno_media_open_finish:
 * @result: what the callback was given
 * @error: %XENO_ERROR_BAD_MEDIA with what the file is instead, %XENO_ERROR_NOT_FOUND,
 *   %XENO_ERROR_NO_PERMISSION, %XENO_ERROR_NOT_SUPPORTED, or %XENO_ERROR_TIMEOUT
 *
 * Ends xeno_media_open_async().
 *
 * Returns: (transfer full): the medium
 */
XenoMedia *
xeno_media_open_finish (GAsyncResult  *result,
                        GError       **error)
{
  g_autoptr (GError) problem = NULL;
  XenoMediaFacts *facts;
  XenoMedia *self;
  GFile *file;

  g_return_val_if_fail (g_async_result_is_tagged (result, xeno_media_open_async), NULL);

  file = g_task_get_source_object (G_TASK (result));
  facts = g_task_propagate_pointer (G_TASK (result), &problem);
  if (g_error_matches (problem, XENO_ERROR, XENO_ERROR_TIMEOUT))
    {
      g_autofree char *base = g_file_get_basename (file);
      g_autofree char *name = xeno_text_clean (base, -1, MAX_NAME_CHARS);

      xeno_set_error (error, XENO_ERROR_TIMEOUT, problem->message,
                      _("The drive of “%s” is not answering. Check its connection, then try again."),
                      name);
      return NULL;
    }
  if (facts == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }

  self = g_object_new (XENO_TYPE_MEDIA, NULL);
  self->path = g_file_get_path (file);
  self->facts = facts;
  self->label = xeno_text_clean (facts->volume_id, -1, MAX_LABEL_CHARS);
  if (*self->label == '\0')
    g_clear_pointer (&self->label, g_free);
  return self;
}

/*< private >
 * xeno_media_get_facts:
 * @self: a medium
 *
 * Gets what was read from it, which never changes: any thread that holds a reference may look.
 *
 * Returns: (transfer none): the facts
 */
const XenoMediaFacts *
xeno_media_get_facts (XenoMedia *self)
{
  g_return_val_if_fail (XENO_IS_MEDIA (self), NULL);

  return self->facts;
}

/**
 * xeno_media_list_machines:
 * @self: a medium
 *
 * Lists the machines that an appliance holds, if it holds several. One that says no name has a number.
 *
 * Returns: (transfer full) (nullable): their names, each of them another one, or %NULL where there is one machine
 */
GStrv
xeno_media_list_machines (XenoMedia *self)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  g_return_val_if_fail (XENO_IS_MEDIA (self), NULL);

  if (self->facts->appliances == NULL || self->facts->appliances->len < 2)
    return NULL;

  for (guint i = 0; i < self->facts->appliances->len; i++)
    {
      const XenoAppliance *appliance = g_ptr_array_index (self->facts->appliances, i);
      const char *title = appliance->ovf->title;
      g_autofree char *name = g_strdup (title != NULL && *title != '\0' ? title : "1");

      for (guint n = i + 1; !g_hash_table_add (seen, g_strdup (name)); n++)
        {
          g_free (name);
          name = g_strdup_printf ("%s %u", title, n);
        }
      g_strv_builder_add (names, name);
    }
  return g_strv_builder_end (names);
}

/**
 * xeno_media_dup_machine:
 * @self: an appliance with several machines
 * @n: which one of xeno_media_list_machines()
 *
 * Makes the medium as which one of its machines can be used.
 *
 * Returns: (transfer full): the medium
 */
XenoMedia *
xeno_media_dup_machine (XenoMedia *self,
                        guint      n)
{
  XenoMedia *other;

  g_return_val_if_fail (XENO_IS_MEDIA (self), NULL);
  g_return_val_if_fail (self->facts->appliances != NULL && n < self->facts->appliances->len, NULL);

  other = g_object_new (XENO_TYPE_MEDIA, NULL);
  other->path = g_strdup (self->path);
  other->label = g_strdup (self->label);
  other->facts = xeno_media_facts_copy (self->facts);
  xeno_media_facts_choose (other->facts, n);
  return other;
}

/**
 * xeno_media_get_machine:
 * @self: a medium
 *
 * Gets which of its machines is meant, where it holds several.
 *
 * Returns: its number in xeno_media_list_machines()
 */
guint
xeno_media_get_machine (XenoMedia *self)
{
  guint n = 0;

  g_return_val_if_fail (XENO_IS_MEDIA (self), 0);

  if (self->facts->appliances != NULL)
    g_ptr_array_find (self->facts->appliances, self->facts->appliance, &n);
  return n;
}

/**
 * xeno_media_get_path:
 * @self: a medium
 *
 * Gets where the file is.
 *
 * Returns: (transfer none): an absolute path, valid UTF-8
 */
const char *
xeno_media_get_path (XenoMedia *self)
{
  g_return_val_if_fail (XENO_IS_MEDIA (self), NULL);

  return self->path;
}

/**
 * xeno_media_get_kind:
 * @self: a medium
 *
 * Gets what it is: the id of its row in the media table.
 *
 * Returns: (transfer none): its kind, "iso" for example
 */
const char *
xeno_media_get_kind (XenoMedia *self)
{
  g_return_val_if_fail (XENO_IS_MEDIA (self), NULL);

  return self->facts->type->id;
}

/**
 * xeno_media_get_kind_label:
 * @self: a medium
 *
 * Gets what it is, for people.
 *
 * Returns: (transfer none): a translated name
 */
const char *
xeno_media_get_kind_label (XenoMedia *self)
{
  g_return_val_if_fail (XENO_IS_MEDIA (self), NULL);

  return _(self->facts->type->label);
}

/**
 * xeno_media_get_size_bytes:
 * @self: a medium
 *
 * Gets how long the file is.
 *
 * Returns: bytes
 */
guint64
xeno_media_get_size_bytes (XenoMedia *self)
{
  g_return_val_if_fail (XENO_IS_MEDIA (self), 0);

  return self->facts->size_bytes;
}

/**
 * xeno_media_get_capacity_bytes:
 * @self: a medium
 *
 * Gets how much of it a guest would see, as it says itself.
 *
 * Returns: bytes
 */
guint64
xeno_media_get_capacity_bytes (XenoMedia *self)
{
  g_return_val_if_fail (XENO_IS_MEDIA (self), 0);

  return self->facts->capacity_bytes;
}

/**
 * xeno_media_get_label:
 * @self: a medium
 *
 * Gets the name it gives itself.
 *
 * Returns: (nullable) (transfer none): the name, cleaned, or %NULL
 */
const char *
xeno_media_get_label (XenoMedia *self)
{
  g_return_val_if_fail (XENO_IS_MEDIA (self), NULL);

  return self->label;
}

/**
 * xeno_media_get_warning:
 * @self: a medium
 *
 * Gets what is wrong with it, though it can be used.
 *
 * Returns: (nullable) (transfer none): a translated sentence, or %NULL
 */
const char *
xeno_media_get_warning (XenoMedia *self)
{
  g_return_val_if_fail (XENO_IS_MEDIA (self), NULL);

  return self->facts->warning;
}

/**
 * xeno_media_is_bootable:
 * @self: a medium
 *
 * Tells whether there is something on it that a machine can start.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_media_is_bootable (XenoMedia *self)
{
  g_return_val_if_fail (XENO_IS_MEDIA (self), FALSE);

  return self->facts->boots_bios || self->facts->boots_uefi;
}

/**
 * xeno_media_is_cloud_image:
 * @self: a medium
 * @os_id: (out) (optional) (nullable) (transfer full): the system on it, as libosinfo calls it, where that is known
 *
 * Tells whether it says that it is a disk which gets its user from a seed. Others may be one, too.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_media_is_cloud_image (XenoMedia  *self,
                           char      **os_id)
{
  g_return_val_if_fail (XENO_IS_MEDIA (self), FALSE);

  if (os_id != NULL)
    *os_id = NULL;
  return g_str_equal (xeno_media_get_device (self), "disk") && xeno_cloud_image_recognise (self->path, os_id);
}

/**
 * xeno_media_get_ways:
 * @self: a medium
 *
 * Gets how a machine can get its disk from it.
 *
 * Returns: the ways there are
 */
XenoDiskWay
xeno_media_get_ways (XenoMedia *self)
{
  g_return_val_if_fail (XENO_IS_MEDIA (self), 0);

  return self->facts->type->ways;
}

/**
 * xeno_media_needs_uefi:
 * @self: a medium
 *
 * Tells whether only UEFI firmware can start it.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_media_needs_uefi (XenoMedia *self)
{
  g_return_val_if_fail (XENO_IS_MEDIA (self), FALSE);

  return self->facts->needs_uefi_loader || (self->facts->boots_uefi && !self->facts->boots_bios);
}

/**
 * xeno_media_get_arch:
 * @self: a medium
 *
 * Gets the only architecture it can be for.
 *
 * Returns: (nullable) (transfer none): the architecture, or %NULL where it does not say
 */
const char *
xeno_media_get_arch (XenoMedia *self)
{
  g_return_val_if_fail (XENO_IS_MEDIA (self), NULL);

  return self->facts->arch;
}

/**
 * xeno_media_get_cmdline:
 * @self: a medium
 *
 * Gets what the kernel in it is told unless it is told something else. It is untrusted.
 *
 * Returns: (nullable) (transfer none): the words, or %NULL
 */
const char *
xeno_media_get_cmdline (XenoMedia *self)
{
  g_return_val_if_fail (XENO_IS_MEDIA (self), NULL);

  return self->facts->cmdline;
}

/**
 * xeno_media_is_kernel:
 * @self: a medium
 *
 * Gets whether it is a kernel, which a machine starts without a disk.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_media_is_kernel (XenoMedia *self)
{
  g_return_val_if_fail (XENO_IS_MEDIA (self), FALSE);

  return g_str_equal (self->facts->type->device, "kernel");
}

/**
 * xeno_media_get_device:
 * @self: a medium
 *
 * Gets how a machine gets it.
 *
 * Returns: (transfer none): "cdrom" or "disk"
 */
const char *
xeno_media_get_device (XenoMedia *self)
{
  g_return_val_if_fail (XENO_IS_MEDIA (self), NULL);

  return self->facts->type->device;
}

/**
 * xeno_media_get_format:
 * @self: a medium
 *
 * Gets the format that is stated wherever it is used.
 *
 * Returns: (transfer none) (nullable): the format as QEMU calls it, or %NULL where it is packed
 */
const char *
xeno_media_get_format (XenoMedia *self)
{
  g_return_val_if_fail (XENO_IS_MEDIA (self), NULL);

  return self->facts->type->format;
}
