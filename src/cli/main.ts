import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import packageJson from "../../package.json" with { type: "json" }
import { runMain } from "../start.ts"
import { Credentials } from "./Credentials.ts"
import { cancel, log, retry } from "./dispatches.ts"
import { doctor } from "./doctor.ts"
import { approve, issues, reject, unpark } from "./issues.ts"
import { login, logout } from "./login.ts"
import { mappings } from "./mappings.ts"
import { pause, poll, resume } from "./operations.ts"
import { root } from "./root.ts"
import { secrets } from "./secrets.ts"
import { sandbox, serve } from "./serve.ts"
import { sessions } from "./sessions.ts"

const commands = root.pipe(
  Command.withSubcommands([
    { group: "Begin", commands: [doctor, serve, sandbox, login, logout] },
    { group: "Look", commands: [log, issues, mappings, sessions] },
    { group: "Steer", commands: [approve, reject, cancel, retry, unpark, secrets, poll, pause, resume] }
  ])
)

runMain(
  Command.run(commands, { version: packageJson.version }).pipe(
    Effect.provide(
      Credentials.layer.pipe(Layer.provideMerge(Layer.merge(NodeServices.layer, FetchHttpClient.layer)))
    )
  )
)
