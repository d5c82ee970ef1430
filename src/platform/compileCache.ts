/** Loaded before everything else: the next start reuses the compiled modules. */
import { enableCompileCache } from "node:module"
import { fileURLToPath } from "node:url"

enableCompileCache(fileURLToPath(new URL("../../node_modules/.cache/compile", import.meta.url)))
