/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a person can do to one machine, as the actions "machine.…" of a window and their menu. */
#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "app/xeno-application.h"
#include "app/xeno-deletion.h"
#include "app/xeno-exporting.h"
#include "app/xeno-keep-ready.h"
#include "app/xeno-machine-actions.h"
#include "app/xeno-screenshot.h"
#include "app/xeno-throw-away.h"
#include "dialogs/xeno-rename-dialog.h"
#include "virt/xeno-machine-template.h"
#include "virt/xeno-verb.h"
#include "widgets/xeno-message-dialog.h"

struct _XenoMachineActions
{
  GSimpleActionGroup  parent_instance;
  XenoMachine        *machine;
  GtkWindow          *window; /* weak: it may be closed while libvirt is at work */
};

G_DEFINE_FINAL_TYPE (XenoMachineActions, xeno_machine_actions, G_TYPE_SIMPLE_ACTION_GROUP)

static void
show_error (XenoMachineActions *self,
            const GError       *error)
{
  xeno_application_show_error (XENO_APPLICATION (g_application_get_default ()), self->window, error);
}

static void
verb_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (XenoMachineActions) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!xeno_machine_run_finish (XENO_MACHINE (source), result, &error))
    show_error (self, error);
}

static void
run (XenoMachineActions *self,
     const char         *verb_id)
{
  xeno_machine_run_async (self->machine, xeno_verb_find (verb_id), NULL, verb_cb,
                          g_object_ref (self));
}

static void
response_cb (AdwMessageDialog   *dialog,
             const char         *response,
             XenoMachineActions *self)
{
  if (g_strcmp0 (response, "cancel") != 0)
    run (self, response);
}

/* "_Force Off…" asks; the button that answers does it. */
static char *
dup_button_label (const XenoVerb *verb)
{
  const char *label = _(verb->label);

  return g_str_has_suffix (label, "…") ? g_strndup (label, strlen (label) - strlen ("…"))
                                       : g_strdup (label);
}

static void
confirm (XenoMachineActions *self,
         const XenoVerb     *verb)
{
  g_autofree char *question = xeno_verb_dup_question (verb, self->machine);
  g_autofree char *label = dup_button_label (verb);
  AdwMessageDialog *dialog;

  dialog = ADW_MESSAGE_DIALOG (xeno_message_dialog_new (self->window, question, _(verb->explanation)));
  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), verb->id, label, NULL);
  if (verb->is_destructive)
    adw_message_dialog_set_response_appearance (dialog, verb->id, ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
verb_activated_cb (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  XenoMachineActions *self = user_data;
  const XenoVerb *verb = xeno_verb_find (g_action_get_name (G_ACTION (action)));

  if (verb->confirm != NULL && self->window != NULL)
    confirm (self, verb);
  else
    run (self, verb->id);
}

/* The application knows the windows; it takes machines by their UUID, as D-Bus callers do. */
static void
activate_app_action (XenoMachineActions *self,
                     const char         *name)
{
  g_action_group_activate_action (G_ACTION_GROUP (g_application_get_default ()), name,
                                  g_variant_new_string (xeno_machine_get_uuid (self->machine)));
}

static void
open_console_cb (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  activate_app_action (user_data, "open-console");
}

static void
show_details_cb (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  activate_app_action (user_data, "show-machine");
}

static void
show_hardware_cb (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  activate_app_action (user_data, "show-hardware");
}

static void
renamed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (XenoMachineActions) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!xeno_machine_rename_finish (XENO_MACHINE (source), result, &error))
    show_error (self, error);
}

static void
rename_response_cb (XenoRenameDialog   *dialog,
                    const char         *response,
                    XenoMachineActions *self)
{
  if (g_strcmp0 (response, "rename") == 0)
    xeno_machine_rename_async (self->machine, xeno_rename_dialog_get_text (dialog), NULL,
                               renamed_cb, g_object_ref (self));
}

