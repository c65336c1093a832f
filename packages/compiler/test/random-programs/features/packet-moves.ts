import type { Feature, StatementMaker } from "../feature.ts";
import type { Scalar } from "../records.ts";

interface Room {
  readonly name: string;
  readonly bytes: number;
  readonly fields: Readonly<Record<string, Scalar>>;
}

/** Rooms in front of the packet, which are written whole, as programs do: drivers leave anything in them. */
const ROOMS: readonly [Room, ...Room[]] = [
  { name: "Room4", bytes: 4, fields: { first: "u32" } },
  { name: "Room8", bytes: 8, fields: { first: "u16", second: "be32", third: "i16" } },
  { name: "Room14", bytes: 14, fields: { first: "u64", second: "be16", third: "i32" } },
];

/** Room in front of the packet. */
const growHead: StatementMaker = (scope, generator) => {
  const { random, values } = generator;
  const room = random.pick(ROOMS);
  const after = scope.withoutPacketRecords();
  const name = generator.name("m");
  const writes = Object.entries(room.fields).map(
    ([field, type]) => `${name}.${field} = ${values.scalar(type, after, 1)};`,
  );
  const text = [
    `if (packet.adjustHead(-${room.bytes}) !== 0) ${generator.leave(after)}`,
    `const ${name} = packet.at(${room.name}, 0);`,
    `if (${name} === null) ${generator.leave(after)}`,
    ...writes,
  ].join("\n");
  return { text, scope: after };
};

/** Less packet at its start, more or less at its end; also where there is not so much. */
const moveEnds: StatementMaker = (scope, generator) => {
  const { random, values } = generator;
  const after = scope.withoutPacketRecords();
  const amount = random.pick([
    () => String(random.below(40)),
    () => `((${values.wide("u32", scope, 1)} & 31) as i32)`,
    () => String(random.pick([-1000, 5000, 0])),
  ])();
  const tail = random.pick([amount, `((${values.wide("u32", scope, 1)} & 63) as i32) - 32`]);
  // A start that goes back is for those who write what is in front then.
  const call =
    random.chance(50) || amount.startsWith("-") ? `packet.adjustTail(${tail})` : `packet.adjustHead(${amount})`;
  const result = values.variable(scope, "i32");
  return { text: result === undefined ? `${call};` : `${result} = ${call};`, scope: after };
};

/** Only where no record of the packet that is in reach would be dead behind it. */
const carefully =
  (make: StatementMaker): StatementMaker =>
  (scope, generator) => {
    const { frame, loops, depth, records, arrays } = scope;
    const endangers = [...records, ...arrays].some(({ lies }) => lies === "packet");
    if (!frame.isProgram || loops.length > 0 || (depth > 0 && endangers)) return undefined;
    return make(scope, generator);
  };

/** The packet's start and end, moved. */
export const packetMoves: Feature = {
  declare: () =>
    ROOMS.map(({ name, fields }) => {
      const list = Object.entries(fields).map(([field, type]) => `${field}: ${type}`);
      return `const ${name} = packed({ ${list.join(", ")} });`;
    }),
  statements: [
    [1, carefully((scope, generator) => (generator.random.chance(50) ? growHead : moveEnds)(scope, generator))],
  ],
};
