/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine as wished for: what the review page and `xeno create` fill in, before anything is made. */
#include "config.h"

#include "create/xeno-recipe-private.h"

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
  PROP_DISK_WAY,
  PROP_ARCH,
  PROP_DRIVER_DISC,
  PROP_SECURE_BOOT,
  PROP_TPM,
  PROP_BOOTS_NETWORK,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE_WITH_CODE (XenoRecipe, xeno_recipe, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (XENO_TYPE_PLAN, xeno_recipe_plan_init))

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

/* The lowest flag. */
static XenoDiskWay
get_usual_way (XenoMedia *media)
{
  return 1 << g_bit_nth_lsf (xeno_media_get_ways (media), -1);
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
  g_clear_pointer (&self->seed, xeno_seed_free);
  g_clear_pointer (&self->install_script, xeno_install_script_free);
  g_free (self->arch);
  g_free (self->driver_disc);
  g_clear_object (&self->direct_boot);

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

    case PROP_DISK_WAY:
      g_value_set_flags (value, self->disk_way);
      break;

    case PROP_ARCH:
      g_value_set_string (value, self->arch);
      break;

    case PROP_DRIVER_DISC:
      g_value_set_string (value, self->driver_disc);
      break;

    case PROP_SECURE_BOOT:
      g_value_set_enum (value, self->secure_boot);
      break;

    case PROP_TPM:
      g_value_set_enum (value, self->tpm);
      break;

    case PROP_BOOTS_NETWORK:
      g_value_set_boolean (value, self->boots_network);
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
      if (self->media != NULL)
        self->disk_way = get_usual_way (self->media);
      if (self->media != NULL && xeno_media_is_kernel (self->media))
        {
          self->direct_boot = xeno_direct_boot_new ();
          xeno_direct_boot_set_cmdline (self->direct_boot, xeno_media_get_cmdline (self->media));
          xeno_recipe_set_arch (self, xeno_media_get_arch (self->media));
        }
      break;

    case PROP_GRAPHICS:
      xeno_recipe_set_graphics (self, g_value_get_string (value));
      break;

    case PROP_NETWORK:
      xeno_recipe_set_network (self, g_value_get_string (value));
      break;

    case PROP_DISK_WAY:
      xeno_recipe_set_disk_way (self, g_value_get_flags (value));
      break;

    case PROP_ARCH:
      xeno_recipe_set_arch (self, g_value_get_string (value));
      break;

    case PROP_DRIVER_DISC:
      xeno_recipe_set_driver_disc (self, g_value_get_string (value));
      break;

    case PROP_SECURE_BOOT:
      xeno_recipe_set_secure_boot (self, g_value_get_enum (value));
      break;

    case PROP_TPM:
      xeno_recipe_set_tpm (self, g_value_get_enum (value));
      break;

    case PROP_BOOTS_NETWORK:
      xeno_recipe_set_boots_network (self, g_value_get_boolean (value));
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
    g_param_spec_uint64 ("memory-bytes", NULL, NULL, 0, G_MAXUINT64, XENO_RECIPE_DEFAULT_MEMORY_BYTES, writable);

  /**
   * XenoRecipe:n-cpus:
   *
   * How many processors it has.
   */
  properties[PROP_N_CPUS] =
    g_param_spec_uint ("n-cpus", NULL, NULL, 0, G_MAXUINT, XENO_RECIPE_DEFAULT_N_CPUS, writable);

  /**
   * XenoRecipe:disk-bytes:
   *
   * How large its new disk is, or 0 for none.
   */
  properties[PROP_DISK_BYTES] =
    g_param_spec_uint64 ("disk-bytes", NULL, NULL, 0, G_MAXUINT64, XENO_RECIPE_DEFAULT_DISK_BYTES, writable);

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
   * How its screen is shown: "auto", "dbus", "spice" or "vnc".
   */
  properties[PROP_GRAPHICS] = g_param_spec_string ("graphics", NULL, NULL, "auto", writable);

  /**
   * XenoRecipe:network:
   *
   * What it is connected to: "auto", "user" for the host’s own connection, "none", or the name of a
   * network.
   */
  properties[PROP_NETWORK] = g_param_spec_string ("network", NULL, NULL, "auto", writable);

  /**
   * XenoRecipe:disk-way:
   *
   * How it gets its disk from the medium: one of the ways the medium has.
   */
  properties[PROP_DISK_WAY] =
    g_param_spec_flags ("disk-way", NULL, NULL, XENO_TYPE_DISK_WAY, XENO_DISK_NEW, writable);

  /**
   * XenoRecipe:arch:
   *
   * Its architecture: "aarch64", or %NULL for the host’s.
   */
  properties[PROP_ARCH] = g_param_spec_string ("arch", NULL, NULL, NULL, writable);

  /**
   * XenoRecipe:driver-disc:
   *
   * The path of a disc with drivers, which is put in beside the medium, or %NULL.
   */
  properties[PROP_DRIVER_DISC] = g_param_spec_string ("driver-disc", NULL, NULL, NULL, writable);

  /**
   * XenoRecipe:secure-boot:
   *
   * Whether its firmware starts only what is signed.
   */
  properties[PROP_SECURE_BOOT] =
    g_param_spec_enum ("secure-boot", NULL, NULL, XENO_TYPE_CHOICE, XENO_CHOICE_AUTO, writable);

  /**
   * XenoRecipe:tpm:
   *
   * Whether it has a TPM.
   */
  properties[PROP_TPM] =
    g_param_spec_enum ("tpm", NULL, NULL, XENO_TYPE_CHOICE, XENO_CHOICE_AUTO, writable);

  /**
   * XenoRecipe:boots-network:
   *
   * Whether it asks the network for something to start, before its disk.
   */
  properties[PROP_BOOTS_NETWORK] = g_param_spec_boolean ("boots-network", NULL, NULL, FALSE, writable);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xeno_recipe_init (XenoRecipe *self)
{
  self->values.memory_bytes = XENO_RECIPE_DEFAULT_MEMORY_BYTES;
  self->values.n_cpus = XENO_RECIPE_DEFAULT_N_CPUS;
  self->values.disk_bytes = XENO_RECIPE_DEFAULT_DISK_BYTES;
  self->recommended = self->values;
  self->graphics = g_strdup ("auto");
  self->network = g_strdup ("auto");
  self->disk_way = XENO_DISK_NEW;
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
 * Returns: (transfer none): "auto", "dbus", "spice" or "vnc"
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
 * @graphics: "auto", "dbus", "spice" or "vnc"
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
 * xeno_recipe_get_disk_way:
 * @self: a recipe
 *
 * Gets how the machine gets its disk.
 *
 * Returns: the way, a single flag
 */
XenoDiskWay
xeno_recipe_get_disk_way (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), XENO_DISK_NEW);

  return self->disk_way;
}

