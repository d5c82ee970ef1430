import {
  decodeText,
  ensuring,
  fail,
  fromReadableStream,
  map,
  mapError,
  pipeThroughChannel,
  provideContext,
  suspend,
  transformPull,
  unwrap
} from "effect/Stream"
import { decodeSchema } from "effect/encoding/Sse"
import { Sse, Stream } from "../lib/late.ts"

Object.assign(Stream, {
  decodeText,
  ensuring,
  fail,
  fromReadableStream,
  map,
  mapError,
  pipeThroughChannel,
  provideContext,
  suspend,
  transformPull,
  unwrap
})
Object.assign(Sse, { decodeSchema })
