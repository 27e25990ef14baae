/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An address as what a console shows: its display is opened, and opened again when it went away. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-viewer-display.h"
#include "app/xeno-viewer-session.h"
#include "dialogs/xeno-password-dialog.h"
#include "dialogs/xeno-trust-dialog.h"

struct _XenoViewerSession
{
  XenoConsoleSession  parent_instance;

  XenoViewer         *viewer;
  char               *id;
  GSignalGroup       *backend_signals;
  GtkWindow          *window; /* the one in which it was last in view; borrowed */
  GtkWindow          *question;
};

G_DEFINE_FINAL_TYPE (XenoViewerSession, xeno_viewer_session, XENO_TYPE_CONSOLE_SESSION)

static const char *
get_id (XenoConsoleSession *session)
{
  return XENO_VIEWER_SESSION (session)->id;
}

static XenoConsoleBackend *
open_backend (XenoConsoleSession *session)
{
  return xeno_viewer_display_open (XENO_VIEWER_SESSION (session)->viewer);
}

static gboolean
wants_display (XenoConsoleSession *session,
               gboolean            is_open)
{
  return TRUE;
}

static XenoConsoleSituation
find_obstacle (XenoConsoleSession *session)
{
  XenoViewerQuestion question = xeno_viewer_get_question (XENO_VIEWER_SESSION (session)->viewer);

  return question != XENO_VIEWER_ASKS_NOTHING ? XENO_SITUATION_ASKING : XENO_SITUATION_CLEAR;
}

/* No machine is known to run behind it. */
static char *
dup_reason (XenoConsoleSession *session)
{
  XenoConsoleBackend *backend = xeno_console_session_get_backend (session);

  if (xeno_viewer_get_question (XENO_VIEWER_SESSION (session)->viewer) != XENO_VIEWER_ASKS_NOTHING)
    return NULL;
  if (backend != NULL && xeno_console_backend_get_state (backend) == XENO_CONSOLE_CLOSED)
    return g_strdup (_("Open it again to see it."));
  return g_strdup (_("Its server does not answer. It may be busy."));
}

/* Once it is open, a person wants to know who can read along. */
static char *
dup_status (XenoViewerSession *self)
{
  XenoAddress *address = xeno_viewer_get_address (self->viewer);
  g_autofree char *place = xeno_address_dup_place (address);

  if (!xeno_address_is_remote (address) ||
      xeno_console_session_get_situation (XENO_CONSOLE_SESSION (self)) != XENO_SITUATION_CLEAR)
    return g_steal_pointer (&place);
  if (xeno_viewer_is_encrypted (self->viewer))
    /* Translators: %s is the address of a display */
    return g_strdup_printf (_("%s · encrypted"), place);
  /* Translators: %s is the address of a display */
  return g_strdup_printf (_("%s · not encrypted"), place);
}

/* Who sent the file knows best, then the server. */
static char *
dup_title (XenoViewerSession *self)
{
  XenoAddress *address = xeno_viewer_get_address (self->viewer);
  XenoConsoleBackend *backend = xeno_console_session_get_backend (XENO_CONSOLE_SESSION (self));
  const char *name = backend != NULL ? xeno_console_backend_get_name (backend) : NULL;

  if (address->title != NULL)
    return g_strdup (address->title);
  if (name != NULL && *name != '\0')
    return g_strdup (name);
  return xeno_address_dup_place (address);
}

static void
update_words (XenoViewerSession *self)
{
  g_autofree char *title = dup_title (self);
  g_autofree char *status = dup_status (self);

  xeno_console_session_set_title (XENO_CONSOLE_SESSION (self), title, status);
}

static void
backend_cb (XenoViewerSession *self)
{
  g_signal_group_set_target (self->backend_signals,
                             xeno_console_session_get_backend (XENO_CONSOLE_SESSION (self)));
  update_words (self);
}

/* No answer is heard from a dialog that is not the one any more. */
static void
close_question (XenoViewerSession *self)
{
  GtkWindow *dialog = self->question;

  g_clear_weak_pointer (&self->question);
  if (dialog != NULL)
    gtk_window_destroy (dialog);
}

static void
answered_cb (XenoViewerSession *self,
             const char        *response,
             GtkWindow         *dialog)
{
  if (self->question != dialog)
    return;

  g_clear_weak_pointer (&self->question);
  if (g_str_equal (response, "connect"))
    xeno_viewer_answer_credentials (self->viewer,
                                    xeno_password_dialog_get_username (XENO_PASSWORD_DIALOG (dialog)),
                                    xeno_password_dialog_get_password (XENO_PASSWORD_DIALOG (dialog)),
                                    xeno_password_dialog_is_to_be_remembered (XENO_PASSWORD_DIALOG (dialog)));
  else if (g_str_equal (response, "trust"))
    xeno_viewer_answer_trust (self->viewer);
  else
    xeno_viewer_refuse_answer (self->viewer);
}

