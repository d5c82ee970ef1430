import { afterEach } from "vitest"
import { refused } from "./loopbackGuard.ts"

afterEach(() => {
  const hosts = refused.splice(0)
  if (hosts.length > 0) throw new Error(`The test tried to reach ${hosts.join(", ")}.`)
})
