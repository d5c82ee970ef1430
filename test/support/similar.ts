import * as fc from "fast-check"

/** Values that are of a wrong form nearly everywhere. */
const wrong = fc.constantFrom<unknown>(
  null,
  true,
  -1,
  0.5,
  1e308,
  2 ** 53,
  "",
  "\0",
  "\ud800",
  "1e999",
  "x".repeat(70_000),
  [],
  {},
  [[]],
  { __proto__: null }
)

const numbers = [-1, 0.5, 2 ** 31, 2 ** 53, 1e308]
const times = [
  "+275760-09-13T00:00:00.000Z",
  "-271821-04-20T00:00:00.000Z",
  "-000001-01-01T00:00:00.000Z",
  "1969-12-31T23:59:59.999Z"
]

/** A value of the same kind that hardly anything can hold. */
const extreme = (value: unknown): fc.Arbitrary<unknown> =>
  typeof value === "number"
    ? fc.constantFrom(...numbers)
    : typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value)
      ? fc.constantFrom(...times)
      : fc.constant(value)

const mutated = (value: unknown): fc.Arbitrary<unknown> => {
  if (Array.isArray(value))
    return fc.tuple(...value.map(similar)).chain((all) => fc.subarray([...all, ...all]))
  if (typeof value !== "object" || value === null) {
    return fc.oneof({ weight: 9, arbitrary: fc.constant(value) }, extreme(value))
  }
  const fields = Object.entries(value).map(([name, each]) => [
    name,
    fc.oneof({ weight: 30, arbitrary: similar(each) }, fc.constant(undefined))
  ])
  return fc.oneof(
    { weight: 9, arbitrary: fc.record(Object.fromEntries(fields)) },
    fc
      .tuple(fc.record(Object.fromEntries(fields)), fc.dictionary(fc.string(), wrong))
      .map((all) => Object.assign({}, ...all))
  )
}

/** JSON values that differ from this one here and there, or not at all. */
const similar = (value: unknown): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 14, arbitrary: mutated(value) }, wrong)

const textOf = (value: unknown) => JSON.stringify(value) ?? ""

/** The bytes of such values, and of what is no JSON any more. */
export const similarBytes = (value: unknown): fc.Arbitrary<Uint8Array> => {
  const text = similar(value).map(textOf)
  const bytes = text.map((each) => new Uint8Array(Buffer.from(each)))
  return fc.oneof(
    { weight: 20, arbitrary: bytes },
    fc
      .tuple(bytes, fc.double({ min: 0, max: 1, noNaN: true }))
      .map(([all, part]) => all.slice(0, all.length * part)),
    fc
      .tuple(bytes, fc.nat())
      .map(([all, at]) => all.with(at % Math.max(1, all.length), 0xff))
      .filter(({ length }) => length > 0),
    text.map((each) => new Uint8Array(Buffer.from(`\ufeff${each}`))),
    fc
      .tuple(fc.constantFrom("[", '{"data":'), fc.integer({ min: 1, max: 50_000 }))
      .map(([open, depth]) => new Uint8Array(Buffer.from(open.repeat(depth)))),
    fc.uint8Array({ maxLength: 200 }).map((each) => new Uint8Array(each))
  )
}
