/** Serves the rows it is sent, serialised for each request: the most that a Node HTTP server can do. */
import { createServer } from "node:http"

process.once("message", (text: string) => {
  const rows: unknown = JSON.parse(text)
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(rows))
  })
  server.listen(0, "127.0.0.1", () => process.send?.(server.address()))
})
process.once("disconnect", () => process.exit())
