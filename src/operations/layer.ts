import * as Layer from "effect/Layer"
import { ConnectionTests } from "./ConnectionTests.ts"
import { GaugesRepo } from "./Gauges/GaugesRepo.ts"
import { Overview } from "./Overview.ts"
import * as Retention from "./Retention.ts"

export const layer = Layer.mergeAll(Retention.layer, Overview.layer, ConnectionTests.layer, GaugesRepo.layer)
