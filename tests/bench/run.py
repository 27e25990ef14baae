#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Measure Xenolith beside the other machine managers that are installed here.

    run.py --prefix DIR [--runs N] [SECTION...]      sections: startup idle create start boot list console

The programs take turns within each run, in one private world, so the ratios mean something and the
seconds little. Nothing here is a test: no time is a pass or a failure.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

import libvirt

import console
from measure import collect, cpu_seconds, memory_mib, report, run_timed, settle, start, stop, wake_ups
from window import WindowWatch

HERE = pathlib.Path(__file__).resolve().parent
SESSION = HERE.parent / 'support/session.py'
GUESTS = HERE.parent / 'support/guests'
URI = 'qemu:///session'
MACHINE = '''<domain type='qemu'><name>{name}</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>
<os><type arch='x86_64' machine='pc'>hvm</type><boot dev='cdrom'/></os><features><acpi/></features>
<devices>{disc}<graphics type='spice'><listen type='none'/></graphics><video><model type='vga'/></video>
<interface type='user'/></devices></domain>'''
DISC = '''<disk type='file' device='cdrom'><driver name='qemu' type='raw'/><source file='{path}'/>
<target dev='hdc' bus='ide'/><readonly/></disk>'''

HARD_DISK = '''<disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='{path}'/>
<target dev='hda' bus='ide'/></disk>'''
QEMU_NAMES = 'http://libvirt.org/schemas/domain/qemu/1.0'


class Bench:
    def __init__(self, options):
        self.prefix = pathlib.Path(options.prefix)
        self.runs = options.runs
        self.home = pathlib.Path(os.environ['XENO_TEST_WORLD'], 'h')
        self.disc = next((path for path in ('/usr/lib/grub-rescue/grub-rescue-cdrom.iso',
                                            '/usr/lib/memtest86+/memtest86+x64.iso') if os.path.exists(path)), None)
        self.connection = libvirt.open(URI)
        os.environ.pop('GSK_RENDERER', None)  # what a person gets, not what tests ask for

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

    def preferring(self, preferences):
        """What starts our program with other preferences than the default ones."""
        place = self.home / 'preferring'
        keys = place / 'glib-2.0/settings/keyfile'
        keys.parent.mkdir(parents=True, exist_ok=True)
        keys.write_text('[org/unaos/Xenolith]\n' + ''.join(f'{key}={value}\n' for key, value in preferences.items()),
                        encoding='utf-8')
        return {'GSETTINGS_BACKEND': 'keyfile', 'XDG_CONFIG_HOME': str(place)}

    # Machines

    def clear(self):
        """End every machine, and forget it."""
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


# Sections

def open_window(argv, more=None):
    """A program, its first window and when that appeared."""
    watch = WindowWatch()
    began = time.monotonic()
    process = start(argv, more)
    seen = watch.wait(30)
    if seen is None:
        stop(process)
        raise SystemExit(f'{argv[0]} showed no window in 30 s')
    return process, watch, seen[0], seen[1] - began, began


def first_window(argv):
    process, watch, window, mapped, began = open_window(argv)
    used_mapped = used = cpu_seconds(process.pid)

    def look():
        nonlocal used
        used = cpu_seconds(process.pid)

    settled = watch.wait_settled(window, 10, look) - began
    proportional, private = memory_mib(process.pid)
    stop(process)
    watch.close()
    return {'window s': mapped, 'CPU s': used_mapped, 'settled s': settled, 'CPU s settled': used,
            'PSS MiB': proportional, 'private MiB': private}


def startup(bench):
    for count in (0, 10, 50, 100):
        bench.define(count)
        results = collect(bench.managers(), bench.runs, lambda _name, argv: first_window(argv))
        report(f'Start-up with {count} machines', list(next(iter(results.values()))), results)
    bench.clear()
    bench.start_one('console')
    results = collect(bench.viewers('console'), bench.runs, lambda _name, argv: first_window(argv))
    report('Console of a running machine', list(next(iter(results.values()))), results)
    bench.clear()


