export { type Btf, parseBtf, parseSplitBtf } from "./btf.ts";
export { BtfBuilder } from "./builder.ts";
export { btfOfLayout } from "./layout.ts";
export { loadableBtf } from "./loadable.ts";
export { layoutOfBtf } from "./read-layout.ts";
export { recordLayouts, tagRecord } from "./record-tag.ts";
export type { BtfInt, BtfKind, BtfLinkage, BtfMember, BtfType } from "./type.ts";
export { typeText } from "./type-text.ts";
