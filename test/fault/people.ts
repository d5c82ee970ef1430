import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { makeClient } from "../../src/api/client.ts"
import { dispatchOf } from "../../src/dispatching/sessions/MachineRuns.ts"
import { overRunner } from "../../src/sandbox/agent/Contact.ts"
import { defaultBehaviour } from "../../src/sandbox/agent/behaviour.ts"
import { pullRequestsOn } from "../../src/sandbox/agent/onGitHub.ts"
import { type Agent, work } from "../../src/sandbox/agent/work.ts"
import type { Run } from "../../src/sandbox/GitHub.ts"
import { answer, asks } from "../support/flow.ts"
import { eventually, type Scene } from "../support/scene.ts"
import { StoredDispatchId } from "../../src/domain/Ids.ts"

const decodeComments = Schema.decodeUnknownEffect(
  Schema.Array(Schema.Struct({ id: Schema.String, branch: Schema.String }))
)

/** Whoever works for the issues of a scene, be the service there or not: agents in their runs, and people. */
export const bringPeople = Effect.fnUntraced(function* (scene: Scene) {
  const { env, flow, fly, github, linear, rows, sql } = scene
  const { ADMIN_ACCESS_CODE: code = "", PUBLIC_URL: url = "" }: Readonly<Record<string, string>> = env
  let token: string | null = null
  const operator = yield* makeClient({ url, token: () => token })

  /** Tries until the timeline records it; an accepted request is not repeated. */
  const insist = <E>(identifier: string, event: string, call: Effect.Effect<unknown, E>) =>
    Effect.gen(function* () {
      const [row] = yield* rows(identifier)
      if (row?.events.includes(event) === true) return true
      yield* Effect.ignore(call)
      return false
    }).pipe(Effect.repeat({ until: (announced) => announced, schedule: Schedule.spaced("300 millis") }))

  const signedIn = Effect.suspend(() =>
    token === null
      ? Effect.map(operator.auth.signIn({ payload: { code } }), (session) => {
          token = session.token
        })
      : Effect.void
  )

  const answerIt = Effect.fnUntraced(function* (identifier: string, dispatchId: string) {
    const asked = yield* eventually(
      `the question of ${identifier}`,
      Effect.sync(() => linear.issueByIdentifier(identifier)?.comments[0] ?? null)
    )
    if (flow === "reply") {
      linear.comment({ issue: identifier, body: answer, parentId: asked.id })
      return yield* insist(identifier, "question_answered", scene.askForPass)
    }
    const call = Effect.gen(function* () {
      yield* signedIn
      const questions = yield* operator.questions.list()
      const question = questions.find((each) => each.dispatchId === dispatchId)
      yield* operator.questions.answer({ params: { id: question?.id ?? "" }, payload: { text: answer } })
    })
    yield* insist(identifier, "question_answered", call)
  })

  /** Takes it out of the queue and stops it. */
  const cancel = Effect.fnUntraced(function* (identifier: string, id: string) {
    const { labels = [] } = linear.issueByIdentifier(identifier) ?? {}
    linear.setLabels(
      identifier,
      labels.filter((label) => label !== "AI-Implement")
    )
    const call = Effect.andThen(
      signedIn,
      operator.dispatches.cancel({ params: { id: StoredDispatchId.make(id) } })
    )
    yield* insist(identifier, "stop_requested", call)
  })

  const agent: Agent = {
    speed: 200,
    behaviourOf: defaultBehaviour,
    openPullRequest: pullRequestsOn(github, () => github.url)
  }

  const workOverRunner = Effect.fnUntraced(function* ({ id, inputs }: Run) {
    const { callback_url: url = "", dispatch_id: dispatchId = "" } = inputs
    const token = Effect.orDie(github.jobToken(id, { audience: url }))
    yield* work(yield* overRunner({ url, dispatchId: StoredDispatchId.make(dispatchId), token }), agent)
  })

  const implement = (branch = "") =>
    github.openPullRequest({ owner: "acme", repo: "app", branch, title: "Done" })

  /** Starts a run that is announced on its issue, does its work and ends it well, unless it is cancelled. */
  const attend = Effect.fnUntraced(function* (run: Run) {
    const { dispatch_id: dispatchId = "", issue_identifier: identifier = "" } = run.inputs
    yield* github.startRun(run.id)
    if (flow === "cancel") return yield* cancel(identifier, dispatchId)
    if (asks(flow)) yield* Effect.forkScoped(answerIt(identifier, dispatchId))
    yield* run.inputs["callback_url"] ? workOverRunner(run) : implement(run.inputs["branch"])
    yield* github.finishRun(run.id, "success")
  }, Effect.orDie)

  const taken = new Set<number>()
  const turn = Effect.gen(function* () {
    const waiting = github.runs().filter(({ id, status }) => status === "queued" && !taken.has(id))
    const machines = fly.machines().filter(({ state }) => state === "created")
    if (waiting.length + machines.length === 0) return
    const announced = yield* sql`select id, branch from dispatches where announced_at is not null`.pipe(
      Effect.flatMap(decodeComments)
    )
    for (const { config, id } of machines) {
      const dispatch = announced.find((each) => each.id === dispatchOf({ metadata: config.metadata ?? {} }))
      if (dispatch === undefined) continue
      yield* fly.startMachine(id)
      yield* implement(dispatch.branch)
      yield* fly.exitMachine(id, { code: 0 })
    }
    for (const run of waiting) {
      if (!announced.some(({ id }) => id === run.inputs["dispatch_id"])) continue
      taken.add(run.id)
      yield* Effect.forkScoped(attend(run))
    }
  })
  if (flow === "cancel") github.setCancelDelay(20)
  yield* turn.pipe(
    Effect.catchTag("SqlError", () => Effect.void),
    Effect.repeat(Schedule.spaced("25 millis")),
    Effect.orDie,
    Effect.forkScoped
  )
}, Effect.provide(FetchHttpClient.layer))
