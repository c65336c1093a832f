/** Where a program sends a packet with `XDP_REDIRECT` or `TC_ACT_REDIRECT`. */
export type Redirect =
  | { readonly to: "interface"; readonly interfaceIndex: number; readonly ingress: boolean }
  | { readonly to: "map"; readonly map: string; readonly key: number }
  | { readonly to: "all"; readonly map: string; readonly exceptIngress: boolean };
