import { Ajv, type ErrorObject, type ValidateFunction } from "ajv"
import formats from "ajv-formats"
import type { Request, Response } from "../Upstream.ts"

interface Parameter {
  readonly name: string
  readonly in: "path" | "query" | "header"
  readonly required?: boolean
  readonly schema: { readonly type?: string }
}

interface Reference {
  readonly $ref: string
}

interface Described {
  readonly parameters?: ReadonlyArray<Parameter | Reference>
  readonly requestBody?: { readonly required?: boolean }
  readonly responses: Readonly<Record<string, Reference | { readonly content?: object }>>
}

export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
  readonly webhooks?: Readonly<Record<string, object>>
  readonly components: {
    readonly parameters?: Readonly<Record<string, Parameter>>
    readonly responses?: Readonly<Record<string, { readonly content?: object }>>
  }
}

export interface Options<Operation extends string> {
  readonly description: Description
  /** Each operation's method and path in the description. */
  readonly operations: Readonly<Record<Operation, string>>
  readonly base?: string
  /** The component that an error without a description must be. */
  readonly error?: string
  readonly misdescribed?: (name: string) => boolean
}

export type Parameters = Readonly<Record<string, string | number | boolean | undefined>>

export interface Matched<Operation extends string> {
  readonly operation: Operation
  readonly path: Readonly<Record<string, string>>
}

export interface Checked {
  readonly parameters: Parameters
  readonly body: Readonly<Record<string, unknown>>
  readonly problems: ReadonlyArray<string>
}

export const noObject = "body is no JSON object"

const escape = (part: string) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))
const nameOf = (reference: Reference) => reference.$ref.slice(reference.$ref.lastIndexOf("/") + 1)