def idle(bench, seconds=20):
    """The list without and with its small graphs, the four graphs of a machine, all of it minimised, consoles."""
    bench.define(10)
    bench.start_one('running')
    own = bench.own('xenolith')
    graphs = [own, '--show-domain-performance', 'running']
    plain = bench.preferring({'list-graphs': 'false'})
    programs = {'list': ([own], plain, False),
                'list, small graphs': ([own], None, False),
                'four graphs': (graphs, None, False),
                'four graphs, hidden': (graphs, None, True)}
    programs.update({name: (argv, None, False) for name, argv in bench.managers().items() if name != 'xenolith'})
    programs.update({name: (argv, None, False) for name, argv in bench.viewers('running').items()})

    def rest(_name, program):
        argv, more, is_hidden = program
        process, watch, window, *_ = open_window(argv, more)
        if is_hidden:
            watch.wait_settled(window, 10, lambda: None)
            watch.hide(window)
        settle(20)  # it looks at a connection's machines again until 15 s after opening it
        used, woken = cpu_seconds(process.pid), wake_ups(process.pid)
        settle(seconds)
        used, woken = cpu_seconds(process.pid) - used, wake_ups(process.pid) - woken
        proportional, private = memory_mib(process.pid)
        stop(process)
        watch.close()
        return {'CPU %': 100 * used / seconds, 'wake-ups/s': woken / seconds, 'PSS MiB': proportional,
                'private MiB': private}

    results = collect(programs, min(bench.runs, 3), rest)
    if 'virt-manager' in results:  # the peer the rows are held against stands first
        results = {'virt-manager': results.pop('virt-manager'), **results}
    report(f'Idle for {seconds} s, 10 machines off and 1 running', list(next(iter(results.values()))), results,
           is_inverted=True)
    bench.clear()


def machine_text(machine, disk):
    """The definition as it stands, for somebody who makes the same machine with a disk of their own."""
    text = machine.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE)
    text = re.sub(r'<uuid>.*?</uuid>', '', text)
    return re.sub(r"<source file='[^']*\.qcow2'/>", f"<source file='{disk}'/>", text)


def create(bench):
    """virt-install reads the disc to know the system unless detect=off; the bare calls make the machine we make.

    The first two are disk, definition and start in a process that is connected, as the app is. What is known of
    systems is kept once the database was read, for discs nobody has seen as well.
    """
    disk = bench.home / 'new.qcow2'
    definition = bench.home / 'new.xml'
    own = [bench.own('xeno'), 'create', '--iso', bench.disc, '--name', 'new', '--memory', '128M', '--cpus', '1',
           '--disk-size', '20G', '--accel', 'tcg']
    in_process = [str(bench.prefix.parent / 'tests/bench/bench-create'), bench.disc, '1']
    programs = {'app': in_process, 'libvirt in process': in_process, 'xeno create': own, 'xeno create (first ever)': own}
    if shutil.which('virt-install'):
        for detect in 'on', 'off':
            programs[f'virt-install detect={detect}'] = [
                'virt-install', '--connect', URI, '--virt-type', 'qemu', '--name', 'new', '--memory', '128',
                '--cdrom', bench.disc, '--disk', f'path={disk},size=20,format=qcow2', '--graphics', 'spice,listen=none',
                '--noautoconsole', '--wait', '0', '--osinfo', f'detect={detect},require=off', '--network', 'user']
    programs['qemu-img + virsh'] = ['sh', '-c', f'qemu-img create -q -f qcow2 {disk} 20G && virsh -q -c {URI} define {definition} && '
                                                f'virsh -q -c {URI} start new']

    def make(name, argv):
        bench.clear()
        disk.unlink(missing_ok=True)
        if argv is in_process:
            said = subprocess.run(argv, check=True, capture_output=True, text=True).stdout.splitlines()
            return {'wall s': float(said[name != 'app'].split()[1]) / 1000}
        if 'first ever' in name:
            (bench.home / '.cache/xenolith/systems').unlink(missing_ok=True)
        wall, used = run_timed(argv)
        machine = bench.connection.lookupByName('new')
        if not machine.isActive():
            raise SystemExit(f'{argv[0]} made a machine that does not run')
        if name == 'xeno create':
            definition.write_text(machine_text(machine, disk), encoding='utf-8')
        return {'wall s': wall, 'CPU s': used}

    results = collect(programs, bench.runs, make)
    here = ('app', 'libvirt in process')
    report('Disk, definition and start of a machine', ['wall s'],
           {name: values for name, values in results.items() if not name.startswith(('xeno', 'qemu-img'))})
    report('From a disc image to a running machine', ['wall s', 'CPU s'],
           {name: values for name, values in results.items() if name not in here})
    bench.clear()
    copying(bench)
    throwing_away(bench)
    going_on(bench)


