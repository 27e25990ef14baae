/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads what changed of a frame from the board a decoder writes. */
#include "config.h"

#include <glib-unix.h>

#include "console/xeno-decoder-link-private.h"

static gboolean
is_visible (XenoSurface         *surface,
            const XenoRectangle *rectangle)
{
  return surface != NULL && rectangle->x < (int) xeno_surface_get_width (surface) &&
         rectangle->y < (int) xeno_surface_get_height (surface);
}

/* The painter makes room for more; where there is nothing to paint, nobody would. */
static void
pass_on (XenoDecoderLink  *self,
         const XenoDamage *damage)
{
  g_autoptr (XenoConsoleBackend) backend = g_object_ref (self->backend);
  XenoSurface *surface = xeno_console_backend_get_surface (backend);
  gboolean has_damage = FALSE;

  for (guint i = 0; i < damage->n_rectangles; i++)
    {
      const XenoRectangle *rectangle = &damage->rectangles[i];

      has_damage |= is_visible (surface, rectangle);
      xeno_console_backend_damage (backend, rectangle->x, rectangle->y, rectangle->width,
                                   rectangle->height);
    }

  if (has_damage)
    xeno_console_backend_end_update (backend);
  else
    xeno_display_board_painted (self->board);
}

static gboolean
bell_cb (int          fd,
         GIOCondition condition,
         gpointer     user_data)
{
  g_autoptr (XenoDecoderLink) self = g_object_ref (user_data);
  XenoDamage damage;

  damage.n_rectangles = 0;
  switch (xeno_display_board_take (self->board, &damage))
    {
    case XENO_DISPLAY_NEWS_NONE:
      return G_SOURCE_CONTINUE;

    case XENO_DISPLAY_NEWS_DAMAGE:
      pass_on (self, &damage);
      return self->bell_id != 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;

    case XENO_DISPLAY_NEWS_LIE:
      xeno_decoder_link_end_lying (self);
      return G_SOURCE_REMOVE;

    case XENO_DISPLAY_NEWS_CLOSED:
    default:
      self->bell_id = 0;
      return G_SOURCE_REMOVE;
    }
}

void
xeno_decoder_link_watch_board (XenoDecoderLink *self)
{
  self->bell_id = g_unix_fd_add (xeno_display_board_get_bell (self->board), G_IO_IN, bell_cb, self);
}
