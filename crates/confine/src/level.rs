//! The parts of a confinement, and which of them there are.

use std::fmt;

/// A part of the confinement that a kernel may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// Resources: memory, files, their size, core dumps.
    Limits,
    /// Files, by landlock of Linux 6.2 or later (ABI 3).
    Files,
    /// TCP ports, by landlock of Linux 6.7 or later (ABI 4).
    Ports,
    /// System calls, by seccomp.
    Calls,
}

impl Layer {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Limits, Self::Files, Self::Ports, Self::Calls];
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Limits => "limits of resources",
            Self::Files => "landlock for files (Linux 6.2)",
            Self::Ports => "landlock for ports (Linux 6.7)",
            Self::Calls => "seccomp",
        })
    }
}

/// What this kernel, or the container around this process, does not offer. Nothing is taken away by asking.
#[must_use]
pub fn missing() -> Vec<Layer> {
    let offered = |layer: &Layer| match layer {
        Layer::Limits => true,
        Layer::Files => crate::files::offered(),
        Layer::Ports => crate::files::ports_offered(),
        Layer::Calls => crate::calls::offered(),
    };
    Layer::ALL.into_iter().filter(|layer| !offered(layer)).collect()
}
