import { Ajv, type ValidateFunction } from "ajv"
import formats from "ajv-formats"
import { readFileSync } from "node:fs"
import { operations, type Operation } from "../../GitHub/operations.ts"
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
  readonly parameters: ReadonlyArray<Parameter | Reference>
  readonly requestBody?: { readonly required?: boolean }
  readonly responses: Readonly<Record<string, Reference | { readonly content?: object }>>
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
  readonly components: {
    readonly parameters: Readonly<Record<string, Parameter>>
    readonly responses: Readonly<Record<string, { readonly content?: object }>>
  }
}

export type Parameters = Readonly<Record<string, string | number | boolean | undefined>>

export interface Matched {
  readonly operation: Operation
  readonly path: Readonly<Record<string, string>>
}

export interface Checked {
  readonly parameters: Parameters
  readonly body: Readonly<Record<string, unknown>>
  readonly problems: ReadonlyArray<string>
}

const escape = (part: string) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))
const nameOf = (reference: Reference) => reference.$ref.slice(reference.$ref.lastIndexOf("/") + 1)

const makeContract = () => {
  const description: Description = JSON.parse(
    readFileSync(new URL("./generated/openapi.json", import.meta.url), "utf8")
  )
  const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false, logger: false })
  formats.default(ajv, { mode: "fast" })
  ajv.addSchema(description, "github")
  const compiled = new Map<string, ValidateFunction>()

  const problemsOf = (pointer: ReadonlyArray<string>, value: unknown) => {
    const key = `github#/${pointer.map(escape).join("/")}`
    const validate = compiled.get(key) ?? ajv.compile({ $ref: key })
    compiled.set(key, validate)
    if (validate(value)) return []
    return (validate.errors ?? []).map(
      (error) => `${error.instancePath || "/"} ${error.message ?? error.keyword}`
    )
  }

  const routes = Object.entries(operations).map(([id, route]) => {
    const [method = "", path = ""] = route.split(" ")
    const pattern = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      name === "path" ? `(?<path>.*)` : `(?<${name}>[^/]+)`
    )
    const described = description.paths[path]?.[method.toLowerCase()]
    if (described === undefined)
      throw new Error(`${id} is not in openapi.json: run scripts/github-contract.ts.`)
    const parameters = described.parameters.map((parameter) => {
      if (!("$ref" in parameter)) return { parameter, at: undefined }
      const name = nameOf(parameter)
      const found = description.components.parameters[name]
      if (found === undefined) throw new Error(`openapi.json lacks the parameter ${name}.`)
      return { parameter: found, at: ["components", "parameters", name, "schema"] }
    })
    const at = ["paths", path, method.toLowerCase()]
    return {
      operation: id as Operation,
      method,
      pattern: new RegExp(`^${pattern}$`),
      described,
      at,
      parameters: parameters.map(({ parameter, at: shared }, index) => ({
        ...parameter,
        at: shared ?? [...at, "parameters", String(index), "schema"]
      }))
    }
  })
  const routeOf = new Map(routes.map((route) => [route.operation, route]))

  const match = (request: Request): Matched | undefined => {
    for (const { operation, method, pattern } of routes) {
      const found = method === request.method ? pattern.exec(request.url.pathname) : null
      if (found === null) continue
      const path = Object.entries(found.groups ?? {}).map(([name, value]) => [
        name,
        decodeURIComponent(value)
      ])
      return { operation, path: Object.fromEntries(path) }
    }
    return undefined
  }

  const checkRequest = ({ operation, path }: Matched, request: Request): Checked => {
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
      if (isRange(parameter)) continue
      problems.push(
        ...problemsOf(parameter.at, value).map((problem) => `${parameter.in} ${parameter.name} ${problem}`)
      )
    }
    const { body, problems: wrong } = checkBody(route.described, route.at, request.body)
    return { parameters, body, problems: [...problems, ...wrong] }
  }

  const checkBody = (described: Described, at: ReadonlyArray<string>, text: string) => {
    const requestBody = described.requestBody
    if (text === "") return { body: {}, problems: requestBody?.required === true ? ["body is missing"] : [] }
    if (requestBody === undefined) return { body: {}, problems: ["body is not part of this operation"] }
    const body = parse(text)
    if (body === undefined) return { body: {}, problems: ["body is no JSON object"] }
    const schema = [...at, "requestBody", "content", "application/json", "schema"]
    const known = Object.keys(dig(description, [...schema, "properties"]) ?? {})
    const unknown = Object.keys(body).filter((key) => !known.includes(key))
    return {
      body,
      problems: [
        ...problemsOf(schema, body).map((problem) => `body ${problem}`),
        ...unknown.map((key) => `body /${key} is not a permitted key`)
      ]
    }
  }

  const checkResponse = (operation: Operation, response: Response): ReadonlyArray<string> => {
    const route = routeOf.get(operation)
    if (route === undefined) return [`${operation} is unknown`]
    const described = route.described.responses[response.status]
    if (described === undefined) {
      if (response.status < 400) return [`status ${response.status} is not in the contract`]
      return problemsOf(["components", "schemas", "basic-error"], response.body)
    }
    const at =
      "$ref" in described
        ? ["components", "responses", nameOf(described)]
        : [...route.at, "responses", String(response.status)]
    if (dig(description, [...at, "content", "application/json"]) === undefined) {
      return response.body === undefined ? [] : [`status ${response.status} has no body in the contract`]
    }
    return problemsOf([...at, "content", "application/json", "schema"], response.body)
  }

  return { match, checkRequest, checkResponse }
}

// GitHub's description calls `created` a date-time, while its pages and its servers take a range of dates.
const isRange = (parameter: Parameter) => parameter.name === "created"

const coerce = (type: string | undefined, raw: string) => {
  if (type === "integer" && /^-?\d+$/.test(raw)) return Number(raw)
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

/** The cut of GitHub's own OpenAPI, as a judge of requests and responses. */
export const contract = makeContract()
