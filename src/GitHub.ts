import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { Client } from "./GitHub/Client.ts"
import { makeComments } from "./GitHub/comments.ts"
import { makeArtifact } from "./GitHub/artifact.ts"
import { makeId } from "./GitHub/id.ts"
import { makeInspect } from "./GitHub/inspect.ts"
import { makeLaunch } from "./GitHub/launch.ts"
import { makePulls } from "./GitHub/pulls.ts"
import { makeRuns } from "./GitHub/runs.ts"
import { Repositories } from "./Repositories.ts"
import { WorkflowRuns } from "./Runs.ts"

const runs = Layer.effect(
  WorkflowRuns,
  Effect.map(Client, (client) =>
    WorkflowRuns.of({
      launch: makeLaunch(client),
      ...makeRuns(client),
      probe: () =>
        client
          .app({
            name: "probe",
            to: "say who the App is",
            operation: "apps/get-authenticated",
            body: Schema.Struct({ id: Schema.Int })
          })
          .pipe(Effect.asVoid, Effect.withSpan("GitHub.probe"))
    })
  )
)

const repositories = Layer.effect(
  Repositories,
  Effect.map(Client, (client) =>
    Repositories.of({
      ...makePulls(client),
      ...makeComments(client),
      ...makeInspect(client),
      id: makeId(client),
      artifact: makeArtifact(client)
    })
  )
)

/** GitHub: Actions as an execution backend, and the host of the repositories. */
export const layer = Layer.merge(runs, repositories).pipe(Layer.provide(Client.layer))
