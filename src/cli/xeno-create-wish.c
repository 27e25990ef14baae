/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a person wishes of a new machine: options of the line, or members of a recipe file, by one table. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "base/xeno-units.h"
#include "cli/xeno-create-wish.h"

#define MAX_RECIPE_BYTES (1024 * 1024)
#define MAX_NAME_CHARS   60

typedef enum
{
  KIND_FILE,   /* a path; of a recipe file, from its folder on */
  KIND_FILES,  /* several of them, or one */
  KIND_TEXT,
  KIND_TEXTS,
  KIND_SIZE,   /* "2G", or a number of bytes */
  KIND_NUMBER,
  KIND_SWITCH,
  KIND_SOURCE, /* a switch that says what the machine is made from */
} Kind;

/* One row: an option of the line, and a member of a recipe file of the same name. What has no description is an
 * option of several commands (XENO_CREATE_SEED_OPTIONS). */
typedef struct
{
  const char         *name;
  Kind                kind;
  gsize               offset;
  const char         *description;
  const char         *argument;
  const char * const *words; /* all that it can be, or NULL */
} Wish;

static const char * const accels[] = { "auto", "kvm", "tcg", NULL };
static const char * const choices[] = { "auto", "on", "off", NULL };
static const char * const firmwares[] = { "auto", "bios", "uefi", NULL };
static const char * const profiles[] = { "desktop", "jeos", NULL };
static const char * const graphics_types[] = { "auto", "dbus", "spice", "vnc", NULL };

#define PLACE(member) G_STRUCT_OFFSET (XenoWish, member)

static const Wish wishes[] = {
  { "iso", KIND_FILE, PLACE (iso), N_("The disc or disk image"), N_("FILE") },
  { "import", KIND_FILE, PLACE (import), N_("A disk or appliance, to be copied"), N_("FILE") },
  { "machine", KIND_TEXT, PLACE (machine), N_("Which one, of an appliance with several"), N_("NAME") },
  { "in-place", KIND_SWITCH, PLACE (in_place), N_("Do not copy the disk but use it") },
  { "cloud", KIND_FILE, PLACE (cloud), N_("The cloud image; it stays as it is"), N_("FILE") },
  { "kernel", KIND_FILE, PLACE (kernel), N_("A kernel, started without a boot loader"), N_("FILE") },
  { "pxe", KIND_SOURCE, PLACE (pxe), N_("Nothing but the network, which is asked first") },
  { "empty", KIND_SOURCE, PLACE (empty), N_("Nothing: an empty disk") },
  { "name", KIND_TEXT, PLACE (name), N_("What to call it"), N_("NAME") },
  { "memory", KIND_SIZE, PLACE (memory), N_("Its memory"), N_("SIZE") },
  { "cpus", KIND_NUMBER, PLACE (n_cpus), N_("Its processors"), N_("NUMBER") },
  { "disk-size", KIND_SIZE, PLACE (disk_size), N_("Its disk, 0 for none"), N_("SIZE") },
  { "os", KIND_TEXT, PLACE (os), N_("Its operating system, as libosinfo calls it"), N_("ID") },
  { "arch", KIND_TEXT, PLACE (arch), N_("Its kind of processor: aarch64, riscv64…"), N_("NAME") },
  { "firmware", KIND_TEXT, PLACE (firmware), N_("auto, bios or uefi"), N_("KIND"), firmwares },
  { "secure-boot", KIND_TEXT, PLACE (secure_boot), N_("auto, on or off: start only what is signed"), N_("WHETHER"),
    choices },
  { "tpm", KIND_TEXT, PLACE (tpm), N_("auto, on or off: a TPM 2.0"), N_("WHETHER"), choices },
  { "drivers", KIND_FILE, PLACE (drivers), N_("A disc with drivers for Windows (virtio-win)"), N_("FILE") },
  { "accel", KIND_TEXT, PLACE (accel), N_("auto, kvm or tcg"), N_("KIND"), accels },
  { "graphics", KIND_TEXT, PLACE (graphics), N_("auto, spice, vnc or dbus"), N_("KIND"), graphics_types },
  { "network", KIND_TEXT, PLACE (network), N_("auto, user, none, or a network of the host"), N_("NAME") },
  { "unattended", KIND_SWITCH, PLACE (unattended), N_("Install by itself, where it can") },
  { "profile", KIND_TEXT, PLACE (profile), N_("desktop, or jeos for a small one"), N_("KIND"), profiles },
  { "full-name", KIND_TEXT, PLACE (full_name), N_("What people call who logs in"), N_("NAME") },
  { "language", KIND_TEXT, PLACE (language), N_("Its language, as de_DE; yours, by default"), N_("ID") },
  { "keyboard", KIND_TEXT, PLACE (keyboard), N_("Its keyboard, as de; yours, by default"), N_("ID") },
  { "timezone", KIND_TEXT, PLACE (timezone), N_("Its time zone; yours, by default"), N_("ZONE") },
  { "initrd", KIND_FILE, PLACE (initrd), N_("What the kernel unpacks as its first root"), N_("FILE") },
  { "cmdline", KIND_TEXT, PLACE (cmdline), N_("What the kernel is told, beside its console and root"), N_("WORDS") },
  { "root", KIND_FILE, PLACE (root), N_("The kernel’s root: a disk, or a folder that is shared"), N_("PATH") },
  { "light", KIND_SWITCH, PLACE (light), N_("Nothing but what a kernel needs to be tried") },
  { "gdb", KIND_SWITCH, PLACE (gdb), N_("Let a debugger attach") },
  { "gdb-wait", KIND_SWITCH, PLACE (gdb_wait), N_("Wait for the debugger at each start") },
  { "user", KIND_TEXT, PLACE (seed.user) },
  { "ssh-key", KIND_FILES, PLACE (seed.ssh_keys) },
  { "hostname", KIND_TEXT, PLACE (seed.hostname) },
  { "package", KIND_TEXTS, PLACE (seed.packages) },
  { "run", KIND_FILE, PLACE (seed.script) },
  { "user-data", KIND_FILE, PLACE (seed.user_data) },
  { "anyway", KIND_SWITCH, PLACE (anyway), N_("Use an image that seems damaged") },
};

