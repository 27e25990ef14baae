/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Turns libvirt's errors into ours: the only place that knows both. */
#include "config.h"

#include <string.h>

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#include "base/xeno-text.h"
#include "virt/xeno-uri.h"
#include "virt/xeno-virt-error.h"

#define MAX_DETAILS_CHARS 1000

/* What is not here is XENO_ERROR_FAILED. */
static const struct
{
  int       libvirt_code;
  XenoError code;
} codes[] = {
  { VIR_ERR_NO_MEMORY, XENO_ERROR_NO_MEMORY },
  { VIR_ERR_NO_SUPPORT, XENO_ERROR_NOT_SUPPORTED },
  { VIR_ERR_UNKNOWN_HOST, XENO_ERROR_NO_CONNECTION },
  { VIR_ERR_NO_CONNECT, XENO_ERROR_NO_CONNECTION },
  { VIR_ERR_INVALID_CONN, XENO_ERROR_NO_CONNECTION },
  { VIR_ERR_INVALID_ARG, XENO_ERROR_INVALID },
  { VIR_ERR_OS_TYPE, XENO_ERROR_NOT_SUPPORTED },
  { VIR_ERR_NO_NAME, XENO_ERROR_INVALID },
  { VIR_ERR_NO_OS, XENO_ERROR_INVALID },
  { VIR_ERR_NO_DEVICE, XENO_ERROR_INVALID },
  { VIR_ERR_CALL_FAILED, XENO_ERROR_NOT_SUPPORTED },
  { VIR_ERR_XML_ERROR, XENO_ERROR_INVALID },
  { VIR_ERR_DOM_EXIST, XENO_ERROR_EXISTS },
  { VIR_ERR_OPERATION_DENIED, XENO_ERROR_NO_PERMISSION },
  { VIR_ERR_XML_DETAIL, XENO_ERROR_INVALID },
  { VIR_ERR_NETWORK_EXIST, XENO_ERROR_EXISTS },
  { VIR_ERR_RPC, XENO_ERROR_NO_CONNECTION },
  { VIR_ERR_GNUTLS_ERROR, XENO_ERROR_NO_CONNECTION },
  { VIR_ERR_NO_DOMAIN, XENO_ERROR_NOT_FOUND },
  { VIR_ERR_NO_NETWORK, XENO_ERROR_NOT_FOUND },
  { VIR_ERR_INVALID_MAC, XENO_ERROR_INVALID },
  { VIR_ERR_AUTH_FAILED, XENO_ERROR_NO_PERMISSION },
  { VIR_ERR_NO_STORAGE_POOL, XENO_ERROR_NOT_FOUND },
  { VIR_ERR_NO_STORAGE_VOL, XENO_ERROR_NOT_FOUND },
  { VIR_ERR_NO_NODE_DEVICE, XENO_ERROR_NOT_FOUND },
  { VIR_ERR_OPERATION_INVALID, XENO_ERROR_WRONG_STATE },
  { VIR_ERR_NO_SECRET, XENO_ERROR_NOT_FOUND },
  { VIR_ERR_CONFIG_UNSUPPORTED, XENO_ERROR_NOT_SUPPORTED },
  { VIR_ERR_OPERATION_TIMEOUT, XENO_ERROR_TIMEOUT },
  { VIR_ERR_NO_DOMAIN_SNAPSHOT, XENO_ERROR_NOT_FOUND },
  { VIR_ERR_ARGUMENT_UNSUPPORTED, XENO_ERROR_NOT_SUPPORTED },
  { VIR_ERR_STORAGE_PROBE_FAILED, XENO_ERROR_BAD_MEDIA },
  { VIR_ERR_STORAGE_POOL_BUILT, XENO_ERROR_EXISTS },
  { VIR_ERR_AUTH_CANCELLED, XENO_ERROR_NO_PERMISSION },
  { VIR_ERR_NO_DOMAIN_METADATA, XENO_ERROR_NOT_FOUND },
  { VIR_ERR_OVERFLOW, XENO_ERROR_INVALID },
  { VIR_ERR_BLOCK_COPY_ACTIVE, XENO_ERROR_IN_USE },
  { VIR_ERR_OPERATION_UNSUPPORTED, XENO_ERROR_NOT_SUPPORTED },
  { VIR_ERR_SSH, XENO_ERROR_NO_CONNECTION },
  { VIR_ERR_AGENT_UNRESPONSIVE, XENO_ERROR_NO_AGENT },
  { VIR_ERR_RESOURCE_BUSY, XENO_ERROR_IN_USE },
  { VIR_ERR_ACCESS_DENIED, XENO_ERROR_NO_PERMISSION },
  { VIR_ERR_DBUS_SERVICE, XENO_ERROR_NO_CONNECTION },
  { VIR_ERR_STORAGE_VOL_EXIST, XENO_ERROR_EXISTS },
  { VIR_ERR_CPU_INCOMPATIBLE, XENO_ERROR_NOT_SUPPORTED },
  { VIR_ERR_XML_INVALID_SCHEMA, XENO_ERROR_INVALID },
  { VIR_ERR_AUTH_UNAVAILABLE, XENO_ERROR_NO_PERMISSION },
  { VIR_ERR_AGENT_UNSYNCED, XENO_ERROR_NO_AGENT },
  { VIR_ERR_LIBSSH, XENO_ERROR_NO_CONNECTION },
  { VIR_ERR_DEVICE_MISSING, XENO_ERROR_NOT_FOUND },
  { VIR_ERR_NO_HOSTNAME, XENO_ERROR_NOT_FOUND },
  { VIR_ERR_MULTIPLE_DOMAINS, XENO_ERROR_INVALID },
};

