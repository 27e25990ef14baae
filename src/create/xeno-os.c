/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An operating system, as far as a new machine for it needs to know. */
#include "config.h"

#include "create/xeno-os-private.h"

struct _XenoOs
{
  GObject      parent_instance;
  char        *id;
  char        *short_id;
  char        *name;
  char        *family;
  char        *sort_key;
  guint32      released; /* Julian day, 0 when not known */
  XenoOsFacts *facts;    /* NULL while it is not described */
  XenoOsDisc  *disc;     /* NULL: not from a disc */
};

enum
{
  PROP_0,
  PROP_ID,
  PROP_SHORT_ID,
  PROP_NAME,
  PROP_FAMILY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (XenoOs, xeno_os, G_TYPE_OBJECT)

static guint32
get_release_day (OsinfoOs *os)
{
  GDate *date;
  guint32 day;

  if (osinfo_os_get_release_status (os) == OSINFO_RELEASE_STATUS_ROLLING)
    return G_MAXUINT32;

  date = osinfo_product_get_release_date (OSINFO_PRODUCT (os));
  if (date == NULL)
    return 0;

  day = g_date_get_julian (date);
  g_date_free (date);
  return day;
}

static void
xeno_os_finalize (GObject *object)
{
  XenoOs *self = XENO_OS (object);

  g_free (self->id);
  g_free (self->short_id);
  g_free (self->name);
  g_free (self->family);
  g_free (self->sort_key);
  g_clear_pointer (&self->facts, xeno_os_facts_free);
  g_clear_pointer (&self->disc, xeno_os_disc_free);

  G_OBJECT_CLASS (xeno_os_parent_class)->finalize (object);
}

static void
xeno_os_get_property (GObject    *object,
                      guint       prop_id,
                      GValue     *value,
                      GParamSpec *pspec)
{
  XenoOs *self = XENO_OS (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;

    case PROP_SHORT_ID:
      g_value_set_string (value, self->short_id);
      break;

    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;

    case PROP_FAMILY:
      g_value_set_string (value, self->family);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_os_class_init (XenoOsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = xeno_os_finalize;
  object_class->get_property = xeno_os_get_property;

  /**
   * XenoOs:id:
   *
   * Its libosinfo id: "http://debian.org/debian/11".
   */
  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, readable);

  /**
   * XenoOs:short-id:
   *
   * What people type: "debian11".
   */
  properties[PROP_SHORT_ID] = g_param_spec_string ("short-id", NULL, NULL, NULL, readable);

  /**
   * XenoOs:name:
   *
   * What people call it: "Debian 11".
   */
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, readable);

  /**
   * XenoOs:family:
   *
   * What it is a kind of: "linux", "winnt".
   */
  properties[PROP_FAMILY] = g_param_spec_string ("family", NULL, NULL, NULL, readable);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xeno_os_init (XenoOs *self)
{
}

/*< private >
 * xeno_os_new:
 * @id: its libosinfo id
 * @short_id: (nullable): what people type for it
 * @name: (nullable): what people call it
 * @family: (nullable): what it is a kind of
 *
 * Makes an operating system that is not described.
 *
 * Returns: (transfer full): the operating system
 */
XenoOs *
xeno_os_new (const char *id,
             const char *short_id,
             const char *name,
             const char *family)
{
  XenoOs *self = g_object_new (XENO_TYPE_OS, NULL);

  if (name == NULL)
    name = short_id != NULL ? short_id : id;
  self->id = g_strdup (id);
  self->short_id = g_strdup (short_id);
  self->name = g_strdup (name);
  self->family = g_strdup (family);
  self->sort_key = g_utf8_collate_key_for_filename (name, -1);
  return self;
}

/*< private >
 * xeno_os_new_from_osinfo:
 * @os: an entry of the database
 *
 * Copies who it is, so that the database stays in one thread. What it needs comes when somebody asks:
 * for all of the database that would take longer than reading it.
 *
 * Returns: (transfer full): the operating system
 */
XenoOs *
xeno_os_new_from_osinfo (OsinfoOs *os)
{
  OsinfoProduct *product = OSINFO_PRODUCT (os);
  XenoOs *self = xeno_os_new (osinfo_entity_get_id (OSINFO_ENTITY (os)), osinfo_product_get_short_id (product),
                              osinfo_product_get_name (product), osinfo_os_get_family (os));

  self->released = get_release_day (os);
  return self;
}

/*< private >
 * xeno_os_get_facts:
 * @self: an operating system
 *
 * Gets what it needs and has drivers for.
 *
 * Returns: (nullable) (transfer none): the facts, or %NULL while it is not described
 */
const XenoOsFacts *
xeno_os_get_facts (XenoOs *self)
{
  g_return_val_if_fail (XENO_IS_OS (self), NULL);

  return self->facts;
}

/*< private >
 * xeno_os_take_facts:
 * @self: an operating system
 * @facts: (transfer full): what it needs and has drivers for
 *
 * Describes it, once.
 */
void
xeno_os_take_facts (XenoOs      *self,
                    XenoOsFacts *facts)
{
  g_return_if_fail (XENO_IS_OS (self));
  g_return_if_fail (facts != NULL);
  g_return_if_fail (self->facts == NULL);

  self->facts = facts;
}

/*< private >
 * xeno_os_disc_free:
 * @disc: (transfer full): a disc
 *
 * Frees it.
 */
void
xeno_os_disc_free (XenoOsDisc *disc)
{
  g_return_if_fail (disc != NULL);

  g_free (disc->variant);
  g_free (disc->arch);
  g_free (disc);
}

/*< private >
 * xeno_os_take_disc:
 * @self: an operating system
 * @disc: (transfer full): the disc it was recognised by
 *
 * Tells what disc it came on, once.
 */
void
xeno_os_take_disc (XenoOs     *self,
                   XenoOsDisc *disc)
{
  g_return_if_fail (XENO_IS_OS (self));
  g_return_if_fail (disc != NULL);
  g_return_if_fail (self->disc == NULL);

  self->disc = disc;
}

/*< private >
 * xeno_os_compare_age:
 * @first: an operating system
 * @second: another
 *
 * Sorts the newest first, and the same age by name backwards, so that "12.1" comes before "12".
 *
 * Returns: as for strcmp()
 */
int
xeno_os_compare_age (XenoOs *first,
                     XenoOs *second)
{
  if (first->released != second->released)
    return first->released > second->released ? -1 : 1;
  return -g_strcmp0 (first->sort_key, second->sort_key);
}

/**
 * xeno_os_get_id:
 * @self: an operating system
 *
 * Gets its libosinfo id.
 *
 * Returns: (transfer none): the id, a URI that leads nowhere
 */
const char *
xeno_os_get_id (XenoOs *self)
{
  g_return_val_if_fail (XENO_IS_OS (self), NULL);

  return self->id;
}

/**
 * xeno_os_get_short_id:
 * @self: an operating system
 *
 * Gets what people type for it.
 *
 * Returns: (nullable) (transfer none): the short id
 */
const char *
xeno_os_get_short_id (XenoOs *self)
{
  g_return_val_if_fail (XENO_IS_OS (self), NULL);

  return self->short_id;
}

/**
 * xeno_os_get_name:
 * @self: an operating system
 *
 * Gets what people call it.
 *
 * Returns: (transfer none): the name
 */
const char *
xeno_os_get_name (XenoOs *self)
{
  g_return_val_if_fail (XENO_IS_OS (self), NULL);

  return self->name;
}

/**
 * xeno_os_get_full_name:
 * @self: an operating system
 *
 * Gets what people call what is on the disc it was recognised by: "Fedora Workstation 42".
 *
 * Returns: (transfer none): the name of the edition, or its own where that is not known
 */
const char *
xeno_os_get_full_name (XenoOs *self)
{
  g_return_val_if_fail (XENO_IS_OS (self), NULL);

  return self->disc != NULL && self->disc->variant != NULL ? self->disc->variant : self->name;
}

/**
 * xeno_os_get_family:
 * @self: an operating system
 *
 * Gets what it is a kind of.
 *
 * Returns: (nullable) (transfer none): "linux", "winnt", "freebsd", …
 */
const char *
xeno_os_get_family (XenoOs *self)
{
  g_return_val_if_fail (XENO_IS_OS (self), NULL);

  return self->family;
}

/**
 * xeno_os_get_disc:
 * @self: an operating system
 *
 * Gets the disc it was recognised by.
 *
 * Returns: (nullable) (transfer none): the disc, or %NULL where it was not recognised but chosen
 */
const XenoOsDisc *
xeno_os_get_disc (XenoOs *self)
{
  g_return_val_if_fail (XENO_IS_OS (self), NULL);

  return self->disc;
}

/**
 * xeno_os_is_generic:
 * @self: an operating system
 *
 * Tells whether it stands for all of a kind, so that its name is nobody's.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_os_is_generic (XenoOs *self)
{
  g_return_val_if_fail (XENO_IS_OS (self), FALSE);

  return g_str_has_prefix (self->id, "http://libosinfo.org/");
}

/**
 * xeno_os_is_described:
 * @self: an operating system
 *
 * Tells whether it is known what it needs: what xeno_os_db_lookup_async() and
 * xeno_os_db_identify_async() give is described, what is merely in the list may not be. Only then may
 * anything below be asked.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_os_is_described (XenoOs *self)
{
  g_return_val_if_fail (XENO_IS_OS (self), FALSE);

  return self->facts != NULL;
}

/**
 * xeno_os_get_memory_bytes:
 * @self: an operating system that is described
 * @minimum: what it cannot do without, rather than what is good for it
 *
 * Gets how much memory it should have.
 *
 * Returns: bytes; where nothing is recommended, the minimum; 0 where nothing is known
 */
guint64
xeno_os_get_memory_bytes (XenoOs   *self,
                          gboolean  minimum)
{
  g_return_val_if_fail (XENO_IS_OS (self) && self->facts != NULL, 0);

  return minimum || self->facts->recommended.memory_bytes == 0 ? self->facts->minimum.memory_bytes
                                                               : self->facts->recommended.memory_bytes;
}

/**
 * xeno_os_get_n_cpus:
 * @self: an operating system that is described
 * @minimum: what it cannot do without, rather than what is good for it
 *
 * Gets how many processors it should have.
 *
 * Returns: the number; where nothing is recommended, the minimum; 0 where nothing is known
 */
guint
xeno_os_get_n_cpus (XenoOs   *self,
                    gboolean  minimum)
{
  g_return_val_if_fail (XENO_IS_OS (self) && self->facts != NULL, 0);

  return minimum || self->facts->recommended.n_cpus == 0 ? self->facts->minimum.n_cpus
                                                         : self->facts->recommended.n_cpus;
}

/**
 * xeno_os_get_disk_bytes:
 * @self: an operating system that is described
 * @minimum: what it cannot do without, rather than what is good for it
 *
 * Gets how large its disk should be.
 *
 * Returns: bytes; where nothing is recommended, the minimum; 0 where nothing is known
 */
guint64
xeno_os_get_disk_bytes (XenoOs   *self,
                        gboolean  minimum)
{
  g_return_val_if_fail (XENO_IS_OS (self) && self->facts != NULL, 0);

  return minimum || self->facts->recommended.disk_bytes == 0 ? self->facts->minimum.disk_bytes
                                                             : self->facts->recommended.disk_bytes;
}

/**
 * xeno_os_supports_device:
 * @self: an operating system that is described
 * @device_name: the database's name of a device: "virtio-block", "virtio-net", "e1000e"
 *
 * Tells whether it has a driver for a device from the start.
 *
 * Returns: %TRUE if so, in the old or the new form of a virtio device
 */
gboolean
xeno_os_supports_device (XenoOs     *self,
                         const char *device_name)
{
  g_return_val_if_fail (XENO_IS_OS (self) && self->facts != NULL, FALSE);
  g_return_val_if_fail (device_name != NULL, FALSE);

  return xeno_os_facts_has_device (self->facts, device_name);
}

/**
 * xeno_os_supports_uefi:
 * @self: an operating system that is described
 *
 * Tells whether it is known to start from UEFI firmware.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_os_supports_uefi (XenoOs *self)
{
  g_return_val_if_fail (XENO_IS_OS (self) && self->facts != NULL, FALSE);

  return self->facts->has_uefi;
}

/**
 * xeno_os_supports_bios:
 * @self: an operating system that is described
 *
 * Tells whether it starts from a BIOS.
 *
 * Returns: %TRUE unless the database says it does not
 */
gboolean
xeno_os_supports_bios (XenoOs *self)
{
  g_return_val_if_fail (XENO_IS_OS (self) && self->facts != NULL, TRUE);

  return !self->facts->no_bios;
}