static char **
get_text (XenoWish   *wish,
          const Wish *row)
{
  return (char **) ((guint8 *) wish + row->offset);
}

static int *
get_number (XenoWish   *wish,
            const Wish *row)
{
  return (int *) ((guint8 *) wish + row->offset);
}

static gboolean
is_text (const Wish *row)
{
  return row->kind == KIND_FILE || row->kind == KIND_TEXT || row->kind == KIND_SIZE;
}

static gboolean
is_list (const Wish *row)
{
  return row->kind == KIND_FILES || row->kind == KIND_TEXTS;
}

static GStrv *
get_list (XenoWish   *wish,
          const Wish *row)
{
  return (GStrv *) ((guint8 *) wish + row->offset);
}

static gboolean
is_said (XenoWish   *wish,
         const Wish *row)
{
  if (is_list (row))
    return *get_list (wish, row) != NULL;
  if (is_text (row))
    return *get_text (wish, row) != NULL;
  return *get_number (wish, row) != (row->kind == KIND_NUMBER ? XENO_WISH_UNSAID : FALSE);
}

void
xeno_wish_clear (XenoWish *wish)
{
  g_return_if_fail (wish != NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (wishes); i++)
    if (is_text (&wishes[i]))
      g_clear_pointer (get_text (wish, &wishes[i]), g_free);
    else if (is_list (&wishes[i]))
      g_clear_pointer (get_list (wish, &wishes[i]), g_strfreev);
}

/* The options of the table, and those of @more, for xeno_cli_parse(); nothing is said yet. */
GOptionEntry *
xeno_wish_make_entries (XenoWish           *wish,
                        const GOptionEntry *more)
{
  g_autoptr (GArray) entries = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));

  g_return_val_if_fail (wish != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (wishes); i++)
    {
      const Wish *row = &wishes[i];
      GOptionEntry entry = { row->name, 0, 0, G_OPTION_ARG_STRING, (guint8 *) wish + row->offset, row->description,
                             row->argument };

      if (row->description == NULL)
        continue;
      if (row->kind == KIND_FILE || row->offset == PLACE (name))
        entry.arg = G_OPTION_ARG_FILENAME;
      else if (row->kind == KIND_NUMBER)
        entry.arg = G_OPTION_ARG_INT;
      else if (!is_text (row))
        entry.arg = G_OPTION_ARG_NONE;
      if (row->kind == KIND_NUMBER)
        *get_number (wish, row) = XENO_WISH_UNSAID;
      g_array_append_val (entries, entry);
    }
  for (; more != NULL && more->long_name != NULL; more++)
    g_array_append_val (entries, *more);
  return (GOptionEntry *) g_array_free (g_steal_pointer (&entries), FALSE);
}

static const Wish *
find_row (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (wishes); i++)
    if (strcmp (wishes[i].name, name) == 0)
      return &wishes[i];

  return NULL;
}

