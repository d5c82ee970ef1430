export const words = {
  code: "Access code",
  codeHint: "The value of ADMIN_ACCESS_CODE of the service.",
  name: "Your name",
  nameHint: "Optional. Shown in the audit beside what you change.",
  submit: "Sign in",
  ended: {
    expired: "Your session has expired after 24 hours. Sign in again.",
    refused: "The service no longer accepts your session. Sign in again.",
    disabled:
      "The admin is off: ADMIN_ACCESS_CODE is no longer set on the service. Set it and restart, then sign in.",
    left: "You are signed out."
  },
  lockedOut: "Too many wrong access codes.",
  restored: "What you typed in this tab is restored; values of secrets and calls on the API page do not.",
  locked: "Try again",
  codeMissing: "Enter the access code."
} as const
