/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Chooses how GTK draws before the first window is made. */
#include "config.h"

#include <epoxy/gl.h>
#include <gtk/gtk.h>

#include "console/xeno-renderer.h"

static gboolean
has_graphics_processor (void)
{
  g_autoptr(GDir) dir = g_dir_open ("/dev/dri", 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "render"))
      return TRUE;

  return g_file_test ("/dev/nvidia0", G_FILE_TEST_EXISTS);
}

static gboolean
is_software (const char *gl_renderer)
{
  return gl_renderer == NULL || strstr (gl_renderer, "llvmpipe") != NULL ||
         strstr (gl_renderer, "softpipe") != NULL || strstr (gl_renderer, "swrast") != NULL;
}

static gboolean
display_has_hardware_gl (void)
{
  GdkDisplay *display = gdk_display_get_default ();
  g_autoptr(GdkGLContext) context = NULL;
  gboolean is_hardware;

  if (display == NULL)
    return FALSE;

  context = gdk_display_create_gl_context (display, NULL);
  if (context == NULL || !gdk_gl_context_realize (context, NULL))
    return FALSE;

  gdk_gl_context_make_current (context);
  is_hardware = !is_software ((const char *) glGetString (GL_RENDERER));
  gdk_gl_context_clear_current ();
  return is_hardware;
}

/**
 * xeno_renderer_prepare:
 *
 * Keeps GTK from loading OpenGL where nothing will draw with it, because there is no graphics
 * processor or GSK_RENDERER in the environment says so: Mesa's software renderer doubles the memory
 * and the time an application takes to start. Call it before anything of GTK.
 */
void
xeno_renderer_prepare (void)
{
  if (!has_graphics_processor ())
    g_setenv ("GSK_RENDERER", "cairo", FALSE);
  if (g_strcmp0 (g_getenv ("GSK_RENDERER"), "cairo") != 0)
    return;

  if (gtk_get_minor_version () >= 16)
    g_setenv ("GDK_DISABLE", "gl,vulkan", FALSE);
  else
    g_setenv ("GDK_DEBUG", "gl-disable", FALSE);
}

/**
 * xeno_renderer_choose:
 *
 * Lets GTK draw with cairo where OpenGL is computed by the processor after all, as on a remote
 * display: that costs ten times as much. Call it right after gtk_init(), before the first window;
 * GSK_RENDERER in the environment wins.
 */
void
xeno_renderer_choose (void)
{
  if (g_getenv ("GSK_RENDERER") == NULL && !display_has_hardware_gl ())
    g_setenv ("GSK_RENDERER", "cairo", TRUE);
}