static GtkWidget *
make_dialog (XenoViewerSession *self)
{
  switch (xeno_viewer_get_question (self->viewer))
    {
    case XENO_VIEWER_ASKS_CREDENTIALS:
      return xeno_password_dialog_new (self->window, self->viewer);

    case XENO_VIEWER_ASKS_TRUST:
      return xeno_trust_dialog_new (self->window, self->viewer);

    case XENO_VIEWER_ASKS_NOTHING:
    default:
      return NULL;
    }
}

/* A question waits until there is a window to ask it over. */
static void
question_cb (XenoViewerSession *self)
{
  GtkWidget *dialog;

  xeno_console_session_update (XENO_CONSOLE_SESSION (self));
  close_question (self);
  dialog = self->window != NULL ? make_dialog (self) : NULL;
  if (dialog == NULL)
    return;

  g_set_weak_pointer (&self->question, GTK_WINDOW (dialog));
  g_signal_connect_object (self->question, "response", G_CALLBACK (answered_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (self->question);
}

static void
copy_address_cb (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  XenoViewerSession *self = user_data;
  g_autofree char *uri = xeno_address_to_uri (xeno_viewer_get_address (self->viewer));

  if (self->window != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self->window)), uri);
}

static GActionGroup *
make_actions (XenoConsoleSession *session,
              GtkWindow          *window)
{
  static const GActionEntry entries[] = {
    { "copy-address", copy_address_cb },
  };
  XenoViewerSession *self = XENO_VIEWER_SESSION (session);
  GSimpleActionGroup *actions = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), self);
  g_set_weak_pointer (&self->window, window);
  if (self->question == NULL)
    question_cb (self);
  else
    gtk_window_set_transient_for (self->question, window);
  return G_ACTION_GROUP (actions);
}

static GMenuModel *
make_menu (XenoConsoleSession *session)
{
  g_autoptr (GMenu) section = g_menu_new ();
  GMenu *menu = g_menu_new ();

  g_menu_append (section, _("_Copy Address"), "viewer.copy-address");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
  return G_MENU_MODEL (menu);
}

static void
xeno_viewer_session_dispose (GObject *object)
{
  XenoViewerSession *self = XENO_VIEWER_SESSION (object);

  close_question (self);
  g_clear_weak_pointer (&self->window);
  g_clear_object (&self->backend_signals);

  G_OBJECT_CLASS (xeno_viewer_session_parent_class)->dispose (object);
}

static void
xeno_viewer_session_finalize (GObject *object)
{
  XenoViewerSession *self = XENO_VIEWER_SESSION (object);

  g_object_unref (self->viewer);
  g_free (self->id);

  G_OBJECT_CLASS (xeno_viewer_session_parent_class)->finalize (object);
}

static void
xeno_viewer_session_class_init (XenoViewerSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  XenoConsoleSessionClass *session_class = XENO_CONSOLE_SESSION_CLASS (klass);

  object_class->dispose = xeno_viewer_session_dispose;
  object_class->finalize = xeno_viewer_session_finalize;

  session_class->action_prefix = "viewer";
  session_class->get_id = get_id;
  session_class->open = open_backend;
  session_class->wants_display = wants_display;
  session_class->find_obstacle = find_obstacle;
  session_class->dup_reason = dup_reason;
  session_class->make_actions = make_actions;
  session_class->make_menu = make_menu;
}

static void
xeno_viewer_session_init (XenoViewerSession *self)
{
  self->backend_signals = g_signal_group_new (XENO_TYPE_CONSOLE_BACKEND);
  g_signal_group_connect_swapped (self->backend_signals, "notify::name", G_CALLBACK (update_words), self);
  g_signal_connect (self, "notify::backend", G_CALLBACK (backend_cb), NULL);
  g_signal_connect (self, "notify::situation", G_CALLBACK (update_words), NULL);
}

/**
 * xeno_viewer_session_new:
 * @viewer: who looks at an address
 *
 * Opens the display there.
 *
 * Returns: (transfer full): the session
 */
XenoConsoleSession *
xeno_viewer_session_new (XenoViewer *viewer)
{
  XenoViewerSession *self;

  g_return_val_if_fail (XENO_IS_VIEWER (viewer), NULL);

  self = g_object_new (XENO_TYPE_VIEWER_SESSION, NULL);
  self->viewer = g_object_ref (viewer);
  self->id = xeno_address_to_uri (xeno_viewer_get_address (viewer));
  g_signal_connect_object (viewer, "question-changed", G_CALLBACK (question_cb), self, G_CONNECT_SWAPPED);
  update_words (self);
  xeno_console_session_update (XENO_CONSOLE_SESSION (self));
  return XENO_CONSOLE_SESSION (self);
}

/**
 * xeno_viewer_session_get_viewer:
 * @self: a session
 *
 * Returns: (transfer none): who looks at the address
 */
XenoViewer *
xeno_viewer_session_get_viewer (XenoViewerSession *self)
{
  g_return_val_if_fail (XENO_IS_VIEWER_SESSION (self), NULL);

  return self->viewer;
}
