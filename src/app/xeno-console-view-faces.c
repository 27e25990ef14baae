/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What one console can show: its screen, each of its text consoles, and QEMU's monitor. All but the
 * screen are made when they are first looked at. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-console-view-private.h"
#include "app/xeno-monitor-page.h"
#include "app/xeno-text-port.h"

#define SCREEN  "screen"
#define MONITOR "monitor"

static XenoMachine *
get_machine (XenoConsoleView *self)
{
  return self->session != NULL ? xeno_console_session_get_machine (self->session) : NULL;
}

/*
 * Returns: (nullable): the text console in view
 */
XenoTextPage *
xeno_console_view_get_text (XenoConsoleView *self)
{
  GtkWidget *child = gtk_stack_get_visible_child (self->views);

  return XENO_IS_TEXT_PAGE (child) ? XENO_TEXT_PAGE (child) : NULL;
}

/*
 * Returns: (nullable): the terminal in view
 */
XenoTerminal *
xeno_console_view_get_terminal (XenoConsoleView *self)
{
  GtkWidget *child = gtk_stack_get_visible_child (self->views);

  if (XENO_IS_TEXT_PAGE (child))
    return xeno_text_page_get_terminal (XENO_TEXT_PAGE (child));
  if (XENO_IS_MONITOR_PAGE (child))
    return xeno_monitor_page_get_terminal (XENO_MONITOR_PAGE (child));

  return NULL;
}

gboolean
xeno_console_view_shows_screen (XenoConsoleView *self)
{
  return g_str_equal (self->shown, SCREEN);
}

static gboolean
has_monitor (XenoConsoleView *self)
{
  XenoMachine *machine = get_machine (self);
  g_autoptr(XenoSpec) spec = machine != NULL ? xeno_machine_dup_spec (machine) : NULL;
  g_autofree char *type = spec != NULL ? xeno_spec_dup_virt_type (spec) : NULL;

  return g_strcmp0 (type, "kvm") == 0 || g_strcmp0 (type, "qemu") == 0;
}

static void
follow_scale (XenoConsoleView *self,
              XenoTerminal    *terminal)
{
  g_settings_bind (self->settings, "console-text-scale", terminal, "font-scale",
                   G_SETTINGS_BIND_DEFAULT);
}

static GtkWidget *
make_text (XenoConsoleView *self,
           const char      *port)
{
  GtkWidget *page = xeno_text_page_new (get_machine (self), port);
  g_autofree char *label = xeno_text_port_dup_label (port);

  XenoTerminal *terminal = xeno_text_page_get_terminal (XENO_TEXT_PAGE (page));

  follow_scale (self, terminal);
  g_object_bind_property (self->console, "view-only", terminal, "accepts-input",
                          G_BINDING_SYNC_CREATE | G_BINDING_INVERT_BOOLEAN);
  g_signal_connect_object (page, "notify::situation", G_CALLBACK (xeno_console_view_update), self,
                           G_CONNECT_SWAPPED);
  gtk_stack_add_titled (self->views, page, port, label);
  return page;
}

static GtkWidget *
make_monitor (XenoConsoleView *self)
{
  GtkWidget *page = xeno_monitor_page_new (get_machine (self));

  follow_scale (self, xeno_monitor_page_get_terminal (XENO_MONITOR_PAGE (page)));
  g_object_bind_property (self->console, "view-only", page, "sensitive",
                          G_BINDING_SYNC_CREATE | G_BINDING_INVERT_BOOLEAN);
  gtk_stack_add_named (self->views, page, MONITOR);
  return page;
}

static void
append_face (GMenu      *menu,
             const char *label,
             const char *face)
{
  g_autoptr(GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, "console.show", "s", face);
  g_menu_append_item (menu, item);
}

/*
 * Follows which text consoles the machine has.
 */
void
xeno_console_view_update_faces (XenoConsoleView *self)
{
  XenoMachine *machine = get_machine (self);
  g_auto(GStrv) ports = NULL;

  if (machine == NULL)
    return;

  ports = xeno_text_port_list (machine);
  if (self->ports != NULL && g_strv_equal ((const char * const *) ports,
                                           (const char * const *) self->ports))
    return;

  g_strfreev (self->ports);
  self->ports = g_steal_pointer (&ports);
  g_menu_remove_all (self->faces);
  append_face (self->faces, _("_Screen"), SCREEN);
  for (gsize i = 0; self->ports[i] != NULL; i++)
    {
      g_autofree char *label = xeno_text_port_dup_label (self->ports[i]);

      append_face (self->faces, label, self->ports[i]);
    }
  if (has_monitor (self))
    append_face (self->faces, _("_QEMU Monitor (Advanced)"), MONITOR);
}

gboolean
xeno_console_view_has_face (XenoConsoleView *self,
                            const char      *face)
{
  return g_str_equal (face, SCREEN) || (g_str_equal (face, MONITOR) && has_monitor (self)) ||
         (self->ports != NULL && g_strv_contains ((const char * const *) self->ports, face));
}

/*
 * Opens what is looked at, and takes it into view.
 */
void
xeno_console_view_show_face (XenoConsoleView *self,
                             const char      *face)
{
  GtkWidget *child = gtk_stack_get_child_by_name (self->views, face);

  if (child == NULL)
    child = g_str_equal (face, MONITOR) ? make_monitor (self) : make_text (self, face);
  gtk_stack_set_visible_child (self->views, child);
  if (XENO_IS_TEXT_PAGE (child))
    xeno_text_page_open (XENO_TEXT_PAGE (child));
}

/*
 * Returns: the text console that was in view last, or else the first
 */
const char *
xeno_console_view_get_text_face (XenoConsoleView *self)
{
  return self->last_text != NULL ? self->last_text : self->ports[0];
}

void
xeno_console_view_close_faces (XenoConsoleView *self)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->views)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (XENO_IS_TEXT_PAGE (child))
      xeno_text_page_close (XENO_TEXT_PAGE (child));
}
