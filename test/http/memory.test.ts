import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as SqlClient from "effect/sql/SqlClient"
import { randomUUID } from "node:crypto"
import { subscribe, unsubscribe } from "node:diagnostics_channel"
import type { IncomingMessage } from "node:http"
import { connect, type Socket } from "node:net"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { eventually } from "../support/eventually.ts"
import { client, send, server } from "../support/httpServer.ts"

const mebibyte = 1024 * 1024

setFlagsFromString("--expose-gc")
const collect: () => void = runInNewContext("gc")

/** What is held in memory, in MiB, after all that can be let go was. */
const held = Effect.promise(async () => {
  for (let n = 0; n < 3; n++) {
    collect()
    await new Promise((resolve) => setImmediate(resolve))
  }
  const { external, heapUsed } = process.memoryUsage()
  return (heapUsed + external) / mebibyte
})

const rows = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const tables = yield* sql`select table_name from information_schema.tables where table_schema = 'public'`
  const counted = yield* Effect.forEach(tables, ({ tableName }) =>
    Effect.map(sql`select count(*)::int as n from ${sql(String(tableName))}`, ([row]) => [
      tableName,
      row?.["n"]
    ])
  )
  return Object.fromEntries(counted)
})

/** Nearly a mebibyte each, and each refused for a reason of its own. */
const refused = (authorization: string) => {
  const text = (nth: number) => `${nth} `.repeat(300_000)
  const large = (nth: number) => JSON.stringify({ teamKey: "ENG", owner: text(nth) })
  const json = { "content-type": "application/json" }
  const signed = { ...json, authorization }
  return [
    { path: "/api/mappings", headers: signed, body: large, status: 400 },
    { path: "/api/pause", headers: signed, body: (nth: number) => `{"paused":${text(nth)}`, status: 400 },
    { path: "/api/mappings", headers: json, body: large, status: 401 },
    {
      path: "/api/auth",
      headers: json,
      body: (nth: number) => JSON.stringify({ code: text(nth) }),
      status: 400
    },
    { path: "/webhooks/linear", headers: { "linear-delivery": randomUUID() }, body: large, status: 401 },
    { path: "/runner/report", headers: signed, body: large, status: 400 },
    { path: "/nowhere", headers: json, body: large, status: 404 },
    { path: "/api/poll", headers: signed, body: (nth: number) => text(nth).repeat(4), status: 413 }
  ]
}

/** What the server has read of each connection with a body that does not end. */
const takenOf = Effect.acquireRelease(
  Effect.sync(() => {
    const sockets = new Set<Socket>()
    const note = (message: unknown) => {
      const { request } = message as { readonly request: IncomingMessage }
      if (request.headers["transfer-encoding"] === "chunked") sockets.add(request.socket)
    }
    subscribe("http.server.request.start", note)
    return { note, taken: () => [...sockets].map(({ bytesRead }) => bytesRead) }
  }),
  ({ note }) => Effect.sync(() => unsubscribe("http.server.request.start", note))
)

/** Sends a body that does not end, as fast as it is taken; gives the response when the connection ends. */
const endless = Effect.fnUntraced(function* (path: string, authorization: string) {
  const { address } = yield* HttpServer.HttpServer
  return yield* Effect.callback<string>((resume) => {
    const socket = connect("port" in address ? address.port : 0, "127.0.0.1")
    const piece = `10000\r\n${" ".repeat(0x10000)}\r\n`
    let response = ""
    const pump = () => {
      while (socket.writable && socket.bytesWritten < 128 * mebibyte && socket.write(piece));
    }
    socket.on("drain", pump)
    socket.on("data", (chunk) => (response += chunk.toString("latin1")))
    socket.on("error", () => {})
    socket.on("close", () => resume(Effect.succeed(response)))
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nauthorization: ${authorization}\r\ntransfer-encoding: chunked\r\n\r\n`
    )
    pump()
    return Effect.sync(() => socket.destroy())
  })
})

layer(server({ LINEAR_WEBHOOK_SECRET: "of-linear" }), { excludeTestServices: true })("memory", (it) => {
  it.effect(
    "keeps nothing of large requests that are refused, and the database no row",
    () =>
      Effect.gen(function* () {
        const { headers } = yield* client
        const flood = (times: number) =>
          Effect.forEach(
            Array.from({ length: times }, (_, nth) =>
              refused(headers.authorization).map((each) => ({ ...each, nth }))
            ).flat(),
            Effect.fnUntraced(function* ({ body, headers, nth, path, status }) {
              const answer = yield* send(path, { method: "POST", headers, body: body(nth) })
              assert.strictEqual(answer.status, status, `${path}: ${answer.body}`)
            }),
            { concurrency: 8, discard: true }
          )
        yield* flood(3)
        const before = { held: yield* held, rows: yield* rows }
        yield* flood(40)
        yield* eventually("what was taken is let go", held, (now) => now - before.held < 15)
        assert.deepStrictEqual(yield* rows, before.rows)
      }),
    60_000
  )

  it.effect("takes no more of a body without an end than a mebibyte and what is on its way", () =>
    Effect.gen(function* () {
      const { headers } = yield* client
      const { taken } = yield* takenOf
      const paths = ["/api/mappings", "/webhooks/linear", "/nowhere", "/health", "/api/poll"]
      const ends = yield* Effect.forEach(
        paths.flatMap((path) => [path, path, path, path]),
        (path) => endless(path, headers.authorization),
        { concurrency: "unbounded" }
      )
      for (const response of ends) assert.match(response, /^HTTP\/1\.1 (?:202|404|405|413) /)
      assert.lengthOf(taken(), ends.length)
      for (const bytes of taken()) assert.isBelow(bytes / mebibyte, 24)
    })
  )
})
