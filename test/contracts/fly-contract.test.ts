import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { readFileSync } from "node:fs"
import { operations } from "../../src/upstreams/fly/operations.ts"
import { type Description, makeContract } from "../../src/sandbox/Upstream/Contract.ts"
import { machine, setup } from "../support/flySandbox.ts"

interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly enum?: ReadonlyArray<string>
  readonly allOf?: ReadonlyArray<Schema>
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: ReadonlyArray<string>
  readonly additionalProperties?: Schema
}

interface Body {
  readonly content?: { readonly "application/json"?: { readonly schema: Schema } }
}

interface Operation {
  readonly operationId: string
  readonly parameters?: ReadonlyArray<{
    readonly in: string
    readonly name: string
    readonly required?: boolean
    readonly schema: Schema
  }>
  readonly requestBody?: Body
  readonly responses: Readonly<Record<string, Body>>
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

/** A schema as lines, one for each place in it. Objects that name nothing, and integers, are not distinguished from the rest. */
const linesOf = (
  document: Document,
  schema: Schema,
  at: string,
  inside: ReadonlyArray<string> = []
): ReadonlyArray<string> => {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1)
    const found = document.components.schemas[name]
    return found === undefined || inside.includes(name) ? [] : linesOf(document, found, at, [...inside, name])
  }
  const go = (child: Schema, part: string) => linesOf(document, child, at + part, inside)
  const { additionalProperties, allOf, items, properties = {}, required = [], type } = schema
  const isBare = type === undefined || type === "object"
  return [
    ...(isBare
      ? []
      : [`${at} ${type === "integer" ? "number" : type} ${schema.enum?.toSorted().join("|") ?? ""}`.trim()]),
    ...(allOf ?? []).flatMap((each) => go(each, "")),
    ...(items === undefined ? [] : go(items, "[]")),
    ...(additionalProperties === undefined ? [] : go(additionalProperties, "{}")),
    ...Object.entries(properties).flatMap(([name, child]) =>
      go(child, `/${name}${required.includes(name) ? "!" : ""}`)
    )
  ]
}

const describeOperation = (document: Document, operation: Operation) => {
  const schemaIn = (body: Body | undefined) => body?.content?.["application/json"]?.schema ?? {}
  const answers = Object.entries(operation.responses).filter(([status]) => status.startsWith("2"))
  return new Set([
    operation.operationId,
    ...(operation.parameters ?? []).flatMap(({ in: place, name, required, schema }) =>
      linesOf(document, schema, `${place} ${name}${required === true ? "!" : ""}`)
    ),
    ...linesOf(document, schemaIn(operation.requestBody), "body"),
    ...answers.flatMap(([, answer]) => linesOf(document, schemaIn(answer), "answer"))
  ])
}

const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"))

describe("the cut of Fly's description", () => {
  const cut: Document & Description = read("../../src/sandbox/fly/generated/openapi.json")
  /** The lines of `describeOperation` for Fly's published OpenAPI document of May 2026. */
  const published: Readonly<Record<string, ReadonlyArray<string>>> = read("./fly-published.json")

  it.for(Object.entries(operations))("leaves out nothing that Fly publishes of %s", ([name, route]) => {
    const [method = "", path = ""] = route.split(" ")
    const operation = cut.paths[path]?.[method.toLowerCase()]
    const lines = operation === undefined ? new Set<string>() : describeOperation(cut, operation)
    assert.isAbove(published[name]?.length ?? 0, 1)
    const missing = (published[name] ?? []).filter((line) => !lines.has(line))
    // Fly has withdrawn it since.
    assert.deepStrictEqual(missing, route === operations.Machines_create ? ["body/lsvd boolean"] : [])
  })

  it.live("covers every request and response of a tour of the local Fly", () =>
    Effect.gen(function* () {
      const contract = makeContract({ description: cut, operations, base: "/v1" })
      const { fly, machines, send } = yield* setup()
      const seen = new Set<string>()
      const go = Effect.fnUntraced(function* (
        method: "GET" | "POST" | "DELETE",
        path: string,
        body?: object
      ) {
        const answer = yield* send(method, path, body === undefined ? {} : { body })
        const url = new URL(fly.apiUrl + path)
        const request = { method, url, headers: {}, body: body === undefined ? "" : JSON.stringify(body) }
        const matched = contract.match(request)
        if (matched === undefined) return assert.fail(`${method} ${path} is not described.`)
        seen.add(matched.operation)
        const problems = [
          ...contract.checkRequest(matched, request).problems,
          ...contract.checkResponse(matched.operation, answer)
        ]
        // Where Fly answers with a mere `ok`, it describes no body.
        assert.deepStrictEqual(
          problems.filter((problem) => !problem.endsWith("has no body in the contract")),
          [],
          `${method} ${path}`
        )
        return answer.body
      })
      yield* go("POST", "/apps", { name: "more", org_slug: "acme" })
      yield* go("POST", "/apps", { name: "more", org_slug: "acme" })
      yield* go("GET", "/apps?org_slug=acme")
      yield* go("GET", "/apps/more")
      const { version } = yield* go("POST", "/apps/sessions/secrets", { values: { A: "a", B: "b" } })
      yield* go("GET", "/apps/sessions/secrets?show_secrets=true")
      yield* go("GET", "/apps/sessions/secrets/A")
      yield* go("DELETE", "/apps/sessions/secrets/B")
      yield* go("DELETE", "/apps/sessions/secrets/B")
      const wanted = {
        name: "one",
        region: "ams",
        min_secrets_version: version,
        config: {
          ...machine,
          processes: [{ ignore_app_secrets: true, secrets: [{ env_var: "T", name: "A" }] }]
        }
      }
      const { id } = yield* go("POST", machines, wanted)
      yield* go("POST", machines, wanted)
      yield* go("POST", machines, { name: "two", config: {} })
      yield* fly.startMachine(id)
      yield* go("GET", `${machines}/${id}/wait?state=started&timeout=60`)
      yield* go("DELETE", `${machines}/${id}`)
      yield* go("POST", `${machines}/${id}/stop`, {})
      yield* fly.exitMachine(id, { code: 1 })
      yield* go("GET", machines)
      yield* go("GET", `${machines}?summary=true&include_deleted=true`)
      yield* go("GET", `${machines}/${id}`)
      yield* go("DELETE", `${machines}/${id}?force=true`)
      yield* go("GET", `${machines}/none`)
      assert.deepStrictEqual([...seen].sort(), Object.keys(operations).sort())
      assert.deepStrictEqual(fly.control.violations(), [])
    })
  )
})
