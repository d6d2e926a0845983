use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
#[gemini(with = "String", bound = "T:: Copy")]
enum Event {
    #[gemini(with = "u64")]
    Start(u64),
    End(#[gemini(with = 7, schema = "a b", integer)] u64),
}

fn main() {}
