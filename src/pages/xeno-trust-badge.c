/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A word beside a machine that does not stay, or is not trusted. */
#include "config.h"

#include <glib/gi18n.h>

#include "pages/xeno-trust-badge.h"

struct _XenoTrustBadge
{
  AdwBin       parent_instance;
  GtkWidget   *label;
  XenoMachine *machine;
};

G_DEFINE_FINAL_TYPE (XenoTrustBadge, xeno_trust_badge, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_MACHINE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/*
 * Row:
 * @word: what stands beside the machine
 * @explanation: what a person reads who wants to know
 *
 * What is said of a machine.
 */
static const struct
{
  gboolean    is_throw_away;
  gboolean    is_untrusted;
  const char *word;
  const char *explanation;
} rows[] = {
  { TRUE, FALSE, N_("Throw-away"),
    N_("When this machine stops, it is gone with all that was written to it.") },
  { FALSE, TRUE, N_("Untrusted"),
    N_("Nothing is shared with this machine: no clipboard, no files, no devices and no sound.") },
  { TRUE, TRUE, N_("Untrusted"),
    N_("This machine has no network, no devices, no shared folders and no clipboard. When it stops, it is gone "
       "with all that was written to it.") },
};

static void
update_cb (XenoTrustBadge *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean is_throw_away = self->machine != NULL && xeno_machine_is_throw_away (self->machine);
  gboolean is_untrusted = self->machine != NULL && xeno_machine_is_untrusted (self->machine);

  gtk_widget_set_visible (widget, is_throw_away || is_untrusted);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].is_throw_away == is_throw_away && rows[i].is_untrusted == is_untrusted)
      {
        gtk_label_set_label (GTK_LABEL (self->label), _(rows[i].word));
        gtk_widget_set_tooltip_text (widget, _(rows[i].explanation));
      }
  (is_untrusted ? gtk_widget_add_css_class : gtk_widget_remove_css_class) (widget, "untrusted");
}

static void
xeno_trust_badge_dispose (GObject *object)
{
  xeno_trust_badge_set_machine (XENO_TRUST_BADGE (object), NULL);

  G_OBJECT_CLASS (xeno_trust_badge_parent_class)->dispose (object);
}

static void
xeno_trust_badge_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_MACHINE:
      g_value_set_object (value, XENO_TRUST_BADGE (object)->machine);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_trust_badge_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_MACHINE:
      xeno_trust_badge_set_machine (XENO_TRUST_BADGE (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_trust_badge_class_init (XenoTrustBadgeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_trust_badge_dispose;
  object_class->get_property = xeno_trust_badge_get_property;
  object_class->set_property = xeno_trust_badge_set_property;

  /**
   * XenoTrustBadge:machine:
   *
   * The machine it stands beside, or %NULL.
   */
  properties[PROP_MACHINE] =
    g_param_spec_object ("machine", NULL, NULL, XENO_TYPE_MACHINE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "trustbadge");
}

static void
xeno_trust_badge_init (XenoTrustBadge *self)
{
  self->label = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->label, "caption-heading");
  gtk_label_set_ellipsize (GTK_LABEL (self->label), PANGO_ELLIPSIZE_END);
  adw_bin_set_child (ADW_BIN (self), self->label);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  update_cb (self);
}

/**
 * xeno_trust_badge_set_machine:
 * @self: a badge
 * @machine: (nullable): the machine it stands beside
 *
 * Sets the machine. The badge is only there where there is something to say of it.
 */
void
xeno_trust_badge_set_machine (XenoTrustBadge *self,
                              XenoMachine    *machine)
{
  g_return_if_fail (XENO_IS_TRUST_BADGE (self));
  g_return_if_fail (machine == NULL || XENO_IS_MACHINE (machine));

  if (self->machine == machine)
    return;

  if (self->machine != NULL)
    g_signal_handlers_disconnect_by_data (self->machine, self);
  g_set_object (&self->machine, machine);
  if (machine != NULL)
    {
      g_signal_connect_swapped (machine, "notify::is-throw-away", G_CALLBACK (update_cb), self);
      g_signal_connect_swapped (machine, "notify::is-untrusted", G_CALLBACK (update_cb), self);
    }
  update_cb (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MACHINE]);
}
