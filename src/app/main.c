/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where xenolith starts. */
#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "app/xeno-application.h"
#include "console/xeno-renderer.h"

int
main (int   argc,
      char *argv[])
{
  g_autoptr (XenoApplication) application = NULL;
  int status;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, XENO_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  xeno_renderer_prepare ();

  application = xeno_application_new ();
  status = g_application_run (G_APPLICATION (application), argc, argv);
  return status != 0 ? status : xeno_application_get_exit_status (application);
}
