#!/usr/bin/env bash
# kernel-vm.sh KERNEL [COMMAND [ARGUMENT]...]
#
# Runs a command as root under another kernel, in a virtual machine that QEMU emulates: Debian's of the series 6.1 or 6.12, or its
# build for real time, 6.1-rt or 6.12-rt. The machine sees this file system, and what it writes goes to memory and is forgotten;
# standard output and error come back on standard output, and the exit code is the command's (125 when it never ended). The kernel is
# downloaded with apt-get the first time, unpacked beside nothing that is installed; without a command nothing else is done. Modules
# are loaded when the kernel asks for them, as on an installed Debian. Needs qemu-system-x86, xz-utils, kmod; zstd starts some faster.
#
#   KERNEL_VM_CACHE    where kernels are kept; ~/.cache/weir-kernels unless given
#   KERNEL_VM_MODULES  modules of that kernel to load before the command, as "nf_conntrack nf_nat"; none unless given
#   KERNEL_VM_DEVICES  network cards to plug in, as "virtio-net-pci virtio-net-pci,queues=4 vmxnet3": models of QEMU with their
#                      properties, `queues` being the script's own. The card at place N, counted from 0, has the hardware address
#                      02:00:00:00:N:01; a virtio-net-pci with 02:00:00:00:N:02 is at the other end of its cable. Needs iproute2,
#                      and a network namespace for the machine's process: nothing of it is seen outside
#   KERNEL_VM_KEEP     a folder in which what the command writes stays
#   KERNEL_VM_CHANNEL  a UNIX socket that somebody listens on: the machine's /dev/virtio-ports/channel
#   KERNEL_VM_QEMU     another QEMU than qemu-system-x86_64
#   KERNEL_VM_SECONDS  when to give up; 300 unless given
set -euo pipefail

fail() {
  echo "kernel-vm.sh: $*" >&2
  exit 125
}

[ $# -ge 1 ] || fail "usage: kernel-vm.sh 6.1|6.12|6.1-rt|6.12-rt [COMMAND [ARGUMENT]...]"
series=$1
shift
cache=${KERNEL_VM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/weir-kernels}
kernel=$cache/$series
qemu=${KERNEL_VM_QEMU:-qemu-system-x86_64}
command -v "$qemu" >/dev/null || fail "QEMU is missing: apt-get install qemu-system-x86"
command -v depmod >/dev/null || fail "depmod is missing: apt-get install kmod"

# Raised when what `unpack` makes changes, so that what an older one made is made again.
form=2

# Modules that the machine needs for its own devices and file systems.
modules=(virtio_pci virtio_console 9pnet_virtio 9p overlay)

unpack() {
  local work release
  case $series in
    6.1 | 6.1-rt) package=linux-image${series#6.1}-amd64 ;;
    6.12 | 6.12-rt) package=linux-image-$series-amd64 ;;
    *) fail "no kernel $series: there are 6.1 and 6.12, and 6.1-rt and 6.12-rt" ;;
  esac
  package=$(apt-cache depends "$package" | sed -n 's/.*Depends: \(linux-image-[0-9][^ ]*\).*/\1/p' | head -n 1)
  [ -n "$package" ] || fail "apt knows no package of Linux $series: apt-get update"
  release=${package#linux-image-}
  work=$(mktemp -d "$cache/unpack.XXXXXX")
  (
    cd "$work"
    apt-get -qq -o APT::Sandbox::User=root download "$package" busybox-static
    mkdir -p initial/bin initial/modules
    dpkg-deb --fsys-tarfile busybox-static_*.deb | tar -xO ./bin/busybox >initial/bin/busybox
    chmod +x initial/bin/busybox
    # What the machine needs itself, and what tests may ask for: all of a kernel's modules have 400 MB. Not every kernel has each folder.
    dpkg-deb --fsys-tarfile linux-image-*.deb |
      tar -x --wildcards './boot/vmlinuz-*' './lib/modules/*/modules.*' \
        './lib/modules/*/kernel/'{arch,crypto,lib,net,fs/{9p,netfs,fscache,overlayfs}} \
        './lib/modules/*/kernel/drivers/'{net,ptp,pps,dca,virtio,char,i2c/algos} 2>/dev/null || true
    rm -rf ./*.deb "lib/modules/$release/kernel/drivers/net"/{wireless,can,wwan}
    [ -d "lib/modules/$release/kernel/net" ] || fail "$package could not be unpacked"
    depmod -b . "$release"
    order "$release" >needed
    while read -r file; do
      case $file in
        *.xz) xz -dc "lib/modules/$release/$file" >"initial/modules/$(basename "$file" .xz)" ;;
        *) cp "lib/modules/$release/$file" initial/modules/ ;;
      esac
      basename "$file" .xz >>initial/modules/order
    done <needed
    start >initial/init
    chmod +x initial/init
    (cd initial && find . | bin/busybox cpio -o -H newc 2>/dev/null | gzip -1) >initrd
    uncompressed boot/vmlinuz-* >image || mv boot/vmlinuz-* image
    rm -rf initial boot needed
    echo "$release" >release
    echo "$form" >form
  )
  rm -rf "$kernel"
  mv "$work" "$kernel"
}

# The files of the modules, each behind those that it needs.
order() {
  local directory=lib/modules/$1
  local -A seen=()
  visit() {
    local file=$1 other
    [ -z "${seen[$file]:-}" ] || return 0
    seen[$file]=1
    for other in $(sed -n "s,^$file: *,,p" "$directory/modules.dep"); do visit "$other"; done
    echo "$file"
  }
  local module found
  for module in "${modules[@]}"; do
    # What is built in has no file.
    found=$(sed -n "s,^\([^ ]*/$module\.ko[.xz]*\):.*,\1,p" "$directory/modules.dep" | head -n 1)
    [ -z "$found" ] || visit "$found"
  done
}

