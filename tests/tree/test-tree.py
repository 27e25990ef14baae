#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What must hold for the files of the project, whatever the program does. Writes TAP."""

import glob
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

SOURCE = pathlib.Path(os.environ['XENO_TEST_SOURCE'])
BUILD = pathlib.Path(os.environ['XENO_TEST_BUILD'])
APP_ID = 'org.unaos.Xenolith'
RESOURCES = '/org/unaos/Xenolith/'
# What the GNOME platform has, and the module that brings what it has not.
FLATPAK_PLATFORM = {'glib-2.0', 'gobject-2.0', 'gio-2.0', 'gio-unix-2.0', 'epoxy', 'gstreamer-1.0', 'gtk4', 'libusb-1.0', 'libadwaita-1',
                    'json-glib-1.0', 'libarchive', 'libpcre2-8', 'libsasl2', 'libsecret-1', 'libsoup-3.0', 'libxcrypt', 'libxml-2.0',
                    'wayland-client', 'wayland-protocols', 'x11', 'x11-xcb', 'xcb-shm', 'xi', 'xkbcommon', 'xkbregistry'}
FLATPAK_MODULES = {'libvirt': 'libvirt', 'libvirt-gobject-1.0': 'libvirt-glib', 'libosinfo-1.0': 'libosinfo',
                   'libpcsclite': 'pcsc-lite', 'spice-client-glib-2.0': 'spice-client-glib', 'gvnc-1.0': 'gvnc',
                   'vte-2.91-gtk4': 'vte', 'yaml-0.1': 'libyaml'}
CASES = []


def case(function):
    CASES.append(function)
    return function


def files(*patterns):
    found = [pathlib.Path(name) for pattern in patterns
             for name in glob.glob(str(SOURCE / pattern), recursive=True)]
    assert found, f'no file matches {patterns}'
    return sorted(found)


def name_of(path):
    return str(path.relative_to(SOURCE))


def run(*argv, **more):
    """Run a tool that has nothing to say when all is well."""
    done = subprocess.run([str(word) for word in argv], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False, **more)
    assert done.returncode == 0, done.stdout
    return done.stdout


def refuse(pattern, paths, reason):
    """Fail for every line of these files that matches."""
    wanted = re.compile(pattern)
    hits = [f'{name_of(path)}:{number}: {line.strip()}' for path in paths
            for number, line in enumerate(path.read_text(encoding='utf-8').splitlines(), 1)
            if wanted.search(line)]
    assert not hits, reason + '\n' + '\n'.join(hits)


def translated_files():
    lines = (SOURCE / 'po/POTFILES').read_text(encoding='utf-8').splitlines()
    return [line for line in lines if line and not line.startswith('#')]


def has_translatable_text(path):
    text = path.read_text(encoding='utf-8')
    if path.suffix == '.ui':
        return 'translatable="yes"' in text
    text = re.sub(r'/\*.*?\*/|^\s*#\s*define.*?$', '', text, flags=re.DOTALL | re.MULTILINE)
    return re.search(r'(?<![A-Za-z0-9_])(_|N_|C_|NC_|ngettext|g_dngettext|g_dpgettext2?|Q_) ?\("', text) is not None


def flatpak_manifest():
    return json.loads((SOURCE / f'flatpak/{APP_ID}.json').read_text(encoding='utf-8'))


def libraries():
    """What the program is linked with, as pkg-config calls it."""
    return re.findall(r"dependency\('([^']+)'", (SOURCE / 'meson.build').read_text(encoding='utf-8'))


@case
def a_folder_includes_only_folders_below_it():
    run(sys.executable, SOURCE / 'tests/tree/check-layers.py', SOURCE / 'src')


@case
def every_file_with_translatable_text_is_listed():
    listed = set(translated_files())
    sources = files('src/**/*.c') + (files('ui/**/*.ui'))
    missing = {name_of(path) for path in sources if has_translatable_text(path)} - listed
    assert not missing, 'not in po/POTFILES: ' + ', '.join(sorted(missing))
    stale = [name for name in listed if not (SOURCE / name).exists()]
    assert not stale, 'in po/POTFILES but not there: ' + ', '.join(stale)


