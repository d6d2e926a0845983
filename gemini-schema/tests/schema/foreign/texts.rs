//! Texts with a form: identifiers, addresses, versions, decimals.

#[cfg(feature = "uuid1")]
#[test]
fn uuid() {
    use uuid::fmt::{Braced, Simple, Urn};
    use uuid::{NonNilUuid, Uuid};

    let uuid = Uuid::from_u128(0x123e_4567_e89b_12d3_a456_4266_1417_4000);
    super::foreign::<Uuid>()
        .value(&uuid)
        .value(&Uuid::nil())
        .texts(&["123e4567e89b12d3a456426614174000", "urn:uuid:123e4567", "{123e4567}"])
        .reads_more()
        .prove();
    super::foreign::<NonNilUuid>()
        .value(&NonNilUuid::new(uuid).unwrap())
        .texts(&["00000000-0000-0000-0000-000000000000", "123e4567e89b12d3a456426614174000"])
        .reads_more()
        .refuses_more()
        .prove();
    super::foreign::<Simple>().value(&uuid.simple()).prove();
    super::foreign::<Urn>().value(&uuid.urn()).reads_more().prove();
    super::foreign::<Braced>().value(&uuid.braced()).prove();
}

#[cfg(feature = "url2")]
#[test]
fn url() {
    use url::Url;

    super::foreign::<Url>()
        .value(&Url::parse("https://user:pw@example.org:8080/a|b/%20?q={x}#f").unwrap())
        .value(&Url::parse("mailto:ada@example.org").unwrap())
        .value(&Url::parse("http://b\u{fc}cher.example/\u{e9}").unwrap())
        .texts(&["http://", "http://256.256.256.256", "http://[::1", "//a/b", "a b:c"])
        .reads_more()
        .refuses_more()
        .prove();
}

#[cfg(feature = "semver1")]
#[test]
fn semver() {
    use semver::{Comparator, Version, VersionReq};

    super::foreign::<Version>()
        .value(&Version::new(1, 0, 9_999_999_999_999_999_999))
        .value(&Version::parse("1.2.3-rc.1.0a.-+build.007").unwrap())
        .texts(&["1.2", "01.2.3", "1.2.3-01", "1.2.3-", "1.2.3+", "99999999999999999999.0.0"])
        .prove();
    let requirement = |text: &str| VersionReq::parse(text).unwrap();
    super::foreign::<VersionReq>()
        .value(&VersionReq::STAR)
        .value(&requirement(">=1.2.3-rc.1, <2, ~1.4, =0.0.1"))
        .value(&requirement("1.*"))
        .value(&requirement("1.2.*"))
        .texts(&[&vec!["1"; 33].join(", "), ">=1.*", "1.*.3", "1, *", "1-rc", "x"])
        .reads_more()
        .prove();
    super::foreign::<Comparator>()
        .value(&Comparator::parse("^1.2.3-a").unwrap())
        .value(&Comparator::parse("3.*").unwrap())
        .reads_more()
        .prove();
}

#[cfg(feature = "rust_decimal1")]
#[test]
fn rust_decimal() {
    use rust_decimal::Decimal;

    super::foreign::<Decimal>()
        .value(&Decimal::new(-1250, 2))
        .value(&Decimal::new(1, 28))
        .value(&Decimal::ZERO)
        .texts(&[
            "9999999999999999999999999999.9999999999999999999999999999",
            "79228162514264337593543950336",
            "0.00000000000000000000000000001",
            "1e3",
        ])
        .document(serde_json::json!(12.5))
        .reads_more()
        .prove();
}

#[cfg(feature = "bigdecimal04")]
#[test]
fn bigdecimal() {
    use bigdecimal::BigDecimal;

    let number = |text: &str| text.parse::<BigDecimal>().unwrap();
    super::foreign::<BigDecimal>()
        .value(&number("-12.50"))
        .value(&number("1e-200"))
        .value(&number("123e9000"))
        .texts(&["1e999999999999999999", "1.5E-999999999999999999", "1e9999999999999999999"])
        .document(serde_json::json!(12.5))
        .reads_more()
        .prove();
}
