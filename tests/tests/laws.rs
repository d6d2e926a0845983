//! The type zoo: every family of types keeps the three laws in both carriers.

mod zoo {
    mod numbers;
}
