import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type {
  Ask,
  Progress,
  QuestionState,
  RepositoryToken,
  RunContext
} from "../../domain/RunnerMessages.ts"
import { DispatchConflict, type DispatchNotFound } from "../dispatches/Dispatches.ts"
import { RunnerCredentialsRepo } from "../dispatches/RunnerCredentialsRepo.ts"
import { RunLogRepo } from "../dispatches/RunLogRepo.ts"
import type { DispatchRow } from "../dispatches/DispatchRow.ts"
import { TimelineRepo } from "../dispatches/TimelineRepo.ts"
import { SettlementsRepo } from "../dispatches/SettlementsRepo.ts"
import { maxRepositoryTokens, TransitionsRepo } from "../dispatches/TransitionsRepo.ts"
import type { Question } from "../../domain/Question.ts"
import type { Report } from "../../domain/Report.ts"
import { Reports } from "../lifecycle/Reports.ts"
import { type QuestionNotFound, Questions } from "../questions/Questions.ts"
import { Callers } from "./Callers.ts"
import { CallLimits } from "./CallLimits.ts"
import { InvalidToken, type TooManyCalls } from "./errors.ts"
import { makeRunOf } from "./runOf.ts"
import { refusedClaimant, refusedToken, refusedWork } from "./rules.ts"
import { makeReadAround, runContext } from "./runContext.ts"
import { Audit } from "../../admin/Audit.ts"
import type { Mappings } from "../../admin/Mappings.ts"
import { makeAtomically } from "../../platform/Sql/atomically.ts"
import { planFor } from "../plans/planFor.ts"
import type { PlansRepo } from "../plans/PlansRepo.ts"
import { CodeHost } from "../../upstreams/CodeHost.ts"
import { Tracker } from "../../upstreams/Tracker.ts"
import { RunBackends } from "../../upstreams/RunBackends.ts"
import type { UpstreamError } from "../../upstreams/UpstreamError.ts"
import type { DispatchId } from "../../domain/Ids.ts"

type Refused = InvalidToken | DispatchNotFound | DispatchConflict | TooManyCalls | UpstreamError

/** Calls of runs, each authenticated by its own token. */
export class Runner extends Context.Service<
  Runner,
  {
    /** Why the token is none of a run; null for a run's. The calls below ask whether it is the right one's. */
    readonly refusal: (token: string) => Effect.Effect<InvalidToken | null>
    /** The first claimant owns the dispatch and may repeat the call. Confirms an uncertain launch. */
    readonly claim: (token: string | null, dispatchId: DispatchId) => Effect.Effect<RunContext, Refused>
    /** A token for the repository, for the claimant while its dispatch lives; renewable, counted and audited. */
    readonly token: (token: string | null, dispatchId: DispatchId) => Effect.Effect<RepositoryToken, Refused>
    /** Idempotent: one result for each dispatch. */
    readonly report: (token: string | null, report: Report) => Effect.Effect<void, Refused>
    readonly progress: (token: string | null, progress: Progress) => Effect.Effect<void, Refused>
    readonly ask: (
      token: string | null,
      ask: Ask
    ) => Effect.Effect<Pick<Question, "id" | "expiresAt">, Refused>
    /** The state once the question closes, after `seconds`, or when `cut` ends. */
    readonly question: (
      token: string | null,
      id: string,
      seconds: number,
      cut: Effect.Effect<void>
    ) => Effect.Effect<QuestionState, Refused | QuestionNotFound>
  }
