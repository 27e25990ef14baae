/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One console, as a tab shows it: its screen, its text console, and what keeps them away. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-console-view-private.h"
#include "console/xeno-console-size-hint.h"
#include "console/xeno-guest-monitors.h"
#include "dialogs/xeno-job-row.h"

G_DEFINE_FINAL_TYPE (XenoConsoleView, xeno_console_view, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_SESSION,
  PROP_SUBTITLE,
  PROP_ACCEPTS_KEYS,
  PROP_HAS_TEXT,
  PROP_SHOWN,
  PROP_VIEW_ONLY,
  PROP_GUEST,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* Nothing typed may reach a guest behind a page, and the focus goes where it is of use; but a
 * person who is in the header bar stays there, and one in another tab too. */
static void
guide_focus (XenoConsoleView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  gboolean is_elsewhere = focus != NULL && !gtk_widget_is_ancestor (focus, widget);

  if (gtk_widget_get_mapped (widget) && !is_elsewhere)
    gtk_widget_grab_focus (widget);
}

static const char *
get_chord (XenoConsoleView *self)
{
  return xeno_release_chord_get_label (xeno_console_get_release_chord (self->console));
}

/* Which of several displays it is tells one window from the other. */
static char *
dup_status (XenoConsoleView *self)
{
  const char *status = xeno_console_session_get_status (self->session);
  guint head = xeno_console_get_head (self->console);

  if (!self->has_displays || head == XENO_ALL_HEADS)
    return g_strdup (status);

  /* Translators: the number of a guest’s monitor; the state of a machine, as “Running” */
  return g_strdup_printf (_("Display %u · %s"), head + 1, status);
}

static char *
dup_subtitle (XenoConsoleView *self)
{
  g_autofree char *status = dup_status (self);

  if (xeno_console_is_grabbed (self->console))
    /* Translators: the state of a machine, as “Running”, and keys, as “Left Ctrl + Left Alt” */
    return g_strdup_printf (_("%s · %s releases the keyboard"), status, get_chord (self));
  if (xeno_console_is_view_only (self->console))
    /* Translators: %s is the state of a machine, as “Running” */
    return g_strdup_printf (_("%s · view only"), status);

  return g_steal_pointer (&status);
}

static void
update_words (XenoConsoleView *self)
{
  g_autofree char *subtitle = dup_subtitle (self);
  g_autofree char *label = NULL;

  /* Translators: %s is the title of a machine */
  label = g_strdup_printf (_("Screen of “%s”"), xeno_console_session_get_title (self->session));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->console),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);

  if (g_strcmp0 (self->subtitle, subtitle) == 0)
    return;

  g_free (self->subtitle);
  self->subtitle = g_steal_pointer (&subtitle);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SUBTITLE]);
}

static void
update_accepts_keys (XenoConsoleView *self,
                     gboolean         is_clear)
{
  gboolean accepts_keys = is_clear && xeno_console_view_shows_screen (self) &&
                          !xeno_console_is_view_only (self->console);

  if (self->accepts_keys == accepts_keys)
    return;

  self->accepts_keys = accepts_keys;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACCEPTS_KEYS]);
}

static GSimpleAction *
get_action (XenoConsoleView *self,
            const char      *name)
{
  return G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), name));
}

static void
update_actions (XenoConsoleView *self)
{
  XenoConsoleBackend *backend = xeno_console_session_get_backend (self->session);
  gboolean has_picture = backend != NULL && xeno_console_backend_get_surface (backend) != NULL;

  gboolean shows_text = xeno_console_view_shows_text (self);
  gboolean has_terminal = xeno_console_view_get_terminal (self) != NULL;

  g_simple_action_set_enabled (get_action (self, "screenshot"), has_picture && xeno_console_view_shows_screen (self));
  g_simple_action_set_enabled (get_action (self, "find"), has_terminal);
  g_simple_action_set_enabled (get_action (self, "save-text"), has_terminal);
  g_simple_action_set_enabled (get_action (self, "shows-text"), xeno_console_view_has_text (self));
  g_simple_action_set_state (get_action (self, "shows-text"), g_variant_new_boolean (shows_text));
  g_simple_action_set_state (get_action (self, "show"), g_variant_new_string (self->shown));
}

/*
 * Follows the session and the text in view.
 */