/* Failures that libvirt files under a general code. Its words tell them apart; where they do not (a
 * daemon in another language) the table above still holds. {thing} is what the words quote last; a
 * row that has it needs a quote to match. */
static const struct
{
  const char *needle;
  XenoError   code;
  const char *advice;
} causes[] = {
  /* Translators: {thing} is the path of a file and stays as it is */
  { "cannot access storage file", XENO_ERROR_NOT_FOUND,
    N_("The file “{thing}” is missing. Put it back, or change the machine to another one.") },
  { "no such file or directory", XENO_ERROR_NOT_FOUND,
    N_("The file “{thing}” is missing. Put it back, or change the machine to another one.") },
  { "no such file or directory", XENO_ERROR_NOT_FOUND,
    N_("A file it needs is missing. Put it back, or change the machine to another one.") },
  { "\"write\" lock", XENO_ERROR_IN_USE,
    N_("Its disk is used by another machine. Stop that machine first.") },
  { "in use by other guest", XENO_ERROR_IN_USE,
    N_("Something it needs is used by another machine. Stop that machine first.") },
  { "/dev/kvm", XENO_ERROR_NOT_SUPPORTED,
    N_("Hardware acceleration could not be used. Change the machine to emulation, or look at what the host lacks.") },
  { "kvm kernel module", XENO_ERROR_NOT_SUPPORTED,
    N_("Hardware acceleration could not be used. Change the machine to emulation, or look at what the host lacks.") },
  { "failed to initialize kvm", XENO_ERROR_NOT_SUPPORTED,
    N_("Hardware acceleration could not be used. Change the machine to emulation, or look at what the host lacks.") },
  { "type=kvm", XENO_ERROR_NOT_SUPPORTED,
    N_("Hardware acceleration is not offered by this host. Change the machine to emulation.") },
  { "type 'kvm'", XENO_ERROR_NOT_SUPPORTED,
    N_("Hardware acceleration is not offered by this host. Change the machine to emulation.") },
  /* Translators: {thing} is a machine type as "pc-q35-7.2" and stays as it is */
  { "support machine type", XENO_ERROR_NOT_SUPPORTED,
    N_("This host does not know its machine type “{thing}”. Choose another machine type.") },
  { "unsupported machine type", XENO_ERROR_NOT_SUPPORTED,
    N_("This host does not know its machine type. Choose another machine type.") },
  { "cpu model", XENO_ERROR_NOT_SUPPORTED,
    N_("This host does not offer its processor model. Choose another processor model.") },
  { "unable to find any firmware", XENO_ERROR_NOT_SUPPORTED,
    N_("The UEFI firmware it needs is not installed. Install the OVMF package, or choose BIOS.") },
  { "failed to open firmware", XENO_ERROR_NOT_SUPPORTED,
    N_("The UEFI firmware it needs is not installed. Install the OVMF package, or choose BIOS.") },
  { "cannot set up guest memory", XENO_ERROR_NO_MEMORY,
    N_("The host has not enough free memory. Give the machine less, or stop another one.") },
  { "cannot allocate memory", XENO_ERROR_NO_MEMORY,
    N_("The host has not enough free memory. Give the machine less, or stop another one.") },
  { "no space left on device", XENO_ERROR_NO_SPACE,
    N_("The storage is full. Free some space and try again.") },
  { "quota exceeded", XENO_ERROR_NO_SPACE,
    N_("The storage quota is used up. Free some space and try again.") },
  { "read-only file system", XENO_ERROR_NO_PERMISSION,
    N_("The storage can only be read. Choose another place, or make it writable.") },
  { "permission denied", XENO_ERROR_NO_PERMISSION,
    N_("Access to “{thing}” was denied. Give your user the right to it, and try again.") },
  { "permission denied", XENO_ERROR_NO_PERMISSION,
    N_("Access was denied. Give your user the rights it needs, and try again.") },
  { "no more available pci slots", XENO_ERROR_NO_SPACE,
    N_("It has no free slot while it runs. Shut it down to have one more.") },
  { "guest agent is not", XENO_ERROR_NO_AGENT,
    N_("The guest agent does not answer. Install or start it in the guest.") },
};

