import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as FiberSet from "effect/FiberSet"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Schema from "effect/Schema"
import { SessionMode } from "../../domain/Modes.ts"
import type { Controls } from "../github/Controls.ts"
import type { Change, Run } from "../github/State.ts"
import { asArtifact, overRunner } from "./Contact.ts"
import type { Job } from "./behaviour.ts"
import { type Agent, type Exit, work } from "./work.ts"
import { StoredDispatchId } from "../../domain/Ids.ts"

const artifact = { name: "ai-implement-report", file: "report.json" }
const conclusions = { success: "success", failure: "failure", cancelled: "cancelled" } as const

const isSessionMode = Schema.is(SessionMode)

const isPlanning = ({ workflow }: Run) => workflow.inputs.includes("plan_feedback")

const jobOf = (run: Run): Job => {
  const { branch = "", issue_identifier, issue_title, plan_feedback, session_mode } = run.inputs
  return {
    phase: isPlanning(run) ? "planning" : "implementation",
    identifier: issue_identifier ?? String(run.id),
    title: issue_title ?? "Change",
    repo: run.repository.fullName,
    branch: branch || `run-${run.id}`,
    sessionMode: isSessionMode(session_mode) ? session_mode : "autonomous",
    planFeedback: plan_feedback || null
  }
}

export const pullRequestsOn =
  (controls: Pick<Controls, "openPullRequest">, url: () => string): Agent["openPullRequest"] =>
  ({ branch, identifier, repo: fullName, title }, draft) => {
    const [owner = "", repo = ""] = fullName.split("/")
    const wanted = {
      owner,
      repo,
      branch,
      title: `${identifier}: ${title}`,
      body: `Fixes ${identifier}`,
      draft
    }
    return controls.openPullRequest(wanted).pipe(
      Effect.orDie,
      Effect.map(({ number }) => ({ number, url: `${url()}/${fullName}/pull/${number}` }))
    )
  }

/** An agent in every run: 2 s in the queue (at speed 1), then its work. Whatever ends the run ends the agent. */
export const onGitHub = Effect.fnUntraced(function* (controls: Controls, agent: Agent) {
  const fork = yield* FiberSet.makeRuntime()
  const working = new Map<number, Fiber.Fiber<void>>()

  const contactOf = (run: Run) => {
    const { callback_url: url, dispatch_id: dispatchId = "" } = run.inputs
    if (!url) {
      return Effect.succeed(
        asArtifact(jobOf(run), dispatchId, (report) =>
          Effect.orDie(controls.uploadArtifact(run.id, artifact.name, { [artifact.file]: report }))
        )
      )
    }
    const token = Effect.orDie(controls.jobToken(run.id, { audience: url }))
    return Effect.provide(
      overRunner({ url, dispatchId: StoredDispatchId.make(dispatchId), token }),
      FetchHttpClient.layer
    )
  }

  const byProgram = Effect.fnUntraced(function* (run: Run) {
    const { behaviourOf, program = null } = agent
    if (program === null) return null
    const job = jobOf(run)
    const [cancelled, ended] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
    const cancel = Effect.andThen(Deferred.succeed(cancelled, undefined), Deferred.await(ended))
    controls.beforeCancelled(run.id, cancel)
    return yield* program
      .onRun(run, job, behaviourOf(job), Deferred.await(cancelled))
      .pipe(Effect.ensuring(Deferred.succeed(ended, undefined)))
  })

  const bySimulation = Effect.fnUntraced(function* (run: Run) {
    const contact = yield* contactOf(run)
    return yield* Effect.catchTag(work(contact, agent), "Cut", () => Effect.succeed<Exit>("failure"))
  })

  const worked = Effect.fnUntraced(function* (run: Run) {
    yield* Effect.sleep(2000 / agent.speed)
    yield* controls.startRun(run.id)
    const exit = (yield* byProgram(run)) ?? (yield* bySimulation(run))
    working.delete(run.id)
    yield* controls.finishRun(run.id, conclusions[exit])
  }, Effect.orDie)

  return (change: Change): void => {
    if (change._tag !== "run") return
    const { action, run } = change
    if (action === "queued") working.set(run.id, fork(worked(run)))
    if (action === "completed") working.get(run.id)?.interruptUnsafe()
  }
})
