import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { Client } from "./Client.ts"
import { makeComments } from "./comments.ts"
import { makeArtifact } from "./artifact.ts"
import { makeId } from "./id.ts"
import { makeInspect } from "./inspect.ts"
import { makeLaunch } from "./launch.ts"
import { makePulls } from "./pulls.ts"
import { makeRuns } from "./runs.ts"
import { CodeHost } from "../CodeHost.ts"
import { WorkflowRuns } from "../RunBackends.ts"

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
  CodeHost,
  Effect.map(Client, (client) =>
    CodeHost.of({
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
