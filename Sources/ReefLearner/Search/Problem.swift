import ReefMachine
import ReefTasks

/// Answers about inputs that a learner invents; nil outside the domain.
typealias Oracle = (_ inputs: [[Value]]) throws -> [Value?]

/// What one search is after: a function that fits the rows.
struct Problem {
  /// The full name of the task, or of the body that it serves.
  let name: String
  /// What is wanted, in words; "" where there are only examples.
  let summary: String
  let signature: Signature
  /// Examples that the search evaluates candidates on; at most `Problem.maximumRows`.
  var rows: [Example]
  /// Whether the last of them joined because a candidate was wrong there.
  var wasRefuted = false
  /// Where there is one, a candidate may call itself: the oracle answers for the self-call while
  /// candidates are compared, and the verifier runs the real thing.
  let oracle: Oracle?
  let tolerance: Double
  /// What a solution may be made of; nil where it may use everything.
  var means: SkillTask.Means?

  /// What guides read.
  var text: String { "\(name) \(summary)" }

  /// Behaviours are masks of one word.
  static let maximumRows = 64
}

/// Decides about a candidate; `steps` are the search steps that it took to decide.
typealias Check<Candidate> = (Candidate) -> (outcome: CheckOutcome, steps: Int)

/// What a check of one candidate found.
enum CheckOutcome {
  case accepted
  /// Wrong on this example, which then joins the rows.
  case wrong(Example)
  /// Right where it ended, but out of fuel, memory or depth somewhere, or growing too fast.
  case rejected
}