/* The next step where the cause is only known by its code. */
static const char * const advice_by_code[] = {
  [XENO_ERROR_NO_CONNECTION] = N_("libvirt does not answer. It is tried again by itself."),
  [XENO_ERROR_NO_PERMISSION] = N_("You may not do this here. Ask the administrator for the right to."),
  [XENO_ERROR_NOT_FOUND] = N_("It does not exist any more."),
  [XENO_ERROR_EXISTS] = N_("The name is taken. Choose another one."),
  [XENO_ERROR_INVALID] = N_("A value cannot be used. The details say which one."),
  [XENO_ERROR_WRONG_STATE] = N_("Its state does not allow it now."),
  [XENO_ERROR_NOT_SUPPORTED] = N_("This host does not support it."),
  [XENO_ERROR_IN_USE] = N_("Something else uses it. Stop that first."),
  [XENO_ERROR_NO_MEMORY] = N_("The host has not enough memory. Stop another machine first."),
  [XENO_ERROR_BAD_MEDIA] = N_("A file is not what it should be."),
  [XENO_ERROR_NO_AGENT] = N_("The guest agent does not answer. Install or start it in the guest."),
  [XENO_ERROR_TIMEOUT] = N_("There was no answer in time. Try again later."),
};

static void
ignore_error_cb (gpointer     data,
                 virErrorPtr  error)
{
}

/**
 * xeno_virt_error_silence:
 *
 * Keeps libvirt from printing errors on standard error; they come back from the calls.
 */
void
xeno_virt_error_silence (void)
{
  virSetErrorFunc (NULL, ignore_error_cb);
}

/**
 * xeno_virt_error_map:
 * @libvirt_code: a virErrorNumber
 *
 * Maps a code of libvirt, known or not.
 *
 * Returns: ours
 */
XenoError
xeno_virt_error_map (int libvirt_code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (codes[i].libvirt_code == libvirt_code)
      return codes[i].code;
  return XENO_ERROR_FAILED;
}

