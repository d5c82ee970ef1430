import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { sameLabel, hasLabel } from "../../domain/Labels.ts"
import type { Ask } from "./client.ts"
import { maxPages } from "../client/limits.ts"
import { UpstreamText } from "../client/upstreamText.ts"
import * as documents from "./documents.ts"
import type { UpstreamCall } from "../client/errors.ts"
import { endless } from "./errors.ts"
import type { TeamLabel } from "../Tracker.ts"
import type { UpstreamError } from "../UpstreamError.ts"

export const Label = Schema.Struct({
  id: UpstreamText,
  name: UpstreamText,
  isGroup: Schema.Boolean,
  retiredAt: Schema.NullOr(UpstreamText),
  team: Schema.NullOr(Schema.Struct({ id: UpstreamText, key: UpstreamText })),
  parent: Schema.NullOr(Schema.Struct({ name: UpstreamText, groupType: Schema.NullOr(UpstreamText) }))
})
export type Label = typeof Label.Type

export const LabelPage = Schema.Struct({
  nodes: Schema.Array(Label),
  pageInfo: Schema.Struct({ hasNextPage: Schema.Boolean, endCursor: Schema.NullOr(UpstreamText) })
})
type LabelPage = typeof LabelPage.Type

const freshness = Duration.minutes(5)
const maxOtherIds = 10_000

export const named = (names: ReadonlyArray<string>) => ({
  or: names.map((name) => ({ name: { eqIgnoreCase: name } }))
})

/** The labels we know by name, in every team and the workspace, as last read. */
export const makeLabels = (ask: Ask, names: ReadonlyArray<string>) => {
  let known = new Map<string, Label>()
  let added: ReadonlyArray<Label> = []
  let readAt = -Infinity
  const otherIds = new Set<string>()

  const ours = (given: ReadonlyArray<string>) => names.filter((name) => hasLabel(given, name))

  const page = (call: UpstreamCall, after: string | null) =>
    ask({
      ...call,
      document: documents.labels,
      variables: { labels: named(names), after },
      body: Schema.Struct({ labels: LabelPage })
    }).pipe(Effect.map(({ labels }) => labels))

  // How many labels were added so far: what is read from here on may lack later ones.
  const edition = () => added.length

  const store = Effect.fnUntraced(function* (call: UpstreamCall, first: LabelPage, since: number) {
    const labels = [...first.nodes]
    let { hasNextPage, endCursor } = first.pageInfo
    for (let pages = 1; hasNextPage && endCursor !== null; pages++) {
      if (pages === maxPages) return yield* endless(call)
      const next = yield* page(call, endCursor)
      labels.push(...next.nodes)
      ;({ hasNextPage, endCursor } = next.pageInfo)
    }
    known = new Map([...labels, ...added.slice(since)].map((label) => [label.id, label]))
    readAt = yield* Clock.currentTimeMillis
  })

  const read = Effect.fnUntraced(function* (call: UpstreamCall) {
    const since = edition()
    yield* store(call, yield* page(call, null), since)
  })

  const isStale = Effect.map(Clock.currentTimeMillis, (now) => now - readAt >= Duration.toMillis(freshness))

  // Stores the labels that came with `ids`; without them, reads them when an id is new: it may be one of our labels.
  const update = Effect.fnUntraced(function* (
    call: UpstreamCall,
    ids: ReadonlyArray<string>,
    came: LabelPage | undefined,
    since: number
  ) {
    const isNew = (id: string) => !known.has(id) && !otherIds.has(id)
    if (came !== undefined) yield* store(call, came, since)
    else if (ids.some(isNew)) yield* read(call)
    if (otherIds.size >= maxOtherIds) otherIds.clear()
    for (const id of ids.filter(isNew)) otherIds.add(id)
  })

  const namesOf = (ids: ReadonlyArray<string>) => ours(ids.flatMap((id) => known.get(id)?.name ?? []))

  // The label of this name that an issue of the team may have: the team's own before the workspace's.
  const findOf = (isTeam: (team: NonNullable<Label["team"]>) => boolean, name: string) => {
    const same = [...known.values()].filter((label) => sameLabel(label.name, name))
    return same.find(({ team }) => team !== null && isTeam(team)) ?? same.find(({ team }) => team === null)
  }

  const find = (teamId: string, name: string) => findOf(({ id }) => id === teamId, name)

  const ofTeam = Effect.fn("Linear.labels")(function* (
    teamKey: string,
    maxAge: Duration.Duration
  ): Effect.fn.Return<ReadonlyArray<TeamLabel>, UpstreamError> {
    const age = (yield* Clock.currentTimeMillis) - readAt
    if (age >= Duration.toMillis(maxAge)) yield* read({ name: "labels", to: "read its labels" })
    return names.flatMap((name): ReadonlyArray<TeamLabel> => {
      const label = findOf(({ key }) => key === teamKey, name)
      if (label === undefined) return []
      const { isGroup, parent, retiredAt } = label
      const exclusiveGroup = parent === null || parent.groupType === "multiSelect" ? null : parent.name
      return [{ name: label.name, isGroup, retired: retiredAt !== null, exclusiveGroup }]
    })
  })

  const add = (label: Label) => {
    added = [...added, label]
    known.set(label.id, label)
  }

  return { ours, edition, store, read, update, isStale, namesOf, find, ofTeam, add }
}

export type Labels = ReturnType<typeof makeLabels>
