import { css } from "lit"
import { base } from "./base.ts"
import { controls } from "./controls.ts"

export const shellHeader = [
  base,
  controls,
  css`
    .skip {
      position: fixed;
      z-index: 5;
      top: 0.5rem;
      left: 0.5rem;
      padding: 0.25rem 0.75rem;
      background: var(--float);
    }
    .skip:not(:focus) {
      clip-path: inset(50%);
    }
    :host {
      position: sticky;
      z-index: 3;
      top: 0;
      grid-column: 1 / -1;
    }
    header {
      display: flex;
      align-items: center;
      gap: 1rem;
      height: var(--header);
      padding: 0 var(--gutter) 0 1rem;
      border-bottom: 1px solid var(--hairline);
      background: var(--chrome);
    }
    .brand {
      display: flex;
      align-items: center;
      gap: 0.5rem;
      width: calc(var(--rail) - 2rem + var(--gutter) - 1rem);
      font-weight: var(--strong);
      text-decoration: none;
    }
    .brand svg {
      color: var(--accent);
    }
    header form {
      position: relative;
      flex: 0 1 26rem;
      min-width: 0;
    }
    header form > svg,
    header kbd {
      position: absolute;
      top: 0.5rem;
      left: 0.5rem;
      color: var(--muted);
      pointer-events: none;
    }
    header kbd {
      top: 0.375rem;
      right: 0.375rem;
      left: auto;
    }
    header input {
      width: 100%;
      padding: 0.25rem 2rem;
      border-color: var(--rim);
      text-overflow: ellipsis;
    }
    header input:focus ~ kbd,
    header input:not(:placeholder-shown) ~ kbd {
      display: none;
    }
    .menu {
      display: none;
      padding: 0 0.5rem;
      border-color: transparent;
    }
    .status {
      display: flex;
      align-items: center;
      margin-left: auto;
    }
    .reconnecting {
      display: inline-flex;
      align-items: center;
      gap: 0.5rem;
      color: var(--waiting);
      font-weight: var(--strong);
    }
    .alarm {
      display: inline-flex;
      align-items: center;
      gap: 0.5rem;
      color: var(--failed);
      font-weight: var(--strong);
      white-space: nowrap;
    }
    @media (max-width: 47.99rem) {
      .alarm span {
        position: absolute;
        width: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
      header {
        gap: 0.5rem;
        padding: 0 1rem 0 0.5rem;
      }
      .menu {
        display: inline-flex;
      }
      .brand,
      header kbd {
        display: none;
      }
      header form {
        flex: 1 1 auto;
      }
    }
  `
]
