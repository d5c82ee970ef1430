import * as Layer from "effect/Layer"
import * as App from "./App.ts"
import { runMain } from "./platform/runMain.ts"

runMain(Layer.launch(App.layer))
