import * as Layer from "effect/Layer"
import { ConnectionTests } from "./ConnectionTests.ts"
import { GaugesRepo } from "./Gauges/GaugesRepo.ts"
import { Overview } from "./Overview.ts"
import * as Retention from "./Retention.ts"

/** What watches over the service and tidies up after it. */
export const layer = Layer.mergeAll(Retention.layer, Overview.layer, ConnectionTests.layer, GaugesRepo.layer)
