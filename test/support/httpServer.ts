import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { request } from "node:http"
import { brotliDecompressSync, gunzipSync } from "node:zlib"
import { Authentication } from "../../src/admin/Authentication.ts"
import { Audit, nameOf } from "../../src/admin/Audit.ts"
import { DispatchCommands } from "../../src/dispatching/commands/DispatchCommands.ts"
import { IssueConflict } from "../../src/dispatching/commands/clear.ts"
import { IssueCommands } from "../../src/dispatching/commands/IssueCommands.ts"
import { IssueNotFound, Issues } from "../../src/dispatching/issues/Issues.ts"
import {
  DispatchConflict,
  Dispatches,
  DispatchNotFound,
  NotAdmitted
} from "../../src/dispatching/dispatches/Dispatches.ts"
import { Events } from "../../src/messaging/Events.ts"
import { RetryDelay } from "../../src/upstreams/client/call.ts"
import { Fly } from "../../src/upstreams/fly/Fly.ts"
import * as Http from "../../src/http/layer.ts"
import { Instance } from "../../src/admin/Instance.ts"
import { MappingNotFound, Mappings } from "../../src/admin/Mappings.ts"
import { GaugesRepo } from "../../src/operations/Gauges/GaugesRepo.ts"
import { Overview } from "../../src/operations/Overview.ts"
import { Passes } from "../../src/dispatching/poller/Passes.ts"
import { Comments } from "../../src/dispatching/comments/Comments.ts"
import { Plans } from "../../src/dispatching/plans/Plans.ts"
import { Questions } from "../../src/dispatching/questions/Questions.ts"
import { Runner } from "../../src/dispatching/callbacks/Runner.ts"
import { SessionNotFound, Sessions } from "../../src/dispatching/sessions/Sessions.ts"
import { PlanConflict } from "../../src/dispatching/commands/PlanCommands.ts"
import { SyncRefused, SyncWorkflows } from "../../src/dispatching/commands/SyncWorkflows.ts"
import { RunnerNotBuilt } from "../../src/dispatching/templates/Templates.ts"
import { Readiness } from "../../src/dispatching/readiness/Readiness.ts"
import { Secrets } from "../../src/admin/Secrets.ts"
import { Settings } from "../../src/admin/Settings.ts"
import { Signals } from "../../src/platform/Signals.ts"
import { UpstreamError } from "../../src/upstreams/UpstreamError.ts"
import { ConnectionTests } from "../../src/operations/ConnectionTests.ts"
import { Upstreams } from "../../src/upstreams/health/Upstreams.ts"
import { Webhooks } from "../../src/dispatching/webhooks/Webhooks.ts"
import { config } from "./config.ts"
import { TestDb } from "./TestDb.ts"
import {
  destroying,
  dispatch,
  event,
  issue,
  logs,
  planHistory,
  readiness,
  session,
  workflowSync
} from "./apiSamples.ts"
import { commentsDouble, questionsDouble, runnerDouble } from "./callbackDoubles.ts"
import { githubDown, rejected, setupDouble, upstreamDown } from "./setupDouble.ts"

export const accessCode = "a-code-of-the-tests-only"

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly json: unknown
}

export interface Sent {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** Sends the body in pieces, without its length. */
  readonly chunked?: boolean
}

const parse = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Unknown))

const inflate = (encoding: string | undefined, sent: Buffer) => {
  if (encoding === "br") return brotliDecompressSync(sent)
  return encoding === "gzip" ? gunzipSync(sent) : sent
}

