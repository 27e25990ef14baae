#!/usr/bin/python3 -BWignore
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Do what a person does with a double-clicked disc image, on a display nobody sees, and tell how it looks.

    first-run.py XENOLITH DISC PICTURE

Opens DISC, presses "Create and Run" on the review page through the accessibility bus, waits until the
window shows what the machine shows, and saves a picture of the window.
"""

import subprocess
import sys

import libvirt

from xeno_test import find_button, press, wait_for

PATIENCE = 60
BUTTON = 'Create and Run'
ALIKE = 0.12


def running_machine(connection):
    machines = connection.listAllDomains(libvirt.VIR_CONNECT_LIST_DOMAINS_RUNNING)
    return machines[0] if machines else None


def guest_picture(connection, machine):
    """What libvirt says the machine shows: a picture of its own."""
    stream = connection.newStream()
    machine.screenshot(stream, 0)
    data = bytearray()
    stream.recvAll(lambda _stream, chunk, _data: data.extend(chunk), None)
    stream.finish()
    return bytes(data)


def describe(picture, what, *options):
    done = subprocess.run(['convert', '-', *options, '-format', what, 'info:-'], input=picture,
                          stdout=subprocess.PIPE, check=True)
    return [float(word) for word in done.stdout.decode().split()]


def measure(picture):
    """Width, height and number of colours."""
    return [int(number) for number in describe(picture, '%w %h %k')]


def mood(picture):
    """Mean red, green, blue and spread of the middle of a picture, each from 0 to 1."""
    width, height, _ = measure(picture)
    middle = ['-gravity', 'center', '-crop', f'{width // 2}x{height // 2}+0+0', '+repage']
    return describe(picture, '%[fx:mean.r] %[fx:mean.g] %[fx:mean.b] %[fx:standard_deviation]', *middle)


def window_with(title):
    """The window whose title contains the machine's; None until it is mapped."""
    found = subprocess.run(['xdotool', 'search', '--onlyvisible', '--name', title],
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return found.stdout.split()[-1] if found.stdout.split() else None


def grab(window):
    return subprocess.run(['import', '-window', window, 'png:-'], stdout=subprocess.PIPE, check=True).stdout


def picture_of_guest(window, connection, machine):
    """The window's picture once its middle looks like what the machine says it shows."""
    subprocess.run(['xdotool', 'windowraise', window], check=False)
    guest = guest_picture(connection, machine)
    if measure(guest)[2] < 3:  # still before its first own picture
        return None
    taken = grab(window)
    differences = [abs(here - there) for here, there in zip(mood(taken), mood(guest))]
    return taken if max(differences) < ALIKE else None


def main():
    program, disc, picture = sys.argv[1:]
    app = subprocess.Popen([program, disc], stdin=subprocess.DEVNULL)
    try:
        button = wait_for(lambda: find_button(BUTTON), f'a “{BUTTON}” button appears', PATIENCE)
        print(f'Xenolith opened {disc} and offers “{BUTTON}”; pressing it.', flush=True)
        if not press(button):
            raise SystemExit(f'“{BUTTON}” cannot be pressed.')

        connection = libvirt.open('qemu:///session')
        machine = wait_for(lambda: running_machine(connection), 'a machine is started', PATIENCE)
        title = machine.name()
        try:
            title = machine.metadata(libvirt.VIR_DOMAIN_METADATA_TITLE, None)
        except libvirt.libvirtError:  # it has none but its name
            pass
        print(f'Machine “{title}” is running.', flush=True)

        window = wait_for(lambda: window_with(title), 'a console window appears', PATIENCE)
        taken = wait_for(lambda: picture_of_guest(window, connection, machine),
                         'the window shows what the machine shows', PATIENCE)
        with open(picture, 'wb') as file:
            file.write(taken)
        width, height, colours = measure(taken)
        guest_width, guest_height, guest_colours = measure(guest_picture(connection, machine))
        print(f'State: {"running" if machine.isActive() else "off"}. '
              f'The machine’s screen is {guest_width}x{guest_height} with {guest_colours} colours; '
              f'the window is {width}x{height} with {colours} colours.')
    except (AssertionError, SystemExit) as end:
        with open(picture, 'wb') as file:  # what there is instead tells more than words
            file.write(grab('root'))
        raise SystemExit(f'Gave up: {end}.' if isinstance(end, AssertionError) else end.code) from None
    finally:
        app.terminate()
        app.wait()


if __name__ == '__main__':
    main()
