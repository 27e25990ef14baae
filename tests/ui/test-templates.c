/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every description of a window in the program can become one, with each of its children and callbacks. */
#include "config.h"

#include <dlfcn.h>

#include <adwaita.h>

#include "console/xeno-renderer.h"

#define FOLDER "/org/unaos/Xenolith"

/* XenoOsRow -> xeno_os_row_get_type */
static char *
get_type_function (const char *class_name)
{
  GString *name = g_string_new (NULL);

  for (const char *c = class_name; *c != '\0'; c++)
    {
      if (g_ascii_isupper (*c) && c != class_name)
        g_string_append_c (name, '_');
      g_string_append_c (name, g_ascii_tolower (*c));
    }
  g_string_append (name, "_get_type");
  return g_string_free (name, FALSE);
}

static char *
find_template (const char *path)
{
  g_autoptr (GRegex) regex = g_regex_new ("<template class=\"(\\w+)\"", 0, 0, NULL);
  g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  g_assert_nonnull (bytes);
  if (!g_regex_match (regex, g_bytes_get_data (bytes, NULL), 0, &match))
    return NULL;
  return g_match_info_fetch (match, 1);
}

static void
make_widget (const char *class_name)
{
  g_autofree char *function = get_type_function (class_name);
  GType (*get_type) (void) = (GType (*) (void)) dlsym (RTLD_DEFAULT, function);
  GtkWidget *widget;

  if (get_type == NULL)
    g_error ("There is no %s()", function);

  widget = g_object_ref_sink (g_object_new (get_type (), NULL));
  if (GTK_IS_WINDOW (widget))
    gtk_window_destroy (GTK_WINDOW (widget));
  g_assert_finalize_object (widget);
}

/* Without a class of its own it is a window of GTK's. */
static void
build_window (const char *path)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource (path);
  g_autoptr (GSList) objects = gtk_builder_get_objects (builder);
  guint n_windows = 0;

  for (GSList *l = objects; l != NULL; l = l->next)
    if (GTK_IS_WINDOW (l->data))
      {
        gtk_window_destroy (l->data);
        n_windows++;
      }
  g_assert_cmpuint (n_windows, ==, 1);
}

static void
test_template (gconstpointer file)
{
  g_autofree char *path = g_strconcat (FOLDER "/", file, NULL);
  g_autofree char *class_name = find_template (path);

  if (class_name != NULL)
    make_widget (class_name);
  else
    build_window (path);
}

int
main (int    argc,
      char **argv)
{
  g_auto (GStrv) files = NULL;
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  xeno_renderer_prepare ();
  adw_init ();

  files = g_resources_enumerate_children (FOLDER, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
  g_assert_no_error (error);
  for (gsize i = 0; files[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat ("/xeno/template/becomes-a-widget/", files[i], NULL);

      if (g_str_has_suffix (files[i], ".ui"))
        g_test_add_data_func (path, files[i], test_template);
    }
  return g_test_run ();
}
