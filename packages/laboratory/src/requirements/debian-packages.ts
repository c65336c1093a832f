/** Tools that some tests compare with, and the Debian package that brings each. */
export const DEBIAN_PACKAGES = {
  bpftool: "bpftool",
  capinfos: "wireshark-common",
  clang: "clang",
  curl: "curl",
  ethtool: "ethtool",
  ip: "iproute2",
  iperf3: "iperf3",
  "llvm-objdump": "llvm",
  nsenter: "util-linux",
  prometheus: "prometheus",
  promtool: "prometheus",
  script: "bsdutils",
  setpriv: "util-linux",
  taskset: "util-linux",
  tcpdump: "tcpdump",
  tcpreplay: "tcpreplay",
  tshark: "tshark",
  "xdp-loader": "xdp-tools",
} as const;

/** A tool that tests may ask for. */
export type Tool = keyof typeof DEBIAN_PACKAGES;
