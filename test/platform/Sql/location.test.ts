import { assert, it } from "@effect/vitest"
import { choose, type Place } from "../../../src/platform/Sql/location.ts"
import type { Entry } from "../../../src/platform/Sql/trusted.ts"

const entry = (uid: number, kind: Entry["kind"] = "directory"): Entry => ({
  kind,
  uid,
  gid: uid,
  mode: 0o700
})

const nobody = { uid: 65534, gid: 65534 }
const other = { uid: 33, gid: 33 }
const fault = { why: "its parent is open", remedy: "close it" }
const badRecord = { why: "the record is foreign", remedy: "move it away" }

type Facts = Partial<Omit<Place, "dir">>

const place = (dir: string, facts: Facts): Place => ({
  dir,
  parent: undefined,
  home: undefined,
  data: undefined,
  record: undefined,
  owner: undefined,
  reachable: true,
  ...facts
})

const free: Facts = {}
const closed: Facts = { reachable: false }
const open: Facts = { parent: fault }
const legacy: Facts = { home: entry(65534), data: entry(65534) }
const ours: Facts = { ...legacy, record: nobody }
const planted: Facts = { home: entry(33), data: entry(33) }

it.each<[string, Facts, Facts, string]>([
  ["a new home lies in DATA_DIR", free, free, "in DATA_DIR as 65534"],
  ["an empty home of root is taken", { home: entry(0) }, free, "in DATA_DIR as 65534"],
  ["a home left without data is taken", { home: entry(65534) }, free, "in DATA_DIR as 65534"],
  ["an empty home of another user is refused", { home: entry(33) }, { parent: fault }, "belongs to uid 33"],
  ["a recorded home is used", ours, free, "in DATA_DIR as 65534"],
  ["a recorded user is used", { ...planted, record: other }, free, "in DATA_DIR as 33"],
  ["a home without a record is used when the user nobody owns it", legacy, free, "in DATA_DIR as 65534"],
  ["a home of another user without a record is refused", planted, free, "belongs to uid 33"],
  [
    "a home of another user than recorded is refused",
    { ...planted, record: nobody },
    free,
    "belongs to uid 33"
  ],
  ["data of another user is refused", { ...ours, data: entry(33) }, free, "/DATA_DIR/data belongs to uid 33"],
  ["data of root is refused", { ...ours, data: entry(0) }, free, "/DATA_DIR/data belongs to uid 0"],
  ["a link as home is refused", { ...ours, home: entry(0, "link") }, free, "/DATA_DIR is a symbolic link"],
  ["a link as data is refused", { ...ours, data: entry(65534, "link") }, free, "data is a symbolic link"],
  ["a file as data is refused", { ...ours, data: entry(65534, "file") }, free, "data is not a directory"],
  ["a foreign record is refused", { ...legacy, record: badRecord }, free, "the record is foreign"],
  ["a foreign record without a home is refused", { record: badRecord }, free, "the record is foreign"],
  ["a recorded home in an open parent is refused", { ...ours, parent: fault }, free, "its parent is open"],
  ["a home that its user cannot reach is refused", { ...ours, reachable: false }, free, "cannot reach"],
  [
    "the database of DATA_DIR's owner is that user's",
    { ...planted, owner: other },
    free,
    "in DATA_DIR as 33"
  ],
  ["a closed DATA_DIR leads to the state directory", closed, free, "in state as 65534"],
  ["an open DATA_DIR leads to the state directory", open, free, "in state as 65534"],
  ["a closed DATA_DIR and no state directory are refused", closed, open, "nor in /state, because its parent"],
  ["a state home without a record is used when the user nobody owns it", closed, legacy, "in state as 65534"],
  ["a state home of another user is refused", closed, planted, "/state belongs to uid 33"],
  ["a state home in an open parent is refused", closed, { ...planted, parent: fault }, "its parent is open"],
  ["a recorded state home stays when DATA_DIR opens", free, ours, "in state as 65534"],
  ["a recorded state home wins over one without a record", legacy, ours, "in state as 65534"],
  [
    "a recorded state home wins over the one of an owner",
    { ...planted, owner: other },
    ours,
    "in state as 65534"
  ],
  ["a recorded home in DATA_DIR wins over a recorded state home", ours, ours, "in DATA_DIR as 65534"],
  [
    "a state home without a record is not adopted beside a usable DATA_DIR",
    free,
    legacy,
    "no record that root"
  ],
  [
    "a recorded state home that cannot be reached is not replaced",
    free,
    { ...ours, ...closed },
    "cannot reach /state"
  ],
  [
    "a recorded state home in an open parent is not replaced",
    free,
    { ...ours, ...open },
    "its parent is open"
  ],
  [
    "a state home planted in an open parent is passed over",
    free,
    { ...legacy, ...open },
    "in DATA_DIR as 65534"
  ]
])("%s", (_, inPlace, state, expected) => {
  const choice = choose(place("/DATA_DIR", inPlace), place("/state", state))
  const found =
    choice._tag === "Use" ? `in ${choice.place.dir.slice(1)} as ${choice.user.uid}` : choice.fault.why
  if (expected.startsWith("in ")) assert.strictEqual(found, expected)
  else assert.include(found, expected)
})
