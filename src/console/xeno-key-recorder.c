/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Takes down which keys are pressed together. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "console/xeno-host-keyboard.h"
#include "console/xeno-key-recorder.h"
#include "console/xeno-keymap.h"
#include "console/xeno-own-combination.h"

struct _XenoKeyRecorder
{
  GtkWidget           parent_instance;

  GtkEventController *controller;
  GtkLabel           *label;
  guint               qnums[XENO_OWN_COMBINATION_MAX_KEYS];
  gsize               n_qnums;
  guint               n_down;
  GString            *text;
};

G_DEFINE_FINAL_TYPE (XenoKeyRecorder, xeno_key_recorder, GTK_TYPE_WIDGET)

enum { RECORDED, N_SIGNALS };

static guint signals[N_SIGNALS];

/* Modifiers by what people call them; of the others GTK knows the names. */
static char *
dup_name (guint qnum,
          guint keyval)
{
  static const struct
  {
    guint       qnum;
    const char *name;
  } names[] = {
    { XENO_QNUM_CONTROL_L, N_("Ctrl") },      { XENO_QNUM_CONTROL_R, N_("Right Ctrl") },
    { XENO_QNUM_SHIFT_L, N_("Shift") },       { XENO_QNUM_SHIFT_R, N_("Right Shift") },
    { XENO_QNUM_ALT_L, N_("Alt") },           { XENO_QNUM_ALT_R, N_("AltGr") },
    { XENO_QNUM_SUPER_L, N_("Super") },       { XENO_QNUM_SUPER_R, N_("Right Super") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].qnum == qnum)
      return g_strdup (_(names[i].name));

  return gtk_accelerator_get_label (gdk_keyval_to_upper (keyval), 0);
}

static void
begin (XenoKeyRecorder *self)
{
  self->n_qnums = 0;
  g_string_truncate (self->text, 0);
}

static void
add (XenoKeyRecorder *self,
     guint            qnum,
     guint            keyval)
{
  g_autofree char *name = dup_name (qnum, keyval);

  for (gsize i = 0; i < self->n_qnums; i++)
    if (self->qnums[i] == qnum)
      return;
  if (self->n_qnums == XENO_OWN_COMBINATION_MAX_KEYS)
    return;

  self->qnums[self->n_qnums++] = qnum;
  g_string_append_printf (self->text, "%s%s", self->text->len > 0 ? "+" : "", name);
  gtk_label_set_label (self->label, self->text->str);
}

static gboolean
pressed_cb (XenoKeyRecorder *self,
            guint            keyval,
            guint            keycode,
            GdkModifierType  state)
{
  guint qnum;

  if (!gtk_widget_has_focus (GTK_WIDGET (self)))
    return FALSE;

  qnum = xeno_host_keyboard_find_qnum (gtk_widget_get_display (GTK_WIDGET (self)), keycode);
  if (qnum == 0)
    return TRUE;

  if (self->n_down == 0)
    begin (self);
  self->n_down++;
  add (self, qnum, keyval);
  return TRUE;
}

static void
released_cb (XenoKeyRecorder *self)
{
  if (self->n_down == 0)
    return;

  self->n_down--;
  if (self->n_down == 0)
    g_signal_emit (self, signals[RECORDED], 0);
}

static GdkToplevel *
get_toplevel (XenoKeyRecorder *self)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  GdkSurface *surface = native != NULL ? gtk_native_get_surface (native) : NULL;

  return GDK_IS_TOPLEVEL (surface) ? GDK_TOPLEVEL (surface) : NULL;
}

/* What the desktop would take for itself is worth recording most. */
static void
entered_cb (XenoKeyRecorder *self)
{
  GdkToplevel *toplevel = get_toplevel (self);

  self->n_down = 0;
  if (toplevel != NULL)
    gdk_toplevel_inhibit_system_shortcuts (toplevel, NULL);
}

