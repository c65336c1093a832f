import type { Btf } from "../../btf/btf.ts";
import type { MapSpec } from "../../spec.ts";

/** A part of a value that belongs to the kernel: it is not copied, and programs reach it through helpers only. */
export interface SpecialField {
  readonly kind: "lock" | "timer";
  readonly offset: number;
  readonly size: number;
}

const KINDS: Readonly<Record<string, SpecialField["kind"]>> = { bpf_spin_lock: "lock", bpf_timer: "timer" };

/** The special fields of a map's values, which only BTF tells. */
export function specialFieldsOf({ valueType }: MapSpec, btf: Btf | undefined): readonly SpecialField[] {
  return btf === undefined || valueType === 0 ? [] : [...fieldsIn(btf, valueType, 0)];
}

function* fieldsIn(btf: Btf, id: number, offset: number): Generator<SpecialField> {
  const { type } = btf.bare(id);
  switch (type.kind) {
    case "struct": {
      const kind = KINDS[type.name];
      if (kind !== undefined) yield { kind, offset, size: type.size };
      else
        for (const member of type.members) yield* fieldsIn(btf, member.type, offset + Math.floor(member.bitOffset / 8));
      return;
    }
    case "section":
      for (const variable of type.variables) yield* fieldsIn(btf, variable.type, offset + variable.offset);
      return;
    case "variable":
      yield* fieldsIn(btf, type.type, offset);
      return;
    case "array":
      for (let index = 0; index < type.length; index++) {
        const inside = [...fieldsIn(btf, type.type, offset + index * btf.sizeOf(type.type))];
        if (inside.length === 0) return;
        yield* inside;
      }
      return;
    default:
      return;
  }
}
