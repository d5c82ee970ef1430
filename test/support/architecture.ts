import { readdirSync, readFileSync } from "node:fs"
import { dirname, join, normalize } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** Path from the project's root → text. */
export type Sources = ReadonlyMap<string, string>

/** Every TypeScript file below `folders`, generated ones left out. */
export const readSources = (...folders: ReadonlyArray<string>): Sources =>
  new Map(
    folders.flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((path) => path.endsWith(".ts") && !/(^|\/)(generated|dist|node_modules)\//.test(path))
        .map((path) => `${folder}/${path}`)
        .map((path) => [path, readFileSync(join(root, path), "utf8")] as const)
    )
  )

export interface Arrow {
  readonly from: string
  readonly to: string
}

const specifier = /(?:\bfrom|\bimport)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g

/** Every relative import, types and dynamic ones included. */
export const arrowsOf = (sources: Sources): ReadonlyArray<Arrow> =>
  [...sources].flatMap(([from, text]) =>
    [...text.matchAll(specifier)].map(([, to = ""]) => ({ from, to: normalize(join(dirname(from), to)) }))
  )

const dispatching = [
  "decision",
  "context",
  "dispatches",
  "plans",
  "issues",
  "templates",
  "readiness",
  "admission",
  "lifecycle",
  "questions",
  "poller",
  "commands",
  "sessions",
  "callbacks",
  "comments",
  "webhooks"
]

const below = {
  domain: [],
  api: ["domain"],
  runner: ["domain", "api"],
  platform: ["domain"],
  upstreams: ["domain", "platform"],
  admin: ["domain", "platform", "upstreams"],
  messaging: ["domain", "platform", "upstreams"],
  dispatching: ["domain", "runner", "platform", "upstreams", "admin", "messaging"],
  operations: ["domain", "platform", "upstreams", "admin", "messaging", "dispatching"],
  http: ["domain", "api", "platform", "upstreams", "admin", "messaging", "dispatching", "operations"],
  "App.ts": ["platform", "upstreams", "admin", "messaging", "dispatching", "operations", "http"],
  "main.ts": ["App.ts", "platform"],
  cli: ["domain", "api", "runner", "platform", "operations", "App.ts", "sandbox"],
  sandbox: ["domain", "api", "runner", "platform", "upstreams", "App.ts"]
} satisfies Record<string, ReadonlyArray<string>>

type Storey = keyof typeof below

/** What stands in a storey; storeys that are not named here hold one subject a file. */
const entries: Partial<Record<"src" | Storey, ReadonlyArray<string>>> = {
  src: Object.keys(below),
  platform: [
    "layer",
    "Cluster",
    "Config",
    "Metrics",
    "Observability",
    "ForwardedRequests",
    "Signals",
    "Sql",
    "compileCache",
    "envFile",
    "loops",
    "runMain",
    "tokens"
  ],
  upstreams: [
    "layer",
    "CodeHost",
    "CodeHostSetup",
    "RunBackends",
    "Tracker",
    "TrackerSetup",
    "UpstreamError",
    "client",
    "fly",
    "github",
    "health",
    "linear"
  ],
  admin: ["layer", "Audit", "Authentication", "Instance", "Mappings", "Secrets", "Settings"],
  messaging: ["layer", "Events", "Notifications"],
  dispatching: ["layer", ...dispatching],
  operations: ["layer", "Backups", "ConnectionTests", "Gauges", "Overview", "Retention", "Setup", "Startup"]
}

const isStorey = (name: string): name is Storey => name in below

const storeyOf = (path: string) => path.split("/")[1] ?? ""

/** The subject of a file: `Foo.ts` and `Foo/` are one. */
const subjectOf = (path: string) => {
  const [, storey = "", entry] = path.split("/")
  return entry === undefined ? storey : `${storey}/${entry.replace(/\.ts$/, "")}`
}

/** Entries of the source tree that its plan does not have. */
export const strangers = (sources: Sources): ReadonlyArray<string> =>
  [...sources.keys()].filter((path) => {
    const storey = storeyOf(path)
    if (!isStorey(storey)) return true
    const subject = subjectOf(path)
    const known = entries[storey]
    return known !== undefined && subject !== storey && !known.includes(subject.slice(storey.length + 1))
  })

const isSharedRunner = (path: string, by: string) =>
  path.startsWith("src/runner/templates/") ||
  path === "src/runner/bundle.ts" ||
  (by === "sandbox" && path === "src/runner/processes.ts")

/**
 * Imports from a storey above; within `dispatching`, from a subject above. Of `runner` others import the templates and
 * the built program, and the sandbox how processes are run.
 */