/* Several, or one alone. */
static GStrv
read_list (const Wish *row,
           JsonNode   *node,
           const char *folder)
{
  g_autoptr (GStrvBuilder) texts = g_strv_builder_new ();
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n_texts = array != NULL ? json_array_get_length (array) : 1;

  for (guint i = 0; i < n_texts; i++)
    {
      JsonNode *item = array != NULL ? json_array_get_element (array, i) : node;
      g_autofree char *path = NULL;

      if (!JSON_NODE_HOLDS_VALUE (item) || json_node_get_value_type (item) != G_TYPE_STRING)
        return NULL;
      if (row->kind == KIND_FILES)
        path = g_canonicalize_filename (json_node_get_string (item), folder);
      g_strv_builder_add (texts, path != NULL ? path : json_node_get_string (item));
    }
  return g_strv_builder_end (texts);
}

/* What is said on the line counts more. */
static gboolean
take_member (XenoWish   *wish,
             const Wish *row,
             JsonNode   *node,
             const char *folder)
{
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;
  gboolean is_ours = !is_said (wish, row);

  if (is_list (row))
    {
      g_auto (GStrv) list = read_list (row, node, folder);
      gboolean is_good = list != NULL;

      if (is_good && is_ours)
        *get_list (wish, row) = g_steal_pointer (&list);
      return is_good;
    }
  if (is_text (row) && type == G_TYPE_STRING)
    {
      const char *text = json_node_get_string (node);

      if (is_ours)
        *get_text (wish, row) = row->kind == KIND_FILE ? g_canonicalize_filename (text, folder) : g_strdup (text);
      return TRUE;
    }
  if (row->kind == KIND_SIZE && type == G_TYPE_INT64 && json_node_get_int (node) >= 0)
    {
      if (is_ours)
        *get_text (wish, row) = g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
      return TRUE;
    }
  if (row->kind == KIND_NUMBER && type == G_TYPE_INT64)
    {
      if (is_ours)
        *get_number (wish, row) = (int) CLAMP (json_node_get_int (node), 0, G_MAXINT);
      return TRUE;
    }
  if ((row->kind == KIND_SWITCH || row->kind == KIND_SOURCE) && type == G_TYPE_BOOLEAN)
    {
      if (is_ours)
        *get_number (wish, row) = json_node_get_boolean (node);
      return TRUE;
    }
  return FALSE;
}

static void
refuse_member (const char  *path,
               const char  *member,
               const Wish  *row,
               GError     **error)
{
  static const char * const kinds[] = {
    /* Translators: these complete "In “x”, “y” must be …" */
    [KIND_FILE] = N_("a path in quotes"),
    [KIND_FILES] = N_("a path in quotes, or a list of them"),
    [KIND_TEXT] = N_("a text in quotes"),
    [KIND_TEXTS] = N_("a text in quotes, or a list of them"),
    [KIND_SIZE] = N_("a size as \"2G\", or a number of bytes"),
    [KIND_NUMBER] = N_("a number"),
    [KIND_SWITCH] = N_("true or false"),
    [KIND_SOURCE] = N_("true or false"),
  };
  g_autofree char *file = xeno_text_clean (path, -1, MAX_NAME_CHARS);
  g_autofree char *name = xeno_text_clean (member, -1, MAX_NAME_CHARS);

  if (row == NULL)
    /* Translators: the first %s is a member of the recipe, the second a file */
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("“%s” in “%s” means nothing. The manual of xeno lists what a recipe can say."), name, file);
  else
    /* Translators: a file, a member of it, and what it must be ("a number") */
    xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("In “%s”, “%s” must be %s."), file, name, _(kinds[row->kind]));
}

static JsonNode *
parse_recipe (const char  *path,
              GError     **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) reason = NULL;
  g_autofree char *file = xeno_text_clean (path, -1, MAX_NAME_CHARS);
  g_autofree char *text = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &text, &length, &reason))
    xeno_set_error (error, XENO_ERROR_NOT_FOUND, reason->message, _("The recipe “%s” could not be read."), file);
  else if (length > MAX_RECIPE_BYTES)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("“%s” is far too long for a recipe."), file);
  else if (!json_parser_load_from_data (parser, text, length, &reason))
    xeno_set_error (error, XENO_ERROR_INVALID, reason->message, _("“%s” is not written in JSON: %s"), file,
                    reason->message);
  else if (json_parser_get_root (parser) == NULL || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("“%s” is no recipe: one is an object, {\"iso\": \"debian.iso\", \"memory\": \"2G\"}."), file);
  else
    return json_parser_steal_root (parser);
  return NULL;
}

