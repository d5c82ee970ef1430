/** The service as `npm start` runs it, but not slowed down for GitHub's sake. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as App from "../../src/App.ts"
import { GitHubLimits } from "../../src/GitHub/limiter.ts"
import { runMain } from "../../src/start.ts"

runMain(Layer.launch(App.layer).pipe(Effect.provideService(GitHubLimits, null)))