static void
rename_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  XenoMachineActions *self = user_data;
  GtkWidget *dialog = xeno_rename_dialog_new (self->window, xeno_machine_get_title (self->machine));

  g_signal_connect_object (dialog, "response", G_CALLBACK (rename_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
export_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  XenoMachineActions *self = user_data;

  xeno_exporting_begin (self->machine, self->window);
}

static void
delete_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  XenoMachineActions *self = user_data;

  xeno_deletion_begin (self->machine, self->window);
}

static void
screenshot_cb (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  XenoMachineActions *self = user_data;

  xeno_screenshot_take (self->machine, self->window);
}

static void
autostart_set_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (XenoMachineActions) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!xeno_machine_set_autostart_finish (XENO_MACHINE (source), result, &error))
    show_error (self, error);
}

/* The state follows the machine's own property, never the click. */
static void
autostart_change_cb (GSimpleAction *action,
                     GVariant      *value,
                     gpointer       user_data)
{
  XenoMachineActions *self = user_data;

  xeno_machine_set_autostart_async (self->machine, g_variant_get_boolean (value), NULL,
                                    autostart_set_cb, g_object_ref (self));
}

static void
untrusted_set_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (XenoMachineActions) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!xeno_machine_set_note_finish (XENO_MACHINE (source), result, &error))
    show_error (self, error);
}

static void
share_nothing_change_cb (GSimpleAction *action,
                         GVariant      *value,
                         gpointer       user_data)
{
  XenoMachineActions *self = user_data;

  xeno_machine_set_untrusted_async (self->machine, g_variant_get_boolean (value), NULL, untrusted_set_cb,
                                    g_object_ref (self));
}

static void
run_throw_away_cb (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  XenoMachineActions *self = user_data;

  xeno_throw_away_begin (self->machine);
}

static void
keep_ready_cb (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  XenoMachineActions *self = user_data;

  if (self->window != NULL)
    xeno_keep_ready_begin (self->machine, self->window);
}

static void
discard_ready_cb (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  XenoMachineActions *self = user_data;

  if (self->window != NULL)
    xeno_keep_ready_discard (self->machine, self->window);
}

static void
template_set_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (XenoMachineActions) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!xeno_machine_set_template_finish (XENO_MACHINE (source), result, &error))
    show_error (self, error);
}

static void
template_change_cb (GSimpleAction *action,
                    GVariant      *value,
                    gpointer       user_data)
{
  XenoMachineActions *self = user_data;

  xeno_machine_set_template_async (self->machine, g_variant_get_boolean (value), NULL, template_set_cb,
                                   g_object_ref (self));
}

static GSimpleAction *
get_action (XenoMachineActions *self,
            const char         *name)
{
  return G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), name));
}

/* Off, and not in the middle of something that waits on disk. */
static gboolean
is_still (XenoMachine *machine)
{
  return xeno_machine_is_persistent (machine) && !xeno_machine_is_active (machine)
         && !xeno_machine_has_saved_state (machine);
}

static void
update_ready (XenoMachineActions *self)
{
  XenoConnection *connection = xeno_machine_get_connection (self->machine);
  gboolean is_free = !xeno_machine_is_stale (self->machine) && !xeno_machine_is_busy (self->machine);
  gboolean has_one = xeno_keep_ready_has (self->machine);

  g_simple_action_set_enabled (get_action (self, "keep-ready"),
                               is_free && !has_one && is_still (self->machine)
                               && connection != NULL && xeno_connection_is_local (connection));
  g_simple_action_set_enabled (get_action (self, "discard-ready"), is_free && has_one);
}

