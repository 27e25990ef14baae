/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine as wished for: what the review page and `xeno create` fill in, before anything is made. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "base/xeno-units.h"
#include "create/xeno-recipe.h"
#include "spec/xeno-name.h"
#include "virt/xeno-machine.h"

#define MIB (G_GUINT64_CONSTANT (1) << 20)
#define GIB (G_GUINT64_CONSTANT (1) << 30)

/* What a guest we know nothing of gets, and the step amounts are rounded down to. */
#define DEFAULT_MEMORY_BYTES (2 * GIB)
#define DEFAULT_N_CPUS       2
#define DEFAULT_DISK_BYTES   (20 * GIB)
#define MEMORY_STEP_BYTES    (64 * MIB)
#define DISK_STEP_BYTES      GIB
#define MIN_MEMORY_BYTES     (16 * MIB)
#define MIN_DISK_BYTES       MIB
#define MAX_BYTES            (G_GUINT64_CONSTANT (1) << 62)
#define MAX_TITLE_CHARS      60

/* Values as wished, or as recommended. */
typedef struct
{
  char    *title;
  guint64  memory_bytes;
  guint    n_cpus;
  guint64  disk_bytes;
} Values;

struct _XenoRecipe
{
  GObject       parent_instance;
  XenoMedia    *media;
  XenoOs       *os;
  Values        values;
  Values        recommended;
  XenoFirmware  firmware;
  XenoAccel     accel;
  char         *os_id;
  char         *graphics;
  char         *network;
  const char   *cpu_flags;
  guint64       host_memory_bytes; /* 0 while not known */
  guint         max_cpus;
  gboolean      max_cpus_is_hosts;
  guint64       free_disk_bytes;
};

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_OS_ID,
  PROP_MEMORY_BYTES,
  PROP_N_CPUS,
  PROP_DISK_BYTES,
  PROP_FIRMWARE,
  PROP_ACCEL,
  PROP_MEDIA,
  PROP_GRAPHICS,
  PROP_NETWORK,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (XenoRecipe, xeno_recipe, G_TYPE_OBJECT)

GType
xeno_firmware_get_type (void)
{
  static gsize type;
  static const GEnumValue values[] = {
    { XENO_FIRMWARE_AUTO, "XENO_FIRMWARE_AUTO", "auto" },
    { XENO_FIRMWARE_BIOS, "XENO_FIRMWARE_BIOS", "bios" },
    { XENO_FIRMWARE_UEFI, "XENO_FIRMWARE_UEFI", "uefi" },
    { 0, NULL, NULL }
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("XenoFirmware", values));
  return type;
}

static gboolean
take_string (XenoRecipe  *self,
             char       **place,
             const char  *value,
             guint        property)
{
  if (g_strcmp0 (*place, value) == 0)
    return FALSE;

  g_free (*place);
  *place = g_strdup (value);
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
  return TRUE;
}

/* Labels that disc-writing programs leave behind when nobody chose one. */
static gboolean
is_telling (const char *label)
{
  static const char * const empty_words[] = { "CDROM", "CD_ROM", "DISC", "ISO", "ISOIMAGE", "NEW", "NEW_VOLUME", "UNTITLED" };

  for (gsize i = 0; i < G_N_ELEMENTS (empty_words); i++)
    if (g_ascii_strcasecmp (label, empty_words[i]) == 0)
      return FALSE;

  return TRUE;
}

static char *
make_title_from (const char *text)
{
  g_autofree char *title = xeno_text_clean (text, -1, MAX_TITLE_CHARS);

  g_strdelimit (title, "/\\", ' ');
  g_strstrip (title);
  return xeno_name_check_title (title, NULL) ? g_steal_pointer (&title) : NULL;
}

static char *
make_title_from_path (const char *path)
{
  g_autofree char *base = g_path_get_basename (path);
  char *dot = strrchr (base, '.');

  if (dot != NULL && dot != base)
    *dot = '\0';
  return make_title_from (base);
}

