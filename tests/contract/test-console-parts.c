/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of the console that need no display: geometry, keys, combinations. */
#include "config.h"

#include "console/xeno-combination.h"
#include "console/xeno-keymap.h"
#include "console/xeno-transform.h"

#define STEP 0.25

typedef struct
{
  XenoScaleMode mode;
  int           width;
  int           height;
  int           factor;
  int           x, y, shown_width, shown_height; /* in device pixels */
} Placement;

static void
test_places_the_picture (void)
{
  static const Placement placements[] = {
    { XENO_SCALE_FIT, 640, 480, 1, 0, 0, 640, 480 },
    { XENO_SCALE_FIT, 1280, 960, 1, 0, 0, 1280, 960 },
    { XENO_SCALE_FIT, 1280, 1000, 1, 0, 20, 1280, 960 },
    { XENO_SCALE_FIT, 320, 240, 1, 0, 0, 320, 240 },
    { XENO_SCALE_FIT, 320, 240, 2, 0, 0, 640, 480 },
    { XENO_SCALE_FIT, 800, 500, 1, 66, 0, 667, 500 },
    /* a pixel more than needed is left black: spreading the picture over it would blur it */
    { XENO_SCALE_FIT, 641, 481, 1, 0, 0, 640, 480 },
    { XENO_SCALE_FIT, 650, 484, 1, 5, 2, 640, 480 },
    { XENO_SCALE_ACTUAL, 800, 600, 1, 80, 60, 640, 480 },
    { XENO_SCALE_ACTUAL, 400, 300, 2, 80, 60, 640, 480 },
    { XENO_SCALE_ACTUAL, 100, 100, 1, 0, 0, 640, 480 },
    { XENO_SCALE_INTEGER, 1900, 1000, 1, 310, 20, 1280, 960 },
    { XENO_SCALE_INTEGER, 320, 480, 1, 0, 120, 320, 240 },
    { XENO_SCALE_DOWN, 1280, 960, 1, 320, 240, 640, 480 },
    { XENO_SCALE_DOWN, 800, 500, 1, 80, 10, 640, 480 },
    { XENO_SCALE_DOWN, 320, 240, 1, 0, 0, 320, 240 },
    { XENO_SCALE_STRETCH, 100, 900, 1, 0, 0, 100, 900 },
    { XENO_SCALE_FIT, 0, 0, 1, 0, 0, 1, 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (placements); i++)
    {
      const Placement *placement = &placements[i];
      XenoTransform transform;

      xeno_transform_init (&transform, placement->mode, 640, 480, placement->width,
                           placement->height, placement->factor);
      g_test_message ("row %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (transform.area.x, ==, placement->x);
      g_assert_cmpint (transform.area.y, ==, placement->y);
      g_assert_cmpint (transform.area.width, ==, placement->shown_width);
      g_assert_cmpint (transform.area.height, ==, placement->shown_height);
    }
}

/* Each guest pixel that is shown at least as large as a device pixel is found under its middle. */
static void
test_finds_the_pixel_under_the_pointer (void)
{
  for (double scale = 1; scale <= 4; scale += STEP)
    {
      XenoTransform transform;
      guint x, y;

      xeno_transform_init (&transform, XENO_SCALE_FIT, 320, 200, 320 * scale, 200 * scale, 1);
      for (guint guest_x = 0; guest_x < 320; guest_x++)
        {
          g_assert_true (xeno_transform_to_guest (&transform, (guest_x + 0.5) * scale, 0, &x, &y));
          g_assert_cmpuint (x, ==, guest_x);
          g_assert_cmpuint (y, ==, 0);
        }
    }
}

static void
test_reaches_every_edge (void)
{
  for (double scale = STEP; scale <= 4; scale += STEP)
    for (int factor = 1; factor <= 2; factor++)
      {
        XenoTransform transform;
        int width = 320 * scale, height = 200 * scale;
        guint x, y;

        xeno_transform_init (&transform, XENO_SCALE_FIT, 320, 200, width, height, factor);
        g_assert_true (xeno_transform_to_guest (&transform, 0, 0, &x, &y));
        g_assert_cmpuint (x, ==, 0);
        g_assert_cmpuint (y, ==, 0);
        g_assert_true (xeno_transform_to_guest (&transform, width - 1, height - 1, &x, &y));
        g_assert_cmpuint (x, ==, 319);
        g_assert_cmpuint (y, ==, 199);
      }
}

static void
test_holds_the_pointer_inside (void)
{
  XenoTransform transform;
  guint x, y;

  xeno_transform_init (&transform, XENO_SCALE_ACTUAL, 100, 100, 300, 300, 1);
  g_assert_false (xeno_transform_to_guest (&transform, 50, 50, &x, &y));
  g_assert_cmpuint (x, ==, 0);
  g_assert_cmpuint (y, ==, 0);
  g_assert_false (xeno_transform_to_guest (&transform, 250, 150, &x, &y));
  g_assert_cmpuint (x, ==, 99);
  g_assert_cmpuint (y, ==, 50);
}

static void
test_damage_covers_what_the_filter_reaches (void)
{
  const cairo_rectangle_int_t corner = { 319, 199, 1, 1 };
  const cairo_rectangle_int_t spot = { 10, 20, 3, 4 };
  cairo_rectangle_int_t device;
  XenoTransform transform;

  xeno_transform_init (&transform, XENO_SCALE_FIT, 320, 200, 640, 400, 1);
  xeno_transform_to_device (&transform, &spot, &device);
  g_assert_cmpint (device.x, ==, 20);
  g_assert_cmpint (device.y, ==, 40);
  g_assert_cmpint (device.width, ==, 6);
  g_assert_cmpint (device.height, ==, 8);

  xeno_transform_init (&transform, XENO_SCALE_FIT, 320, 200, 480, 300, 1);
  xeno_transform_to_device (&transform, &spot, &device);
  g_assert_cmpint (device.x, <=, 13);
  g_assert_cmpint (device.x + device.width, >=, 21);
  xeno_transform_to_device (&transform, &corner, &device);
  g_assert_cmpint (device.x + device.width, ==, 480);
  g_assert_cmpint (device.y + device.height, ==, 300);
}

/* Written down apart from the table, by what the keys are called on a PC keyboard. */
static guint
expect_qnum (guint evdev)
{
  static const guchar e0[][2] = {
    { 96, 0x1c }, { 97, 0x1d }, { 98, 0x35 }, { 100, 0x38 }, { 102, 0x47 }, { 103, 0x48 },
    { 104, 0x49 }, { 105, 0x4b }, { 106, 0x4d }, { 107, 0x4f }, { 108, 0x50 }, { 109, 0x51 },
    { 110, 0x52 }, { 111, 0x53 }, { 112, 0x6f }, { 113, 0x20 }, { 114, 0x2e }, { 115, 0x30 },
    { 116, 0x5e }, { 118, 0x4e }, { 119, 0x46 }, { 125, 0x5b }, { 126, 0x5c }, { 127, 0x5d },
    { 128, 0x68 }, { 139, 0x1e }, { 140, 0x21 }, { 142, 0x5f }, { 143, 0x63 }, { 158, 0x6a },
    { 159, 0x69 }, { 163, 0x19 }, { 164, 0x22 }, { 165, 0x10 }, { 172, 0x32 }, { 173, 0x67 },
    { 187, 0x03 }, { 188, 0x77 }, { 189, 0x04 }, { 192, 0x79 },
  };
  static const guchar others[][2] = {
    { 85, 0x76 }, { 89, 0x73 }, { 90, 0x78 }, { 91, 0x77 }, { 92, 0x79 }, { 93, 0x70 }, { 94, 0x7b },
    { 95, 0x5c }, { 99, 0x54 }, { 101, 0x5b }, { 117, 0x59 }, { 121, 0x7e }, { 122, 0x72 },
    { 123, 0x71 }, { 124, 0x7d }, { 183, 0x5d }, { 184, 0x5e }, { 185, 0x5f }, { 186, 0x55 },
    { 190, 0x5a }, { 191, 0x74 }, { 193, 0x6d }, { 194, 0x6f },
  };

  if ((evdev >= 1 && evdev <= 83) || (evdev >= 86 && evdev <= 88))
    return evdev;

  for (gsize i = 0; i < G_N_ELEMENTS (e0); i++)
    if (e0[i][0] == evdev)
      return e0[i][1] | 0x80;
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    if (others[i][0] == evdev)
      return others[i][1];

  return 0;
}

static void
test_every_key_has_its_number (void)
{
  guint n_known = 0;
  gsize n_keys;

  for (guint evdev = 0; evdev < 256; evdev++)
    {
      guint qnum = expect_qnum (evdev);

      g_assert_cmphex (xeno_keymap_from_keycode (evdev + 8), ==, qnum);
      n_known += qnum != 0;
    }

  xeno_keymap_list (&n_keys);
  g_assert_cmpuint (n_keys, ==, n_known);
}

static void
test_no_two_keys_share_a_number (void)
{
  gsize n_keys;
  const XenoKey *keys = xeno_keymap_list (&n_keys);

  for (gsize i = 0; i < n_keys; i++)
    for (gsize j = i + 1; j < n_keys; j++)
      {
        g_assert_cmpuint (keys[i].evdev, <, keys[j].evdev);
        g_assert_cmphex (keys[i].qnum, !=, keys[j].qnum);
      }
}

static void
test_keys_are_found_by_meaning (void)
{
  gsize n_keys;
  const XenoKey *keys = xeno_keymap_list (&n_keys);

  for (gsize i = 0; i < n_keys; i++)
    g_assert_cmphex (xeno_keymap_get_keyval (keys[i].qnum), ==, keys[i].keyval);

  g_assert_cmphex (xeno_keymap_from_keyval (GDK_KEY_a), ==, 0x1e);
  g_assert_cmphex (xeno_keymap_from_keyval (GDK_KEY_A), ==, 0x1e);
  g_assert_cmphex (xeno_keymap_from_keyval (GDK_KEY_Delete), ==, 0xd3);
  g_assert_cmphex (xeno_keymap_from_keyval (GDK_KEY_VoidSymbol), ==, 0);
  g_assert_cmphex (xeno_keymap_get_keyval (0xfff), ==, GDK_KEY_VoidSymbol);
}

/* In sections and in menus below, however deep. */
static gsize
count_items (GMenuModel *menu)
{
  static const char *const links[] = { G_MENU_LINK_SECTION, G_MENU_LINK_SUBMENU };
  gsize n_items = 0;

  for (int i = 0; i < g_menu_model_get_n_items (menu); i++)
    {
      g_autofree char *action = NULL;

      if (g_menu_model_get_item_attribute (menu, i, G_MENU_ATTRIBUTE_ACTION, "s", &action))
        n_items++;
      for (gsize j = 0; j < G_N_ELEMENTS (links); j++)
        {
          g_autoptr(GMenuModel) link = g_menu_model_get_item_link (menu, i, links[j]);

          if (link != NULL)
            n_items += count_items (link);
        }
    }
  return n_items;
}

static void
test_combinations_are_of_known_keys (void)
{
  g_autoptr(GMenu) menu = g_menu_new ();
  gsize n_combinations;
  const XenoCombination *combinations = xeno_combination_list (&n_combinations);

  for (gsize i = 0; i < n_combinations; i++)
    {
      gsize n_keys = xeno_combination_get_n_keys (&combinations[i]);

      g_assert_true (xeno_combination_find (combinations[i].id) == &combinations[i]);
      g_assert_cmpuint (n_keys, >, 0);
      for (gsize j = 0; j < n_keys; j++)
        g_assert_cmphex (xeno_keymap_get_keyval (combinations[i].qnums[j]), !=, GDK_KEY_VoidSymbol);
    }

  xeno_combination_append_to_menu (menu, "win.send-keys");
  g_assert_cmpuint (count_items (G_MENU_MODEL (menu)), ==, n_combinations);
  g_assert_null (xeno_combination_find ("ctrl-alt-f13"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xeno/transform/places-the-picture", test_places_the_picture);
  g_test_add_func ("/xeno/transform/finds-the-pixel-under-the-pointer",
                   test_finds_the_pixel_under_the_pointer);
  g_test_add_func ("/xeno/transform/reaches-every-edge", test_reaches_every_edge);
  g_test_add_func ("/xeno/transform/holds-the-pointer-inside", test_holds_the_pointer_inside);
  g_test_add_func ("/xeno/transform/damage-covers-what-the-filter-reaches",
                   test_damage_covers_what_the_filter_reaches);
  g_test_add_func ("/xeno/keymap/every-key-has-its-number", test_every_key_has_its_number);
  g_test_add_func ("/xeno/keymap/no-two-keys-share-a-number", test_no_two_keys_share_a_number);
  g_test_add_func ("/xeno/keymap/keys-are-found-by-meaning", test_keys_are_found_by_meaning);
  g_test_add_func ("/xeno/combination/combinations-are-of-known-keys",
                   test_combinations_are_of_known_keys);

  return g_test_run ();
}
