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


def live_a_whole_life(world):
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


def tell_a_cloud_image(world):
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


CASES = {'a-machine-of-the-system-lives-its-whole-life': live_a_whole_life,
         'a-cloud-image-is-told-where-nobody-may-write': tell_a_cloud_image}


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
            print(f'ok {number} /xeno/system/{name} # SKIP {reason}')
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
        print(f'{"ok" if DONE + name in lines else "not ok"} {number} /xeno/system/{name}')
    sys.exit(done.returncode != 0)


if __name__ == '__main__':
    main()
