#!/usr/bin/env bash
# kernel-vm-netdevsim.sh KERNEL
#
# Builds the driver of the simulated network card, netdevsim, for a kernel of kernel-vm.sh, so that `modprobe netdevsim` finds it in
# that machine: programs can be offloaded to such a card, and it can be told to refuse them. Debian's kernels come without it. Once;
# downloads the kernel's headers and sources with apt-get (150 MB) and installs nothing. Needs gcc-12, make, kmod, xz-utils.
#
#   KERNEL_VM_CACHE  as for kernel-vm.sh
set -euo pipefail

fail() {
  echo "kernel-vm-netdevsim.sh: $*" >&2
  exit 1
}

[ $# -eq 1 ] || fail "usage: kernel-vm-netdevsim.sh 6.1|6.12|6.1-rt|6.12-rt"
series=$1
"$(dirname "$0")/kernel-vm.sh" "$series"
kernel=$(realpath "${KERNEL_VM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/weir-kernels}/$series")
release=$(cat "$kernel/release")
built=$kernel/lib/modules/$release/extra/netdevsim.ko

exec 9>"$kernel/netdevsim.lock"
flock 9
[ ! -e "$built" ] || exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
source=linux-source-${series%-rt}
read -r -d '' -a headers < <(apt-cache depends "linux-headers-$release" | grep -oE 'linux-(headers|kbuild)-[^ ]*' | sort -u) || true
apt-get -qq -o APT::Sandbox::User=root download "linux-headers-$release" "${headers[@]}" "$source" >log 2>&1 || fail "apt-get download: $(tail -n 1 log)"
for package in linux-headers-*.deb linux-kbuild-*.deb; do dpkg-deb -x "$package" .; done
driver=$source/drivers/net/netdevsim
dpkg-deb --fsys-tarfile "$source"_*.deb | tar -xO "./usr/src/$source.tar.xz" | tar -xJ "$driver"
# The headers name each other by where they would be installed.
sed -i "s,/usr/src/,$work/usr/src/," "usr/src/linux-headers-$release/Makefile"
make -s -C "usr/src/linux-headers-$release" "M=$work/$driver" CONFIG_NETDEVSIM=m CONFIG_DEBUG_INFO_BTF_MODULES= modules >log 2>&1 ||
  fail "make: $(tail -n 20 log)"
strip -g "$driver/netdevsim.ko"
mkdir -p "$(dirname "$built")"
mv "$driver/netdevsim.ko" "$built"
depmod -b "$kernel" "$release"
