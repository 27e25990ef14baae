/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine as libvirt knows it now: identity, state, and what can be done to it. */
#pragma once

#include <gio/gio.h>

#include "spec/xeno-spec.h"

G_BEGIN_DECLS

/**
 * XenoMachineState:
 * @XENO_MACHINE_UNKNOWN: nobody can tell at the moment
 * @XENO_MACHINE_OFF: not running
 * @XENO_MACHINE_RUNNING: running
 * @XENO_MACHINE_PAUSED: its processors stand still
 * @XENO_MACHINE_SHUTTING_DOWN: it was asked to shut down
 * @XENO_MACHINE_SAVED: not running, its memory is on disk
 * @XENO_MACHINE_CRASHED: it stopped by a failure
 * @XENO_MACHINE_SUSPENDED: the guest put itself to sleep
 * @XENO_MACHINE_PANICKED: it stands still because the guest's kernel gave up
 *
 * What a machine does, the same for every front end.
 */
typedef enum
{
  XENO_MACHINE_UNKNOWN,
  XENO_MACHINE_OFF,
  XENO_MACHINE_RUNNING,
  XENO_MACHINE_PAUSED,
  XENO_MACHINE_SHUTTING_DOWN,
  XENO_MACHINE_SAVED,
  XENO_MACHINE_CRASHED,
  XENO_MACHINE_SUSPENDED,
  XENO_MACHINE_PANICKED,
} XenoMachineState;

#define XENO_TYPE_MACHINE_STATE (xeno_machine_state_get_type ())
GType       xeno_machine_state_get_type (void);
const char *xeno_machine_state_to_id    (XenoMachineState state);
const char *xeno_machine_state_to_label (XenoMachineState state);

typedef struct _XenoConnection XenoConnection;

#define XENO_TYPE_MACHINE (xeno_machine_get_type ())

G_DECLARE_FINAL_TYPE (XenoMachine, xeno_machine, XENO, MACHINE, GObject)

/**
 * XenoDiskSize:
 * @target: which disk of the document, by its target
 * @capacity_bytes: what the guest sees
 * @allocated_bytes: what it takes on the host
 * @is_own: whether the machine may write to it
 *
 * How large a disk is.
 */
typedef struct
{
  char     *target;
  guint64   capacity_bytes;
  guint64   allocated_bytes;
  gboolean  is_own;
} XenoDiskSize;

/**
 * XenoMachineEditFunc:
 * @spec: the document as it is now, with its secrets
 * @user_data: what xeno_machine_edit_async() was given
 * @error: where to say why nothing shall be changed
 *
 * Edits a document, on a worker's thread.
 *
 * Returns: whether to define what it leaves
 */
typedef gboolean (*XenoMachineEditFunc) (XenoSpec  *spec,
                                         gpointer   user_data,
                                         GError   **error);

XenoConnection   *xeno_machine_get_connection        (XenoMachine          *self);
const char       *xeno_machine_get_uuid              (XenoMachine          *self);
const char       *xeno_machine_get_name              (XenoMachine          *self);
const char       *xeno_machine_get_title             (XenoMachine          *self);
XenoMachineState  xeno_machine_get_state             (XenoMachine          *self);
const char       *xeno_machine_get_state_reason      (XenoMachine          *self);
gboolean          xeno_machine_is_persistent         (XenoMachine          *self);
gboolean          xeno_machine_has_autostart         (XenoMachine          *self);
gboolean          xeno_machine_has_saved_state       (XenoMachine          *self);
gboolean          xeno_machine_is_template           (XenoMachine          *self);
gboolean          xeno_machine_is_throw_away         (XenoMachine          *self);
gboolean          xeno_machine_has_ended_itself      (XenoMachine          *self);
gboolean          xeno_machine_runs_kernel           (XenoMachine          *self);
const char       *xeno_machine_get_debugger          (XenoMachine          *self);
guint             xeno_machine_get_run               (XenoMachine          *self);
const char       *xeno_machine_get_panic             (XenoMachine          *self);
gboolean          xeno_machine_is_busy               (XenoMachine          *self);
gboolean          xeno_machine_is_stale              (XenoMachine          *self);
gboolean          xeno_machine_is_active             (XenoMachine          *self);
const char       *xeno_machine_get_os_id             (XenoMachine          *self);
const char       *xeno_machine_get_os_name           (XenoMachine          *self);
guint64           xeno_machine_get_memory_bytes      (XenoMachine          *self);
guint             xeno_machine_get_n_cpus            (XenoMachine          *self);
GDateTime        *xeno_machine_get_started_at        (XenoMachine          *self);
XenoSpec         *xeno_machine_dup_spec              (XenoMachine          *self);
void              xeno_machine_refresh               (XenoMachine          *self);
void              xeno_machine_edit_async            (XenoMachine          *self,
                                                      XenoMachineEditFunc   edit,
                                                      gpointer              edit_data,
                                                      GDestroyNotify        free_edit_data,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
gboolean          xeno_machine_edit_finish           (XenoMachine          *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);
void              xeno_machine_rename_async          (XenoMachine          *self,
                                                      const char           *title,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
gboolean          xeno_machine_rename_finish         (XenoMachine          *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);
void              xeno_machine_set_autostart_async   (XenoMachine          *self,
                                                      gboolean              autostart,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
gboolean          xeno_machine_set_autostart_finish  (XenoMachine          *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);
char             *xeno_machine_dup_note              (XenoMachine          *self,
                                                      const char           *key);
void              xeno_machine_set_note_async        (XenoMachine          *self,
                                                      const char           *key,
                                                      const char           *value,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
gboolean          xeno_machine_set_note_finish       (XenoMachine          *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);
gboolean          xeno_machine_is_untrusted          (XenoMachine          *self);
void              xeno_machine_set_untrusted_async   (XenoMachine          *self,
                                                      gboolean              is_untrusted,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
void              xeno_machine_screenshot_async      (XenoMachine          *self,
                                                      guint                 screen,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
GBytes           *xeno_machine_screenshot_finish     (XenoMachine          *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);
void              xeno_machine_open_graphics_async   (XenoMachine          *self,
                                                      guint                 index,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
int               xeno_machine_open_graphics_finish  (XenoMachine          *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);
void              xeno_machine_open_console_async    (XenoMachine          *self,
                                                      const char           *device_alias,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
int               xeno_machine_open_console_finish   (XenoMachine          *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);
void              xeno_machine_list_addresses_async  (XenoMachine          *self,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
GStrv             xeno_machine_list_addresses_finish (XenoMachine          *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);
void              xeno_machine_read_disks_async      (XenoMachine          *self,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
GPtrArray        *xeno_machine_read_disk_sizes_finish (XenoMachine         *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);
gboolean          xeno_machine_read_disks_finish     (XenoMachine          *self,
                                                      GAsyncResult         *result,
                                                      guint64              *capacity_bytes,
                                                      guint64              *allocated_bytes,
                                                      GError              **error);

G_END_DECLS
