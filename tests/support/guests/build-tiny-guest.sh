#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# build-tiny-guest.sh FOLDER: a Linux with a shell and QEMU's guest agent and nothing else, as FOLDER/vmlinuz
# and FOLDER/initrd.img. It comes from Debian's packages, which are unpacked and not installed; the libraries
# of the agent are this computer's. Wants apt-get, cpio and a Debian.
set -eu

mkdir -p "$1"
out=$(readlink -f "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

kernel=$(apt-cache depends --important linux-image-cloud-amd64 | sed -n 's/^ *Depends: \(linux-image-.*\)/\1/p')
[ -n "$kernel" ] || { echo 'there is no package linux-image-cloud-amd64 here' >&2; exit 1; }
apt-get -o APT::Sandbox::User=root -q download "$kernel" busybox-static qemu-guest-agent
for package in *.deb; do
  dpkg-deb -x "$package" packages
done

mkdir -p root/bin root/sbin root/dev root/proc root/sys root/run root/tmp root/root root/etc root/var/run
cp packages/*bin/busybox root/bin/ 2>/dev/null || cp packages/usr/bin/busybox root/bin/
for name in $(root/bin/busybox --list); do
  [ "$name" = busybox ] || ln -s /bin/busybox "root/bin/$name"
done
ln -s /bin/busybox root/sbin/hwclock # the agent looks for it there
cp packages/usr/sbin/qemu-ga root/bin/
ldd root/bin/qemu-ga | sed -n 's/^.*[[:space:]]\(\/[^ ]*\) (0x.*/\1/p' | while read -r library; do
  mkdir -p "root$(dirname "$library")"
  cp -L "$library" "root$library"
done

# In the order in which they need each other; what the kernel has built in is not there.
for name in virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_console; do
  module=$(find packages -name "$name.ko*" | head -n 1)
  if [ -n "$module" ]; then
    cp "$module" root/
    echo "insmod /$(basename "$module")" >>modules
  fi
done

# A port gets its name some time after its driver is there; an agent that does not wait never comes.
cat >root/init <<'INIT'
#!/bin/sh
export PATH=/bin:/sbin HOME=/root
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs run /run
mount -t tmpfs tmp /tmp
. /modules
until port=$(grep -l org.qemu.guest_agent.0 /sys/class/virtio-ports/*/name 2>/dev/null); do
  usleep 20000
done
port=${port%/name}
echo "tiny: the agent starts after $(cut -d ' ' -f 1 /proc/uptime) s"
exec qemu-ga -m virtio-serial -p "/dev/${port##*/}" -t /run
INIT
: >>modules
cp modules root/modules
chmod 755 root/init
(cd root && find . | cpio -o -H newc -R 0:0 --quiet | gzip -1) >initrd.img
cp packages/boot/vmlinuz-* vmlinuz
chmod 644 initrd.img vmlinuz
mv initrd.img vmlinuz "$out/"
