import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { JsonTimestamp, PlainText, webUrl } from "../../domain/Text.ts"

const maxUrlLength = 4000

export const UpstreamText = PlainText

export const UpstreamUrl = webUrl(maxUrlLength)

const maxInteger = 2 ** 31 - 1

export const UpstreamInt = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: maxInteger }))

const lastMillisecond = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

export const isTimely = ({ epochMilliseconds }: DateTime.Utc) =>
  epochMilliseconds >= 0 && epochMilliseconds <= lastMillisecond

export const UpstreamTime = JsonTimestamp.check(
  Schema.makeFilter<DateTime.Utc>(isTimely, { message: "must be a time of the years 1970 to 9999" })
)

/** The time in a text that may hold anything; null for none. */
export const timeIn = (text: string | null | undefined) =>
  DateTime.make(text ?? "").pipe(Option.map(DateTime.toUtc), Option.filter(isTimely), Option.getOrNull)
