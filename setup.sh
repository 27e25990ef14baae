#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Everything between a fresh clone and a running Xenolith. See usage() below.
set -eu
started_in=$PWD
CDPATH='' cd -- "$(dirname -- "$0")"
umask 022

usage() {
  cat <<'TEXT'
Usage: ./setup.sh COMMAND

  deps               install what building and running need
  build              build
  run [FILE]         build and start Xenolith, with FILE opened; without a display, on a virtual one
  install            build and install to /usr/local
  test [--sanitize] [--guests]
                     build and run every test; --sanitize: with AddressSanitizer and UBSan;
                     --guests: with real Debian guests too (a desktop, a cloud image), which root builds
                     on Debian
  bench              measure beside the other machine managers that are installed
TEXT
}

# What is needed, for what, and its name on Debian and Ubuntu, Fedora, Arch, openSUSE. Where packages
# provide pkgconfig(NAME), that is the name: the one that meson.build asks for.
# "-" is not needed there; "?" before a name: only where the distribution has such a package.
packages() {
  cat <<'TABLE'
build gcc                             gcc                                gcc                gcc
build meson                           meson                              meson              meson
build ninja-build                     ninja-build                        ninja              ninja
build pkg-config                      pkgconf-pkg-config                 pkgconf            pkgconf-pkg-config
build gettext                         gettext                            gettext            gettext-tools
build desktop-file-utils              desktop-file-utils                 desktop-file-utils desktop-file-utils
build libglib2.0-dev                  pkgconfig(gio-unix-2.0)            glib2-devel        pkgconfig(gio-unix-2.0)
build libgtk-4-dev                    pkgconfig(gtk4)                    gtk4               pkgconfig(gtk4)
build libadwaita-1-dev                pkgconfig(libadwaita-1)            libadwaita         pkgconfig(libadwaita-1)
build libvirt-dev                     pkgconfig(libvirt)                 libvirt            pkgconfig(libvirt)
build libvirt-glib-1.0-dev            pkgconfig(libvirt-gobject-1.0)     libvirt-glib       pkgconfig(libvirt-gobject-1.0)
build libspice-client-glib-2.0-dev    pkgconfig(spice-client-glib-2.0)   spice-gtk          pkgconfig(spice-client-glib-2.0)
build libgvnc-1.0-dev                 pkgconfig(gvnc-1.0)                gtk-vnc            pkgconfig(gvnc-1.0)
build libpcre2-dev                    pkgconfig(libpcre2-8)              pcre2              pkgconfig(libpcre2-8)
build libsasl2-dev                    pkgconfig(libsasl2)                libsasl            pkgconfig(libsasl2)
build libsecret-1-dev                 pkgconfig(libsecret-1)             libsecret          pkgconfig(libsecret-1)
build libvte-2.91-gtk4-dev            pkgconfig(vte-2.91-gtk4)           vte4               pkgconfig(vte-2.91-gtk4)
build libosinfo-1.0-dev               pkgconfig(libosinfo-1.0)           libosinfo          pkgconfig(libosinfo-1.0)
build libusb-1.0-0-dev                pkgconfig(libusb-1.0)             libusb             pkgconfig(libusb-1.0)
build libgstreamer1.0-dev             pkgconfig(gstreamer-1.0)           gstreamer          pkgconfig(gstreamer-1.0)
build libsoup-3.0-dev               pkgconfig(libsoup-3.0)            libsoup3           pkgconfig(libsoup-3.0)
build libarchive-dev                  pkgconfig(libarchive)              libarchive         pkgconfig(libarchive)
build libpcsclite-dev                 pkgconfig(libpcsclite)             pcsclite           pkgconfig(libpcsclite)
build libjson-glib-dev                pkgconfig(json-glib-1.0)           json-glib          pkgconfig(json-glib-1.0)
build libyaml-dev                     pkgconfig(yaml-0.1)                libyaml            pkgconfig(yaml-0.1)
build libcrypt-dev                    pkgconfig(libxcrypt)               libxcrypt          pkgconfig(libxcrypt)
build libxml2-dev                     pkgconfig(libxml-2.0)              libxml2            pkgconfig(libxml-2.0)
build libepoxy-dev                    pkgconfig(epoxy)                   libepoxy           pkgconfig(epoxy)
build libx11-dev                      pkgconfig(x11)                     libx11             pkgconfig(x11)
build libxi-dev                       pkgconfig(xi)                      libxi              pkgconfig(xi)
build libxkbcommon-dev                pkgconfig(xkbcommon)               libxkbcommon       pkgconfig(xkbcommon)
build libxkbregistry-dev              pkgconfig(xkbregistry)             libxkbcommon       pkgconfig(xkbregistry)
build libwayland-dev                  pkgconfig(wayland-client)          wayland            pkgconfig(wayland-client)
build wayland-protocols               pkgconfig(wayland-protocols)       wayland-protocols  pkgconfig(wayland-protocols)
build libx11-xcb-dev                  pkgconfig(x11-xcb)                 libx11             pkgconfig(x11-xcb)
build libxcb-shm0-dev                 pkgconfig(xcb-shm)                 libxcb             pkgconfig(xcb-shm)
build -                               -                                  -                  gtk4-tools
run   libvirt-daemon                  libvirt-daemon                     -                  libvirt-daemon
run   libvirt-daemon-driver-qemu      libvirt-daemon-driver-qemu         -                  libvirt-daemon-driver-qemu
run   ?libvirt-daemon-driver-storage  libvirt-daemon-driver-storage-core -                  libvirt-daemon-driver-storage-core
run   ?libvirt-daemon-driver-nodedev  libvirt-daemon-driver-nodedev      -                  libvirt-daemon-driver-nodedev
run   libvirt-clients                 libvirt-client                     -                  libvirt-client
run   qemu-system-x86                 qemu-system-x86                    qemu-desktop       qemu-x86
run   ?qemu-system-modules-spice      qemu-ui-spice-core                 -                  qemu-spice
run   qemu-utils                      qemu-img                           qemu-img           qemu-img
run   ovmf                            edk2-ovmf                          edk2-ovmf          qemu-ovmf-x86_64
run   glib-networking                 glib-networking                    glib-networking    glib-networking
run   ca-certificates                 ca-certificates                    ca-certificates    ca-certificates
run   gstreamer1.0-plugins-base       gstreamer1-plugins-base            gst-plugins-base   gstreamer-plugins-base
run   gstreamer1.0-plugins-good       gstreamer1-plugins-good            gst-plugins-good   gstreamer-plugins-good
run   pcscd                           pcsc-lite                          pcsclite           pcsc-lite
run   libccid                         pcsc-lite-ccid                     ccid               pcsc-ccid
run   osinfo-db                       osinfo-db                          osinfo-db          osinfo-db
run   adwaita-icon-theme              adwaita-icon-theme                 adwaita-icon-theme adwaita-icon-theme
run   librsvg2-common                 librsvg2                           librsvg            gdk-pixbuf-loader-rsvg
shown xvfb                            xorg-x11-server-Xvfb               xorg-server-xvfb   xorg-x11-server-Xvfb
shown dbus-daemon                     dbus-daemon                        dbus               dbus-1-daemon
shown at-spi2-core                    at-spi2-core                       at-spi2-core       at-spi2-core
shown gir1.2-atspi-2.0                -                                  -                  typelib-1_0-Atspi-2_0
shown python3-gi                      python3-gobject-base               python-gobject     python3-gobject
shown python3-libvirt                 python3-libvirt                    libvirt-python     python3-libvirt-python
shown imagemagick                     ImageMagick                        imagemagick        ImageMagick
shown xdotool                         xdotool                            xdotool            xdotool
shown fonts-cantarell                 abattis-cantarell-fonts            cantarell-fonts    cantarell-fonts
shown xorriso                         xorriso                            libisoburn         xorriso
shown memtest86+                      ipxe-bootimgs-x86                  ipxe               ipxe-bootimgs
test  cpio                            cpio                               cpio               cpio
test  appstream                       appstream                          appstream          AppStream
test  libxml2-utils                   libxml2                            libxml2            libxml2-tools
test  gir1.2-gdkpixbuf-2.0            -                                  -                  typelib-1_0-GdkPixbuf-2_0
test  bash-completion                 bash-completion                    bash-completion    bash-completion
test  groff-base                      groff-base                         groff              groff
test  mtools                          mtools                             mtools             mtools
test  locales                         glibc-locale-source                -                  glibc-i18ndata
test  libvirt-daemon-system           -                                  -                  -
test  iproute2                        iproute                            iproute2           iproute2
test  tigervnc-standalone-server      tigervnc-server                    tigervnc           xorg-x11-Xvnc
test  x11vnc                          x11vnc                             x11vnc             x11vnc
test  ?xserver-xspice                 xorg-x11-server-Xspice             -                  -
test  sasl2-bin                       cyrus-sasl                         -                  cyrus-sasl
test  libsasl2-modules                cyrus-sasl-md5                     -                  cyrus-sasl-digestmd5
test  ?vsmartcard-vpcd                -                                  -                  -
test  gnome-keyring                   gnome-keyring                      gnome-keyring      gnome-keyring
test  procps                          procps-ng                          procps-ng          procps
test  x11-xkb-utils                   setxkbmap                          xorg-setxkbmap     setxkbmap
test  openbox                         openbox                            openbox            openbox
test  weston                          weston                             weston             weston
guests dosfstools                    -                                  -                  -
guests e2fsprogs                     -                                  -                  -
guests fdisk                         -                                  -                  -
guests mmdebstrap                    -                                  -                  -
guests mtools                        -                                  -                  -
guests qemu-utils                    -                                  -                  -
guests syslinux                      -                                  -                  -
guests syslinux-common               -                                  -                  -
TABLE
}