/** Sends what a client library would not let through. Of an endless answer only the beginning is read. */
export const send = Effect.fnUntraced(function* (path: string, sent: Sent = {}) {
  const { address } = yield* HttpServer.HttpServer
  const port = "port" in address ? address.port : 0
  return yield* Effect.callback<Answer>((resume) => {
    const { body, chunked = false, headers = {}, method = "GET" } = sent
    const length =
      body === undefined
        ? {}
        : chunked
          ? { "transfer-encoding": "chunked" }
          : { "content-length": Buffer.byteLength(body) }
    const outgoing = request(
      { host: "127.0.0.1", port, path, method, agent: false, headers: { ...length, ...headers } },
      (response) => {
        const chunks: Array<Buffer> = []
        const endless = response.headers["content-type"] === "text/event-stream"
        response.on("data", (chunk: Buffer) => {
          chunks.push(chunk)
          if (endless) response.destroy()
        })
        response.on("error", () => {})
        response.on("close", () => {
          const text = inflate(response.headers["content-encoding"], Buffer.concat(chunks)).toString("utf8")
          const json = parse(text)
          resume(
            Effect.succeed({
              status: response.statusCode ?? 0,
              headers: Object.fromEntries(
                Object.entries(response.headers).map(([name, value]) => [name, String(value)])
              ),
              body: text,
              json: json._tag === "Some" ? json.value : undefined
            })
          )
        })
      }
    )
    outgoing.on("error", (error) =>
      resume(Effect.die(new Error(`${method} ${path} ${JSON.stringify(headers)}`, { cause: error })))
    )
    outgoing.end(body)
    return Effect.sync(() => outgoing.destroy())
  })
})

/** What the doubles were asked. */
export class Asked extends Context.Service<Asked, Array<string>>()("test/support/Asked") {}

