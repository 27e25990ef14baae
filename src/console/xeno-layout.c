/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A keyboard layout read backwards: which keys type a character. */
#include "config.h"

#include "console/xeno-host-keyboard.h"
#include "console/xeno-keymap.h"
#include "console/xeno-layout.h"

/* The ways to hold a key down that a guest can be relied on to know. */
#define MAX_MASKS 8

struct _XenoLayout
{
  GObject     parent_instance;

  GHashTable *strokes;     /* a key symbol, with what is typed first by least effort: XenoStroke */
  guint       third_level; /* the key that is held for it; 0: none */
};

G_DEFINE_FINAL_TYPE (XenoLayout, xeno_layout, G_TYPE_OBJECT)

/* Accents a layout has dead keys for. */
static const struct
{
  gunichar combining;
  gunichar alone;
  guint    keyval;
} accents[] = {
  { 0x0300, '`', GDK_KEY_dead_grave },
  { 0x0301, 0x00b4, GDK_KEY_dead_acute },
  { 0x0302, '^', GDK_KEY_dead_circumflex },
  { 0x0303, '~', GDK_KEY_dead_tilde },
  { 0x0304, 0x00af, GDK_KEY_dead_macron },
  { 0x0306, 0x02d8, GDK_KEY_dead_breve },
  { 0x0307, 0x02d9, GDK_KEY_dead_abovedot },
  { 0x0308, 0x00a8, GDK_KEY_dead_diaeresis },
  { 0x030a, 0x02da, GDK_KEY_dead_abovering },
  { 0x030b, 0x02dd, GDK_KEY_dead_doubleacute },
  { 0x030c, 0x02c7, GDK_KEY_dead_caron },
  { 0x0327, 0x00b8, GDK_KEY_dead_cedilla },
  { 0x0328, 0x02db, GDK_KEY_dead_ogonek },
};

static guint
count_modifiers (const XenoStroke *stroke)
{
  return (stroke->is_shifted != FALSE) + 2 * (stroke->is_third_level != FALSE);
}

static void
learn (XenoLayout *self,
       XenoStroke  stroke)
{
  const XenoStroke *known = g_hash_table_lookup (self->strokes, GUINT_TO_POINTER (stroke.keyval));

  if (known == NULL || count_modifiers (&stroke) < count_modifiers (known))
    g_hash_table_insert (self->strokes, GUINT_TO_POINTER (stroke.keyval), g_memdup2 (&stroke, sizeof stroke));
}

static void
learn_level (XenoLayout        *self,
             struct xkb_keymap *keymap,
             xkb_keycode_t      keycode,
             xkb_level_index_t  level)
{
  xkb_mod_mask_t shift = 1u << xkb_keymap_mod_get_index (keymap, XKB_MOD_NAME_SHIFT);
  xkb_mod_mask_t third = 1u << xkb_keymap_mod_get_index (keymap, "Mod5");
  xkb_mod_mask_t masks[MAX_MASKS];
  const xkb_keysym_t *keyvals;
  gsize n_masks;

  if (xkb_keymap_key_get_syms_by_level (keymap, keycode, 0, level, &keyvals) != 1)
    return;
  if (keyvals[0] == XKB_KEY_ISO_Level3_Shift && level == 0 && self->third_level == 0)
    self->third_level = xeno_keymap_from_keycode (keycode);

  n_masks = xkb_keymap_key_get_mods_for_level (keymap, keycode, 0, level, masks, MAX_MASKS);
  for (gsize i = 0; i < n_masks; i++)
    if ((masks[i] & ~(shift | third)) == 0)
      learn (self, (XenoStroke) { xeno_keymap_from_keycode (keycode), keyvals[0],
                                  (masks[i] & shift) != 0, (masks[i] & third) != 0 });
}

static void
learn_key (struct xkb_keymap *keymap,
           xkb_keycode_t      keycode,
           void              *data)
{
  if (xeno_keymap_from_keycode (keycode) == 0)
    return;

  for (xkb_level_index_t i = 0; i < xkb_keymap_num_levels_for_key (keymap, keycode, 0); i++)
    learn_level (data, keymap, keycode, i);
}

static gboolean
find_keyval (XenoLayout *self,
             guint       keyval,
             XenoStroke *stroke)
{
  const XenoStroke *known = g_hash_table_lookup (self->strokes, GUINT_TO_POINTER (keyval));

  if (known == NULL || (known->is_third_level && self->third_level == 0))
    return FALSE;

  *stroke = *known;
  return TRUE;
}

static guint
find_with_accent (XenoLayout *self,
                  gunichar    character,
                  XenoStroke  strokes[XENO_LAYOUT_MAX_STROKES])
{
  gunichar base = ' ', accent = 0;

  g_unichar_decompose (character, &base, &accent);
  for (guint i = 0; i < G_N_ELEMENTS (accents); i++)
    {
      gboolean is_alone = accents[i].alone == character;

      if ((is_alone || accents[i].combining == accent) &&
          find_keyval (self, accents[i].keyval, &strokes[0]) &&
          find_keyval (self, gdk_unicode_to_keyval (is_alone ? ' ' : base), &strokes[1]))
        return 2;
    }
  return 0;
}

