/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno device, set, pending: the hardware of a machine, and when a change of it holds. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-text.h"
#include "base/xeno-units.h"
#include "cli/xeno-cli-command.h"
#include "cli/xeno-cli-json.h"
#include "cli/xeno-cli-output.h"
#include "cli/xeno-cli-setting.h"

typedef struct
{
  gboolean as_json;
  gboolean are_parts;
} Options;

typedef struct
{
  XenoMachine *machine;
  XenoSpec    *before;
  XenoSpec    *draft;
} Work;

static void
work_clear (Work *work)
{
  g_clear_object (&work->machine);
  g_clear_object (&work->before);
  g_clear_object (&work->draft);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, work_clear)

static gboolean
open_work (XenoCli       *cli,
           const char    *reference,
           Work          *work,
           XenoCliStatus *status)
{
  g_autoptr (GError) error = NULL;

  work->machine = xeno_cli_find (cli, reference, status);
  if (work->machine == NULL)
    return FALSE;

  work->before = xeno_machine_dup_spec (work->machine);
  if (work->before != NULL)
    {
      work->draft = xeno_spec_copy (work->before);
      return TRUE;
    }

  error = xeno_error_new (XENO_ERROR_FAILED, NULL, _("“%s” could not be read."), xeno_machine_get_title (work->machine));
  *status = xeno_cli_fail (cli, error);
  return FALSE;
}

static void
add_json_device (JsonBuilder *builder,
                 XenoDevice  *device)
{
  const XenoDeviceKind *kind = xeno_device_get_kind (device);
  g_autofree char *handle = xeno_cli_setting_dup_handle (device);
  g_autofree char *title = xeno_device_dup_title (device);

  json_builder_begin_object (builder);
  xeno_cli_json_add_string (builder, "device", handle);
  xeno_cli_json_add_string (builder, "kind", kind->id);
  xeno_cli_json_add_string (builder, "title", title);
  json_builder_set_member_name (builder, "settings");
  json_builder_begin_object (builder);
  for (gsize i = 0; i < kind->n_fields; i++)
    {
      g_autofree char *value = xeno_device_dup_string (device, kind->fields[i].id);

      if (value != NULL && (kind->fields[i].flags & XENO_FIELD_SECRET) == 0)
        xeno_cli_json_add_string (builder, kind->fields[i].id, kind->fields[i].kind == XENO_FIELD_PRESENT ? "yes" : value);
    }
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

/* The settings as they can be typed again. */
static char *
join_settings (XenoDevice *device)
{
  const XenoDeviceKind *kind = xeno_device_get_kind (device);
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < kind->n_fields; i++)
    {
      const XenoField *field = &kind->fields[i];
      g_autofree char *value = xeno_device_dup_string (device, field->id);
      g_autofree char *shown = NULL;

      if (value == NULL || (field->flags & XENO_FIELD_SECRET) != 0 || field->kind == XENO_FIELD_ELEMENTS)
        continue;
      shown = field->kind == XENO_FIELD_PRESENT ? g_strdup ("yes") : xeno_text_clean (value, -1, 200);
      g_string_append_printf (text, "%s%s=%s", text->len > 0 ? " " : "", field->id, shown);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static XenoCliStatus
print_devices (XenoCli    *cli,
               GPtrArray  *devices,
               gboolean    as_json)
{
  const char *titles[] = { _("DEVICE"), _("TITLE"), _("SETTINGS"), NULL };
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (XenoCliTable) table = xeno_cli_table_new (titles);
  g_autoptr (GError) error = NULL;

  json_builder_begin_array (builder);
  for (guint i = 0; i < devices->len; i++)
    {
      g_autofree char *handle = xeno_cli_setting_dup_handle (devices->pdata[i]);
      g_autofree char *title = xeno_device_dup_title (devices->pdata[i]);
      g_autofree char *settings = join_settings (devices->pdata[i]);

      if (as_json)
        add_json_device (builder, devices->pdata[i]);
      else
        xeno_cli_table_add (table, handle, title, settings, NULL);
    }
  json_builder_end_array (builder);

  if (as_json)
    {
      g_autofree char *text = xeno_cli_json_format (builder, TRUE);

      xeno_cli_print (text, &error);
    }
  else
    xeno_cli_table_print (table, &error);
  return error == NULL ? XENO_CLI_DONE : xeno_cli_fail (cli, error);
}

static XenoCliStatus
list_devices (XenoCli        *cli,
              Work           *work,
              char          **args,
              const Options  *options)
{
  g_autoptr (GPtrArray) devices = options->are_parts ? xeno_spec_list_parts (work->draft)
                                                     : xeno_spec_list_devices (work->draft, args[0]);

  return print_devices (cli, devices, options->as_json);
}

static gboolean
apply_settings (XenoDevice  *device,
                char       **settings,
                GError     **error)
{
  for (gsize i = 0; settings[i] != NULL; i++)
    if (!xeno_cli_setting_apply (device, settings[i], error))
      return FALSE;
  return TRUE;
}

static XenoCliStatus
add_device (XenoCli        *cli,
            Work           *work,
            char          **args,
            const Options  *options)
{
  g_autoptr (XenoDevice) device = NULL;
  g_autoptr (GError) error = NULL;

  if (xeno_device_kind_find (args[0]) == NULL)
    return xeno_cli_misuse (cli, _("There is no such kind of device. It is called as in libvirt’s documents: “disk”, "
                                   "“interface”, “sound”…"));

  device = xeno_spec_add_device (work->draft, args[0]);
  return apply_settings (device, args + 1, &error)
         ? xeno_cli_setting_commit (cli, work->machine, work->before, work->draft) : xeno_cli_fail (cli, error);
}

static XenoCliStatus
remove_device (XenoCli        *cli,
               Work           *work,
               char          **args,
               const Options  *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoDevice) device = xeno_cli_setting_find_device (work->draft, args[0], &error);

  if (device == NULL)
    return xeno_cli_fail (cli, error);
  if (xeno_device_is_part (device))
    return xeno_cli_misuse (cli, _("That is a part of every machine, which cannot be removed."));

  xeno_spec_remove_device (work->draft, device);
  return xeno_cli_setting_commit (cli, work->machine, work->before, work->draft);
}

static XenoCliStatus
set_device (XenoCli        *cli,
            Work           *work,
            char          **args,
            const Options  *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoDevice) device = xeno_cli_setting_find_device (work->draft, args[0], &error);

  return device != NULL && apply_settings (device, args + 1, &error)
         ? xeno_cli_setting_commit (cli, work->machine, work->before, work->draft) : xeno_cli_fail (cli, error);
}

