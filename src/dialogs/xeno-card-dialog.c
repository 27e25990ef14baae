/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a machine gets a smart card of this computer's, and what is with the readers. */
#include "config.h"

#include <glib/gi18n.h>

#include "base/xeno-text.h"
#include "dialogs/xeno-card-dialog.h"

struct _XenoCardDialog
{
  AdwWindow            parent_instance;
  char                *reader; /* NULL: none; "": any */
  XenoCardReport       report;
  AdwPreferencesGroup *group;
  GtkSwitch           *given;
  GtkWidget           *readers_group;
  GtkListBox          *readers;
};

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoCardDialog, xeno_card_dialog, ADW_TYPE_WINDOW)

/* By state. */
static const char *const states[] = {
  [XENO_CARD_EMPTY] = N_("There is no card in it"),
  [XENO_CARD_PRESENT] = N_("It has a card, which stays with this computer"),
  [XENO_CARD_BUSY] = N_("Another program of this computer’s has its card. Close that first."),
  [XENO_CARD_REFUSED] = N_("This computer does not let you use its card"),
  [XENO_CARD_MUTE] = N_("Its card does not answer. Turn it over, or clean it."),
  [XENO_CARD_GIVEN] = N_("The machine has its card"),
};

G_STATIC_ASSERT (G_N_ELEMENTS (states) == XENO_CARD_N_STATES);

static gboolean
is_chosen (XenoCardDialog *self,
           const char     *name)
{
  return g_strcmp0 (self->reader, name) == 0;
}

static gboolean
is_plugged_in (XenoCardDialog *self)
{
  for (guint i = 0; i < self->report.n_readers; i++)
    if (is_chosen (self, self->report.readers[i].name))
      return TRUE;
  return FALSE;
}

static gboolean
has_card (XenoCardDialog *self)
{
  for (guint i = 0; i < self->report.n_readers; i++)
    if (self->report.readers[i].state != XENO_CARD_EMPTY)
      return TRUE;
  return FALSE;
}

/* What is missing, and what to do about it. */
static const char *
get_words (XenoCardDialog *self)
{
  if (self->reader == NULL)
    return _("Programs in the machine use the card as if it were in a reader of its own. Whoever knows the PIN there "
             "can sign and log in with it.");

  switch ((XenoCardService) self->report.service)
    {
    case XENO_CARD_SERVICE_MISSING:
      return _("Nobody looks after smart cards on this computer. Install pcscd, and start it with “systemctl enable "
               "--now pcscd.socket”.");

    case XENO_CARD_SERVICE_REFUSES:
      return _("This computer does not let you use smart cards. It lets whoever sits in front of it; else ask who "
               "looks after it.");

    case XENO_CARD_SERVICE_READY:
      break;

    default:
      return _("Looking for readers…");
    }

  if (*self->reader != '\0' && !is_plugged_in (self))
    return _("The reader you chose is not there. Plug it in, or choose another one.");
  if (self->report.n_readers == 0)
    return _("There is no smart card reader. Plug one into this computer.");
  if (!has_card (self))
    return _("There is no card. Put one into a reader.");
  return _("Programs of this computer cannot use a card that the machine has.");
}

static void
choose (XenoCardDialog *self,
        const char     *reader)
{
  char *owned;

  if (is_chosen (self, reader))
    return;

  owned = g_strdup (reader);
  g_free (self->reader);
  self->reader = owned;
  g_signal_emit (self, signals[CHANGED], 0, self->reader);
}

static void update (XenoCardDialog *self);

static void
toggled_cb (GtkCheckButton *button,
            gpointer        user_data)
{
  XenoCardDialog *self = user_data;

  if (!gtk_check_button_get_active (button) || self->reader == NULL)
    return;

  choose (self, g_object_get_data (G_OBJECT (button), "reader"));
  update (self);
}

static void
given_cb (XenoCardDialog *self)
{
  if (gtk_switch_get_active (self->given) == (self->reader != NULL))
    return;

  choose (self, self->reader == NULL ? "" : NULL);
  update (self);
}

