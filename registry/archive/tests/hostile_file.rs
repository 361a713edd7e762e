//! Files that no tool of ours writes: each is refused for its own reason, before anything in it is believed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "in a test, a panic is how it fails"
)]

mod support;

use std::io::{Read as _, Write as _, repeat};

use bartizan_archive::{
    ContainerError, Refusal,
    bundle::{Contents, create, read},
    read_package,
};
use bartizan_registry::Signer;
use flate2::{Compression, GzBuilder, write::GzEncoder};
use proptest::prelude::*;
use support::{Entry, contents, entries, gunzip, gzip, now, tar, trusting};
use tar::EntryType;

fn bundle() -> Vec<u8> {
    let signer = Signer::generate().unwrap();
    create(&contents(&signer), &signer).unwrap()
}

fn refused(bytes: &[u8]) -> ContainerError {
    match read(bytes).map(|_| ()) {
        Err(Refusal::Container(error)) => error,
        other => panic!("{other:?}"),
    }
}

/// The bundle with this entry first, where it is met before anything else.
fn led_by(entry: Entry) -> Vec<u8> {
    let mut all = vec![entry];
    all.extend(entries(&bundle()));
    gzip(&tar(&all))
}

#[test]
fn a_name_that_climbs_out_is_refused() {
    for name in [
        "../x",
        "/etc/cron.d/x",
        "a/../../x",
        r"..\..\x",
        r"a\..\x",
        "C:/x",
        "C:x",
        r"\\host\share",
        "blobs/sha256/../../../x",
        "tuf/acme/../../../x",
        "trust/acme/..",
    ] {
        let error = refused(&led_by(Entry::file(name, b"evil")));
        assert!(
            matches!(&error, ContainerError::ClimbsOut { member, .. } if member == name),
            "{name}: {error}"
        );
    }
}

#[test]
fn what_is_no_regular_file_is_refused() {
    for (kind, said) in [
        (EntryType::Symlink, "symbolic link"),
        (EntryType::Link, "hard link"),
        (EntryType::Char, "device"),
        (EntryType::Block, "device"),
        (EntryType::Fifo, "pipe"),
        (EntryType::Directory, "folder"),
        (EntryType::GNUSparse, "sparse file"),
        (EntryType::new(b'Z'), "member of a kind of its own"),
        (EntryType::Continuous, "member of a kind of its own"),
    ] {
        let entry = Entry::raw(b"bartizan.lock", kind, b"")
            .with(|header| header.as_old_mut().linkname[..6].copy_from_slice(b"../../"));
        let error = refused(&led_by(entry));
        assert!(
            matches!(&error, ContainerError::NotAFile { kind, .. } if *kind == said),
            "{kind:?}: {error}"
        );
    }
}

#[test]
fn headers_that_rename_or_resize_what_follows_are_refused() {
    let pax = b"30 path=../../../../etc/passwd\n";
    for (kind, name, content) in [
        (EntryType::XHeader, "PaxHeaders/x", pax.as_slice()),
        (EntryType::XGlobalHeader, "pax_global_header", pax),
        (EntryType::XHeader, "PaxHeaders/x", b"20 GNU.sparse.major=1\n"),
        (EntryType::GNULongName, "././@LongLink", b"../../etc/passwd\0"),
        (EntryType::GNULongLink, "././@LongLink", b"../../etc/passwd\0"),
    ] {
        let error = refused(&led_by(Entry::raw(name.as_bytes(), kind, content)));
        assert!(matches!(error, ContainerError::ExtendedHeader { .. }), "{kind:?}: {error}");
    }
}

#[test]
fn another_dialect_of_tar_is_refused() {
    let gnu = |header: &mut tar::Header| {
        header.as_mut_bytes()[257..265].copy_from_slice(b"ustar  \0");
    };
    let old = |header: &mut tar::Header| header.as_mut_bytes()[257..265].fill(0);
    for change in [gnu as fn(&mut tar::Header), old] {
        let error = refused(&led_by(Entry::file("bartizan.lock", b"").with(change)));
        assert!(matches!(error, ContainerError::ForeignDialect { at: 0 }), "{error}");
    }
}

#[test]
fn a_header_that_says_more_than_name_and_size_is_refused() {
    let changes: [fn(&mut tar::Header); 9] = [
        |header| header.set_mode(0o4755),
        |header| header.set_uid(1000),
        |header| header.set_gid(1000),
        |header| header.set_mtime(1),
        |header| header.set_username("root").unwrap(),
        |header| header.set_groupname("root").unwrap(),
        |header| header.set_device_major(8).unwrap(),
        |header| header.as_old_mut().linkname[0] = b'x',
        // After the name's end: a reader that trims less sees another name.
        |header| header.as_old_mut().name[50] = b'x',
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let error = refused(&led_by(Entry::file("bartizan.lock", b"").with(change)));
        assert!(matches!(error, ContainerError::OddHeader { .. }), "change {number}: {error}");
    }
}

