import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as References from "effect/References"
import { createHash } from "node:crypto"
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { join } from "node:path"
import { type HomeOptions, prepare } from "../../../src/platform/Sql/home.ts"
import { folder } from "../../support/postgres.ts"
import { launch } from "../../support/process.ts"

const root = process.getuid?.() === 0
const quietly = Effect.provideService(References.MinimumLogLevel, "None")

const keyOf = (dataDir: string) => createHash("sha256").update(dataDir).digest("hex").slice(0, 12)

/** A directory of this owner and mode, whatever the umask. */
const directory = (path: string, uid = 0, mode = 0o755) => {
  mkdirSync(path, { recursive: true })
  chownSync(path, uid, uid)
  chmodSync(path, mode)
  return path
}

const plant = (home: string, uid = 33) => {
  directory(home, uid, 0o700)
  directory(join(home, "data"), uid, 0o700)
  return home
}

const seal = (path: string): ReadonlyArray<string> => {
  const { gid, mode, uid } = lstatSync(path)
  const own = `${path} ${uid}:${gid} ${mode.toString(8)}`
  return lstatSync(path).isDirectory()
    ? [own, ...readdirSync(path).flatMap((name) => seal(join(path, name)))]
    : [own]
}

const refused = Effect.fnUntraced(function* (options: HomeOptions, why: string, unchanged: string) {
  const before = seal(unchanged)
  const error = yield* Effect.flip(prepare(options))
  assert.strictEqual(error._tag, "DatabaseError")
  assert.strictEqual(error.reason, "Inaccessible")
  assert.include(error.message, why)
  assert.match(error.message, /; nothing was changed: .+, choose another DATA_DIR, or set DATABASE_URL\.$/)
  assert.deepStrictEqual(seal(unchanged), before)
})

const scene = Effect.map(folder, (dir) => ({
  dir,
  dataDir: directory(join(dir, "data")),
  closed: directory(join(directory(join(dir, "private"), 0, 0o700), "data")),
  stateDir: join(dir, "state")
}))

