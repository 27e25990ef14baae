/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A disc or disk of an operating system, and where its vendor gives it out. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-text.h"
#include "create/xeno-os-download-private.h"
#include "create/xeno-os-private.h"

#define MAX_TITLE_CHARS 100

struct _XenoOsDownload
{
  GObject             parent_instance;
  XenoOs             *os;
  char               *title;
  char               *url;
  char               *arch;
  char               *search_text; /* without regard to case */
  char               *family;  /* which of its releases the newest is sought of: "fedora Workstation" */
  XenoOsDownloadKind  kind;
  gboolean            is_alive; /* released, and still looked after */
  gboolean            is_recommended;
};

enum
{
  PROP_0,
  PROP_TITLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (XenoOsDownload, xeno_os_download, G_TYPE_OBJECT)

/* In the order of the kinds. */
static const struct
{
  const char *id;
  const char *label;
} kinds[] = {
  { "installer", N_("Installation disc") },
  { "live", N_("Live disc") },
  { "image", N_("Cloud image") },
};

/* Systems that most people who want any at all want, as the database calls their distributions. */
static const char * const popular[] = {
  "fedora", "ubuntu", "debian", "linuxmint", "opensuse", "arch", "archlinux", "alpinelinux", "manjaro", "pop", "popos",
  "almalinux", "rocky", "centos", "freebsd", "nixos", NULL
};

static void
xeno_os_download_finalize (GObject *object)
{
  XenoOsDownload *self = XENO_OS_DOWNLOAD (object);

  g_clear_object (&self->os);
  g_free (self->title);
  g_free (self->url);
  g_free (self->arch);
  g_free (self->search_text);
  g_free (self->family);

  G_OBJECT_CLASS (xeno_os_download_parent_class)->finalize (object);
}

static void
xeno_os_download_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, XENO_OS_DOWNLOAD (object)->title);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_os_download_class_init (XenoOsDownloadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = xeno_os_download_finalize;
  object_class->get_property = xeno_os_download_get_property;

  /**
   * XenoOsDownload:title:
   *
   * What it is, for people: the system, and which variant of it.
   */
  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xeno_os_download_init (XenoOsDownload *self)
{
}

static gboolean
is_alive (OsinfoOs *entry)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDate) today = g_date_new_dmy (g_date_time_get_day_of_month (now), g_date_time_get_month (now),
                                            g_date_time_get_year (now));
  g_autoptr (GDate) end = osinfo_product_get_eol_date (OSINFO_PRODUCT (entry));
  int status = osinfo_os_get_release_status (entry);

  return (status == OSINFO_RELEASE_STATUS_RELEASED || status == OSINFO_RELEASE_STATUS_ROLLING)
         && (end == NULL || g_date_compare (today, end) <= 0);
}

/* One variant's name tells which disc it is; where there are several it tells nothing. */
static char *
dup_variant (OsinfoOsVariantList *variants)
{
  OsinfoEntity *variant;

  if (variants == NULL || osinfo_list_get_length (OSINFO_LIST (variants)) != 1)
    return NULL;

  variant = osinfo_list_get_nth (OSINFO_LIST (variants), 0);
  return g_strdup (osinfo_os_variant_get_name (OSINFO_OS_VARIANT (variant)));
}

static gboolean
is_web_address (const char *url)
{
  return url != NULL && (g_str_has_prefix (url, "https://") || g_str_has_prefix (url, "http://"));
}

static XenoOsDownload *
download_new (OsinfoOs           *entry,
              XenoOs             *os,
              OsinfoOsVariantList *variants,
              const char         *url,
              const char         *arch,
              XenoOsDownloadKind  kind)
{
  XenoOsDownload *self = g_object_new (XENO_TYPE_OS_DOWNLOAD, NULL);
  const char *short_id = xeno_os_get_short_id (os);
  g_autofree char *variant = dup_variant (variants);
  g_autofree char *title = NULL;
  g_autofree char *words = NULL;

  /* The variant's name begins with the system's, where the vendor gave it one of its own. */
  title = variant != NULL ? g_strdup (variant) : g_strdup (xeno_os_get_name (os));
  self->os = g_object_ref (os);
  self->title = xeno_text_clean (title, -1, MAX_TITLE_CHARS);
  self->url = g_strdup (url);
  self->arch = g_strdup (arch);
  self->family = g_strdup (osinfo_os_get_distro (entry));
  self->kind = kind;
  self->is_alive = is_alive (entry);
  words = g_strjoin (" ", self->title, xeno_os_get_name (os), short_id != NULL ? short_id : "", kinds[kind].id, arch, NULL);
  self->search_text = g_utf8_casefold (words, -1);
  return self;
}

