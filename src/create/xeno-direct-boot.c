/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a machine starts a kernel without a boot loader. */
#include "config.h"

#include <string.h>

#include "create/xeno-direct-boot.h"

/* What a folder that is the guest's root is called in it. */
#define ROOT_TAG "/dev/root"

/* Of somebody who runs several machines with a debugger on one system connection, all but one are told by
 * QEMU that the port is taken. */
#define GDB_PORT "1234"

struct _XenoDirectBoot
{
  GObject    parent_instance;
  char      *initrd;
  char      *cmdline;
  char      *root_folder;
  XenoMedia *root_disk;
  gboolean   is_light;
  gboolean   has_debugger;
  gboolean   waits;
};

enum
{
  PROP_0,
  PROP_INITRD,
  PROP_CMDLINE,
  PROP_ROOT_FOLDER,
  PROP_ROOT_DISK,
  PROP_LIGHT,
  PROP_DEBUGGER,
  PROP_WAITS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (XenoDirectBoot, xeno_direct_boot, G_TYPE_OBJECT)

static void
xeno_direct_boot_finalize (GObject *object)
{
  XenoDirectBoot *self = XENO_DIRECT_BOOT (object);

  g_free (self->initrd);
  g_free (self->cmdline);
  g_free (self->root_folder);
  g_clear_object (&self->root_disk);

  G_OBJECT_CLASS (xeno_direct_boot_parent_class)->finalize (object);
}

static void
xeno_direct_boot_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  XenoDirectBoot *self = XENO_DIRECT_BOOT (object);

