#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A Debian as a disk that a BIOS starts. Nothing is mounted.
#
#   build-debian-guest.sh desktop|cloud OUT.qcow2
#
# desktop has X and the SPICE agents, cloud has the kernel and the cloud-init of Debian's images for clouds.
# Wants a Debian with root rights, a way to its packages, and mmdebstrap, e2fsprogs, mtools, dosfstools,
# fdisk, syslinux, syslinux-common and qemu-utils.
set -eu

kind=$1
out=$(readlink -f "$2")
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
sources=/etc/apt/sources.list.d/debian.sources
[ -s "$sources" ] || sources=/etc/apt/sources.list
boot_mib=96
root_mib=2400
kernel=quiet
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

packages=initramfs-tools,zstd,kmod,systemd-sysv,udev,dbus,libpam-systemd,qemu-guest-agent
case $kind in
  desktop)
    packages=$packages,linux-image-amd64,dbus-x11,spice-vdagent,spice-webdavd,curl
    packages=$packages,xserver-xorg-core,xserver-xorg-input-libinput,xserver-xorg-video-qxl,x11-xserver-utils
    packages=$packages,xinit,openbox,xclip
    ;;
  cloud)
    packages=$packages,linux-image-cloud-amd64,cloud-init,cloud-guest-utils,e2fsprogs,fdisk,sudo,python3-minimal
    root_mib=1200
    kernel='console=tty0 console=ttyS0' # says at once that it goes on
    ;;
esac

# What the kernel needs to find its disk, and no pages nobody reads here.
cat >before.sh <<'HOOK'
mkdir -p "$1/etc/initramfs-tools/conf.d" "$1/etc/dpkg/dpkg.cfg.d"
printf 'MODULES=list\nCOMPRESS=zstd\nCOMPRESSLEVEL=1\n' >"$1/etc/initramfs-tools/conf.d/guest"
printf '%s\n' virtio_pci virtio_blk ext4 virtio_console >"$1/etc/initramfs-tools/modules"
printf 'path-exclude=/usr/share/%s/*\n' man locale doc >"$1/etc/dpkg/dpkg.cfg.d/guest"
HOOK

cat >common.sh <<'HOOK'
echo 'LABEL=root / ext4 rw,noatime 0 1' >"$1/etc/fstab"
chroot "$1" systemctl mask -q apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer
rm -f "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d/*
HOOK

# A user who is in a session of X with the agent as soon as the machine is up.
cat >desktop.sh <<'HOOK'
echo guest >"$1/etc/hostname"
echo '127.0.0.1 localhost guest' >"$1/etc/hosts"
chroot "$1" useradd -m -s /bin/bash user
mkdir -p "$1/etc/systemd/system/getty@tty1.service.d"
printf '[Service]\nExecStart=\nExecStart=-/sbin/agetty --autologin user --noclear %%I $TERM\n' \
  >"$1/etc/systemd/system/getty@tty1.service.d/login.conf"
printf '[ "$(tty)" != /dev/tty1 ] || exec startx\n' >"$1/home/user/.bash_profile"
printf 'spice-vdagent\nexec openbox\n' >"$1/home/user/.xinitrc"
mkdir -p "$1/home/user/.config" "$1/home/user/Downloads"
echo 'XDG_DOWNLOAD_DIR="$HOME/Downloads"' >"$1/home/user/.config/user-dirs.dirs"
chroot "$1" chown -R user: /home/user
HOOK

# Nobody, until a seed says who. Without the package of the locales cloud-init stumbles over them.
cat >cloud.sh <<'HOOK'
rm -f "$1/etc/machine-id" "$1/etc/hostname"
touch "$1/etc/machine-id"
mkdir -p "$1/etc/cloud/cloud.cfg.d"
printf 'locale: false\ndatasource_list: [NoCloud, None]\nsystem_info: {network: {renderers: [networkd]}}\n' \
  >"$1/etc/cloud/cloud.cfg.d/90-guest.cfg"
chroot "$1" systemctl -q enable systemd-networkd
HOOK

export XENO_GUEST="$kind"
mmdebstrap -q --mode=root --variant=minbase --aptopt='Apt::Install-Recommends "false"' \
  --aptopt='Acquire::Languages "none"' --dpkgopt=force-unsafe-io --include="$packages" \
  --essential-hook='sh before.sh "$1"' --customize-hook='sh common.sh "$1"' \
  --customize-hook='sh "$XENO_GUEST.sh" "$1"' \
  --customize-hook='mv "$1"/boot/vmlinuz-* vmlinuz; mv "$1"/boot/initrd.img-* initrd.img' \
  "$suite" root.tar "$sources"

mkdir root
tar -C root --numeric-owner --exclude='./dev/*' -xf root.tar
rm root.tar
truncate -s "${root_mib}M" root.ext4
mke2fs -q -F -t ext4 -L root -O '^metadata_csum_seed' -d root root.ext4
rm -rf root

printf 'DEFAULT linux\nLABEL linux\n LINUX /vmlinuz\n INITRD /initrd.img\n APPEND root=LABEL=root rw %s\n' \
  "$kernel" >syslinux.cfg
truncate -s "${boot_mib}M" boot.fat
mkfs.vfat -F 32 boot.fat >/dev/null
mcopy -i boot.fat vmlinuz initrd.img syslinux.cfg ::
syslinux --install boot.fat

truncate -s "$((1 + boot_mib + root_mib))M" disk.raw
printf 'label: dos\nstart=2048, size=%d, type=ef, bootable\nstart=%d, type=83\n' \
  $((boot_mib * 2048)) $((2048 + boot_mib * 2048)) | sfdisk -q disk.raw
dd if=/usr/lib/syslinux/mbr/mbr.bin of=disk.raw conv=notrunc bs=440 count=1 status=none
dd if=boot.fat of=disk.raw conv=notrunc,sparse bs=1M seek=1 status=none
dd if=root.ext4 of=disk.raw conv=notrunc,sparse bs=1M seek=$((1 + boot_mib)) status=none
qemu-img convert -f raw -O qcow2 disk.raw "$out"
