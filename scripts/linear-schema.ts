import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import ts from "typescript5"

/**
 * Linear's GraphQL schema, read back from the type declarations of the installed @linear/sdk.
 * Descriptions, deprecations and the defaults of arguments are not in the result.
 */
export const linearSchema = (): string => {
  const root = fileURLToPath(new URL("../node_modules/@linear/sdk/", import.meta.url))
  const version: string = JSON.parse(readFileSync(`${root}package.json`, "utf8")).version
  const sources = readdirSync(`${root}dist`)
    .filter((name) => name.endsWith(".d.mts"))
    .map((name) => readFileSync(`${root}dist/${name}`, "utf8"))
  const generated = sources.find((text) => text.includes("type Scalars = {"))
  if (generated === undefined) throw new Error(`@linear/sdk ${version} declares no type Scalars.`)
  return `# From the type declarations of @linear/sdk ${version} (MIT); made by scripts/linear-schema.ts\n\n${render(generated)}`
}

const builtIn = new Set(["ID", "String", "Boolean", "Int", "Float"])

interface Alias {
  readonly fields: ReadonlyArray<ts.PropertySignature>
  readonly parents: ReadonlyArray<string>
  readonly isObject: boolean
}

const nameOf = (node: ts.Node | undefined): string =>
  node !== undefined && (ts.isIdentifier(node) || ts.isStringLiteral(node)) ? node.text : ""

/** The declarations write acronyms as words: IDComparator became IdComparator. */
const original = (name: string): string => name.replace(/IdComparator$/, "IDComparator")

const referenceName = (node: ts.TypeNode): string =>
  ts.isTypeReferenceNode(node) ? original(nameOf(node.typeName)) : ""

const typename = (field: ts.PropertySignature): boolean => nameOf(field.name) === "__typename"

const toAlias = (node: ts.TypeNode): Alias | undefined => {
  const parts = ts.isIntersectionTypeNode(node) ? [...node.types] : [node]
  const literal = parts.pop()
  if (literal === undefined || !ts.isTypeLiteralNode(literal)) return undefined
  const fields = literal.members.filter(ts.isPropertySignature)
  const ownTypename = fields.find(typename)
  if (ownTypename !== undefined && ownTypename.questionToken === undefined) return undefined
  return {
    fields: fields.filter((field) => !typename(field)),
    parents: parts.map(referenceName),
    isObject: ownTypename !== undefined
  }
}

const typeOf = (node: ts.TypeNode | undefined): string => {
  if (node === undefined) throw new Error("A field has no type.")
  if (ts.isIndexedAccessTypeNode(node) && ts.isLiteralTypeNode(node.indexType)) {
    return `${nameOf(node.indexType.literal)}!`
  }
  const name = referenceName(node)
  const argument = ts.isTypeReferenceNode(node) ? node.typeArguments?.[0] : undefined
  if (name === "Maybe" || name === "InputMaybe") return typeOf(argument).replace(/!$/, "")
  if (name === "Array") return `[${typeOf(argument)}]!`
  if (name === "") throw new Error(`Not a GraphQL type: ${ts.SyntaxKind[node.kind]}`)
  return `${name}!`
}

const field = (node: ts.PropertySignature, args: ReadonlyArray<ts.PropertySignature> = []): string => {
  const type = typeOf(node.type)
  const list = args.length === 0 ? "" : `(${args.map((arg) => field(arg)).join(", ")})`
  return `${nameOf(node.name)}${list}: ${node.questionToken === undefined ? type : type.replace(/!$/, "")}`
}

const block = (head: string, lines: ReadonlyArray<string>): string =>
  `${head} {\n${lines.map((line) => `  ${line}\n`).join("")}}\n`

