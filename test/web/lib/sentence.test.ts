import { assert, it } from "vitest"
import { sentence } from "../../../web/lib/sentence.ts"

it.for([
  ["the tests did not pass", "The tests did not pass"],
  ["plan", "Plan"],
  ["re-run: refused.", "Re-run: refused."],
  ["northwind/platform is there.", "northwind/platform is there."],
  ["claude-plan.yml declares no input", "claude-plan.yml declares no input"],
  ["ENG-7 is gone", "ENG-7 is gone"],
  ["", ""]
] as const)("%s reads %s", ([message, text]) => {
  assert.strictEqual(sentence(message), text)
})
