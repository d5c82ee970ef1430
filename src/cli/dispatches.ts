import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Dispatch } from "../domain/Dispatch.ts"
import { DispatchStatus } from "../domain/DispatchStatus.ts"
import { type PlanVersion, planText } from "../domain/Plan.ts"
import { call } from "./call.ts"
import { failed } from "./failed.ts"
import { columns, minute, show } from "./show.ts"
import { StoredDispatchId, TeamKey } from "../domain/Ids.ts"

const line = (dispatch: Dispatch) => [
  minute(dispatch.reservedAt),
  dispatch.issueIdentifier,
  dispatch.phase,
  dispatch.status,
  dispatch.outcome?.reason ?? "",
  dispatch.pullRequest?.url ?? dispatch.run?.url ?? "",
  dispatch.id
]

export const log = Command.make(
  "log",
  {
    team: Flag.String("team").pipe(
      Flag.withSchema(TeamKey),
      Flag.withDescription("Only this team"),
      Flag.optional
    ),
    status: Flag.Literals("status", DispatchStatus.literals).pipe(
      Flag.withDescription("Only with this status"),
      Flag.optional
    ),
    issue: Flag.String("issue").pipe(Flag.withDescription("Only this issue"), Flag.optional),
    limit: Flag.Int("limit").pipe(Flag.withDescription("The maximum number, up to 500"), Flag.withDefault(20))
  },
  Effect.fn(function* ({ issue, limit, status, team }) {
    const query = {
      limit,
      ...(Option.isSome(team) ? { team: team.value } : {}),
      ...(Option.isSome(status) ? { status: status.value } : {}),
      ...(Option.isSome(issue) ? { issue: issue.value } : {})
    }
    const dispatches = yield* call((client) => client.dispatches.log({ query }))
    const none = Object.keys(query).length > 1 ? "No matching dispatches." : "Nothing was dispatched yet."
    yield* show(dispatches, dispatches.length === 0 ? [none] : columns(dispatches.map(line)))
  })
).pipe(Command.withDescription("The dispatch log, newest first"))

const one = Argument.String("dispatch").pipe(
  Argument.withDescription("The id of a dispatch, or an issue such as ENG-42: its latest dispatch")
)

const idOf = Effect.fnUntraced(function* (ref: string) {
  if (!/-\d+$/.test(ref) || /^[0-9a-f]{8}-/i.test(ref)) return ref
  const [latest] = yield* call((client) => client.dispatches.log({ query: { issue: ref, limit: 1 } }))
  return latest === undefined ? yield* failed(`${ref} was never dispatched. Nothing was changed.`) : latest.id
})

const fact = (name: string, value: string | number | null) => (value === null ? [] : [[name, String(value)]])

const factsOf = (dispatch: Dispatch) => [
  ...fact("issue", `${dispatch.issueIdentifier} ${dispatch.issueTitle}`),
  ...fact("dispatch", dispatch.id),
  ...fact("phase", dispatch.phase),
  ...fact("status", dispatch.status),
  ...fact("outcome", dispatch.outcome?.message ?? null),
  ...fact("repository", `${dispatch.owner}/${dispatch.repo}`),
  ...fact("branch", dispatch.branch),
  ...fact("pull request", dispatch.pullRequest?.url ?? null),
  ...fact("run", dispatch.run?.url ?? null),
  ...fact("reserved", minute(dispatch.reservedAt)),
  ...fact("model", dispatch.model),
  ...fact("cost", dispatch.costUsd === null ? null : `$${dispatch.costUsd.toFixed(2)}`),
  ...fact("tokens", dispatch.tokens),
  ...fact("turns", dispatch.turns),
  ...(dispatch.permissionDenials ?? []).flatMap((line) => fact("refused tool call", line)),
  ...fact("agent session", dispatch.sessionId)
]

export const showDispatch = Command.make(
  "show",
  { one },
  Effect.fn(function* ({ one }) {
    const id = yield* idOf(one)
    const dispatch = yield* call((client) =>
      client.dispatches.get({ params: { id: StoredDispatchId.make(id) } })
    )
    yield* show(dispatch, columns(factsOf(dispatch)))
  })
).pipe(Command.withDescription("One dispatch, with what its run reported"))

const decided = ({ verdict, withdrawn }: PlanVersion) => {
  if (withdrawn) return "withdrawn"
  if (verdict === null) return "waits for a verdict"
  const by = verdict.by === null ? "" : ` by ${verdict.by}`
  return `${verdict.kind}${by}${verdict.reason === null ? "" : `: ${verdict.reason}`}`
}

export const plan = Command.make(
  "plan",
  { one },
  Effect.fn(function* ({ one }) {
    const dispatchId = StoredDispatchId.make(yield* idOf(one))
    const history = yield* call((client) => client.plans.get({ params: { dispatchId } }))
    const { issueIdentifier, versions } = history
    const [newest] = versions
    yield* show(
      history,
      newest === undefined
        ? [`${issueIdentifier} has no plan.`]
        : [
            ...versions
              .map(
                (version, index) =>
                  `Plan ${versions.length - index} of ${issueIdentifier}: ${decided(version)}`
              )
              .toReversed(),
            "",
            planText(newest.documents) ?? "A person declared it; it has no text."
          ]
    )
  })
).pipe(Command.withDescription("The plan of an issue, with what was decided about it"))

export const cancel = Command.make(
  "cancel",
  { one },
  Effect.fn(function* ({ one }) {
    const id = yield* idOf(one)
    const dispatch = yield* call((client) =>
      client.dispatches.cancel({ params: { id: StoredDispatchId.make(id) } })
    )
    const ended = dispatch.outcome !== null
    yield* show(dispatch, [
      `${dispatch.issueIdentifier}: ${ended ? "ended before it was sent" : "asked to stop"} (${dispatch.status}).`
    ])
  })
).pipe(Command.withDescription("Stop a dispatch, and hold its issue"))

export const retry = Command.make(
  "retry",
  { one },
  Effect.fn(function* ({ one }) {
    const id = yield* idOf(one)
    const dispatch = yield* call((client) =>
      client.dispatches.retry({ params: { id: StoredDispatchId.make(id) } })
    )
    yield* show(dispatch, columns([line(dispatch)]))
  })
).pipe(Command.withDescription("Repeat a dispatch that has ended"))
