import type { AuditEntry } from "../../../../src/domain/Audit.ts"
import type { Secret } from "../../../../src/domain/Secrets.ts"
import type { RunnerModeState, SettingsState } from "../../../../src/domain/Settings.ts"
import { ago } from "./times.ts"

const kim = { name: "Kim", session: "0190f000", address: "127.0.0.1" }

export const auditEntry = (id: number, changes: Partial<AuditEntry> = {}): AuditEntry => ({
  id,
  at: ago(20),
  actor: kim,
  action: "mapping.save",
  subject: "ENG",
  before: { repo: "webshop", maxInProgressAiIssues: 3, paused: false },
  after: { repo: "webshop", maxInProgressAiIssues: 5, paused: true },
  ...changes
})

export const audit: ReadonlyArray<AuditEntry> = [
  auditEntry(3),
  auditEntry(2, { at: ago(900), action: "setting.save", subject: "runnerMode", before: null, after: "gha" }),
  auditEntry(1, {
    at: ago(1200),
    actor: { name: null, session: null, address: null },
    action: "secret.set",
    subject: "ENG_API_KEY",
    before: null,
    after: null
  })
]

export const secrets: ReadonlyArray<Secret> = [
  { name: "ANTHROPIC_API_KEY", digest: "a1b2", createdAt: ago(9000), updatedAt: ago(800), unmanaged: false },
  { name: "OLD_TOKEN", digest: null, unmanaged: true }
]

export const runnerMode: RunnerModeState = {
  mode: "default",
  source: "default",
  storedMode: null,
  overriddenByEnv: false
}

export const settings: SettingsState = {
  flySessionsApp: {
    runtimeValue: "acme-sessions",
    storedValue: "acme-sessions",
    envValue: null,
    overriddenByEnv: false,
    restartRequired: false
  },
  flySessionsRegion: {
    runtimeValue: "fra",
    storedValue: "ams",
    envValue: "fra",
    overriddenByEnv: true,
    restartRequired: false
  }
}
