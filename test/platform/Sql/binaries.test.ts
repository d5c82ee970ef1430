import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync
} from "node:fs"
import { execFileSync } from "node:child_process"
import { dirname, join } from "node:path"
import { find, place } from "../../../src/platform/Sql/binaries.ts"
import { prepare } from "../../../src/platform/Sql/home.ts"
import { folder } from "../../support/postgres.ts"

const removeLinks = (dir: string) => {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (entry.isSymbolicLink()) rmSync(join(dir, entry.name))
  }
}

it.effect("makes the libraries' short names where the install script did not", () =>
  Effect.gen(function* () {
    const dir = yield* folder
    const home = yield* prepare({ dataDir: join(dir, "data") })
    const installed = yield* find(home)
    const native = join(dir, "native")
    for (const name of ["bin", "lib"]) mkdirSync(join(native, name), { recursive: true })
    const list = "pg-symlinks.json"
    copyFileSync(join(dirname(dirname(installed.postgres)), list), join(native, list))
    assert.strictEqual(place(native, "18", home), native)
    assert.match(readlinkSync(join(native, "lib", "libpq.so.5")), /^libpq\.so\.5\.\d+$/)
  })
)

it.effect.runIf(process.getuid?.() === 0)("copies PostgreSQL to where its user can run it", () =>
  Effect.gen(function* () {
    const dir = yield* folder
    const home = yield* prepare({ dataDir: join(dir, "data") })
    const installed = yield* find(home)
    const native = join(dir, "closed", "native")
    mkdirSync(dirname(native))
    cpSync(dirname(dirname(installed.postgres)), native, { recursive: true, verbatimSymlinks: true })
    removeLinks(join(native, "lib"))
    chmodSync(dirname(native), 0o700)
    const copied = place(native, "18", home)
    assert.strictEqual(copied, join(home.dir, "pg-18"))
    assert.isTrue(existsSync(join(copied, "lib", "libpq.so.5")))
    assert.strictEqual(statSync(join(copied, "bin", "postgres")).uid, home.user?.uid)
    const version = execFileSync(join(copied, "bin", "initdb"), ["--version"], {
      encoding: "utf8",
      cwd: "/",
      ...home.user
    })
    assert.include(version, "initdb (PostgreSQL) 18")
    assert.strictEqual(place(native, "18", home), copied)
  })
)
