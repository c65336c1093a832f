import { BpfMap } from "./bpf-map.ts";

/** Opens a pinned map for a typed view, and closes it again when the view refuses it. */
export function openOwned<View>(path: string, view: (map: BpfMap) => View): View {
  const map = BpfMap.open(path);
  try {
    return view(map);
  } catch (error) {
    map[Symbol.dispose]();
    throw error;
  }
}
