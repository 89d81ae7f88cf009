//! The portal's side: signed requests.
