use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
#[gemini(max_depth = 0)]
struct Tree(#[gemini(max_depth = 2)] Vec<Tree>);

#[derive(GeminiSchema)]
#[gemini(max_depth = 4_294_967_296)]
struct Chain(Option<Box<Chain>>);

fn main() {}
