/** The service as `npm start` runs it, but without GitHub's limits by the minute. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as App from "../../src/App.ts"
import { GitHubLimits } from "../../src/upstreams/github/limiter.ts"
import { runMain } from "../../src/platform/runMain.ts"

const limits = { concurrent: 100, points: 1_000_000, launches: 1_000_000 }

runMain(Layer.launch(App.layer).pipe(Effect.provideService(GitHubLimits, limits)))
