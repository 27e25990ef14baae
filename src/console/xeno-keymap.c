/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the host's hardware key codes to the key numbers a guest understands, whatever the layouts. */
#include "config.h"

#include "console/xeno-keymap.h"

/* X11 and Wayland add this to Linux's key numbers. */
#define EVDEV_OFFSET 8u

static const XenoKey keys[] = {
  {   1, 0x01, GDK_KEY_Escape },
  {   2, 0x02, GDK_KEY_1 },
  {   3, 0x03, GDK_KEY_2 },
  {   4, 0x04, GDK_KEY_3 },
  {   5, 0x05, GDK_KEY_4 },
  {   6, 0x06, GDK_KEY_5 },
  {   7, 0x07, GDK_KEY_6 },
  {   8, 0x08, GDK_KEY_7 },
  {   9, 0x09, GDK_KEY_8 },
  {  10, 0x0a, GDK_KEY_9 },
  {  11, 0x0b, GDK_KEY_0 },
  {  12, 0x0c, GDK_KEY_minus },
  {  13, 0x0d, GDK_KEY_equal },
  {  14, 0x0e, GDK_KEY_BackSpace },
  {  15, 0x0f, GDK_KEY_Tab },
  {  16, 0x10, GDK_KEY_q },
  {  17, 0x11, GDK_KEY_w },
  {  18, 0x12, GDK_KEY_e },
  {  19, 0x13, GDK_KEY_r },
  {  20, 0x14, GDK_KEY_t },
  {  21, 0x15, GDK_KEY_y },
  {  22, 0x16, GDK_KEY_u },
  {  23, 0x17, GDK_KEY_i },
  {  24, 0x18, GDK_KEY_o },
  {  25, 0x19, GDK_KEY_p },
  {  26, 0x1a, GDK_KEY_bracketleft },
  {  27, 0x1b, GDK_KEY_bracketright },
  {  28, 0x1c, GDK_KEY_Return },
  {  29, 0x1d, GDK_KEY_Control_L },
  {  30, 0x1e, GDK_KEY_a },
  {  31, 0x1f, GDK_KEY_s },
  {  32, 0x20, GDK_KEY_d },
  {  33, 0x21, GDK_KEY_f },
  {  34, 0x22, GDK_KEY_g },
  {  35, 0x23, GDK_KEY_h },
  {  36, 0x24, GDK_KEY_j },
  {  37, 0x25, GDK_KEY_k },
  {  38, 0x26, GDK_KEY_l },
  {  39, 0x27, GDK_KEY_semicolon },
  {  40, 0x28, GDK_KEY_apostrophe },
  {  41, 0x29, GDK_KEY_grave },
  {  42, 0x2a, GDK_KEY_Shift_L },
  {  43, 0x2b, GDK_KEY_backslash },
  {  44, 0x2c, GDK_KEY_z },
  {  45, 0x2d, GDK_KEY_x },
  {  46, 0x2e, GDK_KEY_c },
  {  47, 0x2f, GDK_KEY_v },
  {  48, 0x30, GDK_KEY_b },
  {  49, 0x31, GDK_KEY_n },
  {  50, 0x32, GDK_KEY_m },
  {  51, 0x33, GDK_KEY_comma },
  {  52, 0x34, GDK_KEY_period },
  {  53, 0x35, GDK_KEY_slash },
  {  54, 0x36, GDK_KEY_Shift_R },
  {  55, 0x37, GDK_KEY_KP_Multiply },
  {  56, 0x38, GDK_KEY_Alt_L },
  {  57, 0x39, GDK_KEY_space },
  {  58, 0x3a, GDK_KEY_Caps_Lock },
  {  59, 0x3b, GDK_KEY_F1 },
  {  60, 0x3c, GDK_KEY_F2 },
  {  61, 0x3d, GDK_KEY_F3 },
  {  62, 0x3e, GDK_KEY_F4 },
  {  63, 0x3f, GDK_KEY_F5 },
  {  64, 0x40, GDK_KEY_F6 },
  {  65, 0x41, GDK_KEY_F7 },
  {  66, 0x42, GDK_KEY_F8 },
  {  67, 0x43, GDK_KEY_F9 },
  {  68, 0x44, GDK_KEY_F10 },
  {  69, 0x45, GDK_KEY_Num_Lock },
  {  70, 0x46, GDK_KEY_Scroll_Lock },
  {  71, 0x47, GDK_KEY_KP_7 },
  {  72, 0x48, GDK_KEY_KP_8 },
  {  73, 0x49, GDK_KEY_KP_9 },
  {  74, 0x4a, GDK_KEY_KP_Subtract },
  {  75, 0x4b, GDK_KEY_KP_4 },
  {  76, 0x4c, GDK_KEY_KP_5 },
  {  77, 0x4d, GDK_KEY_KP_6 },
  {  78, 0x4e, GDK_KEY_KP_Add },
  {  79, 0x4f, GDK_KEY_KP_1 },
  {  80, 0x50, GDK_KEY_KP_2 },
  {  81, 0x51, GDK_KEY_KP_3 },
  {  82, 0x52, GDK_KEY_KP_0 },
  {  83, 0x53, GDK_KEY_KP_Decimal },
  {  85, 0x76, GDK_KEY_Zenkaku_Hankaku },
  {  86, 0x56, GDK_KEY_less },
  {  87, 0x57, GDK_KEY_F11 },
  {  88, 0x58, GDK_KEY_F12 },
  {  89, 0x73, GDK_KEY_VoidSymbol },
  {  90, 0x78, GDK_KEY_Katakana },
  {  91, 0x77, GDK_KEY_Hiragana },
  {  92, 0x79, GDK_KEY_Henkan },
  {  93, 0x70, GDK_KEY_Hiragana_Katakana },
  {  94, 0x7b, GDK_KEY_Muhenkan },
  {  95, 0x5c, GDK_KEY_KP_Separator },
  {  96, 0x9c, GDK_KEY_KP_Enter },
  {  97, 0x9d, GDK_KEY_Control_R },
  {  98, 0xb5, GDK_KEY_KP_Divide },
  {  99, 0x54, GDK_KEY_Print },
  { 100, 0xb8, GDK_KEY_Alt_R },
  { 101, 0x5b, GDK_KEY_Linefeed },
  { 102, 0xc7, GDK_KEY_Home },
  { 103, 0xc8, GDK_KEY_Up },
  { 104, 0xc9, GDK_KEY_Page_Up },
  { 105, 0xcb, GDK_KEY_Left },
  { 106, 0xcd, GDK_KEY_Right },
  { 107, 0xcf, GDK_KEY_End },
  { 108, 0xd0, GDK_KEY_Down },
  { 109, 0xd1, GDK_KEY_Page_Down },
  { 110, 0xd2, GDK_KEY_Insert },
  { 111, 0xd3, GDK_KEY_Delete },
  { 112, 0xef, GDK_KEY_VoidSymbol },
  { 113, 0xa0, GDK_KEY_AudioMute },
  { 114, 0xae, GDK_KEY_AudioLowerVolume },
  { 115, 0xb0, GDK_KEY_AudioRaiseVolume },
  { 116, 0xde, GDK_KEY_PowerOff },
  { 117, 0x59, GDK_KEY_KP_Equal },
  { 118, 0xce, GDK_KEY_plusminus },
  { 119, 0xc6, GDK_KEY_Pause },
  { 121, 0x7e, GDK_KEY_KP_Separator },
  { 122, 0x72, GDK_KEY_Hangul },
  { 123, 0x71, GDK_KEY_Hangul_Hanja },
  { 124, 0x7d, GDK_KEY_yen },
  { 125, 0xdb, GDK_KEY_Super_L },
  { 126, 0xdc, GDK_KEY_Super_R },
  { 127, 0xdd, GDK_KEY_Menu },
  { 128, 0xe8, GDK_KEY_Cancel },
  { 139, 0x9e, GDK_KEY_MenuKB },
  { 140, 0xa1, GDK_KEY_Calculator },
  { 142, 0xdf, GDK_KEY_Sleep },
  { 143, 0xe3, GDK_KEY_WakeUp },
  { 158, 0xea, GDK_KEY_Back },
  { 159, 0xe9, GDK_KEY_Forward },
  { 163, 0x99, GDK_KEY_AudioNext },
  { 164, 0xa2, GDK_KEY_AudioPlay },
  { 165, 0x90, GDK_KEY_AudioPrev },
  { 172, 0xb2, GDK_KEY_HomePage },
  { 173, 0xe7, GDK_KEY_Refresh },
  { 183, 0x5d, GDK_KEY_F13 },
  { 184, 0x5e, GDK_KEY_F14 },
  { 185, 0x5f, GDK_KEY_F15 },
  { 186, 0x55, GDK_KEY_F16 },
  { 187, 0x83, GDK_KEY_F17 },
  { 188, 0xf7, GDK_KEY_F18 },
  { 189, 0x84, GDK_KEY_F19 },
  { 190, 0x5a, GDK_KEY_F20 },
  { 191, 0x74, GDK_KEY_F21 },
  { 192, 0xf9, GDK_KEY_F22 },
  { 193, 0x6d, GDK_KEY_F23 },
  { 194, 0x6f, GDK_KEY_F24 },
};

