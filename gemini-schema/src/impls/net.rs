//! Addresses of the internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

use super::text::matching;
use crate::{Format, GeminiSchema, Generator, Schema};

/// A number of 16 bits.
const PORT: &str = "(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}\
    |[1-9][0-9]{0,3}|0)";

/// The number of an interface: of 32 bits, those above 3,999,999,999 left aside.
const SCOPE: &str = "([1-3][0-9]{9}|[1-9][0-9]{0,8}|0)";

const BYTE: &str = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

impl GeminiSchema for Ipv4Addr {
    fn schema(_: &mut Generator) -> Schema {
        Schema::format(Format::Ipv4).enforced_by_type()
    }
}

impl GeminiSchema for Ipv6Addr {
    fn schema(_: &mut Generator) -> Schema {
        Schema::format(Format::Ipv6).enforced_by_type()
    }
}

impl GeminiSchema for IpAddr {
    fn schema(generator: &mut Generator) -> Schema {
        Schema::any_of([Ipv4Addr::schema(generator), Ipv6Addr::schema(generator)])
    }
}

impl GeminiSchema for SocketAddrV4 {
    fn schema(_: &mut Generator) -> Schema {
        let pattern = format!("^{}:{PORT}$", ipv4());
        matching(&pattern, "an IPv4 address and a port such as 192.0.2.1:80")
    }
}

impl GeminiSchema for SocketAddrV6 {
    fn schema(_: &mut Generator) -> Schema {
        let pattern = format!("^\\[{}(%{SCOPE})?\\]:{PORT}$", ipv6());
        matching(&pattern, "an IPv6 address and a port such as [2001:db8::1]:80")
    }
}

impl GeminiSchema for SocketAddr {
    fn schema(generator: &mut Generator) -> Schema {
        Schema::any_of([SocketAddrV4::schema(generator), SocketAddrV6::schema(generator)])
    }
}

fn ipv4() -> String {
    format!("{BYTE}(\\.{BYTE}){{3}}")
}

/// Eight groups; or fewer, with `::` for the others; or an IPv4 address in the clothes of IPv6.
fn ipv6() -> String {
    const GROUP: &str = "[0-9A-Fa-f]{1,4}";
    let mut forms = vec![format!("({GROUP}:){{7}}{GROUP}"), format!("::ffff:{}", ipv4())];
    forms.push(format!("({GROUP}:){{1,7}}:"));
    for before in 1..=6 {
        let after = 7 - before;
        forms.push(format!("({GROUP}:){{{before}}}(:{GROUP}){{1,{after}}}"));
    }
    forms.push(format!(":((:{GROUP}){{1,7}}|:)"));
    format!("({})", forms.join("|"))
}
