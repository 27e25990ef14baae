/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What `xeno create` has to know first, asked for at the same time. */
#pragma once

#include "cli/xeno-cli.h"
#include "create/xeno-os-db.h"
#include "virt/xeno-storage.h"

G_BEGIN_DECLS

/* What was asked for, and what has come of it. Nothing comes in once nobody waits for anything. */
typedef struct
{
  GCancellable *cancellable;
  XenoOsDb     *db;
  char         *os_id;       /* NULL: the medium tells */
  GAsyncResult *os;
  gboolean      has_media;
  XenoMedia    *media;
  GError       *media_error;
  GAsyncResult *caps;
  GAsyncResult *host;
  GAsyncResult *place;
  char         *folder;      /* NULL until it was taken */
  char         *machine;     /* of an appliance with several, or NULL */
  GAsyncResult *recovery;
} XenoCreateAnswers;

void              xeno_create_answers_clear         (XenoCreateAnswers  *answers);
void              xeno_create_answers_ask           (XenoCreateAnswers  *answers,
                                                     XenoCli            *cli,
                                                     const char         *file_name,
                                                     const char         *os_id);
void              xeno_create_answers_ask_host      (XenoCreateAnswers  *answers,
                                                     XenoCli            *cli);
XenoMedia        *xeno_create_answers_take_media    (XenoCreateAnswers  *answers,
                                                     gboolean            anyway,
                                                     GError            **error);
XenoOs           *xeno_create_answers_take_os       (XenoCreateAnswers  *answers,
                                                     GError            **error);
XenoCaps         *xeno_create_answers_take_caps     (XenoCreateAnswers  *answers,
                                                     XenoCli            *cli,
                                                     GError            **error);
gboolean          xeno_create_answers_take_host     (XenoCreateAnswers  *answers,
                                                     XenoCli            *cli,
                                                     GError            **error);
XenoStoragePlace *xeno_create_answers_take_place    (XenoCreateAnswers  *answers,
                                                     XenoCli            *cli,
                                                     GError            **error);
const char       *xeno_create_answers_get_folder    (XenoCreateAnswers  *answers);
void              xeno_create_answers_take_recovery (XenoCreateAnswers  *answers,
                                                     XenoCli            *cli);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (XenoCreateAnswers, xeno_create_answers_clear)

G_END_DECLS
