import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Run } from "../../../src/domain/Dispatch.ts"
import { MachineRuns, RunBackends, WorkflowRuns } from "../../../src/upstreams/RunBackends.ts"
import { GitHub as Sandbox } from "../../../src/sandbox/GitHub.ts"
import { layer, place, request, web } from "../../support/githubClient.ts"
import { Host, repositoriesContract } from "../CodeHost.contract.ts"
import { Backend, runsContract } from "../RunBackends.contract.ts"

const idOf = (run: Run) => (run.kind === "github" ? run.id : 0)

const withoutDispatch = { ...request, undeclaredInputs: ["dispatch_id", "issue_id"] }

const backend = Layer.effect(
  Backend,
  Effect.map(Effect.all([Sandbox, WorkflowRuns]), ([github, workflows]) =>
    Backend.of({
      request,
      place,
      absent: [
        { ...request, workflowFile: "none.yml" },
        { ...request, repo: "none" }
      ],
      repeats: true,
      start: (run) => Effect.orDie(Effect.asVoid(github.startRun(idOf(run)))),
      finish: (run, conclusion) =>
        github
          .finishRun(idOf(run), conclusion === "never_started" ? "startup_failure" : conclusion)
          .pipe(Effect.asVoid, Effect.orDie),
      foreign: Effect.orDie(Effect.asVoid(workflows.launch(withoutDispatch))),
      started: () => github.runs().filter(({ inputs }) => "dispatch_id" in inputs).length,
      violations: () => github.control.violations()
    })
  )
)

const host = Layer.effect(
  Host,
  Effect.map(Sandbox, (github) =>
    Host.of({
      repository: web,
      openPullRequest: (wanted) =>
        Effect.orDie(Effect.map(github.openPullRequest({ ...web, ...wanted }), ({ number }) => number)),
      merge: (number) => Effect.orDie(Effect.asVoid(github.mergePullRequest({ ...web, number }))),
      comment: (number, wanted) =>
        Effect.orDie(Effect.map(github.comment({ ...web, number, ...wanted }), ({ id }) => id)),
      editComment: (id, body, millis) => Effect.orDie(Effect.asVoid(github.editComment(id, body, millis))),
      letWrite: (login, may) => Effect.orDie(github.setRole({ ...web, login, role: may ? "write" : "read" })),
      violations: () => github.control.violations()
    })
  )
)

const noMachines = Layer.mock(MachineRuns, {})

runsContract("GitHub Actions", () =>
  Layer.provideMerge(backend, RunBackends.layer.pipe(Layer.provide(noMachines), Layer.provideMerge(layer())))
)

repositoriesContract("GitHub", () => Layer.provideMerge(host, layer()))
