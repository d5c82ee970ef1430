import * as Effect from "effect/Effect"
import { runMain } from "../start.ts"
import { demo } from "./demo.ts"

runMain(demo.pipe(Effect.andThen(Effect.never), Effect.scoped))