const known = "ENG-1"
const absent = "ENG-404"
const noDispatch = new DispatchNotFound({ message: "No such dispatch." })
const flyBusy = new UpstreamError({
  upstream: "fly",
  operation: "destroy",
  reason: { _tag: "RateLimited", retryAfter: 6.5 },
  message: "Fly's rate limit is used up."
})
const doubles = Layer.effectContext(
  Effect.sync(() => {
    const asked: Array<string> = []
    const ask = (line: string) => Effect.sync(() => void asked.push(line))
    const noIssue = new IssueNotFound({ message: "No such issue." })
    const refused = new NotAdmitted({
      reason: { _tag: "team_at_capacity", used: 3, cap: 3 },
      cleared: ["dedup"]
    })
    return Context.make(Asked, asked).pipe(
      Context.add(
        Dispatches,
        Dispatches.of({
          log: (filter) =>
            Effect.sync(() => {
              asked.push(`log ${JSON.stringify(filter)}`)
              const rows = Array.from({ length: 600 }, (_, index) => dispatch(600 - index))
              const from =
                filter.before === undefined ? 0 : rows.findIndex(({ id }) => id === filter.before) + 1
              return rows.slice(from, from + filter.limit)
            }),
          get: (id) => (id === dispatch(1).id ? Effect.succeed(dispatch(1)) : Effect.fail(noDispatch)),
          events: (id) => (id === dispatch(404).id ? Effect.fail(noDispatch) : Effect.succeed([event])),
          logs: (id) => (id === dispatch(404).id ? Effect.fail(noDispatch) : Effect.succeed(logs))
        })
      ),
      Context.add(
        DispatchCommands,
        DispatchCommands.of({
          cancel: (id, by) =>
            id === dispatch(404).id
              ? Effect.fail(noDispatch)
              : id === dispatch(1).id
                ? Effect.as(ask(`cancel by ${by.name}`), dispatch(1))
                : Effect.fail(new DispatchConflict({ message: "It has ended." }))
        })
      ),
      Context.add(
        Issues,
        Issues.of({
          list: (filter) => Effect.as(ask(`list ${JSON.stringify(filter)}`), [issue]),
          get: () => Effect.die("No route leads here."),
          dedup: Effect.succeed([])
        })
      ),
      Context.add(
        IssueCommands,
        IssueCommands.of({
          removeFromDedup: (ref) => (ref === known ? Effect.succeed(["dedup"]) : Effect.fail(noIssue)),
          unpark: (ref) =>
            ref === absent
              ? Effect.fail(noIssue)
              : ref === known
                ? Effect.succeed({ issue, cleared: ["parked"] })
                : Effect.fail(new IssueConflict({ message: "It is not parked." })),
          reset: (ref) =>
            ref === absent
              ? Effect.fail(noIssue)
              : ref === "ENG-409"
                ? Effect.fail(new IssueConflict({ message: "It has a live dispatch." }))
                : ref === known
                  ? Effect.succeed({ issue, cleared: [] })
                  : Effect.fail(ref === "ENG-422" ? rejected("linear") : upstreamDown),
          approve: (ref, by) =>
            ref === absent
              ? Effect.fail(noIssue)
              : ref === known
                ? Effect.as(ask(`approve by ${by.name} at ${by.address}`), { issue, cleared: [] })
                : Effect.fail(new PlanConflict({ message: "It has no plan." })),
          reject: (ref, reason, by) =>
            ref === "ENG-409"
              ? Effect.fail(new PlanConflict({ message: "It has no plan." }))
              : ref === known
                ? Effect.as(ask(`reject by ${by.name}: ${reason}`), { issue, cleared: ["Plan-Complete"] })
                : Effect.fail(noIssue),
          dispatch: ({ by, issue, phase }) =>
            issue === absent
              ? Effect.fail(noIssue)
              : issue === "ENG-503" || issue === "ENG-422"
                ? Effect.fail(issue === "ENG-422" ? rejected("linear") : upstreamDown)
                : issue === known
                  ? Effect.as(ask(`dispatch ${phase} by ${by.name}`), dispatch(2))
                  : Effect.fail(refused),
          retry: (id, by) =>
            id === dispatch(404).id
              ? Effect.fail(noDispatch)
              : id === dispatch(409).id
                ? Effect.fail(new DispatchConflict({ message: "It has not ended." }))
                : id === dispatch(1).id
                  ? Effect.as(ask(`retry by ${by.name}`), dispatch(3))
                  : Effect.fail(id === dispatch(422).id ? rejected("linear") : upstreamDown),
          again: () => Effect.die("No route leads here.")
        })
      ),
      Context.add(Runner, runnerDouble(ask)),
      Context.add(Comments, commentsDouble(ask)),
      Context.add(
        Plans,
        Plans.of({
          follow: () => Effect.die("No route leads here."),
          history: () => Effect.succeed(planHistory)
        })
      ),
      Context.add(Questions, questionsDouble(ask)),
      Context.add(
        Sessions,
        Sessions.of({
          list: Effect.succeed([session]),
          destroy: (machineId, by) =>
            machineId === session.machineId
              ? Effect.as(ask(`destroy ${machineId} by ${by.name}`), destroying)
              : machineId === "503"
                ? Effect.fail(flyBusy)
                : machineId === "422"
                  ? Effect.fail(rejected("fly"))
                  : Effect.fail(new SessionNotFound({ message: "No such machine." }))
        })
      ),
      Context.add(
        Readiness,
        Readiness.of({
          refresh: () => Effect.die("No route leads here."),
          reconsider: () => Effect.die("No route leads here."),
          check: (teamKey) =>
            teamKey === "ENG"
              ? Effect.succeed(readiness)
              : teamKey === "WEB"
                ? Effect.fail(githubDown)
                : teamKey === "CI"
                  ? Effect.fail(rejected("github"))
                  : Effect.fail(new MappingNotFound({ message: "No such mapping." }))
        })
      ),
      Context.add(
        SyncWorkflows,
        SyncWorkflows.of({
          sync: (teamKey, by) =>
            teamKey === "ENG"
              ? Effect.as(ask(`sync ${teamKey} by ${nameOf(by)}`), workflowSync)
              : teamKey === "WEB"
                ? Effect.fail(githubDown)
                : teamKey === "CI"
                  ? Effect.fail(new SyncRefused({ message: "The App lacks workflows: write." }))
                  : Effect.fail(new MappingNotFound({ message: "No such mapping." })),
          files: (teamKey) =>
            teamKey === "ENG"
              ? Effect.succeed([{ path: "WORKFLOW.md", content: "Do it.", seeded: true }])
              : teamKey === "WEB"
                ? Effect.fail(new RunnerNotBuilt({ message: "Run npm run build." }))
                : Effect.fail(new MappingNotFound({ message: "No such mapping." }))
        })
      ),
      Context.add(
        Passes,
        Passes.of({
          request: (by) => Effect.as(ask(`pass by ${by}`), "01890000-0000-7000-8000-000000000001"),
          poll: (by) => Effect.as(ask(`pass by ${by.name}`), "01890000-0000-7000-8000-000000000001"),
          state: Effect.succeed({
            state: "idle",
            holder: null,
            lastPass: null,
            lastGoodAt: null,
            nextAt: null
          }),
          failing: Effect.succeed(false)
        })
      ),
      Context.add(
        ConnectionTests,
        ConnectionTests.of({
          test: (what) => Effect.succeed({ what, ok: what !== "fly", message: `Tried ${what}.` })
        })
      ),
      Context.merge(setupDouble(ask)),
      Context.add(
        Signals,
        Signals.of({ notify: (who) => ask(`notify ${who}`), subscribe: () => Effect.succeed(Effect.never) })
      ),
      Context.add(
        Upstreams,
        Upstreams.of({
          ended: () => Effect.void,
          budget: () => Effect.void,
          states: Effect.succeed([])
        })
      )
    )
  })
)

