//! What can be said on the command line about a job. It is kept in the folder of a run, too, so
//! that the job can be gone on with.

mod asking;
mod input;
mod limits;
mod output;
mod task;
mod way;

pub(crate) use asking::AskOptions;
pub(crate) use input::InputOptions;
pub(crate) use limits::{LimitChanges, LimitOptions};
pub(crate) use output::{Keep, OutputOptions};
pub(crate) use task::{LabelOptions, SchemaOptions, Task};
pub(crate) use way::WayOptions;
