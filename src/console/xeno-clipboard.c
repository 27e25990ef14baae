/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Carries the clipboard between desktop and guest, as far as the machine's policy lets it. */
#include "config.h"

#include "console/xeno-clipboard-forms.h"
#include "console/xeno-clipboard.h"
#include "console/xeno-guest-content.h"

/* A guest changes the desktop's clipboard so often at most; of what it says meanwhile only the last
 * counts. Agents that let go and grab again at once are not noticed. */
#define GUEST_INTERVAL_MS 500

struct _XenoClipboard
{
  GObject              parent_instance;
  GdkClipboard        *clipboard;
  XenoGuest           *guest;
  GSignalGroup        *guest_signals;
  XenoClipboardPolicy  policy;
  gboolean             is_active;

  gboolean             has_news;  /* of the desktop's, which the guest has not been told */
  guint                offered;   /* to the guest */

  GdkContentProvider  *provider;  /* the guest's content, while it is the desktop's too */
  guint                grabbed;   /* by the guest, and not taken yet */
  gint64               taken_us;
  guint                take_id;
};

enum
{
  PROP_POLICY = 1,
  PROP_ACTIVE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_ENUM_TYPE (XenoClipboardPolicy, xeno_clipboard_policy,
                    G_DEFINE_ENUM_VALUE (XENO_CLIPBOARD_OFF, "off"),
                    G_DEFINE_ENUM_VALUE (XENO_CLIPBOARD_TO_GUEST, "to-guest"),
                    G_DEFINE_ENUM_VALUE (XENO_CLIPBOARD_FROM_GUEST, "from-guest"),
                    G_DEFINE_ENUM_VALUE (XENO_CLIPBOARD_BOTH, "both"))

G_DEFINE_FINAL_TYPE (XenoClipboard, xeno_clipboard, G_TYPE_OBJECT)

static gboolean
may_give (XenoClipboard *self)
{
  return self->guest != NULL && self->is_active && (self->policy & XENO_CLIPBOARD_TO_GUEST) != 0;
}

static gboolean
may_take (XenoClipboard *self)
{
  return self->guest != NULL && self->is_active && (self->policy & XENO_CLIPBOARD_FROM_GUEST) != 0;
}

static gboolean
has_guests_content (XenoClipboard *self)
{
  return self->provider != NULL && gdk_clipboard_get_content (self->clipboard) == self->provider;
}

static guint
get_forms_for_guest (XenoClipboard *self)
{
  guint forms = xeno_clipboard_forms_from_formats (gdk_clipboard_get_formats (self->clipboard));

  if (!xeno_guest_can (self->guest, XENO_DISPLAY_ABILITY_TEXT))
    forms &= ~XENO_DISPLAY_FORM_TEXT;
  if (!xeno_guest_can (self->guest, XENO_DISPLAY_ABILITY_PICTURES))
    forms &= XENO_DISPLAY_FORM_TEXT;
  return forms;
}

static gboolean
has_clipboard (XenoClipboard *self)
{
  return (xeno_guest_get_abilities (self->guest) &
          (XENO_DISPLAY_ABILITY_TEXT | XENO_DISPLAY_ABILITY_PICTURES)) != 0;
}

/* Where the guest's own content is the desktop's there is nothing to tell. */
static void
offer_news (XenoClipboard *self)
{
  guint forms;

  if (!self->has_news || !may_give (self) || has_guests_content (self) || !has_clipboard (self))
    return;

  forms = get_forms_for_guest (self);
  self->has_news = FALSE;
  if (forms == 0 && self->offered == 0)
    return;

  self->offered = forms;
  xeno_guest_grab (self->guest, forms);
}

static void
withdraw (XenoClipboard *self)
{
  self->has_news = TRUE;
  if (self->offered == 0)
    return;

  self->offered = 0;
  xeno_guest_grab (self->guest, 0);
}

/* What is copied while the console is left alone is none of the guest's business. */
static void
changed_cb (XenoClipboard *self)
{
  if (has_guests_content (self))
    return;

  g_clear_object (&self->provider);
  if (may_give (self))
    {
      self->has_news = TRUE;
      offer_news (self);
    }
  else
    {
      withdraw (self);
    }
}

static void
read_cb (GObject      *clipboard,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GBytes *content = xeno_clipboard_read_finish (GDK_CLIPBOARD (clipboard), result, &error);

  if (content != NULL)
    g_task_return_pointer (task, content, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

static gboolean
give_up_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

/* A program may take forever to give what it has copied. */
static GCancellable *
new_deadline (void)
{
  GCancellable *cancellable = g_cancellable_new ();

  g_timeout_add_full (G_PRIORITY_DEFAULT, XENO_DISPLAY_CLIPBOARD_MS, give_up_cb, g_object_ref (cancellable),
                      g_object_unref);
  return cancellable;
}

static gboolean
requested_cb (XenoClipboard *self,
              guint          form,
              GTask         *task)
{
  g_autoptr (GCancellable) deadline = NULL;

  if (!may_give (self) || (self->offered & form) == 0 || has_guests_content (self))
    return FALSE;

  deadline = new_deadline ();
  xeno_clipboard_read_async (self->clipboard, form, deadline, read_cb, g_object_ref (task));
  return TRUE;
}

static void
take (XenoClipboard *self)
{
  self->taken_us = g_get_monotonic_time ();
  if (self->grabbed != 0)
    {
      g_autoptr (GdkContentProvider) provider = xeno_guest_content_new (self->guest, self->grabbed);

      self->offered = 0;
      g_set_object (&self->provider, provider);
      gdk_clipboard_set_content (self->clipboard, provider);
    }
  else if (has_guests_content (self))
    {
      g_clear_object (&self->provider);
      gdk_clipboard_set_content (self->clipboard, NULL);
    }
}

static gboolean
take_cb (gpointer user_data)
{
  XenoClipboard *self = user_data;

  self->take_id = 0;
  take (self);
  return G_SOURCE_REMOVE;
}

static void
grabbed_cb (XenoClipboard *self,
            guint          forms)
{
  gint64 elapsed_ms = (g_get_monotonic_time () - self->taken_us) / 1000;

  if (forms != 0 && !may_take (self))
    return;

  self->grabbed = forms;
  if (self->take_id != 0)
    return;

  if (forms != 0 && elapsed_ms >= GUEST_INTERVAL_MS)
    take (self);
  else if (forms != 0 || has_guests_content (self))
    self->take_id = g_timeout_add (forms != 0 ? GUEST_INTERVAL_MS - elapsed_ms : GUEST_INTERVAL_MS, take_cb,
                                   self);
}

/* An agent that comes knows nothing yet. */
static void
abilities_cb (XenoClipboard *self)
{
  if (!has_clipboard (self))
    self->offered = 0;
  if (get_forms_for_guest (self) != self->offered)
    self->has_news = TRUE;
  offer_news (self);
}

static void
forget_guests_content (XenoClipboard *self)
{
  g_clear_handle_id (&self->take_id, g_source_remove);
  self->grabbed = 0;
  if (has_guests_content (self))
    gdk_clipboard_set_content (self->clipboard, NULL);
  g_clear_object (&self->provider);
}

static void
xeno_clipboard_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  XenoClipboard *self = XENO_CLIPBOARD (object);

  switch (prop_id)
    {
    case PROP_POLICY:
      g_value_set_enum (value, self->policy);
      break;

    case PROP_ACTIVE:
      g_value_set_boolean (value, self->is_active);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_clipboard_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  XenoClipboard *self = XENO_CLIPBOARD (object);

  switch (prop_id)
    {
    case PROP_POLICY:
      xeno_clipboard_set_policy (self, g_value_get_enum (value));
      break;

    case PROP_ACTIVE:
      xeno_clipboard_set_active (self, g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_clipboard_dispose (GObject *object)
{
  XenoClipboard *self = XENO_CLIPBOARD (object);

  if (self->clipboard != NULL)
    xeno_clipboard_set_guest (self, NULL);
  g_clear_object (&self->guest_signals);
  g_clear_object (&self->clipboard);

  G_OBJECT_CLASS (xeno_clipboard_parent_class)->dispose (object);
}

static void
xeno_clipboard_class_init (XenoClipboardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_clipboard_dispose;
  object_class->get_property = xeno_clipboard_get_property;
  object_class->set_property = xeno_clipboard_set_property;

  /**
   * XenoClipboard:policy:
   *
   * Which way the clipboard goes.
   */
  properties[PROP_POLICY] =
    g_param_spec_enum ("policy", NULL, NULL, XENO_TYPE_CLIPBOARD_POLICY, XENO_CLIPBOARD_OFF,
                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoClipboard:active:
   *
   * Whether a person is at the console; nothing passes otherwise.
   */
  properties[PROP_ACTIVE] =
    g_param_spec_boolean ("active", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xeno_clipboard_init (XenoClipboard *self)
{
  self->has_news = TRUE;
  self->guest_signals = g_signal_group_new (XENO_TYPE_GUEST);
  g_signal_group_connect_swapped (self->guest_signals, "grabbed", G_CALLBACK (grabbed_cb), self);
  g_signal_group_connect_swapped (self->guest_signals, "requested", G_CALLBACK (requested_cb), self);
  g_signal_group_connect_swapped (self->guest_signals, "notify::abilities", G_CALLBACK (abilities_cb), self);
}

/**
 * xeno_clipboard_new:
 * @clipboard: the desktop's
 *
 * Returns: (transfer full): what carries nothing until it has a guest, a policy, and somebody at the
 *   console
 */
XenoClipboard *
xeno_clipboard_new (GdkClipboard *clipboard)
{
  XenoClipboard *self;

  g_return_val_if_fail (GDK_IS_CLIPBOARD (clipboard), NULL);

  self = g_object_new (XENO_TYPE_CLIPBOARD, NULL);
  self->clipboard = g_object_ref (clipboard);
  g_signal_connect_object (clipboard, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * xeno_clipboard_set_guest:
 * @self: a clipboard
 * @guest: (nullable): the other side
 */
void
xeno_clipboard_set_guest (XenoClipboard *self,
                          XenoGuest     *guest)
{
  g_return_if_fail (XENO_IS_CLIPBOARD (self));
  g_return_if_fail (guest == NULL || XENO_IS_GUEST (guest));

  if (self->guest == guest)
    return;

  forget_guests_content (self);
  if (self->guest != NULL)
    withdraw (self);
  g_set_object (&self->guest, guest);
  g_signal_group_set_target (self->guest_signals, guest);
  self->offered = 0;
  self->has_news = TRUE;
  offer_news (self);
}

/**
 * xeno_clipboard_get_policy:
 * @self: a clipboard
 *
 * Returns: which way it goes
 */
XenoClipboardPolicy
xeno_clipboard_get_policy (XenoClipboard *self)
{
  g_return_val_if_fail (XENO_IS_CLIPBOARD (self), XENO_CLIPBOARD_OFF);

  return self->policy;
}

/**
 * xeno_clipboard_set_policy:
 * @self: a clipboard
 * @policy: which way it goes
 *
 * What has passed and may not any more is taken back, where it has not been pasted yet.
 */
void
xeno_clipboard_set_policy (XenoClipboard       *self,
                           XenoClipboardPolicy  policy)
{
  g_return_if_fail (XENO_IS_CLIPBOARD (self));

  if (self->policy == policy)
    return;

  self->policy = policy;
  if ((policy & XENO_CLIPBOARD_FROM_GUEST) == 0)
    forget_guests_content (self);
  if ((policy & XENO_CLIPBOARD_TO_GUEST) == 0)
    withdraw (self);
  else
    offer_news (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_POLICY]);
}

/**
 * xeno_clipboard_set_active:
 * @self: a clipboard
 * @active: whether a person is at the console
 *
 * A guest nobody looks at neither changes the desktop's clipboard nor reads it.
 */
void
xeno_clipboard_set_active (XenoClipboard *self,
                           gboolean       active)
{
  g_return_if_fail (XENO_IS_CLIPBOARD (self));

  if (self->is_active == !!active)
    return;

  self->is_active = !!active;
  offer_news (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIVE]);
}
