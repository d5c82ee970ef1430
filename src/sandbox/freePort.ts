import * as Effect from "effect/Effect"
import { createServer } from "node:net"

/** A port of this machine that was free just now. */
export const freePort = Effect.callback<number>((resume) => {
  const server = createServer()
  server.once("error", (cause) => resume(Effect.die(cause)))
  server.listen(0, "127.0.0.1", () => {
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    server.close(() => resume(Effect.succeed(port)))
  })
})
