import { parentPort } from "node:worker_threads"
import { simulate } from "./simulate.ts"

const answer = async (seed: number) => {
  const simulated = await simulate(seed)
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  parentPort?.postMessage(simulated)
}

parentPort?.on("message", (seed: number) => void answer(seed))
