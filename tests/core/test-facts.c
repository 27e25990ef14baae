/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every state and reason libvirt can give, and some it cannot, become what people see. */
#include "config.h"

#include "virt/xeno-facts.h"

static const struct
{
  int               state;
  int               reason;
  gboolean          has_saved_state;
  const char       *io_error;
  XenoMachineState  wanted;
  const char       *sentence; /* how it begins, or NULL for none */
} rows[] = {
  { VIR_DOMAIN_NOSTATE, 0, FALSE, NULL, XENO_MACHINE_UNKNOWN, NULL },
  { VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_BOOTED, FALSE, NULL, XENO_MACHINE_RUNNING, NULL },
  { VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_CRASHED, FALSE, NULL, XENO_MACHINE_RUNNING, NULL },
  { VIR_DOMAIN_BLOCKED, 0, FALSE, NULL, XENO_MACHINE_RUNNING, NULL },
  { VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_USER, FALSE, NULL, XENO_MACHINE_PAUSED, NULL },
  { VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_IOERROR, FALSE, "enospc", XENO_MACHINE_PAUSED, "Paused because its storage is full." },
  { VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_IOERROR, FALSE, "other", XENO_MACHINE_PAUSED, "Paused because a disk failed." },
  { VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_IOERROR, FALSE, NULL, XENO_MACHINE_PAUSED, "Paused because a disk failed." },
  { VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_SAVE, FALSE, NULL, XENO_MACHINE_PAUSED, "Paused while its state is saved." },
  { VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_SNAPSHOT, FALSE, NULL, XENO_MACHINE_PAUSED, "Paused while its state is saved." },
  { VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_CRASHED, FALSE, NULL, XENO_MACHINE_PAUSED, "Paused because the guest crashed." },
  { VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_WATCHDOG, FALSE, NULL, XENO_MACHINE_PAUSED, "Paused by its watchdog." },
  { VIR_DOMAIN_PAUSED, 4711, FALSE, NULL, XENO_MACHINE_PAUSED, NULL },
  { VIR_DOMAIN_SHUTDOWN, 0, FALSE, NULL, XENO_MACHINE_SHUTTING_DOWN, NULL },
  { VIR_DOMAIN_SHUTOFF, VIR_DOMAIN_SHUTOFF_UNKNOWN, FALSE, NULL, XENO_MACHINE_OFF, NULL },
  { VIR_DOMAIN_SHUTOFF, VIR_DOMAIN_SHUTOFF_DESTROYED, FALSE, NULL, XENO_MACHINE_OFF, NULL },
  { VIR_DOMAIN_SHUTOFF, VIR_DOMAIN_SHUTOFF_CRASHED, FALSE, NULL, XENO_MACHINE_CRASHED, "It stopped unexpectedly." },
  { VIR_DOMAIN_SHUTOFF, VIR_DOMAIN_SHUTOFF_FAILED, FALSE, NULL, XENO_MACHINE_OFF, "It did not start." },
  { VIR_DOMAIN_SHUTOFF, VIR_DOMAIN_SHUTOFF_SAVED, TRUE, NULL, XENO_MACHINE_SAVED, NULL },
  { VIR_DOMAIN_SHUTOFF, VIR_DOMAIN_SHUTOFF_UNKNOWN, TRUE, NULL, XENO_MACHINE_SAVED, NULL },
  { VIR_DOMAIN_SHUTOFF, VIR_DOMAIN_SHUTOFF_CRASHED, TRUE, NULL, XENO_MACHINE_SAVED, NULL },
  { VIR_DOMAIN_CRASHED, 0, FALSE, NULL, XENO_MACHINE_CRASHED, "It stopped unexpectedly." },
  { VIR_DOMAIN_CRASHED, VIR_DOMAIN_CRASHED_PANICKED, FALSE, NULL, XENO_MACHINE_PANICKED, "Its kernel panicked." },
  { VIR_DOMAIN_PMSUSPENDED, 0, FALSE, NULL, XENO_MACHINE_SUSPENDED, NULL },
  { 4711, 4711, FALSE, "nonsense", XENO_MACHINE_UNKNOWN, NULL },
  { -1, -1, FALSE, NULL, XENO_MACHINE_UNKNOWN, NULL },
};

/* Rows 25, 50 and 52 of the fault matrix. */
static void
every_state_and_reason_is_told (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      XenoFacts facts = {
        .state = rows[i].state,
        .reason = rows[i].reason,
        .has_saved_state = rows[i].has_saved_state,
      };
      g_autofree char *sentence = xeno_facts_dup_reason (&facts, rows[i].io_error);

      g_test_message ("%d %d", rows[i].state, rows[i].reason);
      g_assert_cmpint (xeno_facts_get_state (&facts), ==, rows[i].wanted);
      if (rows[i].sentence == NULL)
        g_assert_null (sentence);
      else
        g_assert_true (g_str_has_prefix (sentence, rows[i].sentence));
    }
}

static void
every_state_of_ours_is_met_and_named (void)
{
  for (int state = XENO_MACHINE_UNKNOWN; state <= XENO_MACHINE_PANICKED; state++)
    {
      gboolean is_met = FALSE;

      for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        is_met = is_met || (int) rows[i].wanted == state;
      g_assert_true (is_met);
      g_assert_cmpstr (xeno_machine_state_to_id (state), !=, "");
      g_assert_cmpstr (xeno_machine_state_to_label (state), !=, "");
    }
  g_assert_cmpstr (xeno_machine_state_to_id (4711), ==, "unknown");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xeno/facts/every-state-and-reason-is-told", every_state_and_reason_is_told);
  g_test_add_func ("/xeno/facts/every-state-of-ours-is-met-and-named", every_state_of_ours_is_met_and_named);
  return g_test_run ();
}
