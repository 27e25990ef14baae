/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* QEMU's monitor: a line goes there, its answer comes back, after a warning. */
#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "app/xeno-monitor-page.h"
#include "base/xeno-text.h"
#include "virt/xeno-machine-monitor.h"

/* An answer is a page or two; "x /1000000b" is not read by anybody. */
#define MAX_LINES      5000
#define MAX_LINE_CHARS 2000

#define MAX_HISTORY 100

struct _XenoMonitorPage
{
  GtkWidget     parent_instance;

  XenoMachine  *machine;
  GCancellable *cancellable;
  GtkStack     *stack;
  GtkWidget    *agree_button;
  XenoTerminal *terminal;
  GtkEntry     *entry;

  GPtrArray    *history;
  guint         history_index; /* the line in the entry; behind the last: a new one */
};

G_DEFINE_FINAL_TYPE (XenoMonitorPage, xeno_monitor_page, GTK_TYPE_WIDGET)

static void
write_line (XenoMonitorPage *self,
            const char      *before,
            const char      *text,
            const char      *after)
{
  g_autofree char *clean = xeno_text_clean (text, -1, MAX_LINE_CHARS);
  g_autofree char *line = g_strconcat (before, clean, after, "\r\n", NULL);

  xeno_terminal_feed (self->terminal, line, strlen (line));
}

/* What comes from QEMU can hold what a guest chose. */
static void
write_answer (XenoMonitorPage *self,
              const char      *answer)
{
  g_auto(GStrv) lines = g_strsplit (answer, "\n", MAX_LINES + 1);
  guint n_lines = g_strv_length (lines);

  for (guint i = 0; i < MIN (n_lines, MAX_LINES); i++)
    if (i + 1 < n_lines || *lines[i] != '\0')
      write_line (self, "", lines[i], "");
  if (n_lines > MAX_LINES)
    write_line (self, "", _("The rest of the answer is too long to be shown."), "");
}

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(XenoMonitorPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *answer = NULL;

  answer = xeno_machine_run_monitor_finish (XENO_MACHINE (source), result, &error);
  if (self->terminal == NULL)
    return;

  if (answer != NULL)
    write_answer (self, answer);
  else
    write_line (self, "\033[31m", error->message, "\033[m");
  gtk_editable_set_editable (GTK_EDITABLE (self->entry), TRUE);
}

static void
remember (XenoMonitorPage *self,
          const char      *command)
{
  const char *last = self->history->len > 0
                     ? g_ptr_array_index (self->history, self->history->len - 1) : NULL;

  if (g_strcmp0 (last, command) != 0)
    g_ptr_array_add (self->history, g_strdup (command));
  if (self->history->len > MAX_HISTORY)
    g_ptr_array_remove_index (self->history, 0);
  self->history_index = self->history->len;
}

/* One at a time: the entry cannot be edited while one is under way. */
static void
activated_cb (XenoMonitorPage *self)
{
  g_autofree char *command = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry)));

  g_strstrip (command);
  if (*command == '\0' || !gtk_editable_get_editable (GTK_EDITABLE (self->entry)))
    return;

  remember (self, command);
  write_line (self, "\033[1m(qemu) ", command, "\033[m");
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  gtk_editable_set_editable (GTK_EDITABLE (self->entry), FALSE);
  xeno_machine_run_monitor_async (self->machine, command, self->cancellable, answered_cb,
                                  g_object_ref (self));
}

static void
recall (XenoMonitorPage *self,
        int              step)
{
  int index = (int) self->history_index + step;
  const char *command;

  if (index < 0 || index > (int) self->history->len)
    return;

  self->history_index = (guint) index;
  command = index < (int) self->history->len ? g_ptr_array_index (self->history, index) : "";
  gtk_editable_set_text (GTK_EDITABLE (self->entry), command);
  gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
}

static gboolean
key_pressed_cb (XenoMonitorPage *self,
                guint            keyval,
                guint            keycode,
                GdkModifierType  state)
{
  if ((keyval != GDK_KEY_Up && keyval != GDK_KEY_Down) ||
      !gtk_editable_get_editable (GTK_EDITABLE (self->entry)))
    return FALSE;

  recall (self, keyval == GDK_KEY_Up ? -1 : 1);
  return TRUE;
}

static void
agreed_cb (XenoMonitorPage *self)
{
  gtk_stack_set_visible_child_name (self->stack, "monitor");
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

static gboolean
xeno_monitor_page_grab_focus (GtkWidget *widget)
{
  XenoMonitorPage *self = XENO_MONITOR_PAGE (widget);
  gboolean is_warning = g_str_equal (gtk_stack_get_visible_child_name (self->stack), "warning");

  return gtk_widget_grab_focus (is_warning ? self->agree_button : GTK_WIDGET (self->entry));
}

static void
xeno_monitor_page_dispose (GObject *object)
{
  XenoMonitorPage *self = XENO_MONITOR_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->machine);
  while (gtk_widget_get_first_child (GTK_WIDGET (self)) != NULL)
    gtk_widget_unparent (gtk_widget_get_first_child (GTK_WIDGET (self)));

  G_OBJECT_CLASS (xeno_monitor_page_parent_class)->dispose (object);
}

static void
xeno_monitor_page_finalize (GObject *object)
{
  XenoMonitorPage *self = XENO_MONITOR_PAGE (object);

  g_object_unref (self->cancellable);
  g_ptr_array_unref (self->history);

  G_OBJECT_CLASS (xeno_monitor_page_parent_class)->finalize (object);
}

static void
xeno_monitor_page_class_init (XenoMonitorPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_monitor_page_dispose;
  object_class->finalize = xeno_monitor_page_finalize;
  widget_class->grab_focus = xeno_monitor_page_grab_focus;

  g_type_ensure (XENO_TYPE_TERMINAL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/unaos/Xenolith/xeno-monitor-page.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoMonitorPage, stack);
  gtk_widget_class_bind_template_child (widget_class, XenoMonitorPage, agree_button);
  gtk_widget_class_bind_template_child (widget_class, XenoMonitorPage, terminal);
  gtk_widget_class_bind_template_child (widget_class, XenoMonitorPage, entry);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, agreed_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
xeno_monitor_page_init (XenoMonitorPage *self)
{
  self->cancellable = g_cancellable_new ();
  self->history = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * xeno_monitor_page_new:
 * @machine: a machine that runs on QEMU
 *
 * Returns: (transfer floating): a page for its monitor, with a warning first
 */
GtkWidget *
xeno_monitor_page_new (XenoMachine *machine)
{
  XenoMonitorPage *self;

  g_return_val_if_fail (XENO_IS_MACHINE (machine), NULL);

  self = g_object_new (XENO_TYPE_MONITOR_PAGE, NULL);
  self->machine = g_object_ref (machine);
  return GTK_WIDGET (self);
}

/**
 * xeno_monitor_page_get_terminal:
 * @self: a page
 *
 * Returns: (transfer none): what was asked and answered
 */
XenoTerminal *
xeno_monitor_page_get_terminal (XenoMonitorPage *self)
{
  g_return_val_if_fail (XENO_IS_MONITOR_PAGE (self), NULL);

  return self->terminal;
}