void
xeno_console_view_update (XenoConsoleView *self)
{
  gboolean was_clear, is_clear, was_said;

  if (self->session == NULL)
    return;

  xeno_console_view_update_faces (self);
  was_clear = xeno_console_view_is_clear (self);
  was_said = gtk_widget_get_visible (self->notice);
  update_words (self);
  xeno_console_view_update_notice (self);
  is_clear = xeno_console_view_is_clear (self);
  gtk_widget_set_sensitive (GTK_WIDGET (self->console), is_clear);
  if (was_clear != is_clear || was_said != gtk_widget_get_visible (self->notice))
    guide_focus (self);
  update_accepts_keys (self, is_clear);
  update_actions (self);
  xeno_console_view_update_keys (self);
  xeno_console_view_update_typing (self);
}

static void
backend_cb (XenoConsoleView *self)
{
  xeno_console_set_backend (self->console, xeno_console_session_get_backend (self->session));
  xeno_console_view_follow_displays (self);
}

static void
grabbed_cb (XenoConsoleView *self)
{
  if (self->session != NULL)
    update_words (self);
}

static void
view_only_cb (XenoConsoleView *self)
{
  xeno_console_view_update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VIEW_ONLY]);
}

/* What sends files shows while it does; what came of it is told elsewhere. */
static void
job_cb (XenoConsoleView *self)
{
  XenoJob *job = NULL;
  GtkWidget *row;

  g_object_get (self->guest, "job", &job, NULL);
  gtk_revealer_set_reveal_child (self->transfer, job != NULL);
  if (job == NULL)
    return;

  row = xeno_job_row_new (job);
  gtk_widget_add_css_class (row, "osd");
  gtk_widget_add_css_class (row, "console-transfer");
  gtk_revealer_set_child (self->transfer, row);
  g_object_unref (job);
}

/* A kernel that is tried says on its serial port what becomes of it, and may have no screen. */
static void
show_machine (XenoConsoleView *self,
              XenoMachine     *machine)
{
  xeno_panic_bar_set_machine (self->panic_bar, machine);
  if (xeno_machine_runs_kernel (machine))
    xeno_console_view_set_shown (self, xeno_console_view_get_text_face (self));
}

static void
insert_session (XenoConsoleView    *self,
                XenoConsoleSession *session)
{
  self->session = g_object_ref (session);
  xeno_console_session_hold (session);
  g_signal_connect_object (session, "notify::backend", G_CALLBACK (backend_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify", G_CALLBACK (xeno_console_view_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (gdk_display_get_monitors (gtk_widget_get_display (GTK_WIDGET (self))), "items-changed",
                           G_CALLBACK (xeno_console_view_update_displays), self, G_CONNECT_SWAPPED);
  backend_cb (self);
  self->guest = xeno_console_guest_new (self->console, session, G_ACTION_MAP (self->actions));
  g_signal_connect_object (self->guest, "notify::job", G_CALLBACK (job_cb), self, G_CONNECT_SWAPPED);
  xeno_console_view_update (self);
  if (xeno_console_view_has_text (self))
    show_machine (self, xeno_console_session_get_machine (session));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GUEST]);
}

static gboolean
xeno_console_view_grab_focus (GtkWidget *widget)
{
  XenoConsoleView *self = XENO_CONSOLE_VIEW (widget);

  if (!xeno_console_view_is_clear (self))
    return gtk_widget_get_visible (self->notice) && gtk_widget_get_visible (GTK_WIDGET (self->help_button)) &&
           gtk_widget_grab_focus (GTK_WIDGET (self->help_button));

  return gtk_widget_grab_focus (xeno_console_view_shows_screen (self)
                                ? GTK_WIDGET (self->console)
                                : gtk_stack_get_visible_child (self->views));
}

