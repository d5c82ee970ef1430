import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { randomUUID } from "node:crypto"
import { closedStates } from "../../src/domain/IssueState.ts"
import { ourLabels, sameLabel, hasLabel } from "../../src/domain/Labels.ts"
import { maxContextComments } from "../../src/domain/RunnerMessages.ts"
import { Tracker, type TrackedIssue } from "../../src/upstreams/Tracker.ts"
import { UpstreamError } from "../../src/upstreams/UpstreamError.ts"
import type { NewIssue } from "../upstreams/Tracker.contract.ts"
import { StoredIssueId, StoredTeamKey } from "../../src/domain/Ids.ts"

interface Said {
  readonly body: string
  readonly parentId: string | null
  readonly by: "us" | "person" | "bot"
  readonly at: DateTime.Utc
}

interface Held {
  readonly id: string
  readonly identifier: string
  readonly title: string
  readonly createdAt: DateTime.Utc
  readonly blockedBy: ReadonlyArray<string>
  readonly parent: string | null
  readonly comments: Map<string, Said>
  labels: ReadonlyArray<string>
  state: string
  discarded: boolean
}

/** What people do in the tracker in memory, outside our service. Issues by identifier. */
export class IssuesDouble extends Context.Service<
  IssuesDouble,
  {
    readonly create: (issue: NewIssue) => string
    readonly setState: (identifier: string, type: string) => void
    readonly discard: (identifier: string) => void
    readonly reply: (identifier: string, parentId: string | null, body: string, by: Said["by"]) => void
    readonly find: (identifier: string) => Pick<Held, "labels" | "state" | "comments"> | undefined
  }
>()("test/IssuesDouble") {}

const notStarted = ["triage", "backlog", "unstarted"]
const team = { id: "team-eng", key: StoredTeamKey.make("ENG") }
const now = DateTime.nowUnsafe()

const make = (pickup: string) => {
  const held: Array<Held> = []
  const known = [pickup, ...ourLabels]

  let seconds = 0
  const next = () => DateTime.add(now, { seconds: seconds++ })

  const urlOf = (identifier: string) => `https://tracker.test/${identifier}`
  const isOpen = ({ discarded, state }: Held) => !discarded && !closedStates.includes(state)
  const ours = (labels: ReadonlyArray<string>) => labels.filter((label) => hasLabel(known, label))
  const lookUp = (ref: string) => held.find(({ id, identifier }) => id === ref || identifier === ref)

  const tracked = ({ blockedBy, createdAt, id, identifier, labels, state, title }: Held): TrackedIssue => ({
    id: StoredIssueId.make(id),
    identifier,
    title,
    description: null,
    url: urlOf(identifier),
    priority: 0,
    createdAt,
    updatedAt: createdAt,
    labels: ours(labels),
    state: { id: state, name: state, type: state },
    team,
    blockedBy: held
      .filter((each) => blockedBy.includes(each.identifier) && isOpen(each))
      .map((each) => ({ identifier: each.identifier, url: urlOf(each.identifier) })),
    moreBlockers: false
  })

  const present = Effect.fnUntraced(function* (operation: string, ref: string) {
    const issue = lookUp(ref)
    if (issue !== undefined && !issue.discarded) return issue
    return yield* new UpstreamError({
      upstream: "linear",
      operation,
      reason: { _tag: "NotFound" },
      message: `The tracker of this test has no issue ${ref}.`
    })
  })

  const issues = Tracker.of({
    page: ({ after, first, pickupLabel, tracked: ids }) =>
      Effect.sync(() => {
        const from = Number(after ?? 0)
        const all = held.filter((each) => isOpen(each) && hasLabel(each.labels, pickupLabel))
        return {
          candidates: all.slice(from, from + first).map(tracked),
          tracked: held.filter(({ discarded, id }) => !discarded && ids.includes(id)).map(tracked),
          unreadable: [],
          endCursor: all.length > from + first ? String(from + first) : null
        }
      }),
    get: (ref) => Effect.map(present("issue", ref), tracked),
    isGone: (id) => Effect.sync(() => lookUp(id)?.discarded !== false),
    labels: () => Effect.succeed([]),
    change: Effect.fnUntraced(function* ({ add, issueId, remove, start }) {
      const issue = yield* present("change", issueId)
      const remaining = issue.labels.filter((label) => !remove.some((name) => sameLabel(name, label)))
      issue.labels = [...remaining, ...add.filter((label) => !hasLabel(remaining, label))]
      if (start && notStarted.includes(issue.state)) issue.state = "started"
      return ours(issue.labels)
    }),
    comment: Effect.fnUntraced(function* ({ body, id, issueId, parentId = null }) {
      const { comments } = yield* present("comment", issueId)
      if (!comments.has(id)) comments.set(id, { body, parentId, by: "us", at: next() })
    }),
    replies: ({ commentIds, ours }) =>
      Effect.sync(() =>
        held
          .flatMap(({ comments }) => [...comments])
          .flatMap(([id, { at, body, by, parentId }]) =>
            by !== "bot" && !ours.includes(id) && parentId !== null && commentIds.includes(parentId)
              ? [{ commentId: parentId, text: body.trim(), by: "A person", at }]
              : []
          )
      ),
    discussion: ({ issueId, ours }) =>
      Effect.map(present("discussion", issueId), ({ comments, parent }) => ({
        parent:
          held
            .filter(({ identifier }) => identifier === parent)
            .map(({ identifier, title }) => ({ identifier, title }))[0] ?? null,
        comments: [...comments]
          .flatMap(([id, comment]) => (comment.by === "bot" || ours.includes(id) ? [] : [comment]))
          .toSorted((a, b) => DateTime.Order(a.at, b.at))
          .slice(-maxContextComments)
          .map(({ at, body }) => ({ author: "A person", at, text: body.trim() }))
      })),
    probe: Effect.void
  })

  const control = IssuesDouble.of({
    create: ({ blockedBy = [], labels = [], parent = null, state = "unstarted", title }) => {
      const identifier = `${team.key}-${held.length + 1}`
      held.push({
        id: randomUUID(),
        identifier,
        title,
        createdAt: DateTime.add(now, { seconds: held.length }),
        blockedBy,
        parent,
        comments: new Map(),
        labels,
        state,
        discarded: false
      })
      return identifier
    },
    setState: (identifier, type) => {
      const issue = lookUp(identifier)
      if (issue !== undefined) issue.state = type
    },
    discard: (identifier) => {
      const issue = lookUp(identifier)
      if (issue !== undefined) issue.discarded = true
    },
    reply: (identifier, parentId, body, by) =>
      void lookUp(identifier)?.comments.set(randomUUID(), { body, parentId, by, at: next() }),
    find: lookUp
  })

  return Context.make(IssuesDouble, control).pipe(Context.add(Tracker, issues))
}

/** A tracker in memory. */
export const issuesDouble = (pickup: string) => Layer.effectContext(Effect.sync(() => make(pickup)))
