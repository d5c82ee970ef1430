import * as Effect from "effect/Effect"
import { runMain } from "../platform/runMain.ts"
import { demo, welcome } from "./demo.ts"

runMain(demo().pipe(Effect.flatMap(welcome), Effect.andThen(Effect.never), Effect.scoped))
