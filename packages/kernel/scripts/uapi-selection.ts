/** Which of the kernel's types weir uses, by generated file. */
export interface Selection {
  readonly enumerations: readonly EnumerationSelection[];
  readonly structures: readonly StructureSelection[];
}

export interface EnumerationSelection {
  /** Name in the generated file: the kernel's, where it has one. */
  readonly name: string;
  /** A value by which to find it, since many enumerations are anonymous. */
  readonly holds: string;
  /** The values to take; all unless given. */
  readonly only?: readonly string[];
}

export interface StructureSelection {
  readonly name: string;
  /**
   * The kernel's name; or the part of `union bpf_attr` for one command, found by its member's name, or, where the part is
   * anonymous, by a field.
   */
  readonly from: { readonly structure: string } | { readonly attribute: string } | { readonly attributeWith: string };
  /** Members that are structures themselves, to take along as `member.field`; the others are left out. */
  readonly nested?: readonly string[];
}

const structure = (name: string, nested: readonly string[] = []): StructureSelection => ({
  name,
  from: { structure: name },
  nested,
});

export const SELECTION: Readonly<Record<string, Selection>> = {
  bpf: {
    enumerations: [
      { name: "bpf_cmd", holds: "BPF_MAP_CREATE" },
      { name: "bpf_map_type", holds: "BPF_MAP_TYPE_HASH" },
      { name: "bpf_prog_type", holds: "BPF_PROG_TYPE_XDP" },
      { name: "bpf_attach_type", holds: "BPF_XDP" },
      { name: "bpf_link_type", holds: "BPF_LINK_TYPE_XDP" },
      { name: "bpf_stats_type", holds: "BPF_STATS_RUN_TIME" },
      { name: "bpf_update_flags", holds: "BPF_ANY" },
      { name: "bpf_map_flags", holds: "BPF_F_NO_PREALLOC" },
    ],
    structures: [
      { name: "bpf_map_create", from: { attributeWith: "map_type" } },
      { name: "bpf_map_element", from: { attributeWith: "next_key" } },
      { name: "bpf_map_batch", from: { attribute: "batch" } },
      { name: "bpf_prog_load", from: { attributeWith: "insn_cnt" } },
      { name: "bpf_object_path", from: { attributeWith: "pathname" } },
      { name: "bpf_prog_test_run", from: { attribute: "test" } },
      { name: "bpf_object_id", from: { attributeWith: "next_id" } },
      { name: "bpf_object_info", from: { attribute: "info" } },
      { name: "bpf_btf_load", from: { attributeWith: "btf_log_buf" } },
      { name: "bpf_link_create", from: { attribute: "link_create" } },
      { name: "bpf_raw_tracepoint_open", from: { attribute: "raw_tracepoint" } },
      { name: "bpf_link_update", from: { attribute: "link_update" } },
      { name: "bpf_link_detach", from: { attribute: "link_detach" } },
      { name: "bpf_iter_create", from: { attribute: "iter_create" } },
      { name: "bpf_enable_stats", from: { attribute: "enable_stats" } },
      structure("bpf_map_info"),
      structure("bpf_prog_info"),
      structure("bpf_btf_info"),
      structure("bpf_link_info", ["xdp", "tcx", "raw_tracepoint", "tracing"]),
      structure("bpf_func_info"),
      structure("bpf_line_info"),
      structure("xdp_md"),
    ],
  },
  perf: {
    enumerations: [
      { name: "perf_type_id", holds: "PERF_TYPE_SOFTWARE", only: ["PERF_TYPE_SOFTWARE", "PERF_TYPE_TRACEPOINT"] },
      { name: "perf_sw_ids", holds: "PERF_COUNT_SW_BPF_OUTPUT", only: ["PERF_COUNT_SW_BPF_OUTPUT"] },
      { name: "perf_event_sample_format", holds: "PERF_SAMPLE_RAW", only: ["PERF_SAMPLE_RAW"] },
      { name: "perf_event_type", holds: "PERF_RECORD_SAMPLE", only: ["PERF_RECORD_LOST", "PERF_RECORD_SAMPLE"] },
    ],
    structures: [structure("perf_event_attr"), structure("perf_event_mmap_page"), structure("perf_event_header")],
  },
  netlink: {
    enumerations: [
      {
        name: "rtnetlink_message",
        holds: "RTM_NEWLINK",
        only: ["RTM_NEWLINK", "RTM_DELLINK", "RTM_GETLINK", "RTM_SETLINK"],
      },
      { name: "rtnetlink_groups", holds: "RTNLGRP_LINK", only: ["RTNLGRP_LINK"] },
      {
        name: "ifla",
        holds: "IFLA_IFNAME",
        only: [
          "IFLA_ADDRESS",
          "IFLA_IFNAME",
          "IFLA_MTU",
          "IFLA_LINK",
          "IFLA_MASTER",
          "IFLA_OPERSTATE",
          "IFLA_LINKINFO",
          "IFLA_NUM_TX_QUEUES",
          "IFLA_NUM_RX_QUEUES",
          "IFLA_CARRIER",
          "IFLA_LINK_NETNSID",
          "IFLA_XDP",
          "IFLA_NEW_IFINDEX",
          "IFLA_MIN_MTU",
          "IFLA_MAX_MTU",
          "IFLA_PROP_LIST",
          "IFLA_ALT_IFNAME",
          "IFLA_PERM_ADDRESS",
          "IFLA_PARENT_DEV_NAME",
          "IFLA_PARENT_DEV_BUS_NAME",
        ],
      },
      { name: "ifla_info", holds: "IFLA_INFO_KIND", only: ["IFLA_INFO_KIND", "IFLA_INFO_DATA"] },
      { name: "ifla_xdp", holds: "IFLA_XDP_FD" },
      { name: "nlmsgerr_attrs", holds: "NLMSGERR_ATTR_MSG" },
      { name: "net_device_flags", holds: "IFF_UP", only: ["IFF_UP"] },
      { name: "if_oper", holds: "IF_OPER_UP" },
      {
        name: "ctrl_command",
        holds: "CTRL_CMD_GETFAMILY",
        only: ["CTRL_CMD_GETFAMILY"],
      },
      {
        name: "ctrl_attr",
        holds: "CTRL_ATTR_FAMILY_ID",
        only: ["CTRL_ATTR_FAMILY_ID", "CTRL_ATTR_FAMILY_NAME", "CTRL_ATTR_MCAST_GROUPS"],
      },
      { name: "ctrl_attr_mcast_grp", holds: "CTRL_ATTR_MCAST_GRP_ID" },
      { name: "netdev_command", holds: "NETDEV_CMD_DEV_GET", only: ["NETDEV_CMD_DEV_GET"] },
      { name: "netdev_dev", holds: "NETDEV_A_DEV_IFINDEX" },
      { name: "netdev_xdp_act", holds: "NETDEV_XDP_ACT_BASIC" },
      { name: "netdev_xdp_rx_metadata", holds: "NETDEV_XDP_RX_METADATA_TIMESTAMP" },
      { name: "netdev_xsk_flags", holds: "NETDEV_XSK_FLAGS_TX_TIMESTAMP" },
    ],
    structures: [
      structure("nlmsghdr"),
      structure("nlattr"),
      structure("nlmsgerr", ["msg"]),
      structure("ifinfomsg"),
      structure("genlmsghdr"),
      structure("sockaddr_nl"),
    ],
  },
  ethtool: {
    enumerations: [
      {
        name: "ethtool_message",
        holds: "ETHTOOL_MSG_FEATURES_GET",
        only: [
          "ETHTOOL_MSG_LINKMODES_GET",
          "ETHTOOL_MSG_LINKSTATE_GET",
          "ETHTOOL_MSG_FEATURES_GET",
          "ETHTOOL_MSG_RINGS_GET",
          "ETHTOOL_MSG_CHANNELS_GET",
        ],
      },
      { name: "ethtool_header", holds: "ETHTOOL_A_HEADER_DEV_INDEX" },
      { name: "ethtool_bitset", holds: "ETHTOOL_A_BITSET_NOMASK" },
      { name: "ethtool_bitset_bits", holds: "ETHTOOL_A_BITSET_BITS_BIT" },
      { name: "ethtool_bitset_bit", holds: "ETHTOOL_A_BITSET_BIT_NAME" },
      { name: "ethtool_linkmodes", holds: "ETHTOOL_A_LINKMODES_SPEED" },
      { name: "ethtool_linkstate", holds: "ETHTOOL_A_LINKSTATE_LINK" },
      { name: "ethtool_features", holds: "ETHTOOL_A_FEATURES_HW" },
      { name: "ethtool_rings", holds: "ETHTOOL_A_RINGS_RX" },
      { name: "ethtool_channels", holds: "ETHTOOL_A_CHANNELS_RX_MAX" },
    ],
    structures: [structure("ethtool_drvinfo"), structure("ifreq", ["ifr_ifrn", "ifr_ifru"])],
  },
};
