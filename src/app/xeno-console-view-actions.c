/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a person can do with one console: the actions "console.…" of the window that shows it. */
#include "config.h"

#include "app/xeno-console-view-private.h"
#include "app/xeno-screenshot.h"
#include "app/xeno-text-save.h"
#include "dialogs/xeno-log-dialog.h"

static void
try_again_cb (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  XenoConsoleView *self = user_data;

  XenoTextPage *text = xeno_console_view_get_text (self);

  if (text != NULL)
    xeno_text_page_try_again (text);
  else
    xeno_console_session_try_again (self->session);
}

static void
reconnect_cb (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  xeno_console_session_reach (((XenoConsoleView *) user_data)->session);
}

static void
turn_display_on_cb (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  xeno_console_ask_for_head (((XenoConsoleView *) user_data)->console);
}

static void
release_keyboard_cb (GSimpleAction *action,
                     GVariant      *parameter,
                     gpointer       user_data)
{
  XenoConsoleView *self = user_data;

  xeno_console_ungrab (self->console);
}

static void
screenshot_cb (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  XenoConsoleView *self = user_data;
  g_autoptr(GdkTexture) picture = xeno_console_take_screenshot (self->console);

  if (picture != NULL)
    xeno_screenshot_keep (picture, xeno_console_session_get_title (self->session),
                          GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))));
}

static void
shows_text_cb (GSimpleAction *action,
               GVariant      *state,
               gpointer       user_data)
{
  XenoConsoleView *self = user_data;

  xeno_console_view_set_shown (self, g_variant_get_boolean (state)
                                     ? xeno_console_view_get_text_face (self) : "screen");
}

static void
show_cb (GSimpleAction *action,
         GVariant      *state,
         gpointer       user_data)
{
  xeno_console_view_set_shown (user_data, g_variant_get_string (state, NULL));
}

static void
show_log_cb (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  XenoConsoleView *self = user_data;
  XenoMachine *machine = xeno_console_session_get_machine (self->session);

  if (machine != NULL)
    gtk_window_present (GTK_WINDOW (xeno_log_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                                         machine)));
}

static void
find_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  XenoTerminal *terminal = xeno_console_view_get_terminal (user_data);

  if (terminal != NULL)
    xeno_terminal_begin_search (terminal);
}

static void
save_text_cb (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  XenoConsoleView *self = user_data;
  XenoTerminal *terminal = xeno_console_view_get_terminal (self);

  if (terminal != NULL)
    xeno_text_save (terminal, xeno_console_session_get_title (self->session),
                    GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))));
}

/* A property action keeps its object: the view's own would keep the view. */
static void
add_property (XenoConsoleView *self,
              const char      *name)
{
  g_autoptr(GPropertyAction) action = g_property_action_new (name, self->console, name);

  g_action_map_add_action (G_ACTION_MAP (self->actions), G_ACTION (action));
}

void
xeno_console_view_add_actions (XenoConsoleView *self)
{
  static const GActionEntry entries[] = {
    { "try-again", try_again_cb },
    { "reconnect", reconnect_cb },
    { "turn-display-on", turn_display_on_cb },
    { "release-keyboard", release_keyboard_cb },
    { "screenshot", screenshot_cb },
    { "show-log", show_log_cb },
    { "find", find_cb },
    { "save-text", save_text_cb },
    { "show", NULL, "s", "'screen'", show_cb },
    { "shows-text", NULL, NULL, "false", shows_text_cb },
  };

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  xeno_console_view_add_keys (self);
  xeno_console_view_add_typing (self);
  add_property (self, "head");
  add_property (self, "scale-mode");
  add_property (self, "view-only");
  gtk_widget_insert_action_group (GTK_WIDGET (self), "console", G_ACTION_GROUP (self->actions));
}
