/** Loaded before everything else: the variables of `.env` where the process starts, silently without the file. */
import { existsSync } from "node:fs"
import process from "node:process"

if (existsSync(".env")) process.loadEnvFile(".env")