def overlay_of(base, disk):
    return f'qemu-img create -q -f qcow2 -b {base} -F qcow2 {disk}'


class Base:
    """A machine with a disk to stand on, and a disc whose boot sector speaks on the serial port at once."""

    def __init__(self, bench):
        self.disk, self.said, self.disc = (bench.home / name for name in ('base.qcow2', 'said', 'screen.iso'))
        self.disk.unlink(missing_ok=True)  # a template's may not be written to
        subprocess.run(['qemu-img', 'create', '-q', '-f', 'qcow2', self.disk, '20G'], check=True)
        subprocess.run([GUESTS / 'build-screen-guest.sh', GUESTS / 'screen.S', self.disc], check=True,
                       stdout=subprocess.DEVNULL)
        self.words = ['-chardev', f'file,id=said,path={self.said}', '-device', 'isa-serial,chardev=said']

    def heard(self):
        return self.said.read_text(encoding='ascii', errors='replace') if self.said.exists() else ''

    def describe(self, name, disk):
        arguments = ''.join(f"<q:arg value='{word}'/>" for word in self.words)
        text = MACHINE.format(name=name, disc=DISC.format(path=self.disc) + HARD_DISK.format(path=disk))
        return text.replace("<domain ", f"<domain xmlns:q='{QEMU_NAMES}' ").replace(
            '</domain>', f'<q:commandline>{arguments}</q:commandline></domain>')


def copying(bench):
    """A machine that stands on another one's disk: its overlay and its definition."""
    bench.clear()
    base, disk, definition = Base(bench), bench.home / 'new.qcow2', bench.home / 'new.xml'
    bench.connection.defineXML(base.describe('base', base.disk))
    subprocess.run([bench.own('xeno'), 'template', 'base'], check=True)
    definition.write_text(base.describe('new', disk), encoding='utf-8')
    overlay = overlay_of(base.disk, disk)
    programs = {'xeno clone --linked': [bench.own('xeno'), 'clone', '--linked', 'base', '--name', 'new']}
    if shutil.which('virt-clone'):
        programs['virt-clone'] = ['sh', '-c', f'{overlay} && virt-clone -q --connect {URI} --original base --name new '
                                              f'--file {disk} --preserve-data']
    programs['qemu-img + virsh'] = ['sh', '-c', f'{overlay} && virsh -q -c {URI} define {definition}']

    def make(_name, argv):
        wall, used = run_timed(argv)
        machine = bench.connection.lookupByName('new')
        made = re.search(r"<source file='([^']*\.qcow2)'", machine.XMLDesc())[1]
        machine.undefine()
        pathlib.Path(made).unlink()
        return {'wall s': wall, 'CPU s': used}

    results = collect(programs, bench.runs, make)
    report('A machine from a template', ['wall s', 'CPU s'], results)
    bench.clear()


