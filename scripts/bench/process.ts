/** How soon the service is ready, and how much memory it takes, in a process of its own. */
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import { fork } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { makeClient } from "../../src/api/client.ts"
import { firstFreePort } from "../../src/platform/Cluster/address.ts"
import * as Embedded from "../../src/platform/Sql/Embedded.ts"
import { folder } from "../../test/support/postgres.ts"
import { accessCode, upstreams } from "./service.ts"
import { StoredTeamKey } from "../../src/domain/Ids.ts"

const script = new URL("serve.ts", import.meta.url)
const teams = 10
const cap = 100

const until = <E, R>(look: Effect.Effect<boolean, E, R>, within: "30 seconds" | "3 minutes") =>
  look.pipe(
    Effect.orElseSucceed(() => false),
    Effect.repeat({ until: (seen) => seen, schedule: Schedule.spaced("5 millis") }),
    Effect.timeout(within),
    Effect.orDie
  )

/** From its start until it is ready, in milliseconds; it ends with the scope. */
const serve = Effect.fnUntraced(function* (env: Record<string, string>) {
  const port = yield* firstFreePort("127.0.0.1", 20_000)
  const url = `http://127.0.0.1:${port}`
  const began = performance.now()
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      fork(script, {
        stdio: ["ignore", "ignore", "inherit", "ipc"],
        env: { ...env, HOST: "127.0.0.1", PORT: String(port), ADMIN_ACCESS_CODE: accessCode }
      })
    ),
    (child) =>
      Effect.promise(async () => {
        if (child.exitCode !== null || child.signalCode !== null) return
        const ended = once(child, "exit")
        child.kill("SIGTERM")
        await ended
      })
  )
  const ready = Effect.map(HttpClient.get(`${url}/health/ready`), ({ status }) => status === 200)
  yield* until(ready, "30 seconds")
  return { url, pid: child.pid ?? 0, ready: performance.now() - began }
})

const startOf = (env: Record<string, string>) => Effect.scoped(Effect.map(serve(env), ({ ready }) => ready))

export const starts = Effect.gen(function* () {
  const dataDir = yield* folder
  const first = yield* startOf({ DATA_DIR: dataDir })
  const later = yield* startOf({ DATA_DIR: dataDir })
  const { connection } = yield* Embedded.make({ dataDir: yield* folder })
  const url = new URL(`postgres://${connection.host ?? "localhost"}:${connection.port ?? 5432}/postgres`)
  url.searchParams.set("user", connection.username)
  if (connection.path !== undefined) url.searchParams.set("host", dirname(connection.path))
  if (connection.password !== undefined) {
    url.searchParams.set("password", Redacted.value(connection.password))
  }
  const external = { DATABASE_URL: url.href }
  yield* startOf(external)
  return { first, later, external: yield* startOf(external) }
}).pipe(Effect.scoped, Effect.provide(FetchHttpClient.layer))

/** Proportional memory of a process in MB. */
const memoryOf = (pid: string | number) =>
  Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? NaN) / 1024

const databaseOf = (dataDir: string) => {
  const [postmaster = ""] = readFileSync(join(dataDir, "postgres", "data", "postmaster.pid"), "utf8").split(
    "\n"
  )
  const children = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, "utf8").trim().split(" ")
  return [postmaster, ...children].reduce((sum, pid) => sum + memoryOf(pid), 0)
}

/** Idle with nothing but a code set, and after a thousand dispatches ran to their end. Linux only. */
export const memory = Effect.gen(function* () {
  const { env, order } = yield* upstreams
  const quiet = yield* folder
  const idle = yield* Effect.scoped(
    Effect.gen(function* () {
      const { pid } = yield* serve({ DATA_DIR: quiet })
      yield* Effect.sleep("5 seconds")
      return { idle: memoryOf(pid), database: databaseOf(quiet) }
    })
  )
  const { pid, url } = yield* serve({
    ...env,
    DATA_DIR: yield* folder,
    POLL_INTERVAL_MS: "86400000"
  })
  const { token } = yield* (yield* makeClient({ url })).auth.signIn({ payload: { code: accessCode } })
  const { mappings, operations } = yield* makeClient({ url, token: () => token })
  for (let team = 0; team < teams; team++) {
    const payload = {
      teamKey: StoredTeamKey.make(`T${team}`),
      owner: "acme",
      repo: "app",
      planningEnabled: false,
      maxInProgressAiIssues: cap
    }
    yield* mappings.save({ payload })
    yield* order({ issues: { team: `T${team}`, count: cap } })
  }
  yield* operations.poll()
  const using = (wanted: number) =>
    until(
      Effect.map(
        operations.overview(),
        ({ teams }) => teams.reduce((sum, { used }) => sum + used, 0) === wanted
      ),
      "3 minutes"
    )
  yield* using(teams * cap)
  yield* until(
    Effect.map(order({ finish: true }), ({ finished }) => finished === teams * cap),
    "3 minutes"
  )
  yield* using(0)
  return { ...idle, after: memoryOf(pid) }
}).pipe(Effect.scoped, Effect.provide(FetchHttpClient.layer))
