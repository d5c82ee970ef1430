import * as Effect from "effect/Effect"
import type { Parameters } from "../Contract.ts"
import { notFound } from "../errors.ts"
import { pull, pullSimple } from "../render/pull.ts"
import type { PullRequest, Repository } from "../State.ts"
import { type Handler, textOf } from "./Handler.ts"
import { page } from "./paging.ts"

const list = ({ owner, pulls }: Repository, parameters: Parameters): ReadonlyArray<PullRequest> => {
  const wanted = textOf(parameters, "state") ?? "open"
  const head = textOf(parameters, "head")
  const base = textOf(parameters, "base")
  const sort = textOf(parameters, "sort") ?? "created"
  const direction = textOf(parameters, "direction") ?? (sort === "created" ? "desc" : "asc")
  const by = (one: PullRequest) => (sort === "updated" ? one.updatedAt : one.createdAt)
  const found = pulls
    .filter(({ state }) => wanted === "all" || state === wanted)
    // GitHub ignores a head without its owner.
    .filter(
      ({ branch, fork }) =>
        head?.includes(":") !== true ||
        `${(fork ?? owner).toLowerCase()}:${branch}` === head.replace(/^[^:]*/, (o) => o.toLowerCase())
    )
    .filter((one) => base === undefined || one.base === base)
    .sort((a, b) => by(a) - by(b) || a.number - b.number)
  return direction === "desc" ? found.reverse() : found
}

export const pulls = {
  "pulls/list": {
    by: "repository",
    needs: ["pull_requests", "read"],
    handle: ({ base, parameters, repository, url }) =>
      Effect.sync(() => {
        const { items, headers } = page(list(repository, parameters), url, parameters)
        return { status: 200, headers, body: items.map((item) => pullSimple(base, item)) }
      })
  },
  "pulls/get": {
    by: "repository",
    needs: ["pull_requests", "read"],
    handle: Effect.fnUntraced(function* ({ base, parameters, repository }) {
      const found = repository.pulls.find(({ number }) => number === parameters["pull_number"])
      if (found === undefined) return yield* notFound
      return { status: 200, body: pull(base, found) }
    })
  }
} satisfies Record<string, Handler>
