import type * as Schema from "effect/Schema"
import { assert, describe, it } from "@effect/vitest"
import { DispatchId, IssueId, IssueRef, TeamKey } from "../../src/domain/Ids.ts"
import { decode } from "../support/schema.ts"

const uuid = "01937c2e-0000-7000-8000-00000000000a"

describe("a team key", () => {
  const complaint =
    ": must be a Linear team key: a letter or digit, then letters, digits or underscores, at most 32"
  for (const [given, key] of [
    ["ENG", "ENG"],
    ["eng", "ENG"],
    ["Ops_2", "OPS_2"],
    ["601F", "601F"],
    ["2eng", "2ENG"],
    ["7", "7"],
    ["a".repeat(32), "A".repeat(32)]
  ] as const) {
    it(`${given} is ${key}`, () => assert.strictEqual<unknown>(decode(TeamKey, given), key))
  }
  for (const given of ["", "_ENG", "EN-G", " ENG", "ENG\n", "ÉNG", "enſ", "ıos", "ﬁle", "a".repeat(33)]) {
    it(`is not ${JSON.stringify(given)}`, () => assert.deepStrictEqual(decode(TeamKey, given), [complaint]))
  }
})

describe("an issue reference", () => {
  const complaint = ": must be an issue id (UUID) or an identifier such as ENG-42"
  for (const given of [
    uuid,
    uuid.toUpperCase(),
    "ENG-42",
    "eng-1",
    "A_2-999999999",
    "601F-12",
    "2ng-42",
    "7-1"
  ]) {
    it(`is ${given}`, () => assert.strictEqual(decode(IssueRef, given), given))
  }
  for (const given of ["ENG", "ENG-", "-42", "_NG-42", "ENG-42\n", "ENG-4 2", "ENG-1234567890", `${uuid}0`]) {
    it(`is not ${JSON.stringify(given)}`, () => assert.deepStrictEqual(decode(IssueRef, given), [complaint]))
  }
  it("is not empty", () => assert.include(decode(IssueRef, ""), ": must not be empty"))
  it("is not longer than 64 characters", () =>
    assert.include(decode(IssueRef, "x".repeat(65)), ": must be at most 64 characters"))
})

describe("the id of a dispatch or issue", () => {
  for (const [schema, complaint] of [
    [DispatchId as Schema.Codec<string>, ": must be a dispatch id (UUID)"],
    [IssueId as Schema.Codec<string>, ": must be an issue id (UUID)"]
  ] as const) {
    it(`is a UUID, else it ${complaint.slice(2)}`, () => {
      assert.strictEqual<unknown>(decode(schema, uuid), uuid)
      for (const given of ["", "ENG-42", uuid.slice(1), `${uuid}\n`]) {
        assert.deepStrictEqual<unknown>(decode(schema, given), [complaint])
      }
    })
  }
})
