/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine as wished for: what the review page and `xeno create` fill in, before anything is made. */
#include "config.h"

#include "create/xeno-recipe-private.h"

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE_WITH_CODE (XenoRecipe, xeno_recipe, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (XENO_TYPE_PLAN, xeno_recipe_plan_init))

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
        }
      if (self->media != NULL)
        xeno_recipe_set_arch (self, xeno_media_get_arch (self->media));
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

/*< private >
 * xeno_recipe_notify:
 * @self: a recipe
 * @property: which
 *
 * Says that a property has another value.
 */
void
xeno_recipe_notify (XenoRecipe         *self,
                    XenoRecipeProperty  property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/*< private >
 * xeno_recipe_take_string:
 * @self: a recipe
 * @place: where it is kept
 * @value: (nullable): what it shall be
 * @property: which
 *
 * Sets a text, and says so if it is another one.
 *
 * Returns: %TRUE if it is
 */
gboolean
xeno_recipe_take_string (XenoRecipe          *self,
                         char               **place,
                         const char          *value,
                         XenoRecipeProperty   property)
{
  if (g_strcmp0 (*place, value) == 0)
    return FALSE;

  g_free (*place);
  *place = g_strdup (value);
  xeno_recipe_notify (self, property);
  return TRUE;
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