static XenoLayout *
take_keymap (struct xkb_keymap *keymap)
{
  XenoLayout *self = g_object_new (XENO_TYPE_LAYOUT, NULL);

  if (keymap != NULL)
    xkb_keymap_key_for_each (keymap, learn_key, self);
  xkb_keymap_unref (keymap);
  return self;
}

static void
xeno_layout_finalize (GObject *object)
{
  g_hash_table_unref (XENO_LAYOUT (object)->strokes);

  G_OBJECT_CLASS (xeno_layout_parent_class)->finalize (object);
}

static void
xeno_layout_class_init (XenoLayoutClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_layout_finalize;
}

static void
xeno_layout_init (XenoLayout *self)
{
  self->strokes = g_hash_table_new_full (NULL, NULL, NULL, g_free);
}

/**
 * xeno_layout_new:
 * @name: a layout of xkeyboard-config: "de", or with a variant: "de+nodeadkeys"
 *
 * Returns: (transfer full): the layout; one that nobody knows types nothing
 */
XenoLayout *
xeno_layout_new (const char *name)
{
  g_auto (GStrv) parts = NULL;
  struct xkb_context *context;
  struct xkb_rule_names rules = { 0 };
  XenoLayout *self;

  g_return_val_if_fail (name != NULL, NULL);

  parts = g_strsplit (name, "+", 2);
  rules.layout = parts[0];
  rules.variant = parts[0] != NULL ? parts[1] : NULL;
  context = xkb_context_new (XKB_CONTEXT_NO_FLAGS);
  xkb_context_set_log_level (context, XKB_LOG_LEVEL_CRITICAL);
  self = take_keymap (xkb_keymap_new_from_names (context, &rules, XKB_KEYMAP_COMPILE_NO_FLAGS));
  xkb_context_unref (context);
  return self;
}

/**
 * xeno_layout_new_for_display:
 * @display: a display
 *
 * Returns: (transfer full): the layout that the host's own keyboard has
 */
XenoLayout *
xeno_layout_new_for_display (GdkDisplay *display)
{
  struct xkb_context *context;
  XenoLayout *self;

  g_return_val_if_fail (GDK_IS_DISPLAY (display), NULL);

  context = xkb_context_new (XKB_CONTEXT_NO_FLAGS);
  xkb_context_set_log_level (context, XKB_LOG_LEVEL_CRITICAL);
  self = take_keymap (xeno_host_keyboard_dup_keymap (display, context));
  xkb_context_unref (context);
  return self;
}

/**
 * xeno_layout_find:
 * @self: a layout
 * @character: a character
 * @strokes: (out): the keys that type it, one after the other
 *
 * Returns: how many keys that takes; 0: no key types it
 */
guint
xeno_layout_find (XenoLayout *self,
                  gunichar    character,
                  XenoStroke  strokes[XENO_LAYOUT_MAX_STROKES])
{
  guint keyval;

  g_return_val_if_fail (XENO_IS_LAYOUT (self), 0);
  g_return_val_if_fail (strokes != NULL, 0);

  switch (character)
    {
    case '\n':
    case '\r':
      keyval = GDK_KEY_Return;
      break;

    case '\t':
      keyval = GDK_KEY_Tab;
      break;

    default:
      keyval = gdk_unicode_to_keyval (character);
    }

  if (find_keyval (self, keyval, &strokes[0]))
    return 1;
  return find_with_accent (self, character, strokes);
}

/**
 * xeno_layout_get_third_level:
 * @self: a layout
 *
 * Returns: QEMU's number of the key that is held for the third level, mostly AltGr; 0: none
 */
guint
xeno_layout_get_third_level (XenoLayout *self)
{
  g_return_val_if_fail (XENO_IS_LAYOUT (self), 0);

  return self->third_level;
}

/**
 * xeno_layout_dup_missing:
 * @self: a layout
 * @text: a text
 *
 * Returns: (transfer full) (nullable): the characters of @text that no key types, each once
 */
char *
xeno_layout_dup_missing (XenoLayout *self,
                         const char *text)
{
  g_autoptr (GString) missing = g_string_new (NULL);
  XenoStroke strokes[XENO_LAYOUT_MAX_STROKES];

  g_return_val_if_fail (XENO_IS_LAYOUT (self), NULL);
  g_return_val_if_fail (text != NULL, NULL);

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      if (xeno_layout_find (self, character, strokes) == 0 &&
          g_utf8_strchr (missing->str, -1, character) == NULL)
        g_string_append_unichar (missing, character);
    }
  return missing->len > 0 ? g_string_free (g_steal_pointer (&missing), FALSE) : NULL;
}
