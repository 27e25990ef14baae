#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Measure Xenolith beside the other machine managers that are installed here.

    run.py --prefix DIR [--runs N] [SECTION...]      sections: startup idle create list

The programs take turns within each run, in one private world, so the ratios mean something and the
seconds little. Nothing here is a test: no time is a pass or a failure.
"""

import argparse
import os
import pathlib
import re
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import time

import libvirt

from window import WindowWatch

HERE = pathlib.Path(__file__).resolve().parent
SESSION = HERE.parent / 'support/session.py'
URI = 'qemu:///session'
MACHINE = '''<domain type='qemu'><name>{name}</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>
<os><type arch='x86_64' machine='pc'>hvm</type><boot dev='cdrom'/></os><features><acpi/></features>
<devices>{disc}<graphics type='spice'><listen type='none'/></graphics><video><model type='vga'/></video>
<interface type='user'/></devices></domain>'''
DISC = '''<disk type='file' device='cdrom'><driver name='qemu' type='raw'/><source file='{path}'/>
<target dev='hdc' bus='ide'/><readonly/></disk>'''


class Bench:
    def __init__(self, options):
        self.prefix = pathlib.Path(options.prefix)
        self.runs = options.runs
        self.home = pathlib.Path(os.environ['XENO_TEST_WORLD'], 'h')
        self.disc = next((path for path in ('/usr/lib/grub-rescue/grub-rescue-cdrom.iso',
                                            '/usr/lib/memtest86+/memtest86+x64.iso') if os.path.exists(path)), None)
        self.connection = libvirt.open(URI)

    # Programs

    def own(self, name):
        return str(self.prefix / 'bin' / name)

    def managers(self):
        offered = {'xenolith': [self.own('xenolith')],
                   'virt-manager': ['virt-manager', '--no-fork', '-c', URI],
                   'gnome-boxes': ['gnome-boxes']}
        return {name: argv for name, argv in offered.items() if shutil.which(argv[0])}

    def viewers(self, machine):
        offered = {'xenolith': [self.own('xenolith'), '--show-domain-console', machine],
                   'virt-viewer': ['virt-viewer', '-c', URI, '--attach', machine]}
        return {name + ' (console)': argv for name, argv in offered.items() if shutil.which(argv[0])}

    # Machines

    def clear(self):
        for machine in self.connection.listAllDomains():
            is_kept = machine.isPersistent()
            if machine.isActive():
                machine.destroy()
            if is_kept:
                machine.undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_NVRAM | libvirt.VIR_DOMAIN_UNDEFINE_MANAGED_SAVE)

    def define(self, count):
        self.clear()
        for number in range(count):
            self.connection.defineXML(MACHINE.format(name=f'machine-{number:04}', disc=''))

    def start_one(self, name):
        xml = MACHINE.format(name=name, disc=DISC.format(path=self.disc))
        return self.connection.createXML(xml)


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


def start(argv):
    return subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


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

def report(title, figures, results):
    """results: program -> figure -> values; the first program is the one the others are divided by."""
    print(f'\n{title}')
    print(f'{"":24}' + ''.join(f'{name:>34}' for name in figures))
    first = next(iter(results.values()))
    for program, values in results.items():
        row = f'{program:24}'
        for name in figures:
            middle = statistics.median(values[name])
            spread = f'{middle:.3g} [{min(values[name]):.3g}..{max(values[name]):.3g}]'
            base = statistics.median(first[name])
            ratio = f' {base / middle:4.2f}x' if program != next(iter(results)) and middle else ''
            row += f'{spread + ratio:>34}'
        print(row)
    print(f'(a ratio is {next(iter(results))} divided by that program)', flush=True)


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


# Sections

def first_window(argv, rest):
    watch = WindowWatch()
    began = time.monotonic()
    process = start(argv)
    mapped = watch.wait(30)
    used = cpu_seconds(process.pid)
    if mapped is None:
        stop(process)
        raise SystemExit(f'{argv[0]} showed no window in 30 s')
    settle(rest)
    later = cpu_seconds(process.pid)
    proportional, private = memory_mib(process.pid)
    stop(process)
    watch.close()
    return {'window s': mapped - began, 'CPU s': used, f'CPU s +{rest:g} s': later,
            'PSS MiB': proportional, 'private MiB': private}


def startup(bench):
    for count in (0, 10, 50):
        bench.define(count)
        results = collect(bench.managers(), bench.runs, lambda _name, argv: first_window(argv, 4))
        report(f'Start-up with {count} machines', list(next(iter(results.values()))), results)
    bench.clear()
    bench.start_one('console')
    results = collect(bench.viewers('console'), bench.runs, lambda _name, argv: first_window(argv, 4))
    report('Console of a running machine', list(next(iter(results.values()))), results)
    bench.clear()


def idle(bench, seconds=20):
    bench.define(10)
    bench.start_one('running')

    def watch(_name, argv):
        process = start(argv)
        settle(12)
        used, woken = cpu_seconds(process.pid), wake_ups(process.pid)
        settle(seconds)
        used, woken = cpu_seconds(process.pid) - used, wake_ups(process.pid) - woken
        proportional, _ = memory_mib(process.pid)
        stop(process)
        return {'CPU %': 100 * used / seconds, 'wake-ups/s': woken / seconds, 'PSS MiB': proportional}

    programs = dict(bench.managers(), **bench.viewers('running'))
    results = collect(programs, min(bench.runs, 3), watch)
    report(f'Idle for {seconds} s, 10 machines off and 1 running', list(next(iter(results.values()))), results)
    bench.clear()


def create(bench):
    """Our own command and virt-install read the disc to know the system; the bare calls and "off" do not."""
    disk = bench.home / 'new.qcow2'
    definition = bench.home / 'new.xml'
    definition.write_text(MACHINE.format(name='new', disc=DISC.format(path=bench.disc)), encoding='utf-8')
    programs = {'xeno create': [bench.own('xeno'), 'create', '--iso', bench.disc, '--name', 'new', '--memory', '128M',
                                '--disk-size', '20G', '--accel', 'tcg']}
    if shutil.which('virt-install'):
        for detect in 'on', 'off':
            programs[f'virt-install detect={detect}'] = [
                'virt-install', '--connect', URI, '--virt-type', 'qemu', '--name', 'new', '--memory', '128',
                '--cdrom', bench.disc, '--disk', f'path={disk},size=20,format=qcow2', '--graphics', 'spice,listen=none',
                '--noautoconsole', '--wait', '0', '--osinfo', f'detect={detect},require=off', '--network', 'user']
    programs['qemu-img + virsh'] = ['sh', '-c', f'qemu-img create -q -f qcow2 {disk} 20G && virsh -q -c {URI} define {definition} && '
                                                f'virsh -q -c {URI} start new']

    def make(_name, argv):
        bench.clear()
        disk.unlink(missing_ok=True)
        wall, used = run_timed(argv)
        if not bench.connection.lookupByName('new').isActive():
            raise SystemExit(f'{argv[0]} made a machine that does not run')
        return {'wall s': wall, 'CPU s': used}

    results = collect(programs, bench.runs, make)
    report('From a disc image to a running machine', ['wall s', 'CPU s'], results)
    bench.clear()


def listing(bench):
    programs = {'xeno list': [bench.own('xeno'), 'list'], 'virsh list': ['virsh', '-c', URI, 'list', '--all']}
    for count in (0, 100, 1000):
        bench.define(count)
        results = collect(programs, bench.runs, lambda _name, argv: dict(zip(('wall s', 'CPU s'), run_timed(argv))))
        report(f'Listing {count} machines', ['wall s', 'CPU s'], results)
    bench.clear()


SECTIONS = {'startup': startup, 'idle': idle, 'create': create, 'list': listing}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--prefix', required=True, help='where Xenolith is installed')
    parser.add_argument('--runs', type=int, default=5)
    parser.add_argument('sections', nargs='*', metavar='SECTION', choices=[[], *SECTIONS])
    options = parser.parse_args()
    if 'XENO_TEST_WORLD' not in os.environ:
        os.environ['XENO_TEST_DATADIR'] = f'{options.prefix}/share'
        os.execv(SESSION, [str(SESSION), '--display', '1920x1200', '--', str(HERE / 'run.py'), *sys.argv[1:]])
    bench = Bench(options)
    for name in options.sections or SECTIONS:
        SECTIONS[name](bench)


if __name__ == '__main__':
    main()