static void
update_cb (XenoMachineActions *self)
{
  gboolean is_reachable = !xeno_machine_is_stale (self->machine);
  gboolean is_free = is_reachable && !xeno_machine_is_busy (self->machine);
  gboolean is_active = xeno_machine_is_active (self->machine);
  gboolean is_persistent = xeno_machine_is_persistent (self->machine);
  gsize n_verbs;
  const XenoVerb *verbs = xeno_verb_list (&n_verbs);

  for (gsize i = 0; i < n_verbs; i++)
    g_simple_action_set_enabled (get_action (self, verbs[i].id),
                                 xeno_verb_is_allowed (&verbs[i], self->machine));
  g_simple_action_set_enabled (get_action (self, "rename"), is_free && is_persistent && !is_active);
  g_simple_action_set_enabled (get_action (self, "export"),
                               is_free && xeno_machine_get_state (self->machine) == XENO_MACHINE_OFF
                               && !xeno_machine_has_saved_state (self->machine)
                               && xeno_connection_is_local (xeno_machine_get_connection (self->machine)));
  g_simple_action_set_enabled (get_action (self, "delete"), is_free);
  g_simple_action_set_enabled (get_action (self, "screenshot"), is_reachable && is_active);
  g_simple_action_set_enabled (get_action (self, "autostart"), is_free && is_persistent);
  g_simple_action_set_state (get_action (self, "autostart"),
                             g_variant_new_boolean (xeno_machine_has_autostart (self->machine)));
  g_simple_action_set_enabled (get_action (self, "share-nothing"), is_reachable);
  g_simple_action_set_enabled (get_action (self, "run-throw-away"), is_free && is_still (self->machine));
  update_ready (self);
  g_simple_action_set_enabled (get_action (self, "template"), is_free && is_still (self->machine));
  g_simple_action_set_state (get_action (self, "template"),
                             g_variant_new_boolean (xeno_machine_is_template (self->machine)));
}

static void
update_trust_cb (XenoMachineActions *self)
{
  update_ready (self);
  g_simple_action_set_state (get_action (self, "share-nothing"),
                             g_variant_new_boolean (xeno_machine_is_untrusted (self->machine)));
}

static void
add_verbs (XenoMachineActions *self)
{
  gsize n_verbs;
  const XenoVerb *verbs = xeno_verb_list (&n_verbs);

  for (gsize i = 0; i < n_verbs; i++)
    {
      const GActionEntry entry = { verbs[i].id, verb_activated_cb };

      g_action_map_add_action_entries (G_ACTION_MAP (self), &entry, 1, self);
    }
}

static void
xeno_machine_actions_dispose (GObject *object)
{
  XenoMachineActions *self = XENO_MACHINE_ACTIONS (object);

  g_clear_weak_pointer (&self->window);
  g_clear_object (&self->machine);

  G_OBJECT_CLASS (xeno_machine_actions_parent_class)->dispose (object);
}

static void
xeno_machine_actions_class_init (XenoMachineActionsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xeno_machine_actions_dispose;
}

static void
xeno_machine_actions_init (XenoMachineActions *self)
{
}

/**
 * xeno_machine_actions_new:
 * @machine: the machine
 * @window: the window whose actions these become; questions are asked over it
 *
 * Makes the actions of @machine, to be inserted in @window as "machine". What is allowed follows
 * the machine.
 *
 * Returns: (transfer full): the actions
 */
