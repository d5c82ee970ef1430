import * as fc from "fast-check"

export interface Json {
  readonly [name: string]: unknown
}

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value)

export const list = (value: unknown) => (Array.isArray(value) ? value : []).filter(isObject)

const wrong = fc.constantFrom<unknown>(
  null,
  true,
  -1,
  1e308,
  "",
  "\0",
  "\ud800",
  "x".repeat(70_000),
  [],
  {},
  [[]]
)

/** Values of the form that a schema of the document describes, at times bent out of it. */
export const valueOf = (document: Json, schema: unknown, depth = 0): fc.Arbitrary<unknown> => {
  if (!isObject(schema) || depth > 5) return wrong
  const { $ref } = schema
  if (typeof $ref === "string") {
    const found = $ref
      .slice(2)
      .split("/")
      .reduce<unknown>((node, key) => (isObject(node) ? node[key] : undefined), document)
    return valueOf(document, found, depth + 1)
  }
  const choices = [...list(schema["anyOf"]), ...list(schema["oneOf"])]
  if (choices.length > 0) return fc.oneof(...choices.map((each) => valueOf(document, each, depth + 1)))
  if (Array.isArray(schema["enum"])) return fc.oneof(fc.constantFrom<unknown>(...schema["enum"]), wrong)
  switch (schema["type"]) {
    case "object": {
      const properties = isObject(schema["properties"]) ? schema["properties"] : {}
      const required = Array.isArray(schema["required"]) ? schema["required"].map(String) : []
      const record = fc.record(
        Object.fromEntries(
          Object.entries(properties).map(([name, each]) => [
            name,
            fc.oneof({ weight: 6, arbitrary: valueOf(document, each, depth + 1) }, wrong)
          ])
        ),
        { requiredKeys: required }
      )
      return fc.oneof(
        { weight: 8, arbitrary: record },
        fc.tuple(record, fc.dictionary(fc.string(), wrong)).map(([a, b]) => ({ ...a, ...b })),
        wrong
      )
    }
    case "array":
      return fc.array(valueOf(document, schema["items"], depth + 1), { maxLength: 4 })
    case "string":
      return fc.oneof(
        fc.constantFrom("ENG", "ENG-1", "acme", "01890000-0000-7000-8000-000000000001", "main", "A_B"),
        fc.string({ unit: "binary" }),
        wrong
      )
    case "integer":
    case "number":
      return fc.oneof(fc.integer(), fc.nat(100), fc.double(), wrong)
    case "boolean":
      return fc.oneof(fc.boolean(), wrong)
  }
  return wrong
}
