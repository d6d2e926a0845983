//! A planted key is looked for everywhere it must not be.