static const struct
{
  const char     *name;
  guint           min_args; /* after the machine */
  guint           max_args;
  XenoCliStatus (*run) (XenoCli *cli, Work *work, char **args, const Options *options);
} subcommands[] = {
  { "list", 0, 1, list_devices },
  { "add", 1, G_MAXUINT, add_device },
  { "remove", 1, 1, remove_device },
  { "set", 2, G_MAXUINT, set_device },
};

XenoCliStatus
xeno_cli_run_device (XenoCli   *cli,
                     char    ***args)
{
  Options options = { FALSE };
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.as_json, N_("Print JSON"), NULL },
    { "parts", 0, 0, G_OPTION_ARG_NONE, &options.are_parts,
      N_("List what every machine has, as its processors, in the place of devices"), NULL },
    { NULL }
  };
  XenoCliStatus status = XENO_CLI_DONE;
  g_auto (Work) work = { NULL };

  if (!xeno_cli_parse (cli, entries, 2, G_MAXUINT, args, &status))
    return status;

  for (gsize i = 0; i < G_N_ELEMENTS (subcommands); i++)
    {
      guint n_args = g_strv_length (*args) - 3;

      if (strcmp (subcommands[i].name, (*args)[1]) != 0)
        continue;
      if (n_args < subcommands[i].min_args || n_args > subcommands[i].max_args)
        return xeno_cli_misuse (cli, _("Something is missing, or too much."));
      return open_work (cli, (*args)[2], &work, &status)
             ? subcommands[i].run (cli, &work, *args + 3, &options) : status;
    }
  return xeno_cli_misuse (cli, _("What is to be done with the device is “list”, “add”, “set” or “remove”."));
}

static gboolean
set_memory (XenoSpec    *draft,
            const char  *size,
            GError     **error)
{
  guint64 bytes;

  if (!xeno_units_parse_size (size, &bytes, error))
    return FALSE;

  xeno_spec_set_memory_bytes (draft, bytes);
  return TRUE;
}

/* Where processors can come and go, they do; more than it can have is another machine. */
static gboolean
set_cpus (XenoSpec  *draft,
          int        n_cpus,
          GError   **error)
{
  g_autoptr (XenoDevice) processors = xeno_spec_get_part (draft, "processors");
  g_autofree char *current = xeno_device_dup_string (processors, "current");
  guint64 most = xeno_device_get_uint (processors, "maximum", 1);

  if (n_cpus < 1)
    {
      xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("A machine has at least one processor."));
      return FALSE;
    }
  if ((guint64) n_cpus < most && current != NULL)
    xeno_device_set_uint (processors, "current", n_cpus);
  else if ((guint64) n_cpus == most)
    xeno_device_set_string (processors, "current", NULL);
  else
    xeno_spec_set_n_cpus (draft, n_cpus);
  return TRUE;
}

