/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Search in a terminal, from where a person looks upwards first: what is new is below. */
#include "config.h"

#define PCRE2_CODE_UNIT_WIDTH 0
#include <pcre2.h>

#include "console/xeno-terminal-private.h"

/* What was not found, or cannot be looked for, is seen and said. */
static void
show_outcome (XenoTerminal *self,
              gboolean      is_good,
              const char   *problem)
{
  GtkWidget *entry = GTK_WIDGET (self->search_entry);

  if (is_good)
    gtk_widget_remove_css_class (entry, "error");
  else
    gtk_widget_add_css_class (entry, "error");
  gtk_widget_set_tooltip_text (entry, problem);
  gtk_accessible_update_state (GTK_ACCESSIBLE (entry),
                               GTK_ACCESSIBLE_STATE_INVALID,
                               is_good ? GTK_ACCESSIBLE_INVALID_FALSE : GTK_ACCESSIBLE_INVALID_TRUE,
                               -1);
}

static void
find (XenoTerminal *self,
      gboolean      forwards)
{
  gboolean is_found;

  if (vte_terminal_search_get_regex (self->vte) == NULL)
    return;

  is_found = forwards ? vte_terminal_search_find_next (self->vte)
                      : vte_terminal_search_find_previous (self->vte);
  show_outcome (self, is_found, NULL);
}

static void
find_previous (XenoTerminal *self)
{
  find (self, FALSE);
}

static void
find_next (XenoTerminal *self)
{
  find (self, TRUE);
}

void
xeno_terminal_update_search (XenoTerminal *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
  g_autofree char *pattern = self->uses_regex ? g_strdup (text) : g_regex_escape_string (text, -1);
  g_autoptr(VteRegex) regex = NULL;
  g_autoptr(GError) error = NULL;

  if (*text != '\0')
    regex = vte_regex_new_for_search (pattern, -1,
                                      PCRE2_UTF | PCRE2_MULTILINE |
                                      (self->matches_case ? 0 : PCRE2_CASELESS),
                                      &error);
  vte_terminal_search_set_regex (self->vte, regex, 0);
  if (regex != NULL)
    find_previous (self);
  else
    show_outcome (self, error == NULL, error != NULL ? error->message : NULL);
}

static void
search_changed_cb (XenoTerminal *self)
{
  xeno_terminal_update_search (self);
}

static void
stop_search_cb (XenoTerminal *self)
{
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
}

static void
search_mode_cb (XenoTerminal *self)
{
  if (!gtk_search_bar_get_search_mode (self->search_bar))
    gtk_widget_grab_focus (GTK_WIDGET (self->vte));
}

static void
find_cb (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  xeno_terminal_begin_search (XENO_TERMINAL (widget));
}

static void
find_next_cb (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  find_next (XENO_TERMINAL (widget));
}

static void
find_previous_cb (GtkWidget  *widget,
                  const char *action,
                  GVariant   *parameter)
{
  find_previous (XENO_TERMINAL (widget));
}

void
xeno_terminal_class_init_search (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, find_next);
  gtk_widget_class_bind_template_callback (widget_class, find_previous);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_mode_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);

  gtk_widget_class_install_action (widget_class, "terminal.find", NULL, find_cb);
  gtk_widget_class_install_action (widget_class, "terminal.find-next", NULL, find_next_cb);
  gtk_widget_class_install_action (widget_class, "terminal.find-previous", NULL, find_previous_cb);
  gtk_widget_class_install_property_action (widget_class, "terminal.matches-case", "matches-case");
  gtk_widget_class_install_property_action (widget_class, "terminal.uses-regex", "uses-regex");
}

/**
 * xeno_terminal_begin_search:
 * @self: a terminal
 *
 * Asks what to look for.
 */
void
xeno_terminal_begin_search (XenoTerminal *self)
{
  g_return_if_fail (XENO_IS_TERMINAL (self));

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}
