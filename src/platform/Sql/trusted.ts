import {
  lstatSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync
} from "node:fs"
import { dirname, resolve } from "node:path"

export interface User {
  readonly uid: number
  readonly gid: number
}

/** The entry at a path, without following a symbolic link. */
export interface Entry extends User {
  readonly kind: "directory" | "link" | "file" | "other"
  readonly mode: number
}

/** Why root does not use a path, and what the operator can do about it. */
export interface Fault {
  readonly why: string
  readonly remedy: string
}

export const look = (path: string): Entry | undefined => {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined) return undefined
  const kind = found.isDirectory()
    ? "directory"
    : found.isSymbolicLink()
      ? "link"
      : found.isFile()
        ? "file"
        : "other"
  return { kind, uid: found.uid, gid: found.gid, mode: found.mode & 0o7777 }
}

/**
 * Why users other than root and `owner` could replace entries of the directory `path`.
 * In a sticky directory no one else can replace a `child` of root.
 */
export const faultOf = (
  path: string,
  entry: Entry,
  owner: number,
  child: Entry | undefined
): Fault | undefined => {
  if (entry.uid !== 0 && entry.uid !== owner)
    return {
      why: `${path} belongs to uid ${entry.uid} instead of root`,
      remedy: "make root its owner"
    }
  if (entry.kind === "link") return undefined
  if (entry.kind !== "directory") return { why: `${path} is not a directory`, remedy: "move it away" }
  const sticky = child !== undefined && (entry.mode & 0o1000) !== 0
  if ((entry.mode & 0o022) === 0 || (sticky && child.uid === 0)) return undefined
  return {
    why: `${path} is open to writes of other users`,
    remedy: sticky ? "make root the owner of the directory in it" : "close it to them (chmod go-w)"
  }
}

/** `faultOf` for the directory, its parents and every link on the way. */
export const distrust = (path: string, owner = 0, child?: Entry): Fault | undefined => {
  const entry = look(path)
  if (entry === undefined) return { why: `${path} does not exist`, remedy: "make it" }
  const parent = dirname(path)
  const fault =
    (path === parent ? undefined : distrust(parent, owner, entry)) ?? faultOf(path, entry, owner, child)
  if (fault !== undefined || entry.kind !== "link") return fault
  return distrust(resolve(realpathSync(parent), readlinkSync(path)), owner, child)
}

/** Whether `user` may pass through `dir` and all its parents. */
export const reachable = (dir: string, user: User | undefined): boolean => {
  if (user === undefined) return true
  const { mode, uid, gid } = statSync(dir)
  const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
  return (mode & bit) !== 0 && (dir === dirname(dir) || reachable(dirname(dir), user))
}

/** The path itself, or the nearest of its parents that exists. */
export const nearest = (path: string): string => (look(path) === undefined ? nearest(dirname(path)) : path)

const recordPath = (home: string) => `${home}.owner`

/** The user for which root made the home; the record is beside the home, where only root can write. */
export const readRecord = (home: string): User | Fault | undefined => {
  const path = recordPath(home)
  const entry = look(path)
  if (entry === undefined) return undefined
  const ours = entry.kind === "file" && entry.uid === 0 && (entry.mode & 0o022) === 0
  const [, uid, gid] = (ours && /^([1-9]\d*):(\d+)\n$/.exec(readFileSync(path, "utf8"))) || []
  return uid === undefined
    ? { why: `${path} is not a record that root wrote`, remedy: "move it away" }
    : { uid: Number(uid), gid: Number(gid) }
}

export const writeRecord = (home: string, user: User) => {
  const partial = `${recordPath(home)}.${process.pid}`
  writeFileSync(partial, `${user.uid}:${user.gid}\n`, { mode: 0o644 })
  renameSync(partial, recordPath(home))
}
