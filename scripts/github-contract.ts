// Cuts the operations and webhooks of src/GitHub/operations.ts out of GitHub's OpenAPI description:
//   npx node scripts/github-contract.ts [folder of an unpacked @octokit/openapi]
// Without a folder the pinned package is fetched with `npm pack` into a temporary one.
import { mkdirSync, writeFileSync } from "node:fs"
import { operations, webhooks } from "../src/upstreams/github/operations.ts"
import { fileOf } from "./pinned.ts"

const pinned = "@octokit/openapi@23.0.2"
const source = "generated/api.github.com.json"
const target = new URL("../src/sandbox/github/generated/openapi.json", import.meta.url)

type Json = null | boolean | number | string | ReadonlyArray<Json> | Node
interface Node {
  readonly [key: string]: Json
}

const isNode = (value: Json | undefined): value is Node =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const at = (node: Json | undefined, ...path: ReadonlyArray<string>): Node => {
  const found = path.reduce<Json | undefined>((value, key) => (isNode(value) ? value[key] : undefined), node)
  if (!isNode(found)) throw new Error(`GitHub's description has no ${path.join(" ")}.`)
  return found
}

const prose = new Set([
  "description",
  "summary",
  "example",
  "examples",
  "externalDocs",
  "tags",
  "discriminator"
])
const dropped = (key: string) => prose.has(key) || (key.startsWith("x-") && key !== "x-multi-segment")

/** Without prose, and with OpenAPI 3.0's `nullable` written as JSON Schema writes it. */
const slim = (value: Json, names = false): Json => {
  if (Array.isArray(value)) return value.map((item: Json) => slim(item))
  if (!isNode(value)) return value
  const { nullable, ...rest } = value
  const picked = Object.fromEntries(
    Object.entries(rest)
      .filter(([key]) => names || !dropped(key))
      .map(([key, child]) => [key, slim(child, !names && key === "properties")])
  )
  if (names) return nullable === undefined ? picked : { ...picked, nullable: slim(nullable) }
  return nullable === true ? { anyOf: [picked, { type: "null" }] } : picked
}

const refsOf = (value: Json): ReadonlyArray<string> =>
  Array.isArray(value)
    ? value.flatMap(refsOf)
    : isNode(value)
      ? Object.entries(value).flatMap(([key, child]) =>
          key === "$ref" && typeof child === "string" ? [child] : refsOf(child)
        )
      : []

const description: Node = JSON.parse(await fileOf(pinned, source, process.argv[2]))
const paths: Record<string, Record<string, Json>> = {}
for (const [id, route] of Object.entries(operations)) {
  const [method, path] = [
    route.slice(0, route.indexOf(" ")).toLowerCase(),
    route.slice(route.indexOf(" ") + 1)
  ]
  const operation = at(description, "paths", path, method)
  if (operation["operationId"] !== id)
    throw new Error(`${route} is ${String(operation["operationId"])}, not ${id}.`)
  paths[path] = { ...paths[path], [method]: slim(operation) }
}

const hooks = Object.fromEntries(
  webhooks.map((name) => [name, slim(at(description, "x-webhooks", name))] as const)
)

const components: Record<string, Record<string, Json>> = { schemas: {} }
const pending = [
  "#/components/schemas/basic-error",
  "#/components/schemas/validation-error",
  ...refsOf(paths),
  ...refsOf(hooks)
]
for (let ref = pending.pop(); ref !== undefined; ref = pending.pop()) {
  const [, , group = "", name = ""] = ref.split("/")
  const members = (components[group] ??= {})
  if (name in members) continue
  const component = slim(at(description, "components", group, name))
  members[name] = component
  pending.push(...refsOf(component))
}

const sorted = (value: Record<string, Json>) =>
  Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
const document = {
  openapi: "3.1.0",
  info: {
    title: "What AI-Implement uses of GitHub: operations of its REST API, and webhooks",
    version: pinned,
    license: { name: "MIT" }
  },
  paths: sorted(paths),
  webhooks: sorted(hooks),
  components: Object.fromEntries(
    Object.entries(components).map(([group, members]) => [group, sorted(members)])
  )
}
mkdirSync(new URL(".", target), { recursive: true })
writeFileSync(target, `${JSON.stringify(document, null, 1)}\n`)
process.stdout.write(
  `${Object.keys(operations).length} operations and ${webhooks.length} webhooks of ${pinned} written.\n`
)