/**
 * xeno_recipe_set_disk_way:
 * @self: a recipe
 * @way: one of the ways that the medium has
 *
 * Sets how the machine gets its disk. To be followed by xeno_recipe_recommend(), for the size depends
 * on it.
 */
void
xeno_recipe_set_disk_way (XenoRecipe  *self,
                          XenoDiskWay  way)
{
  g_return_if_fail (XENO_IS_RECIPE (self));
  g_return_if_fail (self->media == NULL || xeno_media_get_ways (self->media) & way);

  if (self->disk_way == way)
    return;

  self->disk_way = way;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DISK_WAY]);
}

/**
 * xeno_recipe_get_install_script:
 * @self: a recipe
 *
 * Gets what the installer on the disc is told.
 *
 * Returns: (transfer none) (nullable): the script, or %NULL where a person installs
 */
const XenoInstallScript *
xeno_recipe_get_install_script (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), NULL);

  return self->install_script;
}

/**
 * xeno_recipe_set_install_script:
 * @self: a recipe
 * @script: (nullable): what to tell the installer on the disc
 *
 * Sets what the installer on the disc is told. The machine has to be started as soon as it is made, and is
 * off when it is installed.
 */
void
xeno_recipe_set_install_script (XenoRecipe              *self,
                                const XenoInstallScript *script)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  g_clear_pointer (&self->install_script, xeno_install_script_free);
  self->install_script = script != NULL ? xeno_install_script_copy (script) : NULL;
}

/**
 * xeno_recipe_get_seed:
 * @self: a recipe
 *
 * Gets what the guest is told at its first start.
 *
 * Returns: (transfer none) (nullable): the seed, or %NULL without any
 */
const XenoSeed *
xeno_recipe_get_seed (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), NULL);

  return self->seed;
}

/**
 * xeno_recipe_set_seed:
 * @self: a recipe
 * @seed: (nullable): what to tell, for a disk that has cloud-init on it
 *
 * Sets what the guest is told at its first start.
 */