/** Checks requests, which may hold nothing unknown, and responses against an upstream's OpenAPI. */
export const makeContract = <Operation extends string>(options: Options<Operation>) => {
  const { description } = options
  const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false, logger: false })
  formats.default(ajv, { mode: "fast" })
  ajv.addSchema(description, "response")
  ajv.addSchema(closed(description), "request")
  const compiled = new Map<string, ValidateFunction>()

  const problemsOf = (of: "request" | "response", pointer: ReadonlyArray<string>, value: unknown) => {
    const key = `${of}#/${pointer.map(escape).join("/")}`
    const validate = compiled.get(key) ?? ajv.compile({ $ref: key })
    compiled.set(key, validate)
    return validate(value) ? [] : (validate.errors ?? []).map(problemOf)
  }

  const routes = Object.entries<string>(options.operations).map(([id, route]) => {
    const [method = "", path = ""] = route.split(" ")
    const pattern = path
      .replace("/{path}", "(?:/(?<path>.*))?")
      .replaceAll(/\{(\w+)\}/g, (_, name: string) => `(?<${name}>[^/]+)`)
    const described = description.paths[path]?.[method.toLowerCase()]
    if (described === undefined) throw new Error(`openapi.json lacks ${id}: make it again.`)
    const at = ["paths", path, method.toLowerCase()]
    return {
      operation: id as Operation,
      method,
      pattern: new RegExp(`^${options.base ?? ""}${pattern}$`),
      described,
      at,
      parameters: (described.parameters ?? []).map((parameter, index) => {
        if (!("$ref" in parameter))
          return { ...parameter, at: [...at, "parameters", String(index), "schema"] }
        const name = nameOf(parameter)
        const found = description.components.parameters?.[name]
        if (found === undefined) throw new Error(`openapi.json lacks the parameter ${name}.`)
        return { ...found, at: ["components", "parameters", name, "schema"] }
      })
    }
  })
  const routeOf = new Map(routes.map((route) => [route.operation, route]))

  const match = (request: Request): Matched<Operation> | undefined => {
    for (const { operation, method, pattern } of routes) {
      const found = method === request.method ? pattern.exec(request.url.pathname) : null
      if (found === null) continue
      const path = Object.entries<string | undefined>(found.groups ?? {}).map(([name, value = ""]) => [
        name,
        decodeURIComponent(value)
      ])
      return { operation, path: Object.fromEntries(path) }
    }
    return undefined
  }

  const checkRequest = ({ operation, path }: Matched<Operation>, request: Request): Checked => {
    const route = routeOf.get(operation)
    if (route === undefined) return { parameters: {}, body: {}, problems: [`${operation} is unknown`] }
    const query = Object.fromEntries(request.url.searchParams)
    const known = new Set(route.parameters.map(({ name }) => name))
    const problems = Object.keys(query)
      .filter((name) => !known.has(name))
      .map((name) => `query ${name} is not a parameter`)
    const parameters: Record<string, string | number | boolean> = {}
    for (const parameter of route.parameters) {
      const raw = (parameter.in === "path" ? path : query)[parameter.name]
      if (raw === undefined) {
        if (parameter.required === true) problems.push(`${parameter.in} ${parameter.name} is missing`)
        continue
      }
      const value = coerce(parameter.schema.type, raw)
      parameters[parameter.name] = value
      if (options.misdescribed?.(parameter.name) === true) continue
      problems.push(
        ...problemsOf("request", parameter.at, value).map(
          (problem) => `${parameter.in} ${parameter.name} ${problem}`
        )
      )
    }
    const { body, problems: wrong } = checkBody(route.described, route.at, request.body)
    return { parameters, body, problems: [...problems, ...wrong] }
  }

  const checkBody = ({ requestBody }: Described, at: ReadonlyArray<string>, text: string) => {
    if (text === "") return { body: {}, problems: requestBody?.required === true ? ["body is missing"] : [] }
    if (requestBody === undefined) return { body: {}, problems: ["body is not part of this operation"] }
    const body = parse(text)
    if (body === undefined) return { body: {}, problems: [noObject] }
    const schema = [...at, "requestBody", "content", "application/json", "schema"]
    return { body, problems: problemsOf("request", schema, body).map((problem) => `body ${problem}`) }
  }

  const checkResponse = (operation: Operation, { body, status }: Response): ReadonlyArray<string> => {
    const route = routeOf.get(operation)
    if (route === undefined) return [`${operation} is unknown`]
    const { responses } = route.described
    const key = [String(status), `${Math.floor(status / 100)}XX`].find((key) => key in responses)
    const described = key === undefined ? undefined : responses[key]
    if (key === undefined || described === undefined) {
      if (status < 400) return [`status ${status} is not in the contract`]
      return options.error === undefined
        ? []
        : problemsOf("response", ["components", "schemas", options.error], body)
    }
    const at =
      "$ref" in described ? ["components", "responses", nameOf(described)] : [...route.at, "responses", key]
    if (dig(description, [...at, "content", "application/json"]) === undefined) {
      return body === undefined ? [] : [`status ${status} has no body in the contract`]
    }
    return problemsOf("response", [...at, "content", "application/json", "schema"], body)
  }

  const checkWebhook = (name: string, body: unknown) =>
    problemsOf(
      "response",
      ["webhooks", name, "post", "requestBody", "content", "application/json", "schema"],
      body
    )

  return { match, checkRequest, checkResponse, checkWebhook }
}

const problemOf = ({ instancePath, keyword, message, params }: ErrorObject) =>
  keyword === "additionalProperties"
    ? `${instancePath}/${String(params["additionalProperty"])} is not a permitted key`
    : `${instancePath || "/"} ${message ?? keyword}`

const closed = <A>(value: A): A =>
  JSON.parse(JSON.stringify(value), (_, child: unknown) =>
    isObject(child) && isObject(child["properties"]) && child["additionalProperties"] === undefined
      ? { ...child, additionalProperties: false }
      : child
  )

const coerce = (type: string | undefined, raw: string) => {
  if ((type === "integer" || type === "number") && /^-?\d+$/.test(raw)) return Number(raw)
  if (type === "boolean" && (raw === "true" || raw === "false")) return raw === "true"
  return raw
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const parse = (text: string) => {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

const dig = (value: unknown, path: ReadonlyArray<string>) => {
  const found = path.reduce<unknown>((node, key) => (isObject(node) ? node[key] : undefined), value)
  return isObject(found) ? found : undefined
}
