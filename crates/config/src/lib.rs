//! Every setting of Flow HQ with its default, unit and meaning.
