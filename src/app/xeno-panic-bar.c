/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Says above a console that the guest's kernel gave up, and why. */
#include "config.h"

#include "app/xeno-panic-bar.h"

struct _XenoPanicBar
{
  GtkWidget    parent_instance;

  XenoMachine *machine; /* NULL: what is shown is no machine */
  gboolean     is_closed; /* by the person, until there is something new */

  GtkInfoBar  *bar;
  GtkLabel    *text;
  GtkWidget   *run_button;
};

G_DEFINE_FINAL_TYPE (XenoPanicBar, xeno_panic_bar, GTK_TYPE_WIDGET)

/* What it said tells more than that it is so. */
static const char *
find_text (XenoMachine *machine)
{
  if (xeno_machine_get_panic (machine) != NULL)
    return xeno_machine_get_panic (machine);

  return xeno_machine_get_state (machine) == XENO_MACHINE_PANICKED ? xeno_machine_get_state_reason (machine) : NULL;
}

static void
update (XenoPanicBar *self)
{
  const char *text = find_text (self->machine);

  if (text == NULL || g_strcmp0 (text, gtk_label_get_label (self->text)) != 0)
    self->is_closed = FALSE;
  if (text != NULL)
    gtk_label_set_label (self->text, text);
  else if (!gtk_info_bar_get_revealed (self->bar))
    gtk_label_set_label (self->text, "");
  gtk_widget_set_visible (self->run_button, xeno_machine_runs_kernel (self->machine));
  gtk_info_bar_set_revealed (self->bar, text != NULL && !self->is_closed);
}

static void
response_cb (XenoPanicBar *self,
             int           response)
{
  if (response != GTK_RESPONSE_CLOSE)
    return;

  self->is_closed = TRUE;
  update (self);
}

static void
xeno_panic_bar_dispose (GObject *object)
{
  XenoPanicBar *self = XENO_PANIC_BAR (object);

  while (gtk_widget_get_first_child (GTK_WIDGET (self)) != NULL)
    gtk_widget_unparent (gtk_widget_get_first_child (GTK_WIDGET (self)));
  if (self->machine != NULL)
    g_signal_handlers_disconnect_by_data (self->machine, self);
  g_clear_object (&self->machine);

  G_OBJECT_CLASS (xeno_panic_bar_parent_class)->dispose (object);
}

static void
xeno_panic_bar_class_init (XenoPanicBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xeno_panic_bar_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-panic-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoPanicBar, bar);
  gtk_widget_class_bind_template_child (widget_class, XenoPanicBar, text);
  gtk_widget_class_bind_template_child (widget_class, XenoPanicBar, run_button);
  gtk_widget_class_bind_template_callback (widget_class, response_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
xeno_panic_bar_init (XenoPanicBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * xeno_panic_bar_set_machine:
 * @self: a bar without a machine
 * @machine: a machine
 *
 * Tells of the panics of @machine, whose actions are the window's.
 */
void
xeno_panic_bar_set_machine (XenoPanicBar *self,
                            XenoMachine  *machine)
{
  g_return_if_fail (XENO_IS_PANIC_BAR (self));
  g_return_if_fail (XENO_IS_MACHINE (machine));
  g_return_if_fail (self->machine == NULL);

  self->machine = g_object_ref (machine);
  g_signal_connect_swapped (machine, "notify::panic", G_CALLBACK (update), self);
  g_signal_connect_swapped (machine, "notify::state", G_CALLBACK (update), self);
  g_signal_connect_swapped (machine, "notify::runs-kernel", G_CALLBACK (update), self);
  update (self);
}

/**
 * xeno_panic_bar_get_text:
 * @self: a bar
 *
 * Gets what it says.
 *
 * Returns: (transfer none) (nullable): the text, or %NULL while it says nothing
 */
const char *
xeno_panic_bar_get_text (XenoPanicBar *self)
{
  g_return_val_if_fail (XENO_IS_PANIC_BAR (self), NULL);

  return gtk_info_bar_get_revealed (self->bar) ? gtk_label_get_label (self->text) : NULL;
}