static char *
recommend_title (XenoRecipe *self)
{
  const char *label = self->media != NULL ? xeno_media_get_label (self->media) : NULL;
  char *title = NULL;

  if (self->os != NULL)
    title = make_title_from (xeno_os_get_name (self->os));
  if (title == NULL && label != NULL && is_telling (label))
    title = make_title_from (label);
  if (title == NULL && self->media != NULL)
    title = make_title_from_path (xeno_media_get_path (self->media));
  return title != NULL ? title : g_strdup (_("New machine"));
}

static guint64
recommend_memory (XenoRecipe *self)
{
  guint64 wanted = self->os != NULL ? xeno_os_get_memory_bytes (self->os, FALSE) : 0;
  guint64 needed = self->os != NULL ? xeno_os_get_memory_bytes (self->os, TRUE) : 0;

  if (wanted == 0)
    wanted = DEFAULT_MEMORY_BYTES;
  if (self->host_memory_bytes == 0)
    return wanted;

  /* The host wants to live too: more than half of it only where the guest cannot do with less. */
  wanted = MAX (MIN (wanted, self->host_memory_bytes / 2), needed);
  wanted = MIN (wanted, self->host_memory_bytes);
  return MAX (wanted / MEMORY_STEP_BYTES * MEMORY_STEP_BYTES, MIN_MEMORY_BYTES);
}

static guint
recommend_n_cpus (XenoRecipe *self)
{
  guint wanted = self->os != NULL ? xeno_os_get_n_cpus (self->os, FALSE) : 0;

  return MIN (MAX (wanted, DEFAULT_N_CPUS), self->max_cpus);
}

static guint64
recommend_disk (XenoRecipe *self)
{
  guint64 wanted = self->os != NULL ? xeno_os_get_disk_bytes (self->os, FALSE) : 0;

  if (self->media != NULL && !xeno_media_needs_disk (self->media))
    return 0;

  /* It grows as it is used, so more costs nothing until then. */
  wanted = MAX (wanted, DEFAULT_DISK_BYTES);
  if (self->free_disk_bytes == 0 || wanted <= self->free_disk_bytes)
    return wanted;
  if (self->free_disk_bytes < 2 * DISK_STEP_BYTES)
    return MAX (self->free_disk_bytes / 2, MIN_DISK_BYTES);
  return self->free_disk_bytes / DISK_STEP_BYTES * DISK_STEP_BYTES;
}

static void
take_host (XenoRecipe *self,
           XenoHost   *host,
           XenoCaps   *caps)
{
  guint host_cpus = host != NULL ? xeno_host_get_n_cpus (host) : 0;
  guint board_cpus = caps != NULL ? xeno_caps_get_max_cpus (caps) : G_MAXUINT;

  self->host_memory_bytes = host != NULL ? xeno_host_get_memory_bytes (host) : 0;
  self->cpu_flags = host != NULL ? xeno_host_get_cpu_flags (host) : NULL;
  self->max_cpus_is_hosts = host_cpus > 0 && host_cpus <= board_cpus;
  self->max_cpus = self->max_cpus_is_hosts ? host_cpus : board_cpus;
}

static gboolean
check_memory (XenoRecipe  *self,
              GError     **error)
{
  XenoRange range = xeno_recipe_get_memory_range (self);
  g_autofree char *wanted = xeno_units_format_size (self->values.memory_bytes);
  g_autofree char *least = xeno_units_format_size (range.minimum);
  g_autofree char *most = xeno_units_format_size (range.maximum);

  if (self->values.memory_bytes < range.minimum)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("Memory: %s is too little. A machine needs at least %s."), wanted, least);
  else if (self->values.memory_bytes > range.maximum)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("Memory: %s is too much. The host has %s."), wanted, most);
  else
    return TRUE;

  return FALSE;
}

static gboolean
check_cpus (XenoRecipe  *self,
            GError     **error)
{
  if (self->values.n_cpus == 0)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("Processors: a machine needs at least one."));
  else if (self->values.n_cpus > self->max_cpus && self->max_cpus_is_hosts)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("Processors: %u are too many. The host has %u."), self->values.n_cpus, self->max_cpus);
  else if (self->values.n_cpus > self->max_cpus)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("Processors: %u are too many. A machine can have %u."), self->values.n_cpus, self->max_cpus);
  else
    return TRUE;

  return FALSE;
}