@case
def every_language_is_complete():
    languages = (SOURCE / 'po/LINGUAS').read_text(encoding='utf-8').split()
    languages = [word for word in languages if re.fullmatch(r'[a-z]{2}(_[A-Z]{2})?', word)]
    assert 'de' in languages
    with tempfile.TemporaryDirectory() as folder:
        template = f'{folder}/xenolith.pot'
        run('xgettext', '--from-code=UTF-8', '--add-comments', '--keyword=_', '--keyword=N_',
            '--keyword=C_:1c,2', '--keyword=NC_:1c,2', '--keyword=ngettext:1,2',
            '--keyword=g_dngettext:2,3', '--keyword=g_dpgettext2:2c,3',
            '-f', SOURCE / 'po/POTFILES', '-D', SOURCE, '-o', template)
        for language in languages:
            catalogue = SOURCE / f'po/{language}.po'
            run('msgfmt', '--check', '-o', '/dev/null', catalogue)
            run('msgcmp', catalogue, template)


@case
def the_launcher_entry_is_valid():
    run('desktop-file-validate', BUILD / f'data/{APP_ID}.desktop')


@case
def the_software_catalogue_entry_is_valid():
    run('appstreamcli', 'validate', '--no-net', BUILD / f'data/{APP_ID}.metainfo.xml')


@case
def the_launcher_and_the_catalogue_name_the_same_media():
    entry = (BUILD / f'data/{APP_ID}.desktop').read_text(encoding='utf-8')
    launched = set(re.search(r'^MimeType=(.*)$', entry, re.MULTILINE)[1].strip(';').split(';'))
    told = {node.text for node in ElementTree.parse(BUILD / f'data/{APP_ID}.metainfo.xml').iter('mediatype')}
    assert launched == told, f'{launched ^ told}'


@case
def what_has_no_words_has_a_name_for_screen_readers():
    """A tooltip is a description to them, and an icon nothing at all."""
    silent = {'GtkButton', 'GtkMenuButton', 'GtkToggleButton', 'GtkVolumeButton', 'GtkSwitch', 'GtkSearchEntry'}
    nameless = []
    for path in sorted((SOURCE / 'ui').glob('*.ui')):
        for node in ElementTree.parse(path).iter('object'):
            words = {child.get('name') for child in node if child.tag in ('property', 'binding')}
            names = {child.get('name') for part in node.findall('accessibility') for child in part}
            if (node.get('class') in silent and not words & {'label', 'use-underline'}
                    and not names & {'label', 'labelled-by'}):
                nameless.append(f'{path.name}: {node.get("class")} {node.get("id")}')
    assert not nameless, '\n'.join(nameless)


@case
def the_settings_schema_is_valid():
    run('glib-compile-schemas', '--strict', '--dry-run', SOURCE / 'data')


@case
def the_manual_page_formats_without_complaint():
    for page in files('data/*.1'):
        complaints = run('groff', '-man', '-ww', '-Tutf8', '-z', page)
        assert not complaints, complaints


@case
def every_xml_file_is_well_formed():
    for path in files('ui/**/*.ui', 'ui/*.xml', 'data/*.xml', 'data/osinfo/**/*.xml', 'data/**/*.svg'):
        run('xmllint', '--noout', '--nonet', path)


@case
def every_system_we_bring_is_of_the_form_that_libosinfo_reads():
    place = re.search(r'XENO_OSINFO_DATADIR "(.*)"', (BUILD / 'config.h').read_text(encoding='utf-8'))[1]
    entries = files('data/osinfo/os/**/*.xml')
    run('xmllint', '--noout', '--nonet', '--relaxng', f'{place}/schema/osinfo.rng', '--quiet', *entries)
    for path in entries:
        entry = ElementTree.parse(path).find('os')
        vendor, name = entry.get('id').removeprefix('http://').split('/', 1)
        assert name_of(path) == f'data/osinfo/os/{vendor}/{name.replace("/", "-")}.xml', name_of(path)
        for media in entry.iter('media'):
            assert re.compile(media.findtext('iso/volume-id')), name_of(path)


