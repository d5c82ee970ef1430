import * as Layer from "effect/Layer"
import { Audit } from "./Audit.ts"
import { Authentication } from "./Authentication.ts"
import { Instance } from "./Instance.ts"
import { Mappings } from "./Mappings.ts"
import { Secrets } from "./Secrets.ts"
import { Settings } from "./Settings.ts"

export const layer = Secrets.layer.pipe(
  Layer.provideMerge(
    Layer.mergeAll(Audit.layer, Instance.layer, Settings.layer, Mappings.layer, Authentication.layer)
  )
)
