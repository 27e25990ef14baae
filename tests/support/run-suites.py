#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Run the named test suites of a build and count every test case in them.

    run-suites.py BUILD SUITE...

Ends in the line "N passed, N failed"; the status is 0 only if something passed and nothing failed.
"""

import json
import pathlib
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree

GOOD = {'OK', 'EXPECTEDFAIL', 'SKIP'}


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


def program_of(suite_name):
    """meson calls a TAP program's suite PROJECT.NAME, or PROJECT:SUITE.NAME."""
    return suite_name.partition('.')[2]


def count_cases(junit):
    """The cases of each program that reports single cases."""
    counts = {}
    for suite in ElementTree.parse(junit).getroot().iter('testsuite'):
        count = counts.setdefault(program_of(suite.get('name', '')), Count())
        for case in suite.iter('testcase'):
            if case.find('failure') is not None or case.find('error') is not None:
                count.failed += 1
                count.broken.append(case.get('name', '?'))
            elif case.find('skipped') is not None:
                count.skipped += 1
            else:
                count.passed += 1
    return counts


def count_suite(logs):
    total = Count()
    cases = count_cases(logs.with_suffix('.junit.xml'))
    for line in logs.with_suffix('.json').read_text(encoding='utf-8').splitlines():
        test = json.loads(line)
        name = test['name'].rpartition(' / ')[2].rpartition(':')[2]
        count = cases.get(name, Count())
        if not count.passed + count.failed + count.skipped:
            if test['result'] == 'SKIP':
                count.skipped = 1
            elif test['result'] in GOOD:
                count.passed = 1
        if test['result'] not in GOOD and not count.failed:
            count.failed = 1  # it crashed or ran out of time between its cases
            count.broken.append(f'{name} ({test["result"].lower()})')
        total.add(count)
    return total


def run_suite(build, suite):
    log = f'suite-{suite}'
    path = pathlib.Path(build, 'meson-logs', log)
    for stale in (path.with_suffix('.json'), path.with_suffix('.junit.xml')):
        stale.unlink(missing_ok=True)
    print(f'== {suite}', flush=True)
    began = time.monotonic()
    subprocess.run(['meson', 'test', '-C', build, '--no-suite', 'bench', '--suite', suite, '--logbase', log,
                    '--print-errorlogs', '--num-processes', '2'], check=False)
    if not path.with_suffix('.json').exists():
        count = Count()
        count.failed = 1
        count.broken.append(f'{suite} (nothing ran)')
    else:
        count = count_suite(path)
    print(f'== {suite}: {count}, {time.monotonic() - began:.0f} s', flush=True)
    return count


def main():
    build, suites = sys.argv[1], sys.argv[2:]
    total = Count()
    for suite in suites:
        total.add(run_suite(build, suite))
    for name in total.broken:
        print(f'failed: {name}')
    if total.skipped:
        print(f'{total.skipped} skipped')
    print(f'{total.passed} passed, {total.failed} failed')
    sys.exit(0 if total.passed and not total.failed else 1)


if __name__ == '__main__':
    main()
