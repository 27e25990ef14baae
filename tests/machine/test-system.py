#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""qemu:///system as root, without systemd: libvirt's daemons in a world of their own, xeno as people use it.

The world is made of namespaces: mounts (libvirt's folders are private ones), network, processes. When
the first process of it ends all others do, whatever they are.
"""

import json
import os
import pathlib
import pwd
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

URI = 'qemu:///system'
PATIENCE = 60
FOLDERS = {'etc': '/etc/libvirt', 'run': '/run/libvirt', 'lib': '/var/lib/libvirt',
           'cache': '/var/cache/libvirt', 'log': '/var/log/libvirt'}
DONE = 'done: '
NEEDED = ('libvirtd', 'virtlogd', 'virsh', 'unshare', 'mount', 'ip', 'qemu-img')


def wait_for(look, what):
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        found = look()
        if found:
            return found
        select.select([], [], [], 0.05)
    raise AssertionError(f'not in {PATIENCE} s: {what}')


def must(*words):
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    assert done.returncode == 0, f'{words}: {done.stdout}'
    return done.stdout


def xeno(*words):
    return must(os.environ['XENO_TEST_XENO'], '--verbose', '--connect', URI, *words)


def state_of(name):
    return json.loads(xeno('info', '--json', name))['state']


def why_not():
    """Why there can be no such world here, or None."""
    if os.geteuid() != 0:
        return 'only root has system machines without asking anybody'
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        return f'there is no {missing[0]} here'
    try:
        pwd.getpwnam('libvirt-qemu')
    except KeyError:
        return 'there is no account for the machines of the system'
    tried = subprocess.run(['unshare', '--mount', '--net', '--pid', '--fork', 'true'],
                           stderr=subprocess.DEVNULL, check=False)
    return None if tried.returncode == 0 else 'nobody may make namespaces here'


def mount_folders(world):
    must('mount', '--make-rprivate', '/')
    for name, place in FOLDERS.items():
        os.makedirs(f'{world}/{name}')
        os.makedirs(place, exist_ok=True)
    shutil.copytree('/etc/libvirt', f'{world}/etc', dirs_exist_ok=True, symlinks=True)
    for name, place in FOLDERS.items():
        must('mount', '--bind', f'{world}/{name}', place)
    # Whoever has cgroups of both kinds at once gets those of the old kind: libvirt knows no third way.
    subprocess.run(['umount', '/sys/fs/cgroup/unified'], stderr=subprocess.DEVNULL, check=False)
    must('ip', 'link', 'set', 'lo', 'up')
    if os.path.exists('/dev/kvm'):
        # One that is there and does not work makes libvirt examine every QEMU at every call.
        pathlib.Path(f'{world}/accel').touch(mode=0)
        must('mount', '--bind', f'{world}/accel', '/dev/kvm')


def start_daemons():
    pathlib.Path('/etc/libvirt/libvirtd.conf').write_text(
        'unix_sock_dir = "/run/libvirt"\nauth_unix_rw = "none"\nunix_sock_rw_perms = "0777"\n', encoding='utf-8')
    pathlib.Path('/etc/libvirt/qemu.conf').write_text(
        'user = "libvirt-qemu"\ngroup = "libvirt-qemu"\nsecurity_driver = "none"\n'
        'namespaces = []\ncgroup_controllers = []\n', encoding='utf-8')
    must('virtlogd', '--daemon', '--pid-file', '/run/libvirt/virtlogd.pid')
    must('libvirtd', '--daemon', '--pid-file', '/run/libvirt/libvirtd.pid')
    wait_for(lambda: os.path.exists('/run/libvirt/libvirt-sock'), 'libvirtd listens')
    # What every QEMU here can do is found out once, which takes long on a busy computer.
    must('virsh', '-q', '-c', URI, 'capabilities')
    must('virsh', '-q', '-c', URI, 'domcapabilities')


def a_machine_of_the_system_lives_its_whole_life(world):
    iso = f'{world}/screen.iso'
    shutil.copy(os.environ['XENO_TEST_SCREEN_ISO'], iso)
    os.chmod(iso, 0o644)

    assert xeno('list', '--names') == ''
    xeno('create', '--iso', iso, '--name', 'whole', '--memory', '64M', '--cpus', '1', '--disk-size', '1G')
    assert xeno('list', '--names') == 'whole\n'
    assert state_of('whole') == 'running'
    xeno('pause', 'whole')
    assert state_of('whole') == 'paused'
    xeno('resume', 'whole')
    xeno('screenshot', 'whole', f'{world}/whole.png')
    assert pathlib.Path(f'{world}/whole.png').read_bytes().startswith(b'\x89PNG')
    xeno('save', 'whole')
    assert state_of('whole') == 'saved'
    xeno('start', 'whole')
    xeno('stop', '--force', '--wait', 'whole')
    assert state_of('whole') == 'off'
    xeno('autostart', 'whole', 'on')
    assert xeno('autostart', 'whole') == 'on\n'
    images = pathlib.Path('/var/lib/libvirt/images')
    assert [path.suffix for path in images.iterdir() if path.is_file()] == ['.qcow2']
    xeno('delete', '--yes', '--delete-disks', 'whole')
    assert xeno('list', '--names') == ''
    assert not [path for path in images.iterdir() if path.is_file()]


def a_cloud_image_is_told_where_nobody_may_write(world):
    """Somebody who may talk to libvirt, and not write where its disks are."""
    image = f'{world}/guest-cloudimg.img'
    shutil.copy(os.environ['XENO_TEST_CLOUD_IMAGE'], image)
    os.chmod(image, 0o644)
    home = f'{world}/somebody'
    os.makedirs(home)
    shutil.chown(home, 'nobody')
    somebody = ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups', 'env', f'HOME={home}']
    done = subprocess.run([*somebody, os.environ['XENO_TEST_XENO'], '--verbose', '--connect', URI, 'create',
                           '--cloud', image, '--name', 'cloud', '--user', 'anna', '--password-stdin', '--memory', '64M',
                           '--cpus', '1', '--disk-size', '1G'], input='secret\n', stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert state_of('cloud') == 'running'

    images = pathlib.Path('/var/lib/libvirt/images')
    seeds = list(images.glob('*-seed.iso'))
    assert len(seeds) == 1, seeds
    seen = seeds[0].stat()
    assert seen.st_mode & 0o777 == 0o600, oct(seen.st_mode)
    assert pwd.getpwuid(seen.st_uid).pw_name == 'libvirt-qemu', seen
    assert subprocess.run([*somebody, 'cat', seeds[0]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          check=False).returncode != 0
    xeno('stop', '--force', '--wait', 'cloud')
    xeno('delete', '--yes', '--delete-disks', 'cloud')
    assert not [path for path in images.iterdir() if path.is_file()]


IMAGES = pathlib.Path('/var/lib/libvirt/images')
NOISE_BYTES = 48 << 20


def files_of_pool():
    return sorted(path.name for path in IMAGES.iterdir() if path.is_file())


def make_noise(world):
    """A disk that nobody packs any smaller, with a hole at its end."""
    raw, disk = f'{world}/noise.raw', f'{world}/noise.vdi'
    with open(raw, 'wb') as file:
        file.write(b'\0' * 510 + b'\x55\xaa' + os.urandom(NOISE_BYTES))
        file.truncate(2 * NOISE_BYTES)
    must('qemu-img', 'convert', '-f', 'raw', '-O', 'vdi', raw, disk)
    os.chmod(disk, 0o644)
    return raw, disk


def become_somebody(world):
    """Somebody who may talk to libvirt, and not write where its disks are."""
    home = f'{world}/importer'
    if not os.path.isdir(home):
        os.makedirs(home)
        shutil.chown(home, 'nobody')
    return ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups', 'env', f'HOME={home}',
            os.environ['XENO_TEST_XENO'], '--verbose']


def start_import(somebody, disk, name):
    return subprocess.Popen([*somebody, '--connect', URI, 'create', '--import', disk, '--name', name, '--no-start',
                             '--memory', '64M', '--cpus', '1'], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True)


def a_disk_is_imported_where_nobody_may_write(world):
    raw, disk = make_noise(world)
    somebody = become_somebody(world)

    # Ended while it is sent: at once nothing is left, or once somebody makes the next one.
    for end, name in ((signal.SIGINT, 'cancelled'), (signal.SIGKILL, 'killed')):
        process = start_import(somebody, disk, name)
        wait_for(files_of_pool, 'the disk is being sent')
        process.send_signal(end)
        said, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode != 0, said
        assert end == signal.SIGKILL or not files_of_pool(), said

    process = start_import(somebody, disk, 'killed')
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    made = files_of_pool()
    assert len(made) == 1, made
    seen = (IMAGES / made[0]).stat()
    assert seen.st_mode & 0o777 == 0o600, oct(seen.st_mode)
    must('qemu-img', 'compare', '-f', 'raw', '-F', 'qcow2', raw, IMAGES / made[0])
    xeno('delete', '--yes', '--delete-disks', 'killed')
    assert not files_of_pool()

    # Less room there than the copy needs.
    must('mount', '-t', 'tmpfs', '-o', 'size=20m,mode=0711', 'tmpfs', IMAGES)
    process = start_import(somebody, disk, 'full')
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode != 0 and 'free' in said, said
    assert not files_of_pool()
    must('umount', IMAGES)
    assert xeno('list', '--names') == ''


RELAY = """#!/usr/bin/python3
import os, select, socket
daemon = socket.socket(socket.AF_UNIX)
daemon.connect('/run/libvirt/libvirt-sock')
ends = {0: daemon.fileno(), daemon.fileno(): 1}
while True:
    for end in select.select(list(ends), [], [])[0]:
        piece = os.read(end, 65536)
        if not piece:
            raise SystemExit
        while piece:
            piece = piece[os.write(ends[end], piece):]
"""


def a_far_host_gets_what_machines_are_made_from(world):
    """Another computer for all that anybody can tell: its libvirt is reached by a command, as over ssh."""
    relay = f'{world}/relay'
    pathlib.Path(relay).write_text(RELAY, encoding='utf-8')
    os.chmod(relay, 0o755)
    far = f'qemu+ext://elsewhere/system?command={relay}'
    somebody = become_somebody(world)
    image = f'{world}/guest-cloudimg.img'
    iso = f'{world}/screen.iso'

    def say(*words, secret=None):
        done = subprocess.run([*somebody, '--connect', far, *words], input=secret, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False, timeout=PATIENCE)
        assert done.returncode == 0, f'{words}: {done.stdout}'
        return done.stdout

    def bases():
        return [name for name in files_of_pool() if name.startswith('xenolith-base-')]

    def delete(name):
        """As if nobody had wanted the machine back for a week: what waits there, as nobody may move it, goes."""
        say('delete', '--yes', '--delete-disks', name)
        for record in pathlib.Path(f'{world}/importer/.local/share/xenolith/trash').iterdir():
            for line in record.read_text(encoding='utf-8').splitlines():
                if line.startswith('To='):
                    must('virsh', '-q', '-c', URI, 'vol-delete', line[3:])
            record.unlink()

    def tell(name, image, *more):
        say('create', '--cloud', image, '--name', name, '--user', 'anna', '--password-stdin', '--disk-size', '1G',
            '--memory', '64M', '--cpus', '1', *more, secret='secret\n')

    packed = f'{world}/packed-cloudimg.qcow2'
    must('qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2', '-c', image, packed)
    os.chmod(packed, 0o644)
    tell('packed', packed, '--no-start')
    assert (IMAGES / bases()[0]).read_bytes() == pathlib.Path(packed).read_bytes()
    delete('packed')
    assert not files_of_pool(), files_of_pool()

    tell('one', image, '--no-start')
    first = bases()
    before = (IMAGES / first[0]).stat()
    tell('two', image)
    assert bases() == first, files_of_pool()
    assert (IMAGES / first[0]).stat().st_ino == before.st_ino
    must('qemu-img', 'compare', '-U', '-f', 'raw', '-F', 'qcow2', image, IMAGES / first[0])
    assert len(files_of_pool()) == 5, files_of_pool()
    assert state_of('two') == 'running'
    say('stop', '--force', '--wait', 'two')

    # Whoever goes last takes it along.
    delete('one')
    assert bases() == first, files_of_pool()
    delete('two')
    assert not files_of_pool(), files_of_pool()

    # A disc is sent, a disk copied; what would have to be there is refused.
    say('create', '--iso', iso, '--name', 'disc', '--memory', '64M', '--cpus', '1', '--disk-size', '1G')
    assert state_of('disc') == 'running'
    say('stop', '--force', '--wait', 'disc')
    delete('disc')
    say('import', '--no-start', '--name', 'copied', f'{world}/noise.vdi')
    made = files_of_pool()
    assert len(made) == 1, made
    must('qemu-img', 'compare', '-f', 'raw', '-F', 'qcow2', f'{world}/noise.raw', IMAGES / made[0])
    delete('copied')
    assert not files_of_pool(), files_of_pool()
    done = subprocess.run([*somebody, '--connect', far, 'import', '--in-place', '--name', 'no', f'{world}/noise.raw'],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=PATIENCE)
    assert done.returncode != 0 and 'Choose a copy' in done.stdout, done.stdout


CASES = {'/xeno/system/' + case.__name__.replace('_', '-'): case
         for case in (a_machine_of_the_system_lives_its_whole_life,
                      a_cloud_image_is_told_where_nobody_may_write,
                      a_disk_is_imported_where_nobody_may_write,
                      a_far_host_gets_what_machines_are_made_from)}


def be_first(world):
    """The first process of the world buries all that nobody waits for: libvirt waits for their end."""
    worker = os.fork()
    if worker == 0:
        be_inside(world)
        return
    while True:
        pid, status = os.wait()
        if pid == worker:
            os._exit(os.waitstatus_to_exitcode(status) != 0)


def be_inside(world):
    os.environ['HOME'] = f'{world}/home'
    os.makedirs(os.environ['HOME'])
    for name in [name for name in os.environ if name.startswith('XDG_')]:
        del os.environ[name]
    mount_folders(world)
    start_daemons()
    for name, case in CASES.items():
        case(world)
        print(DONE + name, flush=True)


def main():
    if len(sys.argv) == 3 and sys.argv[1] == '--first':
        be_first(sys.argv[2])
        return

    reason = why_not()
    print(f'1..{len(CASES)}')
    if reason is not None:
        for number, name in enumerate(CASES, 1):
            print(f'ok {number} {name} # SKIP {reason}')
        return

    world = tempfile.mkdtemp(prefix='xn-')
    os.chmod(world, 0o755)
    try:
        done = subprocess.run(['unshare', '--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc',
                               sys.executable, os.path.abspath(__file__), '--first', world],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False, env=dict(os.environ, XENO_VIRT_TYPE='qemu'))
    finally:
        shutil.rmtree(world, ignore_errors=True)
    lines = done.stdout.splitlines()
    for line in lines:
        print(f'# {line}')
    for number, name in enumerate(CASES, 1):
        print(f'{"ok" if DONE + name in lines else "not ok"} {number} {name}')
    sys.exit(done.returncode != 0)


if __name__ == '__main__':
    main()
