// Third-party actions by commit. Each commit is pinned for the same version by two independent public repositories:
// checkout, upload-artifact: zizmorcore/zizmor, ossf/scorecard; download-artifact: zizmorcore/zizmor, pypa/pip;
// setup-node: nodejs/undici, astral-sh/ruff.
export const actions = {
  checkout: "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1",
  setupNode: "actions/setup-node@820762786026740c76f36085b0efc47a31fe5020 # v7.0.0",
  uploadArtifact: "actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1",
  downloadArtifact: "actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1"
} as const

export const nodeVersion = "24"

/** The agent's command line, pinned exactly: a range would pick another version on another Node. */
export const agentPackage = "@anthropic-ai/claude-code@2.1.332"