/**
 * xeno_virt_error_is:
 * @libvirt_code: a virErrorNumber
 *
 * Whether the last libvirt call of this thread failed with this code.
 *
 * Returns: whether it did
 */
gboolean
xeno_virt_error_is (int libvirt_code)
{
  const virError *last = virGetLastError ();

  return last != NULL && last->code == libvirt_code;
}

/**
 * xeno_virt_error_is_acceleration:
 *
 * Tells whether libvirt's last error of this thread is that hardware acceleration cannot be used.
 *
 * Returns: whether it is
 */
gboolean
xeno_virt_error_is_acceleration (void)
{
  const virError *last = virGetLastError ();
  const char *words = last != NULL && last->message != NULL ? last->message : "";
  g_autofree char *message = g_ascii_strdown (words, -1);

  return strstr (message, "kvm") != NULL;
}

/* What @message quotes last: the word of interest, as libvirt builds its sentences. */
static char *
dup_quoted (const char *message)
{
  const char *end = strrchr (message, '\'');
  const char *start = end != NULL ? g_strrstr_len (message, end - message, "'") : NULL;

  return start != NULL && start + 1 < end ? g_strndup (start + 1, end - start - 1) : NULL;
}

static char *
fill_in (const char *advice,
         const char *thing)
{
  g_auto (GStrv) parts = g_strsplit (advice, "{thing}", 2);

  return g_strjoinv (thing, parts);
}

static char *
advise_on (XenoError code)
{
  if ((guint) code < G_N_ELEMENTS (advice_by_code) && advice_by_code[code] != NULL)
    return g_strdup (_(advice_by_code[code]));
  return g_strdup (_("The details say what libvirt found."));
}

static char *
find_cause (int         libvirt_code,
            const char *details,
            XenoError  *code)
{
  g_autofree char *lower = g_ascii_strdown (details, -1);
  g_autofree char *thing = dup_quoted (details);

  for (gsize i = 0; i < G_N_ELEMENTS (causes); i++)
    if (strstr (lower, causes[i].needle) != NULL &&
        (thing != NULL || strstr (causes[i].advice, "{thing}") == NULL))
      {
        *code = causes[i].code;
        return fill_in (_(causes[i].advice), thing != NULL ? thing : "");
      }

  *code = xeno_virt_error_map (libvirt_code);
  return advise_on (*code);
}

/**
 * xeno_virt_set_error_from:
 * @error: (out) (optional): where to put the error
 * @libvirt_code: a virErrorNumber
 * @libvirt_message: libvirt's words
 * @what: a whole translated sentence: what failed, for which machine
 *
 * Sets an error: the code, the given sentence with the next step after it, and libvirt's words,
 * cleaned, as details.
 */
void
xeno_virt_set_error_from (GError     **error,
                          int          libvirt_code,
                          const char  *libvirt_message,
                          const char  *what)
{
  g_autofree char *details = xeno_text_clean (libvirt_message, -1, MAX_DETAILS_CHARS);
  g_autofree char *advice = NULL;
  XenoError code;

  advice = find_cause (libvirt_code, details, &code);
  xeno_set_error (error, code, details, "%s %s", what, advice);
}

/* The connection breaks with any code in the middle of a call. */
static int
get_code (const virError *last)
{
  gboolean is_broken = last->domain == VIR_FROM_RPC && xeno_virt_error_map (last->code) == XENO_ERROR_FAILED;

  return is_broken ? VIR_ERR_RPC : last->code;
}

/**
 * xeno_virt_set_error:
 * @error: (out) (optional): where to put the error
 * @format: a whole translatable sentence: what failed, for which machine
 * @...: the arguments of @format
 *
 * Sets an error from the last libvirt call of this thread: its code, the given sentence with the
 * next step after it, and libvirt's words as details.
 */
void
xeno_virt_set_error (GError     **error,
                     const char  *format,
                     ...)
{
  const virError *last = virGetLastError ();
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  xeno_virt_set_error_from (error, last != NULL ? get_code (last) : VIR_ERR_OK,
                            last != NULL ? last->message : NULL, what);
}

