import { assert, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { MachineRuns, RunBackends, WorkflowRuns } from "../../src/upstreams/RunBackends.ts"
import { launch, place as app } from "../support/flyBackend.ts"
import { place as repository, request, workflowFile } from "../support/githubClient.ts"
import { Backend, runsContract } from "./RunBackends.contract.ts"
import { type Existing, RunsDouble, runsDouble } from "../support/runBackendsDouble.ts"

const existing: Existing = { repositories: ["acme/web"], workflows: [workflowFile], apps: ["sessions"] }

const backend = (of: Pick<Backend["Service"], "request" | "place" | "absent" | "repeats">) => () =>
  Layer.effect(
    Backend,
    Effect.map(RunsDouble, (double) =>
      Backend.of({
        ...of,
        start: double.start,
        finish: (run, conclusion) =>
          double.finish(run, conclusion, conclusion === "success" ? undefined : "it broke"),
        foreign: double.foreign(of.place),
        started: () => double.runs().filter(({ dispatchId }) => dispatchId !== null).length,
        violations: () => []
      })
    )
  ).pipe(Layer.provideMerge(runsDouble(existing)))

runsContract(
  "The double of GitHub Actions",
  backend({
    request,
    place: repository,
    absent: [
      { ...request, workflowFile: "none.yml" },
      { ...request, repo: "none" }
    ],
    repeats: true
  })
)

runsContract(
  "The double of Fly Machines",
  backend({ request: launch, place: app, absent: [{ ...launch, app: "none" }], repeats: false })
)

it.effect("the port calls the backend of the kind only", () =>
  Effect.gen(function* () {
    const runBackends = yield* RunBackends
    const machine = yield* runBackends.launch(launch)
    const workflow = yield* runBackends.launch(request)
    assert.deepStrictEqual([machine?.kind, workflow?.kind], ["fly", "github"])
    const machines = yield* (yield* MachineRuns).list({ place: app, since: yield* DateTime.now, runs: [] })
    assert.deepStrictEqual(
      machines.map(({ run }) => run),
      [machine]
    )
    const workflows = yield* (yield* WorkflowRuns).list({
      place: repository,
      since: yield* DateTime.now,
      runs: []
    })
    assert.deepStrictEqual(
      workflows.map(({ run }) => run),
      [workflow]
    )
  }).pipe(Effect.provide(runsDouble(existing)))
)
