import * as Effect from "effect/Effect"
import { randomBytes } from "node:crypto"
import {
  closeSync,
  existsSync,
  fchownSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync
} from "node:fs"
import { join } from "node:path"
import type { Binaries } from "./binaries.ts"
import { DatabaseError } from "./DatabaseError.ts"
import type { Home } from "./home.ts"
import { alive, read, until } from "./processes.ts"
import { launch } from "./program.ts"

const flags = [
  "--username=postgres",
  "--encoding=UTF8",
  "--no-locale",
  "--locale-provider=builtin",
  "--builtin-locale=C.UTF-8",
  "--auth-local=trust",
  "--auth-host=scram-sha-256",
  "--no-sync"
]

/** The superuser's password; only a loopback port asks for it. */
export const passwordOf = (home: Home) => read(join(home.data, "password"))

const removeLeftovers = (home: Home) => {
  for (const name of readdirSync(home.dir)) {
    const pid = /^(?:data|password)\.new\.(\d+)$/.exec(name)?.[1]
    if (pid !== undefined && !alive(Number(pid)))
      rmSync(join(home.dir, name), { recursive: true, force: true })
  }
}

const adopt = (from: string, to: string) => {
  try {
    renameSync(from, to)
  } catch {
    rmSync(from, { recursive: true, force: true })
  }
}

const writePassword = (path: string, user: Home["user"]) => {
  const fd = openSync(path, "wx", 0o600)
  try {
    writeFileSync(fd, randomBytes(24).toString("base64url"))
    if (user !== undefined) fchownSync(fd, user.uid, user.gid)
  } finally {
    closeSync(fd)
  }
}

const initialise = Effect.fnUntraced(function* (home: Home, binaries: Binaries) {
  const data = join(home.dir, `data.new.${process.pid}`)
  const password = join(home.dir, `password.new.${process.pid}`)
  yield* Effect.sync(() => {
    removeLeftovers(home)
    for (const path of [data, password]) rmSync(path, { recursive: true, force: true })
    writePassword(password, home.user)
  })
  const program = yield* launch(home, binaries.initdb, [...flags, `--pgdata=${data}`, `--pwfile=${password}`])
  yield* until(program.ended, 120).pipe(Effect.onInterrupt(() => program.interrupt))
  if (!program.succeeded()) {
    yield* program.interrupt
    return yield* new DatabaseError({
      reason: "NotCreated",
      message: `PostgreSQL cannot create its data in ${home.dir}: ${program.complaint()} Nothing was stored. See ${home.log}.`
    })
  }
  renameSync(password, join(data, "password"))
  adopt(data, home.data)
})

const refusal = (home: Home, major: string, ours: string) =>
  major === ""
    ? `${home.data} is not a PostgreSQL data directory. It was left unchanged. Move it away, or choose another DATA_DIR.`
    : `${home.data} was made by PostgreSQL ${major}, and this release brings ${ours}. It was left unchanged. ` +
      "Start the release that made it, write a backup (npm run ai-implement -- backup), and restore it here into an empty DATA_DIR, or set DATABASE_URL."

/** Makes the data directory on the first start, and refuses one of another major version. */
export const ensureData = Effect.fnUntraced(function* (home: Home, binaries: Binaries) {
  if (!existsSync(home.data)) yield* initialise(home, binaries)
  const major = read(join(home.data, "PG_VERSION")).trim()
  if (major !== binaries.major) {
    return yield* new DatabaseError({ reason: "OtherVersion", message: refusal(home, major, binaries.major) })
  }
})
