import * as Effect from "effect/Effect"
import { connect, createServer, type Socket } from "node:net"

/** A way to the service that can be cut and mended. */
export const proxyTo = Effect.fn("proxyTo")(function* (address: string) {
  const to = new URL(address)
  const sockets = new Set<Socket>()
  let open = true
  const server = createServer((client) => {
    if (!open) return void client.destroy()
    const service = connect(Number(to.port), to.hostname)
    for (const socket of [client, service]) {
      sockets.add(socket)
      socket.on("error", () => socket.destroy())
      socket.on("close", () => sockets.delete(socket))
    }
    client.on("close", () => service.destroy())
    service.on("close", () => client.destroy())
    client.pipe(service)
    service.pipe(client)
  })
  const cut = () => {
    open = false
    for (const socket of sockets) socket.destroy()
  }
  yield* Effect.acquireRelease(
    Effect.callback<void>((resume) => {
      server.listen(0, "127.0.0.1", () => resume(Effect.void))
    }),
    () =>
      Effect.callback<void>((resume) => {
        cut()
        server.close(() => resume(Effect.void))
      })
  )
  const at = server.address()
  const port = typeof at === "object" && at !== null ? at.port : 0
  return {
    address: `http://127.0.0.1:${port}`,
    cut,
    mend: () => {
      open = true
    }
  }
})
