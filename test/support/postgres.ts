import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import * as Scope from "effect/Scope"
import * as SqlMessageStorage from "effect/cluster/SqlMessageStorage"
import * as SqlRunnerStorage from "effect/cluster/SqlRunnerStorage"
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { TestProject } from "vitest/node"
import * as client from "../../src/platform/Sql/client.ts"
import * as Embedded from "../../src/platform/Sql/Embedded.ts"
import * as Migrations from "../../src/platform/Sql/Migrations.ts"

export interface Pg {
  readonly username: string
  readonly database: string
  readonly path?: string
  readonly host?: string
  readonly port?: number
  readonly secret?: string
}

declare module "vitest" {
  interface ProvidedContext {
    pg: Pg
  }
}

/** Nothing here has to outlive a crash of the machine. */
export const fast = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  autovacuum: "off",
  track_counts: "off",
  max_connections: "100"
}

const prefix = "ai-implement-test-"

const alive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const removeOrphans = () => {
  for (const name of readdirSync(tmpdir())) {
    const owner = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN
    if (Number.isNaN(owner) || alive(owner)) continue
    const dir = join(tmpdir(), name)
    try {
      const pid = Number.parseInt(readFileSync(join(dir, "postgres", "data", "postmaster.pid"), "utf8"), 10)
      if (readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(dir)) process.kill(pid, "SIGQUIT")
    } catch {}
    rmSync(dir, { recursive: true, force: true })
  }
}

/** A directory for this run that the server's user can reach. */
export const temporary = () => {
  const dir = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`))
  chmodSync(dir, 0o755)
  return dir
}

/** A `temporary` directory until the scope closes. */
export const folder = Effect.acquireRelease(Effect.sync(temporary), (dir) =>
  Effect.sync(() => rmSync(dir, { recursive: true, force: true }))
)

const acquire = Effect.fnUntraced(
  function* (dataDir: string) {
    const { connection } = yield* Embedded.make({ dataDir, settings: fast })
    yield* Migrations.run(Migrations.directory).pipe(
      Effect.andThen(
        Layer.build(Layer.merge(SqlMessageStorage.layerMigrations({}), SqlRunnerStorage.layerMigrations({})))
      ),
      Effect.scoped,
      Effect.provide(client.layer({ ...connection, maxConnections: 1 }))
    )
    const { password, ...pg } = connection
    const provided: Pg = password === undefined ? pg : { ...pg, secret: Redacted.value(password) }
    return provided
  },
  Effect.provideService(References.MinimumLogLevel, "Warn")
)

/** One server for the run, its first database migrated to be everyone's template. */
export default async (project: TestProject) => {
  removeOrphans()
  const dataDir = temporary()
  const scope = Scope.makeUnsafe()
  const close = async (exit: Exit.Exit<unknown>) => {
    await Effect.runPromise(Scope.close(scope, exit))
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    project.provide("pg", await Effect.runPromise(acquire(dataDir).pipe(Scope.provide(scope))))
  } catch (cause) {
    await close(Exit.die(cause))
    throw cause
  }
  return () => close(Exit.void)
}
