import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { Secret } from "../domain/Secrets.ts"
import { call } from "./call.ts"
import { secret } from "./login.ts"
import { columns, minute, show } from "./show.ts"
import { TeamKey } from "../domain/Ids.ts"

const team = Flag.String("team").pipe(
  Flag.withSchema(TeamKey),
  Flag.withDescription("Of this team's machines; else of every team's"),
  Flag.optional
)

const named = Argument.String("name").pipe(
  Argument.withDescription("Letters, digits and underscores, such as NPM_TOKEN")
)

const whose = (team: Option.Option<TeamKey>) =>
  Option.match(team, { onNone: () => "every team", onSome: (key) => `the team ${key}` })

const line = ({ createdAt, digest, name, unmanaged }: Secret) => [
  name,
  digest ?? "",
  minute(createdAt ?? null),
  unmanaged ? "not set here, so given to no machine" : ""
]

const list = Command.make(
  "list",
  { team },
  Effect.fn(function* ({ team }) {
    const all = yield* call((client) =>
      Option.isSome(team)
        ? client.secrets.list({ params: { teamKey: team.value } })
        : client.secrets.listGlobal()
    )
    yield* show(all, all.length === 0 ? [`There is no secret of ${whose(team)}.`] : columns(all.map(line)))
  })
).pipe(Command.withDescription("The secrets by name and digest, never their values"))

const set = Command.make(
  "set",
  { name: named, team },
  Effect.fn(function* ({ name, team }) {
    const payload = { name, value: Redacted.make(yield* secret(`Value of ${name}`)) }
    const answer = yield* call((client) =>
      Option.isSome(team)
        ? client.secrets.set({ params: { teamKey: team.value }, payload })
        : client.secrets.setGlobal({ payload })
    )
    yield* show(answer, [
      `${answer.name} of ${whose(team)} is set.`,
      ...(answer.warning === undefined ? [] : [answer.warning])
    ])
  })
).pipe(Command.withDescription("Set a secret; its value is typed without echo or piped in"))

const remove = Command.make(
  "delete",
  { name: named, team },
  Effect.fn(function* ({ name, team }) {
    const answer = yield* call((client) =>
      Option.isSome(team)
        ? client.secrets.delete({ params: { teamKey: team.value, name } })
        : client.secrets.deleteGlobal({ params: { name } })
    )
    yield* show(answer, [`${name} of ${whose(team)} is deleted.`])
  })
).pipe(Command.withDescription("Delete a secret"))

export const secrets = Command.make("secrets").pipe(
  Command.withDescription("Secrets that session machines receive as environment variables"),
  Command.withSubcommands([list, set, remove])
)
