/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A row in which a person sets an amount of memory or storage. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-units.h"
#include "widgets/xeno-size-row.h"

#define MIB (G_GUINT64_CONSTANT (1) << 20)
#define GIB (G_GUINT64_CONSTANT (1) << 30)

struct _XenoSizeRow
{
  AdwActionRow   parent_instance;
  GtkWidget     *spin;
  GtkAdjustment *adjustment; /* in MiB: doubles hold every amount there is */
};

G_DEFINE_FINAL_TYPE (XenoSizeRow, xeno_size_row, ADW_TYPE_ACTION_ROW)

enum
{
  PROP_0,
  PROP_BYTES,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* In GiB where two places say it exactly, else in MiB: what is shown is what is meant. */
static char *
text_of_mib (guint64 mib)
{
  if (mib >= 1024 && mib % 256 == 0)
    {
      int places = mib % 1024 == 0 ? 0 : mib % 512 == 0 ? 1 : 2;

      /* Translators: an amount of memory or storage, as "1.5 GiB" */
      return g_strdup_printf (_("%.*f GiB"), places, mib / 1024.0);
    }
  /* Translators: an amount of memory or storage, as "512 MiB" */
  return g_strdup_printf (_("%u MiB"), (guint) mib);
}

/* A number alone is in GiB, unless that is more than there can be. */
static gboolean
read_number (XenoSizeRow *self,
             const char  *text,
             double      *mib)
{
  char *end;
  double number = g_ascii_strtod (text, &end);

  if (end == text || *end != '\0' || number < 0.0)
    return FALSE;

  *mib = number * 1024.0;
  if (*mib > gtk_adjustment_get_upper (self->adjustment))
    *mib = number;
  return TRUE;
}

static int
input_cb (GtkSpinButton *spin,
          double        *mib,
          XenoSizeRow   *self)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (spin)));
  guint64 bytes;

  g_strdelimit (g_strstrip (text), ",", '.');
  if (read_number (self, text, mib))
    return TRUE;
  /* A spin button makes an error the least amount; what there was is the better guess. */
  *mib = xeno_units_parse_size (text, &bytes, NULL) ? (double) bytes / MIB
                                                    : gtk_adjustment_get_value (self->adjustment);
  return TRUE;
}

static gboolean
output_cb (GtkSpinButton *spin,
           XenoSizeRow   *self)
{
  g_autofree char *text = text_of_mib ((guint64) gtk_adjustment_get_value (self->adjustment));

  if (g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (spin)), text) != 0)
    gtk_editable_set_text (GTK_EDITABLE (spin), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spin),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text,
                                  -1);
  return TRUE;
}

static void
value_changed_cb (XenoSizeRow *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BYTES]);
}

static void
xeno_size_row_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_BYTES:
      g_value_set_uint64 (value, xeno_size_row_get_bytes (XENO_SIZE_ROW (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_size_row_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_BYTES:
      xeno_size_row_set_bytes (XENO_SIZE_ROW (object), g_value_get_uint64 (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_size_row_class_init (XenoSizeRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = xeno_size_row_get_property;
  object_class->set_property = xeno_size_row_set_property;

  /**
   * XenoSizeRow:bytes:
   *
   * The amount, in bytes; whole MiB.
   */
  properties[PROP_BYTES] =
    g_param_spec_uint64 ("bytes", NULL, NULL, 0, G_MAXUINT64, 0,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/unaos/Xenolith/xeno-size-row.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoSizeRow, adjustment);
  gtk_widget_class_bind_template_child (widget_class, XenoSizeRow, spin);
  gtk_widget_class_bind_template_callback (widget_class, input_cb);
  gtk_widget_class_bind_template_callback (widget_class, output_cb);
  gtk_widget_class_bind_template_callback (widget_class, value_changed_cb);
}

static void
xeno_size_row_init (XenoSizeRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * xeno_size_row_new:
 *
 * Makes a row for amounts up to 1 TiB, in steps of 1 GiB.
 *
 * Returns: (transfer floating): the widget
 */
GtkWidget *
xeno_size_row_new (void)
{
  return g_object_new (XENO_TYPE_SIZE_ROW, NULL);
}

/**
 * xeno_size_row_set_range:
 * @self: a size row
 * @min_bytes: the least amount
 * @max_bytes: the greatest amount
 * @step_bytes: what one click adds or takes; 0 leaves it as it is
 *
 * Sets what can be chosen, and keeps the amount within.
 */
void
xeno_size_row_set_range (XenoSizeRow *self,
                         guint64      min_bytes,
                         guint64      max_bytes,
                         guint64      step_bytes)
{
  g_return_if_fail (XENO_IS_SIZE_ROW (self));
  g_return_if_fail (min_bytes <= max_bytes);

  if (step_bytes > 0)
    {
      gtk_adjustment_set_step_increment (self->adjustment, (double) step_bytes / MIB);
      gtk_adjustment_set_page_increment (self->adjustment, (double) step_bytes / MIB * 8);
    }
  gtk_adjustment_set_lower (self->adjustment, (double) (min_bytes / MIB));
  gtk_adjustment_set_upper (self->adjustment, (double) (max_bytes / MIB));
  xeno_size_row_set_bytes (self, CLAMP (xeno_size_row_get_bytes (self), min_bytes, max_bytes));
}

/**
 * xeno_size_row_get_bytes:
 * @self: a size row
 *
 * Gets the amount.
 *
 * Returns: the amount in bytes; whole MiB
 */
guint64
xeno_size_row_get_bytes (XenoSizeRow *self)
{
  g_return_val_if_fail (XENO_IS_SIZE_ROW (self), 0);

  return (guint64) gtk_adjustment_get_value (self->adjustment) * MIB;
}

/**
 * xeno_size_row_set_bytes:
 * @self: a size row
 * @bytes: the amount in bytes
 *
 * Sets the amount, rounded down to whole MiB and kept within the range.
 */
void
xeno_size_row_set_bytes (XenoSizeRow *self,
                         guint64      bytes)
{
  g_return_if_fail (XENO_IS_SIZE_ROW (self));

  gtk_adjustment_set_value (self->adjustment, (double) (bytes / MIB));
}

/**
 * xeno_size_row_set_recommendation:
 * @self: a size row
 * @recommended_bytes: what suits the operating system, or 0 where nothing is known
 * @available_bytes: what the host has of it, or 0 where nothing is known
 *
 * Says in the subtitle what suits and what there is.
 */
void
xeno_size_row_set_recommendation (XenoSizeRow *self,
                                  guint64      recommended_bytes,
                                  guint64      available_bytes)
{
  g_autofree char *recommended = NULL;
  g_autofree char *available = NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (XENO_IS_SIZE_ROW (self));

  recommended = text_of_mib (recommended_bytes / MIB);
  available = text_of_mib (available_bytes >= GIB ? available_bytes / GIB * 1024
                                                  : available_bytes / MIB);
  if (recommended_bytes > 0 && available_bytes > 0)
    /* Translators: both are amounts, as "Recommended: 4 GiB · host has 16 GiB" */
    text = g_strdup_printf (_("Recommended: %s · host has %s"), recommended, available);
  else if (recommended_bytes > 0)
    text = g_strdup_printf (_("Recommended: %s"), recommended);
  else if (available_bytes > 0)
    text = g_strdup_printf (_("Host has %s"), available);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text != NULL ? text : "");
}
