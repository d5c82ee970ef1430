import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { Session } from "../../../src/api/AuthApi.ts"
import { DedupEntry } from "../../../src/domain/Dedup.ts"
import { Dispatch, DispatchEvent, Logs } from "../../../src/domain/Dispatch.ts"
import { StoredDispatchId, StoredTeamKey } from "../../../src/domain/Ids.ts"
import { Issue } from "../../../src/domain/Issue.ts"
import { Mapping } from "../../../src/domain/Mapping.ts"
import { AuditEntry } from "../../../src/domain/Audit.ts"
import { Destruction, Session as Machine } from "../../../src/domain/Session.ts"
import { PlanHistory } from "../../../src/domain/Plan.ts"
import { Question } from "../../../src/domain/Question.ts"
import { WorkflowSync } from "../../../src/domain/Templates.ts"
import { Readiness } from "../../../src/domain/Readiness.ts"
import { Setup, type SetupLines } from "../../../src/domain/Setup.ts"
import { Secret } from "../../../src/domain/Secrets.ts"
import { Overview } from "../../../src/domain/Overview.ts"
import { RunnerModeState, SettingsState } from "../../../src/domain/Settings.ts"
import type { Event as Change, EventType } from "../../../src/domain/Event.ts"
import { EventStream } from "./EventStream.ts"
import * as samples from "./samples.ts"

export interface Answer {
  readonly status: number
  readonly body: unknown
}

export interface Call {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly body: unknown
  readonly token: string | undefined
}

const encoded = <S extends Schema.Codec<unknown, unknown>>(schema: S, status = 200) => {
  const encode = Schema.encodeUnknownSync(Schema.toCodecJson(schema))
  return (value: S["Type"]): Answer => ({ status, body: encode(value) })
}

const refusal = (status: number, tag: string, error: string, more: object = {}): Answer => ({
  status,
  body: { _tag: tag, error, ...more }
})
const notFound = refusal(404, "NotFound", "The resource does not exist.")
export const unauthorized = refusal(401, "Unauthorized", "The token is not known; sign in again.")
export { refusal }

const Changed = Schema.Struct({ issue: Issue, cleared: Schema.Array(Schema.String) })

/** What the row triggers of the service say was changed by a call. */
const changedBy: Readonly<Record<string, EventType>> = {
  issues: "issue",
  dedup: "issue",
  dispatches: "dispatch",
  questions: "question",
  mappings: "mapping",
  "global-secrets": "secret",
  sessions: "session",
  "runner-mode": "settings",
  settings: "settings",
  pause: "pause",
  poll: "pass"
}

const as = {
  session: encoded(Session),
  overview: encoded(Overview),
  issues: encoded(Schema.Array(Issue)),
  changed: encoded(Changed),
  dispatches: encoded(Schema.Array(Dispatch)),
  dispatch: encoded(Dispatch),
  accepted: encoded(Dispatch, 202),
  events: encoded(Schema.Array(DispatchEvent)),
  mappings: encoded(Schema.Array(Mapping)),
  mapping: encoded(Mapping),
  dedup: encoded(Schema.Array(DedupEntry)),
  runnerMode: encoded(RunnerModeState),
  logs: encoded(Logs),
  sessions: encoded(Schema.Array(Machine)),
  destroyed: encoded(Destruction),
  audit: encoded(Schema.Array(AuditEntry)),
  plans: encoded(PlanHistory),
  questions: encoded(Schema.Array(Question)),
  question: encoded(Question),
  secrets: encoded(Schema.Array(Secret)),
  readiness: encoded(Readiness),
  synced: encoded(WorkflowSync),
  settings: encoded(SettingsState),
  setup: encoded(Setup)
}

