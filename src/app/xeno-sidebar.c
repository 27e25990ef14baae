/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The machines in a list that can be searched, each with its menu. */
#include "config.h"

#include "app/xeno-connection-row.h"
#include "app/xeno-machine-actions.h"
#include "app/xeno-sidebar-model.h"
#include "app/xeno-sidebar.h"
#include "pages/xeno-sidebar-row.h"

struct _XenoSidebar
{
  AdwBin              parent_instance;
  XenoConnectionList *connections;
  GtkFilter          *filter;
  GtkSingleSelection *selection;
  char               *needle;
  gboolean            shows_graphs;
  gboolean            is_touch;
  gboolean            shows_other;   /* what is shown beside the list was chosen, and is not in it */
  GObject            *last_selected;
  GtkWidget          *menu;

  GtkSearchBar       *search_bar;
  GtkSearchEntry     *search_entry;
  GtkStack           *stack;
  GtkListView        *list;
};

enum
{
  PROP_0,
  PROP_SELECTED,
  PROP_SEARCH_MODE,
  PROP_SHOWS_GRAPHS,
  N_PROPS
};

enum
{
  ACTIVATED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoSidebar, xeno_sidebar, ADW_TYPE_BIN)

static gboolean
contains (const char *text,
          const char *needle)
{
  g_autofree char *folded = text != NULL ? g_utf8_casefold (text, -1) : NULL;

  return folded != NULL && strstr (folded, needle) != NULL;
}

static gboolean
matches (gpointer item,
         gpointer user_data)
{
  XenoSidebar *self = user_data;

  return self->needle == NULL
         || contains (xeno_machine_get_title (item), self->needle)
         || contains (xeno_machine_get_name (item), self->needle)
         || contains (xeno_machine_get_os_name (item), self->needle);
}

static void
update_stack_cb (XenoSidebar *self)
{
  gboolean nothing = self->needle != NULL
                     && g_list_model_get_n_items (G_LIST_MODEL (self->selection)) == 0;

  gtk_stack_set_visible_child_name (self->stack, nothing ? "nothing" : "list");
}

static gboolean
select_in_list (XenoSidebar *self,
                GObject     *item)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->selection)); i++)
    {
      g_autoptr (GObject) candidate = g_list_model_get_item (G_LIST_MODEL (self->selection), i);

      if (candidate == item)
        {
          gtk_single_selection_set_selected (self->selection, i);
          gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", i);
          return TRUE;
        }
    }
  return FALSE;
}

/* Beside the list there is always something to look at; nothing is taken for it that was asked for. */
static void
choose_first_cb (XenoSidebar *self)
{
  GListModel *items = G_LIST_MODEL (self->selection);

  if (self->is_touch || self->shows_other || self->needle != NULL
      || xeno_sidebar_get_selected (self) != NULL)
    return;

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (items, i);

      if (XENO_IS_MACHINE (item))
        {
          gtk_single_selection_set_selected (self->selection, i);
          return;
        }
    }
}

/* What was selected before a search hid it is selected again when it is back. */
static void
search_changed_cb (XenoSidebar *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));

  g_clear_pointer (&self->needle, g_free);
  if (*text != '\0')
    self->needle = g_utf8_casefold (text, -1);
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  if (xeno_sidebar_get_selected (self) == NULL && self->last_selected != NULL)
    select_in_list (self, self->last_selected);
  update_stack_cb (self);
}

/* Enter in the search entry takes the first match. */
static void
search_activated_cb (XenoSidebar *self)
{
  GListModel *items = G_LIST_MODEL (self->selection);

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (items, i);

      if (XENO_IS_MACHINE (item))
        {
          gtk_single_selection_set_selected (self->selection, i);
          g_signal_emit (self, signals[ACTIVATED], 0);
          return;
        }
    }
}

