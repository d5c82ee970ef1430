import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Dispatch } from "../../src/domain/Dispatch.ts"
import { workflowInputs } from "../../src/sandbox/github/workflowInputs.ts"
import { operator, repository, start } from "../support/engine.ts"
import { eventually } from "../support/eventually.ts"
import { hold } from "../support/hold.ts"
import { TeamKey } from "../../src/domain/Ids.ts"

const other = { owner: "acme", repo: "other" }

/** With a second repository beside the first. */
const twoRepositories = Effect.gen(function* () {
  const engine = yield* start()
  yield* engine.github.putRepository({
    ...other,
    defaultBranch: "trunk",
    workflows: [{ file: "implement.yaml", name: "Implement", inputs: workflowInputs }]
  })
  const remap = engine.map({ ...other, workflowFile: "implement.yaml", defaultBranch: "trunk" })
  return { ...engine, remap }
})

const placeOf = ({ owner, ref, repo, workflowFile }: Dispatch) => `${owner}/${repo}/${workflowFile}@${ref}`

describe("live dispatches are followed by the facts of their own rows", () => {
  it.live("when two teams are mapped to one repository", () =>
    Effect.gen(function* () {
      const { deliver, finish, github, issue, labels, map, pass, running, settled } = yield* start()
      yield* map({ teamKey: TeamKey.make("WEB") })
      const [eng, web] = [issue(), issue({ team: "WEB" })]
      yield* pass
      const [first, second] = [yield* running(eng), yield* running(web)]
      assert.deepStrictEqual(
        [first, second].map((dispatch) => [dispatch.teamKey, placeOf(dispatch)]),
        ["ENG", "WEB"].map((team) => [team, "acme/app/claude-implement.yml@main"])
      )
      assert.lengthOf(github.runs(), 2)
      yield* finish(first, "failure")
      const pull = yield* deliver(second)
      const [failed, delivered] = [yield* settled(eng), yield* settled(web)]
      assert.deepStrictEqual([failed.status, failed.pullRequest], ["failed", null])
      assert.deepStrictEqual([delivered.status, delivered.pullRequest?.number], ["succeeded", pull.number])
      assert.deepStrictEqual([...labels(eng)], ["AI-Implement"])
      assert.deepStrictEqual([...labels(web)], ["AI-Implement", "Ready for Review"])
    })
  )

  it.live("when their team is mapped to another repository", () =>
    Effect.gen(function* () {
      const { deliver, dispatched, dispatches, github, issue, pass, remap, running, settled } =
        yield* twoRepositories
      github.setCancelDelay(20)
      const [early, stopped] = [issue(), issue()]
      yield* pass
      const [first, second] = [yield* running(early), yield* running(stopped)]
      yield* remap
      yield* pass
      const pull = yield* deliver(first)
      const end = yield* settled(early)
      assert.deepStrictEqual(
        [end.status, end.pullRequest?.number, placeOf(end)],
        ["succeeded", pull.number, "acme/app/claude-implement.yml@main"]
      )
      yield* dispatches.cancel(second.id, operator)
      assert.strictEqual((yield* settled(stopped)).outcome?.reason, "operator")
      assert.strictEqual(github.findRuns(second.id)[0]?.conclusion, "cancelled")
      const late = yield* dispatched(issue())
      assert.strictEqual(placeOf(late), "acme/other/implement.yaml@trunk")
      assert.strictEqual(github.findRuns(late.id)[0]?.repository.fullName, "acme/other")
    })
  )

  it.live("when its mapping is deleted", () =>
    Effect.gen(function* () {
      const { deliver, dispatched, issue, labels, mappings, settled, waitsFor } = yield* start()
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      yield* eventually(
        "the run label is on",
        Effect.sync(() => labels(identifier)),
        (worn) => worn.includes("AI-Working")
      )
      const removed = yield* mappings.remove(TeamKey.make("ENG"), { ifIdle: false }, operator)
      assert.strictEqual(removed.liveDispatches, 1)
      yield* waitsFor(identifier, "no_mapping")
      const pull = yield* deliver(dispatch)
      const end = yield* settled(identifier)
      assert.deepStrictEqual([end.status, end.pullRequest?.number], ["succeeded", pull.number])
      assert.deepStrictEqual([...labels(identifier)], ["AI-Implement", "Ready for Review"])
      yield* waitsFor(identifier, "no_mapping")
    })
  )

  it.live("and one whose launch is under way goes where it was admitted", () =>
    Effect.gen(function* () {
      const { attempts, github, issue, mappings, pass, running } = yield* start({ timeoutMillis: 20_000 })
      const held = hold(github.control, "/dispatches")
      const identifier = issue()
      yield* pass
      yield* held
      yield* mappings.remove(TeamKey.make("ENG"), { ifIdle: false }, operator)
      assert.isNull((yield* attempts(identifier))[0]?.run)
      github.control.letGo()
      assert.strictEqual(placeOf(yield* running(identifier)), "acme/app/claude-implement.yml@main")
      assert.strictEqual(github.runs()[0]?.repository.fullName, `${repository.owner}/${repository.repo}`)
    })
  )
})