/** A service without a server: answers the calls of the admin from samples, and remembers them. */
export class Service {
  overview: Overview = samples.overview
  issues: ReadonlyArray<Issue> = samples.issues
  dispatches: ReadonlyArray<Dispatch> = samples.dispatches
  mappings: ReadonlyArray<Mapping> = samples.mappings
  dedup: ReadonlyArray<DedupEntry> = samples.dedup
  runnerMode: RunnerModeState = samples.runnerMode
  settings: SettingsState = samples.settings
  logs: Logs = samples.logs
  sessions: ReadonlyArray<Machine> = samples.sessions
  audit: ReadonlyArray<AuditEntry> = samples.audit
  openApi: object = samples.openApi
  plans: PlanHistory = samples.planHistory()
  questions: ReadonlyArray<Question> = []
  secrets: ReadonlyArray<Secret> = samples.secrets
  readiness: Readiness = samples.readiness
  workflowSync: WorkflowSync = samples.workflowSync
  setup: Setup = samples.setup
  setupLines: SetupLines = { lines: [{ name: "LINEAR_WEBHOOK_SECRET", value: "a'b" }], next: null }
  readonly #stream = new EventStream()
  #unreachable = false
  readonly calls: Array<Call> = []
  readonly #overrides = new Map<string, Answer>()
  readonly #hanging = new Set<string>()

  /** From now on answers `"POST /api/…"` so. */
  answers(route: string, answer: Answer) {
    this.#overrides.set(route, answer)
  }

  /** From now on does not answer `"GET /api/…"`. */
  hangs(route: string) {
    this.#hanging.add(route)
  }

  /** Answers the route from the samples again. */
  recovers(route: string) {
    this.#overrides.delete(route)
    this.#hanging.delete(route)
  }

  set unreachable(unreachable: boolean) {
    this.#unreachable = unreachable
    if (unreachable) this.#stream.cut()
  }

  /** Sends a change to every open stream. */
  emit(type: EventType, subject = "", data: Change["data"] = {}) {
    this.#stream.emit(type, subject, data)
  }

  /** Ends the streams, as a connection does; what is sent until they reconnect is replayed. */
  cut() {
    this.#stream.cut()
  }

  /** How many follow now. */
  get followers() {
    return this.#stream.size
  }

  called(route: string) {
    return this.calls.filter(({ method, path }) => `${method} ${path}` === route)
  }

