import { assert, describe, it } from "@effect/vitest"
import { escapeMarkdown, markdownLink, quoteMarkdown } from "../../src/domain/Markdown.ts"

const table: ReadonlyArray<readonly [what: string, text: string, escaped: string]> = [
  ["an image", "![t](https://evil.test/t.png)", "!\\[t\\](`https://evil.test/t.png)`"],
  ["a link", "[Approve this plan](//evil)", "\\[Approve this plan\\](//evil)"],
  ["a bare address", "see https://evil.test/a_b?c now", "see `https://evil.test/a_b?c` now"],
  ["an address without a scheme", "see evil.test/profile", "see `evil.test/profile`"],
  ["an address in other letters", "siehe bücher.example", "siehe `bücher.example`"],
  ["an address of another scheme", "linear://issue/1", "`linear://issue/1`"],
  ["mail", "ada@evil.test", "ada\\@`evil.test`"],
  ["an automatic link", "<https://evil.test>", "\\<`https://evil.test>`"],
  ["HTML", "<img src=x onerror=y>", "\\<img src=x onerror=y>"],
  ["an entity", "&lt;b&#62;", "\\&lt;b\\&#62;"],
  ["a mention", "ask @ada", "ask \\@ada"],
  ["a heading", "# Big", "\\# Big"],
  ["an indented heading", "   ## Big", "\\## Big"],
  ["an underlined heading", "Big\n===", "Big\n\\==="],
  ["a rule", "a\n---", "a\n\\---"],
  ["a list", "- a\n+ b\n* c\n12. d\n3) e", "\\- a\n\\+ b\n\\* c\n12\\. d\n3\\) e"],
  ["a quotation", "> not ours", "\\> not ours"],
  ["indented code", "\t    rm -rf", "rm -rf"],
  ["a fence", "```\ncode\n```", "\\`\\`\\`\ncode\n\\`\\`\\`"],
  ["emphasis", "*a* _b_ __c__ ~~d~~", "\\*a\\* \\_b\\_ \\_\\_c\\_\\_ \\~\\~d\\~\\~"],
  ["an escape", "\\[a](b)", "\\\\\\[a\\](b)"],
  ["a table", "a | b", "a \\| b"],
  ["a line that only a carriage return ends", "a\r# b", "a\n\\# b"],
  ["control and bidirectional characters", "a\u001b[31m\u202eb\u009bc\u2066", "a\\[31mbc"],
  ["a sentence", "It's 3 - 2, snake_case and 50%!", "It's 3 - 2, snake_case and 50%!"]
]

describe("escaped Markdown", () => {
  for (const [what, text, escaped] of table) {
    it(`shows ${what} as it is written`, () => assert.strictEqual(escapeMarkdown(text), escaped))
  }

  it("is done in time for what takes long to search", () => {
    for (const part of ["a", "a.", "a-", "://", "[", "_"]) {
      assert.isAtLeast(escapeMarkdown(part.repeat(20_000)).length, 20_000)
    }
  })
})

describe("quoted Markdown", () => {
  it("escapes and quotes each line, whatever ends it", () => {
    assert.strictEqual(quoteMarkdown("\na\r# b\r\n\n[c](d)\n"), "> a\n> \\# b\n> \n> \\[c\\](d)")
  })
})

describe("a link in Markdown", () => {
  it("does not end early", () => {
    assert.strictEqual(
      markdownLink("a", "https://x.test/a) ![b](c\n<d>"),
      "[a](https://x.test/a%29%20![b]%28c%0a%3cd%3e)"
    )
  })
})
