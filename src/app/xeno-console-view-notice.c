/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What one console says in place of what it cannot show: why, and the one button that helps. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-console-view-private.h"
#include "base/xeno-text.h"

#define MAX_REASON_CHARS 500

/* Many a console is there before anybody has read that it is on its way. */
#define LATE_MS 700

static XenoConsoleSituation
get_screen_situation (XenoConsoleView *self)
{
  XenoConsoleSituation situation = xeno_console_session_get_situation (self->session);

  if (situation != XENO_SITUATION_CLEAR || xeno_console_has_head (self->console))
    return situation;
  return xeno_console_could_have_head (self->console) ? XENO_SITUATION_DISPLAY_OFF : XENO_SITUATION_DISPLAY_GONE;
}

static XenoConsoleSituation
get_situation (XenoConsoleView *self)
{
  XenoTextPage *text = xeno_console_view_get_text (self);

  if (text != NULL)
    return xeno_text_page_get_situation (text);
  if (xeno_console_view_shows_screen (self))
    return get_screen_situation (self);

  return xeno_console_situation_from_process (xeno_console_session_get_machine (self->session));
}

static char *
dup_reason (XenoConsoleView *self)
{
  XenoTextPage *text = xeno_console_view_get_text (self);
  const char *reason = text != NULL ? xeno_text_page_get_reason (text)
                                    : xeno_console_session_get_reason (self->session);

  return reason != NULL ? xeno_text_clean (reason, -1, MAX_REASON_CHARS) : NULL;
}

static void
offer_help (XenoConsoleView      *self,
            XenoConsoleSituation  situation)
{
  g_autofree char *action = NULL;
  g_autofree char *label = xeno_console_session_dup_help (self->session, situation, &action);

  gtk_widget_set_visible (GTK_WIDGET (self->help_button), label != NULL);
  if (label == NULL)
    return;

  gtk_button_set_label (self->help_button, label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->help_button), action);
}

/* What is over in a moment needs no words for it. */
static gboolean
is_brief (XenoConsoleSituation situation)
{
  return situation == XENO_SITUATION_CONNECTING || situation == XENO_SITUATION_FROZEN ||
         situation == XENO_SITUATION_TEXT_CONNECTING || situation == XENO_SITUATION_DISPLAY_OFF ||
         situation == XENO_SITUATION_DISPLAY_GONE;
}

static void
show_notice (XenoConsoleView         *self,
             XenoConsoleSituation     situation,
             const XenoConsoleNotice *notice)
{
  g_autofree char *reason = dup_reason (self);
  g_autofree char *markup = NULL;

  if (reason == NULL && notice->description != NULL)
    reason = g_strdup (_(notice->description));

  /* A status page takes its description as markup. */
  markup = reason != NULL ? g_markup_escape_text (reason, -1) : NULL;
  adw_status_page_set_icon_name (self->page, notice->icon_name);
  adw_status_page_set_title (self->page, _(notice->title));
  adw_status_page_set_description (self->page, markup);
  offer_help (self, situation);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->log_button),
                                  notice->offers_log ? "console.show-log" : NULL);
  gtk_widget_set_visible (self->log_button, notice->offers_log);
  gtk_widget_set_visible (self->notice, TRUE);
}

static void
late_cb (gpointer user_data)
{
  XenoConsoleView *self = user_data;

  self->notice_id = 0;
  self->is_notice_due = TRUE;
  xeno_console_view_update (self);
}

/*
 * Says what stands between a person and what is in view, or nothing.
 */
void
xeno_console_view_update_notice (XenoConsoleView *self)
{
  XenoConsoleSituation situation = get_situation (self);
  const XenoConsoleNotice *notice = xeno_console_situation_get_notice (situation);
  gboolean waits = notice != NULL && is_brief (situation);

  self->has_notice = notice != NULL;
  if (!waits)
    xeno_console_view_drop_notice (self);
  else if (!self->is_notice_due && self->notice_id == 0)
    self->notice_id = g_timeout_add_once (LATE_MS, late_cb, self);

  if (notice != NULL && (!waits || self->is_notice_due))
    show_notice (self, situation, notice);
  else
    gtk_widget_set_visible (self->notice, FALSE);
}

/*
 * Forgets what would have been said later.
 */
void
xeno_console_view_drop_notice (XenoConsoleView *self)
{
  g_clear_handle_id (&self->notice_id, g_source_remove);
  self->is_notice_due = FALSE;
}
