import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import { labels } from "../../src/domain/Labels.ts"
import { Tracker, type PageRequest } from "../../src/upstreams/Tracker.ts"

export interface NewIssue {
  readonly title: string
  readonly labels?: ReadonlyArray<string>
  /** A state type. */
  readonly state?: string
  readonly blockedBy?: ReadonlyArray<string>
  /** The identifier of the issue that it is a part of. */
  readonly parent?: string
}

/** What people do in the tracker, outside our service. One team; the pickup label exists. */
export class People extends Context.Service<
  People,
  {
    readonly pickup: string
    /** Answers the identifier. */
    readonly create: (issue: NewIssue) => string
    readonly setState: (identifier: string, type: string) => void
    readonly discard: (identifier: string) => void
    readonly labels: (identifier: string) => ReadonlyArray<string>
    readonly stateType: (identifier: string) => string
    readonly comments: (identifier: string) => ReadonlyArray<string>
    readonly reply: (
      identifier: string,
      commentId: string | null,
      body: string,
      by: "person" | "us" | "bot"
    ) => void
    /** What was broken of the tracker's own contract. */
    readonly violations: () => ReadonlyArray<string>
  }
>()("test/People") {}

const start = Effect.gen(function* () {
  const tracker = yield* Tracker
  const people = yield* People
  const page = (request: Partial<PageRequest> = {}) =>
    tracker.page({ pickupLabel: people.pickup, first: 50, after: null, tracked: [], ...request })
  const change = Effect.fnUntraced(function* (
    identifier: string,
    wanted: {
      readonly add?: ReadonlyArray<string>
      readonly remove?: ReadonlyArray<string>
      readonly start?: boolean
    }
  ) {
    const { id, team } = yield* tracker.get(identifier)
    return yield* tracker.change({
      issueId: id,
      teamId: team.id,
      add: [],
      remove: [],
      start: false,
      ...wanted
    })
  })
  return { tracker, people, page, change }
})

