//! How much is read of what nobody vouched for yet.

/// The longest root: dozens of keys.
pub(crate) const MAX_ROOT_BYTES: u64 = 256 * 1024;
/// The longest timestamp: it names one file.
pub(crate) const MAX_TIMESTAMP_BYTES: u64 = 64 * 1024;
/// The longest snapshot: some twenty thousand publishers.
pub(crate) const MAX_SNAPSHOT_BYTES: u64 = 4 * 1024 * 1024;
/// The longest list of targets: some ten thousand releases of one publisher.
pub(crate) const MAX_TARGETS_BYTES: u64 = 8 * 1024 * 1024;
/// The longest list of revocations.
pub(crate) const MAX_REVOCATIONS_BYTES: u64 = 4 * 1024 * 1024;
/// How many roots are followed in one go.
pub(crate) const MAX_NEW_ROOTS: u64 = 1024;