/* Takes what a recipe file says, but for what was said already. */
gboolean
xeno_wish_read (XenoWish    *wish,
                const char  *path,
                GError     **error)
{
  g_autofree char *whole = NULL;
  g_autofree char *folder = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  g_return_val_if_fail (wish != NULL, FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  root = parse_recipe (path, error);
  if (root == NULL)
    return FALSE;

  whole = g_canonicalize_filename (path, NULL);
  folder = g_path_get_dirname (whole);
  json_object_iter_init_ordered (&iter, json_node_get_object (root));
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      const Wish *row = find_row (name);

      if (row == NULL || !take_member (wish, row, node, folder))
        {
          refuse_member (path, name, row, error);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
check_word (XenoWish    *wish,
            const Wish  *row,
            GError     **error)
{
  const char *value = *get_text (wish, row);
  g_autofree char *list = NULL;
  g_autofree char *option = NULL;

  if (value == NULL || g_strv_contains (row->words, value))
    return TRUE;

  list = g_strjoinv (", ", (char **) row->words);
  option = g_strconcat ("--", row->name, NULL);
  /* Translators: the first %s is an option as "--accel", the second a list of words */
  xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("%s is one of %s."), option, list);
  return FALSE;
}

static gboolean
check_size (const char  *text,
            GError     **error)
{
  guint64 bytes;

  return text == NULL || xeno_units_parse_size (text, &bytes, error);
}

/* What a kernel alone is told. */
static gboolean
check_kernel (XenoWish  *wish,
              GError   **error)
{
  const Wish *row = find_row (wish->initrd != NULL ? "initrd" : wish->cmdline != NULL ? "cmdline"
                              : wish->root != NULL ? "root" : wish->light ? "light"
                              : wish->gdb ? "gdb" : "gdb-wait");

  if (wish->kernel != NULL || !is_said (wish, row))
    return TRUE;

  /* Translators: %s is an option */
  xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("--%s is for a machine made from a kernel. Say --kernel FILE."),
                  row->name);
  return FALSE;
}

/* What an installer alone is told. */
static gboolean
check_unattended (XenoWish  *wish,
                  GError   **error)
{
  if (!wish->unattended && (wish->profile != NULL || wish->full_name != NULL || wish->language != NULL
                            || wish->keyboard != NULL || wish->timezone != NULL))
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("What an installer is told goes with --unattended: say that too."));
  else if (wish->unattended && wish->iso == NULL)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("--unattended goes with --iso FILE."));
  else
    return TRUE;
  return FALSE;
}

/* Finds out whether the words mean something together, before anything is asked of libvirt. */
gboolean
xeno_wish_check (XenoWish  *wish,
                 GError   **error)
{
  guint n_sources;

  g_return_val_if_fail (wish != NULL, FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (wishes); i++)
    {
      const Wish *row = &wishes[i];

      if (row->words != NULL && !check_word (wish, row, error))
        return FALSE;
      if (row->kind == KIND_SIZE && !check_size (*get_text (wish, row), error))
        return FALSE;
    }

  n_sources = (wish->iso != NULL) + (wish->import != NULL) + (wish->cloud != NULL) + (wish->kernel != NULL)
              + (wish->pxe ? 1 : 0) + (wish->empty ? 1 : 0);
  if (n_sources == 0)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("Say what to make it from: --iso FILE, --import FILE, --cloud FILE, --kernel FILE, --pxe or --empty."));
  else if (n_sources > 1)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("A machine is made from one thing: --iso FILE, --import FILE, --cloud FILE, --kernel FILE, --pxe or --empty."));
  else if (wish->machine != NULL && wish->import == NULL)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("--machine is for appliances. Say --import FILE."));
  else
    return check_kernel (wish, error) && check_unattended (wish, error);
  return FALSE;
}

/* The file the machine is made from, or NULL. */
const char *
xeno_wish_get_file (XenoWish *wish)
{
  g_return_val_if_fail (wish != NULL, NULL);

  if (wish->iso != NULL || wish->import != NULL)
    return wish->iso != NULL ? wish->iso : wish->import;
  return wish->cloud != NULL ? wish->cloud : wish->kernel;
}

