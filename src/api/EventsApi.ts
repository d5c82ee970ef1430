import * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import { Event } from "../domain/Event.ts"
import { Authorization } from "./Authorization.ts"
import { TooManyStreams } from "./Errors.ts"
import { rowId } from "./paging.ts"

const nothing = Schema.fromJsonString(Schema.Struct({}))

/**
 * `hello` comes first and names where the stream begins, `change` says what to re-read, `reset` that changes were
 * missed and everything has to be re-read, `ping` that the stream is alive.
 */
export const StreamEvent = Schema.Union([
  Schema.Struct({
    id: Schema.String,
    event: Schema.Literal("change"),
    data: Schema.fromJsonString(Schema.toCodecJson(Event))
  }),
  Schema.Struct({ id: Schema.String, event: Schema.Literals(["hello", "reset"]), data: nothing }),
  Schema.Struct({ event: Schema.Literal("ping"), data: nothing })
])
export type StreamEvent = typeof StreamEvent.Type

export class EventsApi extends HttpApiGroup.make("events")
  .add(
    HttpApiEndpoint.get("stream", "/events", {
      headers: { "last-event-id": Schema.optionalKey(rowId) },
      success: HttpApiSchema.StreamSse({ events: StreamEvent }),
      error: TooManyStreams
    }).annotate(
      OpenApi.Description,
      "Server-sent events: hello first, then each change, ping every 15 seconds. Last-Event-ID resumes the stream; reset means that changes were missed and everything has to be re-read. The stream ends when its token expires or is revoked."
    )
  )
  .middleware(Authorization)
  .annotate(OpenApi.Description, "What changes, as it happens.") {}
