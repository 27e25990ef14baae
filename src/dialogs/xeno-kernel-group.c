/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of the review page about a kernel: what it finds, and what it is told. */
#include "config.h"

#include <glib/gi18n.h>

#include "dialogs/xeno-kernel-group.h"
#include "spec/xeno-name.h"

struct _XenoKernelGroup
{
  AdwBin          parent_instance;
  XenoRecipe     *recipe;
  XenoDirectBoot *boot;        /* NULL: no kernel is shown */
  GBindingGroup  *bindings;
  GSignalGroup   *boot_signals;
  GSignalGroup   *recipe_signals;
  GCancellable   *cancellable; /* of looking at a disk */
  gboolean        is_session;
  char           *gdb_line;   /* what gdb has to be told */

  AdwActionRow   *initrd_row;
  GtkWidget      *clear_button;
  AdwActionRow   *root_row;
  GtkEditable    *cmdline_row;
  GtkSwitch      *light_switch;
  AdwActionRow   *debugger_row;
  GtkSwitch      *debugger_switch;
  GtkSwitch      *wait_switch;
  GtkLabel       *line_label;
  GtkLabel       *problem_label;
};

G_DEFINE_FINAL_TYPE (XenoKernelGroup, xeno_kernel_group, ADW_TYPE_BIN)

static void
show_path (AdwActionRow *row,
           const char   *path,
           const char   *none)
{
  g_autofree char *name = path != NULL ? g_filename_display_name (path) : NULL;

  adw_action_row_set_subtitle (row, name != NULL ? name : none);
}

static void
show_problem (XenoKernelGroup *self,
              const char      *text)
{
  gtk_label_set_label (self->problem_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), text != NULL);
}

static void
update_debugger (XenoKernelGroup *self)
{
  const char *title = xeno_recipe_get_title (self->recipe);
  g_autofree char *name = xeno_name_make_slug (title != NULL ? title : "");
  g_autofree char *address = xeno_direct_boot_dup_gdb_address (name, self->is_session);
  g_autofree char *subtitle = NULL;

  g_free (self->gdb_line);
  self->gdb_line = g_strdup_printf ("target remote %s", address);
  if (self->is_session)
    /* Translators: %s is what gdb has to be told */
    subtitle = g_strdup_printf (_("gdb attaches with “%s”; nobody else may."), self->gdb_line);
  else
    subtitle = g_strdup_printf (_("gdb attaches with “%s”, and so can everybody who uses that "
                                  "computer: a debugger may change all that the machine does."), self->gdb_line);
  adw_action_row_set_subtitle (self->debugger_row, subtitle);
}

/* What the kernel will be told, as far as it is known before the host was asked. */
static void
update_line (XenoKernelGroup *self)
{
  g_autofree char *line = xeno_direct_boot_dup_full_cmdline (self->boot, xeno_recipe_get_arch (self->recipe),
                                                             !self->is_session);
  /* Translators: %s is a kernel’s command line */
  g_autofree char *text = g_strdup_printf (_("It is told: %s"), line);

  gtk_label_set_label (self->line_label, text);
}

static void
boot_changed_cb (XenoKernelGroup *self)
{
  XenoMedia *disk = xeno_direct_boot_get_root_disk (self->boot);
  const char *folder = xeno_direct_boot_get_root_folder (self->boot);
  const char *initrd = xeno_direct_boot_get_initrd (self->boot);

  show_path (self->initrd_row, initrd, _("None"));
  gtk_widget_set_visible (self->clear_button, initrd != NULL);
  show_path (self->root_row, disk != NULL ? xeno_media_get_path (disk) : folder, _("None but the initrd"));
  update_line (self);
}

static void
cmdline_changed_cb (XenoKernelGroup *self)
{
  if (self->boot != NULL)
    xeno_direct_boot_set_cmdline (self->boot, gtk_editable_get_text (self->cmdline_row));
}

