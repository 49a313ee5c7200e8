//! Writes the shipped history anew: `cargo run -p intent-testing --example write_heliocentric`.

fn main() -> std::io::Result<()> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("histories/heliocentric.csv");
    std::fs::write(path, intent_testing::history::shipped_text())
}
