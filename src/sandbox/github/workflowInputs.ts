/** The inputs that a workflow made for the product declares. */
export const workflowInputs: ReadonlyArray<string> = [
  "issue_id",
  "issue_identifier",
  "issue_title",
  "issue_description",
  "pr_number",
  "provider",
  "aws_region",
  "dispatch_id",
  "branch",
  "callback_url",
  "session_mode",
  "extra_env"
]
