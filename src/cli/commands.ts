import * as Command from "effect/cli/Command"
import { backup, restore } from "./backups.ts"
import { cancel, log, plan, retry, showDispatch } from "./dispatches.ts"
import { doctor } from "./doctor.ts"
import { approve, issues, reject, unpark } from "./issues.ts"
import { login, logout } from "./login.ts"
import { mappings } from "./mappings.ts"
import { pause, poll, resume } from "./operations.ts"
import { root } from "./root.ts"
import { secrets } from "./secrets.ts"
import { sandbox, serve } from "./serve.ts"
import { setup } from "./setup.ts"
import { sessions } from "./sessions.ts"

export const commands = root.pipe(
  Command.withSubcommands([
    { group: "Begin", commands: [doctor, setup, serve, sandbox, login, logout] },
    { group: "Look", commands: [log, showDispatch, issues, plan, mappings, sessions] },
    { group: "Steer", commands: [approve, reject, cancel, retry, unpark, secrets, poll, pause, resume] },
    { group: "Keep", commands: [backup, restore] }
  ])
)
