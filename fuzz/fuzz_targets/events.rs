//! The body of a stream: any split of any bytes gives the same responses.
#![no_main]

use gemini_extract::__stream::Frames;

const LIMIT: usize = 1 << 20;

libfuzzer_sys::fuzz_target!(|input: (Vec<u8>, Vec<u8>)| {
    let (body, cuts) = input;
    let whole = read([&body[..]]);
    assert_eq!(read(body.chunks(1)), whole);
    let mut rest = &body[..];
    let mut pieces = Vec::new();
    for cut in cuts {
        let (piece, others) = rest.split_at(rest.len().min(usize::from(cut)));
        pieces.push(piece);
        rest = others;
    }
    pieces.push(rest);
    assert_eq!(read(pieces), whole);
});

fn read<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<Vec<u8>> {
    let mut frames = Frames::new(LIMIT);
    let mut found = Vec::new();
    for piece in pieces {
        frames.push(piece).expect("it is below the limit");
        found.extend(std::iter::from_fn(|| frames.next_frame()));
    }
    frames.finish().expect("it is below the limit");
    found.extend(std::iter::from_fn(|| frames.next_frame()));
    found
}