# The kernel inside its own archive: the machine starts it some seconds sooner than it would unpack itself.
uncompressed() {
  local magic tool at
  for magic in '\xFD7zXZ\x00 xz' '\x28\xB5\x2F\xFD zstd' '\x1F\x8B\x08 gzip'; do
    tool=${magic##* }
    command -v "$tool" >/dev/null || continue
    for at in $(LC_ALL=C grep -aobUP "${magic% *}" "$1" | cut -d: -f1); do
      # What lies behind it is no part of it, which the tools complain of.
      tail -c "+$((at + 1))" "$1" | "$tool" -dc 2>/dev/null >vmlinux || true
      if [ "$(head -c 4 vmlinux | tail -c 3)" = ELF ]; then
        cat vmlinux
        rm vmlinux
        return 0
      fi
    done
  done
  rm -f vmlinux
  return 1
}

# The machine's first process: its root is this file system below one in memory.
start() {
  cat <<'INIT'
#!/bin/busybox sh
/bin/busybox mkdir -p /bin /dev /proc /sys /host /memory /root /out
/bin/busybox --install -s /bin
export PATH=/bin
mount -t devtmpfs none /dev
mount -t proc none /proc
mount -t sysfs none /sys
while read -r file; do insmod "/modules/$file"; done </modules/order
shares=trans=virtio,version=9p2000.L,msize=262144
mount -t 9p -o "ro,cache=loose,$shares" host /host
mount -t tmpfs none /memory
mkdir /memory/changed /memory/work
mount -t overlay -o lowerdir=/host,upperdir=/memory/changed,workdir=/memory/work none /root
mkdir -p /root/run /root/proc /root/sys /root/dev /root/kernel-vm
mount -t 9p -o "$shares" out /root/kernel-vm
for directory in dev proc sys; do mount --move "/$directory" "/root/$directory"; done
mount -t tmpfs none /root/run
mkdir -p /root/dev/shm /root/dev/net /root/dev/virtio-ports
mount -t tmpfs none /root/dev/shm
mknod /root/dev/net/tun c 10 200
for port in /root/sys/class/virtio-ports/*; do
  [ ! -e "$port/name" ] || ln -s "../${port##*/}" "/root/dev/virtio-ports/$(cat "$port/name")"
done
mount -t bpf none /root/sys/fs/bpf
mount -t debugfs none /root/sys/kernel/debug
keep=$(cat /root/kernel-vm/keep)
[ -z "$keep" ] || mount -t 9p -o "$shares" keep "/root$keep"
release=$(uname -r)
mkdir -p "/root/lib/modules/$release"
mount -o bind "/root$(cat /root/kernel-vm/kernel)/lib/modules/$release" "/root/lib/modules/$release"
ip link set lo up
# The threads of the kernel share the root of this process, so it has to change it itself: they call /sbin/modprobe.
exec chroot /root /bin/bash -c '
  /bin/bash /kernel-vm/command </dev/null >/kernel-vm/output 2>&1
  echo $? >/kernel-vm/code
  sync
  echo b >/proc/sysrq-trigger'
INIT
}

mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9
[ "$(cat "$kernel/form" 2>/dev/null)" = "$form" ] || unpack >&2
exec 9>&-
[ $# -gt 0 ] || exit 0

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
realpath "$kernel" >"$out/kernel"
keep=${KERNEL_VM_KEEP:+$(realpath "$KERNEL_VM_KEEP")}
echo "$keep" >"$out/keep"
read -r -a wanted <<<"${KERNEL_VM_MODULES:-}"
read -r -a devices <<<"${KERNEL_VM_DEVICES:-}"
{
  # Drivers are loaded by what the cards say that they are, as udev does it.
  [ ${#devices[@]} -eq 0 ] || echo 'cat /sys/bus/{pci,virtio}/devices/*/modalias | xargs /usr/sbin/modprobe -abq || true'
  [ ${#wanted[@]} -eq 0 ] || printf '/usr/sbin/modprobe -a %s || exit 125\n' "${wanted[*]}"
  printf 'cd %q\n' "$PWD"
  printf 'export PATH=%q HOME=%q\n' "$PATH" "$HOME"
  printf 'exec'
  printf ' %q' "$@"
  echo
} >"$out/command"

# Each card's tap and that of its other end are ports of a bridge, in a network namespace that goes with the machine.
: >"$out/cables"
cards=()
for place in "${!devices[@]}"; do
  device=${devices[$place]}
  queues=1
  [[ $device =~ ,queues=([0-9]+) ]] && queues=${BASH_REMATCH[1]} && device=${device/,queues=$queues/}
  several=
  [ "$queues" = 1 ] || {
    device+=,mq=on,vectors=$((2 * queues + 2))
    several=multi_queue
  }
  address=02:00:00:00:$(printf %02x "$place")
  cards+=(
    -netdev "tap,id=near$place,ifname=near$place,script=no,downscript=no,queues=$queues" -device "$device,netdev=near$place,mac=$address:01"
    -netdev "tap,id=far$place,ifname=far$place,script=no,downscript=no" -device "virtio-net-pci,netdev=far$place,mac=$address:02")
  {
    echo "link add cable$place type bridge"
    echo "link set cable$place up"
    echo "tuntap add near$place mode tap vnet_hdr $several"
    echo "tuntap add far$place mode tap vnet_hdr"
    for end in near far; do echo "link set $end$place master cable$place up"; done
  } >>"$out/cables"
done

# KVM is left out: an unmodified kernel hangs where this machine is a virtual one itself.
# One thread for both processors: with one each, a processor now and then runs code that the other one is just writing anew, as kernels do where
# XDP programs are exchanged. A kernel that dies of that says nothing of weir.
# The cards come first, because igb wants a place on the bus with room behind it.
machine=("$qemu"
  -M q35 -cpu "max,la57=off" -accel "tcg,thread=single" -smp 2 -m 2048 -nodefaults -display none -no-reboot
  "${cards[@]}" -kernel "$kernel/image" -initrd "$kernel/initrd" -serial "file:$out/console" -device virtio-rng-pci
  -append 'console=ttyS0 panic=1 oops=panic reboot=t mitigations=off no_timer_check tsc=reliable'
  -fsdev "local,id=host,path=/,security_model=none,readonly=on,multidevs=remap" -device "virtio-9p-pci,fsdev=host,mount_tag=host"
  -fsdev "local,id=out,path=$out,security_model=none" -device "virtio-9p-pci,fsdev=out,mount_tag=out")
[ -z "$keep" ] || machine+=(-fsdev "local,id=keep,path=$keep,security_model=none" -device "virtio-9p-pci,fsdev=keep,mount_tag=keep")
[ -z "${KERNEL_VM_CHANNEL:-}" ] || machine+=(-device virtio-serial-pci
  -chardev "socket,id=channel,path=$KERNEL_VM_CHANNEL" -device "virtserialport,chardev=channel,name=channel")

if [ ${#devices[@]} -gt 0 ]; then
  # Without IPv6 the bridge itself sends nothing.
  machine=(unshare --net -- bash -c 'echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6; ip -batch "$0" && exec "$@"' "$out/cables" "${machine[@]}")
fi
timeout --foreground "${KERNEL_VM_SECONDS:-300}" "${machine[@]}" </dev/null >&2 || true
[ ! -e "$out/output" ] || cat "$out/output"
[ -s "$out/code" ] || {
  [ ! -e "$out/console" ] || tail -n 30 "$out/console" >&2
  fail "$series: the command did not end"
}
exit "$(cat "$out/code")"