/** The service's HTTP side on a free port, on a database of its own, with doubles for what dispatches. */
export const server = (
  env: Record<string, string> = {},
  instead: Layer.Layer<Dispatches> | Layer.Layer<Passes> | Layer.Layer<never> = Layer.empty
) =>
  Http.layer.pipe(
    Layer.provide(instead),
    Layer.provideMerge(
      Layer.mergeAll(Authentication.layer, Overview.layer, Webhooks.layer, Events.layer, GaugesRepo.layer)
    ),
    Layer.provideMerge(Secrets.layer),
    Layer.provideMerge(
      Layer.mergeAll(Audit.layer, Fly.layer, Mappings.layer, Settings.layer, Instance.layer)
    ),
    Layer.provide(Layer.succeed(RetryDelay, Duration.millis(20))),
    Layer.provideMerge(doubles),
    Layer.provideMerge(
      config({ HOST: "127.0.0.1", PORT: "0", ADMIN_ACCESS_CODE: accessCode, LINEAR_API_KEY: "key", ...env })
    ),
    Layer.provideMerge(TestDb)
  )

const json = { "content-type": "application/json" }

export const signIn = (code = accessCode, rest: { readonly name?: string; readonly from?: string } = {}) => {
  const { from, ...named } = rest
  return send("/api/auth", {
    method: "POST",
    headers: { ...json, ...(from === undefined ? {} : { "x-forwarded-for": from }) },
    body: JSON.stringify({ code, ...named })
  })
}

const Signed = Schema.Struct({ token: Schema.String })

/** A signed-in client. */
export const client = Effect.gen(function* () {
  const { token } = yield* Effect.flatMap(signIn(accessCode, { name: "Ada" }), ({ json }) =>
    Effect.orDie(Schema.decodeUnknownEffect(Signed)(json))
  )
  const services = yield* Effect.context<HttpServer.HttpServer>()
  const headers = { authorization: `Bearer ${token}` }
  const call = (method: string, path: string, body?: unknown) =>
    send(
      path,
      body === undefined
        ? { method, headers }
        : {
            method,
            headers: { ...headers, ...json },
            body: typeof body === "string" ? body : JSON.stringify(body)
          }
    ).pipe(Effect.provideContext(services))
  return { token, call, headers: { ...headers, ...json } }
})