export const arrowsUp = (sources: Sources): ReadonlyArray<Arrow> =>
  arrowsOf(sources).filter(({ from, to }) => {
    if (!to.startsWith("src/")) return to.startsWith("web/")
    const [above, beneath] = [storeyOf(from), storeyOf(to)]
    if (!isStorey(above)) return true
    const allowed: ReadonlyArray<string> = below[above]
    if (above !== beneath && beneath === "runner" && !isSharedRunner(to, above)) return true
    if (above !== beneath) return !allowed.includes(beneath)
    if (above !== "dispatching" || subjectOf(from) === "dispatching/layer") return false
    const height = (path: string) => dispatching.indexOf(subjectOf(path).slice("dispatching/".length))
    return height(to) > height(from) || height(to) === -1
  })

/** Which rooms of the admin each of its rooms may import, besides itself. */
const rooms = {
  strings: [],
  styles: [],
  lib: ["strings", "styles"],
  elements: ["lib", "strings", "styles"],
  data: ["lib", "strings"],
  router: ["strings", "pages"],
  features: ["lib", "elements", "data", "router", "strings", "styles"],
  pages: ["lib", "elements", "data", "router", "features", "strings", "styles"],
  app: ["lib", "elements", "data", "router", "features", "strings", "styles"]
} satisfies Record<string, ReadonlyArray<string>>

const isRoom = (name: string): name is keyof typeof rooms => name in rooms

/** Imports of the admin that its rooms do not allow. */
export const arrowsAcross = (sources: Sources): ReadonlyArray<Arrow> =>
  arrowsOf(sources).filter(({ from, to }) => {
    const [room, other] = [storeyOf(from), storeyOf(to)]
    if (!isRoom(room)) return true
    if (to.startsWith("src/")) return other !== "domain" && (room !== "data" || other !== "api")
    if (room === "router" && other === "pages") return from !== "web/router/routes.ts"
    const allowed: ReadonlyArray<string> = rooms[room]
    return room !== other && !allowed.includes(other)
  })

/** Groups that import each other in a loop, types included. */
const circles = (edges: ReadonlyArray<readonly [string, string]>): ReadonlyArray<ReadonlyArray<string>> => {
  const next = Map.groupBy(edges, ([from]) => from)
  const reachable = (start: string) => {
    const seen = new Set<string>()
    const open = [start]
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const [, to] of next.get(at) ?? []) {
        if (seen.has(to)) continue
        seen.add(to)
        open.push(to)
      }
    }
    return seen
  }
  const reach = new Map([...next.keys()].map((name) => [name, reachable(name)]))
  const inCircle = [...reach].filter(([name, seen]) => seen.has(name)).map(([name]) => name)
  const groups = Map.groupBy(inCircle, (name) =>
    inCircle
      .filter((other) => reach.get(name)?.has(other) && reach.get(other)?.has(name))
      .toSorted()
      .join(" ")
  )
  return [...groups.values()].map((group) => group.toSorted())
}

/** Subjects that import each other in a loop. */
export const subjectCircles = (sources: Sources) =>
  circles(
    arrowsOf(sources)
      .map(({ from, to }) => [subjectOf(from), subjectOf(to)] as const)
      .filter(([from, to]) => from !== to)
  )

/** Files that import each other in a loop. */
export const fileCircles = (sources: Sources) =>
  circles(arrowsOf(sources).map(({ from, to }) => [from, to] as const))

interface Owner {
  readonly owner: string
  /** Deletes old rows, or rows with the row that they belong to; writes nothing else. */
  readonly prunedBy?: string
  /** Writes the columns with this prefix and no others. */
  readonly columns?: { readonly prefix: string; readonly by: string }
}

const retention = "src/operations/Retention/RetentionRepo.ts"

