import * as Schema from "effect/Schema"

const AnyOf = Schema.Record(Schema.String, Schema.Json)

const Content = Schema.optionalKey(
  Schema.Record(Schema.String, Schema.Struct({ schema: Schema.optionalKey(AnyOf) }))
)

const Operation = Schema.Struct({
  operationId: Schema.String,
  tags: Schema.optionalKey(Schema.Array(Schema.String)),
  summary: Schema.optionalKey(Schema.String),
  description: Schema.optionalKey(Schema.String),
  parameters: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({
        name: Schema.String,
        in: Schema.Literals(["path", "query", "header", "cookie"]),
        required: Schema.optionalKey(Schema.Boolean),
        description: Schema.optionalKey(Schema.String),
        schema: Schema.optionalKey(AnyOf)
      })
    )
  ),
  requestBody: Schema.optionalKey(
    Schema.Struct({ content: Content, required: Schema.optionalKey(Schema.Boolean) })
  ),
  responses: Schema.Record(
    Schema.String,
    Schema.Struct({ description: Schema.optionalKey(Schema.String), content: Content })
  )
})

export const OpenApi = Schema.Struct({
  info: Schema.Struct({
    title: Schema.String,
    version: Schema.String,
    description: Schema.optionalKey(Schema.String)
  }),
  paths: Schema.Record(Schema.String, Schema.Record(Schema.String, Operation)),
  components: Schema.optionalKey(
    Schema.Struct({ schemas: Schema.optionalKey(Schema.Record(Schema.String, AnyOf)) })
  )
})
export type OpenApi = typeof OpenApi.Type

export type JsonSchema = typeof AnyOf.Type
export type Parameter = NonNullable<(typeof Operation.Type)["parameters"]>[number]

/** What the service answered to a call that was written by hand. */
export interface RawAnswer {
  readonly status: number
  readonly text: string
  readonly millis: number
}

export interface ApiOperation {
  readonly id: string
  readonly group: string
  readonly method: string
  readonly path: string
  readonly text: string
  readonly parameters: ReadonlyArray<Parameter>
  readonly body: JsonSchema | null
  readonly answers: ReadonlyArray<{
    readonly status: string
    readonly text: string
    readonly type: string
    readonly schema: JsonSchema | null
  }>
}

const json = (content: (typeof Operation.Type)["responses"][string]["content"]) =>
  content?.["application/json"]?.schema ?? null

export const operationsOf = ({ paths }: OpenApi): ReadonlyArray<ApiOperation> =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      id: operation.operationId,
      group: operation.tags?.[0] ?? "",
      method: method.toUpperCase(),
      path,
      text: operation.summary ?? operation.description ?? "",
      parameters: operation.parameters ?? [],
      body: json(operation.requestBody?.content),
      answers: Object.entries(operation.responses).map(([status, { content, description }]) => ({
        status,
        text: description ?? "",
        type: Object.keys(content ?? {})[0] ?? "",
        schema: Object.values(content ?? {})[0]?.schema ?? null
      }))
    }))
  )