/**
 * xeno_keymap_list:
 * @n_keys: (out): how many there are
 *
 * Returns: (array length=n_keys): the key table, sorted by Linux's number
 */
const XenoKey *
xeno_keymap_list (gsize *n_keys)
{
  g_return_val_if_fail (n_keys != NULL, NULL);

  *n_keys = G_N_ELEMENTS (keys);
  return keys;
}

/**
 * xeno_keymap_from_keycode:
 * @keycode: a hardware key code of a display that numbers keys as Linux does
 *
 * Returns: QEMU's number of the key, or 0 when it has none
 */
guint
xeno_keymap_from_keycode (guint keycode)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (keys[i].evdev + EVDEV_OFFSET == keycode)
      return keys[i].qnum;

  return 0;
}

/**
 * xeno_keymap_from_keyval:
 * @keyval: a key symbol
 *
 * Guesses the key from what it means, as on a US keyboard: for displays with unknown key codes.
 *
 * Returns: QEMU's number of the key, or 0 when it has none
 */
guint
xeno_keymap_from_keyval (guint keyval)
{
  guint lower = gdk_keyval_to_lower (keyval);

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (keys[i].keyval == lower && keys[i].keyval != GDK_KEY_VoidSymbol)
      return keys[i].qnum;

  return 0;
}

