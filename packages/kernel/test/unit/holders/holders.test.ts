import { describeHolder } from "@weir/kernel";
import { expect, test } from "vitest";
import { parseDescriptorInfo } from "../../../src/holders/holding-processes.ts";
import { bpfMounts } from "../../../src/holders/pins.ts";

test("a descriptor's text says what it is of", () => {
  const program =
    "pos:\t0\nflags:\t02000002\nprog_type:\t6\nprog_jited:\t1\nprog_tag:\t3b185187f1855c4c\nprog_id:\t42\n";
  expect(parseDescriptorInfo(program)).toEqual({ kind: "program", programId: 42 });
  const link = "pos:\t0\nlink_type:\txdp\nlink_id:\t7\nprog_tag:\t3b185187f1855c4c\nprog_id:\t42\nifindex:\t2\n";
  expect(parseDescriptorInfo(link)).toEqual({ kind: "link", linkId: 7, programId: 42 });
  expect(parseDescriptorInfo("pos:\t0\nlink_type:\tstruct_ops\nlink_id:\t7\nmap_id:\t3\n")).toBeUndefined();
});

test("mount points of the BPF file system are found, also with a space in them", () => {
  const mounts =
    "sysfs /sys sysfs rw 0 0\nbpf /sys/fs/bpf bpf rw 0 0\nx /tmp/a\\040b bpf rw 0 0\nbpf /bpf tmpfs rw 0 0\n";
  expect(bpfMounts(mounts)).toEqual(["/sys/fs/bpf", "/tmp/a b"]);
});

test("a holder in words", () => {
  const held = { kind: "program", programId: 42 } as const;
  expect(describeHolder({ by: "process", pid: 9, command: "weir watch eth0", held })).toBe(
    "program 42, held by process 9 (weir watch eth0)",
  );
});
