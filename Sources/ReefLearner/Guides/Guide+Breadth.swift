extension Guide {
  /// How much a search has to choose from. Few operations allow of long terms, many of rare ones;
  /// the portfolio tries all.
  enum Breadth {
    /// A handful of skills, with the few atoms that hold skills together.
    case closest
    /// More skills, with the atoms that most skills use.
    case core
    /// The same with most skills, all as likely: for the tasks whose text tells little.
    case skills
    /// Some more skills, and the atoms that the library's skills are made of.
    case narrow
    /// Many skills and all atoms.
    case wide
    /// All atoms, and a handful of skills.
    case atoms
    /// The skills whose types fit best, with the atoms that most skills use: for the task that is no
    /// more than its examples.
    case fitting
    /// The skills of the task's own plugin that nothing builds on yet, with the few atoms that hold
    /// skills together: somebody wanted them for something.
    case unused
    /// The same skills, with the atoms that the library's skills are made of.
    case unusedNarrow

    /// From what the task's text says, narrow to wide.
    static let told: [Breadth] = [.closest, .core, .skills, .narrow, .wide]
    /// For the task that is no more than its examples.
    static let untold: [Breadth] = [.fitting, .atoms, .wide]
    /// For the same where its plugin has skills that nothing builds on yet.
    static let untoldKin: [Breadth] = [.unused, .unusedNarrow]

    /// At most this many skills are admitted.
    var admitted: Int {
      switch self {
      case .closest: 8
      case .core, .unused, .unusedNarrow: 10
      case .skills: 48
      case .narrow: 14
      case .fitting: 14
      case .atoms: Guide.named
      case .wide: 72
      }
    }

    /// Whether atoms may be mapped, folded and so on by themselves.
    var mapsAtoms: Bool { self == .narrow || self == .wide || self == .atoms }

    /// Whether it believes the order that types alone give to skills.
    var trustsTypes: Bool { self == .fitting || Breadth.untoldKin.contains(self) }

    /// The text's best this many cost 1.
    var nearest: Int {
      switch self {
      case .closest: 8
      case .core, .unused, .unusedNarrow: 10
      case .skills: 48
      case .narrow: 8
      case .fitting: 14
      case .atoms: Guide.named
      case .wide: 14
      }
    }
  }
}