const render = (text: string): string => {
  const source = ts.createSourceFile("linear.d.mts", text, ts.ScriptTarget.Latest)
  const aliases = new Map<string, Alias>()
  const unions = new Map<string, ReadonlyArray<string>>()
  const enums = new Map<string, ReadonlyArray<string>>()
  for (const statement of source.statements) {
    if (ts.isEnumDeclaration(statement)) {
      enums.set(
        statement.name.text,
        statement.members.map((member) => nameOf(member.initializer))
      )
    } else if (ts.isTypeAliasDeclaration(statement) && statement.typeParameters === undefined) {
      const alias = toAlias(statement.type)
      if (alias !== undefined) aliases.set(original(statement.name.text), alias)
      else if (ts.isUnionTypeNode(statement.type)) {
        const members = statement.type.types.map(referenceName)
        if (members.every((member) => member !== "")) unions.set(statement.name.text, members)
      }
    }
  }

  const scalars = aliases.get("Scalars")?.fields.map(({ name }) => nameOf(name)) ?? []
  const argumentsOf = argumentsIn(aliases)
  const reachable = reach(aliases, unions, argumentsOf)
  const interfaces = new Set([...reachable].flatMap((name) => aliases.get(name)?.parents ?? []))
  const definition = (name: string): string | undefined => {
    const members = unions.get(name)
    if (members !== undefined) return `union ${name} = ${members.join(" | ")}\n`
    const values = enums.get(name)
    if (values !== undefined) return block(`enum ${name}`, values)
    const alias = aliases.get(name)
    if (alias === undefined) return undefined
    if (!alias.isObject && !interfaces.has(name)) {
      return block(
        `input ${name}`,
        alias.fields.map((node) => field(node))
      )
    }
    const implemented = alias.parents.length === 0 ? "" : ` implements ${alias.parents.join(" & ")}`
    return block(
      `${interfaces.has(name) ? "interface" : "type"} ${name}${implemented}`,
      alias.fields.map((node) => field(node, argumentsOf(name, nameOf(node.name))))
    )
  }
  const custom = scalars.filter((name) => !builtIn.has(name))
  return [
    ...custom.map((name) => `scalar ${name}\n`),
    ...[...reachable].sort().flatMap((name) => definition(name) ?? [])
  ].join("\n")
}

type Arguments = (type: string, field: string) => ReadonlyArray<ts.PropertySignature>

const argumentsIn = (aliases: ReadonlyMap<string, Alias>): Arguments => {
  const declared = new Map(
    [...aliases].flatMap(([name, { fields, isObject }]) =>
      isObject || !name.endsWith("Args") ? [] : [[name.toLowerCase(), fields] as const]
    )
  )
  return (type, field) => declared.get(`${type}${field}args`.toLowerCase()) ?? []
}

/** Everything that Query and Mutation lead to: what is left are shapes of webhooks and of single documents. */
const reach = (
  aliases: ReadonlyMap<string, Alias>,
  unions: ReadonlyMap<string, ReadonlyArray<string>>,
  argumentsOf: Arguments
): ReadonlySet<string> => {
  const implementers = Map.groupBy(
    [...aliases].flatMap(([name, { parents }]) => parents.map((parent) => [parent, name] as const)),
    ([parent]) => parent
  )
  const seen = new Set<string>()
  const pending = ["Query", "Mutation"]
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (seen.has(name)) continue
    seen.add(name)
    pending.push(...(unions.get(name) ?? []), ...(implementers.get(name) ?? []).map(([, child]) => child))
    const alias = aliases.get(name)
    if (alias === undefined) continue
    pending.push(...alias.parents)
    for (const node of alias.fields) {
      pending.push(named(node))
      pending.push(...argumentsOf(name, nameOf(node.name)).map(named))
    }
  }
  return seen
}

const named = (node: ts.PropertySignature): string => typeOf(node.type).replace(/[[\]!]/g, "")

if (import.meta.main) {
  writeFileSync(new URL("../src/sandbox/linear/generated/schema.graphql", import.meta.url), linearSchema())
}
