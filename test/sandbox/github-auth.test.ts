import { assert, it } from "@effect/vitest"
import { Octokit } from "@octokit/rest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { SignJWT } from "jose"
import { generateKeyPairSync, type KeyObject } from "node:crypto"
import { call, issue, keys, refused, setClock, setup, shop, workflow_id } from "../support/githubSandbox.ts"

const strangerKeys = generateKeyPairSync("rsa", { modulusLength: 2048 })

const jwt = (key: KeyObject, claims: { iat: number; exp: number; iss?: string }) =>
  Effect.promise(() =>
    new SignJWT({ iss: claims.iss ?? "7" })
      .setProtectedHeader({ alg: "RS256" })
      .setIssuedAt(claims.iat)
      .setExpirationTime(claims.exp)
      .sign(key)
  )

it.live("a JWT is refused when forged, stale, too long or of another app", () =>
  Effect.gen(function* () {
    const { github, log } = yield* setup()
    const now = Math.floor((yield* Clock.currentTimeMillis) / 1000)
    const as = (auth: string) => () =>
      new Octokit({ baseUrl: github.url, log, auth }).rest.apps.getAuthenticated()
    const good = yield* jwt(keys.privateKey, { iat: now - 60, exp: now + 540 })
    assert.strictEqual((yield* call(as(good))).data?.id, 7)
    const forged = yield* jwt(strangerKeys.privateKey, { iat: now - 60, exp: now + 540 })
    yield* refused(401, "could not be decoded", as(forged))
    yield* refused(401, "Requires authentication", () =>
      new Octokit({ baseUrl: github.url, log }).rest.apps.getAuthenticated()
    )
    yield* refused(
      401,
      "must be a numeric value",
      as(yield* jwt(keys.privateKey, { iat: now - 700, exp: now - 100 }))
    )
    yield* refused(
      401,
      "too far in the future",
      as(yield* jwt(keys.privateKey, { iat: now, exp: now + 700 }))
    )
    yield* refused(
      401,
      "'Issued at' claim",
      as(yield* jwt(keys.privateKey, { iat: now + 100, exp: now + 500 }))
    )
    yield* refused(
      404,
      "Integration not found",
      as(yield* jwt(keys.privateKey, { iat: now, exp: now + 500, iss: "8" }))
    )
  })
)

it.live("a token reaches only its repositories, with its permissions", () =>
  Effect.gen(function* () {
    const { github, app, token, log, installation } = yield* setup()
    const narrowed = yield* token({ repositories: ["shop"], permissions: { actions: "read" } })
    assert.deepStrictEqual(narrowed.permissions, { metadata: "read", actions: "read" })
    const octokit = new Octokit({ baseUrl: github.url, log, auth: narrowed.token })
    yield* call(() => octokit.rest.actions.listWorkflowRunsForRepo(shop))
    yield* refused(404, "Not Found", () => octokit.rest.repos.get({ owner: "acme", repo: "blog" }))
    yield* refused(403, "Resource not accessible by integration", () => octokit.rest.pulls.list(shop))
    yield* refused(403, "Resource not accessible", () =>
      octokit.rest.actions.createWorkflowDispatch({ ...shop, workflow_id, ref: "main" })
    )
    const ask = (narrowed: object) => () =>
      app.rest.apps.createInstallationAccessToken({ installation_id: installation, ...narrowed })
    yield* refused(422, "at least one repository", ask({ repositories: ["none"] }))
    yield* refused(422, "permissions requested are not granted", ask({ permissions: { secrets: "write" } }))
    github.revokeTokens()
    yield* refused(401, "Bad credentials", () => octokit.rest.repos.get(shop))
    assert.deepStrictEqual(github.control.violations(), [])
  })
)

it.effect("a token is valid for one hour", () =>
  Effect.gen(function* () {
    yield* setClock
    const { octokit } = yield* setup()
    yield* TestClock.adjust("59 minutes")
    yield* call(() => octokit.rest.repos.get(shop))
    yield* TestClock.adjust("1 minute")
    yield* refused(401, "Bad credentials", () => octokit.rest.repos.get(shop))
  })
)

it.live("an unchanged answer is a 304 that costs nothing", () =>
  Effect.gen(function* () {
    const { github, octokit, dispatch } = yield* setup()
    const list = (etag?: string) =>
      call(() =>
        octokit.request("GET /repos/{owner}/{repo}/actions/runs", {
          ...shop,
          headers: etag === undefined ? {} : { "if-none-match": etag }
        })
      )
    const first = yield* list()
    const etag = first.headers.etag ?? ""
    const remaining = Number(first.headers["x-ratelimit-remaining"])
    const same = yield* Effect.flip(list(etag))
    assert.strictEqual(same.status, 304)
    assert.strictEqual(Number(same.response?.headers["x-ratelimit-remaining"]), remaining)
    yield* dispatch(issue)
    const changed = yield* list(etag)
    assert.strictEqual(changed.data.total_count, 1)
    assert.strictEqual(Number(changed.headers["x-ratelimit-remaining"]), remaining - 2)
    assert.deepStrictEqual(github.control.violations(), [])
  })
)

it.live("an exhausted budget answers 403 with nothing remaining", () =>
  Effect.gen(function* () {
    const { github, octokit } = yield* setup()
    yield* call(() => octokit.rest.repos.get(shop))
    yield* github.setBudget({ limit: 100, remaining: 1 })
    const last = yield* call(() => octokit.rest.repos.get(shop))
    assert.strictEqual(last.headers["x-ratelimit-remaining"], "0")
    yield* refused(403, "API rate limit exceeded for installation ID", () => octokit.rest.repos.get(shop))
    const { data } = yield* call(() => octokit.rest.rateLimit.get())
    assert.deepInclude(data.rate, { limit: 100, remaining: 0 })
    github.control.failNext({ action: { _tag: "status", status: 429, headers: { "retry-after": "60" } } })
    const secondary = yield* Effect.flip(call(() => octokit.rest.rateLimit.get()))
    assert.strictEqual(secondary.response?.headers["retry-after"], "60")
  })
)
