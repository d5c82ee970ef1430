// Rebuilds the operations of src/Fly/operations.ts as OpenAPI from the types of @distilled.cloud/fly-io:
//   npx node scripts/fly-contract.ts [folder of an unpacked @distilled.cloud/fly-io]
// Without a folder the pinned package is fetched with `npm pack` into a temporary one.
// The package tells neither the status of a success (2XX here) nor integers from numbers.
import { mkdirSync, writeFileSync } from "node:fs"
import ts from "typescript5"
import { operations } from "../src/upstreams/fly/operations.ts"
import { fileOf } from "./pinned.ts"

const pinned = "@distilled.cloud/fly-io@1.0.0-rc.12"
const source = "src/services/machines.ts"
const target = new URL("../src/sandbox/fly/generated/openapi.json", import.meta.url)

interface Node {
  readonly [key: string]: unknown
}

const nameOf = (node: ts.Node | undefined) =>
  node !== undefined && (ts.isIdentifier(node) || ts.isStringLiteral(node)) ? node.text : ""

const file = ts.createSourceFile(
  source,
  await fileOf(pinned, source, process.argv[2]),
  ts.ScriptTarget.Latest,
  true
)
const interfaces = new Map<string, ts.InterfaceDeclaration>()
const aliases = new Map<string, ts.TypeNode>()
const constants = new Map<string, ts.Expression>()
for (const statement of file.statements) {
  if (ts.isInterfaceDeclaration(statement)) interfaces.set(statement.name.text, statement)
  else if (ts.isTypeAliasDeclaration(statement)) aliases.set(statement.name.text, statement.type)
  else if (ts.isVariableStatement(statement)) {
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (initializer !== undefined) constants.set(nameOf(name), initializer)
    }
  }
}

/** The first argument of the first call of `callee` inside. */
const argumentOf = (node: ts.Node, callee: string): ts.Expression | undefined =>
  ts.isCallExpression(node) && node.expression.getText() === callee
    ? node.arguments[0]
    : ts.forEachChild(node, (child) => argumentOf(child, callee))

const membersOf = (node: ts.Node | undefined) =>
  new Map(
    node !== undefined && ts.isObjectLiteralExpression(node)
      ? node.properties
          .filter(ts.isPropertyAssignment)
          .map(({ name, initializer }) => [nameOf(name), initializer] as const)
      : []
  )

const isOpen = (node: ts.TypeNode): boolean =>
  ts.isParenthesizedTypeNode(node) ? isOpen(node.type) : ts.isIntersectionTypeNode(node)

const literalOf = (node: ts.TypeNode) => {
  if (!ts.isLiteralTypeNode(node)) return undefined
  if (ts.isStringLiteral(node.literal)) return node.literal.text
  return ts.isNumericLiteral(node.literal) ? Number(node.literal.text) : undefined
}

const unionOf = (node: ts.UnionTypeNode): Node => {
  const types = node.types.filter((type) => type.kind !== ts.SyntaxKind.UndefinedKeyword && !isOpen(type))
  const [first, ...others] = types
  if (first !== undefined && others.length === 0) return schemaOf(first)
  const literals = types.map(literalOf)
  const type = typeof literals[0]
  if (type === "undefined" || literals.some((literal) => typeof literal !== type)) {
    throw new Error(`Not a type of the API: ${node.getText()}`)
  }
  return { type, enum: literals }
}

const reached = new Set<string>()

const schemaOf = (node: ts.TypeNode): Node => {
  switch (node.kind) {
    case ts.SyntaxKind.StringKeyword:
      return { type: "string" }
    case ts.SyntaxKind.NumberKeyword:
      return { type: "number" }
    case ts.SyntaxKind.BooleanKeyword:
      return { type: "boolean" }
    case ts.SyntaxKind.UnknownKeyword:
      return {}
  }
  if (ts.isUnionTypeNode(node)) return unionOf(node)
  if (ts.isLiteralTypeNode(node)) return { type: typeof literalOf(node), enum: [literalOf(node)] }
  if (ts.isTypeLiteralNode(node)) {
    const [values] = node.members.filter(ts.isIndexSignatureDeclaration)
    if (values !== undefined) return { type: "object", additionalProperties: schemaOf(values.type) }
  }
  if (ts.isTypeReferenceNode(node)) {
    const name = nameOf(node.typeName)
    const [item] = node.typeArguments ?? []
    const alias = aliases.get(name)
    if (name === "Array" && item !== undefined) return { type: "array", items: schemaOf(item) }
    if (alias !== undefined) return schemaOf(alias)
    if (interfaces.has(name)) {
      reached.add(name)
      return { $ref: `#/components/schemas/${name}` }
    }
  }
  throw new Error(`Not a type of the API: ${node.getText()}`)
}