@case
def every_system_we_bring_is_installed():
    listed = {f'{folder}/{name}' for folder, names in
              re.findall(r"'(os/[^']+)': \[(.*?)\]", (SOURCE / 'data/osinfo/meson.build').read_text(encoding='utf-8'), re.DOTALL)
              for name in re.findall(r"'([^']+)'", names)}
    there = {name_of(path).removeprefix('data/osinfo/') for path in files('data/osinfo/os/**/*.xml')}
    assert listed == there, listed ^ there


@case
def every_interface_file_is_in_the_resources_and_back():
    listed = {node.text for node in ElementTree.parse(SOURCE / 'ui/xenolith.gresource.xml').iter('file')}
    there = {str(path.relative_to(SOURCE / 'ui')) for path in files('ui/**/*.ui')}
    assert there <= listed, f'not in the resources: {sorted(there - listed)}'
    missing = [name for name in listed
               if not any((SOURCE / folder / name).exists() for folder in ('ui', 'data/icons'))]
    assert not missing, f'in the resources but not there: {missing}'


@case
def every_template_is_used_by_a_class():
    code = ''.join(path.read_text(encoding='utf-8') for path in files('src/**/*.c'))
    unused = [name_of(path) for path in files('ui/*.ui')
              if '<template' in path.read_text(encoding='utf-8') and f'/{path.name}"' not in code]
    assert not unused, f'no class uses {unused}'


@case
def xml_is_never_written_as_text():
    outside = [path for path in files('src/**/*.c') if path.parent.name != 'spec']
    refuse(r'"<[a-z]+[ />]', outside, 'XML is made in spec/ only')


@case
def nothing_listens_on_the_network():
    refuse(r'g_socket_listener_add_inet|g_socket_listener_add_any_inet|g_inet_socket_address_new|'
           r'listen\s*=\s*.?(0\.0\.0\.0|127\.0\.0\.1)', files('src/**/*.[ch]'),
           'a console has no listener; file descriptors are passed')


@case
def nothing_sleeps():
    refuse(r'\b(g_usleep|usleep|nanosleep|sleep) ?\(', files('src/**/*.c', 'tests/**/*.c'),
           'wait for a condition with a deadline')
    tests = [path for path in files('tests/**/*.py') if path.parent.name != 'bench' and path != pathlib.Path(__file__)]
    refuse(r'\btime\.sleep\(|^\s*sleep [0-9]', tests, 'wait for a condition with a deadline')


@case
def no_shell_is_called():
    refuse(r'\b(system|popen) \(|g_spawn_command_line|"/bin/sh"|"sh", *"-c"', files('src/**/*.c'),
           'argument vectors only')


@case
def every_fault_has_the_tests_that_are_named_for_it():
    faults = (SOURCE / 'tests/FAULTS.md').read_text(encoding='utf-8')
    named = re.findall(r'`/xeno/([a-z0-9-]+)/([a-z0-9-]+)`', faults)
    by_table = re.findall(r'`/xeno/([a-z0-9-]+)/([a-z0-9-]+)/([a-z0-9-]+)`', faults)
    code = '\n'.join(path.read_text(encoding='utf-8') for path in files('tests/*/test-*.c'))
    scripts = {path.stem.removeprefix('test-'): path.read_text(encoding='utf-8') for path in files('tests/*/test-*.py')}
    missing = [f'/xeno/{group}/{name}' for group, name in named
               if not re.search(f'"/xeno/{group}/{name}["/]', code) and f'{{ "{name}",' not in code
               and f'def {name.replace("-", "_")}(' not in scripts.get(group, '')]
    for group, kind, name in by_table:
        text = ''.join(path.read_text(encoding='utf-8') for path in files(f'tests/*/test-{group}.c'))
        if f'"{kind}/"' not in text or f'"{name}"' not in text:
            missing.append(f'/xeno/{group}/{kind}/{name}')
    assert named and by_table and not missing, missing