def throwing_away(bench):
    """From the command to the first byte the boot sector of a throw-away machine says."""
    bench.clear()
    base, disk, definition = Base(bench), bench.home / 'new.qcow2', bench.home / 'new.xml'
    bench.connection.defineXML(base.describe('base', base.disk))
    definition.write_text(base.describe('new', disk), encoding='utf-8')
    overlay = overlay_of(base.disk, disk)
    programs = {'xeno run': [bench.own('xeno'), 'run', 'base']}
    if shutil.which('virt-install'):
        programs['virt-install'] = ['sh', '-c', f'{overlay} && exec virt-install --connect {URI} --virt-type qemu --transient '
                                    f'--name new --memory 64 --import --disk path={disk} --disk path={base.disc},device=cdrom '
                                    '--boot cdrom --graphics spice,listen=none --noautoconsole --wait 0 --network user --console none '
                                    f'--osinfo detect=off,require=off --qemu-commandline="{" ".join(base.words)}"']
    programs['qemu-img + virsh'] = ['sh', '-c', f'{overlay} && virsh -q -c {URI} create {definition}']

    def throw(_name, argv):
        base.said.unlink(missing_ok=True)
        disk.unlink(missing_ok=True)
        began = time.monotonic()
        process = start(argv)
        while not (base.said.exists() and base.said.stat().st_size):
            if time.monotonic() - began > 30:
                raise SystemExit(f'{argv[0]}: the boot sector said nothing in 30 s')
            settle(0.001)
        booted = time.monotonic() - began
        for machine in bench.connection.listAllDomains(libvirt.VIR_CONNECT_LIST_DOMAINS_ACTIVE):
            machine.destroy()
        process.wait()
        return {'boot loader s': booted}

    results = collect(programs, bench.runs, throw)
    report('A throw-away machine, from the command to its boot loader', ['boot loader s'], results)
    bench.clear()


def going_on(bench):
    """From the command to the first key that the guest of a throw-away machine answers: kept ready, or started."""
    bench.clear()
    base, saved = Base(bench), bench.home / 'saved'
    machine = bench.connection.defineXML(base.describe('base', base.disk))

    def await_answer(boots):
        """One that boots speaks first: a key before that would be the firmware's."""
        began = time.monotonic()
        while '1e' not in base.heard():
            if time.monotonic() - began > 30:
                raise SystemExit('the guest answered no key in 30 s')
            is_awake = not boots or base.heard()
            for one in bench.connection.listAllDomains(libvirt.VIR_CONNECT_LIST_DOMAINS_RUNNING) if is_awake else ():
                try:
                    one.sendKey(libvirt.VIR_KEYCODE_SET_LINUX, 0, [30], 1, 0)
                except libvirt.libvirtError:  # not yet, or not any more
                    pass
            settle(0.005)
        return time.monotonic() - began

    machine.create()
    await_answer(True)
    machine.save(str(saved))
    subprocess.run([bench.own('xeno'), 'ready', '--after', '3s', 'base'], check=True, stdout=subprocess.DEVNULL)
    programs = {'xeno run (ready)': [bench.own('xeno'), 'run', 'base'],
                'xeno run --cold': [bench.own('xeno'), 'run', '--cold', 'base'],
                'virsh restore': ['virsh', '-q', '-c', URI, 'restore', str(saved)]}

    def go_on(name, argv):
        base.said.unlink(missing_ok=True)
        process = start(argv)
        answered = await_answer('cold' in name)
        for one in bench.connection.listAllDomains(libvirt.VIR_CONNECT_LIST_DOMAINS_ACTIVE):
            one.destroy()
        process.wait()
        return {'answers s': answered}

    results = collect(programs, bench.runs, go_on)
    report('A throw-away machine, from the command to the first key it answers', ['answers s'], results)
    subprocess.run([bench.own('xeno'), 'ready', '--off', 'base'], check=True)
    bench.clear()


def starting(bench):
    """From the command to the first byte the boot sector says on the serial port."""
    disc, said = bench.home / 'screen.iso', bench.home / 'serial.log'
    subprocess.run([GUESTS / 'build-screen-guest.sh', GUESTS / 'screen.S', disc], check=True, stdout=subprocess.DEVNULL)
    bench.clear()
    serial = f"<serial type='file'><source path='{said}'/></serial>"
    machine = bench.connection.defineXML(MACHINE.format(name='starter', disc=DISC.format(path=disc) + serial))
    programs = {'xeno start': [bench.own('xeno'), 'start', 'starter'], 'virsh start': ['virsh', '-q', '-c', URI, 'start', 'starter']}

    def boot(_name, argv):
        said.unlink(missing_ok=True)
        began = time.monotonic()
        process = start(argv)
        while not (said.exists() and said.stat().st_size):
            if time.monotonic() - began > 30:
                raise SystemExit(f'{argv[0]}: the boot sector said nothing in 30 s')
            settle(0.001)
        booted = time.monotonic() - began
        process.wait()
        machine.destroy()
        return {'boot loader s': booted}

    results = collect(programs, bench.runs, boot)
    report('From the start of a machine to its boot loader', ['boot loader s'], results)
    bench.clear()