const objectOf = (members: ReadonlyArray<ts.PropertySignature>): Node => {
  const required = members.filter(({ questionToken }) => questionToken === undefined)
  return {
    type: "object",
    properties: Object.fromEntries(
      members.flatMap(({ name, type }) => (type === undefined ? [] : [[nameOf(name), schemaOf(type)]]))
    ),
    ...(required.length > 0 && { required: required.map(({ name }) => nameOf(name)) })
  }
}

const propertiesOf = (name: string) => {
  const declared = interfaces.get(name)
  if (declared === undefined) throw new Error(`${pinned} declares no interface ${name}.`)
  return declared.members.filter(ts.isPropertySignature)
}

const routeOf = (expression: ts.Expression) => {
  const http = membersOf(argumentOf(expression, "T.Http"))
  return `${nameOf(http.get("method"))} ${nameOf(http.get("uri")).replace(/^\/v1/, "")}`
}

const outputOf = (input: string) => {
  for (const expression of constants.values()) {
    const made = argumentOf(expression, "API.make")
    if (made === undefined || !ts.isArrowFunction(made) || !ts.isParenthesizedExpression(made.body)) continue
    const members = membersOf(made.body.expression)
    if (nameOf(members.get("input")) === input) return nameOf(members.get("output"))
  }
  throw new Error(`${pinned} has no operation with ${input}.`)
}

/** Where the package puts a field of a request: path and query by annotation, all else in the body. */
const placeOf = (name: string, schema: ts.Expression | undefined) => {
  if (schema === undefined) throw new Error(`${name} is not in its schema.`)
  if (/\bT\.Label\(/.test(schema.getText())) return { in: "path", name } as const
  if (!/\bT\.Query\(/.test(schema.getText())) return { in: "body", name } as const
  return { in: "query", name: nameOf(argumentOf(schema, "T.Query")) || name } as const
}

const json = (schema: Node) => ({ content: { "application/json": { schema } } })

const operationOf = (operationId: string, route: string): Node => {
  const [input, expression] = [...constants].find(([, each]) => routeOf(each) === route) ?? []
  if (input === undefined || expression === undefined) throw new Error(`${pinned} has no ${route}.`)
  const fields = membersOf(argumentOf(expression, "S.Struct"))
  const placed = propertiesOf(input).map((property) => {
    const name = nameOf(property.name)
    return { property, place: placeOf(name, fields.get(name)) }
  })
  const body = placed.filter(({ place }) => place.in === "body").map(({ property }) => property)
  const output = ts.factory.createTypeReferenceNode(outputOf(input))
  return {
    operationId,
    parameters: placed
      .filter(({ place }) => place.in !== "body")
      .map(({ place, property: { questionToken, type } }) => ({
        ...place,
        required: questionToken === undefined,
        schema: type === undefined ? {} : schemaOf(type)
      })),
    ...(body.length > 0 && { requestBody: json(objectOf(body)) }),
    responses: { "2XX": json(schemaOf(output)) }
  }
}

const sorted = (value: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))

const paths: Record<string, Record<string, unknown>> = {}
for (const [id, route] of Object.entries(operations)) {
  const [method = "", path = ""] = route.split(" ")
  paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(id, route) }
}
const schemas: Record<string, Node> = {}
// A set takes in what is added while it is walked.
for (const name of reached) schemas[name] = objectOf(propertiesOf(name))

const document = {
  openapi: "3.1.0",
  info: {
    title: "The operations of Fly's Machines API that AI-Implement calls",
    version: pinned,
    license: { name: "Apache-2.0" }
  },
  paths: sorted(paths),
  components: { schemas: sorted(schemas) }
}
mkdirSync(new URL(".", target), { recursive: true })
writeFileSync(target, `${JSON.stringify(document, null, 1)}\n`)
process.stdout.write(`${Object.keys(operations).length} operations of ${pinned} written.\n`)
