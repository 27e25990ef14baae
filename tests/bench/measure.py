# SPDX-License-Identifier: LGPL-2.1-or-later
"""What every section needs: processes and what they use, turns in alternation, tables."""

import os
import pathlib
import re
import resource
import signal
import statistics
import subprocess
import time


def settle(seconds):
    time.sleep(seconds)


# Processes

def children(pid):
    parents = {}
    for stat in pathlib.Path('/proc').glob('[0-9]*/stat'):
        try:
            fields = stat.read_text(encoding='utf-8', errors='replace').rpartition(')')[2].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, wanted = [], [pid]
    while wanted:
        wanted = [child for parent in wanted for child in parents.get(parent, [])]
        found += wanted
    return found


def family(pid):
    return [pid] + children(pid)


def cpu_seconds(pid):
    """What this process and its children have used, to the nanosecond."""
    total = 0.0
    for member in family(pid):
        try:
            total += time.clock_gettime((~member << 3) | 2)
        except OSError:
            pass
    return total


def wake_ups(pid):
    total = 0
    for member in family(pid):
        for status in pathlib.Path(f'/proc/{member}/task').glob('*/status'):
            try:
                total += int(re.search(r'^voluntary_ctxt_switches:\s+(\d+)', status.read_text(encoding='utf-8'), re.MULTILINE)[1])
            except OSError:
                pass
    return total


def memory_mib(pid):
    """(proportional, private) of this process and its children."""
    proportional = private = 0
    for member in family(pid):
        try:
            text = pathlib.Path(f'/proc/{member}/smaps_rollup').read_text(encoding='utf-8')
        except OSError:
            continue
        figure = {name: int(value) for name, value in re.findall(r'^(\w+):\s+(\d+) kB', text, re.MULTILINE)}
        proportional += figure['Pss']
        private += figure['Private_Clean'] + figure['Private_Dirty']
    return proportional / 1024, private / 1024


def start(argv, more=None):
    """MORE goes into its environment."""
    return subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                            env=dict(os.environ, **(more or {})))


def stop(process):
    members = children(process.pid)
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for member in members:
        try:
            os.kill(member, signal.SIGKILL)
        except ProcessLookupError:
            pass


def run_timed(argv):
    """(wall, CPU) seconds of a command; CPU is its own, not the daemon's."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    wall = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise SystemExit(f'{" ".join(argv)}: {done.stdout}')
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


# Tables

def report(title, figures, results, is_inverted=False):
    """results: program -> figure -> values; the first program is divided by the others, or the others by it."""
    print(f'\n{title}')
    print(f'{"":24}' + ''.join(f'{name:>34}' for name in figures))
    first = next(iter(results.values()))
    for program, values in results.items():
        row = f'{program:24}'
        for name in figures:
            middle = statistics.median(values[name])
            spread = f'{middle:.3g} [{min(values[name]):.3g}..{max(values[name]):.3g}]'
            base = statistics.median(first[name])
            above, below = (middle, base) if is_inverted else (base, middle)
            ratio = f' {above / below:4.2f}x' if program != next(iter(results)) and below else ''
            row += f'{spread + ratio:>34}'
        print(row)
    first = next(iter(results))
    print(f'(a ratio is {"that program divided by " + first if is_inverted else first + " divided by that program"})', flush=True)


def collect(programs, runs, measure):
    """One throw-away turn to warm the caches, then RUNS turns for each program in alternation."""
    results = {}
    for turn in range(-1, runs):
        for name, argv in programs.items():
            figures = measure(name, argv)
            if turn >= 0:
                for figure, value in figures.items():
                    results.setdefault(name, {}).setdefault(figure, []).append(value)
    return results