static GtkCheckButton *
add_row (XenoCardDialog *self,
         const char     *reader,
         const char     *title,
         GtkCheckButton *first)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_check_button_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_check_button_set_group (GTK_CHECK_BUTTON (button), first);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_object_set_data_full (G_OBJECT (button), "reader", g_strdup (reader), g_free);
  g_signal_connect_object (button, "toggled", G_CALLBACK (toggled_cb), self, 0);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  gtk_list_box_append (self->readers, row);
  return GTK_CHECK_BUTTON (button);
}

/* The first row is for any of them. */
static void
list_readers (XenoCardDialog *self)
{
  GtkCheckButton *first;
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->readers, 0)) != NULL)
    gtk_list_box_remove (self->readers, GTK_WIDGET (row));
  first = add_row (self, "", _("Any Reader"), NULL);
  for (guint i = 0; i < self->report.n_readers; i++)
    {
      g_autofree char *title = xeno_text_clean (self->report.readers[i].name, -1, XENO_CARD_NAME_BYTES);

      add_row (self, self->report.readers[i].name, title, first);
    }
}

static void
update_row (XenoCardDialog *self,
            guint           i,
            const char     *reader,
            const char     *words)
{
  AdwActionRow *row = ADW_ACTION_ROW (gtk_list_box_get_row_at_index (self->readers, i));

  adw_action_row_set_subtitle (row, words);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (adw_action_row_get_activatable_widget (row)),
                               is_chosen (self, reader));
}

static void
update (XenoCardDialog *self)
{
  adw_preferences_group_set_description (self->group, get_words (self));
  gtk_switch_set_active (self->given, self->reader != NULL);
  gtk_widget_set_visible (self->readers_group, self->reader != NULL && self->report.n_readers > 0);
  update_row (self, 0, "", _("The first card that is there"));
  for (guint i = 0; i < self->report.n_readers; i++)
    update_row (self, i + 1, self->report.readers[i].name, _(states[self->report.readers[i].state]));
}

static gboolean
has_same_readers (const XenoCardReport *one,
                  const XenoCardReport *other)
{
  if (one->n_readers != other->n_readers)
    return FALSE;

  for (guint i = 0; i < one->n_readers; i++)
    if (!g_str_equal (one->readers[i].name, other->readers[i].name))
      return FALSE;
  return TRUE;
}

static void
xeno_card_dialog_finalize (GObject *object)
{
  g_free (XENO_CARD_DIALOG (object)->reader);

  G_OBJECT_CLASS (xeno_card_dialog_parent_class)->finalize (object);
}

static void
xeno_card_dialog_class_init (XenoCardDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xeno_card_dialog_finalize;

  signals[CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-card-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoCardDialog, group);
  gtk_widget_class_bind_template_child (widget_class, XenoCardDialog, given);
  gtk_widget_class_bind_template_child (widget_class, XenoCardDialog, readers_group);
  gtk_widget_class_bind_template_child (widget_class, XenoCardDialog, readers);
  gtk_widget_class_bind_template_callback (widget_class, given_cb);
}

static void
xeno_card_dialog_init (XenoCardDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * xeno_card_dialog_new:
 * @parent: (nullable): the window to show it over
 * @reader: (nullable): the reader whose card the machine gets; "": the first that has one; %NULL: it gets none
 *
 * Returns: (transfer none): the dialog
 */
GtkWidget *
xeno_card_dialog_new (GtkWindow  *parent,
                      const char *reader)
{
  XenoCardDialog *self;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);

  self = g_object_new (XENO_TYPE_CARD_DIALOG, "transient-for", parent, NULL);
  self->reader = g_strdup (reader);
  list_readers (self);
  update (self);
  return GTK_WIDGET (self);
}

/**
 * xeno_card_dialog_set_report:
 * @self: a dialog
 * @report: what is known of this computer's readers
 */
void
xeno_card_dialog_set_report (XenoCardDialog       *self,
                             const XenoCardReport *report)
{
  gboolean is_same;

  g_return_if_fail (XENO_IS_CARD_DIALOG (self));
  g_return_if_fail (report != NULL);

  is_same = has_same_readers (&self->report, report);
  self->report = *report;
  if (!is_same)
    list_readers (self);
  update (self);
}
