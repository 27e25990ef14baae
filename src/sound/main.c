/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xenolith-sound: plays samples from its standard input, or records some to its standard output. */
#include "config.h"

#include <gst/gst.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>

/* Of what goes through a pipe, this much at once: enough for any sound server, and soon heard. */
#define BLOCK_BYTES 2048

#define SAMPLES "audio/x-raw,format=" G_STRINGIFY (SAMPLE_FORMAT) ",layout=interleaved,rate=%u,channels=%u"

#if G_BYTE_ORDER == G_LITTLE_ENDIAN
# define SAMPLE_FORMAT S16LE
#else
# define SAMPLE_FORMAT S16BE
#endif

/* What is played comes when the guest plays it: no clock but the sound server's own. */
static char *
describe (const char *what,
          guint       rate,
          guint       channels)
{
  if (g_str_equal (what, "play"))
    return g_strdup_printf ("fdsrc fd=0 blocksize=%u ! " SAMPLES " ! audioconvert ! audioresample ! "
                            "autoaudiosink sync=false",
                            BLOCK_BYTES, rate, channels);
  if (g_str_equal (what, "record"))
    return g_strdup_printf ("autoaudiosrc ! audioconvert ! audioresample ! " SAMPLES " ! fdsink fd=1 sync=false",
                            rate, channels);
  return NULL;
}

static int
run (GstElement *pipeline)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    gst_message_parse_error (message, &error, NULL);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  if (error == NULL)
    return EXIT_SUCCESS;

  g_printerr ("xenolith-sound: %s\n", error->message);
  return EXIT_FAILURE;
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *description = NULL;
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GError) error = NULL;
  guint64 rate, channels;

  prctl (PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (argc != 4 ||
      !g_ascii_string_to_unsigned (argv[2], 10, 1, G_MAXINT, &rate, NULL) ||
      !g_ascii_string_to_unsigned (argv[3], 10, 1, 64, &channels, NULL) ||
      (description = describe (argv[1], rate, channels)) == NULL)
    {
      g_printerr ("usage: xenolith-sound play|record RATE CHANNELS\nXenolith starts this by itself.\n");
      return EXIT_FAILURE;
    }

  if (gst_init_check (NULL, NULL, &error))
    pipeline = gst_parse_launch (description, &error);
  if (error != NULL)
    {
      g_printerr ("xenolith-sound: %s\n", error->message);
      return EXIT_FAILURE;
    }
  return run (pipeline);
}
