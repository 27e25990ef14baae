/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The head of the review page: what a machine is made from, and the system on it. */
#include "config.h"

#include <glib/gi18n.h>

#include "base/xeno-units.h"
#include "dialogs/xeno-review-header.h"

struct _XenoReviewHeader
{
  AdwBin     parent_instance;

  AdwAvatar *avatar;
  GtkLabel  *os_label;
  GtkLabel  *disc_label;
  GtkWidget *file_box;
  GtkLabel  *file_label;
  GtkLabel  *size_label;
};

enum
{
  CHANGE_FILE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoReviewHeader, xeno_review_header, ADW_TYPE_BIN)

static void
change_file_cb (XenoReviewHeader *self)
{
  g_signal_emit (self, signals[CHANGE_FILE], 0);
}

static void
xeno_review_header_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), XENO_TYPE_REVIEW_HEADER);

  G_OBJECT_CLASS (xeno_review_header_parent_class)->dispose (object);
}

static void
xeno_review_header_class_init (XenoReviewHeaderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xeno_review_header_dispose;

  /**
   * XenoReviewHeader::change-file:
   *
   * The person wants another file.
   */
  signals[CHANGE_FILE] = g_signal_new ("change-file", XENO_TYPE_REVIEW_HEADER, G_SIGNAL_RUN_LAST,
                                       0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-review-header.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoReviewHeader, avatar);
  gtk_widget_class_bind_template_child (widget_class, XenoReviewHeader, os_label);
  gtk_widget_class_bind_template_child (widget_class, XenoReviewHeader, disc_label);
  gtk_widget_class_bind_template_child (widget_class, XenoReviewHeader, file_box);
  gtk_widget_class_bind_template_child (widget_class, XenoReviewHeader, file_label);
  gtk_widget_class_bind_template_child (widget_class, XenoReviewHeader, size_label);
  gtk_widget_class_bind_template_callback (widget_class, change_file_cb);
}

static void
xeno_review_header_init (XenoReviewHeader *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
show_file (XenoReviewHeader *self,
           XenoMedia        *media)
{
  g_autofree char *name = media != NULL ? g_filename_display_basename (xeno_media_get_path (media)) : NULL;

  gtk_widget_set_visible (self->file_box, media != NULL);
  gtk_label_set_label (self->file_label, name != NULL ? name : "");
}

/* What a disk takes here, and what a guest sees of it. */
static void
show_size (XenoReviewHeader *self,
           XenoMedia        *media)
{
  g_autofree char *size = NULL;
  g_autofree char *capacity = NULL;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->size_label),
                          media != NULL && g_str_equal (xeno_media_get_device (media), "disk"));
  if (media == NULL)
    return;

  size = xeno_units_format_size (xeno_media_get_size_bytes (media));
  capacity = xeno_units_format_size (xeno_media_get_capacity_bytes (media));
  if (xeno_media_get_capacity_bytes (media) > 0)
    /* Translators: what kind of disk it is, and two sizes */
    text = g_strdup_printf (_("%s, takes %s, the guest sees %s"), xeno_media_get_kind_label (media), size, capacity);
  else
    /* Translators: what kind of disk it is, and a size */
    text = g_strdup_printf (_("%s, takes %s"), xeno_media_get_kind_label (media), size);
  gtk_label_set_label (self->size_label, text);
}

/* What is known of the disc beyond its system. */
static void
show_disc (XenoReviewHeader *self,
           XenoOs           *os)
{
  const XenoOsDisc *disc = os != NULL ? xeno_os_get_disc (os) : NULL;
  g_autofree char *text = NULL;

  if (disc != NULL && disc->arch != NULL)
    /* Translators: what kind of disc it is; %s is a kind of processor, "x86_64" */
    text = g_strdup_printf (disc->is_live ? _("Live disc for %s") : _("Installation disc for %s"), disc->arch);
  else if (disc != NULL)
    text = g_strdup (disc->is_live ? _("Live disc") : _("Installation disc"));
  gtk_label_set_label (self->disc_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->disc_label), text != NULL);
}

/* What is made from nothing says so. */
static const char *
get_what (XenoRecipe *recipe,
          const char *os_name)
{
  XenoMedia *media = xeno_recipe_get_media (recipe);

  if (os_name != NULL)
    return os_name;
  if (media != NULL && xeno_media_is_kernel (media))
    return xeno_media_get_label (media) != NULL ? xeno_media_get_label (media) : xeno_media_get_kind_label (media);
  if (media != NULL)
    return _("Unknown operating system");
  return xeno_recipe_boots_network (recipe) ? _("Network installation") : _("Empty machine");
}

/**
 * xeno_review_header_show:
 * @self: a header
 * @recipe: what is being reviewed
 * @os: (nullable): the operating system on it, where it is known
 *
 * Shows what a machine is made from.
 */
void
xeno_review_header_show (XenoReviewHeader *self,
                         XenoRecipe       *recipe,
                         XenoOs           *os)
{
  XenoMedia *media;
  const char *os_name, *label;

  g_return_if_fail (XENO_IS_REVIEW_HEADER (self));
  g_return_if_fail (XENO_IS_RECIPE (recipe));
  g_return_if_fail (os == NULL || XENO_IS_OS (os));

  media = xeno_recipe_get_media (recipe);
  label = media != NULL ? xeno_media_get_label (media) : NULL;
  os_name = os != NULL && !xeno_os_is_generic (os) ? xeno_os_get_full_name (os) : NULL;
  adw_avatar_set_text (self->avatar, os_name != NULL ? os_name : label);
  adw_avatar_set_show_initials (self->avatar, os_name != NULL || label != NULL);
  adw_avatar_set_icon_name (self->avatar, media != NULL ? "media-optical-symbolic"
                                          : xeno_recipe_boots_network (recipe) ? "network-wired-symbolic"
                                          : "computer-symbolic");
  gtk_label_set_label (self->os_label, get_what (recipe, os_name));
  show_disc (self, os);
  show_file (self, media);
  show_size (self, media);
}