static void
disk_opened_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (XenoKernelGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoMedia) disk = xeno_media_open_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->boot == NULL)
    return;

  if (disk == NULL)
    show_problem (self, error->message);
  else if (!(xeno_media_get_ways (disk) & XENO_DISK_IN_PLACE))
    show_problem (self, _("This is no disk that a kernel could have its root on. Choose a qcow2 or raw one."));
  else
    {
      show_problem (self, NULL);
      xeno_direct_boot_set_root_disk (self->boot, disk);
    }
}

static void
take_disk (XenoKernelGroup *self,
           GFile           *file)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  xeno_media_open_async (file, self->cancellable, disk_opened_cb, g_object_ref (self));
}

typedef void (*TakeFunc) (XenoKernelGroup *self,
                          GFile           *file);

static void
take_initrd (XenoKernelGroup *self,
             GFile           *file)
{
  xeno_direct_boot_set_initrd (self->boot, g_file_peek_path (file));
}

static void
take_folder (XenoKernelGroup *self,
             GFile           *file)
{
  show_problem (self, NULL);
  xeno_direct_boot_set_root_folder (self->boot, g_file_peek_path (file));
}

static void
chosen_cb (GtkNativeDialog *chooser,
           int              response,
           XenoKernelGroup *self)
{
  g_autoptr (GFile) file = NULL;
  TakeFunc take = g_object_get_data (G_OBJECT (chooser), "take");

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  gtk_native_dialog_destroy (chooser);
  g_object_unref (chooser);
  if (file != NULL && g_file_peek_path (file) != NULL && self->boot != NULL)
    take (self, file);
}

static void
choose (XenoKernelGroup      *self,
        const char           *title,
        GtkFileChooserAction  action,
        TakeFunc              take)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (root), action, _("_Choose"), NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_object_set_data (G_OBJECT (chooser), "take", take);
  g_signal_connect_object (chooser, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
choose_initrd_cb (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  choose (XENO_KERNEL_GROUP (widget), _("Choose an Initrd"), GTK_FILE_CHOOSER_ACTION_OPEN, take_initrd);
}

static void
choose_disk_cb (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  choose (XENO_KERNEL_GROUP (widget), _("Choose a Disk"), GTK_FILE_CHOOSER_ACTION_OPEN, take_disk);
}

static void
choose_folder_cb (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  choose (XENO_KERNEL_GROUP (widget), _("Choose a Folder"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, take_folder);
}

static void
copy_debugger_cb (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  XenoKernelGroup *self = XENO_KERNEL_GROUP (widget);

  if (self->gdb_line != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), self->gdb_line);
}

static void
no_initrd_cb (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  XenoKernelGroup *self = XENO_KERNEL_GROUP (widget);

  if (self->boot != NULL)
    xeno_direct_boot_set_initrd (self->boot, NULL);
}

static void
no_root_cb (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  XenoKernelGroup *self = XENO_KERNEL_GROUP (widget);

  show_problem (self, NULL);
  if (self->boot == NULL)
    return;
  xeno_direct_boot_set_root_disk (self->boot, NULL);
  xeno_direct_boot_set_root_folder (self->boot, NULL);
}

static void
xeno_kernel_group_dispose (GObject *object)
{
  XenoKernelGroup *self = XENO_KERNEL_GROUP (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->boot = NULL;
  g_clear_object (&self->bindings);
  g_clear_object (&self->boot_signals);
  g_clear_object (&self->recipe_signals);
  g_clear_object (&self->recipe);
  g_clear_pointer (&self->gdb_line, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), XENO_TYPE_KERNEL_GROUP);

  G_OBJECT_CLASS (xeno_kernel_group_parent_class)->dispose (object);
}

static void
xeno_kernel_group_class_init (XenoKernelGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xeno_kernel_group_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-kernel-group.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoKernelGroup, initrd_row);
  gtk_widget_class_bind_template_child (widget_class, XenoKernelGroup, clear_button);
  gtk_widget_class_bind_template_child (widget_class, XenoKernelGroup, root_row);
  gtk_widget_class_bind_template_child (widget_class, XenoKernelGroup, cmdline_row);
  gtk_widget_class_bind_template_child (widget_class, XenoKernelGroup, light_switch);
  gtk_widget_class_bind_template_child (widget_class, XenoKernelGroup, debugger_row);
  gtk_widget_class_bind_template_child (widget_class, XenoKernelGroup, debugger_switch);
  gtk_widget_class_bind_template_child (widget_class, XenoKernelGroup, wait_switch);
  gtk_widget_class_bind_template_child (widget_class, XenoKernelGroup, line_label);
  gtk_widget_class_bind_template_child (widget_class, XenoKernelGroup, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, cmdline_changed_cb);
  gtk_widget_class_install_action (widget_class, "kernel.choose-initrd", NULL, choose_initrd_cb);
  gtk_widget_class_install_action (widget_class, "kernel.choose-disk", NULL, choose_disk_cb);
  gtk_widget_class_install_action (widget_class, "kernel.choose-folder", NULL, choose_folder_cb);
  gtk_widget_class_install_action (widget_class, "kernel.copy-debugger", NULL, copy_debugger_cb);
  gtk_widget_class_install_action (widget_class, "kernel.no-initrd", NULL, no_initrd_cb);
  gtk_widget_class_install_action (widget_class, "kernel.no-root", NULL, no_root_cb);
}

