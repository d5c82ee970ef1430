import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { Runner } from "../../../src/dispatching/callbacks/Runner.ts"
import type { Phase } from "../../../src/domain/Modes.ts"
import type { Report } from "../../../src/domain/Report.ts"
import type { ObservedRun } from "../../../src/upstreams/RunBackends.ts"
import * as t from "../../support/memory/tables.ts"
import { jobToken, type Served } from "./service.ts"
import type { TrueRun } from "./Upstreams.ts"
import type { World } from "./World.ts"

const second = 1000
const minute = 60 * second

/** A request to some replica: its answer, or null when none came. */
export const request = <A, E>(
  world: World,
  effect: Effect.Effect<A, E, Served>
): Effect.Effect<Result.Result<A, E> | null> =>
  Effect.suspend(() => {
    const replica = world.hosts.any()
    if (replica === null) return Effect.as(Effect.sleep(5 * second), null)
    return Fiber.await(replica.fork(Effect.result(effect))).pipe(
      Effect.timeoutOption(30 * second),
      Effect.map((exit) =>
        Option.isNone(exit) || Exit.isFailure(exit.value) || world.mishap(world.plan.lostAnswer / 2)
          ? null
          : exit.value.value
      )
    )
  })

// Repeated until it is answered, as the runner does; now and then once more than needed.
const persistent = Effect.fnUntraced(function* <A, E>(
  world: World,
  effect: Effect.Effect<A, E, Served>,
  attempts = 6
) {
  let answer: Result.Result<A, E> | null = null
  for (let attempt = 0; attempt < attempts && answer === null; attempt++) {
    if (attempt > 0) yield* Effect.sleep(world.chance.between(2, 20) * second)
    answer = yield* request(world, effect)
  }
  if (world.mishap(world.plan.duplicate)) yield* request(world, effect)
  return answer
})

const endings = {
  delivers: 8,
  fails: 2,
  crashes: 1,
  nothing: 1,
  draft: 1,
  silent: 1,
  noChange: 0.7,
  neverStarts: 0.6,
  vanishes: 0.4,
  cancelled: 0.5,
  hangs: 1
}
type Ending = keyof typeof endings

const obedience = { atOnce: 6, byForce: 2, never: 1 }

const report = (run: TrueRun, phase: Phase, outcome: Report["outcome"]): Report => ({
  dispatchId: run.dispatchId,
  phase,
  outcome,
  ...(outcome === "delivered" &&
    phase === "planning" && { plan: [{ title: "Plan", markdown: `Plan ${run.id}` }] })
})

