import * as Effect from "effect/Effect"
import { connect, createServer } from "node:net"

/** From now on, what comes to `from` on this machine goes to `to`. */
export const openGate = (from: string, to: string) =>
  Effect.acquireRelease(
    Effect.callback<() => void>((resume) => {
      const port = Number(new URL(to).port)
      const server = createServer((socket) => {
        const other = connect(port, "127.0.0.1")
        for (const [one, another] of [
          [socket, other],
          [other, socket]
        ] as const) {
          one.pipe(another)
          one.on("error", () => another.destroy())
          one.on("close", () => another.destroy())
        }
        close.add(() => void socket.destroy())
      })
      const close = new Set([() => void server.close()])
      server.listen(Number(new URL(from).port), "127.0.0.1", () =>
        resume(Effect.succeed(() => close.forEach((each) => each())))
      )
    }),
    (close) => Effect.sync(close)
  )
