import { probeNeeds } from "../packages/engine/src/detect/needs.ts";
console.time("x"); console.log(JSON.stringify(probeNeeds(), null, 1).slice(0,3000)); console.timeEnd("x");