void
xeno_recipe_set_seed (XenoRecipe     *self,
                      const XenoSeed *seed)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  g_clear_pointer (&self->seed, xeno_seed_free);
  self->seed = seed != NULL ? xeno_seed_copy (seed) : NULL;
}

/**
 * xeno_recipe_get_arch:
 * @self: a recipe
 *
 * Gets its architecture: "aarch64".
 *
 * Returns: (nullable) (transfer none): the text, or %NULL
 */
const char *
xeno_recipe_get_arch (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), NULL);

  return self->arch;
}

/**
 * xeno_recipe_set_arch:
 * @self: a recipe
 * @text: (nullable): the text, or %NULL
 *
 * Sets its architecture: "aarch64".
 */
void
xeno_recipe_set_arch (XenoRecipe *self,
                      const char *text)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  take_string (self, &self->arch, text, PROP_ARCH);
}

/**
 * xeno_recipe_get_driver_disc:
 * @self: a recipe
 *
 * Gets the path of a disc with drivers, which is put in beside the medium.
 *
 * Returns: (nullable) (transfer none): the text, or %NULL
 */
const char *
xeno_recipe_get_driver_disc (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), NULL);

  return self->driver_disc;
}

/**
 * xeno_recipe_set_driver_disc:
 * @self: a recipe
 * @text: (nullable): the text, or %NULL
 *
 * Sets the path of a disc with drivers, which is put in beside the medium.
 */
void
xeno_recipe_set_driver_disc (XenoRecipe *self,
                             const char *text)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  take_string (self, &self->driver_disc, text, PROP_DRIVER_DISC);
}

/**
 * xeno_recipe_get_secure_boot:
 * @self: a recipe
 *
 * Gets whether its firmware starts only what is signed.
 *
 * Returns: what was chosen
 */
XenoChoice
xeno_recipe_get_secure_boot (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), XENO_CHOICE_AUTO);

  return self->secure_boot;
}

/**
 * xeno_recipe_set_secure_boot:
 * @self: a recipe
 * @choice: what is chosen
 *
 * Sets whether its firmware starts only what is signed.
 */
void
xeno_recipe_set_secure_boot (XenoRecipe *self,
                             XenoChoice  choice)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  if (self->secure_boot == choice)
    return;

  self->secure_boot = choice;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SECURE_BOOT]);
}

/**
 * xeno_recipe_get_tpm:
 * @self: a recipe
 *
 * Gets whether it has a TPM.
 *
 * Returns: what was chosen
 */
XenoChoice
xeno_recipe_get_tpm (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), XENO_CHOICE_AUTO);

  return self->tpm;
}

/**
 * xeno_recipe_set_tpm:
 * @self: a recipe
 * @choice: what is chosen
 *
 * Sets whether it has a TPM.
 */
void
xeno_recipe_set_tpm (XenoRecipe *self,
                     XenoChoice  choice)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  if (self->tpm == choice)
    return;

  self->tpm = choice;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TPM]);
}

/**
 * xeno_recipe_boots_network:
 * @self: a recipe
 *
 * Gets whether it asks the network for something to start, before its disk.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_recipe_boots_network (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), FALSE);

  return self->boots_network;
}

/**
 * xeno_recipe_set_boots_network:
 * @self: a recipe
 * @boots_network: whether it does
 *
 * Sets whether it asks the network for something to start, before its disk.
 */
void
xeno_recipe_set_boots_network (XenoRecipe *self,
                               gboolean    boots_network)
{
  g_return_if_fail (XENO_IS_RECIPE (self));

  if (self->boots_network == boots_network)
    return;

  self->boots_network = boots_network;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BOOTS_NETWORK]);
}

/**
 * xeno_recipe_get_direct_boot:
 * @self: a recipe
 *
 * Gets how its kernel is started, where it is made from one.
 *
 * Returns: (nullable) (transfer none): the direct boot, to be filled in, or %NULL
 */
XenoDirectBoot *
xeno_recipe_get_direct_boot (XenoRecipe *self)
{
  g_return_val_if_fail (XENO_IS_RECIPE (self), NULL);

  return self->direct_boot;
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

/*< private >
 * xeno_recipe_get_appliance:
 * @self: a recipe
 *
 * Gets what somebody exported, if the machine is made from that.
 *
 * Returns: (nullable) (transfer none): the appliance
 */
const XenoAppliance *
xeno_recipe_get_appliance (XenoRecipe *self)
{
  return self->media != NULL ? xeno_media_get_facts (self->media)->appliance : NULL;
}