/** What happens in a run from its creation to its end. */
export const follow = (world: World, run: TrueRun) => {
  const { chance, time, upstreams } = world
  const ending: Ending = world.calm ? "delivers" : chance.weighted(endings)
  const obeys = world.calm ? "atOnce" : chance.weighted(obedience)
  const token = jobToken(run.id)
  const row = () => world.store.rows(t.dispatches).get(run.dispatchId) as t.StoredDispatch
  let askedAt: number | null = null
  const obeysAfter = chance.int(60 * second)

  const end = (conclusion: ObservedRun["conclusion"]) => {
    if (run.state === "completed") return
    run.state = "completed"
    run.conclusion = conclusion
    world.trace(`run ${run.id} ends: ${conclusion}`)
  }

  // Whether the run still runs after so long.
  const continues = Effect.fnUntraced(function* (millis: number) {
    const until = time.now + millis
    while (time.now < until) {
      yield* Effect.sleep(Math.min(10 * second, until - time.now))
      const heard =
        run.stopAsked === "by force" ? obeys !== "never" : run.stopAsked === "gently" && obeys === "atOnce"
      if (heard) askedAt ??= time.now
      if (askedAt !== null && time.now >= askedAt + obeysAfter) end("cancelled")
      if (run.state === "completed") return false
    }
    return true
  })

  const openPull = (draft: boolean) => {
    const open = upstreams.pulls.find(({ branch, state }) => branch === run.branch && state === "open")
    if (open !== undefined) return Object.assign(open, { draft })
    const pull = {
      number: upstreams.pulls.length + 1,
      branch: run.branch,
      openedAt: time.now,
      state: "open",
      draft
    } as const
    upstreams.pulls.push({ ...pull })
    world.trace(`run ${run.id} opens pull request ${pull.number}`)
    return pull
  }

  const ask = Effect.fnUntraced(function* (questionsToken: string) {
    const text = `Which logo for run ${run.id}?`
    const asked = yield* persistent(
      world,
      Effect.flatMap(Runner, (runner) => runner.ask(questionsToken, { dispatchId: run.dispatchId, text }))
    )
    if (asked === null || Result.isFailure(asked)) return
    let before: string | null = null
    for (let look = 0; look < 150; look++) {
      const seen = yield* request(
        world,
        Effect.flatMap(Runner, (runner) =>
          runner.question(questionsToken, asked.success.id, 20, Effect.never)
        )
      )
      if (seen !== null && Result.isSuccess(seen) && seen.success.state !== "open") {
        const said = `${seen.success.state}: ${seen.success.answer}`
        if (before !== null && before !== said)
          world.violate(`an answer changed from "${before}" to "${said}"`)
        if (before !== null || !chance.is(0.3)) return
        before = said
      }
      if (!(yield* continues(5 * second))) return
    }
  })

  const claim = Effect.fnUntraced(function* () {
    const answer = yield* persistent(
      world,
      Effect.flatMap(Runner, (runner) => runner.claim(token, run.dispatchId))
    )
    if (answer === null || Result.isFailure(answer)) return null
    return answer.success
  })

  const send = (outcome: Report["outcome"]) =>
    world.plan.callback
      ? Effect.asVoid(
          persistent(
            world,
            Effect.flatMap(Runner, (runner) => runner.report(token, report(run, row().phase, outcome)))
          )
        )
      : Effect.void

  return Effect.gen(function* () {
    if (ending === "neverStarts") {
      yield* continues(45 * minute)
      return end("cancelled")
    }
    const waits = !world.calm && chance.is(0.1)
    if (waits) run.state = chance.pick(["waiting", "pending"])
    if (!(yield* continues(waits ? chance.int(20 * minute) : chance.int(minute)))) return
    run.state = "running"
    run.startedAt = time.now
    const context = world.plan.callback ? yield* claim() : null
    if (run.state !== "running") return
    if (world.plan.callback && context === null) return end("failure")
    const other = upstreams.runs.find(
      (each) => each !== run && each.dispatchId === run.dispatchId && each.worked
    )
    if (other !== undefined) world.violate(`runs ${other.id} and ${run.id} of one dispatch both work`)
    run.worked = true
    if (context?.questionsToken != null && chance.is(0.8)) yield* ask(context.questionsToken)
    if (run.state !== "running") return
    if (!(yield* continues(ending === "hangs" ? 30 * minute : chance.int(4 * minute)))) return
    const planning = row().phase === "planning"
    switch (ending) {
      case "hangs":
      case "crashes":
        return end("failure")
      case "fails":
        yield* send("failed")
        return end("failure")
      case "noChange":
        yield* send("no_change")
        return end("success")
      case "cancelled":
        return end("cancelled")
      case "vanishes":
        run.gone = true
        return end("failure")
      case "nothing":
        return end("success")
      case "draft":
        if (!planning) openPull(true)
        yield* send(planning ? "failed" : "verification_failed")
        return end("success")
      case "silent":
        if (!planning) openPull(false)
        return end("success")
      case "delivers":
        if (!planning) openPull(false)
        yield* send("delivered")
        if (chance.is(0.3)) yield* continues(chance.int(2 * minute))
        return end("success")
    }
  })
}
