import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core"
import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { publint } from "publint"
import * as tar from "tar"
import { accessCode, server } from "../support/httpServer.ts"
import { command } from "../support/command.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const bin = (name: string) => join(root, "node_modules/.bin", name)

const succeed = Effect.fnUntraced(function* (program: string, args: ReadonlyArray<string>, cwd: string) {
  const said = yield* command(program, args, { cwd })
  assert.strictEqual(said.code, 0, said.out + said.err)
  return said
})

/** A project of someone else's with the packed package in it, without a registry. */
const project = Effect.gen(function* () {
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "ai-implement-client-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
  )
  yield* succeed(bin("tsc"), ["-p", "src/api/tsconfig.json"], root)
  const cache = join(folder, "npm-cache")
  yield* succeed("npm", ["pack", "--ignore-scripts", "--cache", cache, "--pack-destination", folder], root)
  const file = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? ""
  const tarball = readFileSync(join(folder, file))
  const installed = join(folder, "node_modules/ai-implement")
  mkdirSync(installed, { recursive: true })
  yield* Effect.promise(() => tar.extract({ file: join(folder, file), cwd: installed, strip: 1 }))
  symlinkSync(join(root, "node_modules/effect"), join(folder, "node_modules/effect"))
  writeFileSync(join(folder, "package.json"), `{ "type": "module" }`)
  return { folder, installed, tarball }
})

const use = `
import { ApiFailure, makePromiseClient } from "ai-implement/client"

const [url = "", code = ""] = process.argv.slice(2)
const { token, expiresAt } = await makePromiseClient({ url }).auth.signIn({ payload: { code } })
const client = makePromiseClient({ url, token })
const at: string = expiresAt
const [latest] = await client.dispatches.log({ query: { limit: 1 } })
const failed = await client.dispatches.cancel({ params: { id: latest?.id ?? "" } }).catch((error: unknown) => error)
console.log(at.length, latest?.issueIdentifier, failed instanceof ApiFailure && failed.reason)
// @ts-expect-error a route that there is not
client.dispatches.explode
// @ts-expect-error a time is text
const wrong: number = expiresAt
`

layer(server())("the package", (it) => {
  it.effect(
    "is well formed, has types, and works in a project without our other dependencies",
    () =>
      Effect.gen(function* () {
        const { folder, installed, tarball } = yield* project
        const { messages } = yield* Effect.promise(() => publint({ pkgDir: installed, strict: true }))
        assert.deepStrictEqual(messages, [])
        const wrong = yield* Effect.promise(() => checkPackage(createPackageFromTarballData(tarball)))
        assert(wrong.types !== false)
        const where = (problem: (typeof wrong.problems)[number]) =>
          "resolutionKind" in problem ? problem.resolutionKind : "anywhere"
        assert.deepStrictEqual(
          wrong.problems.filter((problem) => !["node10", "node16-cjs"].includes(where(problem))),
          []
        )
        const emitted = readdirSync(join(installed, "dist"), { recursive: true, encoding: "utf8" })
        for (const name of emitted.filter((each) => each.endsWith(".js"))) {
          assert.notMatch(
            readFileSync(join(installed, "dist", name), "utf8"),
            /from "(node:|@effect\/)|\.ts"/,
            name
          )
        }
        writeFileSync(join(folder, "use.ts"), use)
        yield* succeed(
          bin("tsc"),
          [
            "--noEmit",
            "--strict",
            "--skipLibCheck",
            "--module",
            "nodenext",
            "--types",
            "node",
            "--typeRoots",
            join(root, "node_modules/@types"),
            "use.ts"
          ],
          folder
        )
        const { address } = yield* HttpServer.HttpServer
        const url = "port" in address ? `http://127.0.0.1:${address.port}` : ""
        const { out } = yield* succeed(process.execPath, ["use.ts", url, accessCode], folder)
        assert.strictEqual(out, "24 ENG-1 Conflict\n")
      }),
    60_000
  )
})
