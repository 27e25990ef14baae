# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a console costs beside virt-viewer: per frame, per key, at rest, to start, in memory.

The guest is guests/painter.S. Frames count as shown when the block in the middle of its screen has
another colour in the window: the eye of the bench is where a person's is."""

import os
import pathlib
import shutil
import statistics
import subprocess
import time

from measure import children, collect, cpu_seconds, memory_mib, report, settle, start, stop, wake_ups
from picture import Picture

SOURCE = pathlib.Path(__file__).resolve().parent / 'guests/painter.S'
WORKS = ('FULL', 'SCROLL', 'SMALL', 'KEY')
WIDTH, HEIGHT = 1024, 768
BLOCK_WIDTH, BLOCK_HEIGHT = 256, 64
LINE = 8
GRAPHICS = {'spice': "<graphics type='spice'><listen type='none'/><image compression='off'/></graphics>",
            'vnc': "<graphics type='vnc'><listen type='none'/></graphics>"}
MACHINE = '''<domain type='qemu'><name>painter</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>
<os><type arch='x86_64' machine='pc'>hvm</type><boot dev='cdrom'/></os><features><acpi/></features>
<devices><disk type='file' device='cdrom'><driver name='qemu' type='raw'/><source file='{disc}'/>
<target dev='hdc' bus='ide'/><readonly/></disk><serial type='file'><source path='{serial}'/></serial>
<input type='tablet' bus='usb'/>{graphics}<video><model type='vga'/></video></devices></domain>'''
LOOK_INTERVAL_S = 0.005
KEYS = 30
STILL_S = 20


def build_disc(bench, work):
    folder = bench.home / f'painter-{work}'
    disc = folder / 'painter.iso'
    if disc.exists():
        return disc
    (folder / 'disc').mkdir(parents=True)
    defined = [f'--defsym={name}={value}' for name, value in
               (('WIDTH', WIDTH), ('HEIGHT', HEIGHT), ('WORK', WORKS.index(work)))]
    subprocess.run(['as', '--32', *defined, SOURCE, '-o', folder / 'painter.o'], check=True)
    subprocess.run(['ld', '-m', 'elf_i386', '-Ttext', '0x7c00', '--oformat', 'binary', folder / 'painter.o',
                    '-o', folder / 'disc/painter.bin'], check=True)
    subprocess.run(['xorriso', '-as', 'mkisofs', '-quiet', '-b', 'painter.bin', '-no-emul-boot', '-boot-load-size', '4',
                    '-o', disc, folder / 'disc'], check=True, stderr=subprocess.DEVNULL)
    return disc


class Painter:
    """The machine that paints, and what it has painted."""

    def __init__(self, bench, graphics, work):
        bench.clear()
        disc = build_disc(bench, work)
        self.serial = disc.with_name('serial')
        self.serial.write_bytes(b'')
        bench.connection.createXML(MACHINE.format(disc=disc, serial=self.serial, graphics=GRAPHICS[graphics]))
        settle(2)

    def count(self):
        return self.serial.stat().st_size


def consoles(bench):
    offered = {'xenolith': [bench.own('xenolith'), '--show-domain-console', 'painter'],
               'virt-viewer': ['virt-viewer', '-c', 'qemu:///session', '--attach', 'painter']}
    return {name: argv for name, argv in offered.items() if shutil.which(argv[0])}


def shows_guest(picture):
    """Whether the window shows the painter's noise beside the block."""
    if not picture.find_window():
        return False
    middle = picture.attributes.width // 2, picture.attributes.height // 2
    beside = picture.pixels(max(0, middle[0] - 2 * BLOCK_WIDTH), middle[1], 128)
    return sum(a != b for a, b in zip(beside, beside[1:])) > 32


def await_guest(picture, patience=20):
    limit = time.monotonic() + patience
    while not shows_guest(picture):
        if time.monotonic() > limit:
            raise SystemExit('the guest’s picture is not shown')
        time.sleep(0.002)
    return time.monotonic()


