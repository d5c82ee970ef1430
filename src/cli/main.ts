import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import packageJson from "../../package.json" with { type: "json" }
import { runMain } from "../platform/runMain.ts"
import { commands } from "./commands.ts"
import { Credentials } from "./Credentials.ts"

runMain(
  Command.run(commands, { version: packageJson.version }).pipe(
    Effect.provide(
      Credentials.layer.pipe(Layer.provideMerge(Layer.merge(NodeServices.layer, FetchHttpClient.layer)))
    )
  )
)