GActionGroup *
xeno_machine_actions_new (XenoMachine *machine,
                          GtkWindow   *window)
{
  static const GActionEntry entries[] = {
    { "open-console", open_console_cb },
    { "show-details", show_details_cb },
    { "show-hardware", show_hardware_cb },
    { "rename", rename_cb },
    { "export", export_cb },
    { "delete", delete_cb },
    { "screenshot", screenshot_cb },
    { "autostart", NULL, NULL, "false", autostart_change_cb },
    { "run-throw-away", run_throw_away_cb },
    { "keep-ready", keep_ready_cb },
    { "discard-ready", discard_ready_cb },
    { "template", NULL, NULL, "false", template_change_cb },
    { "share-nothing", NULL, NULL, "false", share_nothing_change_cb },
  };
  static const char * const followed[] = {
    "notify::state", "notify::is-busy", "notify::is-stale", "notify::is-persistent",
    "notify::has-autostart", "notify::has-saved-state", "notify::is-template", "notify::runs-kernel",
  };
  XenoMachineActions *self;

  g_return_val_if_fail (XENO_IS_MACHINE (machine), NULL);
  g_return_val_if_fail (GTK_IS_WINDOW (window), NULL);

  self = g_object_new (XENO_TYPE_MACHINE_ACTIONS, NULL);
  self->machine = g_object_ref (machine);
  g_set_weak_pointer (&self->window, window);

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  add_verbs (self);
  for (gsize i = 0; i < G_N_ELEMENTS (followed); i++)
    g_signal_connect_object (machine, followed[i], G_CALLBACK (update_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (machine, "notify::spec", G_CALLBACK (update_trust_cb), self, G_CONNECT_SWAPPED);
  update_cb (self);
  update_trust_cb (self);
  return G_ACTION_GROUP (self);
}

static void
append_action (GMenu      *section,
               const char *label,
               const char *action,
               gboolean    hides)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, action);

  if (hides)
    g_menu_item_set_attribute (item, "hidden-when", "s", "action-disabled");
  g_menu_append_item (section, item);
}

static void
append_section (GMenu *menu,
                GMenu *section)
{
  if (g_menu_model_get_n_items (G_MENU_MODEL (section)) > 0)
    g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
}

/* Verbs that do not apply are hidden, so that the menu is as long as what can be done. */
static void
append_verbs (GMenu    *menu,
              gboolean  destructive)
{
  g_autoptr (GMenu) section = g_menu_new ();
  gsize n_verbs;
  const XenoVerb *verbs = xeno_verb_list (&n_verbs);

  for (gsize i = 0; i < n_verbs; i++)
    {
      g_autofree char *action = g_strconcat ("machine.", verbs[i].id, NULL);

      if (verbs[i].is_destructive != destructive)
        continue;
      if (i > 0 && verbs[i].section != verbs[i - 1].section)
        {
          append_section (menu, section);
          g_object_unref (section);
          section = g_menu_new ();
        }
      append_action (section, _(verbs[i].label), action, TRUE);
    }
  append_section (menu, section);
}

/**
 * xeno_machine_menu_new:
 * @in_console: whether it is for the machine's console, which has some of it itself
 *
 * Makes the menu of a machine from the verb table, what can lose work last.
 *
 * Returns: (transfer full): the menu, whose actions are those of xeno_machine_actions_new()
 */
GMenuModel *
xeno_machine_menu_new (gboolean in_console)
{
  g_autoptr (GMenu) own = g_menu_new ();
  g_autoptr (GMenu) last = g_menu_new ();
  GMenu *menu = g_menu_new ();

  append_verbs (menu, FALSE);
  if (!in_console)
    append_action (own, _("Open Console"), "machine.open-console", FALSE);
  append_action (own, _("Hardware"), "machine.show-hardware", FALSE);
  if (!in_console)
    append_action (own, _("Take Screenshot"), "machine.screenshot", TRUE);
  append_action (own, _("Run a Throw-away Copy"), "machine.run-throw-away", TRUE);
  append_action (own, _("Keep a Copy Ready…"), "machine.keep-ready", TRUE);
  append_action (own, _("Keep No Copy Ready…"), "machine.discard-ready", TRUE);
  append_action (own, _("Rename…"), "machine.rename", FALSE);
  append_action (own, _("Export…"), "machine.export", FALSE);
  append_action (own, _("Start with This Computer"), "machine.autostart", FALSE);
  append_action (own, _("Template"), "machine.template", TRUE);
  append_action (own, _("Share Nothing with It"), "machine.share-nothing", FALSE);
  append_section (menu, own);
  append_verbs (menu, TRUE);
  append_action (last, _("Delete…"), "machine.delete", FALSE);
  append_section (menu, last);
  return G_MENU_MODEL (menu);
}
