/** Loaded before everything else: the next start takes up the modules as they were compiled. */
import { enableCompileCache } from "node:module"
import { fileURLToPath } from "node:url"

enableCompileCache(fileURLToPath(new URL("../../node_modules/.cache/compile", import.meta.url)))
