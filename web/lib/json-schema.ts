import type { JsonSchema } from "./openapi.ts"

type Schemas = Readonly<Record<string, JsonSchema>>
type Json = JsonSchema[string]

const isSchema = (value: Json | undefined): value is JsonSchema =>
  typeof value === "object" && value !== null && !Array.isArray(value)
const list = (value: Json | undefined): ReadonlyArray<Json> => (Array.isArray(value) ? value : [])
const deepest = 8

const follow = (schema: JsonSchema, schemas: Schemas): JsonSchema => {
  const ref = schema["$ref"]
  const found = typeof ref === "string" ? schemas[ref.replace("#/components/schemas/", "")] : undefined
  return found ?? schema
}

const merged = (schema: JsonSchema, schemas: Schemas): JsonSchema => {
  const own = follow(schema, schemas)
  const parts = list(own["allOf"]).filter(isSchema)
  return parts.reduce((all, part) => ({ ...all, ...follow(part, schemas) }), own)
}

const limits = (schema: JsonSchema) => {
  const { maxLength, maximum, minLength, minimum, multipleOf, pattern } = schema
  const safe = Number.MAX_SAFE_INTEGER
  return [
    typeof minimum === "number" && minimum > -safe ? `≥ ${minimum}` : "",
    typeof maximum === "number" && maximum < safe ? `≤ ${maximum}` : "",
    multipleOf === undefined ? "" : `multiple of ${String(multipleOf)}`,
    minLength === undefined ? "" : `at least ${String(minLength)} characters`,
    maxLength === undefined ? "" : `at most ${String(maxLength)} characters`,
    typeof pattern === "string" && pattern.length < 60 ? `/${pattern}/` : ""
  ]
    .filter((text) => text !== "")
    .join(", ")
}

const scalar = (schema: JsonSchema) => {
  const values = list(schema["enum"])
  if (values.length > 0) return values.map((value) => JSON.stringify(value)).join(" | ")
  const { format, type } = schema
  if (typeof type !== "string") return "any"
  return typeof format === "string" ? `${type} (${format})` : type
}

const write = (given: JsonSchema, schemas: Schemas, indent: string, depth: number): string => {
  const schema = merged(given, schemas)
  if (depth > deepest) return "…"
  const choices = [...list(schema["anyOf"]), ...list(schema["oneOf"])].filter(isSchema)
  if (choices.length > 0) {
    return choices.map((choice) => write(choice, schemas, indent, depth + 1)).join(" | ")
  }
  if (schema["type"] === "array") {
    const items = schema["items"]
    const inner = isSchema(items) ? write(items, schemas, indent, depth + 1) : "any"
    return /[ |]/.test(inner) && !inner.startsWith("{") ? `Array<${inner}>` : `${inner}[]`
  }
  const properties = schema["properties"]
  if (isSchema(properties)) {
    const required = new Set(list(schema["required"]))
    const deeper = `${indent}  `
    const lines = Object.entries(properties).map(([name, property]) => {
      if (!isSchema(property)) return ""
      const note = limits(merged(property, schemas))
      const text = write(property, schemas, deeper, depth + 1)
      return `${deeper}${name}${required.has(name) ? "" : "?"}: ${text}${note === "" ? "" : `  // ${note}`}`
    })
    return lines.length === 0 ? "{}" : `{\n${lines.join("\n")}\n${indent}}`
  }
  const values = schema["additionalProperties"]
  if (isSchema(values)) return `{ [name]: ${write(values, schemas, indent, depth + 1)} }`
  return scalar(schema)
}

export const schemaText = (schema: JsonSchema, schemas: Schemas) => write(schema, schemas, "", 0)

/** A value to begin with: what is required, each at its simplest. */
export const exampleOf = (given: JsonSchema, schemas: Schemas, depth = 0): Json => {
  const schema = merged(given, schemas)
  const [first] = [...list(schema["anyOf"]), ...list(schema["oneOf"])].filter(isSchema)
  if (first !== undefined && depth < deepest) return exampleOf(first, schemas, depth + 1)
  const [value] = list(schema["enum"])
  if (value !== undefined) return value
  const { minimum, properties, type } = schema
  if (isSchema(properties) && depth < deepest) {
    const required = new Set(list(schema["required"]))
    return Object.fromEntries(
      Object.entries(properties).flatMap(([name, property]) =>
        required.has(name) && isSchema(property) ? [[name, exampleOf(property, schemas, depth + 1)]] : []
      )
    )
  }
  if (type === "array") return []
  if (type === "boolean") return false
  if (type === "integer" || type === "number") return typeof minimum === "number" ? Math.max(0, minimum) : 0
  return type === "string" ? "" : type === "object" ? {} : null
}
