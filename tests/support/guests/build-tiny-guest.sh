#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# build-tiny-guest.sh OUTDIR [STAMP]: a Linux guest that answers its agent three seconds after power-on.
#
# Made from Debian packages by an ordinary user: kernel and busybox initramfs with a real
# qemu-guest-agent, DHCP, the ACPI power button, root shells on ttyS0 and tty1. Packages are
# downloaded and unpacked, nothing is installed. Leaves vmlinuz, initrd.img and tiny.iso in OUTDIR.
set -euo pipefail
umask 022
out=${1:?usage: build-tiny-guest.sh OUTDIR [STAMP]}
stamp=${2:-}
mkdir -p "$out"; out=$(cd "$out" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/tiny.XXXXXX"); trap 'rm -rf "$work"' EXIT
# the meta package names the real kernel image package
kpkg=$(apt-cache depends linux-image-cloud-amd64 | awk '/Depends:/{print $2; exit}')
kver=${kpkg#linux-image-}
cache=$out/debs; mkdir -p "$cache"
need() { ls "$cache/$1"_*.deb >/dev/null 2>&1 || (cd "$cache" && apt-get -q -o APT::Sandbox::User="$(id -un)" download "$1" >/dev/null); }
for p in busybox-static qemu-guest-agent libglib2.0-0 libnuma1 libudev1 \
         liburing2 libpcre2-8-0 libc6 "$kpkg" isolinux syslinux-common; do need "$p"; done
x() { dpkg-deb -x "$cache/$1"_*.deb "$2"; }
for p in busybox-static qemu-guest-agent libglib2.0-0 libnuma1 libudev1 \
         liburing2 libpcre2-8-0 libc6; do x $p "$work/pk"; done
x "$kpkg" "$work/k"; x isolinux "$work/iso-pk"; x syslinux-common "$work/iso-pk"
depmod -b "$work/k" "$kver"

r=$work/root
mkdir -p "$r"/{bin,sbin,usr/bin,usr/sbin,etc/acpi,proc,sys,dev,run,tmp,mnt,root,var/run,var/log,lib64,lib/x86_64-linux-gnu,usr/share/udhcpc}
cp "$work/pk/bin/busybox" "$r/bin/busybox" 2>/dev/null || cp "$work/pk/usr/bin/busybox" "$r/bin/busybox"
for a in $("$r/bin/busybox" --list); do [ "$a" = busybox ] || ln -sf /bin/busybox "$r/bin/$a"; done
ln -sf /bin/busybox "$r/sbin/modprobe"   # where the kernel looks for it (module autoload)
cp "$work/pk/usr/sbin/qemu-ga" "$r/usr/sbin/"
# only the libraries that qemu-ga really needs
need_libs=$(objdump -p "$r/usr/sbin/qemu-ga" | awk '/NEEDED/{print $2}')
todo=$need_libs; done_=""
while [ -n "$todo" ]; do
  next=""
  for l in $todo; do
    case " $done_ " in *" $l "*) continue;; esac
    f=$(find "$work/pk" -name "$l" | head -1); [ -n "$f" ] || continue
    cp -L "$f" "$r/lib/x86_64-linux-gnu/$l"; done_="$done_ $l"
    next="$next $(objdump -p "$f" | awk '/NEEDED/{print $2}')"
  done
  todo=$next
done
cp -L "$(find "$work/pk" -name ld-linux-x86-64.so.2 -path '*x86_64*' | head -1)" "$r/lib64/ld-linux-x86-64.so.2"
strip --strip-unneeded "$r"/lib/x86_64-linux-gnu/*.so* 2>/dev/null || true

# modules: virtio, disks, cdrom, net, input
mods="virtio_pci virtio_mmio virtio_console virtio_net virtio_blk virtio_balloon virtio_rng virtio_scsi
      virtio_input virtio_mem vmw_vsock_virtio_transport 9pnet_virtio 9p virtiofs fuse
      sd_mod sr_mod ahci isofs vfat nls_ascii nls_cp437 evdev button psmouse mousedev
      e1000 e1000e xhci_pci ehci_pci uhci_hcd usbhid hid_generic usb_storage
      virtio-gpu bochs qxl cirrus tiny_power_button acpiphp af_packet overlay squashfs crc32c_generic"
m=$r/lib/modules/$kver; mkdir -p "$m"
for mod in $mods; do
  { modprobe -d "$work/k" -S "$kver" --show-depends "$mod" 2>/dev/null || true; } | awk '/^insmod/{print $2}'
done | sort -u | while read -r f; do
  rel=${f#"$work/k/lib/modules/$kver/"}; mkdir -p "$m/$(dirname "$rel")"
  cp "$f" "$m/$rel"   # never strip: that drops the signature, and Secure Boot (lockdown) then refuses it
done
cp "$work/k/lib/modules/$kver"/modules.{builtin,order,builtin.modinfo} "$m/" 2>/dev/null || true
depmod -b "$r" "$kver"

cat > "$r/etc/os-release" <<E
NAME="Xenolith Tiny Guest"
ID=xenolith-tiny
VERSION_ID="1"
PRETTY_NAME="Xenolith Tiny Guest 1"
E
echo "root::0:0:root:/root:/bin/sh" > "$r/etc/passwd"
echo "root::19000:0:99999:7:::" > "$r/etc/shadow"
echo "root:x:0:" > "$r/etc/group"
echo "tiny" > "$r/etc/hostname"
cat > "$r/usr/share/udhcpc/default.script" <<'E'
#!/bin/sh
case $1 in
 deconfig) ip addr flush dev $interface; ip link set $interface up;;
 bound|renew) ip addr add $ip/${mask:-24} dev $interface 2>/dev/null
   [ -n "$router" ] && ip route replace default via ${router%% *} dev $interface
   : > /etc/resolv.conf; for d in $dns; do echo nameserver $d >> /etc/resolv.conf; done
   echo "tiny: dhcp $interface $ip" > /dev/console;;
esac
E
cat > "$r/sbin/shutdown" <<'E'
#!/bin/sh
# qemu-ga runs: shutdown -h -P|-r|-H +0 "..."
sync
for a; do case $a in -r) exec /bin/reboot -f;; -H) exec /bin/halt -f;; esac; done
exec /bin/poweroff -f
E
# qemu-ga wants these for guest-fsfreeze / suspend only if present
cat > "$r/etc/acpi/power.sh" <<'E'
#!/bin/sh
echo "tiny: power button" > /dev/console
exec /sbin/shutdown -h -P +0
E
mkdir "$r/etc/acpi/PWRF"   # busybox acpid runs DIR/PWRF/00000080
mv "$r/etc/acpi/power.sh" "$r/etc/acpi/PWRF/00000080"
cat > "$r/init" <<'E'
#!/bin/sh
export PATH=/bin:/sbin:/usr/bin:/usr/sbin HOME=/root TERM=linux
mount -t proc proc /proc; mount -t sysfs sys /sys
mount -t devtmpfs dev /dev 2>/dev/null; mkdir -p /dev/pts /dev/shm; mount -t devpts pts /dev/pts
mount -t tmpfs run /run; mount -t tmpfs tmp /tmp
exec >/dev/console 2>&1
hostname -F /etc/hostname
for m in virtio_pci virtio_console; do modprobe -q $m; done
start_ga() {
  mkdir -p /dev/virtio-ports
  for p in /sys/class/virtio-ports/*; do
    [ -r $p/name ] && n=$(cat $p/name) && [ -n "$n" ] && ln -sf ../$(basename $p) /dev/virtio-ports/$n
  done
  [ -e /dev/virtio-ports/org.qemu.guest_agent.0 ] &&
    qemu-ga -d -m virtio-serial -p /dev/virtio-ports/org.qemu.guest_agent.0 -t /run -f /run/qemu-ga.pid -l /var/log/qemu-ga.log
}
start_ga
echo "tiny: agent started at $(cut -d' ' -f1 /proc/uptime)s"
(
 for m in virtio_blk virtio_net virtio_balloon evdev button; do modprobe -q $m; done
 for pass in 1 2; do   # twice: USB devices show up after their controller
  find /sys/devices -name modalias | while read f; do cat $f; done 2>/dev/null | sort -u | while read a; do modprobe -q "$a"; done
  [ -d /sys/bus/usb/devices ] && [ -n "$(ls /sys/bus/usb/devices 2>/dev/null)" ] || break
  sleep 0.5
 done
 modprobe -q usbhid; modprobe -q hid_generic
 modprobe -q af_packet; modprobe -q acpiphp; modprobe -q sr_mod; modprobe -q sd_mod
 for d in vda sda; do
   [ -b /dev/$d ] && mount /dev/$d /mnt 2>/dev/null && echo "tiny: mounted $d on /mnt" && break
 done
 acpid -l /var/log/acpid.log -c /etc/acpi
 ip link set lo up
 for i in /sys/class/net/*; do n=$(basename $i); [ $n = lo ] && continue
   ip link set $n up; udhcpc -q -n -t 8 -T 2 -x hostname:$(hostname) -i $n -s /usr/share/udhcpc/default.script >/dev/null; done
 echo "tiny: ready at $(cut -d' ' -f1 /proc/uptime)s"
) &
(while :; do setsid sh -c 'exec sh -l </dev/tty1 >/dev/tty1 2>&1'; sleep 1; done) &
while :; do setsid sh -c 'exec sh -l </dev/ttyS0 >/dev/ttyS0 2>&1'; sleep 1; done
E
chmod 755 "$r/init" "$r/sbin/shutdown" "$r/etc/acpi/PWRF/00000080" "$r/usr/share/udhcpc/default.script"
(cd "$r" && find . -print0 | LC_ALL=C sort -z | cpio --null -o -H newc -R 0:0 --quiet) | gzip -6 > "$out/initrd.img"
cp "$work/k/boot/vmlinuz-$kver" "$out/vmlinuz"

# bootable ISO (isolinux, BIOS)
i=$work/iso; mkdir -p "$i/isolinux" "$i/boot"
cp "$out/vmlinuz" "$out/initrd.img" "$i/boot/"
cp "$work/iso-pk/usr/lib/ISOLINUX/isolinux.bin" "$i/isolinux/"
cp "$work/iso-pk/usr/lib/syslinux/modules/bios/ldlinux.c32" "$i/isolinux/"
cat > "$i/isolinux/isolinux.cfg" <<'E'
DEFAULT tiny
TIMEOUT 1
LABEL tiny
 KERNEL /boot/vmlinuz
 INITRD /boot/initrd.img
 APPEND console=ttyS0 console=tty0 quiet
E
xorriso -as mkisofs -quiet -V XENOLITH_TINY -o "$out/tiny.iso" -J -R \
  -b isolinux/isolinux.bin -c isolinux/boot.cat -no-emul-boot -boot-load-size 4 -boot-info-table "$i" 2>/dev/null
[ -z "$stamp" ] || touch "$stamp"
