import * as Effect from "effect/Effect"
import { createHash } from "node:crypto"
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  mkdirSync,
  openSync,
  realpathSync,
  statSync
} from "node:fs"
import { basename, dirname, join, resolve } from "node:path"
import { DatabaseError, messageOf } from "./DatabaseError.ts"
import { choose, type Place, userOf } from "./location.ts"
import {
  distrust,
  type Entry,
  type Fault,
  look,
  nearest,
  reachable,
  readRecord,
  type User,
  writeRecord
} from "./trusted.ts"

/** The private directory of one embedded database; `user` runs its server when it is not ours. */
export interface Home {
  readonly dir: string
  readonly data: string
  readonly log: string
  readonly user: User | undefined
}

export interface HomeOptions {
  readonly dataDir: string
  /** Where root keeps a database that `dataDir` cannot hold. */
  readonly stateDir?: string | undefined
}

const homeOf = (dir: string, user: User | undefined): Home => ({
  dir,
  data: join(dir, "data"),
  log: join(dir, "postgres.log"),
  user
})

const asUser = (dataDir: string, uid: number | undefined): Home => {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const home = homeOf(join(realpathSync(dataDir), "postgres"), undefined)
  const owner = existsSync(home.dir) ? statSync(home.dir).uid : uid
  if (owner !== uid) throw new Error(`${home.dir} belongs to uid ${owner}, this process is uid ${uid}`)
  mkdirSync(home.dir, { recursive: true, mode: 0o700 })
  chmodSync(home.dir, 0o700)
  return home
}

const madeByRoot: Entry = { kind: "directory", uid: 0, gid: 0, mode: 0o755 }

const survey = (path: string, dir: string, owner?: User): Place => {
  const existing = nearest(path)
  const record = owner === undefined ? readRecord(dir) : undefined
  return {
    dir,
    parent: distrust(existing, owner?.uid, existing === path ? undefined : madeByRoot),
    home: look(dir),
    data: look(join(dir, "data")),
    record,
    owner,
    reachable: reachable(realpathSync(existing), userOf({ owner, record }))
  }
}

// An ordinary user's DATA_DIR with that user's own database is trusted as much as that user.
const surveyDataDir = (path: string, dir: string): Place => {
  const { uid } = statSync(path)
  const home = look(dir)
  const own = uid !== 0 && home?.uid === uid && look(join(dir, "data"))?.uid === uid
  return survey(path, dir, own ? { uid, gid: home.gid } : undefined)
}

const give = (dir: string, { gid, uid }: User) => {
  const fd = openSync(dir, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  try {
    fchownSync(fd, uid, gid)
    fchmodSync(fd, 0o700)
  } finally {
    closeSync(fd)
  }
}

const refuse = (dir: string, { remedy, why }: Fault) =>
  new DatabaseError({
    reason: "Inaccessible",
    message:
      `The embedded database cannot be stored in ${dir}, because ${why}; ` +
      `nothing was changed: ${remedy}, choose another DATA_DIR, or set DATABASE_URL.`
  })

const asRoot = (options: HomeOptions) => {
  const dataDir = resolve(options.dataDir)
  mkdirSync(dataDir, { recursive: true, mode: 0o755 })
  const base = realpathSync(dataDir)
  const key = createHash("sha256").update(base).digest("hex").slice(0, 12)
  const stateDir = resolve(options.stateDir ?? "/var/lib/ai-implement")
  const inState = join(stateDir, key)
  const choice = choose(surveyDataDir(dataDir, join(base, "postgres")), survey(stateDir, inState))
  if (choice._tag === "Refuse") throw refuse(choice.dir, choice.fault)

  const { because, place, user } = choice
  const parent = dirname(place.dir)
  if (mkdirSync(parent, { recursive: true, mode: 0o755 }) !== undefined) chmodSync(parent, 0o755)
  const fault = distrust(parent, place.owner?.uid)
  if (fault !== undefined) throw refuse(place.dir, fault)
  const home = homeOf(join(realpathSync(parent), basename(place.dir)), user)
  if (place.owner === undefined) {
    if (place.record === undefined) writeRecord(home.dir, user)
    mkdirSync(home.dir, { recursive: true, mode: 0o700 })
    give(home.dir, user)
  }
  return { home, because }
}

/** Finds or makes the directory; root hands it to an unprivileged user, because PostgreSQL refuses to run as root. */
export const prepare = Effect.fnUntraced(function* (options: HomeOptions) {
  const uid = process.getuid?.()
  const { because, home } = yield* Effect.try({
    try: () => (uid === 0 ? asRoot(options) : { home: asUser(options.dataDir, uid), because: undefined }),
    catch: (cause) =>
      cause instanceof DatabaseError
        ? cause
        : new DatabaseError({
            reason: "Inaccessible",
            message:
              `The embedded database cannot use DATA_DIR ${options.dataDir}: ${messageOf(cause)}. ` +
              "Its contents were left unchanged. Make it accessible, choose another DATA_DIR, or set DATABASE_URL."
          })
  })
  if (because !== undefined) {
    yield* Effect.logWarning(
      `The embedded database is stored in ${home.dir}, because ${because}. Include it in backups.`
    )
  }
  return home
})
