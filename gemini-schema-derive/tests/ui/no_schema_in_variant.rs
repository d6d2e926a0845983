use gemini_schema::GeminiSchema;

struct Card;

#[derive(GeminiSchema)]
enum Payment {
    Cash,
    Card(Card),
    Split { first: Card },
}

fn main() {}
