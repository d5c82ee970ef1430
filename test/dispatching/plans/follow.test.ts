import { assert, describe, it } from "@effect/vitest"
import { follow, type KnownPlan, type LabelChange } from "../../../src/dispatching/plans/follow.ts"

const known = (changes: Partial<KnownPlan> = {}): KnownPlan => ({
  id: "plan",
  verdict: null,
  withdrawn: false,
  labelled: true,
  approvalIgnored: false,
  ...changes
})

const complete = ["AI-Implement", "plan-complete"]
const approved = [...complete, "Plan-Approved"]
const neither = ["AI-Implement"]

const declared = (approved: boolean): LabelChange => ({ _tag: "Declared", approved })
const noted = (labelled: boolean, approvalIgnored = false): LabelChange => ({
  _tag: "Noted",
  labelled,
  approvalIgnored
})

describe("the labels of an issue", () => {
  const rejected = { verdict: "rejected" } as const
  const table: ReadonlyArray<
    readonly [name: string, KnownPlan | null, ReadonlyArray<string>, LabelChange | null]
  > = [
    ["say nothing without a plan and its label", null, neither, null],
    ["an approval alone says nothing", null, [...neither, "Plan-Approved"], null],
    ["declare a plan by hand", null, complete, declared(false)],
    ["declare a plan by hand and approve it at once", null, approved, declared(true)],
    ["say nothing new of a plan that waits", known(), complete, null],
    ["approve a plan", known(), approved, { _tag: "Approved" }],
    [
      "approve a plan whose own label could not be put on",
      known({ labelled: false }),
      approved,
      { _tag: "Approved" }
    ],
    ["do not approve twice", known({ verdict: "approved" }), approved, null],
    ["do not approve by what was there before", known({ approvalIgnored: true }), approved, null],
    ["are free to approve once that was gone", known({ approvalIgnored: true }), complete, noted(true)],
    ["withdraw a plan when its label is gone", known(), neither, { _tag: "Withdrawn" }],
    ["withdraw an approved plan too", known({ verdict: "approved" }), neither, { _tag: "Withdrawn" }],
    [
      "withdraw it even where an approval is on",
      known(),
      [...neither, "Plan-Approved"],
      { _tag: "Withdrawn" }
    ],
    ["do not withdraw what never had its label", known({ labelled: false }), neither, null],
    ["have it late: only from then on it can be removed", known({ labelled: false }), complete, noted(true)],
    ["still have that of a rejected plan", known(rejected), approved, null],
    ["no longer have that of a rejected plan", known(rejected), neither, noted(false)],
    [
      "declare another after the rejected one",
      known({ ...rejected, labelled: false }),
      complete,
      declared(false)
    ],
    ["still have that of a withdrawn plan", known({ withdrawn: true }), approved, null],
    ["no longer have that of a withdrawn plan", known({ withdrawn: true }), neither, noted(false)],
    [
      "declare it again after it was withdrawn",
      known({ withdrawn: true, labelled: false }),
      complete,
      declared(false)
    ],
    ["say nothing new of a withdrawn plan", known({ withdrawn: true, labelled: false }), neither, null]
  ]
  for (const [name, plan, worn, change] of table) {
    it(name, () => assert.deepStrictEqual(follow(plan, worn), change))
  }
})
