import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { refused, setup } from "../support/flySandbox.ts"

const values = { ENG_TOKEN: "eng-value", OPS_TOKEN: "ops-value", ANTHROPIC_API_KEY: "key" }

const filled = Effect.gen(function* () {
  const made = yield* setup()
  const set = (values: Record<string, string | null>) =>
    made.send("POST", "/apps/sessions/secrets", { body: { values } })
  const { body } = yield* set(values)
  return { ...made, set, version: body.version }
})

it.live("secrets have names, digests and versions, and no values unless asked for", () =>
  Effect.gen(function* () {
    const { fly, send, set, version } = yield* filled
    const { body } = yield* set({ OPS_TOKEN: "other-value", ENG_TOKEN: null })
    assert.isAbove(body.version, version)
    const list = yield* send("GET", "/apps/sessions/secrets")
    assert.deepStrictEqual(
      list.body.secrets.map(({ name }) => name),
      ["ANTHROPIC_API_KEY", "OPS_TOKEN"]
    )
    assert.notInclude(JSON.stringify([body, list.body]), "other-value")
    const shown = yield* send("GET", "/apps/sessions/secrets/OPS_TOKEN?show_secrets=true")
    assert.deepInclude(shown.body, { name: "OPS_TOKEN", value: "other-value" })
    const hidden = yield* send("GET", "/apps/sessions/secrets/OPS_TOKEN")
    assert.notProperty(hidden.body, "value")
    assert.property(hidden.body, "digest")
    const removed = yield* send("DELETE", "/apps/sessions/secrets/OPS_TOKEN")
    assert.isAbove(removed.body.version, body.version)
    yield* refused(404, "secret not found", send("DELETE", "/apps/sessions/secrets/OPS_TOKEN"))
    yield* refused(404, "secret not found", send("GET", "/apps/sessions/secrets/OPS_TOKEN"))
    yield* refused(400, "invalid secret name", set({ "a-b": "c" }))
    yield* refused(412, "no version", send("GET", "/apps/sessions/secrets?min_version=99"))
    assert.deepStrictEqual(fly.control.violations(), [])
  })
)

for (const [what, process, expected] of [
  ["every secret of the app", undefined, values],
  [
    "every secret, and those listed by their other names",
    { secrets: [{ env_var: "T", name: "ENG_TOKEN" }] },
    {
      ...values,
      T: "eng-value"
    }
  ],
  [
    "only the listed secrets when it ignores the app's",
    {
      ignore_app_secrets: true,
      secrets: [{ env_var: "TOKEN", name: "ENG_TOKEN" }, { env_var: "ANTHROPIC_API_KEY" }]
    },
    { TOKEN: "eng-value", ANTHROPIC_API_KEY: "key" }
  ],
  ["nothing when it ignores the app's and lists none", { ignore_app_secrets: true }, {}]
] as const) {
  it.live(`a machine is given ${what}`, () =>
    Effect.gen(function* () {
      const { create, fly, version } = yield* filled
      const { id } = yield* create(
        {
          env: { A: "1", B: "2" },
          processes: process === undefined ? [] : [{ env: { B: "3" }, ...process }]
        },
        { min_secrets_version: version }
      )
      const seen = Object.entries(yield* fly.environmentOf(id)).filter(([name]) => !name.startsWith("FLY_"))
      assert.deepStrictEqual(Object.fromEntries(seen), {
        A: "1",
        B: process === undefined ? "2" : "3",
        ...expected
      })
      assert.deepStrictEqual(fly.control.violations(), [])
    })
  )
}

it.live("a machine keeps the secrets it was made with", () =>
  Effect.gen(function* () {
    const { create, fly, set } = yield* filled
    const { id } = yield* create()
    yield* set({ ENG_TOKEN: null })
    assert.deepInclude(yield* fly.environmentOf(id), { ENG_TOKEN: "eng-value" })
  })
)

it.live("a version that does not exist yet, or a secret that is not there, makes no machine", () =>
  Effect.gen(function* () {
    const { fly, list, machines, send, version } = yield* filled
    const create = (config: object, min_secrets_version: number) =>
      send("POST", machines, { body: { config: { image: "a", ...config }, min_secrets_version } })
    yield* refused(412, "no version", create({}, version + 1))
    const processes = [{ ignore_app_secrets: true, secrets: [{ env_var: "TOKEN", name: "NONE" }] }]
    yield* refused(400, "secret NONE not found", create({ processes }, version))
    assert.deepStrictEqual(yield* list(), [])
    assert.deepStrictEqual(fly.control.violations(), [])
  })
)
