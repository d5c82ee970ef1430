import * as Effect from "effect/Effect"
import * as HttpEffect from "effect/http/HttpEffect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"

/** Adds headers to the answer of this request. */
export const answerWith = (headers: Readonly<Record<string, string>>) =>
  HttpEffect.appendPreResponseHandler((_, response) =>
    Effect.succeed(HttpServerResponse.setHeaders(response, headers))
  )

/** Changes the status of this request's answer. */
export const answerAs = (status: number) =>
  HttpEffect.appendPreResponseHandler((_, response) =>
    Effect.succeed(HttpServerResponse.setStatus(response, status))
  )

/** Turns a domain error into the API's by a table that holds every tag it can have. */
export const byTag =
  <Table extends Record<string, (error: never) => unknown>>(table: Table) =>
  <Tag extends keyof Table & string>(error: { readonly _tag: Tag }) =>
    table[error._tag](error as never) as ReturnType<Table[Tag]>
