/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where xenolith-share finds what it is given. */
#pragma once

/* The folder, as a descriptor that only names it. */
#define XENO_SHARE_FOLDER_FD 3

/* The guest's end, which speaks as spice-webdavd does. */
#define XENO_SHARE_SOCKET_FD 4