/* "PART.FIELD=VALUE" */
static gboolean
set_part (XenoSpec    *draft,
          const char  *setting,
          GError     **error)
{
  const char *point = strchr (setting, '.');
  g_autofree char *id = point != NULL ? g_strndup (setting, point - setting) : NULL;
  g_autoptr (XenoDevice) part = id != NULL ? xeno_spec_get_part (draft, id) : NULL;
  g_autofree char *shown = NULL;

  if (part != NULL)
    return xeno_cli_setting_apply (part, point + 1, error);

  shown = xeno_text_clean (setting, -1, 80);
  xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                  _("“%s” is no setting of a machine. Say PART.FIELD=VALUE, where PART is one of: machine, processors, ram, "
                    "firmware, features, clock, events, security."), shown);
  return FALSE;
}

XenoCliStatus
xeno_cli_run_set (XenoCli   *cli,
                  char    ***args)
{
  g_autofree char *memory = NULL;
  int n_cpus = 0;
  gboolean has_cpus;
  const GOptionEntry entries[] = {
    { "memory", 'm', 0, G_OPTION_ARG_STRING, &memory, N_("How much memory it has"), N_("SIZE") },
    { "cpus", 'C', 0, G_OPTION_ARG_INT, &n_cpus, N_("How many processors it has"), N_("N") },
    { NULL }
  };
  XenoCliStatus status = XENO_CLI_DONE;
  g_auto (Work) work = { NULL };
  g_autoptr (GError) error = NULL;

  if (!xeno_cli_parse (cli, entries, 1, G_MAXUINT, args, &status))
    return status;
  has_cpus = n_cpus != 0;
  if (memory == NULL && !has_cpus && (*args)[2] == NULL)
    return xeno_cli_misuse (cli, _("What is to be set is missing."));
  if (!open_work (cli, (*args)[1], &work, &status))
    return status;

  if ((memory != NULL && !set_memory (work.draft, memory, &error))
      || (has_cpus && !set_cpus (work.draft, n_cpus, &error)))
    return xeno_cli_fail (cli, error);
  for (char **setting = *args + 2; *setting != NULL; setting++)
    if (!set_part (work.draft, *setting, &error))
      return xeno_cli_fail (cli, error);
  return xeno_cli_setting_commit (cli, work.machine, work.before, work.draft);
}

static XenoCliStatus
print_pending (XenoCli   *cli,
               GPtrArray *changes,
               gboolean   as_json)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  json_builder_begin_array (builder);
  for (guint i = 0; i < changes->len; i++)
    {
      g_autofree char *title = xeno_change_dup_title (changes->pdata[i]);
      g_autofree char *text = xeno_change_dup_text (changes->pdata[i]);
      const XenoField *field = xeno_change_get_field (changes->pdata[i]);

      g_string_append_printf (lines, "%s: %s\n", title, text);
      json_builder_begin_object (builder);
      xeno_cli_json_add_string (builder, "kind", xeno_change_get_kind (changes->pdata[i])->id);
      xeno_cli_json_add_string (builder, "field", field != NULL ? field->id : NULL);
      xeno_cli_json_add_string (builder, "before", xeno_change_get_before (changes->pdata[i]));
      xeno_cli_json_add_string (builder, "after", xeno_change_get_after (changes->pdata[i]));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  if (as_json)
    {
      g_autofree char *text = xeno_cli_json_format (builder, TRUE);

      xeno_cli_print (text, &error);
    }
  else
    xeno_cli_print (lines->str, &error);
  return error == NULL ? XENO_CLI_DONE : xeno_cli_fail (cli, error);
}

XenoCliStatus
xeno_cli_run_pending (XenoCli   *cli,
                      char    ***args)
{
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_("Print JSON"), NULL },
    { NULL }
  };
  XenoCliStatus status = XENO_CLI_DONE;
  g_autoptr (XenoMachine) machine = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;

  if (!xeno_cli_parse (cli, entries, 1, 1, args, &status))
    return status;
  machine = xeno_cli_find (cli, (*args)[1], &status);
  if (machine == NULL)
    return status;

  xeno_machine_list_pending_async (machine, cli->cancellable, xeno_cli_result_cb, &slot);
  result = xeno_cli_await (&slot);
  changes = xeno_machine_list_pending_finish (machine, result, &error);
  return changes != NULL ? print_pending (cli, changes, as_json) : xeno_cli_fail (cli, error);
}
