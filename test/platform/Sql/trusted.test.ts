import { assert, it } from "@effect/vitest"
import { type Entry, faultOf } from "../../../src/platform/Sql/trusted.ts"

const entry = (uid: number, mode = 0o755, kind: Entry["kind"] = "directory"): Entry => ({
  kind,
  uid,
  gid: uid,
  mode
})

it.each<[string, Entry, number, Entry | undefined, string | undefined]>([
  ["a directory of root", entry(0), 0, undefined, undefined],
  ["a private directory of root", entry(0, 0o700), 0, undefined, undefined],
  ["a directory of another user", entry(33), 0, undefined, "belongs to uid 33"],
  ["a directory of the owner", entry(33), 33, undefined, undefined],
  ["a directory of neither root nor the owner", entry(34), 33, undefined, "belongs to uid 34"],
  ["one that its group may write", entry(0, 0o775), 0, undefined, "open to writes"],
  ["one that all may write", entry(0, 0o757), 0, entry(0), "open to writes"],
  ["a sticky one as the direct parent", entry(0, 0o1777), 0, undefined, "open to writes"],
  ["a sticky one above a child of root", entry(0, 0o1777), 0, entry(0), undefined],
  ["a sticky one above a child of another user", entry(0, 0o1777), 33, entry(33), "open to writes"],
  ["a sticky one of another user", entry(33, 0o1777), 0, entry(0), "belongs to uid 33"],
  ["a link of root", entry(0, 0o777, "link"), 0, undefined, undefined],
  ["a link of another user", entry(33, 0o777, "link"), 0, undefined, "belongs to uid 33"],
  ["a file", entry(0, 0o644, "file"), 0, undefined, "is not a directory"]
])("%s is trusted or not by its owner and mode", (_, found, owner, child, why) => {
  const fault = faultOf("/d", found, owner, child)
  if (why === undefined) assert.isUndefined(fault)
  else assert.include(fault?.why, why)
})
