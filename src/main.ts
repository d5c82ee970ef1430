import * as Layer from "effect/Layer"
import * as App from "./App.ts"
import { runMain } from "./start.ts"

runMain(Layer.launch(App.layer))
