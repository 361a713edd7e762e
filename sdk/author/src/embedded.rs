//! The files that the program carries.

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// The files of a group, by their path within it.
pub(crate) fn files_of(group: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().filter_map(move |&(path, text)| Some((path.strip_prefix(group)?.strip_prefix('/')?, text)))
}
