import { css } from "lit"
import { base } from "./base.ts"

export const shell = [
  base,
  css`
    :host {
      display: grid;
      grid-template: var(--header) minmax(calc(100dvh - var(--header)), auto) / var(--rail) minmax(0, 1fr);
      min-height: 100dvh;
    }
    shell-rail {
      position: sticky;
      top: var(--header);
      inset-inline: auto;
      display: flex;
      flex-direction: column;
      justify-content: space-between;
      gap: 1.5rem;
      width: auto;
      height: calc(100dvh - var(--header));
      margin: 0;
      padding: 0.75rem 0;
      border: 0;
      border-right: 1px solid var(--hairline);
      background: var(--chrome);
      color: var(--text);
      overflow-y: auto;
    }
    main {
      min-width: 0;
    }
    main:focus-visible,
    main:focus {
      outline: none;
    }
    main.alone {
      grid-column: 1 / -1;
      grid-row: 1 / -1;
    }
    .lost {
      padding: 1.5rem var(--gutter);
    }
    @media (max-width: 47.99rem) {
      :host {
        grid-template: var(--header) minmax(calc(100dvh - var(--header)), auto) / minmax(0, 1fr);
      }
      shell-rail {
        position: fixed;
        inset: 0 auto 0 0;
        width: 16rem;
        height: 100dvh;
        max-height: none;
        padding-top: 1rem;
        box-shadow: var(--shadow);
      }
      shell-rail:not(:popover-open) {
        display: none;
      }
      shell-rail::backdrop {
        background: var(--veil);
      }
    }
  `
]
