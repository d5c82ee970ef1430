import * as ByteSize from "effect/ByteSize"
import * as Effect from "effect/Effect"
import * as HttpIncomingMessage from "effect/http/HttpIncomingMessage"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"

const maxBodyBytes = 1024 * 1024

export const announcesTooLarge = ({ headers }: HttpServerRequest.HttpServerRequest) =>
  Number(headers["content-length"] ?? 0) > maxBodyBytes

export const limitBody = Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.bytes(maxBodyBytes))

export const hasValidHost = ({ headers }: HttpServerRequest.HttpServerRequest) =>
  headers["host"] === undefined || URL.canParse(`http://${headers["host"]}/`)