static gboolean
check_disk (XenoRecipe  *self,
            GError     **error)
{
  XenoRange range = xeno_recipe_get_disk_range (self);
  g_autofree char *wanted = xeno_units_format_size (self->values.disk_bytes);
  g_autofree char *least = xeno_units_format_size (range.minimum);
  g_autofree char *most = xeno_units_format_size (range.maximum);

  if (self->values.disk_bytes == 0)
    return TRUE;

  if (self->values.disk_bytes < range.minimum)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("Disk: %s is too little. A disk has at least %s."), wanted, least);
  else if (self->values.disk_bytes > range.maximum)
    xeno_set_error (error, XENO_ERROR_NO_SPACE, NULL,
                    _("Disk: %s is too much. The storage place has %s free."), wanted, most);
  else
    return TRUE;

  return FALSE;
}

static void
xeno_recipe_finalize (GObject *object)
{
  XenoRecipe *self = XENO_RECIPE (object);

  g_clear_object (&self->media);
  g_clear_object (&self->os);
  g_free (self->values.title);
  g_free (self->recommended.title);
  g_free (self->os_id);
  g_free (self->graphics);
  g_free (self->network);

  G_OBJECT_CLASS (xeno_recipe_parent_class)->finalize (object);
}

static void
xeno_recipe_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  XenoRecipe *self = XENO_RECIPE (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->values.title);
      break;

    case PROP_OS_ID:
      g_value_set_string (value, self->os_id);
      break;

    case PROP_MEMORY_BYTES:
      g_value_set_uint64 (value, self->values.memory_bytes);
      break;

    case PROP_N_CPUS:
      g_value_set_uint (value, self->values.n_cpus);
      break;

    case PROP_DISK_BYTES:
      g_value_set_uint64 (value, self->values.disk_bytes);
      break;

    case PROP_FIRMWARE:
      g_value_set_enum (value, self->firmware);
      break;

    case PROP_ACCEL:
      g_value_set_uint (value, self->accel);
      break;

    case PROP_MEDIA:
      g_value_set_object (value, self->media);
      break;

    case PROP_GRAPHICS:
      g_value_set_string (value, self->graphics);
      break;

    case PROP_NETWORK:
      g_value_set_string (value, self->network);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_recipe_set_property (GObject      *object,
                          guint         prop_id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  XenoRecipe *self = XENO_RECIPE (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      xeno_recipe_set_title (self, g_value_get_string (value));
      break;

    case PROP_OS_ID:
      xeno_recipe_set_os_id (self, g_value_get_string (value));
      break;

    case PROP_MEMORY_BYTES:
      xeno_recipe_set_memory_bytes (self, g_value_get_uint64 (value));
      break;

    case PROP_N_CPUS:
      xeno_recipe_set_n_cpus (self, g_value_get_uint (value));
      break;

    case PROP_DISK_BYTES:
      xeno_recipe_set_disk_bytes (self, g_value_get_uint64 (value));
      break;

    case PROP_FIRMWARE:
      xeno_recipe_set_firmware (self, g_value_get_enum (value));
      break;

    case PROP_ACCEL:
      xeno_recipe_set_accel (self, g_value_get_uint (value));
      break;

    case PROP_MEDIA:
      self->media = g_value_dup_object (value);
      break;

    case PROP_GRAPHICS:
      xeno_recipe_set_graphics (self, g_value_get_string (value));
      break;

    case PROP_NETWORK:
      xeno_recipe_set_network (self, g_value_get_string (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_recipe_class_init (XenoRecipeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags writable = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = xeno_recipe_finalize;
  object_class->get_property = xeno_recipe_get_property;
  object_class->set_property = xeno_recipe_set_property;

  /**
   * XenoRecipe:title:
   *
   * What people will call the machine, in any script.
   */
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, writable);

  /**
   * XenoRecipe:os-id:
   *
   * The libosinfo id of its operating system, or %NULL.
   */
  properties[PROP_OS_ID] = g_param_spec_string ("os-id", NULL, NULL, NULL, writable);

  /**
   * XenoRecipe:memory-bytes:
   *
   * Its memory.
   */
  properties[PROP_MEMORY_BYTES] =
    g_param_spec_uint64 ("memory-bytes", NULL, NULL, 0, G_MAXUINT64, DEFAULT_MEMORY_BYTES, writable);

  /**
   * XenoRecipe:n-cpus:
   *
   * How many processors it has.
   */
  properties[PROP_N_CPUS] =
    g_param_spec_uint ("n-cpus", NULL, NULL, 0, G_MAXUINT, DEFAULT_N_CPUS, writable);

  /**
   * XenoRecipe:disk-bytes:
   *
   * How large its new disk is, or 0 for none.
   */
  properties[PROP_DISK_BYTES] =
    g_param_spec_uint64 ("disk-bytes", NULL, NULL, 0, G_MAXUINT64, DEFAULT_DISK_BYTES, writable);

  /**
   * XenoRecipe:firmware:
   *
   * What starts the guest.
   */
  properties[PROP_FIRMWARE] =
    g_param_spec_enum ("firmware", NULL, NULL, XENO_TYPE_FIRMWARE, XENO_FIRMWARE_AUTO, writable);

  /**
   * XenoRecipe:accel:
   *
   * How it is accelerated: a #XenoAccel.
   */
  properties[PROP_ACCEL] =
    g_param_spec_uint ("accel", NULL, NULL, 0, XENO_ACCEL_TCG, XENO_ACCEL_AUTO, writable);

  /**
   * XenoRecipe:media:
   *
   * What it is made from, or %NULL.
   */
  properties[PROP_MEDIA] =
    g_param_spec_object ("media", NULL, NULL, XENO_TYPE_MEDIA,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoRecipe:graphics:
   *
   * How its screen is shown: "auto", "spice" or "vnc".
   */
  properties[PROP_GRAPHICS] = g_param_spec_string ("graphics", NULL, NULL, "auto", writable);

  /**
   * XenoRecipe:network:
   *
   * What it is connected to: "auto", "user" for the host’s own connection, "none", or the name of a
   * network.
   */
  properties[PROP_NETWORK] = g_param_spec_string ("network", NULL, NULL, "auto", writable);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xeno_recipe_init (XenoRecipe *self)
{
  self->values.memory_bytes = DEFAULT_MEMORY_BYTES;
  self->values.n_cpus = DEFAULT_N_CPUS;
  self->values.disk_bytes = DEFAULT_DISK_BYTES;
  self->recommended = self->values;
  self->graphics = g_strdup ("auto");
  self->network = g_strdup ("auto");
  self->max_cpus = G_MAXUINT;
}

/**
 * xeno_recipe_new:
 * @media: (nullable): what the machine is made from
 *
 * Makes a recipe with values for a guest nobody knows anything of.
 *
 * Returns: (transfer full): the recipe
 */
XenoRecipe *
xeno_recipe_new (XenoMedia *media)
{
  g_return_val_if_fail (media == NULL || XENO_IS_MEDIA (media), NULL);

  return g_object_new (XENO_TYPE_RECIPE, "media", media, NULL);
}

/**
 * xeno_recipe_recommend:
 * @self: a recipe
 * @os: (nullable): its operating system, described
 * @host: (nullable): the computer it will run on
 * @caps: (nullable): what that offers
 * @free_disk_bytes: what is free in the storage place, or 0 while that is not known
 *
 * Fills in what is good for the operating system on this host, wherever the person has not chosen
 * something else. To be called again when more is known.
 */
void
xeno_recipe_recommend (XenoRecipe *self,
                       XenoOs     *os,
                       XenoHost   *host,
                       XenoCaps   *caps,
                       guint64     free_disk_bytes)
{
  Values *old, new_values;

  g_return_if_fail (XENO_IS_RECIPE (self));
  g_return_if_fail (os == NULL || xeno_os_is_described (os));

  take_host (self, host, caps);
  self->free_disk_bytes = free_disk_bytes;
  g_set_object (&self->os, os);
  take_string (self, &self->os_id, os != NULL ? xeno_os_get_id (os) : NULL, PROP_OS_ID);

  new_values = (Values) {
    recommend_title (self), recommend_memory (self), recommend_n_cpus (self), recommend_disk (self)
  };
  old = &self->recommended;
  if (self->values.title == NULL || g_strcmp0 (self->values.title, old->title) == 0)
    xeno_recipe_set_title (self, new_values.title);
  if (self->values.memory_bytes == old->memory_bytes)
    xeno_recipe_set_memory_bytes (self, new_values.memory_bytes);
  if (self->values.n_cpus == old->n_cpus)
    xeno_recipe_set_n_cpus (self, new_values.n_cpus);
  if (self->values.disk_bytes == old->disk_bytes)
    xeno_recipe_set_disk_bytes (self, new_values.disk_bytes);
  g_free (old->title);
  *old = new_values;
}

static gboolean
is_title_taken (const char *title,
                gpointer    user_data)
{
  GListModel *machines = user_data;

  for (guint i = 0; i < g_list_model_get_n_items (machines); i++)
    {
      g_autoptr (XenoMachine) machine = g_list_model_get_item (machines, i);

      if (g_strcmp0 (xeno_machine_get_title (machine), title) == 0
          || g_strcmp0 (xeno_machine_get_name (machine), title) == 0)
        return TRUE;
    }
  return FALSE;
}

/**
 * xeno_recipe_dup_free_title:
 * @self: a recipe with a title
 * @machines: a list of #XenoMachine
 *
 * Gets the title, with a number behind it if a machine has it already.
 *
 * Returns: (transfer full): a title that is free
 */
char *
xeno_recipe_dup_free_title (XenoRecipe *self,
                            GListModel *machines)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), NULL);
  g_return_val_if_fail (G_IS_LIST_MODEL (machines), NULL);
  g_return_val_if_fail (self->values.title != NULL, NULL);

  return xeno_name_make_unique (self->values.title, " ", is_title_taken, machines);
}

/**
 * xeno_recipe_make_title_unique:
 * @self: a recipe with a title
 * @machines: a list of #XenoMachine
 *
 * Appends a number to the title if a machine has it already. The result still counts as
 * recommended.
 */
void
xeno_recipe_make_title_unique (XenoRecipe *self,
                               GListModel *machines)
{
  g_autofree char *title = xeno_recipe_dup_free_title (self, machines);

  g_return_if_fail (title != NULL);

  if (g_strcmp0 (self->values.title, self->recommended.title) == 0)
    {
      g_free (self->recommended.title);
      self->recommended.title = g_strdup (title);
    }
  xeno_recipe_set_title (self, title);
}

/**
 * xeno_recipe_get_media:
 * @self: a recipe
 *
 * Gets what the machine is made from.
 *
 * Returns: (nullable) (transfer none): the medium
 */
XenoMedia *
xeno_recipe_get_media (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), NULL);

  return self->media;
}

