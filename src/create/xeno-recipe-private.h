/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of the recipe share. */
#pragma once

#include "create/xeno-media-facts.h"
#include "create/xeno-recipe.h"

G_BEGIN_DECLS

/* What a guest we know nothing of gets. */
#define XENO_RECIPE_DEFAULT_MEMORY_BYTES (G_GUINT64_CONSTANT (2) << 30)
#define XENO_RECIPE_DEFAULT_N_CPUS       2
#define XENO_RECIPE_DEFAULT_DISK_BYTES   (G_GUINT64_CONSTANT (20) << 30)

typedef enum
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
} XenoRecipeProperty;

/* Values as wished, or as recommended. */
typedef struct
{
  char    *title;
  guint64  memory_bytes;
  guint    n_cpus;
  guint64  disk_bytes;
} XenoRecipeValues;

struct _XenoRecipe
{
  GObject           parent_instance;
  XenoMedia        *media;
  XenoOs           *os;
  XenoRecipeValues  values;
  XenoRecipeValues  recommended;
  XenoFirmware      firmware;
  XenoAccel         accel;
  char             *os_id;
  char             *graphics;
  char             *network;
  char             *arch;
  char             *driver_disc;
  XenoChoice        secure_boot;
  XenoChoice        tpm;
  gboolean          boots_network;
  gboolean          is_of_system; /* where it will live runs machines as another user; known as it is made */
  gboolean          is_far;       /* files of this computer are not there; known as it is looked at */
  XenoDirectBoot   *direct_boot;  /* NULL: it boots as computers do */
  XenoDiskWay       disk_way;
  XenoSeed         *seed;
  XenoInstallScript *install_script; /* NULL: a person installs */
  const char       *cpu_flags;
  const char       *caps_arch;         /* interned; NULL while not known */
  guint64           host_memory_bytes; /* 0 while not known */
  guint             max_cpus;
  gboolean          max_cpus_is_hosts;
  guint64           free_disk_bytes;
};

/* What it is called in a plan, by its number. */
#define XENO_RECIPE_DISK_ROLE "disk-%u"

/* What was here and is used there. */
#define XENO_RECIPE_MEDIUM_ROLE  "medium"
#define XENO_RECIPE_DRIVERS_ROLE "drivers"

const XenoAppliance *xeno_recipe_get_appliance (XenoRecipe *self);

void      xeno_recipe_notify      (XenoRecipe          *self,
                                   XenoRecipeProperty   property);
gboolean  xeno_recipe_take_string (XenoRecipe          *self,
                                   char               **place,
                                   const char          *value,
                                   XenoRecipeProperty   property);
char     *xeno_recipe_make_title  (XenoRecipe          *self);
void      xeno_recipe_plan_init   (XenoPlanInterface   *iface);

G_END_DECLS