#[test]
fn a_damaged_header_is_refused() {
    let mut bytes = tar(&entries(&bundle()));
    bytes[10] ^= 1;
    assert!(matches!(refused(&gzip(&bytes)), ContainerError::DamagedHeader { at: 0, .. }));
    let size = Entry::file("bartizan.lock", b"").with(|header| header.as_old_mut().size.fill(b'9'));
    assert!(matches!(refused(&led_by(size)), ContainerError::DamagedHeader { at: 0, .. }));
}

#[test]
fn bytes_hidden_between_members_are_refused() {
    let mut bytes = tar(&entries(&bundle()));
    // The first member is the list, whose length is no multiple of a block.
    let length = entries(&bundle())[0].bytes.len();
    assert_ne!(length % 512, 0);
    bytes[512 + length] = b'x';
    assert!(matches!(refused(&gzip(&bytes)), ContainerError::HiddenBytes { .. }));
}

#[test]
fn a_name_that_is_there_twice_is_refused() {
    let with = |name: &str| {
        let mut all = entries(&bundle());
        let at = all.iter().position(|entry| entry.header.path_bytes().as_ref() == b"index.json").unwrap();
        all.insert(at + 1, Entry::file(name, b"evil"));
        refused(&gzip(&tar(&all)))
    };
    assert_eq!(with("index.json"), ContainerError::Duplicate { member: "index.json".into() });
}

#[test]
fn a_name_that_is_there_twice_in_another_case_is_refused() {
    // `tuf/` holds free names; elsewhere only the one spelling has a place at all.
    for (first, second) in [("tuf/acme/A.json", "tuf/acme/a.json"), ("tuf/acme/Root", "tuf/acme/rOOT")] {
        let all = [Entry::file(first, b""), Entry::file(second, b"")];
        assert_eq!(
            refused(&gzip(&tar(&all))),
            ContainerError::DuplicateInAnotherCase { other: first.into(), member: second.into() }
        );
    }
    let error = refused(&led_by(Entry::file("INDEX.JSON", b"")));
    assert_eq!(error, ContainerError::UnknownMember { member: "INDEX.JSON".into() });
}

#[test]
fn a_name_that_looks_like_another_is_refused() {
    for name in [
        // An é in one piece and in two; a full-width letter; a dot leader; a right-to-left override.
        "tuf/acme/\u{e9}",
        "tuf/acme/e\u{301}",
        "\u{ff49}ndex.json",
        "index\u{2024}json",
        "index\u{202e}nosj.",
        "index.json ",
        "index.json\n",
    ] {
        let error = refused(&led_by(Entry::file(name, b"")));
        assert!(matches!(error, ContainerError::NameNotPlain { .. }), "{name:?}: {error}");
        assert!(!error.to_string().contains('\u{202e}'), "a message must not carry the trick on");
    }
    let error = refused(&led_by(Entry::raw(b"tuf/acme/\xff\xfe", EntryType::Regular, b"")));
    assert!(matches!(error, ContainerError::NameNotUtf8 { .. }), "{error}");
    for name in ["", "tuf/acme/NUL", "tuf/acme/aux.json", "tuf/acme/x.", "./index.json", "tuf//x"] {
        let error = refused(&led_by(Entry::file(name, b"")));
        assert!(matches!(error, ContainerError::NameReserved { .. }), "{name:?}: {error}");
    }
}

#[test]
fn a_name_without_a_place_in_a_bundle_is_refused() {
    for name in [
        "install.sh",
        "blobs/sha256/x",
        "blobs/sha512/00",
        "trust/acme/x.pem",
        "trust/x",
        "trust/Acme/x.pem",
        "tuf/x",
        "tuf/Acme/x",
    ] {
        let error = refused(&led_by(Entry::file(name, b"")));
        assert_eq!(error, ContainerError::UnknownMember { member: name.into() });
    }
}

#[test]
fn members_in_another_order_are_refused() {
    let mut all = entries(&bundle());
    let last = all.len() - 1;
    all.swap(0, last);
    assert!(matches!(refused(&gzip(&tar(&all))), ContainerError::OutOfOrder { .. }));
}

#[test]
fn a_bundle_without_a_list_a_signature_or_a_description_is_refused() {
    for name in ["SHA256SUMS", "SHA256SUMS.sig", "bundle.json"] {
        let all: Vec<_> = entries(&bundle())
            .into_iter()
            .filter(|entry| entry.header.path_bytes().as_ref() != name.as_bytes())
            .collect();
        assert_eq!(refused(&gzip(&tar(&all))), ContainerError::Missing { member: name.into() });
    }
}

