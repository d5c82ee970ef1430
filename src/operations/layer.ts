import * as Layer from "effect/Layer"
import { ConnectionTests } from "./ConnectionTests.ts"
import { GaugesRepo } from "./Gauges/GaugesRepo.ts"
import { Overview } from "./Overview.ts"
import { SetupCommands } from "./Setup/SetupCommands.ts"
import { Setup } from "./Setup.ts"
import * as Retention from "./Retention.ts"

export const layer = Layer.mergeAll(
  Retention.layer,
  Overview.layer,
  Setup.layer.pipe(Layer.provideMerge(SetupCommands.layer)),
  ConnectionTests.layer,
  GaugesRepo.layer
)
