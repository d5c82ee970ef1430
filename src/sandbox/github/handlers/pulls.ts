import * as Effect from "effect/Effect"
import type { Parameters } from "../Contract.ts"
import { notFound, Refused } from "../errors.ts"
import { pull, pullSimple } from "../render/pull.ts"
import type { PullRequest, Repository } from "../State.ts"
import { type Handler, textOf } from "./Handler.ts"
import { page } from "./paging.ts"

const invalidField = (field: string) =>
  new Refused({ status: 422, message: "Validation Failed", errors: [{ code: "invalid", message: field }] })

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
  },
  "pulls/create": {
    by: "repository",
    needs: ["pull_requests", "write"],
    handle: Effect.fnUntraced(function* ({ base, body, pulls, repository }) {
      const given = String(body["head"])
      const branch = given.slice(given.indexOf(":") + 1)
      const target = String(body["base"])
      const headSha = repository.branches.get(branch)
      if (headSha === undefined) return yield* invalidField("head")
      if (!repository.branches.has(target)) return yield* invalidField("base")
      if (
        repository.pulls.some((one) => one.branch === branch && one.fork === null && one.state === "open")
      ) {
        return yield* new Refused({
          status: 422,
          message: "Validation Failed",
          errors: [
            { code: "custom", message: `A pull request already exists for ${repository.owner}:${branch}.` }
          ]
        })
      }
      const opened = yield* pulls.open(repository, {
        branch,
        base: target,
        headSha,
        title: String(body["title"]),
        body: String(body["body"] ?? ""),
        draft: body["draft"] === true
      })
      return { status: 201, body: pull(base, opened) }
    })
  },
  "pulls/update": {
    by: "repository",
    needs: ["pull_requests", "write"],
    handle: Effect.fnUntraced(function* ({ base, body, now, parameters, pulls, repository }) {
      const found = repository.pulls.find(({ number }) => number === parameters["pull_number"])
      if (found === undefined) return yield* notFound
      const { base: target = found.base, body: text = found.body, title = found.title } = body
      Object.assign(found, { base: target, body: text, title, updatedAt: now })
      if (body["state"] === "closed") yield* pulls.close(found)
      return { status: 200, body: pull(base, found) }
    })
  }
} satisfies Record<string, Handler>
