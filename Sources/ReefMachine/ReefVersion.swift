/// The version of Reef, as `reef --version` prints it and plugins are told it.
public let reefVersion = "0.1.0"
