/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a person is told of a machine in an archive before it comes back. */
#include "config.h"

#include <glib/gi18n.h>

#include "base/xeno-units.h"
#include "dialogs/xeno-restore-facts.h"

static void
add_list (XenoPlanPage *page,
          void        (*add) (XenoPlanPage *page,
                              const char   *title,
                              const char   *text),
          const char   *title,
          GStrv         lines,
          const char   *separator)
{
  g_auto (GStrv) owned = lines;
  g_autofree char *text = g_strjoinv (separator, owned);

  if (*text != '\0')
    add (page, title, text);
}

static void
add_resources (XenoRestore  *restore,
               XenoPlanPage *page)
{
  guint n_cpus = xeno_restore_get_n_cpus (restore);
  g_autofree char *memory = xeno_units_format_size (xeno_restore_get_memory_bytes (restore));
  g_autofree char *text = NULL;

  /* Translators: a number of processors, and an amount of memory */
  text = g_strdup_printf (ngettext ("%u processor, %s", "%u processors, %s", n_cpus), n_cpus, memory);
  xeno_plan_page_add_fact (page, _("Processors and memory"), text);
}

/**
 * xeno_restore_facts_show:
 * @restore: a machine in an archive
 * @page: where to say it
 * @free_bytes: how much room there is for disks, or 0 where that is not known
 *
 * Says what comes back, and what does not.
 */
void
xeno_restore_facts_show (XenoRestore  *restore,
                         XenoPlanPage *page,
                         guint64       free_bytes)
{
  guint64 room_bytes;
  g_autofree char *needed = NULL;
  g_autofree char *available = NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (XENO_IS_RESTORE (restore));
  g_return_if_fail (XENO_IS_PLAN_PAGE (page));

  room_bytes = xeno_restore_get_room_bytes (restore);
  needed = xeno_units_format_size (room_bytes);
  available = xeno_units_format_size (free_bytes);
  xeno_plan_page_clear_facts (page);
  add_resources (restore, page);
  add_list (page, xeno_plan_page_add_fact, _("Disks"), xeno_restore_list_disks (restore), "\n");
  add_list (page, xeno_plan_page_add_fact, _("Snapshots"), xeno_restore_list_snapshots (restore), ", ");
  add_list (page, xeno_plan_page_add_warning, _("A file may not decide on this, so it is left out"),
            xeno_restore_list_left_out (restore), "\n");
  add_list (page, xeno_plan_page_add_warning, _("The file has not what the machine had"),
            xeno_restore_list_missing (restore), "\n");

  if (free_bytes > 0 && room_bytes > free_bytes)
    /* Translators: two sizes */
    text = g_strdup_printf (_("Its disks take %s, and there are %s free. Make room, then open the file again."), needed,
                            available);
  xeno_plan_page_set_problem (page, text);
}
