import type { ElementNode, GlobalNode, KernelFieldNode, MemberNode } from "./access.ts";
import type { AssignNode, UpdateNode } from "./assignment.ts";
import type { BuiltinNode, CallNode } from "./call.ts";
import type { ConfigNode, LiteralNode, LocalNode, NullNode } from "./leaf.ts";
import type {
  BinaryNode,
  CompareNode,
  ConditionalNode,
  ConvertNode,
  LogicalNode,
  NotNode,
  NullTestNode,
} from "./operation.ts";
import type { OptionalNode } from "./optional.ts";
import type { ListNode, RecordNode } from "./record.ts";

/** An expression whose type and operators are settled. */
export type Expression =
  | LiteralNode
  | NullNode
  | ConfigNode
  | LocalNode
  | GlobalNode
  | MemberNode
  | ElementNode
  | KernelFieldNode
  | ConvertNode
  | BinaryNode
  | CompareNode
  | NullTestNode
  | LogicalNode
  | NotNode
  | ConditionalNode
  | OptionalNode
  | AssignNode
  | UpdateNode
  | CallNode
  | BuiltinNode
  | RecordNode
  | ListNode;
