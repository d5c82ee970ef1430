import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { workflowInputs } from "../../../src/domain/WorkflowInputs.ts"
import { Readiness } from "../../../src/dispatching/readiness/Readiness.ts"
import { render } from "../../../src/runner/templates/render.ts"
import { mapping } from "../../support/builders.ts"
import { operator, repository, runnerProgram, start } from "../../support/engine.ts"
import { eventually } from "../../support/eventually.ts"
import { TeamKey } from "../../../src/domain/Ids.ts"

const implement = {
  file: "claude-implement.yml",
  name: "Implement",
  inputs: workflowInputs.implementation
}
const whole = { ...repository, workflows: [implement] }

const problemsOf = (reason: unknown) => JSON.stringify(reason)

describe("a repository that lacks what is needed keeps its issues waiting, without a dispatch", () => {
  it.live("when the workflow file was deleted; put back, they are dispatched by themselves", () =>
    Effect.gen(function* () {
      const { attempts, dispatched, github, issue, waitsFor } = yield* start({
        github: { repositories: [repository] }
      })
      const identifier = issue()
      const reason = yield* waitsFor(identifier, "repository_not_ready")
      assert.include(problemsOf(reason), "has no .github/workflows/claude-implement.yml")
      yield* waitsFor(identifier, "repository_not_ready")
      assert.deepStrictEqual(yield* attempts(identifier), [])
      yield* github.putRepository(whole)
      yield* dispatched(identifier)
    })
  )

  it.live("when the App was uninstalled; installed again, they are dispatched by themselves", () =>
    Effect.gen(function* () {
      const { attempts, dispatched, github, issue, waitsFor } = yield* start({
        policy: { readiness: { readyFor: Duration.zero } }
      })
      yield* dispatched(issue())
      github.install({ repositories: [] })
      const identifier = issue()
      const reason = yield* waitsFor(identifier, "repository_not_ready")
      assert.include(problemsOf(reason), "The App is not installed on acme/app")
      assert.deepStrictEqual(yield* attempts(identifier), [])
      github.install({ repositories: null })
      yield* dispatched(identifier)
    })
  )

  it.live("when Fly does not have the app of the machines", () =>
    Effect.gen(function* () {
      const { attempts, issue, waitsFor } = yield* start({
        fly: {},
        mapping: { executionMode: "fly-machines" },
        env: { FLY_SESSIONS_APP: "gone", PUBLIC_URL: "https://ai.test" }
      })
      const identifier = issue()
      const reason = yield* waitsFor(identifier, "repository_not_ready")
      assert.include(problemsOf(reason), '"fly_app_refused"')
      assert.deepStrictEqual(yield* attempts(identifier), [])
    })
  )

  it.live("and says so to an operator who dispatches now, until it is repaired", () =>
    Effect.gen(function* () {
      const { candidates, github, issue, running, waitsFor } = yield* start({
        github: { repositories: [repository] },
        policy: { readiness: { notReadyFor: Duration.hours(1) } }
      })
      const identifier = issue()
      yield* waitsFor(identifier, "repository_not_ready")
      const refused = yield* Effect.flip(candidates.dispatch({ issue: identifier, by: operator }))
      assert.strictEqual(refused._tag === "NotAdmitted" && refused.reason._tag, "repository_not_ready")
      yield* github.putRepository(whole)
      yield* candidates.dispatch({ issue: identifier, by: operator })
      yield* running(identifier)
    })
  )
})

describe("a repository is checked", () => {
  const looks = (calls: ReadonlyArray<{ readonly operation: string | null }>) =>
    calls.filter(({ operation }) => operation === "git/get-ref").length

  it.live("once while it is ready, and at once when its mapping changes", () =>
    Effect.gen(function* () {
      const { github, issue, map, pass, waitsFor } = yield* start()
      issue({ blockedBy: [issue({ labels: [] })] })
      yield* pass
      yield* pass
      assert.strictEqual(looks(github.control.calls()), 1)
      yield* map({ deadlineMinutes: 90 })
      yield* pass
      assert.strictEqual(looks(github.control.calls()), 1)
      yield* map({ defaultBranch: "next" })
      yield* waitsFor(issue(), "repository_not_ready")
      assert.strictEqual(looks(github.control.calls()), 2)
    })
  )

  it.live("not at all while its mapping is paused or has nothing to do", () =>
    Effect.gen(function* () {
      const { github, issue, waitsFor } = yield* start({ mapping: { paused: true } })
      yield* waitsFor(issue(), "paused")
      assert.deepStrictEqual(github.control.calls(), [])
    })
  )
})