/** What every tracker must do; run against each implementation and its double. */
export const issuesContract = (name: string, layer: () => Layer.Layer<Tracker | People, unknown>) => {
  const check = (sentence: string, test: Effect.Effect<void, unknown, Tracker | People>) =>
    it.live(sentence, () =>
      Effect.andThen(
        test,
        Effect.map(People, ({ violations }) => assert.deepStrictEqual(violations(), []))
      ).pipe(Effect.provide(layer()))
    )

  describe(`${name} as a tracker`, () => {
    check(
      "a page holds only the open issues that have the pickup label",
      Effect.gen(function* () {
        const { people, page } = yield* start
        const wanted = people.create({ title: "wanted", labels: [people.pickup] })
        people.create({ title: "unlabelled" })
        people.create({ title: "done", labels: [people.pickup], state: "completed" })
        people.create({ title: "dropped", labels: [people.pickup], state: "canceled" })
        people.discard(people.create({ title: "discarded", labels: [people.pickup] }))
        const { candidates, tracked, endCursor } = yield* page()
        assert.deepStrictEqual(
          candidates.map(({ identifier, title, labels }) => ({ identifier, title, labels })),
          [{ identifier: wanted, title: "wanted", labels: [people.pickup] }]
        )
        assert.deepStrictEqual([tracked, endCursor], [[], null])
      })
    )

    check(
      "pages follow each other until the cursor is null",
      Effect.gen(function* () {
        const { people, page } = yield* start
        const all = ["a", "b", "c"].map((title) => people.create({ title, labels: [people.pickup] }))
        const first = yield* page({ first: 2 })
        assert.lengthOf(first.candidates, 2)
        assert.isNotNull(first.endCursor)
        const second = yield* page({ first: 2, after: first.endCursor })
        assert.isNull(second.endCursor)
        assert.sameMembers(
          [...first.candidates, ...second.candidates].map(({ identifier }) => identifier),
          all
        )
      })
    )

    check(
      "tracked issues are read whatever their labels and state, and a discarded one is absent",
      Effect.gen(function* () {
        const { tracker, people, page } = yield* start
        const done = yield* tracker.get(people.create({ title: "done", state: "completed" }))
        const gone = yield* tracker.get(people.create({ title: "gone" }))
        people.discard(gone.identifier)
        const { candidates, tracked } = yield* page({ tracked: [done.id, gone.id] })
        assert.deepStrictEqual(candidates, [])
        assert.deepStrictEqual(
          tracked.map(({ identifier, state }) => [identifier, state.type]),
          [[done.identifier, "completed"]]
        )
      })
    )

    check(
      "open blockers are named, ended ones are not",
      Effect.gen(function* () {
        const { people, page } = yield* start
        const open = people.create({ title: "open blocker" })
        const ended = people.create({ title: "ended blocker" })
        people.setState(ended, "completed")
        people.create({ title: "blocked", labels: [people.pickup], blockedBy: [open, ended] })
        const { candidates } = yield* page()
        assert.deepStrictEqual(
          candidates.map(({ blockedBy, moreBlockers }) => [
            blockedBy.map(({ identifier }) => identifier),
            moreBlockers
          ]),
          [[[open], false]]
        )
      })
    )

    check(
      "an issue is read by id and by identifier, and one that is not there is NotFound",
      Effect.gen(function* () {
        const { tracker, people } = yield* start
        const byIdentifier = yield* tracker.get(people.create({ title: "here" }))
        assert.deepStrictEqual(yield* tracker.get(byIdentifier.id), byIdentifier)
        const absent = yield* Effect.result(tracker.get(byIdentifier.identifier.replace(/\d+$/, "99999")))
        assert.isTrue(Result.isFailure(absent) && absent.failure.reason._tag === "NotFound")
      })
    )

    check(
      "a change adds, creates and removes labels by name and leaves the others alone",
      Effect.gen(function* () {
        const { people, change } = yield* start
        const identifier = people.create({
          title: "labels",
          labels: [people.pickup, "Bug", labels.planComplete]
        })
        const after = yield* change(identifier, { add: [labels.working], remove: [labels.planComplete] })
        assert.sameMembers([...after], [people.pickup, labels.working])
        assert.sameMembers([...people.labels(identifier)], [people.pickup, "Bug", labels.working])
        assert.sameMembers([...(yield* change(identifier, { remove: [labels.working] }))], [people.pickup])
      })
    )

    check(
      "starting moves an issue that is not started, and only that",
      Effect.gen(function* () {
        const { people, change } = yield* start
        for (const state of ["triage", "backlog", "unstarted", "completed"]) {
          const identifier = people.create({ title: state, state })
          yield* change(identifier, { start: true })
          assert.strictEqual(people.stateType(identifier), state === "completed" ? "completed" : "started")
        }
      })
    )

    check(
      "the same comment twice is one comment",
      Effect.gen(function* () {
        const { tracker, people } = yield* start
        const { id: issueId, identifier } = yield* tracker.get(people.create({ title: "commented" }))
        const comment = { id: "5f0c3f7e-6f0c-4d52-9a55-0f6f4f1c2a11", issueId, body: "Started." }
        yield* tracker.comment(comment)
        yield* tracker.comment(comment)
        assert.deepStrictEqual(people.comments(identifier), ["Started."])
      })
    )

    check(
      "replies are what people wrote under the comments asked for, oldest first",
      Effect.gen(function* () {
        const { tracker, people } = yield* start
        const { id: issueId, identifier } = yield* tracker.get(people.create({ title: "asked" }))
        const [asked, other] = [
          "5f0c3f7e-6f0c-4d52-9a55-0f6f4f1c2a12",
          "5f0c3f7e-6f0c-4d52-9a55-0f6f4f1c2a13"
        ]
        yield* tracker.comment({ id: asked, issueId, body: "Which one?" })
        yield* tracker.comment({ id: other, issueId, body: "Something else" })
        const ours = ["5f0c3f7e-6f0c-4d52-9a55-0f6f4f1c2a14"]
        for (const id of ours) yield* tracker.comment({ id, issueId, body: "Ours", parentId: asked })
        people.reply(identifier, asked, "from a bot", "bot")
        people.reply(identifier, other, "elsewhere", "person")
        assert.deepStrictEqual(yield* tracker.replies({ commentIds: [asked], ours }), [])
        people.reply(identifier, asked, " The first. ", "person")
        people.reply(identifier, asked, "The second, of the key's owner.", "us")
        const commentIds = [asked, "5f0c3f7e-6f0c-4d52-9a55-0f6f4f1c2a15"]
        const replies = yield* tracker.replies({ commentIds, ours })
        assert.deepStrictEqual(
          replies.map(({ commentId, text }) => [commentId, text]),
          [
            [asked, "The first."],
            [asked, "The second, of the key's owner."]
          ]
        )
        assert.isNotEmpty(replies[0]?.by)
      })
    )

    check(
      "a discussion is the parent of an issue and what people wrote on it, oldest first",
      Effect.gen(function* () {
        const { tracker, people } = yield* start
        const parent = people.create({ title: "A new brand" })
        const alone = yield* tracker.get(parent)
        assert.deepStrictEqual(yield* tracker.discussion({ issueId: alone.id, ours: [] }), {
          parent: null,
          comments: []
        })
        const { id: issueId, identifier } = yield* tracker.get(people.create({ title: "asked", parent }))
        const asked = "5f0c3f7e-6f0c-4d52-9a55-0f6f4f1c2a12"
        yield* tracker.comment({ id: asked, issueId, body: "Which one?" })
        people.reply(identifier, null, "From a bot", "bot")
        people.reply(identifier, asked, " The **first**. ", "person")
        people.reply(identifier, null, "And keep the old one.", "us")
        const discussion = yield* tracker.discussion({ issueId, ours: [asked] })
        assert.deepStrictEqual(discussion.parent, { identifier: parent, title: "A new brand" })
        assert.deepStrictEqual(
          discussion.comments.map(({ text }) => text),
          ["The **first**.", "And keep the old one."]
        )
        assert.isNotEmpty(discussion.comments[0]?.author)
      })
    )

    check(
      "a discussion holds the newest 50 comments",
      Effect.gen(function* () {
        const { tracker, people } = yield* start
        const { id, identifier } = yield* tracker.get(people.create({ title: "long" }))
        for (let nth = 1; nth <= 53; nth++) people.reply(identifier, null, `Comment ${nth}`, "person")
        const { comments } = yield* tracker.discussion({ issueId: id, ours: [] })
        assert.strictEqual(comments.length, 50)
        assert.deepStrictEqual([comments[0]?.text, comments.at(-1)?.text], ["Comment 4", "Comment 53"])
      })
    )

    check(
      "what concerns a discarded issue is NotFound",
      Effect.gen(function* () {
        const { tracker, people } = yield* start
        const { id: issueId, team, identifier } = yield* tracker.get(people.create({ title: "gone" }))
        people.discard(identifier)
        const changed = yield* Effect.result(
          tracker.change({ issueId, teamId: team.id, add: [labels.working], remove: [], start: true })
        )
        assert.isTrue(Result.isFailure(changed) && changed.failure.reason._tag === "NotFound")
        const read = yield* Effect.result(tracker.get(issueId))
        assert.isTrue(Result.isFailure(read) && read.failure.reason._tag === "NotFound")
      })
    )

    check(
      "a probe succeeds while it answers",
      Effect.gen(function* () {
        yield* (yield* Tracker).probe
      })
    )
  })
}