static void
xeno_console_view_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  XenoConsoleView *self = XENO_CONSOLE_VIEW (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;

    case PROP_SUBTITLE:
      g_value_set_string (value, self->subtitle);
      break;

    case PROP_ACCEPTS_KEYS:
      g_value_set_boolean (value, self->accepts_keys);
      break;

    case PROP_HAS_TEXT:
      g_value_set_boolean (value, xeno_console_view_has_text (self));
      break;

    case PROP_SHOWN:
      g_value_set_string (value, self->shown);
      break;

    case PROP_VIEW_ONLY:
      g_value_set_boolean (value, xeno_console_is_view_only (self->console));
      break;

    case PROP_GUEST:
      g_value_set_object (value, self->guest);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_console_view_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  XenoConsoleView *self = XENO_CONSOLE_VIEW (object);

  switch (prop_id)
    {
    case PROP_SHOWN:
      xeno_console_view_set_shown (self, g_value_get_string (value));
      break;

    case PROP_VIEW_ONLY:
      xeno_console_set_view_only (self->console, g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_console_view_dispose (GObject *object)
{
  XenoConsoleView *self = XENO_CONSOLE_VIEW (object);

  if (self->session != NULL)
    xeno_console_view_close (self);
  xeno_console_view_drop_notice (self);
  g_clear_object (&self->guest);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  g_clear_object (&self->actions);
  g_clear_object (&self->displays);
  g_clear_object (&self->faces);
  while (gtk_widget_get_first_child (GTK_WIDGET (self)) != NULL)
    gtk_widget_unparent (gtk_widget_get_first_child (GTK_WIDGET (self)));

  G_OBJECT_CLASS (xeno_console_view_parent_class)->dispose (object);
}

static void
xeno_console_view_finalize (GObject *object)
{
  XenoConsoleView *self = XENO_CONSOLE_VIEW (object);

  g_free (self->subtitle);
  g_free (self->shown);
  g_free (self->last_text);
  g_strfreev (self->ports);

  G_OBJECT_CLASS (xeno_console_view_parent_class)->finalize (object);
}

static void
xeno_console_view_class_init (XenoConsoleViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_console_view_dispose;
  object_class->finalize = xeno_console_view_finalize;
  object_class->get_property = xeno_console_view_get_property;
  object_class->set_property = xeno_console_view_set_property;
  widget_class->grab_focus = xeno_console_view_grab_focus;

  /**
   * XenoConsoleView:session:
   *
   * What it shows.
   */
  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, XENO_TYPE_CONSOLE_SESSION,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoConsoleView:subtitle:
   *
   * What a person must know: its state, and who has the keyboard.
   */
  properties[PROP_SUBTITLE] =
    g_param_spec_string ("subtitle", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoConsoleView:accepts-keys:
   *
   * Whether keys can be sent to its screen.
   */
  properties[PROP_ACCEPTS_KEYS] =
    g_param_spec_boolean ("accepts-keys", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoConsoleView:has-text:
   *
   * Whether there can be a text console.
   */
  properties[PROP_HAS_TEXT] =
    g_param_spec_boolean ("has-text", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoConsoleView:shown:
   *
   * What is in view: "screen", the name of a text console, or "monitor".
   */
  properties[PROP_SHOWN] =
    g_param_spec_string ("shown", NULL, NULL, "screen",
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoConsoleView:view-only:
   *
   * Whether nothing a person does reaches the guest.
   */
  properties[PROP_VIEW_ONLY] =
    g_param_spec_boolean ("view-only", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoConsoleView:guest:
   *
   * What it shares with the guest.
   */
  properties[PROP_GUEST] =
    g_param_spec_object ("guest", NULL, NULL, XENO_TYPE_CONSOLE_GUEST,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (XENO_TYPE_CONSOLE);
  g_type_ensure (XENO_TYPE_CONSOLE_SIZE_HINT);
  g_type_ensure (XENO_TYPE_CONSOLE_HINT);
  g_type_ensure (XENO_TYPE_PANIC_BAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/unaos/Xenolith/xeno-console-view.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleView, views);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleView, console);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleView, notice);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleView, page);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleView, help_button);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleView, log_button);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleView, hint);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleView, transfer);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleView, panic_bar);
  gtk_widget_class_bind_template_callback (widget_class, grabbed_cb);
  gtk_widget_class_bind_template_callback (widget_class, view_only_cb);
  gtk_widget_class_bind_template_callback (widget_class, xeno_console_view_update);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "consoleview");
}

static void
xeno_console_view_init (XenoConsoleView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->shown = g_strdup ("screen");
  self->displays = g_menu_new ();
  self->faces = g_menu_new ();
  self->settings = g_settings_new (XENO_APP_ID);
  g_settings_bind (self->settings, "console-grab", self->console, "grab-policy", G_SETTINGS_BIND_GET);
  g_settings_bind (self->settings, "console-release", self->console, "release-chord", G_SETTINGS_BIND_GET);
  g_settings_bind (self->settings, "console-scroll-speed", self->console, "scroll-speed", G_SETTINGS_BIND_GET);
  g_settings_bind (self->settings, "console-scale", self->console, "scale-mode", G_SETTINGS_BIND_DEFAULT);
  xeno_console_view_add_actions (self);
}

/**
 * xeno_console_view_new:
 * @session: what it shows
 *
 * Returns: (transfer floating): a view of @session; it starts nothing
 */
