import * as Layer from "effect/Layer"
import { Fly } from "./fly/Fly.ts"
import * as GitHub from "./github/GitHub.ts"
import { Upstreams } from "./health/Upstreams.ts"
import * as Linear from "./linear/Linear.ts"

/** Linear, GitHub and Fly behind their ports, and the health of each. */
export const layer = Layer.mergeAll(Linear.layer, GitHub.layer, Fly.layer).pipe(
  Layer.provideMerge(Upstreams.layer)
)