/**
 * xeno_recipe_get_os:
 * @self: a recipe
 *
 * Gets the operating system it was recommended for.
 *
 * Returns: (nullable) (transfer none): the operating system, or %NULL when it is not known
 */
XenoOs *
xeno_recipe_get_os (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), NULL);

  return self->os;
}

/**
 * xeno_recipe_get_title:
 * @self: a recipe
 *
 * Gets what people will call the machine.
 *
 * Returns: (nullable) (transfer none): the title
 */
const char *
xeno_recipe_get_title (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), NULL);

  return self->values.title;
}

/**
 * xeno_recipe_set_title:
 * @self: a recipe
 * @title: (nullable): the title
 *
 * Sets what people will call the machine, in any script.
 */
void
xeno_recipe_set_title (XenoRecipe *self,
                       const char *title)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  take_string (self, &self->values.title, title, PROP_TITLE);
}

/**
 * xeno_recipe_get_os_id:
 * @self: a recipe
 *
 * Gets the libosinfo id of the operating system.
 *
 * Returns: (nullable) (transfer none): the id
 */
const char *
xeno_recipe_get_os_id (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), NULL);

  return self->os_id;
}

/**
 * xeno_recipe_set_os_id:
 * @self: a recipe
 * @os_id: (nullable): a libosinfo id
 *
 * Sets which operating system is noted on the machine. What fits it is filled in by
 * xeno_recipe_recommend().
 */
