import { connectionAt } from "../src/flow-table/connection-row.ts";
import { IPV4_FLOWS, IPV6_FLOWS } from "../src/flow-table/flow-family.ts";
import { FlowRows } from "../src/flow-table/flow-rows.ts";
import { divide } from "../src/flow-table/flow-tables.ts";
import { growthSince } from "../src/flow-table/growth.ts";
import { rank } from "../src/flow-table/ranking.ts";
const cpu=()=>{const u=(process as any).threadCpuUsage();return (u.user+u.system)/1000};
for (const family of [IPV4_FLOWS, IPV6_FLOWS]) {
const N=100000, S=2, slots=133334; const memory=new ArrayBuffer(S*slots*family.size); const words=new Uint32Array(memory);
for(let q=0;q<S;q++)for(let c=0;c<N;c++){const s=(q*slots+c)*family.size/4;for(let w=0;w<family.keyWords;w++)words[s+family.keyStart+w]=Math.imul(c*11+w+1,0x9e3779b1);words[s+family.keyStart+family.protocol]=0x106;words[s+family.packets]=c;words[s+family.bytes]=c*60;words[s+family.lastSeen]=1}
const all:number[][]=[];
for(let r=0;r<9;r++){
 const t=[cpu()]; const copy=memory.slice(0); t.push(cpu());
 const rows=new FlowRows(family,copy); t.push(cpu());
 const tables=divide([rows],0n); t.push(cpu());
 const order=rank(tables,"packets",0,growthSince([]),connectionAt); t.push(cpu());
 const out=rank(tables,"packets",Infinity,growthSince([]),connectionAt); t.push(cpu());
 all.push(t.slice(1).map((x,i)=>x-t[i]!)); if(out.length+order.length<5)console.log("x");
}
const med=(k:number)=>all.map(a=>a[k]!).sort((a,b)=>a-b)[4]!.toFixed(1);
console.log(family.map,"copy",med(0),"rows",med(1),"divide",med(2),"sort",med(3),"sort+objects",med(4));
}
