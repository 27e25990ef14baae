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
} XenoMachineState;

#define XENO_TYPE_MACHINE_STATE (xeno_machine_state_get_type ())
GType       xeno_machine_state_get_type  (void);
const char *xeno_machine_state_to_id     (XenoMachineState state); /* "running": stable, for programs */
const char *xeno_machine_state_to_label  (XenoMachineState state); /* "Running": translated */

#define XENO_TYPE_MACHINE (xeno_machine_get_type ())

/* Properties (all readable, notified in the main thread): "uuid", "name" (libvirt's, a slug),
 * "title" (what people see; the name where there is none), "state", "state-reason" (translated
 * sentence or NULL: "stopped unexpectedly", "storage is full"), "is-persistent", "has-autostart",
 * "has-saved-state", "is-busy" (a verb runs), "is-stale" (the connection is lost),
 * "os-id" (libosinfo id or NULL), "os-name", "memory-bytes", "n-cpus",
 * "started-at" (GDateTime or NULL). */
G_DECLARE_FINAL_TYPE (XenoMachine, xeno_machine, XENO, MACHINE, GObject)

/* NULL once the connection is gone. */
typedef struct _XenoConnection XenoConnection;
XenoConnection   *xeno_machine_get_connection      (XenoMachine *self);
const char       *xeno_machine_get_uuid            (XenoMachine *self);
const char       *xeno_machine_get_name            (XenoMachine *self);
const char       *xeno_machine_get_title           (XenoMachine *self);
XenoMachineState  xeno_machine_get_state           (XenoMachine *self);
const char       *xeno_machine_get_state_reason    (XenoMachine *self);
gboolean          xeno_machine_is_persistent       (XenoMachine *self);
gboolean          xeno_machine_has_autostart       (XenoMachine *self);
gboolean          xeno_machine_has_saved_state     (XenoMachine *self);
gboolean          xeno_machine_is_busy             (XenoMachine *self);
gboolean          xeno_machine_is_stale            (XenoMachine *self);
gboolean          xeno_machine_is_active           (XenoMachine *self); /* has a process: running, paused, … */
const char       *xeno_machine_get_os_id           (XenoMachine *self);
const char       *xeno_machine_get_os_name         (XenoMachine *self);
guint64           xeno_machine_get_memory_bytes    (XenoMachine *self);
guint             xeno_machine_get_n_cpus          (XenoMachine *self);
GDateTime        *xeno_machine_get_started_at      (XenoMachine *self);

/* Its document as last read; a copy to look at. NULL before the first refresh. */
XenoSpec         *xeno_machine_dup_spec            (XenoMachine *self);

/* Edits the persistent document: @edit runs in a worker on the document just read (SECURE|INACTIVE),
 * and what it leaves is defined again. Another program's change between is never overwritten: the
 * edit is applied to what is there. */
typedef gboolean (*XenoMachineEditFunc) (XenoSpec *spec, gpointer user_data, GError **error);
void              xeno_machine_edit_async          (XenoMachine *self, XenoMachineEditFunc edit,
                                                    gpointer edit_data, GDestroyNotify free_edit_data,
                                                    GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer user_data);
gboolean          xeno_machine_edit_finish         (XenoMachine *self, GAsyncResult *result, GError **error);

/* New title (any script) and the slug made from it, made unique. Only while off. */
void              xeno_machine_rename_async        (XenoMachine *self, const char *title,
                                                    GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer user_data);
gboolean          xeno_machine_rename_finish       (XenoMachine *self, GAsyncResult *result, GError **error);

void              xeno_machine_set_autostart_async  (XenoMachine *self, gboolean autostart,
                                                    GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer user_data);
gboolean          xeno_machine_set_autostart_finish (XenoMachine *self, GAsyncResult *result, GError **error);

/* A picture of its screen, as an encoded image (PNG or PPM). */
void              xeno_machine_screenshot_async    (XenoMachine *self, guint screen,
                                                    GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer user_data);
GBytes           *xeno_machine_screenshot_finish   (XenoMachine *self, GAsyncResult *result, GError **error);

/* A connected socket to its display server of index @index (virDomainOpenGraphicsFD); the caller
 * closes it. Fails with XENO_ERROR_NOT_SUPPORTED on a remote connection. */
void              xeno_machine_open_graphics_async  (XenoMachine *self, guint index,
                                                    GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer user_data);
int               xeno_machine_open_graphics_finish (XenoMachine *self, GAsyncResult *result, GError **error);

/* Its text console as a socket: what is written goes to the guest's serial port. */
void              xeno_machine_open_console_async   (XenoMachine *self, const char *device_alias,
                                                    GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer user_data);
int               xeno_machine_open_console_finish  (XenoMachine *self, GAsyncResult *result, GError **error);

/* Addresses as plain text, validated, from the agent, leases or ARP; an empty list when unknown. */
void              xeno_machine_list_addresses_async  (XenoMachine *self, GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer user_data);
GStrv             xeno_machine_list_addresses_finish (XenoMachine *self, GAsyncResult *result, GError **error);

G_END_DECLS