static void
xeno_kernel_group_init (XenoKernelGroup *self)
{
  const GBindingFlags both = G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->bindings = g_binding_group_new ();
  g_binding_group_bind (self->bindings, "light", self->light_switch, "active", both);
  g_binding_group_bind (self->bindings, "debugger", self->debugger_switch, "active", both);
  g_binding_group_bind (self->bindings, "waits", self->wait_switch, "active", both);
  self->boot_signals = g_signal_group_new (XENO_TYPE_DIRECT_BOOT);
  g_signal_group_connect_swapped (self->boot_signals, "notify", G_CALLBACK (boot_changed_cb), self);
  self->recipe_signals = g_signal_group_new (XENO_TYPE_RECIPE);
  g_signal_group_connect_swapped (self->recipe_signals, "notify::title", G_CALLBACK (update_debugger), self);
}

/**
 * xeno_kernel_group_show:
 * @self: a group
 * @recipe: what is being reviewed
 * @is_session: whether the machine will run as the person
 *
 * Shows how the kernel of a recipe is started, and writes into the recipe what the person changes. Where it
 * has none, the group hides.
 */
void
xeno_kernel_group_show (XenoKernelGroup *self,
                        XenoRecipe      *recipe,
                        gboolean         is_session)
{
  XenoDirectBoot *boot;
  const char *cmdline;

  g_return_if_fail (XENO_IS_KERNEL_GROUP (self));
  g_return_if_fail (XENO_IS_RECIPE (recipe));

  boot = xeno_recipe_get_direct_boot (recipe);
  self->boot = NULL;
  self->is_session = is_session;
  g_set_object (&self->recipe, recipe);
  g_binding_group_set_source (self->bindings, boot);
  g_signal_group_set_target (self->boot_signals, boot);
  g_signal_group_set_target (self->recipe_signals, boot != NULL ? recipe : NULL);
  gtk_widget_set_visible (GTK_WIDGET (self), boot != NULL);
  show_problem (self, NULL);
  if (boot == NULL)
    return;

  /* A unified image has its own. */
  gtk_widget_set_visible (GTK_WIDGET (self->initrd_row),
                          g_str_equal (xeno_media_get_kind (xeno_recipe_get_media (recipe)), "kernel"));
  cmdline = xeno_direct_boot_get_cmdline (boot);
  gtk_editable_set_text (self->cmdline_row, cmdline != NULL ? cmdline : "");
  self->boot = boot;
  boot_changed_cb (self);
  update_debugger (self);
}
