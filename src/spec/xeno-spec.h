/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine on paper: the domain document, edited in place so that what we do not know survives. */
#pragma once

#include <glib-object.h>

#include "spec/xeno-device.h"

G_BEGIN_DECLS

/* The namespace of our own notes on a machine, and what documents call it. */
#define XENO_SPEC_NOTES_URI "https://unaos.org/xenolith/1"
#define XENO_SPEC_NOTES_PREFIX "xenolith"

/* Notes that are "yes" or not there: new machines are made from it and it never starts; it is gone when
 * it stops; the disks of others were built on its own; nothing is shared with it. */
#define XENO_SPEC_NOTE_TEMPLATE "template"
#define XENO_SPEC_NOTE_THROW_AWAY "throw-away"
#define XENO_SPEC_NOTE_BASE "base"
#define XENO_SPEC_NOTE_UNTRUSTED "untrusted"
#define XENO_SPEC_NOTE_PANIC "panic" /* what the guest's kernel said when it gave up, until the next start */
#define XENO_SPEC_NOTE_GDB "gdb" /* where a debugger finds the machine */
#define XENO_SPEC_NOTE_GDB_WAITS "gdb-waits" /* each start waits for it */

/* A copy of it is kept ready, with its memory. */
#define XENO_SPEC_NOTE_WARM "warm"

#define XENO_TYPE_SPEC (xeno_spec_get_type ())

G_DECLARE_FINAL_TYPE (XenoSpec, xeno_spec, XENO, SPEC, GObject)

XenoSpec   *xeno_spec_new              (void);
XenoSpec   *xeno_spec_new_from_xml     (const char  *xml,
                                        GError     **error);
char       *xeno_spec_to_xml           (XenoSpec    *self);
XenoSpec   *xeno_spec_copy             (XenoSpec    *self);
const char *xeno_spec_get_refused      (XenoSpec    *self);

char       *xeno_spec_dup_name         (XenoSpec    *self);
void        xeno_spec_set_name         (XenoSpec    *self,
                                        const char  *name);
char       *xeno_spec_dup_title        (XenoSpec    *self);
void        xeno_spec_set_title        (XenoSpec    *self,
                                        const char  *title);
char       *xeno_spec_dup_uuid         (XenoSpec    *self);
void        xeno_spec_set_uuid         (XenoSpec    *self,
                                        const char  *uuid);
char       *xeno_spec_dup_virt_type    (XenoSpec    *self);
void        xeno_spec_set_virt_type    (XenoSpec    *self,
                                        const char  *virt_type);
char       *xeno_spec_dup_arch         (XenoSpec    *self);
char       *xeno_spec_dup_machine_type (XenoSpec    *self);
void        xeno_spec_set_platform     (XenoSpec    *self,
                                        const char  *arch,
                                        const char  *machine_type);
guint64     xeno_spec_get_memory_bytes (XenoSpec    *self);
void        xeno_spec_set_memory_bytes (XenoSpec    *self,
                                        guint64      bytes);
guint       xeno_spec_get_n_cpus       (XenoSpec    *self);
void        xeno_spec_set_n_cpus       (XenoSpec    *self,
                                        guint        n_cpus);
gboolean    xeno_spec_is_uefi          (XenoSpec    *self);
void        xeno_spec_set_uefi         (XenoSpec    *self,
                                        gboolean     uefi,
                                        gboolean     secure_boot);
char       *xeno_spec_dup_os_id        (XenoSpec    *self);
void        xeno_spec_set_os_id        (XenoSpec    *self,
                                        const char  *os_id);
char       *xeno_spec_dup_note         (XenoSpec    *self,
                                        const char  *key);
void        xeno_spec_set_note         (XenoSpec    *self,
                                        const char  *key,
                                        const char  *value);
gboolean    xeno_spec_has_note         (XenoSpec    *self,
                                        const char  *key);
char       *xeno_spec_dup_notes        (XenoSpec    *self);

GPtrArray  *xeno_spec_list_parts       (XenoSpec    *self);
XenoDevice *xeno_spec_get_part         (XenoSpec    *self,
                                        const char  *id);
gboolean    xeno_device_is_part        (XenoDevice  *device);
GPtrArray  *xeno_spec_list_devices     (XenoSpec    *self,
                                        const char  *kind);
XenoDevice *xeno_spec_add_device       (XenoSpec    *self,
                                        const char  *kind);
void        xeno_spec_remove_device    (XenoSpec    *self,
                                        XenoDevice  *device);

char       *xeno_spec_dup_value        (XenoSpec    *self,
                                        const char  *path);
void        xeno_spec_set_value        (XenoSpec    *self,
                                        const char  *path,
                                        const char  *value);
void        xeno_spec_add_argument     (XenoSpec    *self,
                                        const char  *argument);

G_END_DECLS
