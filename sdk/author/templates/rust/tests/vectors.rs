//! The pack says what its vectors say.

use {{module}}::Pack;

#[test]
fn the_pack_says_what_its_vectors_say() {
    bartizan_sdk::testing::check_vectors::<Pack>("vectors").unwrap();
    bartizan_sdk::testing::check_coverage::<Pack>("vectors", 2).unwrap();
}
