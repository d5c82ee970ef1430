/** What the test issue asks for: small, harmless, and the same in every repository. */
export const issueOf = (pickupLabel: string) => ({
  title: "Test of AI-Implement: add a file that says hello",
  description: [
    "Add a file `AI-IMPLEMENT.md` in the root of the repository with one sentence that says hello.",
    "",
    `The set-up of AI-Implement created this issue with the label ${pickupLabel}. It can be removed there, and its pull request can be closed.`
  ].join("\n")
})
