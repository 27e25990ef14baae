/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The steps of making a machine, forwards and backwards. */
#pragma once

#include "base/xeno-journal.h"
#include "create/xeno-plan.h"
#include "virt/xeno-connection.h"
#include "virt/xeno-storage.h"

G_BEGIN_DECLS

typedef struct _XenoBuild XenoBuild;

/**
 * XenoBuildDoneFunc:
 * @build: what is being built
 * @error: (transfer full) (nullable): why the step failed
 *
 * Called once by each step, when it is done or undone.
 */
typedef void (*XenoBuildDoneFunc) (XenoBuild *build,
                                   GError    *error);

/**
 * XenoBuildReportFunc:
 * @build: what is being built
 * @step: what is being done, a translated sentence
 * @fraction: how much of the step is done, from 0 to 1
 *
 * Called by a step that takes its time.
 */
typedef void (*XenoBuildReportFunc) (XenoBuild  *build,
                                     const char *step,
                                     double      fraction);

/* How long a guest takes for itself. */
#define XENO_BUILD_UNKNOWN (-1.0)

/**
 * XenoBuildStep:
 * @label: untranslated sentence for the job, marked with N_()
 * @fraction: how much of the job is done when it begins, or %XENO_BUILD_UNKNOWN
 * @is_needed: (nullable): whether this machine needs it
 * @run: does it
 * @undo: (nullable): undoes it, whether it was done or only begun; those that have one come together
 * @is_usable: the machine is there for people by then, and nothing is left to put away
 *
 * One row of the table of steps.
 */
typedef struct
{
  const char *label;
  double      fraction;
  gboolean  (*is_needed) (XenoBuild *build);
  void      (*run)       (XenoBuild *build);
  void      (*undo)      (XenoBuild *build);
  gboolean    is_usable;
} XenoBuildStep;

/* How much of the work of a file is done when it is made here and has to be sent. */
#define XENO_BUILD_COPY_SHARE 0.5

struct _XenoBuild
{
  XenoConnection    *connection;
  XenoPlan          *plan;         /* NULL when undoing what another process left */
  XenoCaps          *caps;
  XenoMachine       *machine;
  XenoStoragePlace  *place;
  GCancellable      *cancellable;
  XenoBuildDoneFunc  done;
  XenoBuildReportFunc report;      /* NULL when undoing what another process left */
  gpointer           owner;        /* whose @done it is */
  gboolean           sends;        /* nobody but libvirt may write to the place */
  gboolean           start_machine;
  gboolean           is_unsure;    /* nobody knows whether the machine was defined */
  gboolean           tried_user_network;
  GError            *start_error;  /* while what was for the first start is put away */
  XenoBuildDoneFunc  done_putting_away;
  gboolean           puts_away;    /* what is removed is only for the first start */
  gboolean           is_put_away;  /* nothing is left of that */
  gboolean           keeps_medium; /* then its disc stays in the drive for the next start */
  gulong             state_id;     /* while it installs itself */
  gulong             removed_id;
  gulong             cancelled_id;
  char              *uuid;
  char              *stem;         /* what the names of its files begin with */
  char              *name;
  GPtrArray         *files;        /* XenoPlanFile; NULL before it is known that it can be made */
  guint              n_files_made;
  guint              n_files_removed;
};

const XenoBuildStep *xeno_build_step_list (gsize           *n_steps);

gboolean             xeno_build_has_snapshots (XenoBuild  *build);
XenoBuild           *xeno_build_new       (XenoConnection  *connection,
                                           const char      *uuid);
void                 xeno_build_free      (XenoBuild       *build);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoBuild, xeno_build_free)

G_END_DECLS
