/**
 * How VLAN tags are read: exactly as tcpdump does, which looks at what directly follows the frame's addresses unless the expression says
 * `vlan`, or through them: at what is behind all tags.
 */
export type VlanReading = "exact" | "through";
