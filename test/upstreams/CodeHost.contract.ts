import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { CodeHost, type Repository } from "../../src/upstreams/CodeHost.ts"

/** What people and agents do at the host, outside our service. */
export class Host extends Context.Service<
  Host,
  {
    readonly repository: Repository
    /** Answers the number. */
    readonly openPullRequest: (wanted: {
      readonly branch: string
      readonly title: string
      readonly draft?: boolean
      /** The owner of the fork that its branch is in. */
      readonly fork?: string
    }) => Effect.Effect<number>
    /** Answers the id. */
    readonly comment: (
      number: number,
      wanted: { readonly author: string; readonly body: string }
    ) => Effect.Effect<number>
    /** `millis` after it was written. */
    readonly editComment: (id: number, body: string, millis: number) => Effect.Effect<void>
    readonly letWrite: (login: string, may: boolean) => Effect.Effect<void>
    readonly merge: (number: number) => Effect.Effect<void>
    readonly violations: () => ReadonlyArray<string>
  }
>()("test/Host") {}

const issueIdentifier = "ENG-42"
const branch = "ai-implement/ENG-42-add-search"

const start = Effect.gen(function* () {
  const codeHost = yield* CodeHost
  const host = yield* Host
  const since = DateTime.subtract(yield* DateTime.now, { minutes: 1 })
  const where = host.repository
  const pullRequest = codeHost.pullRequest({ ...where, since, branch, issueIdentifier })
  return { codeHost, host, since, where, pullRequest }
})

