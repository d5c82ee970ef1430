import * as Effect from "effect/Effect"
import { createHash } from "node:crypto"
import { chmodSync, chownSync, existsSync, mkdirSync, realpathSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, dirname, join } from "node:path"
import { DatabaseError, messageOf } from "./DatabaseError.ts"

export interface User {
  readonly uid: number
  readonly gid: number
}

/** The private directory of one embedded database; `user` runs its server when that is not us. */
export interface Home {
  readonly dir: string
  readonly data: string
  readonly log: string
  readonly user: User | undefined
}

export interface HomeOptions {
  readonly dataDir: string
  /** Where root keeps a database whose `dataDir` the server's user cannot reach. */
  readonly stateDir?: string | undefined
}

const nobody: User = { uid: 65534, gid: 65534 }

/** Whether `user` may pass through `dir` and all its parents. */
export const reachable = (dir: string, user: User | undefined): boolean => {
  if (user === undefined) return true
  const { mode, uid, gid } = statSync(dir)
  const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
  return (mode & bit) !== 0 && (dir === dirname(dir) || reachable(dirname(dir), user))
}

const ownerOf = (dir: string): User | undefined => {
  if (!existsSync(dir)) return undefined
  const { uid, gid } = statSync(dir)
  return uid === 0 ? undefined : { uid, gid }
}

const writable = (dir: string): boolean => {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o755 })
    return statSync(dir).uid === 0
  } catch {
    return false
  }
}

const homeOf = (dir: string, user: User | undefined): Home => ({
  dir,
  data: join(dir, "data"),
  log: join(dir, "postgres.log"),
  user
})

const makePrivate = (home: Home): Home => {
  mkdirSync(home.dir, { recursive: true, mode: 0o700 })
  if (home.user !== undefined) chownSync(home.dir, home.user.uid, home.user.gid)
  chmodSync(home.dir, 0o700)
  return home
}

const asUser = (dataDir: string, uid: number | undefined): Home => {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const home = homeOf(join(realpathSync(dataDir), "postgres"), undefined)
  const owner = existsSync(home.dir) ? statSync(home.dir).uid : uid
  if (owner !== uid) throw new Error(`${home.dir} belongs to uid ${owner}, this process is uid ${uid}`)
  return makePrivate(home)
}

const asRoot = (options: HomeOptions): Home => {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o755 })
  const base = realpathSync(options.dataDir)
  const inPlace = join(base, "postgres")
  const key = createHash("sha256").update(base).digest("hex").slice(0, 12)
  const states =
    options.stateDir === undefined
      ? ["/var/lib/ai-implement", join(tmpdir(), "ai-implement")]
      : [options.stateDir]

  const existing = [inPlace, ...states.map((state) => join(state, key))].find((dir) =>
    existsSync(join(dir, "data"))
  )
  const user = ownerOf(existing ?? inPlace) ?? nobody
  const choose = () => {
    const state = reachable(base, user)
      ? undefined
      : states.find((state) => writable(state) && reachable(state, user))
    return state === undefined ? inPlace : join(state, key)
  }
  const dir = existing ?? choose()
  if (!reachable(dirname(dir), user))
    throw new Error(`uid ${user.uid}, which runs PostgreSQL, cannot reach ${dir}`)
  return makePrivate(homeOf(join(realpathSync(dirname(dir)), basename(dir)), user))
}

/** Finds or makes the directory; root hands it to an unprivileged user, because PostgreSQL refuses to run as root. */
export const prepare = Effect.fnUntraced(function* (options: HomeOptions) {
  const uid = process.getuid?.()
  const home = yield* Effect.try({
    try: () => (uid === 0 ? asRoot(options) : asUser(options.dataDir, uid)),
    catch: (cause) =>
      new DatabaseError({
        reason: "Inaccessible",
        message:
          `The embedded database cannot use DATA_DIR ${options.dataDir}: ${messageOf(cause)}. ` +
          "Its contents were left unchanged. Make it accessible, choose another DATA_DIR, or set DATABASE_URL."
      })
  })
  if (uid === 0 && !home.dir.startsWith(realpathSync(options.dataDir))) {
    yield* Effect.logWarning(
      `DATA_DIR ${options.dataDir} is closed to uid ${home.user?.uid}, so the database is kept in ${home.dir}. Include it in backups.`
    )
  }
  return home
})
