/** Tools that some tests compare with, and the Debian package that brings each. */
export const DEBIAN_PACKAGES = {
  bpftool: "bpftool",
  capinfos: "wireshark-common",
  clang: "clang",
  curl: "curl",
  depmod: "kmod",
  ethtool: "ethtool",
  "gcc-12": "gcc-12",
  ip: "iproute2",
  iperf3: "iperf3",
  "llvm-objdump": "llvm",
  make: "make",
  nsenter: "util-linux",
  ping: "iputils-ping",
  prometheus: "prometheus",
  promtool: "prometheus",
  "qemu-system-x86_64": "qemu-system-x86",
  script: "bsdutils",
  setpriv: "util-linux",
  taskset: "util-linux",
  tcpdump: "tcpdump",
  tcpreplay: "tcpreplay",
  tshark: "tshark",
  unshare: "util-linux",
  "xdp-loader": "xdp-tools",
  xz: "xz-utils",
} as const;

/** A tool that tests may ask for. */
export type Tool = keyof typeof DEBIAN_PACKAGES;
