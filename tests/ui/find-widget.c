/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looks for widgets on a screen. */
#include "config.h"

#include "find-widget.h"

/* The first of a type, in the order of the screen. */
gpointer
find_widget (GtkWidget *widget,
             GType      type)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      gpointer found = find_widget (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

guint
count_widgets (GtkWidget *widget,
               GType      type)
{
  guint n = g_type_is_a (G_OBJECT_TYPE (widget), type) ? 1 : 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += count_widgets (child, type);
  return n;
}

static gpointer
find_id (GtkWidget  *widget,
         const char *id)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      gpointer found = g_strcmp0 (gtk_buildable_get_buildable_id (GTK_BUILDABLE (child)), id) == 0
                       ? child : find_id (child, id);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* What a template calls by a name: its own, or else that of the first group in it that has one. */
gpointer
get_child (gpointer    widget,
           const char *name)
{
  gpointer child = gtk_widget_get_template_child (widget, G_OBJECT_TYPE (widget), name);

  if (child == NULL)
    child = find_id (widget, name);
  g_assert_nonnull (child);
  return child;
}
