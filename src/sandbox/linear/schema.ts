import { buildASTSchema, isScalarType, parse, type GraphQLSchema } from "graphql"
import { readFileSync } from "node:fs"
import { isUuid } from "./uuid.ts"

const isDateTime = (value: unknown): value is string =>
  typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)

const refuse = (name: string, value: unknown): never => {
  throw new TypeError(`${name} cannot represent ${JSON.stringify(value)}`)
}

const build = (): GraphQLSchema => {
  const sdl = readFileSync(new URL("./generated/schema.graphql", import.meta.url), "utf8")
  const schema = buildASTSchema(parse(sdl, { noLocation: true }), {
    assumeValid: true,
    assumeValidSDL: true
  })
  const dateTime = schema.getType("DateTime")
  const uuid = schema.getType("UUID")
  if (isScalarType(dateTime)) {
    dateTime.coerceOutputValue = (value) => (isDateTime(value) ? value : refuse("DateTime", value))
  }
  if (isScalarType(uuid)) {
    uuid.coerceInputValue = (value) => (isUuid(value) ? value : refuse("UUID", value))
  }
  return schema
}

let built: GraphQLSchema | undefined

/** Linear's schema as `@linear/sdk` knows it, built once in a process. */
export const linearSchema = (): GraphQLSchema => (built ??= build())
