//! Makes the lexicon a perfect hash table: words of the same stem and class once.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "of the crate's own modules a part is used; a build that fails says so"
)]

#[path = "src/class.rs"]
mod class;
#[path = "src/lexicon/stem.rs"]
mod stem;
#[path = "src/lexicon/wide.rs"]
mod wide;
#[path = "src/lexicon/words.rs"]
mod words;

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::Path,
};

fn main() {
    for source in
        ["build.rs", "src/class.rs", "src/lexicon/stem.rs", "src/lexicon/wide.rs", "src/lexicon/words.rs"]
    {
        println!("cargo::rerun-if-changed={source}");
    }
    let mut phrases: BTreeMap<String, BTreeMap<Vec<String>, class::Class>> = BTreeMap::new();
    for &(class, list) in words::WORDS.iter().chain(wide::WORDS) {
        for phrase in list.split(", ") {
            let mut stems = stem::split(phrase).map(|word| stem::stem(word).to_string());
            let Some(first) = stems.next() else { continue };
            *phrases.entry(first).or_default().entry(stems.collect()).or_default() |= class;
        }
    }
    let mut map = phf_codegen::Map::new();
    for (first, rests) in &phrases {
        let rows: BTreeSet<String> = rests
            .iter()
            .map(|(rest, class)| format!("Phrase {{ rest: &{rest:?}, class: {class:#x} }}"))
            .collect();
        map.entry(first.as_str(), format!("&[{}]", rows.into_iter().collect::<Vec<_>>().join(", ")));
    }
    let code =
        format!("pub(super) static PHRASES: phf::Map<&'static str, &'static [Phrase]> = {};\n", map.build());
    fs::write(Path::new(&env::var_os("OUT_DIR").unwrap()).join("phrases.rs"), code).unwrap();
}
