import { tmpdir } from "node:os"
import { join } from "node:path"

/** For the environment of processes: each module is compiled once for all of them. */
export const compileCache = { NODE_COMPILE_CACHE: join(tmpdir(), "ai-implement-test-compiled") }