  answer(call: Call): Answer {
    this.calls.push(call)
    const override = this.#overrides.get(`${call.method} ${call.path}`)
    if (override !== undefined) return override
    if (call.path !== "/api/auth" && call.token === undefined) return unauthorized
    const [, , root = "", id = "", action = ""] = call.path.split("/")
    const query = new URLSearchParams(call.query)
    switch (`${call.method} ${root}`) {
      case "POST auth":
        return as.session({ token: "token", expiresAt: DateTime.add(DateTime.nowUnsafe(), { hours: 24 }) })
      case "DELETE auth":
        return { status: 204, body: undefined }
      case "GET overview":
        return as.overview(this.overview)
      case "POST poll":
        return { status: 202, body: { passId: "1" } }
      case "POST pause":
        return this.#pause(call.body)
      case "GET issues":
        return as.issues(this.issues)
      case "POST issues":
        return this.#issue(id, action)
      case "GET log":
        return as.dispatches(
          this.dispatches
            .filter(
              ({ status, teamKey }) =>
                status === (query.get("status") ?? status) && teamKey === (query.get("team") ?? teamKey)
            )
            .slice(0, Number(query.get("limit") ?? 500))
        )
      case "GET dispatches":
      case "POST dispatches":
        return this.#dispatch(call.method, id, action)
      case "GET plans":
        return as.plans(this.plans)
      case "GET questions":
        return as.questions(this.questions)
      case "POST questions":
        return this.#answered(id, call.body)
      case "GET global-secrets":
        return as.secrets(this.secrets)
      case "POST global-secrets":
        return this.#setSecret(call.body)
      case "DELETE global-secrets":
        return this.#deleteSecret(id)
      case "GET mappings":
        if (action === "readiness") return as.readiness(this.readiness)
        if (action === "secrets") return as.secrets(this.secrets)
        return as.mappings(this.mappings)
      case "POST mappings":
        if (action === "sync-workflows") return as.synced(this.workflowSync)
        if (action === "secrets") return this.#setSecret(call.body)
        return this.#save(call.body)
      case "PATCH mappings":
        return this.#patch(id, call.body)
      case "DELETE mappings":
        if (action === "secrets") return this.#deleteSecret(call.path.split("/")[5] ?? "")
        this.mappings = this.mappings.filter(({ teamKey }) => teamKey !== id)
        return { status: 200, body: { deleted: true, liveDispatches: 0, secretsLeft: 0 } }
      case "GET dedup":
        return as.dedup(this.dedup)
      case "DELETE dedup":
        this.dedup = this.dedup.filter(({ issueId }) => issueId !== id)
        return { status: 200, body: { deleted: true, cleared: ["dedup"] } }
      case "GET sessions":
        return as.sessions(this.sessions)
      case "DELETE sessions":
        this.sessions = this.sessions.filter(({ machineId }) => machineId !== id)
        return as.destroyed({
          destroyed: true,
          effects: [
            { effect: "machine", done: true },
            { effect: "label", done: false, nextTry: DateTime.nowUnsafe() }
          ]
        })
      case "POST test":
        return {
          status: 200,
          body: { what: id, ok: id !== "fly", message: id === "fly" ? "the token is refused" : "it answers" }
        }
      case "GET audit": {
        const before = Number(query.get("before") ?? Infinity)
        const limit = Number(query.get("limit") ?? 100)
        return as.audit(this.audit.filter((entry) => entry.id < before).slice(0, limit))
      }
      case "GET openapi.json":
        return { status: 200, body: this.openApi }
      case "GET runner-mode":
        return as.runnerMode(this.runnerMode)
      case "POST runner-mode":
        this.runnerMode = { ...this.runnerMode, ...(call.body as Partial<RunnerModeState>), source: "db" }
        return as.runnerMode(this.runnerMode)
      case "GET setup":
        return as.setup(this.setup)
      case "POST setup":
        return this.#setUp(`${id}${action === "" ? "" : `/${action}`}`, call.body)
      case "DELETE setup":
        this.setup = { ...this.setup, testIssue: null, testDispatch: null }
        return { status: 200, body: { removed: true } }
      case "GET settings":
      case "POST settings":
        return as.settings(this.settings)
      default:
        return notFound
    }
  }