GtkWidget *
xeno_console_view_new (XenoConsoleSession *session)
{
  XenoConsoleView *self;

  g_return_val_if_fail (XENO_IS_CONSOLE_SESSION (session), NULL);

  self = g_object_new (XENO_TYPE_CONSOLE_VIEW, NULL);
  insert_session (self, session);
  return GTK_WIDGET (self);
}

/**
 * xeno_console_view_get_session:
 * @self: a view
 *
 * Returns: (transfer none): what it shows
 */
XenoConsoleSession *
xeno_console_view_get_session (XenoConsoleView *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_VIEW (self), NULL);

  return self->session;
}

/**
 * xeno_console_view_get_console:
 * @self: a view
 *
 * Returns: (transfer none): the screen
 */
XenoConsole *
xeno_console_view_get_console (XenoConsoleView *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_VIEW (self), NULL);

  return self->console;
}

/**
 * xeno_console_view_get_guest:
 * @self: a view
 *
 * Returns: (transfer none): what it shares with the guest
 */
XenoConsoleGuest *
xeno_console_view_get_guest (XenoConsoleView *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_VIEW (self), NULL);

  return self->guest;
}

/**
 * xeno_console_view_get_actions:
 * @self: a view
 *
 * Returns: (transfer none): what can be done with it; the window that shows it has them as "console"
 */
GActionGroup *
xeno_console_view_get_actions (XenoConsoleView *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_VIEW (self), NULL);

  return G_ACTION_GROUP (self->actions);
}

/**
 * xeno_console_view_is_clear:
 * @self: a view
 *
 * Returns: whether nothing stands between a person and what is shown
 */
gboolean
xeno_console_view_is_clear (XenoConsoleView *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_VIEW (self), FALSE);

  return !self->has_notice;
}

/**
 * xeno_console_view_has_text:
 * @self: a view
 *
 * Returns: whether there can be a text console
 */
gboolean
xeno_console_view_has_text (XenoConsoleView *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_VIEW (self), FALSE);

  return self->session != NULL && xeno_console_session_get_machine (self->session) != NULL;
}

/**
 * xeno_console_view_shows_text:
 * @self: a view
 *
 * Returns: whether a text console is in view
 */
gboolean
xeno_console_view_shows_text (XenoConsoleView *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_VIEW (self), FALSE);

  return xeno_console_view_get_text (self) != NULL;
}

/**
 * xeno_console_view_get_shown:
 * @self: a view
 *
 * Returns: what is in view: "screen", the name of a text console, or "monitor"
 */
const char *
xeno_console_view_get_shown (XenoConsoleView *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_VIEW (self), NULL);

  return self->shown;
}

/**
 * xeno_console_view_set_shown:
 * @self: a view
 * @shown: what shall be in view: "screen", the name of a text console, or "monitor"
 *
 * Does nothing when there is no such text console.
 */
void
xeno_console_view_set_shown (XenoConsoleView *self,
                             const char      *shown)
{
  g_return_if_fail (XENO_IS_CONSOLE_VIEW (self));
  g_return_if_fail (shown != NULL);

  if (g_str_equal (self->shown, shown) || !xeno_console_view_has_face (self, shown))
    return;

  /* From here on @shown may be gone: it can be the text that was in view last. */
  g_free (self->shown);
  self->shown = g_strdup (shown);
  xeno_console_view_show_face (self, self->shown);
  if (xeno_console_view_shows_text (self))
    {
      g_free (self->last_text);
      self->last_text = g_strdup (self->shown);
    }
  xeno_console_view_update (self);
  guide_focus (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOWN]);
}

/**
 * xeno_console_view_get_faces:
 * @self: a view
 *
 * Returns: (transfer none): a menu of what can be in view
 */
GMenuModel *
xeno_console_view_get_faces (XenoConsoleView *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_VIEW (self), NULL);

  return G_MENU_MODEL (self->faces);
}

/**
 * xeno_console_view_close:
 * @self: a view
 *
 * Closes the text consoles for good, and the display if no other view shows one of its monitors.
 */
void
xeno_console_view_close (XenoConsoleView *self)
{
  g_return_if_fail (XENO_IS_CONSOLE_VIEW (self));

  if (self->console != NULL)
    xeno_console_ungrab (self->console);
  if (self->is_closed)
    return;

  self->is_closed = TRUE;
  xeno_console_session_release (self->session);
  if (self->views != NULL)
    xeno_console_view_close_faces (self);
}