describe.runIf(root)("a home that root prepares", () => {
  it.effect("is recorded beside it, and given to the recorded user", () =>
    Effect.gen(function* () {
      const { dataDir, stateDir } = yield* scene
      const home = yield* prepare({ dataDir, stateDir })
      assert.deepStrictEqual(home.user, { uid: 65534, gid: 65534 })
      assert.deepStrictEqual(seal(dataDir).slice(1), [
        `${home.dir} 65534:65534 40700`,
        `${home.dir}.owner 0:0 100644`
      ])
      assert.strictEqual(readFileSync(`${home.dir}.owner`, "utf8"), "65534:65534\n")
      assert.isFalse(existsSync(stateDir))
    }).pipe(quietly)
  )

  it.effect("does not lie below TMPDIR, whoever made a database there", () =>
    Effect.gen(function* () {
      for (const [above, uid] of [
        [33, 33],
        [0, 65534]
      ] as const) {
        const { dataDir, dir } = yield* scene
        const tmp = directory(join(dir, "tmp"), 0, above === 0 ? 0o755 : 0o1777)
        const planted = plant(join(directory(join(tmp, "ai-implement"), above), keyOf(dataDir)), uid)
        const before = seal(planted)
        const child = yield* launch(new URL("fixtures/prepare.ts", import.meta.url), {
          args: [dataDir],
          env: { TMPDIR: tmp }
        })
        assert.deepStrictEqual(yield* child.line, { dir: join(dataDir, "postgres"), uid: 65534 })
        assert.deepStrictEqual(seal(planted), before)
      }
    }).pipe(quietly)
  )

  it.effect("does not lie in a state directory that another user owns or may write to", () =>
    Effect.gen(function* () {
      for (const [uid, mode] of [
        [33, 0o755],
        [0, 0o1777],
        [0, 0o775]
      ] as const) {
        const { closed, dataDir, dir, stateDir } = yield* scene
        directory(stateDir, uid, mode)
        const planted = plant(join(stateDir, keyOf(dataDir)))
        plant(join(stateDir, keyOf(closed)))
        const before = seal(planted)
        yield* refused({ dataDir: closed, stateDir }, `nor in ${stateDir}`, dir)
        const home = yield* prepare({ dataDir, stateDir })
        assert.strictEqual(home.dir, join(dataDir, "postgres"))
        assert.deepStrictEqual(seal(planted), before)
      }
    }).pipe(quietly)
  )

  it.effect("is refused as a link, and the directory behind the link keeps its owner and mode", () =>
    Effect.gen(function* () {
      const { closed, dataDir, dir, stateDir } = yield* scene
      const target = directory(join(dir, "target"))
      directory(join(target, "data"))
      symlinkSync(target, join(dataDir, "postgres"))
      yield* refused({ dataDir, stateDir }, "postgres is a symbolic link", dir)
      symlinkSync(target, join(directory(stateDir), keyOf(closed)))
      yield* refused({ dataDir: closed, stateDir }, "is a symbolic link", dir)
    }).pipe(quietly)
  )

  it.effect("is refused with data that is a link", () =>
    Effect.gen(function* () {
      const { dataDir, dir, stateDir } = yield* scene
      const target = directory(join(dir, "target"), 65534)
      const home = yield* prepare({ dataDir, stateDir })
      symlinkSync(target, home.data)
      lchownSync(home.data, 65534, 65534)
      yield* refused({ dataDir, stateDir }, "data is a symbolic link", dir)
    }).pipe(quietly)
  )

  it.effect("is refused with a home or data of a user who was not recorded", () =>
    Effect.gen(function* () {
      const { dataDir, dir, stateDir } = yield* scene
      const home = plant(join(dataDir, "postgres"))
      yield* refused({ dataDir, stateDir }, "postgres belongs to uid 33", dir)
      chownSync(home, 65534, 65534)
      yield* refused({ dataDir, stateDir }, "data belongs to uid 33", dir)
    }).pipe(quietly)
  )

  it.effect("is refused where its parents are open to writes of others", () =>
    Effect.gen(function* () {
      const { dir, stateDir } = yield* scene
      const above = directory(join(dir, "above"))
      const dataDir = directory(join(above, "data"))
      plant((yield* prepare({ dataDir, stateDir })).dir, 65534)
      for (const mode of [0o775, 0o757, 0o1777]) {
        chmodSync(dataDir, mode)
        yield* refused({ dataDir, stateDir }, `${dataDir} is open to writes`, dir)
      }
      chmodSync(dataDir, 0o755)
      for (const mode of [0o775, 0o757]) {
        chmodSync(above, mode)
        yield* refused({ dataDir, stateDir }, `${above} is open to writes`, dir)
      }
      directory(above, 33)
      yield* refused({ dataDir, stateDir }, `${above} belongs to uid 33`, dir)
      directory(above, 0, 0o1777)
      assert.strictEqual((yield* prepare({ dataDir, stateDir })).dir, join(dataDir, "postgres"))
    }).pipe(quietly)
  )

  it.effect("is refused with a record that root did not write", () =>
    Effect.gen(function* () {
      const { dataDir, dir, stateDir } = yield* scene
      const record = join(dataDir, "postgres.owner")
      plant(join(dataDir, "postgres"))
      const real = join(dir, "real")
      for (const text of ["33:33\n", "0:0\n", ""]) {
        writeFileSync(record, text)
        chownSync(record, text === "33:33\n" ? 33 : 0, 0)
        yield* refused({ dataDir, stateDir }, "is not a record that root wrote", dir)
      }
      renameSync(record, real)
      writeFileSync(real, "33:33\n")
      symlinkSync(real, record)
      yield* refused({ dataDir, stateDir }, "is not a record that root wrote", dir)
    }).pipe(quietly)
  )

  it.effect("of another user is refused where DATA_DIR of that user lies in a sticky directory", () =>
    Effect.gen(function* () {
      const { dir, stateDir } = yield* scene
      const dataDir = directory(join(directory(join(dir, "sticky"), 0, 0o1777), "data"), 33)
      plant(join(dataDir, "postgres"))
      yield* refused({ dataDir, stateDir }, "sticky is open to writes", dir)
    }).pipe(quietly)
  )

  it.effect("is refused where a link on the way to DATA_DIR belongs to another user", () =>
    Effect.gen(function* () {
      const { dataDir, dir, stateDir } = yield* scene
      const link = join(dir, "link")
      symlinkSync(dataDir, link)
      assert.strictEqual((yield* prepare({ dataDir: link, stateDir })).dir, join(dataDir, "postgres"))
      lchownSync(link, 33, 33)
      plant(join(dataDir, "postgres"), 65534)
      yield* refused({ dataDir: link, stateDir }, `${link} belongs to uid 33`, dir)
    }).pipe(quietly)
  )

  it.effect("of a release without records is adopted from the state directory of root", () =>
    Effect.gen(function* () {
      const { closed, stateDir } = yield* scene
      directory(stateDir)
      const home = plant(join(stateDir, keyOf(closed)), 65534)
      assert.strictEqual((yield* prepare({ dataDir: closed, stateDir })).dir, home)
      assert.strictEqual(readFileSync(`${home}.owner`, "utf8"), "65534:65534\n")
    }).pipe(quietly)
  )
})
