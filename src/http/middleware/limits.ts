import * as ByteSize from "effect/ByteSize"
import * as Effect from "effect/Effect"
import * as HttpIncomingMessage from "effect/http/HttpIncomingMessage"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"

const maxBodyBytes = 1024 * 1024

/** Whether a request announces a body over the limit. */
export const announcesTooLarge = ({ headers }: HttpServerRequest.HttpServerRequest) =>
  Number(headers["content-length"] ?? 0) > maxBodyBytes

/** Ends the reading of a body at the limit. */
export const limitBody = Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.bytes(maxBodyBytes))

/** Whether the `Host` header is absent or well-formed. */
export const hasValidHost = ({ headers }: HttpServerRequest.HttpServerRequest) =>
  headers["host"] === undefined || URL.canParse(`http://${headers["host"]}/`)
