//! Which language a text may be in.

/// Words so frequent that a text of some length in one of these languages has them.
fn is_common(word: &str) -> bool {
    matches!(
        word,
        "der"
            | "die"
            | "das"
            | "und"
            | "nicht"
            | "den"
            | "sie"
            | "ist"
            | "el"
            | "la"
            | "los"
            | "las"
            | "que"
            | "del"
            | "una"
            | "le"
            | "les"
            | "des"
            | "est"
            | "dans"
            | "pour"
            | "os"
            | "uma"
            | "nao"
            | "para"
            | "il"
            | "gli"
            | "della"
            | "di"
            | "che"
            | "de"
            | "en"
            | "no"
            | "se"
            | "da"
            | "es"
            | "nur"
            | "noch"
            | "bei"
            | "aus"
            | "auch"
            | "sich"
            | "vor"
            | "nach"
            | "wenn"
            | "lo"
            | "su"
            | "y"
            | "ya"
            | "du"
            | "qui"
            | "ne"
            | "em"
            | "ao"
            | "com"
            | "um"
            | "por"
            | "con"
            | "al"
            | "un"
            | "une"
            | "et"
            | "pas"
            | "aux"
            | "sur"
            | "avec"
            | "mit"
            | "von"
            | "zu"
            | "ein"
            | "eine"
            | "auf"
            | "fur"
            | "wird"
            | "dem"
            | "na"
            | "nie"
            | "jest"
            | "het"
            | "een"
            | "van"
            | "niet"
            | "ve"
            | "bu"
            | "ile"
            | "tum"
            | "veya"
            | "olan"
            | "daha"
            | "bir"
            | "icin"
            | "e"
            | "z"
            | "w"
    )
}

/// Whether the canonical text may be in another language than English.
pub(crate) fn is_foreign(text: &str) -> bool {
    if !text.is_ascii()
        && text.chars().any(
            |c| matches!(u32::from(c), 0x400..=0x4ff | 0x3040..=0x30ff | 0x4e00..=0x9fff | 0xac00..=0xd7af),
        )
    {
        return true;
    }
    let mut common = 0_usize;
    let mut words = 0_usize;
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        words += 1;
        // No common word is longer than five letters, and no copy of the text is made to look at them.
        let mut lower = [0_u8; 5];
        let Some(place) = lower.get_mut(..word.len()) else { continue };
        place.copy_from_slice(word.as_bytes());
        place.make_ascii_lowercase();
        common += usize::from(std::str::from_utf8(place).is_ok_and(is_common));
    }
    common >= 2 && common * 8 >= words
}
