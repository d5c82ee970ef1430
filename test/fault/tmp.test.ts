import { it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { readFileSync } from "node:fs"
import { externalScene } from "./external.ts"
import { start, elapsed } from "./support.ts"
const cpu = (pid: any) => { const f = readFileSync(`/proc/${pid}/stat`, "utf8").split(" "); return [Number(f[13]) * 10, Number(f[14]) * 10] }
it.live("x", () => Effect.gen(function* () {
  const scene = yield* externalScene
  yield* scene.agent
  for (const report of [false, true, false]) {
    const p0 = process.cpuUsage()
    const service = yield* start(scene.env, { report })
    const ms = yield* elapsed(scene.idle)
    const c1 = cpu(service.pid)
    const p1 = process.cpuUsage(p0)
    const id = yield* scene.label("x"); yield* scene.askForPass
    const ms2 = yield* elapsed(scene.settled(id))
    console.log(report, ms, "child", c1, "parent", p1, "dispatch", ms2, cpu(service.pid), process.cpuUsage(p0))
    yield* service.kill("SIGKILL"); yield* service.ended
  }
}))
