import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { strToU8, zipSync } from "fflate"
import type { Request, Response } from "../Upstream.ts"
import { type Run, shaOf, type State } from "./State.ts"

const route = /^\/_artifacts\/(\d+)\/(\w+)$/

/** The path of an artifact's contents, valid for a minute; anyone with the address may read it. */
export const downloadPath = (id: number) => `/_artifacts/${id}/${shaOf(`artifact ${id}`)}`

export const makeArtifacts = (state: State) => {
  const upload = Effect.fnUntraced(function* (
    run: Run,
    name: string,
    files: Readonly<Record<string, string>>
  ) {
    const zip = zipSync(
      Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)]))
    )
    const createdAt = yield* Clock.currentTimeMillis
    const artifact = { id: state.nextId++, run, name, zip, createdAt, expired: false }
    state.artifacts.push(artifact)
    return artifact
  })

  const answer = (request: Request, violate: (message: string) => void): Response => {
    if (request.headers["authorization"] !== undefined) {
      violate("A download carries an authorization header.")
      return { status: 400, body: "" }
    }
    const [path, id] = route.exec(request.url.pathname) ?? []
    const artifact = state.artifacts.find((one) => one.id === Number(id) && downloadPath(one.id) === path)
    if (request.method !== "GET" || artifact === undefined) return { status: 404, body: "" }
    return { status: 200, headers: { "content-type": "application/zip" }, body: artifact.zip }
  }

  return { upload, answer }
}

export type Artifacts = ReturnType<typeof makeArtifacts>