/**
 * xeno_keymap_from_meaning:
 * @display: a display that numbers keys in a way of its own
 * @keycode: a hardware key code of it
 *
 * Guesses the key from all that it can mean, the plain meaning first: "!" and "1" are one key.
 *
 * Returns: QEMU's number of the key, or 0 when it has none
 */
guint
xeno_keymap_from_meaning (GdkDisplay *display,
                          guint       keycode)
{
  g_autofree GdkKeymapKey *keys_of_code = NULL;
  g_autofree guint *keyvals = NULL;
  int n_keyvals = 0;
  guint qnum = 0;

  g_return_val_if_fail (GDK_IS_DISPLAY (display), 0);

  gdk_display_map_keycode (display, keycode, &keys_of_code, &keyvals, &n_keyvals);
  for (int i = 0; i < n_keyvals && qnum == 0; i++)
    qnum = xeno_keymap_from_keyval (keyvals[i]);

  return qnum;
}

/**
 * xeno_keymap_get_keyval:
 * @qnum: QEMU's number of a key
 *
 * Returns: what the key means on a US keyboard, or %GDK_KEY_VoidSymbol
 */
guint
xeno_keymap_get_keyval (guint qnum)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (keys[i].qnum == qnum)
      return keys[i].keyval;

  return GDK_KEY_VoidSymbol;
}
