/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The console window in full screen on a monitor that a person chooses, where there are several. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-console-window-private.h"
#include "base/xeno-text.h"

#define MAX_NAME_CHARS 60

static GListModel *
get_monitors (XenoConsoleWindow *self)
{
  return gdk_display_get_monitors (gtk_widget_get_display (GTK_WIDGET (self)));
}

/* A monitor says itself what it is called. */
static char *
dup_label (GdkMonitor *monitor,
           guint       number)
{
  const char *model = gdk_monitor_get_model (monitor);
  const char *connector = gdk_monitor_get_connector (monitor);
  g_autofree char *name = NULL;
  GdkRectangle area;

  if (model == NULL || *model == '\0')
    model = connector;
  name = model != NULL ? xeno_text_clean (model, -1, MAX_NAME_CHARS)
                       /* Translators: %u is the number of a monitor */
                       : g_strdup_printf (_("Monitor %u"), number);
  gdk_monitor_get_geometry (monitor, &area);
  /* Translators: the name of a monitor, and its width and height */
  return g_strdup_printf (_("Full Screen on %s (%d × %d)"), name, area.width, area.height);
}

/*
 * With one monitor there is nothing to choose.
 */
void
xeno_console_window_list_monitors (XenoConsoleWindow *self,
                                   GListModel        *monitors)
{
  guint n_monitors = g_list_model_get_n_items (monitors);

  g_menu_remove_all (self->monitors_menu);
  if (n_monitors < 2)
    return;

  for (guint i = 0; i < n_monitors; i++)
    {
      g_autoptr(GdkMonitor) monitor = g_list_model_get_item (monitors, i);
      g_autofree char *label = dup_label (monitor, i + 1);
      g_autoptr(GMenuItem) item = g_menu_item_new (label, NULL);

      g_menu_item_set_action_and_target (item, "win.fullscreen-on", "u", i);
      g_menu_append_item (self->monitors_menu, item);
    }
}

static void
monitors_cb (XenoConsoleWindow *self)
{
  xeno_console_window_list_monitors (self, get_monitors (self));
}

static void
fullscreen_on_cb (GtkWidget  *widget,
                  const char *action,
                  GVariant   *parameter)
{
  XenoConsoleWindow *self = XENO_CONSOLE_WINDOW (widget);
  g_autoptr(GdkMonitor) monitor = NULL;

  monitor = g_list_model_get_item (get_monitors (self), g_variant_get_uint32 (parameter));
  if (monitor != NULL)
    gtk_window_fullscreen_on_monitor (GTK_WINDOW (self), monitor);
}

void
xeno_console_window_class_init_monitors (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.fullscreen-on", "u", fullscreen_on_cb);
}

void
xeno_console_window_init_monitors (XenoConsoleWindow *self)
{
  g_signal_connect_object (get_monitors (self), "items-changed", G_CALLBACK (monitors_cb), self,
                           G_CONNECT_SWAPPED);
  monitors_cb (self);
}