static void
activated_cb (XenoSidebar *self,
              guint        position)
{
  gtk_single_selection_set_selected (self->selection, position);
  g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
selected_item_cb (XenoSidebar *self)
{
  GObject *selected = xeno_sidebar_get_selected (self);

  if (selected != NULL)
    {
      self->shows_other = FALSE;
      g_set_object (&self->last_selected, selected);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
}

/* One menu for all rows: its actions are those of the selected machine. */
static void
show_menu (XenoSidebar        *self,
           const GdkRectangle *where)
{
  if (self->menu == NULL)
    {
      g_autoptr (GMenuModel) model = xeno_machine_menu_new (FALSE);

      self->menu = gtk_popover_menu_new_from_model (model);
      gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
      gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
    }
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), where);
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

/* The row under the pointer becomes the selected one first: the menu's actions are its. */
static void
row_pressed_cb (GtkGestureClick *gesture,
                int              n_press,
                double           x,
                double           y,
                GtkListItem     *item)
{
  GtkWidget *row = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  XenoSidebar *self = XENO_SIDEBAR (gtk_widget_get_ancestor (row, XENO_TYPE_SIDEBAR));
  GdkRectangle where = { 0, 0, 1, 1 };
  double own_x, own_y;

  if (!XENO_IS_MACHINE (gtk_list_item_get_item (item)))
    return;

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_single_selection_set_selected (self->selection, gtk_list_item_get_position (item));
  gtk_widget_grab_focus (gtk_widget_get_parent (row));
  gtk_widget_translate_coordinates (row, GTK_WIDGET (self), x, y, &own_x, &own_y);
  where.x = (int) own_x;
  where.y = (int) own_y;
  show_menu (self, &where);
}

static void
menu_action_cb (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  XenoSidebar *self = XENO_SIDEBAR (widget);
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));
  graphene_rect_t bounds;
  GdkRectangle where;

  if (focus == NULL || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->list))
      || !XENO_IS_MACHINE (xeno_sidebar_get_selected (self))
      || !gtk_widget_compute_bounds (focus, widget, &bounds))
    return;

  where.x = (int) (bounds.origin.x + bounds.size.width / 2);
  where.y = (int) bounds.origin.y;
  where.width = 1;
  where.height = (int) bounds.size.height;
  show_menu (self, &where);
}

/* What draws the rows is set anew, so that each is asked for its sampler again. */
static void
set_shows_graphs (XenoSidebar *self,
                  gboolean     shows_graphs)
{
  g_autoptr (GtkListItemFactory) factory = NULL;

  if (self->shows_graphs == shows_graphs)
    return;

  self->shows_graphs = shows_graphs;
  factory = gtk_list_view_get_factory (self->list);
  if (factory != NULL)
    {
      g_object_ref (factory);
      gtk_list_view_set_factory (self->list, NULL);
      gtk_list_view_set_factory (self->list, factory);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOWS_GRAPHS]);
}

/* A list that got the focus before its rows were there keeps it for itself: keys would do nothing. */
static void
row_mapped_cb (GtkListItem *item,
               GtkWidget   *row)
{
  XenoSidebar *self = XENO_SIDEBAR (gtk_widget_get_ancestor (row, XENO_TYPE_SIDEBAR));
  guint selected = gtk_single_selection_get_selected (self->selection);

  if (gtk_root_get_focus (gtk_widget_get_root (row)) == GTK_WIDGET (self->list)
      && (selected == GTK_INVALID_LIST_POSITION || selected == gtk_list_item_get_position (item)))
    gtk_widget_grab_focus (gtk_widget_get_parent (row));
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          XenoSidebar              *self)
{
  GtkWidget *bin = adw_bin_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (click, "pressed", G_CALLBACK (row_pressed_cb), item, 0);
  gtk_widget_add_controller (bin, GTK_EVENT_CONTROLLER (click));
  g_signal_connect_object (bin, "map", G_CALLBACK (row_mapped_cb), item, G_CONNECT_SWAPPED);
  gtk_list_item_set_child (item, bin);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         XenoSidebar              *self)
{
  AdwBin *bin = ADW_BIN (gtk_list_item_get_child (item));
  GObject *object = gtk_list_item_get_item (item);
  XenoConnection *connection;

  if (XENO_IS_CONNECTION (object))
    {
      adw_bin_set_child (bin, xeno_connection_row_new (XENO_CONNECTION (object)));
      return;
    }

  if (!XENO_IS_SIDEBAR_ROW (adw_bin_get_child (bin)))
    adw_bin_set_child (bin, xeno_sidebar_row_new ());
  connection = xeno_connection_list_find_owner (self->connections, XENO_MACHINE (object));
  xeno_sidebar_row_set_machine (XENO_SIDEBAR_ROW (adw_bin_get_child (bin)), XENO_MACHINE (object),
                                connection != NULL && self->shows_graphs
                                ? xeno_connection_list_get_sampler (self->connections, connection)
                                : NULL);
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem              *item,
           XenoSidebar              *self)
{
  GtkWidget *child = adw_bin_get_child (ADW_BIN (gtk_list_item_get_child (item)));

  if (XENO_IS_SIDEBAR_ROW (child))
    xeno_sidebar_row_set_machine (XENO_SIDEBAR_ROW (child), NULL, NULL);
}

