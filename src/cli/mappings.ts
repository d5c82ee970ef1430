import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Mapping } from "../domain/Mapping.ts"
import { call } from "./call.ts"
import type { WorkflowSync } from "../domain/Templates.ts"
import { exportTemplates } from "./exportTemplates.ts"
import { failed } from "./failed.ts"
import { columns, show } from "./show.ts"
import { TeamKey } from "../domain/Ids.ts"

const team = Argument.String("team").pipe(
  Argument.withSchema(TeamKey),
  Argument.withDescription("The key of a Linear team, such as ENG")
)

const line = (mapping: Mapping) => [
  mapping.teamKey,
  `${mapping.owner}/${mapping.repo}`,
  mapping.defaultBranch,
  mapping.executionMode,
  `cap ${mapping.maxInProgressAiIssues}`,
  mapping.planningEnabled ? "plans first" : "",
  mapping.paused ? "paused" : ""
]

const set = Command.make(
  "set",
  {
    team,
    repository: Argument.String("repository").pipe(Argument.withDescription("owner/repo on GitHub")),
    cap: Flag.Int("cap").pipe(Flag.withDescription("Issues worked on at once"), Flag.optional),
    planning: Flag.Boolean("planning").pipe(
      Flag.withDescription("A plan comes first; --no-planning: none does"),
      Flag.optional
    )
  },
  Effect.fn(function* ({ cap, planning, repository, team }) {
    const [owner = "", repo, ...rest] = repository.split("/")
    if (repo === undefined || rest.length > 0)
      return yield* failed(`${repository} is not of the form owner/repo. Nothing was changed.`)
    const payload = {
      teamKey: team,
      owner,
      repo,
      ...(Option.isSome(cap) ? { maxInProgressAiIssues: cap.value } : {}),
      ...(Option.isSome(planning) ? { planningEnabled: planning.value } : {})
    }
    const mapping = yield* call((client) => client.mappings.save({ payload }))
    yield* show(mapping, columns([line(mapping)]))
  })
).pipe(Command.withDescription("Map a team to a repository, or change how"))

const remove = Command.make(
  "delete",
  { team },
  Effect.fn(function* ({ team: teamKey }) {
    const { liveDispatches } = yield* call((client) =>
      client.mappings.delete({ params: { teamKey }, query: {} })
    )
    yield* Console.log(`The mapping of ${teamKey} is deleted; ${liveDispatches} of its dispatches continue.`)
  })
).pipe(Command.withDescription("Delete a mapping"))

const syncLines = ({ files, leftAlone, note, pullRequest, result }: WorkflowSync) => [
  pullRequest === null
    ? "The files are up to date."
    : `${result === "up-to-date" ? "Proposed already" : result === "pr-opened" ? "Opened" : "Updated"}: ${pullRequest.url}`,
  ...columns(pullRequest === null ? [] : files.map(({ path, was }) => [`  ${path}`, was])),
  ...leftAlone.map(({ path, workflowFile }) =>
    workflowFile === null
      ? `Left alone, not written by AI-Implement: ${path}. Rename it to let a sync add ours.`
      : `Left alone, not written by AI-Implement: ${path}. Set another workflow file in the mapping, such as ${workflowFile}, and sync again.`
  ),
  ...(note === null ? [] : [note])
]

const sync = Command.make(
  "sync",
  { team },
  Effect.fn(function* ({ team: teamKey }) {
    const synced = yield* call((client) => client.mappings.sync({ params: { teamKey } }))
    yield* show(synced, syncLines(synced))
  })
).pipe(Command.withDescription("Propose the current workflow files to the repository of a team"))

const exporting = Command.make(
  "export",
  {
    team,
    to: Flag.String("to").pipe(Flag.withDescription("The folder, such as a checkout of the repository"))
  },
  Effect.fn(function* ({ team: teamKey, to }) {
    const files = yield* call((client) => client.mappings.templates({ params: { teamKey } }))
    const exported = yield* exportTemplates(files, to)
    yield* show(exported, columns(exported.map(({ done, path }) => [path, done])))
  })
).pipe(Command.withDescription("Write the files that the repository of a team needs to disk"))

export const mappings = Command.make(
  "mappings",
  {},
  Effect.fn(function* () {
    const all = yield* call((client) => client.mappings.list())
    const none = ["There is no mapping. Add one with: npm run ai-implement -- mappings set TEAM owner/repo"]
    yield* show(all, all.length === 0 ? none : columns(all.map(line)))
  })
).pipe(
  Command.withDescription("Which team goes to which repository"),
  Command.withSubcommands([set, remove, sync, exporting])
)
