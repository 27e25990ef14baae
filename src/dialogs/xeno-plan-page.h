/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a machine will be that is made as another one is or was: its name, and what is known of it. */
#pragma once

#include <adwaita.h>

#include "create/xeno-plan.h"

G_BEGIN_DECLS

#define XENO_TYPE_PLAN_PAGE (xeno_plan_page_get_type ())

/* Property: "is-valid": whether the machine can be made as it is called now. */
G_DECLARE_FINAL_TYPE (XenoPlanPage, xeno_plan_page, XENO, PLAN_PAGE, AdwBin)

void      xeno_plan_page_show        (XenoPlanPage   *self,
                                      XenoConnection *connection,
                                      XenoPlan       *plan);
XenoPlan *xeno_plan_page_get_plan    (XenoPlanPage   *self);
void      xeno_plan_page_add_choice  (XenoPlanPage   *self,
                                      GtkWidget      *row);
void      xeno_plan_page_clear_facts (XenoPlanPage   *self);
void      xeno_plan_page_add_fact    (XenoPlanPage   *self,
                                      const char     *title,
                                      const char     *text);
void      xeno_plan_page_add_warning (XenoPlanPage   *self,
                                      const char     *title,
                                      const char     *text);
void      xeno_plan_page_set_problem (XenoPlanPage   *self,
                                      const char     *problem);
gboolean  xeno_plan_page_is_valid    (XenoPlanPage   *self);

G_END_DECLS
