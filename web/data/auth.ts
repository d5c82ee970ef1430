import { AuthApi } from "../../src/api/AuthApi.ts"
import { calls } from "./client.ts"
import type { Failure } from "./Failure.ts"
import { session } from "./session.ts"

const call = calls(AuthApi)

export const signIn = async (code: string, name: string, signal?: AbortSignal) => {
  const actor = name.trim()
  const payload = actor === "" ? { code } : { code, name: actor }
  const { token, expiresAt } = await call((api) => api.signIn({ payload }), signal)
  session.begin({ token, expiresAt, name: actor === "" ? null : actor })
}

/** Ends the session here at once, and on the service when it can be reached. */
export const signOut = () => {
  const ended = call((api) => api.signOut()).catch((failure: Failure) => failure)
  session.end("left")
  return ended
}
