import { css, html, LitElement, nothing, type TemplateResult } from "lit"
import { customElement, property } from "lit/decorators.js"
import { type Block, blocksOf, type Inline } from "../lib/markdown.ts"
import { outward } from "../lib/outward.ts"
import { base } from "../styles/base.ts"

const inline = (parts: ReadonlyArray<Inline>) =>
  parts.map((part) => {
    switch (part.kind) {
      case "text":
        return part.text
      case "code":
        return html`<code class="mono">${part.text}</code>`
      case "strong":
        return html`<strong>${part.text}</strong>`
      case "em":
        return html`<em>${part.text}</em>`
      case "link":
        return outward(part.url, part.text)
    }
  })

/** Markdown of an agent as elements: headings below those of the page, no HTML, no image. */
@customElement("markdown-text")
export class MarkdownText extends LitElement {
  static override readonly styles = [
    base,
    css`
      :host {
        display: grid;
        gap: 0.75rem;
        min-width: 0;
        max-width: 60rem;
        overflow-wrap: anywhere;
      }
      h4 {
        margin: 0.5rem 0 0;
        font-size: var(--body);
        font-weight: var(--strong);
      }
      ul,
      ol {
        padding-left: 1.25rem;
      }
      ul {
        list-style: disc;
      }
      ol {
        list-style: decimal;
      }
      .d1 {
        margin-left: 1.25rem;
      }
      .d2 {
        margin-left: 2.5rem;
      }
      .d3 {
        margin-left: 3.75rem;
      }
      pre,
      .table {
        overflow-x: auto;
      }
      pre {
        padding: 0.5rem 0.75rem;
        background: var(--chrome);
      }
      code {
        background: var(--chrome);
      }
      table {
        border-collapse: collapse;
      }
      td {
        padding: 0.25rem 0.75rem 0.25rem 0;
        border-bottom: 1px solid var(--hairline);
        vertical-align: top;
      }
      blockquote {
        margin: 0;
        padding-left: 0.75rem;
        border-left: 2px solid var(--rim);
        color: var(--muted);
      }
      hr {
        width: 100%;
        border: 0;
        border-top: 1px solid var(--hairline);
      }
    `
  ]

  @property() text = ""

  override render() {
    return blocksOf(this.text).map((block) => this.#block(block))
  }

  #block(block: Block): TemplateResult | typeof nothing {
    switch (block.kind) {
      case "heading":
        return html`<h4>${inline(block.inline)}</h4>`
      case "paragraph":
        return html`<p>${inline(block.inline)}</p>`
      case "quote":
        return html`<blockquote>${inline(block.inline)}</blockquote>`
      case "code":
        return html`<pre class="mono" tabindex="0">${block.text}</pre>`
      case "rule":
        return html`<hr />`
      case "list": {
        const items = block.items.map(
          ({ depth, inline: parts }) => html`<li class="d${depth}">${inline(parts)}</li>`
        )
        return block.ordered
          ? html`<ol>
              ${items}
            </ol>`
          : html`<ul>
              ${items}
            </ul>`
      }
      case "table":
        return html`<div class="table" tabindex="0">
          <table>
            ${block.rows.map(
              (row) =>
                html`<tr>
                  ${row.map((cell) => html`<td>${inline(cell)}</td>`)}
                </tr>`
            )}
          </table>
        </div>`
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "markdown-text": MarkdownText
  }
}