static void
add_discs (GPtrArray *downloads,
           OsinfoOs  *entry,
           XenoOs    *os)
{
  g_autoptr (OsinfoMediaList) list = osinfo_os_get_media_list (entry);

  for (int i = 0; i < osinfo_list_get_length (OSINFO_LIST (list)); i++)
    {
      OsinfoMedia *media = OSINFO_MEDIA (osinfo_list_get_nth (OSINFO_LIST (list), i));
      g_autoptr (OsinfoOsVariantList) variants = osinfo_media_get_os_variants (media);
      const char *url = osinfo_media_get_url (media);

      if (is_web_address (url))
        g_ptr_array_add (downloads, download_new (entry, os, variants, url, osinfo_media_get_architecture (media),
                                                  osinfo_media_get_live (media) ? XENO_OS_DOWNLOAD_LIVE
                                                                                : XENO_OS_DOWNLOAD_INSTALLER));
    }
}

static void
add_images (GPtrArray *downloads,
            OsinfoOs  *entry,
            XenoOs    *os)
{
  g_autoptr (OsinfoImageList) list = osinfo_os_get_image_list (entry);

  for (int i = 0; i < osinfo_list_get_length (OSINFO_LIST (list)); i++)
    {
      OsinfoImage *image = OSINFO_IMAGE (osinfo_list_get_nth (OSINFO_LIST (list), i));
      g_autoptr (OsinfoOsVariantList) variants = osinfo_image_get_os_variants (image);
      const char *url = osinfo_image_get_url (image);

      if (is_web_address (url))
        g_ptr_array_add (downloads, download_new (entry, os, variants, url, osinfo_image_get_architecture (image),
                                                  XENO_OS_DOWNLOAD_IMAGE));
    }
}

static int
compare_cb (gconstpointer a,
            gconstpointer b)
{
  XenoOsDownload *first = *(XenoOsDownload **) a;
  XenoOsDownload *second = *(XenoOsDownload **) b;
  int order = xeno_os_compare_age (first->os, second->os);

  return order != 0 ? order : g_utf8_collate (first->title, second->title);
}

/* Two databases can know of the same file; the first one's word is the host's. */
static void
drop_doubles (GPtrArray *downloads)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < downloads->len;)
    {
      XenoOsDownload *download = g_ptr_array_index (downloads, i);

      if (g_hash_table_add (seen, download->url))
        i++;
      else
        g_ptr_array_remove_index (downloads, i);
    }
}

/* Of each popular system the discs of its newest release, for this kind of computer. */
static void
recommend (GPtrArray  *downloads,
           const char *host_arch)
{
  g_autoptr (GHashTable) newest = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < downloads->len; i++)
    {
      XenoOsDownload *download = g_ptr_array_index (downloads, i);
      XenoOs *os;

      if (!download->is_alive || download->family == NULL || g_strcmp0 (download->arch, host_arch) != 0
          || !g_strv_contains (popular, download->family))
        continue;

      os = g_hash_table_lookup (newest, download->family);
      if (os == NULL)
        g_hash_table_insert (newest, download->family, download->os);
      download->is_recommended = os == NULL || os == download->os;
    }
}

/*< private >
 * xeno_os_download_list:
 * @db: the database
 * @more_discs: (nullable): discs of systems that are in @db
 * @host_arch: this computer's architecture
 *
 * Lists all that can be downloaded, the newest first. Blocks.
 *
 * Returns: (transfer full) (element-type XenoOsDownload): the list
 */
GPtrArray *
xeno_os_download_list (OsinfoDb   *db,
                       OsinfoDb   *more_discs,
                       const char *host_arch)
{
  GPtrArray *downloads = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (OsinfoOsList) systems = osinfo_db_get_os_list (db);

  for (int i = 0; i < osinfo_list_get_length (OSINFO_LIST (systems)); i++)
    {
      OsinfoOs *entry = OSINFO_OS (osinfo_list_get_nth (OSINFO_LIST (systems), i));
      g_autoptr (XenoOs) os = xeno_os_new_from_osinfo (entry);

      OsinfoOs *more = more_discs != NULL ? osinfo_db_get_os (more_discs, xeno_os_get_id (os)) : NULL;

      add_discs (downloads, entry, os);
      add_images (downloads, entry, os);
      if (more != NULL)
        {
          add_discs (downloads, more, os);
          add_images (downloads, more, os);
        }
    }
  drop_doubles (downloads);
  g_ptr_array_sort (downloads, compare_cb);
  recommend (downloads, host_arch);
  return downloads;
}

