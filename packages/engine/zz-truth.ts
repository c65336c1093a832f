import { readFileSync } from "node:fs";
import { replay } from "./src/index.ts";
const truth = JSON.parse(readFileSync("/work/shared/captures/truth.json","utf8"));
let bad=0;
for (const c of truth.captures) {
  let r; try { r = await replay("/work/shared/captures/"+c.file, {limit: 1e6}); } catch(e) { console.log(c.file, e); bad++; continue; }
  const diffs: string[]=[];
  for (const [k,v] of Object.entries(r.counters)) if (k in c.counters && Number(v)!==c.counters[k]) diffs.push(`${k} ${v} != ${c.counters[k]}`);
  const mine=new Set(r.connections.map(x=>[x.protocol.number,x.source,x.sourcePort,x.destination,x.destinationPort,x.kind,x.packets,x.bytes].join()));
  for (const row of c.connections) if (!mine.delete(row.join())) diffs.push("missing "+row.join());
  for (const m of mine) diffs.push("extra "+m);
  if (diffs.length) { bad++; console.log(c.file, c.strict, Object.keys(c.alternatives), diffs.slice(0,5).join("; ")); }
}
console.log("bad", bad);
