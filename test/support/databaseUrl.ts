import * as Redacted from "effect/Redacted"
import { dirname } from "node:path"
import { connection } from "./TestDb.ts"

/** The DATABASE_URL of a database of the run's server; `password` goes where the server needs none. */
export const databaseUrl = (database: string, password?: string) => {
  const { host, password: needed, path, port, username } = connection()
  const url = new URL(`postgres://${host ?? "localhost"}:${port ?? 5432}/${database}`)
  url.searchParams.set("user", username)
  if (path !== undefined) url.searchParams.set("host", dirname(path))
  const given = needed === undefined ? password : Redacted.value(needed)
  if (given !== undefined) url.searchParams.set("password", given)
  return url
}
