//! `uuid` 1.

use uuid::fmt::{Braced, Hyphenated, Simple, Urn};
use uuid::{NonNilUuid, Uuid};

use crate::impls::text::matching;
use crate::{Format, GeminiSchema, Generator, Schema};

impl GeminiSchema for Uuid {
    fn schema(_: &mut Generator) -> Schema {
        Schema::format(Format::Uuid).enforced_by_type()
    }
}

impl GeminiSchema for NonNilUuid {
    fn schema(generator: &mut Generator) -> Schema {
        Uuid::schema(generator).with_caveat("the UUID of zeros alone")
    }
}

impl GeminiSchema for Hyphenated {
    fn schema(generator: &mut Generator) -> Schema {
        Uuid::schema(generator)
    }
}

impl GeminiSchema for Simple {
    fn schema(_: &mut Generator) -> Schema {
        matching("^[0-9A-Fa-f]{32}$", "the 32 digits of a UUID without hyphens")
    }
}

impl GeminiSchema for Urn {
    fn schema(_: &mut Generator) -> Schema {
        let pattern = "^urn:uuid:[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$";
        matching(pattern, "a UUID after urn:uuid:")
    }
}

impl GeminiSchema for Braced {
    fn schema(_: &mut Generator) -> Schema {
        let pattern = "^\\{[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\\}$";
        matching(pattern, "a UUID in braces")
    }
}
