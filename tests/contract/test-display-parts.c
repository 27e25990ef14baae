/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The decoder's small parts: rectangles, pixels, memory. */
#include "config.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

#include "display/xeno-display-board.h"
#include "display/xeno-frame-buffer.h"
#include "display/xeno-pixels.h"

static void
test_joins_the_columns_of_a_frame (void)
{
  XenoDamage damage = { 0 };

  for (int x = 0; x < 1024; x += 32)
    xeno_damage_add (&damage, (XenoRectangle) { x, 0, 32, 768 });
  g_assert_cmpuint (damage.n_rectangles, ==, 1);
  g_assert_cmpint (damage.rectangles[0].width, ==, 1024);
  g_assert_cmpint (damage.rectangles[0].height, ==, 768);
}

static void
test_keeps_far_rectangles_apart (void)
{
  XenoDamage damage = { 0 };

  xeno_damage_add (&damage, (XenoRectangle) { 0, 0, 10, 10 });
  xeno_damage_add (&damage, (XenoRectangle) { 500, 500, 10, 10 });
  xeno_damage_add (&damage, (XenoRectangle) { 2, 2, 3, 3 });
  g_assert_cmpuint (damage.n_rectangles, ==, 2);
  xeno_damage_clear (&damage);
  g_assert_cmpuint (damage.n_rectangles, ==, 0);
}

static gboolean
holds (const XenoDamage *damage,
       int               x,
       int               y)
{
  for (guint i = 0; i < damage->n_rectangles; i++)
    {
      const XenoRectangle *rectangle = &damage->rectangles[i];

      if (x >= rectangle->x && x < rectangle->x + rectangle->width &&
          y >= rectangle->y && y < rectangle->y + rectangle->height)
        return TRUE;
    }
  return FALSE;
}

static void
test_loses_no_rectangle_among_many (void)
{
  XenoDamage damage = { 0 };

  for (int i = 0; i < 1000; i++)
    {
      xeno_damage_add (&damage, (XenoRectangle) { i * 7919 % 16000, i * 104729 % 16000, 1 + i % 5, 1 + i % 3 });
      g_assert_cmpuint (damage.n_rectangles, <=, XENO_DISPLAY_MAX_RECTANGLES);
    }
  for (int i = 0; i < 1000; i++)
    g_assert_true (holds (&damage, i * 7919 % 16000, i * 104729 % 16000));
}

static void
test_makes_true_colour_of_every_format (void)
{
  static const struct
  {
    guint   format;
    guint   bytes;
    guint16 narrow;
    guint32 wide;
  } cases[] = {
    { 16, 2, 0x0000, 0x000000 },
    { 16, 2, 0x7fff, 0xffffff },
    { 16, 2, 0x7c00, 0xff0000 },
    { 16, 2, 0x03e0, 0x00ff00 },
    { 16, 2, 0x001f, 0x0000ff },
    { 16, 2, 0x4210, 0x848484 },
    { 80, 2, 0xffff, 0xffffff },
    { 80, 2, 0xf800, 0xff0000 },
    { 80, 2, 0x07e0, 0x00ff00 },
    { 80, 2, 0x001f, 0x0000ff },
    { 80, 2, 0x8410, 0x848284 },
  };
  guint32 wide[2] = { 0x11111111, 0x22222222 };
  const guint32 plain = 0x99abcdef;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpuint (xeno_pixels_get_bytes (cases[i].format), ==, cases[i].bytes);
      xeno_pixels_copy (cases[i].format, (guchar *) wide, (const guchar *) &cases[i].narrow, 1);
      g_assert_cmphex (wide[0] & 0xffffff, ==, cases[i].wide);
      g_assert_cmphex (wide[1], ==, 0x22222222);
    }

  xeno_pixels_copy (32, (guchar *) wide, (const guchar *) &plain, 1);
  g_assert_cmphex (wide[0] & 0xffffff, ==, 0xabcdef);
  g_assert_cmpuint (xeno_pixels_get_bytes (33), ==, 0);
}

typedef struct
{
  XenoDisplayBoard *console;
  XenoDisplayBoard *decoder;
} Boards;

static Boards
make_boards (void)
{
  g_autoptr (GError) error = NULL;
  int memory_fd, bell_fd;
  Boards boards;

  boards.console = xeno_display_board_new (&memory_fd, &bell_fd, &error);
  g_assert_no_error (error);
  boards.decoder = xeno_display_board_new_for_fds (memory_fd, bell_fd, &error);
  g_assert_no_error (error);
  return boards;
}