def find_block(picture):
    """The block's middle, where the picture is shown pixel by pixel. What scrolled up is above it."""
    width, height = picture.attributes.width, picture.attributes.height
    runs = []
    for y in range(0, height * 3 // 4, LINE):
        row = picture.pixels(0, y, width)
        begin = 0
        for x in range(1, len(row) + 1):
            if x == len(row) or row[x] != row[begin]:
                if x - begin == BLOCK_WIDTH:
                    runs.append((begin + BLOCK_WIDTH // 2, y))
                begin = x
    below = BLOCK_HEIGHT // LINE // 2
    return runs[-below] if len(runs) >= below else None


def fit_window(picture):
    """Give the window the size at which nothing is scaled, which would be another task."""
    picture.find_window()
    width, height = picture.attributes.width, picture.attributes.height
    for border in range(0, 32, 2):
        block = find_block(picture)
        if block:
            return block
        picture.resize(width + border, height + 32)
        settle(0.3)
        picture.find_window()
    raise SystemExit('the guest’s picture is not shown pixel by pixel')


class Shown:
    """A console that shows the guest."""

    def __init__(self, argv):
        self.picture = Picture()
        self.began = time.monotonic()
        self.process = start(argv)
        try:
            self.first = await_guest(self.picture)
        except SystemExit:
            self.close()
            raise
        self.first_cpu = cpu_seconds(self.process.pid)

    def rest(self, seconds):
        settle(seconds)
        self.block = fit_window(self.picture)

    def close(self):
        stop(self.process)
        self.picture.close()


def watch_frames(argv, painter, seconds=5):
    shown = Shown(argv)
    shown.rest(3)
    painted, used = painter.count(), cpu_seconds(shown.process.pid)
    began = following = time.monotonic()
    frames, last = 0, None
    while time.monotonic() - began < seconds:
        colour = shown.picture.pixels(*shown.block)
        frames += colour != last and last is not None
        last = colour
        following += LOOK_INTERVAL_S
        time.sleep(max(0, following - time.monotonic()))
    lasted = time.monotonic() - began
    painted, used = painter.count() - painted, cpu_seconds(shown.process.pid) - used
    shown.close()
    return {'shown/s': frames / lasted, 'painted/s': painted / lasted, 'CPU ms/frame': 1000 * used / max(1, frames)}


def time_keys(argv):
    shown = Shown(argv)
    shown.rest(3)
    shown.picture.take_focus(*shown.block)
    settle(1)
    delays = []
    for number in range(KEYS):
        before, began = shown.picture.pixels(*shown.block), time.monotonic()
        shown.picture.type_space()
        while shown.picture.pixels(*shown.block) == before and time.monotonic() < began + 1:
            time.sleep(0.0005)
        delays.append(1000 * (time.monotonic() - began))
        settle(0.15 + 0.0137 * (number % 7))
    shown.close()
    return {'median ms': statistics.median(delays), 'p95 ms': sorted(delays)[int(0.95 * len(delays))]}


def watch_rest(argv):
    shown = Shown(argv)
    figures = {'first pixel s': shown.first - shown.began, 'CPU s': shown.first_cpu}
    settle(6)
    used, woken = cpu_seconds(shown.process.pid), wake_ups(shown.process.pid)
    settle(STILL_S)
    figures['still CPU %'] = 100 * (cpu_seconds(shown.process.pid) - used) / STILL_S
    figures['wake-ups/s'] = (wake_ups(shown.process.pid) - woken) / STILL_S
    shown.close()
    return figures


def watch_memory(bench):
    """Above the main window, decoder included."""
    window = start([bench.own('xenolith')])
    settle(5)
    before, _ = memory_mib(window.pid)
    console = Shown([bench.own('xenolith'), '--show-domain-console', 'painter'])
    settle(4)
    after, _ = memory_mib(window.pid)
    if not children(window.pid):
        raise SystemExit('the console has no decoder')
    console.close()
    stop(window)
    return after - before


def keep_promises(bench):
    """P1 to P12, each with what was promised, by a program that has nothing but a console."""
    program = bench.prefix.parent / 'tests/bench/bench-console'
    discs = [f'--{name}-disc={build_disc(bench, name.upper())}' for name in ('full', 'key')]
    environment = dict(os.environ, XENO_TEST_SOURCE=str(SOURCE.parents[3]))
    print('\nWhat was promised of the console alone', flush=True)
    for more in [], discs:
        subprocess.run([program, *more], env=environment, check=True)


def measure(bench):
    keep_promises(bench)
    programs = consoles(bench)
    for graphics in GRAPHICS:
        for work in WORKS[:3]:
            painter = Painter(bench, graphics, work)
            results = collect(programs, bench.runs, lambda _name, argv: watch_frames(argv, painter))
            report(f'Console, {graphics}, {work.lower()} {WIDTH}x{HEIGHT} at 30 frames/s',
                   ['shown/s', 'painted/s', 'CPU ms/frame'], results)
        Painter(bench, graphics, 'KEY')
        report(f'Console, {graphics}, key to pixel', ['median ms', 'p95 ms'],
               collect(programs, bench.runs, lambda _name, argv: time_keys(argv)))
        report(f'Console, {graphics}, start and {STILL_S} s of a still guest',
               ['first pixel s', 'CPU s', 'still CPU %', 'wake-ups/s'],
               collect(programs, min(bench.runs, 3), lambda _name, argv: watch_rest(argv)))
        grown = [watch_memory(bench) for _ in range(bench.runs)]
        print(f'\nConsole, {graphics}, memory above the main window: {statistics.median(grown):.1f} MiB PSS '
              f'[{min(grown):.1f}..{max(grown):.1f}]', flush=True)
    bench.clear()
