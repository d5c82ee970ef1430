import type { Entry, Fault, User } from "./trusted.ts"

export interface Place {
  readonly dir: string
  /** What is wrong with the directory that holds the home. */
  readonly parent: Fault | undefined
  readonly home: Entry | undefined
  readonly data: Entry | undefined
  readonly record: User | Fault | undefined
  /** The ordinary owner of DATA_DIR, when its home and data are all of that user. */
  readonly owner: User | undefined
  /** Whether the server's user can reach the home's parent. */
  readonly reachable: boolean
}

export type Choice =
  | { readonly _tag: "Use"; readonly place: Place; readonly user: User; readonly because: string | undefined }
  | { readonly _tag: "Refuse"; readonly dir: string; readonly fault: Fault }

const nobody: User = { uid: 65534, gid: 65534 }

const isFault = (record: Place["record"]): record is Fault => record !== undefined && "why" in record

const recorded = ({ record }: Place) => record !== undefined && !isFault(record)

/** Earlier releases wrote no record and ran the server as nobody. */
export const userOf = ({ owner, record }: Pick<Place, "owner" | "record">): User =>
  owner ?? (record === undefined || isFault(record) ? nobody : record)

const notDirectory = (path: string, { kind }: Entry): Fault | undefined =>
  kind === "directory"
    ? undefined
    : {
        why: kind === "link" ? `${path} is a symbolic link` : `${path} is not a directory`,
        remedy: "put the directory itself there"
      }

const foreign = (path: string, uid: number, user: User): Fault => ({
  why: `${path} belongs to uid ${uid} instead of uid ${user.uid}, which runs PostgreSQL`,
  remedy: "move it away"
})

const contentFault = (place: Place): Fault | undefined => {
  const { data, dir, home } = place
  const user = userOf(place)
  if (home === undefined) return undefined
  const path = `${dir}/data`
  return (
    notDirectory(dir, home) ??
    (home.uid === 0 || home.uid === user.uid ? undefined : foreign(dir, home.uid, user)) ??
    (data === undefined ? undefined : notDirectory(path, data)) ??
    (data === undefined || data.uid === user.uid ? undefined : foreign(path, data.uid, user))
  )
}

const faultOf = (place: Place): Fault | undefined =>
  place.parent ??
  (isFault(place.record) ? place.record : undefined) ??
  contentFault(place) ??
  (place.reachable
    ? undefined
    : {
        why: `uid ${userOf(place).uid}, which runs PostgreSQL, cannot reach ${place.dir}`,
        remedy: "open the directories above it to that user (chmod o+x)"
      })

const occupied = ({ data, home, record }: Place) =>
  data !== undefined || isFault(record) || (home !== undefined && home.kind !== "directory")

const use = (place: Place, because?: string): Choice => ({
  _tag: "Use",
  place,
  user: userOf(place),
  because
})

/** Where root keeps the database: in DATA_DIR, or in the state directory where DATA_DIR cannot hold one. */
export const choose = (inPlace: Place, state: Place): Choice => {
  const { dir } = inPlace
  const fault = faultOf(inPlace)
  const stateFault = faultOf(state)
  const found = inPlace.data !== undefined
  const inState = state.data !== undefined && (recorded(state) || state.parent === undefined)
  const certain = fault === undefined && found && recorded(inPlace)

  if (inState && recorded(state) && stateFault === undefined && !certain)
    return use(state, "it was made there")
  if (fault === undefined) {
    if (found || !inState) return use(inPlace)
    const why = `there is a database in ${state.dir}, and ${stateFault?.why ?? "no record that root made it there"}`
    return { _tag: "Refuse", dir, fault: { why, remedy: stateFault?.remedy ?? `move it to ${dir}, or away` } }
  }
  if (occupied(inPlace)) return { _tag: "Refuse", dir, fault }
  if (stateFault === undefined) return use(state, fault.why)
  const why = `${fault.why}, nor in ${state.dir}, because ${stateFault.why}`
  return { _tag: "Refuse", dir, fault: { ...fault, why } }
}