static void
post (Boards *boards,
      int     x)
{
  XenoDamage damage = { 0 };

  xeno_damage_add (&damage, (XenoRectangle) { x, 0, 1, 1 });
  xeno_display_board_post (boards->decoder, &damage);
}

static void
test_a_board_tells_what_changed_and_makes_room_when_it_is_painted (void)
{
  Boards boards = make_boards ();
  XenoDamage damage = { 0 };

  g_assert_cmpint (xeno_display_board_take (boards.console, &damage), ==, XENO_DISPLAY_NEWS_NONE);
  for (int round = 0; round < 100; round++)
    {
      post (&boards, 0);
      g_assert_true (xeno_display_board_has_room (boards.decoder));
      post (&boards, 100);
      g_assert_false (xeno_display_board_has_room (boards.decoder));
      g_assert_false (xeno_display_board_await_room (boards.decoder));

      xeno_damage_clear (&damage);
      g_assert_cmpint (xeno_display_board_take (boards.console, &damage), ==, XENO_DISPLAY_NEWS_DAMAGE);
      g_assert_cmpuint (damage.n_rectangles, ==, 2);
      g_assert_cmpint (damage.rectangles[1].x, ==, 100);
      g_assert_false (xeno_display_board_has_room (boards.decoder));
      g_assert_true (xeno_display_board_painted (boards.console));
      g_assert_false (xeno_display_board_painted (boards.console));
      g_assert_true (xeno_display_board_has_room (boards.decoder));
      g_assert_true (xeno_display_board_hush (boards.decoder));
    }
  xeno_display_board_free (boards.decoder);
  g_assert_cmpint (xeno_display_board_take (boards.console, &damage), ==, XENO_DISPLAY_NEWS_CLOSED);
  xeno_display_board_free (boards.console);
}

static void
test_gives_memory_that_keeps_its_size (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoFrameBuffer) frame = xeno_frame_buffer_new (33, 7, &error);

  g_assert_no_error (error);
  memset (xeno_frame_buffer_get_pixels (frame), 0xff, xeno_frame_buffer_get_stride (frame) * 7);
  g_assert_cmpint (ftruncate (xeno_frame_buffer_get_fd (frame), 0), ==, -1);
  g_assert_cmpint (errno, ==, EPERM);
}

static void
test_refuses_sizes_that_cannot_be (void)
{
  static const guint sizes[][2] = { { 0, 1 }, { 1, 0 }, { 16385, 1 }, { 1, 16385 }, { 0xffffffff, 0xffffffff } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (xeno_frame_buffer_new (sizes[i][0], sizes[i][1], &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
    }

  g_assert_true (xeno_display_is_sane_frame (16384, 16384, 65536, (guint64) 1 << 30));
  g_assert_false (xeno_display_is_sane_frame (16384, 16384, 65536, ((guint64) 1 << 30) - 1));
  g_assert_false (xeno_display_is_sane_frame (10, 10, 39, 4096));
  g_assert_false (xeno_display_is_sane_frame (10, 10, 41, 4096));
  g_assert_false (xeno_display_is_sane_frame (10, 10, G_MAXUINT64, 4096));
  g_assert_true (xeno_display_is_sane_cursor (256, 256, 255, 255, 262144));
  g_assert_false (xeno_display_is_sane_cursor (257, 1, 0, 0, 1028));
  g_assert_false (xeno_display_is_sane_cursor (16, 16, -1, 0, 1024));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xeno/damage/joins-the-columns-of-a-frame", test_joins_the_columns_of_a_frame);
  g_test_add_func ("/xeno/damage/keeps-far-rectangles-apart", test_keeps_far_rectangles_apart);
  g_test_add_func ("/xeno/damage/loses-no-rectangle-among-many", test_loses_no_rectangle_among_many);
  g_test_add_func ("/xeno/pixels/makes-true-colour-of-every-format", test_makes_true_colour_of_every_format);
  g_test_add_func ("/xeno/display-board/tells-what-changed-and-makes-room-when-it-is-painted",
                   test_a_board_tells_what_changed_and_makes_room_when_it_is_painted);
  g_test_add_func ("/xeno/frame-buffer/gives-memory-that-keeps-its-size", test_gives_memory_that_keeps_its_size);
  g_test_add_func ("/xeno/frame-buffer/refuses-sizes-that-cannot-be", test_refuses_sizes_that_cannot_be);

  return g_test_run ();
}