  #setUp(what: string, body: unknown): Answer {
    switch (what) {
      case "polling-only":
        this.setup = { ...this.setup, ...(body as Pick<Setup, "pollingOnly">) }
        return { status: 200, body }
      case "github/manifest":
        return { status: 200, body: { action: "/admin/nothing", manifest: "{}" } }
      case "github":
      case "linear-webhook":
        return { status: 200, body: this.setupLines }
      case "label":
        return { status: 200, body: { created: true } }
      case "test-issue": {
        const { teamKey } = body as { readonly teamKey: string }
        const testIssue = { id: "7", identifier: `${teamKey}-7`, url: "https://linear.test/7", teamKey }
        this.setup = { ...this.setup, testIssue }
        return { status: 201, body: testIssue }
      }
      default:
        return notFound
    }
  }

  #notify({ path }: Call) {
    const [, , root = "", id = "", action = ""] = path.split("/")
    const type = action === "secrets" ? "secret" : changedBy[root]
    if (type === undefined) return
    const question = this.questions.find((known) => known.id === id)
    this.emit(type, id, type === "question" ? { dispatchId: question?.dispatchId ?? null } : {})
  }

  #answered(id: string, body: unknown): Answer {
    const { text } = body as { readonly text: string }
    const at = DateTime.nowUnsafe()
    this.questions = this.questions.map((question) =>
      question.id === id
        ? { ...question, answer: { text, by: "Kim", via: "api", at }, closedAt: at }
        : question
    )
    const question = this.questions.find((known) => known.id === id)
    return question === undefined ? notFound : as.question(question)
  }

  #setSecret(body: unknown): Answer {
    const { name } = body as { readonly name: string }
    const at = DateTime.nowUnsafe()
    this.secrets = [
      { name, digest: "new", createdAt: at, updatedAt: at, unmanaged: false },
      ...this.secrets.filter((known) => known.name !== name)
    ]
    return { status: 200, body: { name } }
  }

  #deleteSecret(name: string): Answer {
    this.secrets = this.secrets.filter((known) => known.name !== name)
    return { status: 200, body: { deleted: true } }
  }

  #pause(body: unknown): Answer {
    const { paused, reason } = body as { readonly paused: boolean; readonly reason?: string }
    const pause = paused ? { reason: reason ?? null, by: "Kim", at: DateTime.nowUnsafe() } : null
    this.overview = { ...this.overview, paused: pause }
    const answer = as.overview(this.overview).body as { readonly paused: unknown }
    return { status: 200, body: { paused: answer.paused } }
  }

  #issue(id: string, action: string): Answer {
    const issue = this.issues.find(({ issueId }) => issueId === id)
    if (issue === undefined) return notFound
    const changed: Issue = { ...issue, decision: "dispatch", phase: "implementation", reason: null }
    this.issues = this.issues.map((known) => (known.issueId === id ? changed : known))
    if (action === "dispatch") return as.accepted(samples.dispatch(90, { issueId: issue.issueId }))
    return as.changed({ issue: changed, cleared: [action] })
  }

  #dispatch(method: string, id: string, action: string): Answer {
    const dispatch = this.dispatches.find((known) => known.id === id)
    if (dispatch === undefined) return notFound
    if (action === "logs") return as.logs(this.logs)
    if (method === "GET")
      return action === "events"
        ? as.events(samples.events(StoredDispatchId.make(id)))
        : as.dispatch(dispatch)
    if (action === "retry") return as.accepted(samples.dispatch(91))
    const stopping: Dispatch = { ...dispatch, status: "stopping", stopRequestedAt: DateTime.nowUnsafe() }
    this.dispatches = this.dispatches.map((known) => (known.id === id ? stopping : known))
    return as.accepted(stopping)
  }

  #save(body: unknown): Answer {
    const input = body as Partial<Mapping> & { readonly teamKey: string }
    const key = input.teamKey.toUpperCase()
    const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null))
    const saved = { ...samples.mapping(key), ...given, teamKey: StoredTeamKey.make(key) }
    this.mappings = [...this.mappings.filter(({ teamKey }) => teamKey !== key), saved]
    return as.mapping(saved)
  }

  #patch(key: string, body: unknown): Answer {
    const known = this.mappings.find(({ teamKey }) => teamKey === key)
    if (known === undefined) return notFound
    const changed = { ...known, ...(body as Partial<Mapping>) }
    this.mappings = this.mappings.map((mapping) => (mapping.teamKey === key ? changed : mapping))
    return as.mapping(changed)
  }

  /** The transport of the typed client. */
  get layer() {
    return Layer.succeed(
      HttpClient.HttpClient,
      HttpClient.make((request, url) => {
        if (this.#unreachable) {
          const reason = new HttpClientError.TransportError({ request })
          return Effect.fail(new HttpClientError.HttpClientError({ reason }))
        }
        const sent = request.body._tag === "Uint8Array" ? new TextDecoder().decode(request.body.body) : ""
        const call = {
          method: request.method,
          path: decodeURIComponent(url.pathname),
          query: url.search,
          body: sent === "" ? undefined : JSON.parse(sent),
          token: request.headers["authorization"]?.replace("Bearer ", "")
        }
        if (this.#hanging.has(`${call.method} ${call.path}`)) return Effect.never
        const answer = this.answer(call)
        if (call.method !== "GET" && answer.status < 300) this.#notify(call)
        const body = answer.body === undefined ? null : JSON.stringify(answer.body)
        if (call.path === "/api/events" && answer.status === 404) {
          const after = request.headers["last-event-id"]
          return Effect.succeed(HttpClientResponse.fromWeb(request, this.#stream.open(after)))
        }
        const headers = { "content-type": "application/json" }
        return Effect.succeed(
          HttpClientResponse.fromWeb(request, new Response(body, { status: answer.status, headers }))
        )
      })
    )
  }
}