  switch (prop_id)
    {
    case PROP_INITRD:
      g_value_set_string (value, self->initrd);
      break;

    case PROP_CMDLINE:
      g_value_set_string (value, self->cmdline);
      break;

    case PROP_ROOT_FOLDER:
      g_value_set_string (value, self->root_folder);
      break;

    case PROP_ROOT_DISK:
      g_value_set_object (value, self->root_disk);
      break;

    case PROP_LIGHT:
      g_value_set_boolean (value, self->is_light);
      break;

    case PROP_DEBUGGER:
      g_value_set_boolean (value, self->has_debugger);
      break;

    case PROP_WAITS:
      g_value_set_boolean (value, self->waits);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_direct_boot_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  XenoDirectBoot *self = XENO_DIRECT_BOOT (object);

  switch (prop_id)
    {
    case PROP_INITRD:
      xeno_direct_boot_set_initrd (self, g_value_get_string (value));
      break;

    case PROP_CMDLINE:
      xeno_direct_boot_set_cmdline (self, g_value_get_string (value));
      break;

    case PROP_ROOT_FOLDER:
      xeno_direct_boot_set_root_folder (self, g_value_get_string (value));
      break;

    case PROP_ROOT_DISK:
      xeno_direct_boot_set_root_disk (self, g_value_get_object (value));
      break;

    case PROP_LIGHT:
      xeno_direct_boot_set_light (self, g_value_get_boolean (value));
      break;

    case PROP_DEBUGGER:
      xeno_direct_boot_set_debugger (self, g_value_get_boolean (value));
      break;

    case PROP_WAITS:
      xeno_direct_boot_set_waits (self, g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_direct_boot_class_init (XenoDirectBootClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags writable = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = xeno_direct_boot_finalize;
  object_class->get_property = xeno_direct_boot_get_property;
  object_class->set_property = xeno_direct_boot_set_property;

  /**
   * XenoDirectBoot:initrd:
   *
   * The path of what the kernel unpacks as its first root, or %NULL.
   */
  properties[PROP_INITRD] = g_param_spec_string ("initrd", NULL, NULL, NULL, writable);

  /**
   * XenoDirectBoot:cmdline:
   *
   * What the person tells the kernel, or %NULL.
   */
  properties[PROP_CMDLINE] = g_param_spec_string ("cmdline", NULL, NULL, NULL, writable);

  /**
   * XenoDirectBoot:root-folder:
   *
   * The path of a folder that is the guest's root, or %NULL. Setting it takes the disk away.
   */
  properties[PROP_ROOT_FOLDER] = g_param_spec_string ("root-folder", NULL, NULL, NULL, writable);

  /**
   * XenoDirectBoot:root-disk:
   *
   * A disk that is the guest's root, or %NULL. Setting it takes the folder away.
   */
  properties[PROP_ROOT_DISK] = g_param_spec_object ("root-disk", NULL, NULL, XENO_TYPE_MEDIA, writable);

  /**
   * XenoDirectBoot:light:
   *
   * Whether the machine has nothing but what a kernel needs to be tried: no screen, no USB, no sound.
   */
  properties[PROP_LIGHT] = g_param_spec_boolean ("light", NULL, NULL, FALSE, writable);

  /**
   * XenoDirectBoot:debugger:
   *
   * Whether a debugger can be attached.
   */
  properties[PROP_DEBUGGER] = g_param_spec_boolean ("debugger", NULL, NULL, FALSE, writable);

  /**
   * XenoDirectBoot:waits:
   *
   * Whether each start waits for the debugger, before the first instruction.
   */
  properties[PROP_WAITS] = g_param_spec_boolean ("waits", NULL, NULL, FALSE, writable);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xeno_direct_boot_init (XenoDirectBoot *self)
{
}

/**
 * xeno_direct_boot_new:
 *
 * Makes the start of a kernel that is told nothing.
 *
 * Returns: (transfer full): the start
 */
XenoDirectBoot *
xeno_direct_boot_new (void)
{
  return g_object_new (XENO_TYPE_DIRECT_BOOT, NULL);
}

static void
take_string (XenoDirectBoot  *self,
             char           **place,
             const char      *value,
             guint            property)
{
  if (value != NULL && *value == '\0')
    value = NULL;
  if (g_strcmp0 (*place, value) == 0)
    return;

  g_free (*place);
  *place = g_strdup (value);
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
take_boolean (XenoDirectBoot *self,
              gboolean       *place,
              gboolean        value,
              guint           property)
{
  if (*place == value)
    return;

  *place = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/**
 * xeno_direct_boot_get_initrd:
 * @self: a direct boot
 *
 * Gets the path of what the kernel unpacks as its first root.
 *
 * Returns: (nullable) (transfer none): the path, or %NULL
 */
const char *
xeno_direct_boot_get_initrd (XenoDirectBoot *self)
{
  g_return_val_if_fail (XENO_IS_DIRECT_BOOT (self), NULL);

  return self->initrd;
}

/**
 * xeno_direct_boot_set_initrd:
 * @self: a direct boot
 * @path: (nullable): a path, or %NULL
 *
 * Sets the path of what the kernel unpacks as its first root.
 */
void
xeno_direct_boot_set_initrd (XenoDirectBoot *self,
                             const char     *path)
{
  g_return_if_fail (XENO_IS_DIRECT_BOOT (self));

  take_string (self, &self->initrd, path, PROP_INITRD);
}

/**
 * xeno_direct_boot_get_cmdline:
 * @self: a direct boot
 *
 * Gets what the person tells the kernel.
 *
 * Returns: (nullable) (transfer none): the words, or %NULL
 */
const char *
xeno_direct_boot_get_cmdline (XenoDirectBoot *self)
{
  g_return_val_if_fail (XENO_IS_DIRECT_BOOT (self), NULL);

  return self->cmdline;
}

/**
 * xeno_direct_boot_set_cmdline:
 * @self: a direct boot
 * @cmdline: (nullable): the words, or %NULL
 *
 * Sets what the person tells the kernel.
 */
void
xeno_direct_boot_set_cmdline (XenoDirectBoot *self,
                              const char     *cmdline)
{
  g_return_if_fail (XENO_IS_DIRECT_BOOT (self));

  take_string (self, &self->cmdline, cmdline, PROP_CMDLINE);
}

/**
 * xeno_direct_boot_get_root_folder:
 * @self: a direct boot
 *
 * Gets the path of a folder that is the guest's root.
 *
 * Returns: (nullable) (transfer none): the path, or %NULL
 */
const char *
xeno_direct_boot_get_root_folder (XenoDirectBoot *self)
{
  g_return_val_if_fail (XENO_IS_DIRECT_BOOT (self), NULL);

  return self->root_folder;
}

/**
 * xeno_direct_boot_set_root_folder:
 * @self: a direct boot
 * @path: (nullable): a path, or %NULL
 *
 * Sets the path of a folder that is the guest's root. The disk that was the root is it no longer.
 */
void
xeno_direct_boot_set_root_folder (XenoDirectBoot *self,
                                  const char     *path)
{
  g_return_if_fail (XENO_IS_DIRECT_BOOT (self));

  if (path != NULL)
    xeno_direct_boot_set_root_disk (self, NULL);
  take_string (self, &self->root_folder, path, PROP_ROOT_FOLDER);
}

/**
 * xeno_direct_boot_get_root_disk:
 * @self: a direct boot
 *
 * Gets a disk that is the guest's root.
 *
 * Returns: (nullable) (transfer none): the disk, or %NULL
 */
XenoMedia *
xeno_direct_boot_get_root_disk (XenoDirectBoot *self)
{
  g_return_val_if_fail (XENO_IS_DIRECT_BOOT (self), NULL);

  return self->root_disk;
}

/**
 * xeno_direct_boot_set_root_disk:
 * @self: a direct boot
 * @disk: (nullable): a medium that can be a disk, or %NULL
 *
 * Sets a disk that is the guest's root. The folder that was the root is it no longer.
 */
void
xeno_direct_boot_set_root_disk (XenoDirectBoot *self,
                                XenoMedia      *disk)
{
  g_return_if_fail (XENO_IS_DIRECT_BOOT (self));
  g_return_if_fail (disk == NULL || XENO_IS_MEDIA (disk));

  if (disk != NULL)
    take_string (self, &self->root_folder, NULL, PROP_ROOT_FOLDER);
  if (g_set_object (&self->root_disk, disk))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROOT_DISK]);
}

/**
 * xeno_direct_boot_is_light:
 * @self: a direct boot
 *
 * Gets whether the machine has nothing but what a kernel needs to be tried.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_direct_boot_is_light (XenoDirectBoot *self)
{
  g_return_val_if_fail (XENO_IS_DIRECT_BOOT (self), FALSE);

  return self->is_light;
}

/**
 * xeno_direct_boot_set_light:
 * @self: a direct boot
 * @is_light: whether it shall be light
 *
 * Sets whether the machine has nothing but what a kernel needs to be tried.
 */
void
xeno_direct_boot_set_light (XenoDirectBoot *self,
                            gboolean        is_light)
{
  g_return_if_fail (XENO_IS_DIRECT_BOOT (self));

  take_boolean (self, &self->is_light, is_light, PROP_LIGHT);
}

/**
 * xeno_direct_boot_has_debugger:
 * @self: a direct boot
 *
 * Gets whether a debugger can be attached.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_direct_boot_has_debugger (XenoDirectBoot *self)
{
  g_return_val_if_fail (XENO_IS_DIRECT_BOOT (self), FALSE);

  return self->has_debugger;
}

/**
 * xeno_direct_boot_set_debugger:
 * @self: a direct boot
 * @has_debugger: whether one can
 *
 * Sets whether a debugger can be attached.
 */
void
xeno_direct_boot_set_debugger (XenoDirectBoot *self,
                               gboolean        has_debugger)
{
  g_return_if_fail (XENO_IS_DIRECT_BOOT (self));

  take_boolean (self, &self->has_debugger, has_debugger, PROP_DEBUGGER);
}

/**
 * xeno_direct_boot_waits:
 * @self: a direct boot
 *
 * Gets whether each start waits for the debugger, before the first instruction.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_direct_boot_waits (XenoDirectBoot *self)
{
  g_return_val_if_fail (XENO_IS_DIRECT_BOOT (self), FALSE);

  return self->waits;
}

/**
 * xeno_direct_boot_set_waits:
 * @self: a direct boot
 * @waits: whether it shall wait
 *
 * Sets whether each start waits for the debugger. Without one it does not.
 */
void
xeno_direct_boot_set_waits (XenoDirectBoot *self,
                            gboolean        waits)
{
  g_return_if_fail (XENO_IS_DIRECT_BOOT (self));

  take_boolean (self, &self->waits, waits, PROP_WAITS);
}

/* Whether one of the person's words begins so. */
static gboolean
says (XenoDirectBoot *self,
      const char     *beginning)
{
  g_auto (GStrv) words = g_strsplit (self->cmdline != NULL ? self->cmdline : "", " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (g_str_has_prefix (words[i], beginning))
      return TRUE;

  return FALSE;
}

static void
append (GString    *line,
        const char *words)
{
  if (line->len > 0 && *words != '\0')
    g_string_append_c (line, ' ');
  g_string_append (line, words);
}

/**
 * xeno_direct_boot_dup_full_cmdline:
 * @self: a direct boot
 * @arch: (nullable): the architecture of the machine
 * @is_virtiofs: whether a folder is shared by virtiofs, not by 9p
 *
 * Gets all that the kernel is told: what it needs to find the text console and its root, unless the person
 * speaks of them, then the person's words.
 *
 * Returns: (transfer full): the command line
 */
char *
xeno_direct_boot_dup_full_cmdline (XenoDirectBoot *self,
                                   const char     *arch,
                                   gboolean        is_virtiofs)
{
  g_autoptr (GString) line = g_string_new (NULL);

  g_return_val_if_fail (XENO_IS_DIRECT_BOOT (self), NULL);

  if (!says (self, "console="))
    append (line, g_strcmp0 (arch, "aarch64") == 0 ? "console=ttyAMA0" : "console=ttyS0");
  if (!says (self, "root=") && self->root_folder != NULL)
    append (line, is_virtiofs ? "root=" ROOT_TAG " rootfstype=virtiofs rw"
                  : "root=" ROOT_TAG " rootfstype=9p rootflags=trans=virtio,version=9p2000.L rw");
  else if (!says (self, "root=") && self->root_disk != NULL)
    append (line, "root=/dev/vda rw");
  append (line, self->cmdline != NULL ? self->cmdline : "");
  return g_string_free (g_steal_pointer (&line), FALSE);
}

/**
 * xeno_direct_boot_dup_gdb_address:
 * @name: the name libvirt knows the machine by
 * @is_session: whether it runs as the person
 *
 * Gets where a debugger finds the machine: a socket that only the person may open, or, where the machine
 * belongs to the system and cannot write there, a port of this computer, open to all who use it.
 *
 * Returns: (transfer full): what gdb's “target remote” takes
 */
char *
xeno_direct_boot_dup_gdb_address (const char *name,
                                  gboolean    is_session)
{
  g_return_val_if_fail (name != NULL, NULL);

  if (!is_session)
    return g_strdup ("127.0.0.1:" GDB_PORT);
  return g_strdup_printf ("%s/xenolith-gdb-%s", g_get_user_runtime_dir (), name);
}
