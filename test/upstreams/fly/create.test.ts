import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Fly } from "../../../src/upstreams/fly/Fly.ts"
import { Fly as Sandbox } from "../../../src/sandbox/Fly.ts"
import type { Action } from "../../../src/sandbox/Upstream.ts"
import type { UpstreamReason } from "../../../src/upstreams/UpstreamError.ts"
import { launchFaults, rejected } from "../../support/upstreamFailure.ts"
import { app, asked, dispatch, failureOf, live, reasonOf, request, values } from "../../support/flyClient.ts"

const match = "Machines_create"
const create = (more: Partial<typeof request> = {}) =>
  Effect.flatMap(Fly, (fly) => fly.create({ ...request, ...more }))

live(
  "a machine has its size, its metadata, and of the app's secrets only those listed",
  Effect.gen(function* () {
    const fly = yield* Fly
    const sandbox = yield* Sandbox
    const minSecretsVersion = yield* fly.secrets.set(
      app,
      values({ ENG_NPM_TOKEN: "npm", OPS_NPM_TOKEN: "other", ANTHROPIC_API_KEY: "key" })
    )
    const secrets = [
      { name: "ENG_NPM_TOKEN", variable: "NPM_TOKEN" },
      { name: "ANTHROPIC_API_KEY", variable: "ANTHROPIC_API_KEY" }
    ]
    const created = yield* create({ minSecretsVersion, secrets, env: { NODE_ENV: "test" } })
    const [machine] = sandbox.machines(app)
    assert.deepInclude(created, {
      id: machine?.id ?? "",
      name: "ai-01936f3e",
      region: "ams",
      state: "created",
      metadata: dispatch,
      exit: null,
      startedAt: null
    })
    assert.strictEqual(
      created?.createdAt?.epochMilliseconds,
      Math.floor((machine?.createdAt ?? 0) / 1000) * 1000
    )
    assert.deepInclude(machine?.given, {
      image: "images.test/sessions:1",
      guest: { cpu_kind: "shared", cpus: 2, memory_mb: 1024 },
      auto_destroy: false,
      restart: { policy: "no" }
    })
    const seen = Object.entries(yield* Effect.orDie(sandbox.environmentOf(machine?.id ?? "")))
    assert.deepStrictEqual(Object.fromEntries(seen.filter(([name]) => !name.startsWith("FLY_"))), {
      NODE_ENV: "test",
      NPM_TOKEN: "npm",
      ANTHROPIC_API_KEY: "key"
    })
  })
)

live(
  "without a region Fly chooses one, and without secrets the machine has none",
  Effect.gen(function* () {
    const fly = yield* Fly
    const sandbox = yield* Sandbox
    yield* fly.secrets.set(app, values({ ENG_NPM_TOKEN: "npm" }))
    const created = yield* create({ region: null })
    assert.strictEqual(created?.region, "iad")
    assert.notProperty(yield* Effect.orDie(sandbox.environmentOf(created?.id ?? "")), "ENG_NPM_TOKEN")
  })
)

live(
  "a name in use gives no machine, and no second one",
  Effect.gen(function* () {
    const sandbox = yield* Sandbox
    assert.isNotNull(yield* create())
    assert.isNull(yield* create())
    assert.lengthOf(sandbox.machines(app), 1)
    sandbox.control.failNext({
      match,
      action: {
        _tag: "status",
        status: 409,
        body: { error: "already_exists: unique machine name violation" }
      }
    })
    assert.isNull(yield* create({ name: "another" }))
  })
)

live(
  "what may not leave any more does not",
  Effect.gen(function* () {
    const { message, reason } = yield* failureOf(create({ proceed: Effect.succeed(false) }))
    assert.deepStrictEqual(reason, { _tag: "Unavailable", delivery: "not_sent" })
    assert.include(message, "its turn came too late")
    assert.deepStrictEqual(yield* asked, [])
  })
)

const status = (code: number, body: object): Action => ({ _tag: "status", status: code, body })

const faults: ReadonlyArray<readonly [what: string, action: Action, reason: UpstreamReason, made: number]> = [
  ...launchFaults,
  ["limited", status(429, { error: "rate limit exceeded" }), { _tag: "RateLimited", retryAfter: 1 }, 0],
  ["not authorized", status(401, { error: "unauthorized" }), { _tag: "Unauthorized" }, 0],
  ["refused", status(422, { error: "invalid config" }), rejected, 0],
  ["without room", status(409, { error: "aborted: no capacity" }), rejected, 0],
  [
    "without room by an error of Fly's",
    status(500, { error: "", status: "insufficient_capacity" }),
    rejected,
    0
  ]
]

for (const [what, action, reason, made] of faults) {
  live(
    `a create that was ${what} is sent once and is ${reason._tag}`,
    Effect.gen(function* () {
      const sandbox = yield* Sandbox
      sandbox.control.failNext({ match, action })
      assert.deepStrictEqual(yield* reasonOf(create()), reason)
      assert.deepStrictEqual(yield* asked, [match])
      const found = yield* (yield* Fly).list(app)
      assert.deepStrictEqual(
        found.map(({ metadata, name }) => [name, metadata]),
        Array.from({ length: made }, () => [request.name, dispatch])
      )
    }),
    { launchTimeout: "1 second" }
  )
}

for (const [what, more, said] of [
  ["an app that is not there", { app: "none" }, "there is no app none"],
  ["a region that is not there", { region: "xyz" }, "region xyz not found"],
  ["a secret that is not there", { secrets: [{ name: "NONE", variable: "A" }] }, "secret NONE not found"],
  ["a version of the secrets that is not there", { minSecretsVersion: 1 }, "secrets have no version 1 yet"],
  ["a size that is not sold", { memoryMb: 300 }, "must be in a 256 MiB increment"]
] as const) {
  live(
    `${what} is said to the operator`,
    Effect.gen(function* () {
      const { message } = yield* failureOf(create(more))
      assert.include(message, said)
      assert.include(message, request.name)
    })
  )
}