static void
left_cb (XenoKeyRecorder *self)
{
  GdkToplevel *toplevel = get_toplevel (self);

  self->n_down = 0;
  if (toplevel != NULL)
    gdk_toplevel_restore_system_shortcuts (toplevel);
}

/* On the window, as a console's: before the accelerators. */
static void
xeno_key_recorder_map (GtkWidget *widget)
{
  XenoKeyRecorder *self = XENO_KEY_RECORDER (widget);

  GTK_WIDGET_CLASS (xeno_key_recorder_parent_class)->map (widget);

  self->controller = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (self->controller, GTK_PHASE_CAPTURE);
  g_signal_connect_object (self->controller, "key-pressed", G_CALLBACK (pressed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->controller, "key-released", G_CALLBACK (released_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (gtk_widget_get_root (widget)), self->controller);
}

static void
xeno_key_recorder_unmap (GtkWidget *widget)
{
  XenoKeyRecorder *self = XENO_KEY_RECORDER (widget);

  left_cb (self);
  gtk_widget_remove_controller (gtk_event_controller_get_widget (self->controller), self->controller);
  self->controller = NULL;

  GTK_WIDGET_CLASS (xeno_key_recorder_parent_class)->unmap (widget);
}

static void
xeno_key_recorder_dispose (GObject *object)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (object));

  g_clear_pointer (&child, gtk_widget_unparent);

  G_OBJECT_CLASS (xeno_key_recorder_parent_class)->dispose (object);
}

static void
xeno_key_recorder_finalize (GObject *object)
{
  g_string_free (XENO_KEY_RECORDER (object)->text, TRUE);

  G_OBJECT_CLASS (xeno_key_recorder_parent_class)->finalize (object);
}

static void
xeno_key_recorder_class_init (XenoKeyRecorderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_key_recorder_dispose;
  object_class->finalize = xeno_key_recorder_finalize;
  widget_class->map = xeno_key_recorder_map;
  widget_class->unmap = xeno_key_recorder_unmap;

  signals[RECORDED] =
    g_signal_new ("recorded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "keyrecorder");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_TEXT_BOX);
}

static void
xeno_key_recorder_init (XenoKeyRecorder *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  self->text = g_string_new (NULL);
  self->label = GTK_LABEL (gtk_label_new (_("Press the keys")));
  gtk_label_set_wrap (self->label, TRUE);
  gtk_widget_set_parent (GTK_WIDGET (self->label), widget);
  gtk_widget_set_focusable (widget, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Keys"), -1);

  g_signal_connect_swapped (focus, "enter", G_CALLBACK (entered_cb), self);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (left_cb), self);
  gtk_widget_add_controller (widget, focus);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (gtk_widget_grab_focus), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
}

/**
 * xeno_key_recorder_new:
 *
 * Returns: (transfer floating): a recorder; it records while it has the focus
 */
GtkWidget *
xeno_key_recorder_new (void)
{
  return g_object_new (XENO_TYPE_KEY_RECORDER, NULL);
}

/**
 * xeno_key_recorder_get_qnums:
 * @self: a recorder
 * @n_qnums: (out): how many
 *
 * Returns: (array length=n_qnums): QEMU's numbers of the keys, in the order they went down
 */
const guint *
xeno_key_recorder_get_qnums (XenoKeyRecorder *self,
                             gsize           *n_qnums)
{
  g_return_val_if_fail (XENO_IS_KEY_RECORDER (self), NULL);
  g_return_val_if_fail (n_qnums != NULL, NULL);

  *n_qnums = self->n_qnums;
  return self->qnums;
}

/**
 * xeno_key_recorder_get_label:
 * @self: a recorder
 *
 * Returns: the keys as people call them: "Ctrl+Alt+K"
 */
const char *
xeno_key_recorder_get_label (XenoKeyRecorder *self)
{
  g_return_val_if_fail (XENO_IS_KEY_RECORDER (self), NULL);

  return self->text->str;
}
