import * as Schema from "effect/Schema"
import { OpenApi } from "../lib/openapi.ts"
import { refusalOf, send } from "./raw.ts"

const decode = Schema.decodeUnknownPromise(Schema.fromJsonString(OpenApi))

export const getOpenApi = async (signal?: AbortSignal): Promise<OpenApi> => {
  const answer = await send("GET", "/api/openapi.json", undefined, signal)
  if (answer.status !== 200) throw refusalOf(answer)
  return decode(answer.text)
}
