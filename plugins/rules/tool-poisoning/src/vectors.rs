//! Runs the vectors.

use bartizan_sdk::testing::{check_coverage, check_vectors};

use crate::Pack;

#[test]
fn every_vector_holds() {
    check_vectors::<Pack>("vectors").unwrap();
}

#[test]
fn every_rule_has_five_vectors_of_each_sort() {
    check_coverage::<Pack>("vectors", 5).unwrap();
}
