import * as Duration from "effect/Duration"
import type { Upstream } from "../../domain/Reason.ts"
import { UpstreamError, type UpstreamReason } from "../UpstreamError.ts"
import { refusedIn } from "./answers.ts"
import { hostOf, networkFault } from "./network.ts"
import { makePhrases } from "./phrases.ts"

export interface UpstreamCall {
  /** The method, as spans and errors name it. */
  readonly name: string
  /** The request, after "to"; holds no secret. */
  readonly to: string
  /** What a "not found" means, and what to do. */
  readonly absent?: string
  /** What is known without an answer. */
  readonly unanswered?: string
  /** Values that we sent, besides `to`, and that the upstream may repeat in its message; no secret. */
  readonly values?: ReadonlyArray<string>
  /** Secrets that were sent: never shown. */
  readonly given?: ReadonlyArray<string>
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly data: unknown
}

export type Classified = readonly [reason: UpstreamReason, message: string]

export interface Vendor {
  readonly upstream: Upstream
  readonly title: string
  readonly url: { readonly setting: string; readonly meaning: string }
  /** What an operator checks when the vendor's own message is not shown. */
  readonly check: string
  /** The vendor's messages that are shown: see `makePhrases`. */
  readonly phrases: ReadonlyArray<string>
  /** Field and type names of its API that may stand in them. */
  readonly names?: ReadonlyArray<string>
}

const mebibyte = 1024 * 1024

const unknown: UpstreamReason = { _tag: "Unavailable", delivery: "unknown" }
const notSent: UpstreamReason = { _tag: "Unavailable", delivery: "not_sent" }
export const malformed: UpstreamReason = { _tag: "Malformed" }
export const rejected = { _tag: "Rejected", undeclaredInputs: [] } as const satisfies UpstreamReason

const unanswered = (call: UpstreamCall) =>
  call.unanswered ?? "Nothing is concluded from that; asking again is safe."

export const mayBeDone = "Whether it was done is not known; asking again is safe."

/** The errors of one upstream, each as a reason for the code and sentences for the operator. */
export const makeErrors = ({ check, names = [], phrases, title, upstream, url }: Vendor) => {
  const known = makePhrases(phrases)

  const fail = ({ name }: Pick<UpstreamCall, "name">, [reason, message]: Classified) =>
    new UpstreamError({ upstream, operation: name, reason, message })

  const shown = ({ given, to, values = [] }: UpstreamCall, text: string) =>
    known(text, [...names, ...to.split(/[\s:,]+/), ...values], given)

  const hidden = (status: number, text: string) =>
    text === ""
      ? "it gave no reason"
      : `it answered ${status} with a message that is not shown, as it may repeat a value`

  return {
    upstream,
    fail,

    /** The vendor's message for use in a sentence. */
    stated: (call: UpstreamCall, status: number, text: string) => shown(call, text) ?? hidden(status, text),

    notConfigured: (
      name: string,
      missing: ReadonlyArray<string>,
      remedy = "Set what is missing and restart."
    ) =>
      fail({ name }, [
        { _tag: "NotConfigured", missing },
        `${title} is not called: ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} not set. ${remedy}`
      ]),

    heldBack: (call: UpstreamCall) =>
      fail(call, [
        notSent,
        `${title} was not asked to ${call.to}: its turn came too late. Nothing was sent; it is tried again.`
      ]),

    timedOut: (call: UpstreamCall, after: Duration.Duration) =>
      fail(call, [
        unknown,
        `${title} did not answer within ${Duration.toSeconds(after)} s when asked to ${call.to}. ${unanswered(call)}`
      ]),

    /** A request without an answer, or with one that was not read or has a wrong format. */
    broken: (call: UpstreamCall, address: string, cause: unknown) => {
      if (cause instanceof SyntaxError) return fail(call, notUnderstood(call))
      const refused = refusedIn(cause)
      if (refused !== undefined) {
        return fail(
          call,
          refused._tag === "AnswerTooLarge"
            ? tooLarge(call, refused.maxBytes)
            : elsewhere(call, refused.status)
        )
      }
      const { code, delivery } = networkFault(cause)
      return delivery === "not_sent"
        ? fail(call, [
            notSent,
            `${title} cannot be reached at ${hostOf(address)} (${code}) to ${call.to}. Nothing was sent; check ${url.setting} and the network.`
          ])
        : fail(call, [
            unknown,
            `The connection to ${title} broke (${code ?? "no reason given"}) when it was asked to ${call.to}. ${unanswered(call)}`
          ])
    },

    /** A successful answer whose body is empty (cut off) or not of the expected form. */
    unexpected: (call: UpstreamCall, data: unknown) =>
      fail(
        call,
        data === ""
          ? [unknown, `${title}'s answer to the request to ${call.to} was cut off. ${unanswered(call)}`]
          : notUnderstood(call)
      ),

    notUnderstood,

    elsewhere,

    rateLimited: ({ to }: UpstreamCall, retryAfter: number): Classified => [
      { _tag: "RateLimited", retryAfter },
      `${title}'s rate limit is used up; it did not ${to}. It opens again in ${retryAfter} s.`
    ],

    failed: (call: UpstreamCall, status: number): Classified => [
      unknown,
      `${title} failed (${status}) when asked to ${call.to}. ${unanswered(call)}`
    ],

    notFound: ({ absent, to }: UpstreamCall, otherwise: string): Classified => [
      { _tag: "NotFound" },
      `${title} refused to ${to}: ${absent ?? otherwise}.`
    ],

    /** `meaning` stands for the vendor's message where that is not known. */
    refused: (call: UpstreamCall, status: number, text: string, meaning?: string): Classified => {
      const reason = shown(call, text) ?? meaning
      return [
        rejected,
        `${title} refused to ${call.to}: ${reason ?? hidden(status, text)}. Nothing was changed.${reason === undefined ? ` ${check}` : ""}`
      ]
    }
  }

  function tooLarge(call: UpstreamCall, maxBytes: number): Classified {
    return [
      malformed,
      `${title}'s answer to the request to ${call.to} is larger than ${maxBytes / mebibyte} MiB and was not read. ${unanswered(call)} Check that ${url.setting} is ${url.meaning}.`
    ]
  }

  function elsewhere({ to }: UpstreamCall, status: number): Classified {
    return [
      malformed,
      `${title} sent the request to ${to} elsewhere (${status}); it was not followed. Check that ${url.setting} is ${url.meaning}.`
    ]
  }

  function notUnderstood({ to }: UpstreamCall): Classified {
    return [
      malformed,
      `${title}'s answer to the request to ${to} cannot be understood. Nothing is concluded from it; check that ${url.setting} is ${url.meaning}.`
    ]
  }
}

export type Errors = ReturnType<typeof makeErrors>