void
xeno_recipe_set_os_id (XenoRecipe *self,
                       const char *os_id)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  if (!take_string (self, &self->os_id, os_id, PROP_OS_ID))
    return;
  if (self->os != NULL && g_strcmp0 (xeno_os_get_id (self->os), os_id) != 0)
    g_clear_object (&self->os);
}

/**
 * xeno_recipe_get_memory_bytes:
 * @self: a recipe
 *
 * Gets the memory.
 *
 * Returns: bytes
 */
guint64
xeno_recipe_get_memory_bytes (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), 0);

  return self->values.memory_bytes;
}

/**
 * xeno_recipe_set_memory_bytes:
 * @self: a recipe
 * @bytes: the memory
 *
 * Sets the memory.
 */
void
xeno_recipe_set_memory_bytes (XenoRecipe *self,
                              guint64     bytes)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  if (self->values.memory_bytes == bytes)
    return;

  self->values.memory_bytes = bytes;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MEMORY_BYTES]);
}

/**
 * xeno_recipe_get_n_cpus:
 * @self: a recipe
 *
 * Gets how many processors there are.
 *
 * Returns: the number
 */
guint
xeno_recipe_get_n_cpus (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), 0);

  return self->values.n_cpus;
}

/**
 * xeno_recipe_set_n_cpus:
 * @self: a recipe
 * @n_cpus: the number
 *
 * Sets how many processors there are.
 */
