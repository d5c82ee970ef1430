import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { AppConfig } from "../../platform/Config.ts"
import { CodeHost } from "../CodeHost.ts"
import { CodeHostSetup } from "../CodeHostSetup.ts"
import { WorkflowRuns } from "../RunBackends.ts"
import { makeArtifact } from "./artifact.ts"
import { Client } from "./Client.ts"
import { makeInspect } from "./inspect.ts"
import { makeProposals } from "./proposals.ts"
import { makePulls } from "./pulls.ts"
import { makeRuns } from "./runs.ts"
import { makeSetup } from "./setup.ts"

const runs = Layer.effect(
  WorkflowRuns,
  Effect.map(Client, (client) => WorkflowRuns.of(makeRuns(client)))
)

const repositories = Layer.effect(
  CodeHost,
  Effect.map(Client, (client) =>
    CodeHost.of({
      ...makePulls(client),
      ...makeInspect(client),
      ...makeProposals(client),
      artifact: makeArtifact(client),
      workToken: (repository) =>
        client.token(repository, "work").pipe(
          Effect.map(({ expires_at, token }) => ({ token: Redacted.make(token), expiresAt: expires_at })),
          Effect.withSpan("GitHub.workToken")
        )
    })
  )
)

const setup = Layer.effect(
  CodeHostSetup,
  Effect.gen(function* () {
    const { GITHUB_API_URL } = yield* AppConfig
    return CodeHostSetup.of(yield* makeSetup(yield* Client, GITHUB_API_URL))
  })
)

/** GitHub: Actions as an execution backend, and the host of the repositories. */
export const layer = Layer.mergeAll(runs, repositories, setup).pipe(Layer.provide(Client.layer))
