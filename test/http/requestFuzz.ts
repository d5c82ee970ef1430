import * as fc from "fast-check"
import { isObject, type Json, list, valueOf } from "./schemaFuzz.ts"

export interface FuzzedRequest {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | undefined
}

export interface Operation {
  readonly method: string
  readonly path: string
  readonly requests: fc.Arbitrary<FuzzedRequest>
}

/** Values that mean something to the service, by the name of the parameter. */
export type Known = Readonly<Record<string, ReadonlyArray<string>>>

const odd = fc.constantFrom(
  "%",
  "%00",
  "A%00B",
  "%E0%A4%A",
  "%ff",
  "%ED%A0%80",
  "%2F",
  "..",
  "%2e%2e%2f",
  ";a=b",
  "",
  "%20",
  "__proto__",
  "%F0%9F%92%A9",
  "1e999",
  "-1",
  "true",
  "[]",
  "A".repeat(5000)
)

const textOf = (schema: unknown) => {
  if (!isObject(schema)) return fc.string()
  if (Array.isArray(schema["enum"])) return fc.constantFrom(...schema["enum"].map(String))
  return schema["format"] === "uuid" ? fc.uuid() : fc.oneof(fc.string(), fc.integer().map(String))
}

/** A parameter's value as it stands in an address: known, of the form of its schema, or mutated. */
const escaped = (name: string, schema: unknown, known: Known) => {
  const values = known[name] ?? []
  const form = textOf(schema).map(encodeURIComponent)
  return fc.oneof(
    { weight: 6, arbitrary: values.length === 0 ? form : fc.constantFrom(...values) },
    { weight: 1, arbitrary: form },
    { weight: 2, arbitrary: odd }
  )
}

/** Any header value that a client can send. */
const headerValue = fc
  .oneof(
    fc.nat().map(String),
    fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)) }),
    fc.constantFrom("", "-1", "1e3", "9007199254740993", "1, 2", "A".repeat(5000))
  )
  .map((text) => text.replaceAll("\u007f", "").replaceAll(/[\u0080-\u009f]/g, ""))

const named = ({ name }: Json) => String(name)

const queryOf = (parameters: ReadonlyArray<Json>, known: Known) => {
  const pairs = parameters.map((each) =>
    escaped(named(each), each["schema"], known).map((value) => `${named(each)}=${value}`)
  )
  const strange = fc.oneof(
    odd,
    odd.map((value) => `unknown=${value}`),
    fc.tuple(odd, odd).map(([a, b]) => `${a}=${b}`)
  )
  const some = fc
    .tuple(...pairs.map((pair) => fc.option(pair)))
    .map((all) => all.filter((each) => each !== null))
  return fc.oneof(
    { weight: 4, arbitrary: some },
    {
      weight: 1,
      arbitrary: fc.tuple(some, some, fc.array(strange, { maxLength: 2 })).map((all) => all.flat())
    }
  )
}

const bodyOf = (document: Json, operation: Json): fc.Arbitrary<FuzzedRequest["body"]> => {
  const body = isObject(operation["requestBody"]) ? operation["requestBody"] : {}
  const content = isObject(body["content"]) ? body["content"]["application/json"] : undefined
  const unasked = fc.constantFrom<FuzzedRequest["body"]>("{}", "null", new Uint8Array([0xc3, 0x28]))
  return isObject(content)
    ? fc.oneof(
        { weight: 9, arbitrary: valueOf(document, content["schema"]).map((value) => JSON.stringify(value)) },
        { weight: 1, arbitrary: unasked }
      )
    : fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: unasked })
}

/** Every operation of a document, with requests of the form that it says and near it. */
export const operationsOf = (document: Json, known: Known): ReadonlyArray<Operation> =>
  Object.entries(isObject(document["paths"]) ? document["paths"] : {}).flatMap(([path, methods]) =>
    Object.entries(isObject(methods) ? methods : {}).flatMap(([method, operation]) => {
      if (!isObject(operation)) return []
      const parameters = list(operation["parameters"])
      const of = (place: string) => parameters.filter((each) => each["in"] === place)
      const parts = fc.record(
        Object.fromEntries(
          of("path").map((each) => [named(each), escaped(named(each), each["schema"], known)])
        )
      )
      const headers = fc
        .tuple(...of("header").map((each) => headerValue.map((value) => [named(each), value])))
        .map((pairs): Record<string, string> => Object.fromEntries(pairs))
      const requests = fc
        .record({ parts, query: queryOf(of("query"), known), headers, body: bodyOf(document, operation) })
        .map(({ body, headers, parts, query }) => {
          const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => parts[name] ?? "")
          return { path: query.length === 0 ? filled : `${filled}?${query.join("&")}`, headers, body }
        })
      return [{ method: method.toUpperCase(), path, requests }]
    })
  )