describe("while GitHub does not answer", () => {
  const broken = { times: 100, action: { _tag: "status", status: 502 } } as const

  it.live(
    "a repository that was not ready stays not ready, and an unchecked one is not reported as not ready",
    () =>
      Effect.gen(function* () {
        const { github, issue, map, pass, reason, waitsFor } = yield* start({
          github: { repositories: [repository] }
        })
        const [identifier, other] = [issue(), issue({ team: "WEB" })]
        yield* waitsFor(identifier, "repository_not_ready")
        yield* map({ teamKey: TeamKey.make("WEB"), repo: "site" })
        github.control.failNext(broken)
        yield* eventually(
          "the other waits for GitHub",
          Effect.andThen(pass, reason(other)),
          (found) => found?._tag === "upstream_down",
          20
        )
        assert.strictEqual((yield* reason(identifier))?._tag, "repository_not_ready")
      })
  )

  it.live("a pass does not wait for it longer than its budget", () =>
    Effect.gen(function* () {
      const { github, issue, pass, attempts } = yield* start({
        policy: { readiness: { budget: Duration.millis(100) } },
        timeoutMillis: 60_000
      })
      github.control.failNext({ match: "/installation", action: { _tag: "hang" } })
      const identifier = issue()
      yield* pass
      assert.lengthOf(yield* attempts(identifier), 1)
    })
  )
})

describe("a check that an operator requests", () => {
  it.live("returns the current repository, with the state of each template", () =>
    Effect.gen(function* () {
      const { github, services } = yield* start({ github: { repositories: [repository] } })
      const readiness = Context.get(services, Readiness)
      const before = yield* readiness.check(TeamKey.make("ENG"))
      assert.isFalse(before.ready)
      assert.deepStrictEqual(
        before.templates.map(({ installed, state }) => [installed, state]),
        before.templates.map(() => [null, "missing"])
      )
      const rendered = (version: string) =>
        render({
          mappings: [mapping({ planningEnabled: false })],
          callbackUrl: null,
          forwardComments: true,
          runner: { version, content: version }
        })
      const old = new Map(rendered("1.0.0").map(({ content, path }) => [path, content]))
      const implementation = ".github/workflows/claude-implement.yml"
      yield* github.putRepository({
        ...whole,
        workflows: [{ ...implement, content: `${old.get(implementation) ?? ""}# mine\n` }],
        files: {
          ".github/ai-implement/runner.mjs": old.get(".github/ai-implement/runner.mjs") ?? "",
          ".github/workflows/ai-implement-report.yml": "on: workflow_call",
          "WORKFLOW.md": "Do it.",
          ".gitattributes": "*.txt text\n*.psd filter=lfs diff=lfs merge=lfs -text\n"
        }
      })
      const after = yield* readiness.check(TeamKey.make("ENG"))
      assert.isTrue(after.ready)
      assert.deepStrictEqual(
        Object.fromEntries(after.templates.map(({ file, installed, state }) => [file, [installed, state]])),
        {
          [implementation]: ["1.0.0", "modified"],
          ".github/workflows/ai-implement-report.yml": [null, "foreign"],
          ".github/ai-implement/runner.mjs": ["1.0.0", "older"],
          "WORKFLOW.md": [null, "foreign"]
        }
      )
      assert.deepStrictEqual(
        after.templates.map(({ current }) => current),
        after.templates.map(() => runnerProgram.version)
      )
      const [templates] = after.checks.filter(({ name }) => name === "Templates")
      assert.include(templates?.message, `${implementation} (modified)`)
      assert.notInclude(templates?.message, "WORKFLOW.md")
      const [lfs] = after.checks.filter(({ name }) => name === "Git LFS")
      assert.include(lfs?.message, "*.psd")
      assert.notInclude(lfs?.message, "*.txt")
    })
  )

  it.live(
    "fails as an upstream error when GitHub does not answer, and finds no mapping of an unmapped team",
    () =>
      Effect.gen(function* () {
        const { github, services } = yield* start()
        const readiness = Context.get(services, Readiness)
        github.control.failNext({ times: 10, action: { _tag: "status", status: 502 } })
        assert.strictEqual((yield* Effect.flip(readiness.check(TeamKey.make("ENG"))))._tag, "UpstreamError")
        assert.strictEqual((yield* Effect.flip(readiness.check(TeamKey.make("OPS"))))._tag, "MappingNotFound")
      })
  )
})
