//! What both web sides share: problem+json, limits, headers.