def boot(bench):
    """From the start of a kernel to its userland, in a machine with nothing to search and in ones like others."""
    kernel, initrd, said = bench.home / 'vmlinuz', bench.home / 'initrd', bench.home / 'serial.log'
    built = subprocess.run([GUESTS / 'build-linux-guest.sh', kernel, initrd], stdout=subprocess.DEVNULL, check=False)
    if built.returncode:
        print('No kernel to boot: Debian\'s could not be fetched.')
        return
    bench.clear()
    common = ['--kernel', str(kernel), '--initrd', str(initrd), '--memory', '512M', '--cpus', '1', '--accel', 'tcg',
              '--disk-size', '0', '--dry-run']
    documents = {'light': [bench.own('xeno'), '-c', URI, 'create', '--name', 'light', '--light', *common],
                 'full': [bench.own('xeno'), '-c', URI, 'create', '--name', 'full', *common]}
    if shutil.which('virt-install'):
        documents['virt-install'] = [
            'virt-install', '--connect', URI, '--name', 'theirs', '--memory', '512', '--vcpus', '1', '--virt-type', 'qemu',
            '--disk', 'none', '--osinfo', 'debian11', '--network', 'user', '--noautoconsole', '--print-xml', '--import',
            '--serial', f'file,path={said}', '--boot', f'kernel={kernel},initrd={initrd},kernel_args=console=ttyS0']
    machines = {}
    for name, argv in documents.items():
        text = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
        text = re.sub(r"<serial type=.pty.>", f"<serial type='file'><source path='{said}'/>", text, count=1)
        text = re.sub(r"<console type=.pty.>", "<console type='file'>", text, count=1)
        machines[name] = bench.connection.defineXML(text)

    def run(_name, machine):
        said.unlink(missing_ok=True)
        began = time.monotonic()
        machine.create()
        pid = int(pathlib.Path(os.environ['XDG_RUNTIME_DIR'], f'libvirt/qemu/run/{machine.name()}.pid').read_text())
        while not (said.exists() and b'userland: ' in said.read_bytes()):
            if time.monotonic() - began > 120:
                raise SystemExit(f'{machine.name()}: no userland in 120 s')
            settle(0.01)
        figures = {'userland s': time.monotonic() - began, 'CPU s of QEMU': cpu_seconds(pid)}
        machine.destroy()
        return figures

    results = collect(machines, bench.runs, run)
    report('From the start of a kernel to its userland', ['userland s', 'CPU s of QEMU'], results)
    bench.clear()


def listing(bench):
    programs = {'xeno list': [bench.own('xeno'), 'list'], 'virsh list': ['virsh', '-c', URI, 'list', '--all']}
    for count in (0, 100, 1000):
        bench.define(count)
        results = collect(programs, bench.runs, lambda _name, argv: dict(zip(('wall s', 'CPU s'), run_timed(argv))))
        report(f'Listing {count} machines', ['wall s', 'CPU s'], results)
    bench.clear()


SECTIONS = {'startup': startup, 'idle': idle, 'create': create, 'start': starting, 'boot': boot, 'list': listing,
            'console': console.measure}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--prefix', required=True, help='where Xenolith is installed')
    parser.add_argument('--runs', type=int, default=5)
    parser.add_argument('sections', nargs='*', metavar='SECTION', choices=[[], *SECTIONS])
    options = parser.parse_args()
    if 'XENO_TEST_WORLD' not in os.environ:
        os.environ['XENO_TEST_DATADIR'] = f'{options.prefix}/share'
        os.execv(SESSION, [str(SESSION), '--display', '3840x2400', '--', str(HERE / 'run.py'), *sys.argv[1:]])
    bench = Bench(options)
    for name in options.sections or SECTIONS:
        SECTIONS[name](bench)


if __name__ == '__main__':
    main()
