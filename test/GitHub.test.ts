import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Run } from "../src/domain/Dispatch.ts"
import { GitHub as Sandbox } from "../src/sandbox/GitHub.ts"
import { layer, request, web } from "./GitHub/support.ts"
import { Backend, runsContract } from "./Runs.contract.ts"

const idOf = (run: Run) => (run.kind === "github" ? run.id : 0)

const backend = Layer.effect(
  Backend,
  Effect.map(Sandbox, (github) =>
    Backend.of({
      request,
      start: (run) => Effect.orDie(Effect.asVoid(github.startRun(idOf(run)))),
      finish: (run, conclusion) => Effect.orDie(Effect.asVoid(github.finishRun(idOf(run), conclusion))),
      openPullRequest: (wanted) =>
        Effect.orDie(Effect.map(github.openPullRequest({ ...web, ...wanted }), ({ number }) => number)),
      merge: (number) => Effect.orDie(Effect.asVoid(github.mergePullRequest({ ...web, number }))),
      started: () => github.runs().length,
      violations: () => github.control.violations()
    })
  )
)

runsContract("GitHub Actions", () => Layer.provideMerge(backend, layer()))
