/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Amounts as people read and write them. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-units.h"

/**
 * xeno_units_format_size:
 * @bytes: an amount of memory or storage
 *
 * Writes an amount in binary units, as "4.0 GiB".
 *
 * Returns: (transfer full): the text, in the person's language
 */
char *
xeno_units_format_size (guint64 bytes)
{
  return g_format_size_full (bytes, G_FORMAT_SIZE_IEC_UNITS);
}

/**
 * xeno_units_format_rate:
 * @bytes_per_second: a rate; not negative
 *
 * Writes a rate in binary units, as "3.2 MiB/s".
 *
 * Returns: (transfer full): the text, in the person's language
 */
char *
xeno_units_format_rate (double bytes_per_second)
{
  g_autofree char *size = NULL;

  g_return_val_if_fail (bytes_per_second >= 0.0, NULL);

  size = xeno_units_format_size ((guint64) bytes_per_second);
  /* Translators: an amount of data each second, %s is as "3.2 MiB" */
  return g_strdup_printf (_("%s/s"), size);
}

/**
 * xeno_units_format_percent:
 * @percent: a share, 100 for all of it
 *
 * Writes a share, as "12 %".
 *
 * Returns: (transfer full): the text, in the person's language
 */
char *
xeno_units_format_percent (double percent)
{
  /* Translators: a share, as "12 %"; %.0f is the number */
  return g_strdup_printf (_("%.0f %%"), percent);
}

/**
 * xeno_units_format_duration:
 * @seconds: how long
 *
 * Writes a duration in its largest unit, as "3 hours".
 *
 * Returns: (transfer full): the text, in the person's language
 */
char *
xeno_units_format_duration (guint64 seconds)
{
  guint64 minutes = seconds / 60;
  guint64 hours = minutes / 60;
  guint64 days = hours / 24;

  if (days > 0)
    return g_strdup_printf (ngettext ("%u day", "%u days", days), (guint) days);
  if (hours > 0)
    return g_strdup_printf (ngettext ("%u hour", "%u hours", hours), (guint) hours);
  if (minutes > 0)
    return g_strdup_printf (ngettext ("%u minute", "%u minutes", minutes), (guint) minutes);
  return g_strdup_printf (ngettext ("%u second", "%u seconds", seconds), (guint) seconds);
}

static gboolean
shift_of_unit (const char *unit,
               guint      *shift)
{
  static const char letters[] = "kmgtpe";
  const char *letter;

  if (*unit == '\0' || g_ascii_strcasecmp (unit, "b") == 0)
    {
      *shift = 0;
      return TRUE;
    }

  letter = strchr (letters, g_ascii_tolower (unit[0]));
  if (letter == NULL
      || (unit[1] != '\0' && g_ascii_strcasecmp (unit + 1, "b") != 0
          && g_ascii_strcasecmp (unit + 1, "ib") != 0))
    return FALSE;

  *shift = 10 * (guint) (letter - letters + 1);
  return TRUE;
}

/**
 * xeno_units_parse_size:
 * @text: an amount as "2G", "2 GiB", "512M", "1.5g", or plain bytes
 * @bytes: (out): the amount in bytes; units are binary
 * @error: %XENO_ERROR_INVALID when @text is no amount
 *
 * Reads an amount of memory or storage, in any locale with a point for the fraction.
 *
 * Returns: %TRUE when @bytes was set
 */
gboolean
xeno_units_parse_size (const char  *text,
                       guint64     *bytes,
                       GError     **error)
{
  char *end;
  double number;
  double scaled;
  guint shift;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (bytes != NULL, FALSE);

  number = g_ascii_isdigit (text[0]) ? g_ascii_strtod (text, &end) : -1.0;
  if (number >= 0.0 && text[1] != 'x' && text[1] != 'X'
      && shift_of_unit (end + strspn (end, " "), &shift))
    {
      scaled = number * (double) (G_GUINT64_CONSTANT (1) << shift);
      if (scaled < (double) G_MAXINT64)
        {
          *bytes = (guint64) scaled;
          return TRUE;
        }
    }

  xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                  _("“%s” is not a size. Write it as 2G or 512M."), text);
  return FALSE;
}

/**
 * xeno_units_parse_duration:
 * @text: a time as "90", "90s", "15m", "2h" or "1d"
 * @seconds: (out): the time in seconds
 * @error: %XENO_ERROR_INVALID when @text is no time, or none above zero
 *
 * Reads how long something may take.
 *
 * Returns: %TRUE when @seconds was set
 */
gboolean
xeno_units_parse_duration (const char  *text,
                           guint       *seconds,
                           GError     **error)
{
  static const struct
  {
    const char *letter;
    guint64     factor;
  } units[] = { { "", 1 }, { "s", 1 }, { "m", 60 }, { "h", 60 * 60 }, { "d", 24 * 60 * 60 } };
  guint64 number;
  char *end;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (seconds != NULL, FALSE);

  number = g_ascii_isdigit (text[0]) ? g_ascii_strtoull (text, &end, 10) : 0;
  for (gsize i = 0; number > 0 && i < G_N_ELEMENTS (units); i++)
    if (strcmp (end, units[i].letter) == 0 && number <= G_MAXINT / units[i].factor)
      {
        *seconds = (guint) (number * units[i].factor);
        return TRUE;
      }

  xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("“%s” is not a time. Write it as 90s, 15m or 2h."), text);
  return FALSE;
}
