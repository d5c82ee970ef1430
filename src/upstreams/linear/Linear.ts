import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { AppConfig } from "../../platform/Config.ts"
import { ourLabels } from "../../domain/Labels.ts"
import { Tracker } from "../Tracker.ts"
import { makeAsk } from "./client.ts"
import { makeChange } from "./change.ts"
import { makeComment } from "./comment.ts"
import { makeDiscussion } from "./discussion.ts"
import * as documents from "./documents.ts"
import { makeLabels } from "./labels.ts"
import { makeReplies } from "./replies.ts"
import { makeReads } from "./read.ts"
import { makeSetup } from "./setup.ts"
import { TrackerSetup } from "../TrackerSetup.ts"

const Probed = Schema.Struct({ viewer: Schema.Struct({ id: Schema.String }) })

export const layer = Layer.effectContext(
  Effect.gen(function* () {
    const { PICKUP_LABEL } = yield* AppConfig
    const ask = yield* makeAsk
    const names = [PICKUP_LABEL, ...ourLabels]
    const labels = makeLabels(ask, names)
    const tracker = Tracker.of({
      ...makeReads(ask, labels, names),
      labels: labels.ofTeam,
      change: makeChange(ask, labels, names),
      comment: makeComment(ask),
      replies: makeReplies(ask),
      discussion: makeDiscussion(ask),
      probe: ask({
        name: "probe",
        to: "say who we are",
        document: documents.probe,
        variables: {},
        body: Probed
      }).pipe(Effect.asVoid, Effect.withSpan("Linear.probe"))
    })
    return Context.make(Tracker, tracker).pipe(
      Context.add(TrackerSetup, TrackerSetup.of(makeSetup(ask, labels, PICKUP_LABEL)))
    )
  })
)