void
xeno_recipe_set_n_cpus (XenoRecipe *self,
                        guint       n_cpus)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  if (self->values.n_cpus == n_cpus)
    return;

  self->values.n_cpus = n_cpus;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_CPUS]);
}

/**
 * xeno_recipe_get_disk_bytes:
 * @self: a recipe
 *
 * Gets how large the new disk is.
 *
 * Returns: bytes, or 0 for none
 */
guint64
xeno_recipe_get_disk_bytes (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), 0);

  return self->values.disk_bytes;
}

/**
 * xeno_recipe_set_disk_bytes:
 * @self: a recipe
 * @bytes: the size, or 0 for none
 *
 * Sets how large the new disk is.
 */
void
xeno_recipe_set_disk_bytes (XenoRecipe *self,
                            guint64     bytes)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  if (self->values.disk_bytes == bytes)
    return;

  self->values.disk_bytes = bytes;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DISK_BYTES]);
}

/**
 * xeno_recipe_get_firmware:
 * @self: a recipe
 *
 * Gets what starts the guest.
 *
 * Returns: the firmware
 */
XenoFirmware
xeno_recipe_get_firmware (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), XENO_FIRMWARE_AUTO);

  return self->firmware;
}

/**
 * xeno_recipe_set_firmware:
 * @self: a recipe
 * @firmware: the firmware
 *
 * Sets what starts the guest.
 */
void
xeno_recipe_set_firmware (XenoRecipe   *self,
                          XenoFirmware  firmware)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  if (self->firmware == firmware)
    return;

  self->firmware = firmware;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FIRMWARE]);
}

/**
 * xeno_recipe_get_accel:
 * @self: a recipe
 *
 * Gets how the machine is accelerated.
 *
 * Returns: the choice
 */
XenoAccel
xeno_recipe_get_accel (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), XENO_ACCEL_AUTO);

  return self->accel;
}

/**
 * xeno_recipe_set_accel:
 * @self: a recipe
 * @accel: the choice
 *
 * Sets how the machine is accelerated.
 */
void
xeno_recipe_set_accel (XenoRecipe *self,
                       XenoAccel   accel)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  if (self->accel == accel)
    return;

  self->accel = accel;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACCEL]);
}