#[test]
fn a_member_larger_than_its_bound_is_refused_before_it_is_read() {
    for (name, size) in [
        ("blobs/sha256/0000000000000000000000000000000000000000000000000000000000000000", (32 << 20) + 1),
        ("SHA256SUMS.sig", 4097),
        ("bundle.json", (1 << 20) + 1),
        ("oci-layout", 1025),
        ("tuf/acme/x", u64::MAX >> 1),
    ] {
        // The content is not even there.
        let entry = Entry::file(name, b"").with(|header| header.set_size(size));
        let error = refused(&gzip(&tar(&[entry])));
        assert!(
            matches!(error, ContainerError::MemberTooBig { actual, .. } if actual == size),
            "{name}: {error}"
        );
    }
}

#[test]
fn too_many_members_are_refused() {
    let all: Vec<_> = (0..5000).map(|n| Entry::file(&format!("tuf/acme/{n:05}"), b"")).collect();
    let error = refused(&gzip(&tar(&all)));
    assert!(matches!(error, ContainerError::TooManyMembers { limit: 4096 }), "{error}");
}

/// A gzip stream of this many zeros after these bytes.
fn bomb(start: &[u8], zeros: usize) -> Vec<u8> {
    let mut gzip = GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::new(6));
    gzip.write_all(start).unwrap();
    let chunk = vec![0; 1 << 20];
    for _ in 0..zeros >> 20 {
        gzip.write_all(&chunk).unwrap();
    }
    gzip.finish().unwrap()
}

#[test]
fn a_bomb_of_zeros_ends_at_the_first_block_after_the_end() {
    let bomb = bomb(&[], 256 << 20);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(refused(&bomb), ContainerError::DataAfterEnd);
}

/// The readers below never end: a test that ends shows that reading did.
#[test]
fn an_endless_file_is_refused_early() {
    let refused = |file: &mut dyn std::io::Read| read_package(file).unwrap_err();
    assert_eq!(refused(&mut repeat(0)), ContainerError::DataAfterEnd.into());
    assert!(matches!(
        refused(&mut repeat(b'x')),
        Refusal::Container(ContainerError::DamagedHeader { at: 0, .. })
    ));
    let bound = 32 << 20;
    let blob = |n: u8| format!("blobs/sha256/{}", hex_of(n));
    let header = |n: u8| Entry::file(&blob(n), b"").with(|header| header.set_size(bound));
    let (first, second) = (header(0), header(1));
    let mut endless =
        first.header.as_bytes().as_slice().chain(repeat(0).take(bound)).chain(&second.header.as_bytes()[..]);
    assert_eq!(
        refused(&mut endless.by_ref().chain(repeat(0))),
        ContainerError::TooBig { limit: 40 << 20 }.into()
    );
}

fn hex_of(n: u8) -> String {
    format!("{n:064x}")
}

#[test]
fn a_bomb_of_large_members_is_refused_at_the_header_that_goes_too_far() {
    let name = |n: u8| format!("tuf/acme/{n}");
    let large = |n: u8| Entry::file(&name(n), b"").with(|header| header.set_size(8 << 20));
    // Each member is within its bound; together they are far more than the file could honestly hold.
    let mut start = Vec::new();
    for n in 0..9 {
        start.extend_from_slice(large(n).header.as_bytes());
        start.extend(vec![0; 8 << 20]);
    }
    let bomb = bomb(&start, 64 << 20);
    let error = refused(&bomb);
    let ContainerError::Bomb { limit } = error else { panic!("{error}") };
    assert!(limit < 32 << 20, "{limit}");
}

#[test]
fn what_follows_the_end_is_refused() {
    let bundle = bundle();
    let with = |tail: &[u8]| refused(&[bundle.as_slice(), tail].concat());
    assert_eq!(with(b"x"), ContainerError::TrailingData { length: 1 });
    assert_eq!(with(&[0; 512]), ContainerError::TrailingData { length: 512 });
    assert_eq!(with(&gzip(b"")), ContainerError::SecondStream);
    assert_eq!(with(&bundle), ContainerError::SecondStream);
    let inside = |tail: &[u8]| refused(&gzip(&[gunzip(&bundle).as_slice(), tail].concat()));
    for tail in [b"x".as_slice(), &[0; 512], &gunzip(&bundle)] {
        assert_eq!(inside(tail), ContainerError::DataAfterEnd);
    }
}

#[test]
fn data_after_one_zero_block_is_refused() {
    let all = entries(&bundle());
    let mut bytes = tar(&all[..2]);
    bytes.truncate(bytes.len() - 512);
    bytes.extend(tar(&all[2..]));
    assert_eq!(refused(&gzip(&bytes)), ContainerError::DataAfterEnd);
}

