#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Run the named test suites of a build and count every test case in them.

    run-suites.py BUILD SUITE...

Ends in the line "N passed, N failed"; the status is 0 only if something passed and nothing failed.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import time

# Most tests wait for the greater part of their time: for a guest, for a deadline.
PROCESSES = max(4, 2 * (os.cpu_count() or 1))

GOOD = {'OK', 'EXPECTEDFAIL', 'SKIP'}
CASE = re.compile(r'^(not )?ok \d+ ?-? ?(.*?)( # SKIP.*)?$', re.MULTILINE | re.IGNORECASE)


class Count:
    def __init__(self):
        self.passed = 0
        self.failed = 0
        self.skipped = 0
        self.broken = []

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.broken += other.broken

    def __str__(self):
        skipped = f', {self.skipped} skipped' if self.skipped else ''
        return f'{self.passed} passed, {self.failed} failed{skipped}'


def count_test(test):
    """The cases a program reported in TAP; a program that reports none is one case."""
    count = Count()
    name = test['name'].rpartition(' / ')[2]
    for refused, case, skipped in CASE.findall(test.get('stdout', '')):
        if skipped:
            count.skipped += 1
        elif refused:
            count.failed += 1
            count.broken.append(f'{name}: {case}')
        else:
            count.passed += 1
    good = test['result'] in GOOD
    if not good and not count.failed:
        count.failed = 1  # it crashed or ran out of time between its cases
        count.broken.append(f'{name}: {test["result"].lower()}')
    if good and not count.passed + count.skipped:
        count.passed = 1
    return count


def read_results(log):
    """The tests of a run, each with the suite it belongs to."""
    for line in log.read_text(encoding='utf-8').splitlines():
        test = json.loads(line)
        yield test['name'].partition(' / ')[0].rpartition(':')[2], test


def run_suites(build, suites):
    """All of them at once: while one test waits another one computes."""
    log = pathlib.Path(build, 'meson-logs', 'suites.json')
    log.unlink(missing_ok=True)
    wanted = [word for suite in suites for word in ('--suite', suite)]
    subprocess.run(['meson', 'test', '-C', build, *wanted, '--logbase', log.stem, '--print-errorlogs',
                    '--num-processes', str(PROCESSES), '--timeout-multiplier', '4'], check=False)
    counts = {suite: Count() for suite in suites}
    for suite, test in read_results(log) if log.exists() else ():
        counts[suite].add(count_test(test))
    for suite, count in counts.items():
        if not count.passed + count.failed + count.skipped:
            count.failed = 1
            count.broken.append(f'{suite}: nothing ran')
    return counts


def main():
    began = time.monotonic()
    counts = run_suites(sys.argv[1], sys.argv[2:])
    total = Count()
    for suite, count in counts.items():
        print(f'== {suite}: {count}')
        total.add(count)
    print(f'== {time.monotonic() - began:.0f} s')
    for name in total.broken:
        print(f'failed: {name}')
    if total.skipped:
        print(f'{total.skipped} skipped')
    print(f'{total.passed} passed, {total.failed} failed')
    sys.exit(0 if total.passed and not total.failed else 1)


if __name__ == '__main__':
    main()
