//! How large a schema may be.

/// How large a schema may be before it is refused.
///
/// The service doesn't publish these limits. The defaults are the upper ends of what users report,
/// so that the emulator refuses what nobody got through, and may accept what a busy day refuses.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// use gemini_emulator::{Emulator, SchemaLimits};
///
/// let cautious = SchemaLimits::default().depth(4).max_items_sum(500).enum_members(100);
/// let emulator = Emulator::builder().schema_limits(cautious).start().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "limits do nothing until an emulator is started with them"]
pub struct SchemaLimits {
    pub(crate) depth: usize,
    pub(crate) max_items_sum: u64,
    pub(crate) enum_members: usize,
}

impl SchemaLimits {
    /// How many objects and arrays may nest in a `responseSchema` by default. Users report a
    /// ceiling of 4 to 6.
    pub const DEPTH: usize = 6;
    /// What all `maxItems` of a schema may add up to by default. Users report refusals from about
    /// 960 on.
    pub const MAX_ITEMS_SUM: u64 = 960;
    /// How many members an `enum` of a `responseSchema` may have by default. Users report refusals
    /// from 100 to 260 members on.
    pub const ENUM_MEMBERS: usize = 260;

    /// Sets how many objects and arrays may nest in a `responseSchema` or in the `parameters` of a
    /// function.
    pub fn depth(mut self, depth: usize) -> Self {
        self.depth = depth;
        self
    }

    /// Sets what all `maxItems` of a schema may add up to, in every carrier.
    pub fn max_items_sum(mut self, sum: u64) -> Self {
        self.max_items_sum = sum;
        self
    }

    /// Sets how many members an `enum` of a `responseSchema`, or of the `parameters` of a function,
    /// may have.
    pub fn enum_members(mut self, members: usize) -> Self {
        self.enum_members = members;
        self
    }
}

impl Default for SchemaLimits {
    fn default() -> Self {
        SchemaLimits {
            depth: Self::DEPTH,
            max_items_sum: Self::MAX_ITEMS_SUM,
            enum_members: Self::ENUM_MEMBERS,
        }
    }
}
