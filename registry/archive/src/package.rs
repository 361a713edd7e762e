//! A package: one component with its signed statement, in one file that a person can hold.

use std::io::{BufReader, Read};

use bartizan_registry::{Claims, SignedComponent};

use crate::{
    Refusal,
    container::{self, Limits},
    layout,
};

/// The longest package that is looked at, in bytes: a component, a statement, and what describes them.
pub const MAX_PACKAGE_BYTES: u64 = 40 << 20;

/// What a package is usually called: `NAME-VERSION.oci.tar`.
pub fn package_file_name(claims: &Claims) -> String {
    format!("{}-{}.oci.tar", claims.id.name(), claims.version)
}

/// The package of a component. The same component and statement give the same bytes, always.
pub fn write_package(signed: &SignedComponent) -> Result<Vec<u8>, Refusal> {
    Ok(container::write(&layout::members(std::slice::from_ref(signed))?)?)
}

/// The component in a package. Nothing is verified but that the file is sound and its parts belong together: the caller
/// gives the result to [`bartizan_registry::Verifier`].
///
/// ```
/// use bartizan_archive::{Refusal, read_package};
///
/// let file: &[u8] = b"not a package";
/// assert!(matches!(read_package(file), Err(Refusal::Container(_))));
/// ```
pub fn read_package(file: impl Read) -> Result<SignedComponent, Refusal> {
    let limits = Limits { total: MAX_PACKAGE_BYTES, members: 16, of: layout::limit_of };
    let mut components = layout::components(&container::read(BufReader::new(file), limits)?)?;
    match (components.pop(), components.len()) {
        (Some(component), 0) => Ok(component),
        (None, _) => Err(Refusal::NotOne { actual: 0 }),
        (Some(_), others) => Err(Refusal::NotOne { actual: others + 1 }),
    }
}
