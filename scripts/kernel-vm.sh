#!/usr/bin/env bash
# kernel-vm.sh KERNEL COMMAND [ARGUMENT]...
#
# Runs a command as root under another kernel: Debian's of the series 6.1 or 6.12, in a virtual machine that QEMU emulates. The
# machine sees this file system, and what it writes goes to memory and is forgotten; standard output and error come back on
# standard output, and the exit code is the command's (125 when it never ended). The kernel is downloaded with apt-get the first
# time, unpacked beside nothing that is installed. Needs qemu-system-x86, xz-utils.
#
#   KERNEL_VM_CACHE    where kernels are kept; ~/.cache/weir-kernels unless given
#   KERNEL_VM_MODULES  modules of that kernel to load before the command, as "nf_conntrack nf_nat"; none unless given. Needs kmod
#   KERNEL_VM_SECONDS  when to give up; 300 unless given
set -euo pipefail

fail() {
  echo "kernel-vm.sh: $*" >&2
  exit 125
}

[ $# -ge 2 ] || fail "usage: kernel-vm.sh 6.1|6.12 COMMAND [ARGUMENT]..."
series=$1
shift
cache=${KERNEL_VM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/weir-kernels}
kernel=$cache/$series
command -v qemu-system-x86_64 >/dev/null || fail "QEMU is missing: apt-get install qemu-system-x86"

# Modules that the machine needs for its own devices and file systems.
modules=(virtio_pci virtio_console 9pnet_virtio 9p overlay)

unpack() {
  local work release
  case $series in
    6.1) package=linux-image-amd64 ;;
    6.12) package=linux-image-6.12-amd64 ;;
    *) fail "no kernel $series: there are 6.1 and 6.12" ;;
  esac
  package=$(apt-cache depends "$package" | sed -n 's/.*Depends: \(linux-image-[0-9][^ ]*\).*/\1/p' | head -n 1)
  [ -n "$package" ] || fail "apt knows no package of Linux $series: apt-get update"
  release=${package#linux-image-}
  work=$(mktemp -d "$cache/unpack.XXXXXX")
  (
    cd "$work"
    apt-get -qq download "$package" busybox-static
    for archive in *.deb; do dpkg-deb -x "$archive" .; done
    rm ./*.deb
    mkdir -p initial/bin initial/modules
    cp bin/busybox initial/bin/
    # Those that tests may ask for: all of a kernel's have 400 MB.
    mkdir -p "kept/modules/$release/kernel"
    cp "lib/modules/$release"/modules.{order,builtin,builtin.modinfo} "kept/modules/$release"
    cp -r "lib/modules/$release/kernel"/{arch,crypto,lib,net} "kept/modules/$release/kernel"
    # depmod lists each module behind those that it needs.
    find lib/modules -name '*.ko.xz' -exec xz -d {} +
    bin/busybox depmod -b . "$release"
    for module in "${modules[@]}"; do
      bin/busybox modprobe -d . -S "$release" -D "$module" 2>/dev/null || true
    done >/dev/null
    order "$release" >initial/modules/order
    while read -r file; do cp "lib/modules/$release/$file" initial/modules/; done <initial/modules/order
    start >initial/init
    chmod +x initial/init
    (cd initial && find . | ../bin/busybox cpio -o -H newc 2>/dev/null | gzip -1) >initrd
    mv boot/vmlinuz-* vmlinuz
    rm -rf initial lib boot usr etc
    mv kept lib
    # For modprobe, which does not read what busybox writes.
    [ -z "$(command -v depmod)" ] || depmod -b . "$release"
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
    found=$(sed -n "s,^\([^ ]*/$module\.ko\):.*,\1,p" "$directory/modules.dep" | head -n 1)
    [ -z "$found" ] || visit "$found"
  done
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
while read -r file; do insmod "/modules/${file##*/}"; done </modules/order
shares=trans=virtio,version=9p2000.L,msize=262144
mount -t 9p -o "ro,cache=loose,$shares" host /host
mount -t tmpfs none /memory
mkdir /memory/changed /memory/work
mount -t overlay -o lowerdir=/host,upperdir=/memory/changed,workdir=/memory/work none /root
mkdir -p /root/run /root/proc /root/sys /root/dev /root/kernel-vm
mount -t 9p -o "$shares" out /root/kernel-vm
for directory in dev proc sys; do mount --move "/$directory" "/root/$directory"; done
mount -t tmpfs none /root/run
mkdir -p /root/dev/shm
mount -t tmpfs none /root/dev/shm
mount -t bpf none /root/sys/fs/bpf
ip link set lo up
chroot /root /bin/bash /kernel-vm/command </root/dev/null >/root/kernel-vm/output 2>&1
echo $? >/root/kernel-vm/code
sync
reboot -f
INIT
}

mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9
[ -e "$kernel/initrd" ] && [ -e "$kernel/lib" ] || unpack >&2
exec 9>&-

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
read -r -a wanted <<<"${KERNEL_VM_MODULES:-}"
{
  [ ${#wanted[@]} -eq 0 ] || printf '/usr/sbin/modprobe -d %q -a %s || exit 125\n' "$kernel" "${wanted[*]}"
  printf 'cd %q\n' "$PWD"
  printf 'export PATH=%q HOME=%q\n' "$PATH" "$HOME"
  printf 'exec'
  printf ' %q' "$@"
  echo
} >"$out/command"
# KVM is left out: an unmodified kernel hangs where this machine is a virtual one itself.
timeout "${KERNEL_VM_SECONDS:-300}" qemu-system-x86_64 \
  -M q35 -cpu max,la57=off -accel tcg,thread=multi -smp 2 -m 2048 -nodefaults -display none -no-reboot \
  -kernel "$kernel/vmlinuz" -initrd "$kernel/initrd" -serial "file:$out/console" -device virtio-rng-pci \
  -append 'console=ttyS0 panic=1 oops=panic mitigations=off no_timer_check tsc=reliable' \
  -fsdev local,id=host,path=/,security_model=none,readonly=on,multidevs=remap -device virtio-9p-pci,fsdev=host,mount_tag=host \
  -fsdev local,id=out,path="$out",security_model=none -device virtio-9p-pci,fsdev=out,mount_tag=out </dev/null >&2 || true
[ ! -e "$out/output" ] || cat "$out/output"
[ -s "$out/code" ] || {
  tail -n 30 "$out/console" >&2
  fail "$series: the command did not end"
}
exit "$(cat "$out/code")"