>()("ai-implement/dispatching/callbacks/Runner") {
  static readonly layerNoDeps = Layer.effect(
    Runner,
    Effect.gen(function* () {
      const callers = yield* Callers
      const limits = yield* CallLimits
      const transitions = yield* TransitionsRepo
      const timeline = yield* TimelineRepo
      const credentials = yield* RunnerCredentialsRepo
      const reports = yield* Reports
      const lines = yield* RunLogRepo
      const questions = yield* Questions
      const runOf = makeRunOf(yield* RunBackends)
      const codeHost = yield* CodeHost
      const readAround = makeReadAround(yield* Tracker, codeHost, yield* SettlementsRepo)
      const audit = yield* Audit
      const atomically = yield* makeAtomically
      const planning = yield* Effect.context<PlansRepo | Mappings>()

      const planOf = Effect.fnUntraced(function* (row: DispatchRow) {
        const plan = yield* Effect.provide(planFor(row), planning)
        return plan._tag === "Missing" ? yield* conflict(plan.why) : plan.text
      })

      const identify = Effect.fnUntraced(function* (
        token: string | null,
        dispatchId: DispatchId,
        body: object = {}
      ) {
        const caller = yield* callers.identify(token, dispatchId)
        yield* limits.call(caller.row.id, Buffer.byteLength(JSON.stringify(body)))
        return caller
      })

      const worker = Effect.fnUntraced(function* (
        token: string | null,
        dispatchId: DispatchId,
        body?: object
      ) {
        const caller = yield* identify(token, dispatchId, body)
        return caller._tag === "Asker"
          ? yield* new InvalidToken({ message: "This token is valid for questions only." })
          : caller
      })

      const contextOf = Effect.fnUntraced(function* (row: DispatchRow, plan: string | null) {
        const around = yield* readAround(row)
        const asks = row.sessionMode !== "autonomous"
        const questionsToken = asks ? Redacted.value(yield* credentials.issue(row.id, "questions")) : null
        return runContext(row, { ...around, plan, questionsToken })
      })

      const claim = Effect.fn("Runner.claim")(function* (token: string | null, dispatchId: DispatchId) {
        const caller = yield* worker(token, dispatchId)
        const { id } = caller.row
        const plan = yield* planOf(caller.row)
        const run = yield* runOf(caller)
        const row = (yield* transitions.claim(id, caller.claimant, run)) ?? (yield* transitions.find(id))
        const refused = refusedWork(row ?? caller.row, caller.claimant)
        if (refused !== null) return yield* conflict(refused)
        return yield* contextOf(row ?? caller.row, plan)
      })

      const token = Effect.fn("Runner.token")(function* (bearer: string | null, dispatchId: DispatchId) {
        const { claimant, row } = yield* worker(bearer, dispatchId)
        const refused = refusedWork(row, claimant) ?? refusedToken(row)
        if (refused !== null) return yield* conflict(refused)
        const repository = `${row.owner}/${row.repo}`
        if ((yield* transitions.countRepositoryToken(row.id, claimant, repository)) === null) {
          return yield* conflict(
            `The run of ${row.issueIdentifier} has ended, is being stopped, or received ${maxRepositoryTokens} tokens already. It gets no other.`
          )
        }
        const { expiresAt, token } = yield* codeHost.workToken({ owner: row.owner, repo: row.repo })
        yield* atomically(
          audit.record({
            actor: { name: claimant, session: null, address: null },
            action: "runner.token",
            subject: row.issueIdentifier,
            after: {
              dispatchId: row.id,
              repository,
              expiresAt: DateTime.formatIso(expiresAt)
            }
          })
        )
        return { token: Redacted.value(token), expiresAt }
      })

      const report = Effect.fn("Runner.report")(function* (token: string | null, report: Report) {
        const { claimant, row } = yield* worker(token, report.dispatchId, report)
        const refused = refusedClaimant(row, claimant)
        if (refused !== null) return yield* conflict(refused)
        const checked = yield* reports.accept(row, report)
        if (checked._tag === "Late" || checked._tag === "Foreign") return yield* conflict(checked.why)
      })

      const progress = Effect.fn("Runner.progress")(function* (token: string | null, progress: Progress) {
        const { claimant, row } = yield* worker(token, progress.dispatchId, progress)
        const refused = refusedWork({ ...row, stopRequestedAt: null }, claimant)
        if (refused !== null) return yield* conflict(refused)
        if (progress.step !== undefined) yield* timeline.addStep(row.id, progress.step)
        yield* lines.append(row.id, progress.lines ?? [])
      })

      const ask = Effect.fn("Runner.ask")(function* (token: string | null, ask: Ask) {
        const caller = yield* identify(token, ask.dispatchId, ask)
        const refused = caller._tag === "Asker" ? null : refusedClaimant(caller.row, caller.claimant)
        if (refused !== null) return yield* conflict(refused)
        return yield* questions.ask(caller.row, { text: ask.text, options: ask.options ?? [] })
      })

      const question = Effect.fn("Runner.question")(function* (
        token: string | null,
        id: string,
        seconds: number,
        cut: Effect.Effect<void>
      ) {
        const { dispatchId } = yield* questions.find(id)
        const { row } = yield* identify(token, dispatchId)
        return yield* limits.longPoll(row.id, questions.wait(id, seconds, cut))
      })

      return Runner.of({
        refusal: callers.refusal,
        claim: (token, dispatchId) => claim(token, dispatchId).pipe(logging("claim", dispatchId)),
        token: (bearer, dispatchId) => token(bearer, dispatchId).pipe(logging("token", dispatchId)),
        report: (token, body) => report(token, body).pipe(logging("report", body.dispatchId)),
        progress: (token, body) => progress(token, body).pipe(logging("progress", body.dispatchId)),
        ask: (token, body) => ask(token, body).pipe(logging("question", body.dispatchId)),
        question
      })
    })
  )

  static readonly layer = this.layerNoDeps.pipe(Layer.provide([Callers.layer, CallLimits.layer]))
}

const logging =
  (call: string, dispatchId: DispatchId) =>
  <A>(effect: Effect.Effect<A, Refused>) =>
    Effect.tapError(effect, ({ _tag, message }) =>
      _tag === "UpstreamError" || _tag === "TooManyCalls"
        ? Effect.void
        : Effect.logWarning(`Refused the ${call} of a run: ${message}`).pipe(
            Effect.annotateLogs({ dispatchId })
          )
    )

const conflict = (message: string) => new DispatchConflict({ message })
