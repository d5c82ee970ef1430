import * as Effect from "effect/Effect"
import type { Report } from "../../domain/Report.ts"
import type { Contact, Cut } from "./Contact.ts"
import { type Behaviour, durationOf, type Job, questionOf, spentOn, testsFailed } from "./behaviour.ts"
import { planOf } from "./plan.ts"
import type { Program } from "./program/Program.ts"

export type Exit = "success" | "failure" | "cancelled"

export interface Agent {
  /** 1 is the default: seconds instead of minutes. */
  readonly speed: number
  readonly behaviourOf: (job: Job) => Behaviour
  readonly openPullRequest: (job: Job, draft: boolean) => Effect.Effect<{ number: number; url: string }>
  /** Null and absent: all work is simulated. */
  readonly program?: Program | null
}

/** Does a job as a real agent would, in seconds: claims it, works, asks, opens a pull request or writes a plan, reports. */
export const work = Effect.fnUntraced(function* (
  contact: Contact,
  agent: Agent
): Effect.fn.Return<Exit, Cut> {
  const job = yield* contact.claim
  if (job === null) return "success"
  const { asks, ending } = agent.behaviourOf(job)
  const share = durationOf(job) / agent.speed / 4

  const step = (name: string, ...lines: ReadonlyArray<string>) =>
    Effect.andThen(contact.progress(name, lines), Effect.sleep(share))

  yield* step("clone", `Cloning ${job.repo}`, `Switched to ${job.branch}`)
  yield* step("agent", `Reading ${job.repo}`, `${job.identifier}: ${job.title}`)
  if (ending === "hangs") return yield* Effect.never
  if (ending === "cancelled") return "cancelled"
  if (asks) {
    const answer = yield* contact.ask(questionOf(job))
    if (answer === null && job.sessionMode === "interactive") {
      yield* contact.report(job, { outcome: "question_unanswered" })
      return "failure"
    }
    yield* contact.progress("agent", [answer === null ? "Continuing without an answer" : `Answer: ${answer}`])
  }
  yield* step("verify", "npm test", "212 passed")
  if (ending === "silent") return "success"
  const said = yield* end(job, ending, agent)
  yield* step("report")
  yield* contact.report(job, { ...said, ...spentOn(job) })
  return said.outcome === "failed" ? "failure" : "success"
})

type Said = Omit<Report, "dispatchId" | "phase">

const end = Effect.fnUntraced(function* (
  job: Job,
  ending: "delivered" | "no_change" | "verification_failed" | "failed",
  agent: Agent
): Effect.fn.Return<Said> {
  switch (ending) {
    case "failed":
      return { outcome: "failed", failure: testsFailed }
    case "no_change":
      return { outcome: ending, gaps: "The default branch does this already, and a test covers it." }
  }
  if (job.phase === "planning") return { outcome: "delivered", plan: planOf(job) }
  const draft = ending === "verification_failed"
  const { number, url } = yield* agent.openPullRequest(job, draft)
  return {
    outcome: ending,
    pullRequest: { number, url, draft },
    gaps: draft ? "Verification failed: one test is red." : "Implemented as asked. No gaps, no manual steps."
  }
})
