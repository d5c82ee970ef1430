import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { type MappingFields, mappingDefaults, MappingInput, mergeMapping } from "../../src/domain/Mapping.ts"
import { TeamKey } from "../../src/domain/Ids.ts"

const base = { owner: "acme", repo: "app" }
const existing: MappingFields = {
  ...mappingDefaults,
  ...base,
  workflowFile: "own.yml",
  maxInProgressAiIssues: 7,
  provider: "bedrock",
  awsRegion: "eu-central-1",
  extraEnv: { A: "1", B: "2" },
  paused: true
}

const merge = (before: MappingFields | null, input: Omit<MappingInput, "teamKey">, publicUrl = true) =>
  mergeMapping(before, { teamKey: TeamKey.make("ENG"), ...input }, { publicUrl })

const pathsOf = (result: ReturnType<typeof merge>) =>
  Result.isFailure(result) ? result.failure.map(({ path }) => path) : []

describe("a merged mapping", () => {
  const cases: ReadonlyArray<
    readonly [string, MappingFields | null, Omit<MappingInput, "teamKey">, Partial<MappingFields>]
  > = [
    ["gets the defaults when it is new", null, base, { ...mappingDefaults, ...base }],
    ["gets the default for null when it is new", null, { ...base, machineCpus: null }, { machineCpus: 2 }],
    ["keeps what is absent", existing, {}, existing],
    [
      "takes what is given",
      existing,
      { repo: "other", paused: false },
      { ...existing, repo: "other", paused: false }
    ],
    [
      "goes back to the default for null",
      existing,
      { workflowFile: null, maxInProgressAiIssues: null },
      {
        workflowFile: "claude-implement.yml",
        maxInProgressAiIssues: 3
      }
    ],
    ["loses its region for null", existing, { provider: "anthropic", awsRegion: null }, { awsRegion: null }],
    ["replaces extraEnv whole", existing, { extraEnv: { C: "3" } }, { extraEnv: { C: "3" } }],
    ["empties extraEnv for null", existing, { extraEnv: null }, { extraEnv: {} }],
    [
      "may fix two fields that only fit together",
      existing,
      { machineCpus: 8, machineMemoryMb: 16_384 },
      {
        machineCpus: 8,
        machineMemoryMb: 16_384
      }
    ]
  ]
  for (const [name, before, input, expected] of cases) {
    it(name, () => {
      const merged = merge(before, input)
      assert.isTrue(Result.isSuccess(merged))
      if (Result.isSuccess(merged)) assert.deepInclude(merged.success, expected)
    })
  }

  const refused: ReadonlyArray<
    readonly [string, MappingFields | null, Omit<MappingInput, "teamKey">, ReadonlyArray<string>]
  > = [
    ["without owner and repository", null, {}, ["owner", "repo"]],
    ["with bedrock and no region", null, { ...base, provider: "bedrock" }, ["awsRegion"]],
    ["whose region goes while bedrock stays", existing, { awsRegion: null }, ["awsRegion"]],
    ["with bedrock on Fly Machines", existing, { executionMode: "fly-machines" }, ["provider"]],
    [
      "with more memory than its CPUs may have",
      null,
      { ...base, machineCpus: 1, machineMemoryMb: 2304 },
      ["machineMemoryMb"]
    ],
    [
      "with less memory than its CPUs need",
      null,
      { ...base, machineCpus: 8, machineMemoryMb: 1792 },
      ["machineMemoryMb"]
    ],
    [
      "that breaks several rules",
      null,
      { provider: "bedrock", machineCpus: 1, machineMemoryMb: 4096 },
      ["owner", "repo", "machineMemoryMb", "awsRegion"]
    ]
  ]
  for (const [name, before, input, paths] of refused) {
    it(`is refused ${name}`, () => assert.deepStrictEqual(pathsOf(merge(before, input)), paths))
  }

  it("asks questions only where PUBLIC_URL is set", () => {
    for (const sessionMode of ["interactive", "hybrid"] as const) {
      assert.deepStrictEqual(pathsOf(merge(null, { ...base, sessionMode }, false)), ["sessionMode"])
      assert.deepStrictEqual(pathsOf(merge(null, { ...base, sessionMode }, true)), [])
    }
    assert.deepStrictEqual(pathsOf(merge(null, base, false)), [])
  })
})

describe("a field of a mapping", () => {
  const isValid = Schema.is(MappingInput)
  const valid = (field: string, value: unknown) => isValid({ teamKey: "ENG", [field]: value })
  const cases: Record<
    string,
    { readonly good: ReadonlyArray<unknown>; readonly bad: ReadonlyArray<unknown> }
  > = {
    teamKey: {
      good: ["E", "ENG_2", "601F", "2e", "9", "A".repeat(32)],
      bad: ["", "_E", "E-G", "A".repeat(33), "E\u0000", "É", 5, null]
    },
    owner: {
      good: ["a", "a-b", "A".repeat(39), "someone_corp", "old--name-", "-a", "a.b"],
      bad: ["", ".", "..", "a/b", "a b", "a%2f", "a?b", "a#b", "é", "a\n", "a\u0000", "A".repeat(101), null]
    },
    repo: { good: ["a", "a.b_c-d"], bad: ["", ".", "..", "a.git", "a b", "a/b", "a\u0000", "a".repeat(101)] },
    workflowFile: {
      good: ["a.yml", "b-1.yaml", null],
      bad: ["a.json", "../a.yml", ".yml", "a/b.yml", "a.yml\n"]
    },
    defaultBranch: {
      good: ["main", "release/1.2", "a@b"],
      bad: ["", "a..b", "a//b", "/a", "a/", "a.lock", "a.lock/b", "a/.b", "-a", "a b", "a~1", "a@{1}", "a."]
    },
    maxInProgressAiIssues: { good: [1, 100, null], bad: [0, 101, 1.5, "3", Number.NaN, Infinity] },
    machineCpus: { good: [1, 2, 4, 8], bad: [0, 3, 16, "2"] },
    machineMemoryMb: { good: [256, 16_384], bad: [128, 300, 16_640] },
    deadlineMinutes: { good: [5, 360], bad: [4, 361] },
    awsRegion: { good: ["us-east-1", "us-gov-west-1", null], bad: ["", "US-EAST-1", "east", "us-east-"] },
    extraEnv: {
      good: [{}, { A: "", _b: "x" }, null],
      bad: [
        { "1A": "" },
        { "A B": "" },
        { PATH: "" },
        { github_x: "" },
        { AWS_REGION: "" },
        { A: "\u0000" },
        { A: 1 }
      ]
    },
    createdAt: { good: ["2026-01-01T00:00:00Z", null], bad: [] }
  }
  for (const [field, { bad, good }] of Object.entries(cases)) {
    it(`${field} takes what it should and nothing else`, () => {
      for (const value of good) assert.isTrue(valid(field, value), `${field} ${JSON.stringify(value)}`)
      for (const value of bad) assert.isFalse(valid(field, value), `${field} ${JSON.stringify(value)}`)
    })
  }
})
