export const words = {
  title: "Questions",
  asked: "Asked",
  expires: "closes",
  due: "now",
  options: "Suggested answers",
  answer: "Answer",
  send: "Send answer",
  sent: "The answer is given to the run.",
  required: "Enter an answer.",
  unanswered: "Closed without an answer.",
  via: { comment: "in Linear", api: "here" },
  answeredBy: (by: string, where: string) => `Answered by ${by} ${where},`,
  asks: "Asks a person"
} as const
