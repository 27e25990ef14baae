/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A layout that puts children side by side where there is room, and one below the other elsewhere. */
#include "config.h"

#include "widgets/xeno-columns.h"

struct _XenoColumns
{
  GtkLayoutManager parent_instance;
  guint            max_columns;
  guint            column_width;
  guint            spacing;
};

G_DEFINE_FINAL_TYPE (XenoColumns, xeno_columns, GTK_TYPE_LAYOUT_MANAGER)

enum
{
  PROP_0,
  PROP_MAX_COLUMNS,
  PROP_COLUMN_WIDTH,
  PROP_SPACING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static GtkWidget *
next_shown (GtkWidget *child)
{
  while (child != NULL && !gtk_widget_should_layout (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

static GtkWidget *
first_shown (GtkWidget *widget)
{
  return next_shown (gtk_widget_get_first_child (widget));
}

static GtkWidget *
shown_after (GtkWidget *child)
{
  return next_shown (gtk_widget_get_next_sibling (child));
}

/* The least width of a column: what was asked for, or what the widest child cannot do without. */
static int
least_column_width (XenoColumns *self,
                    GtkWidget   *widget)
{
  int width = self->column_width;

  for (GtkWidget *child = first_shown (widget); child != NULL; child = shown_after (child))
    {
      int minimum;

      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
      width = MAX (width, minimum);
    }
  return width;
}

static guint
columns_in (XenoColumns *self,
            GtkWidget   *widget,
            int          width)
{
  guint n_children = 0;
  guint fitting = (width + self->spacing) / MAX (least_column_width (self, widget) + self->spacing, 1);

  for (GtkWidget *child = first_shown (widget); child != NULL; child = shown_after (child))
    n_children++;
  return CLAMP (MIN (fitting, n_children), 1, self->max_columns);
}

static int
width_of_columns (XenoColumns *self,
                  guint        n_columns,
                  int          width)
{
  return MAX ((width - (int) ((n_columns - 1) * self->spacing)) / (int) n_columns, 0);
}

/* The height of the row that begins at *@child, which is moved to the next row's first. */
static int
measure_row (GtkWidget **child,
             guint       n_columns,
             int         column_width)
{
  int height = 0;

  for (guint i = 0; i < n_columns && *child != NULL; i++, *child = shown_after (*child))
    {
      int natural;

      gtk_widget_measure (*child, GTK_ORIENTATION_VERTICAL, column_width, NULL, &natural, NULL, NULL);
      height = MAX (height, natural);
    }
  return height;
}

static GtkSizeRequestMode
xeno_columns_get_request_mode (GtkLayoutManager *manager,
                               GtkWidget        *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
measure_width (XenoColumns *self,
               GtkWidget   *widget,
               int         *minimum,
               int         *natural)
{
  int widest = 0;
  int least = 0;

  for (GtkWidget *child = first_shown (widget); child != NULL; child = shown_after (child))
    {
      int child_minimum;
      int child_natural;

      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1,
                          &child_minimum, &child_natural, NULL, NULL);
      least = MAX (least, child_minimum);
      widest = MAX (widest, MAX (child_natural, (int) self->column_width));
    }
  *minimum = least;
  *natural = widest * self->max_columns + (self->max_columns - 1) * self->spacing;
}

static void
measure_height (XenoColumns *self,
                GtkWidget   *widget,
                int          width,
                int         *minimum,
                int         *natural)
{
  guint n_columns = columns_in (self, widget, width);
  int column_width = width_of_columns (self, n_columns, width);
  GtkWidget *child = first_shown (widget);
  int height = 0;

  while (child != NULL)
    height += measure_row (&child, n_columns, column_width) + self->spacing;
  *minimum = *natural = MAX (height - (int) self->spacing, 0);
}

static void
xeno_columns_measure (GtkLayoutManager *manager,
                      GtkWidget        *widget,
                      GtkOrientation    orientation,
                      int               for_size,
                      int              *minimum,
                      int              *natural,
                      int              *minimum_baseline,
                      int              *natural_baseline)
{
  XenoColumns *self = XENO_COLUMNS (manager);
  int width = for_size;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      measure_width (self, widget, minimum, natural);
      return;
    }

  if (width < 0)
    {
      int least;

      measure_width (self, widget, &least, &width);
    }
  measure_height (self, widget, width, minimum, natural);
}

static void
xeno_columns_allocate (GtkLayoutManager *manager,
                       GtkWidget        *widget,
                       int               width,
                       int               height,
                       int               baseline)
{
  XenoColumns *self = XENO_COLUMNS (manager);
  gboolean is_mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  guint n_columns = columns_in (self, widget, width);
  int column_width = width_of_columns (self, n_columns, width);
  GtkWidget *child = first_shown (widget);
  int y = 0;

  while (child != NULL)
    {
      GtkWidget *row = child;
      int row_height = measure_row (&child, n_columns, column_width);

      for (guint i = 0; row != child; i++, row = shown_after (row))
        {
          int x = i * (column_width + self->spacing);

          if (is_mirrored)
            x = width - x - column_width;
          gtk_widget_size_allocate (row, &(GtkAllocation) { x, y, column_width, row_height }, -1);
        }
      y += row_height + self->spacing;
    }
}

static void
xeno_columns_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  XenoColumns *self = XENO_COLUMNS (object);

  switch (prop_id)
    {
    case PROP_MAX_COLUMNS:
      g_value_set_uint (value, self->max_columns);
      break;
    case PROP_COLUMN_WIDTH:
      g_value_set_uint (value, self->column_width);
      break;
    case PROP_SPACING:
      g_value_set_uint (value, self->spacing);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_columns_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  XenoColumns *self = XENO_COLUMNS (object);

  switch (prop_id)
    {
    case PROP_MAX_COLUMNS:
      self->max_columns = g_value_get_uint (value);
      break;
    case PROP_COLUMN_WIDTH:
      self->column_width = g_value_get_uint (value);
      break;
    case PROP_SPACING:
      self->spacing = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_columns_class_init (XenoColumnsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  object_class->get_property = xeno_columns_get_property;
  object_class->set_property = xeno_columns_set_property;
  manager_class->allocate = xeno_columns_allocate;
  manager_class->get_request_mode = xeno_columns_get_request_mode;
  manager_class->measure = xeno_columns_measure;

  /**
   * XenoColumns:max-columns:
   *
   * How many children stand side by side at most.
   */
  properties[PROP_MAX_COLUMNS] =
    g_param_spec_uint ("max-columns", NULL, NULL, 1, 16, 2,
                       G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoColumns:column-width:
   *
   * The width below which a column is not worth having.
   */
  properties[PROP_COLUMN_WIDTH] =
    g_param_spec_uint ("column-width", NULL, NULL, 0, G_MAXINT16, 280,
                       G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoColumns:spacing:
   *
   * The space between children, in both directions.
   */
  properties[PROP_SPACING] =
    g_param_spec_uint ("spacing", NULL, NULL, 0, G_MAXINT16, 0,
                       G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xeno_columns_init (XenoColumns *self)
{
}

/**
 * xeno_columns_new:
 *
 * Makes a layout of at most two columns.
 *
 * Returns: (transfer full): the layout manager
 */
GtkLayoutManager *
xeno_columns_new (void)
{
  return g_object_new (XENO_TYPE_COLUMNS, NULL);
}