/** What every host of repositories must do; run against each implementation and its double. */
export const repositoriesContract = (name: string, layer: () => Layer.Layer<CodeHost | Host, unknown>) => {
  const check = (sentence: string, test: Effect.Effect<void, unknown, CodeHost | Host>) =>
    it.live(sentence, () =>
      Effect.andThen(
        test,
        Effect.map(Host, ({ violations }) => assert.deepStrictEqual(violations(), []))
      ).pipe(Effect.provide(layer()))
    )

  describe(`${name} as a host of repositories`, () => {
    check(
      "the pull request is the one of the branch, else one that carries the identifier, never one of a fork",
      Effect.gen(function* () {
        const { codeHost, host, pullRequest, since, where } = yield* start
        assert.isNull(yield* pullRequest)
        yield* host.openPullRequest({ branch: "other", title: `${issueIdentifier}0: Another issue` })
        assert.isNull(yield* pullRequest)
        const foreign = { branch: "patch-1", title: `${issueIdentifier}: Search`, fork: "mallory" }
        const forked = yield* host.openPullRequest(foreign)
        assert.isNull(yield* pullRequest)
        assert.isNull(
          yield* codeHost.pullRequest({ ...where, since, branch, issueIdentifier, number: forked })
        )
        const titled = yield* host.openPullRequest({ branch: "odd", title: `${issueIdentifier}: Search` })
        yield* host.openPullRequest({ ...foreign, branch })
        assert.deepInclude(yield* pullRequest, { number: titled, state: "open", draft: false, branch: "odd" })
        const own = yield* host.openPullRequest({ branch, title: "Search", draft: true })
        assert.deepInclude(yield* pullRequest, { number: own, draft: true, branch })
      })
    )

    check(
      "a pull request given by number is accepted if it is of the branch or new, whatever its name",
      Effect.gen(function* () {
        const { codeHost, host, since, where } = yield* start
        const findByNumber = (number: number, since: DateTime.Utc) =>
          codeHost.pullRequest({ ...where, since, branch, issueIdentifier, number })
        const named = yield* host.openPullRequest({ branch: "odd", title: "Search" })
        assert.deepInclude(yield* findByNumber(named, since), { number: named, branch: "odd" })
        const later = DateTime.add(since, { hours: 1 })
        assert.isNull(yield* findByNumber(named, later))
        const own = yield* host.openPullRequest({ branch, title: "Search" })
        assert.deepInclude(yield* findByNumber(own, later), { number: own })
        assert.deepInclude(yield* findByNumber(9999, later), { number: own })
      })
    )

    check(
      "a pull request of before that was merged is none of the run, by its branch or by its number",
      Effect.gen(function* () {
        const { codeHost, host, since, where } = yield* start
        const later = DateTime.add(since, { hours: 1 })
        const number = yield* host.openPullRequest({ branch, title: `${issueIdentifier}: Search` })
        const query = { ...where, branch, issueIdentifier }
        assert.deepInclude(yield* codeHost.pullRequest({ ...query, since: later }), { number })
        yield* host.merge(number)
        assert.isNull(yield* codeHost.pullRequest({ ...query, since: later }))
        assert.isNull(yield* codeHost.pullRequest({ ...query, since: later, number }))
        assert.deepInclude(yield* codeHost.pullRequest({ ...query, since }), { number, state: "merged" })
      })
    )

    check(
      "a repository has one id, whatever the case of its name",
      Effect.gen(function* () {
        const { codeHost, where } = yield* start
        const id = yield* codeHost.id(where)
        assert.strictEqual(yield* codeHost.id({ owner: where.owner.toUpperCase(), repo: where.repo }), id)
      })
    )

    check(
      "pull requests are returned as they are now",
      Effect.gen(function* () {
        const { codeHost, host, where } = yield* start
        const open = yield* host.openPullRequest({ branch: "a", title: "A" })
        const merged = yield* host.openPullRequest({ branch: "b", title: "B" })
        yield* host.openPullRequest({ branch: "c", title: "C" })
        yield* host.merge(merged)
        const seen = yield* codeHost.pullRequests({ ...where, numbers: [open, merged, 9999] })
        assert.deepStrictEqual(
          seen.map(({ number, state }) => [number, state]).toSorted(),
          [
            [open, "open"],
            [merged, "merged"]
          ].toSorted()
        )
      })
    )

    check(
      "a pull request is returned with its branch, and whether that is in another repository",
      Effect.gen(function* () {
        const { codeHost, host, where } = yield* start
        const own = yield* host.openPullRequest({ branch, title: "Search" })
        const foreign = yield* host.openPullRequest({ branch: "b", title: "B", fork: "mallory" })
        const head = (number: number) => codeHost.head({ ...where, number })
        assert.deepInclude(yield* head(own), { number: own, state: "open", branch, fork: false })
        assert.deepInclude(yield* head(foreign), { branch: "b", fork: true })
        yield* host.merge(own)
        assert.deepInclude(yield* head(own), { state: "merged" })
        assert.isNull(yield* head(9999))
      })
    )

    check(
      "a comment is returned as it is now, with the number of its pull request",
      Effect.gen(function* () {
        const { codeHost, host, where } = yield* start
        const number = yield* host.openPullRequest({ branch, title: "Search" })
        const id = yield* host.comment(number, { author: "robin", body: "/ai-implement" })
        const comment = codeHost.comment({ ...where, id })
        const written = { number, author: "robin", body: "/ai-implement", edited: false }
        assert.deepStrictEqual(yield* comment, written)
        yield* host.editComment(id, "/ai-implement all", 60_000)
        assert.deepStrictEqual(yield* comment, { ...written, body: "/ai-implement all", edited: true })
        assert.isNull(yield* codeHost.comment({ ...where, id: 1 }))
      })
    )

    check(
      "a comment that the host wrote again within 5 s of its creation is not edited",
      Effect.gen(function* () {
        const { codeHost, host, where } = yield* start
        const number = yield* host.openPullRequest({ branch, title: "Search" })
        const id = yield* host.comment(number, { author: "robin", body: "/ai-implement" })
        for (const [millis, edited] of [
          [1000, false],
          [5000, false],
          [7000, true]
        ] as const) {
          yield* host.editComment(id, "/ai-implement", millis)
          assert.strictEqual((yield* codeHost.comment({ ...where, id }))?.edited, edited)
        }
      })
    )

    check(
      "write access is read as of now",
      Effect.gen(function* () {
        const { codeHost, host, where } = yield* start
        const mayWrite = codeHost.mayWrite({ ...where, login: "robin" })
        assert.isFalse(yield* mayWrite)
        yield* host.letWrite("robin", true)
        assert.isTrue(yield* mayWrite)
        yield* host.letWrite("robin", false)
        assert.isFalse(yield* mayWrite)
      })
    )
  })
}
