/** Takes the place of Effect's streams in the client of the build, until `data/streams.ts` provides them. */
export const Stream = {
  isStream: (value: unknown) => typeof value === "object" && value !== null && "~effect/Stream" in value
}
export const Sse = {}
export const Ndjson = {}
export const Cookies = {}
export const Base64 = {}