/* How the machine gets its disk; the recommendations follow from it. */
gboolean
xeno_wish_choose_way (XenoWish    *wish,
                      XenoRecipe  *recipe,
                      GError     **error)
{
  XenoMedia *media = xeno_recipe_get_media (recipe);
  XenoDiskWay way = wish->in_place ? XENO_DISK_IN_PLACE : wish->cloud != NULL ? XENO_DISK_OVERLAY : XENO_DISK_COPY;

  g_return_val_if_fail (wish != NULL, FALSE);
  g_return_val_if_fail (XENO_IS_RECIPE (recipe), FALSE);

  if (wish->import == NULL && wish->cloud == NULL && (media == NULL || !wish->in_place))
    return TRUE;

  if (xeno_media_get_ways (media) & way)
    {
      xeno_recipe_set_disk_way (recipe, way);
      return TRUE;
    }
  if (wish->in_place)
    xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                    _("“%s” cannot be used in place, for it is none a machine could write to: %s. Leave "
                      "--in-place out, and it is copied."), xeno_media_get_path (media),
                    xeno_media_get_kind_label (media));
  else if (wish->cloud != NULL)
    xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                    _("“%s” is no disk of a format that a cloud image has: %s. Those are qcow2 and raw."),
                    xeno_media_get_path (media), xeno_media_get_kind_label (media));
  else
    xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                    _("“%s” is nothing to import: %s. Use “xeno create --iso” with it."),
                    xeno_media_get_path (media), xeno_media_get_kind_label (media));
  return FALSE;
}

static int
find_word (const char         *value,
           const char * const *words)
{
  for (int i = 0; value != NULL && words[i] != NULL; i++)
    if (strcmp (words[i], value) == 0)
      return i;

  return 0;
}

static gboolean
apply_kernel (XenoWish    *wish,
              XenoRecipe  *recipe,
              GError     **error)
{
  XenoDirectBoot *boot = xeno_recipe_get_direct_boot (recipe);
  g_autofree char *initrd = wish->initrd != NULL ? g_canonicalize_filename (wish->initrd, NULL) : NULL;

  if (boot == NULL)
    {
      xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL, _("“%s” is no kernel. Say --iso for it."), wish->kernel);
      return FALSE;
    }

  xeno_direct_boot_set_initrd (boot, initrd);
  if (wish->cmdline != NULL)
    xeno_direct_boot_set_cmdline (boot, wish->cmdline);
  xeno_direct_boot_set_light (boot, wish->light);
  xeno_direct_boot_set_debugger (boot, wish->gdb || wish->gdb_wait);
  xeno_direct_boot_set_waits (boot, wish->gdb_wait);
  return TRUE;
}

/* Writes what was wished into a recipe; the root of a kernel has to be looked at first, and is not in it. */
gboolean
xeno_wish_apply (XenoWish    *wish,
                 XenoRecipe  *recipe,
                 GError     **error)
{
  g_autofree char *drivers = NULL;
  guint64 bytes;

  g_return_val_if_fail (wish != NULL, FALSE);
  g_return_val_if_fail (XENO_IS_RECIPE (recipe), FALSE);

  if (wish->kernel != NULL && !apply_kernel (wish, recipe, error))
    return FALSE;

  drivers = wish->drivers != NULL ? g_canonicalize_filename (wish->drivers, NULL) : NULL;
  xeno_recipe_set_driver_disc (recipe, drivers);
  xeno_recipe_set_firmware (recipe, (XenoFirmware) find_word (wish->firmware, firmwares));
  xeno_recipe_set_secure_boot (recipe, (XenoChoice) find_word (wish->secure_boot, choices));
  xeno_recipe_set_tpm (recipe, (XenoChoice) find_word (wish->tpm, choices));
  xeno_recipe_set_accel (recipe, (XenoAccel) find_word (wish->accel, accels));
  xeno_recipe_set_graphics (recipe, wish->graphics != NULL ? wish->graphics : "auto");
  xeno_recipe_set_network (recipe, wish->network != NULL ? wish->network : "auto");
  xeno_recipe_set_boots_network (recipe, wish->pxe);
  if (wish->name != NULL)
    xeno_recipe_set_title (recipe, wish->name);
  if (wish->n_cpus != XENO_WISH_UNSAID)
    xeno_recipe_set_n_cpus (recipe, MAX (wish->n_cpus, 0));
  if (wish->memory != NULL && xeno_units_parse_size (wish->memory, &bytes, NULL))
    xeno_recipe_set_memory_bytes (recipe, bytes);
  if (wish->disk_size != NULL && xeno_units_parse_size (wish->disk_size, &bytes, NULL))
    xeno_recipe_set_disk_bytes (recipe, bytes);
  return TRUE;
}
