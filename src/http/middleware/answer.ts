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

interface Refusal {
  readonly error: string
  readonly retryAfter?: number
}

/** Refuses a domain error by a table that holds every tag it can have; when to try again is told in a header too. */
export const byTag =
  <Table extends Readonly<Record<keyof Table, (error: never) => Refusal>>>(table: Table) =>
  <Tag extends keyof Table & string>(error: { readonly _tag: Tag }) => {
    const refusal = table[error._tag](error as never) as ReturnType<Table[Tag]>
    const { retryAfter } = refusal
    return retryAfter === undefined
      ? Effect.fail(refusal)
      : Effect.andThen(answerWith({ "retry-after": String(retryAfter) }), Effect.fail(refusal))
  }