say() {
  printf '%s\n' "$*"
}

fail() {
  printf 'setup.sh: %s\n' "$*" >&2
  exit 1
}

# The column of the table, the question "which of these are missing", and how to install.
find_manager() {
  if command -v apt-get >/dev/null; then manager=apt column=2
  elif command -v dnf >/dev/null; then manager=dnf column=3
  elif command -v pacman >/dev/null; then manager=pacman column=4
  elif command -v zypper >/dev/null; then manager=zypper column=5
  else
    fail 'this system has none of apt-get, dnf, pacman and zypper; install what the table in setup.sh names'
  fi
}

is_installed() {
  case $manager in
    apt) case $there in *" installed:$1 "*) ;; *) return 1 ;; esac ;;
    pacman) pacman -T "$1" >/dev/null ;;
    *) rpm -q --whatprovides "$1" >/dev/null 2>&1 ;;
  esac
}

install_packages() {
  case $manager in
    apt) $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" ;;
    dnf) $as_root dnf install -y --setopt=install_weak_deps=False "$@" ;;
    pacman) $as_root pacman -S --needed --noconfirm "$@" ;;
    zypper) $as_root zypper --non-interactive install --no-recommends "$@" ;;
  esac
}

# Debian's programs take as long for one package as for all, so they are asked once: which of them are
# there, and which of the optional ones exist.
missing_packages() {
  names=$(for group; do
    packages | awk -v group="$group" -v column="$column" '$1 == group && $column != "-" { print $column }'
  done)
  there=
  offered=
  if [ "$manager" = apt ]; then
    # shellcheck disable=SC2016,SC2046,SC2086 # a list of package names; fields of dpkg-query
    there=" $(dpkg-query -W -f='${db:Status-Status}:${Package} ' $(printf '%s\n' $names | tr -d '?') 2>/dev/null)" ||
      true # dpkg-query fails where one is not there
    # shellcheck disable=SC2046,SC2086 # a list of package names
    offered=$(apt-cache show $(printf '%s\n' $names | sed -n 's/^?//p') 2>/dev/null | sed -n 's/^Package: //p')
  fi
  for name in $names; do
    plain=${name#\?}
    if is_installed "$plain"; then continue; fi
    if [ "$plain" = "$name" ] || printf '%s\n' "$offered" | grep -qx "$plain"; then printf '%s ' "$plain"; fi
  done
}

# need GROUP...: install the packages of these groups that are not there yet.
need() {
  find_manager
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  as_root=
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null ||
      fail "these packages are missing, and without sudo only root can install them: $missing"
    as_root=sudo
  fi
  if [ "$manager" = apt ]; then
    say 'Asking for the list of packages.'
    $as_root apt-get update -qq || say 'The list of packages could not be renewed; going on with the old one.'
    missing=$(missing_packages "$@")
  fi
  say "Installing with $manager: $missing"
  # shellcheck disable=SC2086 # a list of package names
  install_packages $missing || fail "these packages could not be installed: $missing"
}

# Tests, and a root without a display, run machines as an ordinary user, who has to be able to read
# the program. Where nobody can read this folder, work on a copy that they can.
as_nobody() {
  setpriv --reuid="$(id -u nobody)" --regid="$(id -g nobody)" --clear-groups "$@"
}

is_readable_by_all() {
  as_nobody test -r "$PWD/meson.build" && as_nobody test -x "$PWD/tests/support/session.py"
}

leave_unreadable_folder() {
  [ "$(id -u)" = 0 ] || return 0
  ! is_readable_by_all 2>/dev/null || return 0
  copy=/var/tmp/xenolith-$(printf '%s' "$PWD" | cksum | cut -d ' ' -f 1)
  say "Only root can read $PWD: building in $copy"
  mkdir -p "$copy"
  find "$copy" -mindepth 1 -maxdepth 1 ! -name '_*' -exec rm -rf {} +
  tar -cf - --exclude=./_build --exclude=./_sanitize --exclude=./.git --mode=a+rX . |
    tar -xf - -C "$copy" --no-same-owner
  XENO_RESULTS=${XENO_RESULTS:-$PWD} exec "$copy/setup.sh" "$@"
}

# logged FILE WHAT COMMAND...: what the command says is kept for the case that it fails.
logged() {
  log=$1
  what=$2
  shift 2
  if "$@" >"$log" 2>&1; then
    rm -f "$log"
  else
    cat "$log" >&2
    fail "$what"
  fi
}

# A hundred programs are linked for the tests, each with nearly all there is: these linkers take a fifth of the time.
choose_linker() {
  [ -z "${CC_LD:-}" ] || return 0
  for linker in lld gold; do
    if command -v "ld.$linker" >/dev/null; then
      export CC_LD="$linker"
      return 0
    fi
  done
}

# configure_and_build DIR WITH_TESTS [MESON OPTION...]
configure_and_build() {
  folder=$1
  tests=$2
  shift 2
  [ "$tests" = false ] || choose_linker
  if [ ! -f "$folder/build.ninja" ]; then
    say "Building in $PWD/$folder; this takes a few minutes the first time."
    logged "$folder.log" 'the build could not be configured' \
      meson setup "$folder" --prefix="$PWD/$folder/root" --libdir=lib -Dtests="$tests" "$@"
  elif [ "$tests" = true ] && [ ! -d "$folder/tests" ]; then
    logged "$folder.log" 'the build could not be configured' meson configure "$folder" -Dtests=true
  fi
  logged "$folder.log" 'the build failed' ninja -C "$folder"
}

has_display() {
  case ${WAYLAND_DISPLAY:-} in
    '') ;;
    /*) [ ! -S "$WAYLAND_DISPLAY" ] || return 0 ;;
    *) [ ! -S "${XDG_RUNTIME_DIR:-/nonexistent}/$WAYLAND_DISPLAY" ] || return 0 ;;
  esac
  case ${DISPLAY:-} in
    '') return 1 ;;
    :*) number=${DISPLAY#:}; [ -S "/tmp/.X11-unix/X${number%%.*}" ] ;;
    *) return 0 ;;
  esac
}

default_disc() {
  for disc in /usr/lib/memtest86+/memtest86+x64.iso /usr/share/ipxe/ipxe.iso /usr/lib/ipxe/ipxe.iso \
    /usr/share/ipxe/x86_64/ipxe.iso /usr/lib/grub-rescue/grub-rescue-cdrom.iso; do
    if [ -r "$disc" ]; then
      say "$disc"
      return
    fi
  done
  tests/support/guests/build-screen-guest.sh tests/support/guests/screen.S _build/screen.iso >/dev/null
  say "$PWD/_build/screen.iso"
}

run_shown() {
  export XDG_DATA_DIRS="$PWD/_build/root/share:${XDG_DATA_DIRS:-/usr/local/share:/usr/share}"
  exec _build/root/bin/xenolith "$@"
}

# No display: a virtual one, in a world of its own, as an ordinary user even for root.
run_unseen() {
  disc=$(readlink -f "${1:-$(default_disc)}")
  say "No display here: starting on a virtual one, in a private home with a libvirt of its own."
  [ "$(id -u)" != 0 ] || say "Root has no libvirt session, so the account nobody does the work."
  results=$(mktemp -d)
  trap 'rm -rf "$results"' EXIT
  chmod 1777 "$results"
  if [ "$(id -u)" = 0 ] && ! as_nobody test -r "$disc"; then
    cp "$disc" "$results/"
    disc=$results/$(basename "$disc")
    chmod a+r "$disc"
  fi
  status=0
  LC_ALL=C.UTF-8 XENO_TEST_DATADIR="$PWD/_build/root/share" tests/support/session.py \
    --display 1280x900 --a11y --timeout 180 -- \
    tests/support/first-run.py _build/root/bin/xenolith "$disc" "$results/window.png" || status=$?
  if [ -s "$results/window.png" ]; then
    picture=${XENO_RESULTS:-$PWD}/xenolith-window.png
    cp "$results/window.png" "$picture"
    say "Picture of the window: $picture"
  fi
  return "$status"
}

run() {
  if [ $# -gt 0 ]; then
    case $1 in
      /*) ;;
      *) set -- "$started_in/$1" ;;
    esac
    [ -e "$1" ] || fail "there is no file $1"
  fi
  need build run
  if ! has_display; then
    need shown
    leave_unreadable_folder run "$@"
  fi
  configure_and_build _build false
  meson install -C _build --no-rebuild --quiet >/dev/null
  if has_display; then run_shown "$@"; else run_unseen "$@"; fi
}

install_for_all() {
  need build run
  configure_and_build _install false --prefix=/usr/local
  if [ "$(id -u)" = 0 ]; then
    meson install -C _install --no-rebuild --quiet
  else
    command -v sudo >/dev/null || fail 'it is built in _install, but only root can install it to /usr/local'
    sudo meson install -C _install --no-rebuild --quiet
  fi
  say 'Installed to /usr/local: xenolith, and xeno for the command line.'
}

build_guests() {
  [ "$(id -u)" = 0 ] && command -v mmdebstrap >/dev/null || fail 'only root can build the guest, and on Debian'
  mkdir -p _build
  for kind in desktop cloud; do
    guest=$PWD/_build/$kind-guest.qcow2
    [ ! -s "$guest" ] || continue
    say "Building a guest ($kind); that takes a minute or two."
    logged "_build/$kind-guest.log" 'the guest could not be built' \
      tests/support/guests/build-debian-guest.sh "$kind" "$guest"
  done
  guest=$PWD/_build/linux-guest
  [ -s "$guest" ] || logged "_build/linux-guest.log" 'the kernel could not be fetched' \
    tests/support/guests/build-linux-guest.sh "$guest" "$guest.initrd"
  export XENO_TEST_LINUX="$guest"
  export XENO_TEST_DESKTOP_GUEST="$PWD/_build/desktop-guest.qcow2"
  export XENO_TEST_CLOUD_GUEST="$PWD/_build/cloud-guest.qcow2"
}

# A Linux that is up in seconds, from packages that are unpacked here. Without them its tests say so.
build_tiny_guest() {
  guest=$PWD/_build/tiny-guest
  command -v apt-get >/dev/null || return 0
  if [ ! -s "$guest/initrd.img" ]; then
    mkdir -p _build
    if ! tests/support/guests/build-tiny-guest.sh "$guest" >_build/tiny-guest.log 2>&1; then
      say 'The tiny guest could not be built (_build/tiny-guest.log); what needs it is not tested.'
      return 0
    fi
  fi
  export XENO_TEST_TINY_GUEST="$guest"
}

test_all() {
  is_sanitized=false
  has_guests=false
  for option; do
    case $option in
      --sanitize) is_sanitized=true ;;
      --guests) has_guests=true ;;
      *) usage >&2; exit 2 ;;
    esac
  done
  need build run shown test
  [ "$has_guests" = false ] || need guests
  leave_unreadable_folder test "$@"
  build_tiny_guest
  [ "$has_guests" = false ] || build_guests
  if [ "$is_sanitized" = true ]; then
    configure_and_build _sanitize true -Db_sanitize=address,undefined -Db_lundef=false
    # Mesa's drivers leak when GTK asks them for GL.
    GDK_DEBUG=gl-disable tests/support/run-suites.py _sanitize core contract machine ui
  else
    configure_and_build _build true
    tests/support/run-suites.py _build core contract machine ui tree
  fi
}

bench() {
  need build run shown test
  leave_unreadable_folder bench "$@"
  configure_and_build _build true
  meson install -C _build --no-rebuild --quiet >/dev/null
  exec tests/bench/run.py --prefix "$PWD/_build/root" "$@"
}

command=${1:-}
[ $# = 0 ] || shift
case $command in
  deps) need build run ;;
  build) need build; configure_and_build _build false ;;
  run) run "$@" ;;
  install) install_for_all ;;
  test) test_all "$@" ;;
  bench) bench "$@" ;;
  -h|--help|help) usage ;;
  *) usage >&2; exit 2 ;;
esac