@case
def nothing_is_left_for_later():
    refuse(r'\b(TODO|FIXME|XXX|HACK)\b', [path for path in files('src/**/*.[ch]', 'ui/**/*.ui', 'data/*', 'tests/**/*.[ch]')
                                          if path.is_file()], 'finish it or leave it out')


@case
def every_source_says_its_licence_and_its_purpose():
    bare = []
    for path in files('src/**/*.[ch]', 'tests/**/*.[ch]'):
        lines = path.read_text(encoding='utf-8').splitlines()
        if 'SPDX-License-Identifier: LGPL-2.1-or-later' not in lines[0]:
            bare.append(name_of(path))
    assert not bare, f'no licence in the first line: {bare}'


@case
def no_line_runs_far_past_a_hundred_columns():
    refuse(r'^(?!.*").{121,}$', files('src/**/*.[ch]', 'tests/**/*.[ch]'), 'break the line; only a string may be longer')


@case
def scripts_are_of_their_language():
    for path in files('setup.sh', '.ci/run', 'tests/**/*.sh'):
        shell = path.read_text(encoding='utf-8').splitlines()[0].removeprefix('#!').split()
        run(*shell, '-n', path)
    for path in files('tests/**/*.py'):
        compile(path.read_text(encoding='utf-8'), str(path), 'exec')


@case
def the_flatpak_asks_for_no_more_than_it_needs():
    manifest = flatpak_manifest()
    allowed = {'--device=dri', '--device=kvm', '--share=ipc', '--share=network', '--socket=wayland',
               '--socket=fallback-x11', '--socket=pcsc', '--socket=pulseaudio', '--filesystem=xdg-run/libvirt',
               '--filesystem=/run/libvirt', '--filesystem=xdg-data/xenolith:create'}
    assert set(manifest['finish-args']) <= allowed, set(manifest['finish-args']) - allowed


@case
def the_flatpak_brings_every_library_its_platform_lacks():
    modules = [module['name'] for module in flatpak_manifest()['modules']]
    assert len(modules) == len(set(modules)) and modules[-1] == 'xenolith', modules
    for name in libraries():
        assert name in FLATPAK_PLATFORM or FLATPAK_MODULES[name] in modules, name
    assert 'qemu-img' in modules  # the program that copies disks


@case
def the_flatpak_takes_only_sources_it_can_check():
    for module in flatpak_manifest()['modules'][:-1]:
        for source in module['sources']:
            assert source['url'].startswith('https://'), module
            assert re.fullmatch('[0-9a-f]{64}', source['sha256']), module


@case
def every_library_is_named_for_every_distribution():
    table = re.search(r"<<'TABLE'\n(.*?)\nTABLE", (SOURCE / 'setup.sh').read_text(encoding='utf-8'), re.DOTALL)[1]
    rows = [line.split() for line in table.splitlines()]
    assert all(len(row) == 5 and row[0] in {'build', 'run', 'shown', 'test', 'guests'} for row in rows), rows
    named = {row[2] for row in rows if row[0] == 'build'} & {row[4] for row in rows if row[0] == 'build'}
    missing = {name for name in libraries() if name not in {'glib-2.0', 'gobject-2.0', 'gio-2.0'}
               and f'pkgconfig({name})' not in named}
    assert not missing, missing


def main():
    print(f'1..{len(CASES)}')
    failed = 0
    for number, function in enumerate(CASES, 1):
        name = '/xeno/tree/' + function.__name__.replace('_', '-')
        try:
            function()
            print(f'ok {number} {name}')
        except (AssertionError, OSError, SyntaxError, ValueError) as fault:
            failed += 1
            print(f'not ok {number} {name}')
            for line in str(fault).splitlines():
                print(f'# {line}')
        sys.stdout.flush()
    sys.exit(failed != 0)


if __name__ == '__main__':
    main()