#[test]
fn a_gzip_header_that_says_something_is_refused() {
    let bytes = gunzip(&bundle());
    let made = |builder: GzBuilder| {
        let mut gzip = builder.write(Vec::new(), Compression::new(6));
        gzip.write_all(&bytes).unwrap();
        gzip.finish().unwrap()
    };
    let mut plain = GzEncoder::new(Vec::new(), Compression::best());
    plain.write_all(&bytes).unwrap();
    for odd in [
        made(GzBuilder::new().operating_system(255).filename("x")),
        made(GzBuilder::new().operating_system(255).comment("x")),
        made(GzBuilder::new().operating_system(255).extra(*b"xx")),
        made(GzBuilder::new().operating_system(255).mtime(1)),
        made(GzBuilder::new().operating_system(3)),
        plain.finish().unwrap(),
    ] {
        assert_eq!(refused(&odd), ContainerError::OddGzip);
    }
}

#[test]
fn what_is_no_gzip_is_refused() {
    assert!(matches!(refused(&gunzip(&bundle())), ContainerError::Unreadable { .. }));
    assert!(matches!(refused(b"PK\x03\x04 a zip file"), ContainerError::Unreadable { .. }));
    assert!(matches!(refused(b""), ContainerError::Truncated { .. }));
}

#[test]
fn a_bundle_that_ends_early_is_refused_wherever_it_ends() {
    let bundle = bundle();
    for length in 0..bundle.len() {
        assert!(
            matches!(refused(&bundle[..length]), ContainerError::Truncated { .. }),
            "{length} bytes of {}",
            bundle.len()
        );
    }
    let bytes = gunzip(&bundle);
    // Every block, and some lengths that are none.
    for length in (0..bytes.len()).step_by(256).chain([1, 511, 513, bytes.len() - 1]) {
        assert!(
            matches!(refused(&gzip(&bytes[..length])), ContainerError::Truncated { .. }),
            "{length} bytes of {}",
            bytes.len()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_pass_or_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..4096)) {
        prop_assert!(read(&bytes).is_err());
        let led = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255], bytes.as_slice()].concat();
        prop_assert!(read(&led).is_err());
        prop_assert!(read(&gzip(&bytes)).is_err());
    }

    #[test]
    fn members_left_out_repeated_or_moved_never_pass(picked in proptest::collection::vec(0_usize..20, 0..24)) {
        let signer = Signer::generate().unwrap();
        let all = entries(&create(&contents(&signer), &signer).unwrap());
        let picked: Vec<usize> = picked.into_iter().map(|at| at % all.len()).collect();
        prop_assume!(picked != (0..all.len()).collect::<Vec<_>>());
        let made: Vec<Entry> = picked.iter().map(|at| all[*at].clone()).collect();
        let passed = read(&gzip(&tar(&made))).and_then(|o| o.verify(&trusting("acme", &signer), now(), None));
        prop_assert!(passed.is_err());
    }
}

/// A bundle's contents with one component and no more than must be: every bit of it is tried.
fn few(signer: &Signer) -> Contents {
    let mut few = contents(signer);
    few.components.truncate(1);
    Contents { trust: vec![], revocations: None, repositories: vec![], ..few }
}

/// Deflate has many ways to say one thing, and bits that say nothing at its end; so a flipped bit in the compressed form may
/// change nothing. It must not change anything else.
#[test]
fn one_flipped_bit_anywhere_is_refused_or_changes_nothing() {
    let signer = Signer::generate().unwrap();
    let bundle = create(&few(&signer), &signer).unwrap();
    let trust = trusting("acme", &signer);
    let whole = read(&bundle).unwrap().verify(&trust, now(), None).unwrap().into_contents();
    let mut harmless = 0;
    for at in 0..bundle.len() {
        for bit in 0..8 {
            let mut altered = bundle.clone();
            altered[at] ^= 1 << bit;
            if let Ok(verified) = read(&altered).and_then(|opened| opened.verify(&trust, now(), None)) {
                assert_eq!(verified.contents(), &whole, "byte {at}, bit {bit}");
                harmless += 1;
            }
        }
    }
    assert!(harmless * 100 < bundle.len() * 8, "{harmless} flipped bits went unseen");
}

#[test]
fn one_flipped_bit_anywhere_inside_is_refused() {
    let signer = Signer::generate().unwrap();
    let bytes = gunzip(&create(&few(&signer), &signer).unwrap());
    let trust = trusting("acme", &signer);
    for at in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[at] ^= 1 << (at % 8);
        // Stored, not compressed: this is about what is inside.
        let mut packed =
            GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::none());
        packed.write_all(&altered).unwrap();
        let mut packed = packed.finish().unwrap();
        packed[8] = 0;
        let passed = read(&packed).and_then(|opened| opened.verify(&trust, now(), None));
        assert!(passed.is_err(), "byte {at}");
    }
}