/**
 * xeno_os_download_get_os:
 * @self: a download
 *
 * Gets the system it is of.
 *
 * Returns: (transfer none): the system, not described
 */
XenoOs *
xeno_os_download_get_os (XenoOsDownload *self)
{
  g_return_val_if_fail (XENO_IS_OS_DOWNLOAD (self), NULL);

  return self->os;
}

/**
 * xeno_os_download_get_title:
 * @self: a download
 *
 * Gets what it is, for people.
 *
 * Returns: (transfer none): the title
 */
const char *
xeno_os_download_get_title (XenoOsDownload *self)
{
  g_return_val_if_fail (XENO_IS_OS_DOWNLOAD (self), NULL);

  return self->title;
}

/**
 * xeno_os_download_get_url:
 * @self: a download
 *
 * Gets where it is: http or https.
 *
 * Returns: (transfer none): the URL
 */
const char *
xeno_os_download_get_url (XenoOsDownload *self)
{
  g_return_val_if_fail (XENO_IS_OS_DOWNLOAD (self), NULL);

  return self->url;
}

/**
 * xeno_os_download_get_arch:
 * @self: a download
 *
 * Gets for which kind of computer it is.
 *
 * Returns: (transfer none): the architecture, "x86_64" for example
 */
const char *
xeno_os_download_get_arch (XenoOsDownload *self)
{
  g_return_val_if_fail (XENO_IS_OS_DOWNLOAD (self), NULL);

  return self->arch;
}

/**
 * xeno_os_download_get_kind:
 * @self: a download
 *
 * Gets what is downloaded.
 *
 * Returns: the kind
 */
XenoOsDownloadKind
xeno_os_download_get_kind (XenoOsDownload *self)
{
  g_return_val_if_fail (XENO_IS_OS_DOWNLOAD (self), XENO_OS_DOWNLOAD_INSTALLER);

  return self->kind;
}

/**
 * xeno_os_download_dup_details:
 * @self: a download
 *
 * Says what kind of file it is, for which computers, and what it is called.
 *
 * Returns: (transfer full): "Live disc · x86_64 · Fedora-Workstation-Live-42-1.1.x86_64.iso", translated
 */
char *
xeno_os_download_dup_details (XenoOsDownload *self)
{
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (XENO_IS_OS_DOWNLOAD (self), NULL);

  name = g_path_get_basename (self->url);
  text = g_strdup_printf ("%s · %s · %s", _(kinds[self->kind].label), self->arch, name);
  return xeno_text_clean (text, -1, MAX_TITLE_CHARS);
}

/**
 * xeno_os_download_is_recommended:
 * @self: a download
 *
 * Tells whether it is for those who have no wish of their own: the newest release of a system many use,
 * still looked after, for this kind of computer.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_os_download_is_recommended (XenoOsDownload *self)
{
  g_return_val_if_fail (XENO_IS_OS_DOWNLOAD (self), FALSE);

  return self->is_recommended;
}

/* In any case, in any script. */
static gboolean
has_word (const char *text,
          const char *word)
{
  g_autofree char *needle = g_utf8_casefold (word, -1);

  return strstr (text, needle) != NULL;
}

/**
 * xeno_os_download_matches:
 * @self: a download
 * @words: (array zero-terminated=1): what is sought
 *
 * Tells whether each of some words is somewhere in what is known of it: its title, its system's short id,
 * its kind and its architecture.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_os_download_matches (XenoOsDownload     *self,
                          const char * const *words)
{
  g_return_val_if_fail (XENO_IS_OS_DOWNLOAD (self), FALSE);
  g_return_val_if_fail (words != NULL, FALSE);

  for (guint i = 0; words[i] != NULL; i++)
    if (!has_word (self->search_text, words[i]))
      return FALSE;

  return TRUE;
}

/**
 * xeno_os_download_get_kind_id:
 * @self: a download
 *
 * Gets what is downloaded, as programs call it.
 *
 * Returns: (transfer none): "installer", "live" or "image"
 */
const char *
xeno_os_download_get_kind_id (XenoOsDownload *self)
{
  g_return_val_if_fail (XENO_IS_OS_DOWNLOAD (self), NULL);

  return kinds[self->kind].id;
}