/**
 * xeno_recipe_get_graphics:
 * @self: a recipe
 *
 * Gets how the machine's screen is shown.
 *
 * Returns: (transfer none): "auto", "spice" or "vnc"
 */
const char *
xeno_recipe_get_graphics (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), NULL);

  return self->graphics;
}

/**
 * xeno_recipe_set_graphics:
 * @self: a recipe
 * @graphics: "auto", "spice" or "vnc"
 *
 * Sets how the machine's screen is shown.
 */
void
xeno_recipe_set_graphics (XenoRecipe *self,
                          const char *graphics)
{
  g_return_if_fail (XENO_IS_RECIPE (self));
  g_return_if_fail (graphics != NULL);

  take_string (self, &self->graphics, graphics, PROP_GRAPHICS);
}

/**
 * xeno_recipe_get_network:
 * @self: a recipe
 *
 * Gets what the machine is connected to.
 *
 * Returns: (transfer none): "auto", "user", "none", or the name of a network
 */
const char *
xeno_recipe_get_network (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), NULL);

  return self->network;
}

/**
 * xeno_recipe_set_network:
 * @self: a recipe
 * @network: "auto", "user", "none", or the name of a network
 *
 * Sets what the machine is connected to.
 */
void
xeno_recipe_set_network (XenoRecipe *self,
                         const char *network)
{
  g_return_if_fail (XENO_IS_RECIPE (self));
  g_return_if_fail (network != NULL);

  take_string (self, &self->network, network, PROP_NETWORK);
}

/**
 * xeno_recipe_get_memory_range:
 * @self: a recipe
 *
 * Gets what the memory may and should be.
 *
 * Returns: bytes
 */
XenoRange
xeno_recipe_get_memory_range (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), ((XenoRange) { 0, 0, 0 }));

  return (XenoRange) {
    MIN_MEMORY_BYTES,
    self->recommended.memory_bytes,
    self->host_memory_bytes > 0 ? self->host_memory_bytes : MAX_BYTES,
  };
}

/**
 * xeno_recipe_get_cpu_range:
 * @self: a recipe
 *
 * Gets how many processors there may and should be.
 *
 * Returns: numbers
 */
XenoRange
xeno_recipe_get_cpu_range (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), ((XenoRange) { 0, 0, 0 }));

  return (XenoRange) { 1, self->recommended.n_cpus, self->max_cpus };
}

/**
 * xeno_recipe_get_disk_range:
 * @self: a recipe
 *
 * Gets how large a new disk may and should be.
 *
 * Returns: bytes
 */
XenoRange
xeno_recipe_get_disk_range (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), ((XenoRange) { 0, 0, 0 }));

  return (XenoRange) {
    MIN_DISK_BYTES,
    self->recommended.disk_bytes,
    self->free_disk_bytes > 0 ? self->free_disk_bytes : MAX_BYTES,
  };
}

/**
 * xeno_recipe_check:
 * @self: a recipe
 * @error: %XENO_ERROR_INVALID or %XENO_ERROR_NO_SPACE with a sentence that begins with the field and
 *   names the limit
 *
 * Tells whether the machine can be made as wished.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_recipe_check (XenoRecipe  *self,
                   GError     **error)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), FALSE);

  return xeno_name_check_title (self->values.title != NULL ? self->values.title : "", error)
         && check_memory (self, error)
         && check_cpus (self, error)
         && check_disk (self, error);
}

/**
 * xeno_recipe_choose_virt_type:
 * @self: a recipe
 * @caps: what the host offers
 * @reason: (out) (optional) (transfer full): a sentence in plain words, for the review page
 *
 * Says how the machine would be accelerated.
 *
 * Returns: (transfer none): the type: "kvm", "qemu"
 */
const char *
xeno_recipe_choose_virt_type (XenoRecipe  *self,
                              XenoCaps    *caps,
                              char       **reason)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), NULL);
  g_return_val_if_fail (XENO_IS_CAPS (caps), NULL);

  return xeno_caps_choose_virt_type (caps, self->accel, self->cpu_flags, reason);
}