/** The one file that writes each table. */
const owners: Readonly<Record<string, Owner>> = {
  admin_sessions: { owner: "src/admin/Authentication/AdminTokensRepo.ts", prunedBy: retention },
  audit: { owner: "src/admin/Audit/AuditRepo.ts", prunedBy: retention },
  auth_attempts: { owner: "src/admin/Authentication/AttemptsRepo.ts", prunedBy: retention },
  auth_failures: { owner: "src/admin/Authentication/AttemptsRepo.ts", prunedBy: retention },
  comment_triggers: { owner: "src/dispatching/comments/TriggersRepo.ts", prunedBy: retention },
  decisions: { owner: "src/dispatching/issues/DecisionsRepo.ts" },
  dedup: { owner: "src/dispatching/issues/DedupRepo.ts" },
  dispatch_events: { owner: "src/dispatching/dispatches/TimelineRepo.ts" },
  dispatch_logs: { owner: "src/dispatching/dispatches/RunLogRepo.ts", prunedBy: retention },
  dispatches: { owner: "src/dispatching/dispatches/TransitionsRepo.ts", prunedBy: retention },
  events: { owner: "migrations/0003_events.ts", prunedBy: retention },
  instance: {
    owner: "src/admin/Instance/InstanceRepo.ts",
    columns: { prefix: "poller_", by: "src/dispatching/poller/PassesRepo.ts" }
  },
  issue_failures: { owner: "src/dispatching/issues/FailuresRepo.ts", prunedBy: retention },
  issue_holds: { owner: "src/dispatching/issues/HoldsRepo.ts", prunedBy: retention },
  issues: { owner: "src/dispatching/issues/IssuesRepo.ts", prunedBy: retention },
  machines: { owner: "src/dispatching/dispatches/MachinesRepo.ts" },
  mappings: { owner: "src/admin/Mappings/MappingsRepo.ts" },
  notifications: { owner: "src/messaging/Notifications/OutboxRepo.ts", prunedBy: retention },
  passes: { owner: "src/dispatching/poller/PassesRepo.ts" },
  plans: { owner: "src/dispatching/plans/PlansRepo.ts", prunedBy: retention },
  pull_requests: { owner: "src/dispatching/dispatches/PullRequestsRepo.ts" },
  questions: { owner: "src/dispatching/questions/QuestionsRepo.ts" },
  readiness: {
    owner: "src/dispatching/readiness/ReadinessRepo.ts",
    prunedBy: "src/admin/Mappings/MappingsRepo.ts"
  },
  reaper_actions: { owner: "src/dispatching/sessions/ReaperRepo.ts", prunedBy: retention },
  runner_credentials: { owner: "src/dispatching/dispatches/RunnerCredentialsRepo.ts" },
  secrets: { owner: "src/admin/Secrets/SecretsRepo.ts" },
  settings: { owner: "src/admin/Settings/SettingsRepo.ts" },
  settlement_effects: { owner: "src/dispatching/dispatches/SettlementsRepo.ts" },
  upstream_budgets: { owner: "src/upstreams/health/UpstreamsRepo.ts" },
  upstreams: { owner: "src/upstreams/health/UpstreamsRepo.ts" },
  used_tokens: { owner: "src/dispatching/dispatches/RunnerCredentialsRepo.ts", prunedBy: retention },
  webhook_deliveries: { owner: "src/dispatching/webhooks/DeliveriesRepo.ts", prunedBy: retention }
}

interface Write {
  readonly file: string
  readonly verb: "insert" | "delete" | "update"
  readonly table: string
  /** Those that an `update` sets. */
  readonly columns: ReadonlyArray<string>
}

const rowWrite =
  /\b(insert\s+into|merge\s+into|delete\s+from|truncate(?:\s+table)?)\s+(?:only\s+)?"?(\$\{[^}]*\}|\w+)/gi
const update = /\bupdate\s+(?:only\s+)?"?(\$\{[^}]*\}|\w+)"?(?:\s+(?:as\s+)?\w+)?\s+set\b([^`]*)/gi

const writesOf = (sources: Sources): ReadonlyArray<Write> =>
  [...sources].flatMap(([file, text]) => [
    ...[...text.matchAll(rowWrite)].map(([, verb = "", table = ""]): Write => ({
      file,
      verb: /delete|truncate/i.test(verb) ? "delete" : "insert",
      table,
      columns: []
    })),
    ...[...text.matchAll(update)]
      .filter(([, table]) => table !== "set")
      .map(([, table = "", rest = ""]): Write => ({
        file,
        verb: "update",
        table,
        columns: [...(rest.split(/\b(?:where|from|returning)\b/)[0] ?? "").matchAll(/(\w+)\s*=/g)].map(
          ([, column = ""]) => column
        )
      }))
  ])

const isAllowed = ({ columns, file, table, verb }: Write) => {
  const entry = owners[table]
  if (entry === undefined) return false
  if (entry.owner === file || (entry.prunedBy === file && verb === "delete")) return true
  const { by, prefix } = entry.columns ?? { by: null, prefix: "" }
  return by === file && verb === "update" && columns.every((column) => column.startsWith(prefix))
}

/** Writes of a table by a file that does not own it, and of tables without an owner. */
export const foreignWrites = (sources: Sources): ReadonlyArray<string> =>
  writesOf(sources)
    .filter(({ file }) => !file.startsWith("src/platform/Sql/") && !file.startsWith("src/sandbox/"))
    .filter((write) => !isAllowed(write))
    .map(({ file, table, verb }) => `${file}: ${verb} ${table}`)

/** Tables of the migrations that have no owner, and tables whose owner or pruner does not write them. */
export const unownedTables = (sources: Sources, migrations: Sources): ReadonlyArray<string> => {
  const created = [...migrations.values()].flatMap((text) =>
    [...text.matchAll(/\bcreate table (\w+)/g)].map(([, table = ""]) => table)
  )
  const writes = writesOf(new Map([...sources, ...migrations]))
  return [...new Set([...created, ...Object.keys(owners)])].filter((table) => {
    const { columns, owner, prunedBy } = owners[table] ?? {}
    const named = [owner ?? "", prunedBy, columns?.by].filter((file) => file !== undefined)
    return (
      !created.includes(table) ||
      !named.every((file) => writes.some((write) => write.table === table && write.file === file))
    )
  })
}