static void
search_mode_cb (XenoSidebar *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEARCH_MODE]);
}

/* A list that was not laid out yet keeps the focus for itself, and keys would do nothing. */
static gboolean
xeno_sidebar_grab_focus (GtkWidget *widget)
{
  GtkWidget *list = GTK_WIDGET (XENO_SIDEBAR (widget)->list);

  for (GtkWidget *row = gtk_widget_get_first_child (list); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if ((gtk_widget_get_state_flags (row) & GTK_STATE_FLAG_SELECTED) != 0)
      return gtk_widget_grab_focus (row);

  return gtk_widget_grab_focus (list);
}

static void
xeno_sidebar_dispose (GObject *object)
{
  XenoSidebar *self = XENO_SIDEBAR (object);

  g_clear_pointer (&self->menu, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (self), XENO_TYPE_SIDEBAR);
  g_clear_object (&self->last_selected);
  g_clear_object (&self->selection);
  g_clear_object (&self->filter);
  g_clear_object (&self->connections);

  G_OBJECT_CLASS (xeno_sidebar_parent_class)->dispose (object);
}

static void
xeno_sidebar_finalize (GObject *object)
{
  g_free (XENO_SIDEBAR (object)->needle);

  G_OBJECT_CLASS (xeno_sidebar_parent_class)->finalize (object);
}

static void
xeno_sidebar_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  XenoSidebar *self = XENO_SIDEBAR (object);

  switch (prop_id)
    {
    case PROP_SELECTED:
      g_value_set_object (value, xeno_sidebar_get_selected (self));
      break;

    case PROP_SEARCH_MODE:
      g_value_set_boolean (value, gtk_search_bar_get_search_mode (self->search_bar));
      break;

    case PROP_SHOWS_GRAPHS:
      g_value_set_boolean (value, self->shows_graphs);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_sidebar_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_SEARCH_MODE:
      gtk_search_bar_set_search_mode (XENO_SIDEBAR (object)->search_bar, g_value_get_boolean (value));
      break;

    case PROP_SHOWS_GRAPHS:
      set_shows_graphs (XENO_SIDEBAR (object), g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_sidebar_class_init (XenoSidebarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_sidebar_dispose;
  object_class->finalize = xeno_sidebar_finalize;
  object_class->get_property = xeno_sidebar_get_property;
  object_class->set_property = xeno_sidebar_set_property;

  widget_class->grab_focus = xeno_sidebar_grab_focus;

  /**
   * XenoSidebar:selected:
   *
   * The selected #XenoMachine or #XenoConnection, or %NULL.
   */
  properties[PROP_SELECTED] =
    g_param_spec_object ("selected", NULL, NULL, G_TYPE_OBJECT,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoSidebar:search-mode:
   *
   * Whether the search entry shows.
   */
  properties[PROP_SEARCH_MODE] =
    g_param_spec_boolean ("search-mode", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoSidebar:shows-graphs:
   *
   * Whether running machines are sampled for a small graph in their rows.
   */
  properties[PROP_SHOWS_GRAPHS] =
    g_param_spec_boolean ("shows-graphs", NULL, NULL, TRUE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * XenoSidebar::activated:
   *
   * The selected item was activated: by Enter, a double click, or a click where one is enough.
   */
  signals[ACTIVATED] = g_signal_new ("activated", XENO_TYPE_SIDEBAR, G_SIGNAL_RUN_LAST,
                                     0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoSidebar, search_bar);
  gtk_widget_class_bind_template_child (widget_class, XenoSidebar, search_entry);
  gtk_widget_class_bind_template_child (widget_class, XenoSidebar, stack);
  gtk_widget_class_bind_template_child (widget_class, XenoSidebar, list);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_mode_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);

  gtk_widget_class_install_action (widget_class, "sidebar.menu", NULL, menu_action_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "sidebar.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "sidebar.menu", NULL);
}

static void
xeno_sidebar_init (XenoSidebar *self)
{
  self->shows_graphs = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));
  self->filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
}

/**
 * xeno_sidebar_set_connections:
 * @self: a sidebar
 * @connections: the connections whose machines to list
 *
 * Says what to list. Called once.
 */
void
xeno_sidebar_set_connections (XenoSidebar        *self,
                              XenoConnectionList *connections)
{
  g_autoptr (GtkListItemFactory) factory = NULL;
  g_autoptr (GListModel) items = NULL;

  g_return_if_fail (XENO_IS_SIDEBAR (self));
  g_return_if_fail (XENO_IS_CONNECTION_LIST (connections));
  g_return_if_fail (self->connections == NULL);

  self->connections = g_object_ref (connections);
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  items = xeno_sidebar_model_new (xeno_connection_list_get_connections (connections), self->filter);
  gtk_single_selection_set_model (self->selection, items);
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_item_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (update_stack_cb),
                           self, G_CONNECT_SWAPPED);
  /* After the list view, which has to know an item before it is told of its selection. */
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (choose_first_cb),
                           self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);

  factory = gtk_signal_list_item_factory_new ();
  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, 0);
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  choose_first_cb (self);
}

/**
 * xeno_sidebar_get_selected:
 * @self: a sidebar
 *
 * Gets what is selected.
 *
 * Returns: (transfer none) (nullable): a #XenoMachine, a #XenoConnection, or %NULL
 */
GObject *
xeno_sidebar_get_selected (XenoSidebar *self)
{
  g_return_val_if_fail (XENO_IS_SIDEBAR (self), NULL);

  return self->selection != NULL ? gtk_single_selection_get_selected_item (self->selection) : NULL;
}

/**
 * xeno_sidebar_select:
 * @self: a sidebar
 * @item: (nullable): a #XenoMachine or #XenoConnection of the list, or %NULL for none
 *
 * Selects @item; a search that hides it ends.
 */
void
xeno_sidebar_select (XenoSidebar *self,
                     GObject     *item)
{
  g_return_if_fail (XENO_IS_SIDEBAR (self));

  if (self->needle != NULL && XENO_IS_MACHINE (item) && !matches (item, self))
    gtk_search_bar_set_search_mode (self->search_bar, FALSE);

  self->shows_other = !select_in_list (self, item);
  if (self->shows_other)
    gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
}

/**
 * xeno_sidebar_search:
 * @self: a sidebar
 * @text: (nullable): what to search for, or %NULL to let the person type
 *
 * Opens the search.
 */
void
xeno_sidebar_search (XenoSidebar *self,
                     const char  *text)
{
  g_return_if_fail (XENO_IS_SIDEBAR (self));

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  if (text != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->search_entry), text);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

/**
 * xeno_sidebar_set_touch:
 * @self: a sidebar
 * @touch: whether one click is enough
 *
 * Says whether one click activates a row, as it should where the row leads to another page. Where
 * it does not, and nothing is selected, the first machine is.
 */
void
xeno_sidebar_set_touch (XenoSidebar *self,
                        gboolean     touch)
{
  g_return_if_fail (XENO_IS_SIDEBAR (self));

  self->is_touch = touch;
  gtk_list_view_set_single_click_activate (self->list, touch);
  if (self->selection != NULL)
    choose_first_cb (self);
}
