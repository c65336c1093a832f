import { ERRNO } from "../../errors/errno.ts";
import { systemError } from "../../errors/system-error.ts";
import { arena } from "../../memory/arena.ts";
import { nativeCalls } from "../../native/current-calls.ts";
import { ethtool_drvinfo, ifreq } from "../../uapi/ethtool.generated.ts";
import { ETHTOOL_GDRVINFO, SIOCETHTOOL } from "../../uapi/macros.ts";
import { StructureView } from "../../uapi/structure-view.ts";
import { NetlinkSocket } from "../netlink-socket.ts";
import { RTNETLINK } from "../route-request.ts";

/** The driver of an interface. Undefined is what it leaves empty. */
export interface DriverInfo {
  /** `virtio_net`, `ixgbe`; often the name of the module. */
  readonly name: string;
  /** Of drivers in the kernel that do not number themselves: the kernel's release. */
  readonly version: string | undefined;
  readonly firmware: string | undefined;
  /** Where the hardware is: `0000:00:03.0` for PCI; what virtual drivers say is not an address. */
  readonly bus: string | undefined;
}

/**
 * The driver of an interface, as `ethtool -i` shows it.
 *
 * This one is asked by ioctl(2), because ethtool's netlink family has no message for it, on no kernel: its authors left it to
 * devlink, which virtual drivers and many others do not have.
 *
 * @param name of the interface, not an alternative one: ioctl(2) knows no others and takes no index
 * @example
 * ```ts
 * driverInfo("eth0"); // { name: "virtio_net", version: "1.0.0", firmware: undefined, bus: "0000:00:03.0" }
 * ```
 * @returns undefined when the driver does not tell
 * @throws {KernelError} `WEIR_NO_INTERFACE`
 * @see https://docs.kernel.org/networking/ethtool-netlink.html#request-translation
 */
export function driverInfo(name: string): DriverInfo | undefined {
  // Any socket will do to say which network namespace is meant; this one is there without IPv4 too.
  using socket = new NetlinkSocket(RTNETLINK);
  using information = arena().allocate(ethtool_drvinfo.size);
  using request = arena().allocate(ifreq.size);
  const answer = new StructureView(ethtool_drvinfo, information.view).assign({ cmd: ETHTOOL_GDRVINFO });
  const question = new StructureView(ifreq, request.view).assign({ "ifr_ifru.ifru_data": information.address });
  question.setText("ifr_ifrn.ifrn_name", name);
  const result = nativeCalls().ioctl(socket.number, SIOCETHTOOL, request.address);
  if (result === -ERRNO.EOPNOTSUPP) return undefined;
  if (result < 0) throw systemError("ETHTOOL_GDRVINFO", `interface "${name}"`, -result);
  return {
    name: answer.text("driver"),
    version: told(answer.text("version")),
    firmware: told(answer.text("fw_version")),
    bus: told(answer.text("bus_info")),
  };
}

/** Drivers write "N/A", or nothing, for what they do not have. */
function told(text: string): string | undefined {
  return text === "" || text === "N/A" ? undefined : text;
}
