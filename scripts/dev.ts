/** The sandbox, restarted when the service's code changes, and the admin, rebuilt when its code does. */
import { spawn } from "node:child_process"

const run = (name: string, args: ReadonlyArray<string>) => {
  const child = spawn(process.execPath, args, { stdio: "inherit" })
  child.once("exit", (code) => {
    process.stdout.write(`${name} ended with ${code ?? "a signal"}\n`)
    stop()
  })
  return child
}

const children = [
  run("The admin's build", ["node_modules/vite/bin/vite.js", "build", "web", "--watch"]),
  run("The sandbox", ["--watch", "src/sandbox/main.ts"])
]

const stop = () => {
  for (const child of children) child.kill("SIGTERM")
}
process.once("SIGINT", stop)
process.once("SIGTERM", stop)