static gboolean
is_daemon_installed (void)
{
  static const char * const daemons[] = {
    "/usr/sbin/libvirtd", "/usr/sbin/virtqemud", "/usr/local/sbin/libvirtd", "/usr/bin/libvirtd",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (daemons); i++)
    if (g_file_test (daemons[i], G_FILE_TEST_IS_EXECUTABLE))
      return TRUE;
  return FALSE;
}

/* Blanks and the like have to be written as %20. */
static gboolean
is_written_as_address (const char *uri)
{
  g_autofree char *escaped =
    g_uri_escape_string (uri, G_URI_RESERVED_CHARS_GENERIC_DELIMITERS
                         G_URI_RESERVED_CHARS_SUBCOMPONENT_DELIMITERS "%", TRUE);

  return g_str_equal (escaped, uri);
}

static void
set_address_error (GError     **error,
                   const char  *uri,
                   const char  *details)
{
  xeno_set_error (error, XENO_ERROR_INVALID, details,
                  _("“%s” is not an address libvirt understands. A right one looks like qemu:///session or "
                    "qemu+ssh://user@host/system."), uri);
}

static void
set_local_open_error (GError     **error,
                      const char  *uri,
                      const char  *details,
                      int          system_errno)
{
  gboolean is_denied = system_errno == EACCES || system_errno == EPERM;

  if (is_denied && strstr (uri, "/session") != NULL)
    xeno_set_error (error, XENO_ERROR_NO_PERMISSION, details,
                    _("You may not use the socket of your own libvirt. The details name it; give your "
                      "user the right to it."));
  else if (is_denied)
    xeno_set_error (error, XENO_ERROR_NO_PERMISSION, details,
                    _("You may not use the machines of this system. Add your user to the group "
                      "“libvirt” and log in again."));
  else if (!is_daemon_installed ())
    xeno_set_error (error, XENO_ERROR_NOT_INSTALLED, details,
                    _("libvirt is not installed. Install the packages libvirt-daemon and "
                      "qemu-system, then it connects by itself."));
  else
    xeno_set_error (error, XENO_ERROR_NO_CONNECTION, details,
                    _("The libvirt daemon is not running. Start it with “systemctl start "
                      "libvirtd”; it connects by itself then."));
}

/**
 * xeno_virt_set_open_error:
 * @error: (out) (optional): where to put the error
 * @uri: what was opened
 *
 * Sets an error from a connection that could not be opened: why, and how to mend it.
 */
void
xeno_virt_set_open_error (GError     **error,
                          const char  *uri)
{
  const virError *last = virGetLastError ();
  g_autofree char *details = xeno_text_clean (last != NULL ? last->message : NULL, -1, MAX_DETAILS_CHARS);
  int code = last != NULL ? last->code : VIR_ERR_OK;
  XenoError mapped = xeno_virt_error_map (code);

  /* The test driver is in libvirt's client: no daemon can be away. */
  if (!xeno_uri_has_known_driver (uri) || !is_written_as_address (uri) || g_str_has_prefix (uri, "test:"))
    set_address_error (error, uri, details);
  else if (!xeno_uri_is_local (uri))
    xeno_set_error (error, mapped == XENO_ERROR_NO_PERMISSION ? mapped : XENO_ERROR_NO_CONNECTION, details,
                    _("The other computer could not be reached. Check that its name is right, that “ssh” logs in without a "
                      "question, and that libvirt runs there."));
  else if (code == VIR_ERR_SYSTEM_ERROR)
    set_local_open_error (error, uri, details, last->int1);
  else if (code == VIR_ERR_INTERNAL_ERROR || mapped == XENO_ERROR_FAILED)
    set_local_open_error (error, uri, details, 0);
  else if (mapped == XENO_ERROR_NO_PERMISSION)
    set_local_open_error (error, uri, details, EACCES);
  else
    set_address_error (error, uri, details);
}
