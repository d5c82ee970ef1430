/** Removes one guard of the dispatch protocol at a time from a copy of the project, and counts the seeds that find it. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { execFile } from "node:child_process"
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { runMain } from "../src/platform/runMain.ts"

const { values } = parseArgs({
  options: { seeds: { type: "string", default: "4000" }, only: { type: "string" } }
})

interface Guard {
  readonly name: string
  readonly file: string
  readonly guard: string
  readonly without: string
}

const lifecycle = "src/dispatching/lifecycle"
const memory = "test/support/memory"

const guards: ReadonlyArray<Guard> = [
  {
    name: "an attempt that was begun is looked for, not sent again",
    file: `${lifecycle}/launch.ts`,
    guard: `return { _tag: "MarkUncertain" }`,
    without: `return { _tag: "Send" }`
  },
  {
    name: "a launch without an answer is uncertain",
    file: `${lifecycle}/launch.ts`,
    guard: `return sent && reason.delivery === "unknown" ? { _tag: "Uncertain" }`,
    without: `return !sent && reason.delivery === "unknown" ? { _tag: "Uncertain" }`
  },
  {
    name: "absence counts some time after the lease",
    file: `${lifecycle}/launch.ts`,
    guard: `    DateTime.addDuration(row.launchLeaseUntil, policy.absenceAfterLease)`,
    without: `    DateTime.subtractDuration(row.launchLeaseUntil, policy.absenceAfterLease)`
  },
  {
    name: "absence takes two look-ups",
    file: `${lifecycle}/launch.ts`,
    guard: `row.launchLookups >= 2`,
    without: `row.launchLookups >= 1`
  },
  {
    name: "a launch is sent again once",
    file: `${lifecycle}/launch.ts`,
    guard: `row.launchResends < maxResends ? "Send"`,
    without: `row.launchResends >= 0 ? "Send"`
  },
  {
    name: "nothing is sent past the lease",
    file: `${lifecycle}/launchActivity.ts`,
    guard: `return DateTime.isLessThan(yield* DateTime.now, lease)`,
    without: `return DateTime.isLessThan(now, lease)`
  },
  {
    name: "each attempt begins once",
    file: `${memory}/dispatches.ts`,
    guard: `row.launchAttempt === previous &&`,
    without: `row.launchAttempt >= 0 &&`
  },
  {
    name: "the mapping is locked while it admits",
    file: `${memory}/issues.ts`,
    guard: `tx.lock(t.mappings, teamKey)`,
    without: ``
  },
  {
    name: "an issue has one unsettled dispatch",
    file: `${memory}/admission.ts`,
    guard: `if (taken) return []`,
    without: ``
  },
  {
    name: "an outcome is written once",
    file: `${memory}/dispatches.ts`,
    guard: `          live,
          (_, now) => ({ outcome,`,
    without: `          () => true,
          (_, now) => ({ outcome,`
  },
  {
    name: "the first claimant keeps the dispatch",
    file: `${memory}/dispatches.ts`,
    guard: `row.status === "running" && live(row) && row.claimedBy === null`,
    without: `row.status === "running" && live(row)`
  },
  {
    name: "a dispatch settles when no step is pending",
    file: `${lifecycle}/settleActivity.ts`,
    guard: `if (first !== undefined) return againAt`,
    without: `if (first === null) return againAt`
  },
  {
    name: "a pass resumes dispatches without a workflow",
    file: "src/dispatching/poller/pass.ts",
    guard: `  yield* recover()`,
    without: ``
  },
  {
    name: "a stop that is never confirmed is given up",
    file: `${lifecycle}/workflow.ts`,
    guard: `  yield* untilDone("give-up-stopping", () => giveUpStopping(dispatchId))`,
    without: ``
  },
  {
    name: "questions close with their dispatch",
    file: "src/dispatching/questions/questionLoop.ts",
    guard: `  yield* repo.closeEnded(questionClosed)`,
    without: ``
  },
  {
    name: "the first answer stands",
    file: `${memory}/questions.ts`,
    guard: `.filter((question) => question.closedAt === null && where(question, tx))`,
    without: `.filter((question) => where(question, tx))`
  },
  {
    name: "a superseded poller starts again",
    file: "src/dispatching/poller/Poller.ts",
    guard: `if (!(yield* repo.holds(epoch))) {`,
    without: `if (epoch < 0) {`
  },
  {
    name: "what Linear did not answer is unknown",
    file: "src/dispatching/poller/pass.ts",
    guard: `    Effect.catch(({ message }) => Effect.succeed(failed(pass.lastCount, message)))`,
    without: `    Effect.catch(({ message }) =>
      Effect.as(dedup.remove(scope.trackedIds), failed(pass.lastCount, message))
    )`
  }
]

const copied = ["src", "test/simulation", "test/support", "scripts/simulate.ts", "package.json"]

const copy = Effect.acquireRelease(
  Effect.promise(async () => {
    const folder = await mkdtemp(join(tmpdir(), "guards-"))
    for (const path of copied) await cp(path, join(folder, path), { recursive: true })
    await symlink(join(process.cwd(), "node_modules"), join(folder, "node_modules"))
    return folder
  }),
  (folder) => Effect.promise(() => rm(folder, { recursive: true, force: true }))
)

const simulated = (folder: string) =>
  Effect.callback<string>((resume) => {
    const args = ["scripts/simulate.ts", "--seeds", values.seeds, "--until-found"]
    const child = execFile(process.execPath, args, { cwd: folder }, (_, out, error) =>
      resume(Effect.succeed(out.trim() === "" ? error : out))
    )
    return Effect.sync(() => void child.kill())
  })

const lastLines = (out: string) => out.trim().split("\n").slice(-2).join(" — ").slice(0, 300)

runMain(
  Effect.gen(function* () {
    const folder = yield* copy
    for (const { file, guard, name, without } of guards) {
      if (values.only !== undefined && !name.includes(values.only)) continue
      const path = join(folder, file)
      const source = yield* Effect.promise(() => readFile(path, "utf8"))
      if (source.split(guard).length !== 2)
        return yield* Effect.die(new Error(`${file} has no one guard: ${guard}`))
      yield* Effect.promise(() =>
        writeFile(
          path,
          source.replace(guard, () => without)
        )
      )
      yield* Console.log(`without "${name}": ${lastLines(yield* simulated(folder))}`)
      yield* Effect.promise(() => writeFile(path, source))
    }
  }).pipe(Effect.scoped)
)
