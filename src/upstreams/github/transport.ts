import { Octokit } from "@octokit/rest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Predicate from "effect/Predicate"
import type { Budget } from "../../domain/Overview.ts"
import { makeFetch } from "../client/answers.ts"
import type { Answer } from "../client/errors.ts"
import { budgetOf, numberIn } from "../client/limits.ts"
import type { NoAnswer } from "../client/upstream.ts"
import { answerOptions, type Operation, operations } from "./operations.ts"

export interface GitHubAnswer extends Answer {
  /** Whose budget it used: the repository's owner; null for the App itself. */
  readonly owner: string | null
}

export interface Sent {
  readonly operation: Operation
  readonly parameters: Readonly<Record<string, unknown>>
  /** null: no one has to prove anything. */
  readonly authorization: string | null
  readonly owner: string | null
  readonly etag?: string | undefined
}

const silent = { debug() {}, info() {}, warn() {}, error() {} }

const answerIn = (response: unknown, owner: string | null): GitHubAnswer | undefined => {
  if (!Predicate.isObject(response) || typeof response["status"] !== "number") return undefined
  const headers = Predicate.isObject(response["headers"]) ? response["headers"] : {}
  return {
    owner,
    status: response["status"],
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    data: response["status"] === 204 ? null : response["data"]
  }
}

export const makeSend = Effect.fnUntraced(function* (baseUrl: string) {
  const octokit = new Octokit({ baseUrl, log: silent, userAgent: "ai-implement" })
  const platformFetch = yield* FetchHttpClient.Fetch
  return ({
    authorization,
    etag,
    operation,
    owner,
    parameters
  }: Sent): Effect.Effect<GitHubAnswer, NoAnswer> =>
    Effect.tryPromise({
      try: async (signal) => {
        const fetch = makeFetch(platformFetch, {
          url: baseUrl,
          redirects: "origin",
          ...answerOptions[operation]
        })
        const headers = {
          ...(authorization !== null && { authorization }),
          ...(etag !== undefined && { "if-none-match": etag })
        }
        try {
          const response = await octokit.request(operations[operation], {
            ...parameters,
            headers,
            request: { signal, fetch, log: silent }
          })
          return answerIn(response, owner) ?? Promise.reject(new SyntaxError("No status."))
        } catch (cause) {
          const answer = Predicate.isObject(cause) ? answerIn(cause["response"], owner) : undefined
          if (answer === undefined) throw cause
          return answer
        }
      },
      catch: (cause) => ({ cause })
    })
})

/** The remaining hourly budget: of several installations, the smallest. */
export const makeBudgets = () => {
  const byOwner = new Map<string, Budget>()
  return ({ headers, owner }: GitHubAnswer, now: number): ReadonlyArray<Budget> => {
    const part = (name: string) => numberIn(headers[`x-ratelimit-${name}`])
    const reset = part("reset")
    const resource = headers["x-ratelimit-resource"] ?? "core"
    const [seen] = budgetOf("core", {
      limit: part("limit"),
      remaining: part("remaining"),
      resetAt: reset && reset * 1000
    })
    if (owner === null || resource !== "core" || seen === undefined) return []
    byOwner.set(owner, seen)
    const current = [...byOwner.values()].filter(({ resetAt }) => resetAt.epochMilliseconds > now)
    return current.toSorted((a, b) => a.remaining - b.remaining).slice(0, 1)
  }
}
