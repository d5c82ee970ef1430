import {
  executeRootSelectionSet,
  getNamedType,
  GraphQLError,
  Kind,
  OperationTypeNode,
  parse,
  validate,
  validateExecutionArgs,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLFieldResolver,
  type ValidatedExecutionArgs
} from "graphql"
import { connect } from "./connection.ts"
import { Unmodelled } from "./errors.ts"
import { linearSchema } from "./schema.ts"

export interface Operation {
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined
  readonly operationName?: string | null | undefined
}

export interface Refused {
  readonly code: "GRAPHQL_PARSE_FAILED" | "GRAPHQL_VALIDATION_FAILED" | "BAD_USER_INPUT"
  readonly errors: ReadonlyArray<GraphQLError>
}

type Parsed = DocumentNode | Refused

const parsed = new Map<string, Parsed>()
const maxDocuments = 500

const parseDocument = (query: string): Parsed => {
  try {
    const document = parse(query)
    const errors = validate(linearSchema(), document)
    return errors.length === 0 ? document : { code: "GRAPHQL_VALIDATION_FAILED", errors }
  } catch (cause) {
    if (!(cause instanceof GraphQLError)) throw cause
    return { code: "GRAPHQL_PARSE_FAILED", errors: [cause] }
  }
}

const documentOf = (query: string): Parsed => {
  const known = parsed.get(query)
  if (known !== undefined) return known
  if (parsed.size >= maxDocuments) parsed.clear()
  const document = parseDocument(query)
  parsed.set(query, document)
  return document
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

interface Context {
  readonly now: number
}

const resolve: GraphQLFieldResolver<unknown, Context> = (source, args, { now }, info) => {
  if (!isRecord(source) || !(info.fieldName in source)) {
    throw new Unmodelled(`${info.parentType.name}.${info.fieldName}`)
  }
  const property = source[info.fieldName]
  const value: unknown = typeof property === "function" ? property(args) : property
  return Array.isArray(value) && getNamedType(info.returnType).name.endsWith("Connection")
    ? connect(value, args, now)
    : value
}

/** The kind, the name and the root fields of a document: its name in the call log and in faults. */
export const describe = (query: string): string | null => {
  const document = documentOf(query)
  if ("errors" in document) return null
  return document.definitions
    .flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION
        ? [
            definition.operation,
            definition.name?.value,
            ...definition.selectionSet.selections.flatMap((selection) =>
              selection.kind === Kind.FIELD ? [selection.name.value] : []
            )
          ]
        : []
    )
    .filter((part) => part !== undefined)
    .join(" ")
}

export const prepare = (operation: Operation, context: Context): ValidatedExecutionArgs | Refused => {
  const document = documentOf(operation.query)
  if ("errors" in document) return document
  const args = validateExecutionArgs({
    schema: linearSchema(),
    document,
    contextValue: context,
    variableValues: operation.variables,
    operationName: operation.operationName,
    fieldResolver: resolve
  })
  return "schema" in args ? args : { code: "BAD_USER_INPUT", errors: args }
}

export type Root = Readonly<Record<string, unknown>>

export const run = (
  args: ValidatedExecutionArgs,
  roots: { readonly query: () => Root; readonly mutation: () => Root }
): ExecutionResult => {
  const isMutation = args.operation.operation === OperationTypeNode.MUTATION
  const result = executeRootSelectionSet({
    ...args,
    rootValue: isMutation ? roots.mutation() : roots.query()
  })
  if (result instanceof Promise) throw new Error("The local Linear answers at once.")
  return result
}
