import * as Effect from "effect/Effect"
import { gzipSync } from "node:zlib"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { Response } from "./messages.ts"

const bodyLimit = 2 * 1024 * 1024

export const readBody = (message: IncomingMessage) =>
  Effect.callback<string | undefined>((resume) => {
    const chunks: Array<Buffer> = []
    let size = 0
    message.on("data", (chunk: Buffer) => {
      size += chunk.length
      if (size <= bodyLimit) chunks.push(chunk)
    })
    message.on("end", () =>
      resume(Effect.succeed(size > bodyLimit ? undefined : Buffer.concat(chunks).toString("utf8")))
    )
  })

const asIs = (body: unknown): body is string | Uint8Array =>
  typeof body === "string" || body instanceof Uint8Array

const encode = (response: ServerResponse, value: Response) => {
  const body = value.body === undefined ? "" : asIs(value.body) ? value.body : JSON.stringify(value.body)
  response.statusCode = value.status
  if (value.body !== undefined && !asIs(value.body)) {
    response.setHeader("content-type", "application/json; charset=utf-8")
  }
  for (const [name, header] of Object.entries(value.headers ?? {})) response.setHeader(name, header)
  return body
}

export const end = (response: ServerResponse, value: Response) =>
  Effect.sync(() => {
    response.end(encode(response, value))
    return value.status
  })

export const truncate = (response: ServerResponse, value: Response) =>
  Effect.callback<never>(() => {
    const body = Buffer.from(encode(response, value))
    response.setHeader("content-length", Math.max(body.length, 2))
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy())
  })

const mebibyte = "0".repeat(1024 * 1024)

export const endless = (response: ServerResponse) =>
  Effect.callback<never>(() => {
    response.writeHead(200, { "content-type": "application/json; charset=utf-8" })
    const write = () => {
      while (response.write(mebibyte)) continue
    }
    response.on("drain", write)
    response.write('{"data":"')
    write()
  })

export const inflated = (mebibytes: number): Response => ({
  status: 200,
  headers: { "content-type": "application/json; charset=utf-8", "content-encoding": "gzip" },
  body: gzipSync(`{"data":"${mebibyte.repeat(mebibytes)}"}`, { level: 1 })
})

export const drop = (message: IncomingMessage) =>
  Effect.callback<never>(() => {
    message.socket.resetAndDestroy()
  })
