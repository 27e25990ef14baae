/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Places for calls: enough of them beside machines that hang, and one link as long as none does. */
#include "config.h"

#include "base/xeno-error.h"
#include "support/xeno-test.h"
#include "virt/xeno-link-pool.h"

#define URI "test:///default"

typedef struct
{
  XenoLink     *first;
  XenoLinkPool *pool;
  GPtrArray    *taken;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  fixture->first = xeno_link_new (NULL, NULL);
  xeno_link_open (fixture->first, URI, &error);
  g_assert_no_error (error);
  fixture->pool = xeno_link_pool_new (fixture->first, URI);
  fixture->taken = g_ptr_array_new ();
}

static void
give_all (Fixture *fixture)
{
  for (guint i = 0; i < fixture->taken->len; i++)
    xeno_link_pool_give (fixture->pool, g_ptr_array_index (fixture->taken, i));
  g_ptr_array_set_size (fixture->taken, 0);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  give_all (fixture);
  g_ptr_array_unref (fixture->taken);
  g_assert_finalize_object (fixture->pool);
  g_assert_finalize_object (fixture->first);
}

static XenoLink *
take (Fixture      *fixture,
      XenoCallKind  kind)
{
  g_autoptr (GError) error = NULL;
  XenoLink *link = xeno_link_pool_take (fixture->pool, kind, &error);

  g_assert_no_error (error);
  g_ptr_array_add (fixture->taken, link);
  return link;
}

static void
calls_that_end_need_one_link (Fixture       *fixture,
                              gconstpointer  data)
{
  for (guint i = 0; i < 100; i++)
    {
      g_assert_true (take (fixture, XENO_CALL_MACHINE) == fixture->first);
      give_all (fixture);
    }
  g_assert_cmpuint (xeno_link_pool_count (fixture->pool), ==, 1);
}

static void
calls_that_hang_get_links_of_their_own (Fixture       *fixture,
                                        gconstpointer  data)
{
  g_assert_true (take (fixture, XENO_CALL_MACHINE) == fixture->first);
  g_assert_true (take (fixture, XENO_CALL_DAEMON) != fixture->first);
  g_assert_cmpuint (xeno_link_pool_count (fixture->pool), ==, 2);

  /* And no link more than is needed, nor longer. */
  give_all (fixture);
  g_assert_cmpuint (xeno_link_pool_count (fixture->pool), ==, 1);
}

static gpointer
give_one_thread (gpointer data)
{
  Fixture *fixture = data;

  xeno_link_pool_give (fixture->pool, g_ptr_array_index (fixture->taken, 0));
  return NULL;
}

static void
whoever_waits_gets_the_place_that_is_given_back (Fixture       *fixture,
                                                 gconstpointer  data)
{
  GThread *thread;

  for (guint i = 0; i < 12; i++)
    take (fixture, XENO_CALL_MACHINE);
  g_assert_cmpuint (xeno_link_pool_count (fixture->pool), ==, 12);

  thread = g_thread_new ("give", give_one_thread, fixture);
  take (fixture, XENO_CALL_MACHINE);
  g_thread_join (thread);
  g_ptr_array_remove_index (fixture->taken, 0);
}

static void
too_much_that_hangs_is_told (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 12; i++)
    take (fixture, XENO_CALL_MACHINE);
  g_assert_null (xeno_link_pool_take (fixture->pool, XENO_CALL_MACHINE, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_TIMEOUT);
  g_assert_cmpuint (xeno_link_pool_count (fixture->pool), ==, 12);

  /* What can help has places of its own. */
  take (fixture, XENO_CALL_URGENT);
  take (fixture, XENO_CALL_DAEMON);
}

static const struct
{
  const char *path;
  void      (*func) (Fixture *fixture, gconstpointer data);
} tests[] = {
  { "calls-that-end-need-one-link", calls_that_end_need_one_link },
  { "calls-that-hang-get-links-of-their-own", calls_that_hang_get_links_of_their_own },
  { "whoever-waits-gets-the-place-that-is-given-back",
    whoever_waits_gets_the_place_that_is_given_back },
  { "too-much-that-hangs-is-told", too_much_that_hangs_is_told },
};

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/xeno/link-pool/", tests[i].path, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].func, tear_down);
    }
  return g_test_run ();
}
