//! Repositories after The Update Framework, through the program: kept, published into, trusted, installed from.

use std::path::PathBuf;

use bartizan_registry::Signer;
use bartizan_tests::{Bartizan, Publisher, Run, versioned};

use super::{ID, claims, component, flat, listing, trusting, user, version};

/// A keeper with a repository in which the publisher `hostile` may publish.
struct Keeper {
    user: Bartizan,
    publisher: Publisher,
    root_keys: [PathBuf; 2],
    online: PathBuf,
    key: PathBuf,
    folder: PathBuf,
}

fn key(user: &Bartizan, name: &str) -> PathBuf {
    let path = user.work().join(name);
    let signer = Signer::generate().unwrap();
    signer.write_new(&path).unwrap();
    user.write(&format!("{name}.pub"), signer.public().to_pem().unwrap());
    path
}

fn keeper() -> Keeper {
    let (user, publisher) = trusting();
    let root_keys = [key(&user, "root1.pem"), key(&user, "root2.pem")];
    let online = key(&user, "online.pem");
    let own = user.work().join("publisher.pem");
    publisher.signer().write_new(&own).unwrap();
    let folder = user.work().join("repository");
    let keeper = Keeper { user, publisher, root_keys, online, key: own, folder };
    let [one, other] = &keeper.root_keys;
    let (one, other) = (one.to_str().unwrap(), other.to_str().unwrap());
    keeper.repository(&["init"], &["--root-key", one, "--root-key", other, "--threshold", "2"]);
    keeper.repository(&["delegate"], &["hostile", "publisher.pem.pub"]);
    keeper
}

impl Keeper {
    /// `bartizan repository …` on the folder, signed with the key that is online.
    fn repository(&self, what: &[&str], more: &[&str]) -> Run {
        let mut args = vec!["repository"];
        args.extend(what);
        args.push(self.folder.to_str().unwrap());
        args.extend(more);
        args.extend(["--key", self.online.to_str().unwrap()]);
        self.user.run(args).expect_code(0)
    }

    fn publish(&self, version: &str, sequence: u64) {
        let bytes = if version == "1.0.0" { component() } else { versioned(&component(), version) };
        let package = self.publisher.package(&self.user, &bytes, &claims(version, sequence));
        let (key, online) = (self.key.to_str().unwrap(), self.online.to_str().unwrap());
        let to = self.folder.to_str().unwrap();
        self.user
            .run([
                "plugins",
                "publish",
                package.to_str().unwrap(),
                "--to",
                to,
                "--key",
                key,
                "--key",
                online,
                "--summary",
                "Finds itself",
            ])
            .expect_code(0);
    }

    fn root(&self) -> PathBuf {
        self.folder.join("metadata/1.root.json")
    }

    /// Somebody who trusts the publisher, and the repository where `location` says it is.
    fn taker(&self, location: &str) -> Bartizan {
        let taker = user();
        self.publisher.trusted_by(&taker, "hostile");
        taker
            .run(["trust", "repository", "main", location, "--root", self.root().to_str().unwrap()])
            .expect_code(0);
        taker
    }
}

#[test]
fn a_release_is_published_found_installed_updated_yanked_and_revoked() {
    let keeper = keeper();
    keeper.publish("1.0.0", 1);
    let taker = keeper.taker(keeper.folder.to_str().unwrap());
    let found = taker.run(["plugins", "search", "itself"]).expect_code(0);
    assert!(found.text().contains(ID) && found.text().contains("Finds itself"), "{}", found.text());
    assert_eq!(taker.run(["plugins", "search", "nothing-like-it"]).expect_code(0).text(), "nothing found\n");
    taker.run(["plugins", "install", "main", "hostile/by-config@^1"]).expect_code(0);
    assert_eq!(version(&taker, ID).as_deref(), Some("1.0.0"));

    keeper.publish("1.0.1", 2);
    taker.run(["plugins", "update"]).expect_code(0);
    assert_eq!(version(&taker, ID).as_deref(), Some("1.0.1"));

    keeper.publish("1.0.2", 3);
    let key = keeper.key.to_str().unwrap();
    keeper.repository(&["yank"], &["hostile/by-config@1.0.2", "--reason", "slow", "--key", key]);
    assert_eq!(taker.run(["plugins", "update"]).expect_code(0).text(), "nothing newer was found\n");
    let refused = taker.run(["plugins", "install", "main", "hostile/by-config@2"]);
    assert_ne!(refused.code(), 0);

    keeper.repository(&["revoke"], &["hostile/by-config@1.0.1", "--reason", "it sleeps"]);
    let told = taker.run(["plugins", "update"]);
    assert!(flat(&told.stderr).contains("it sleeps"), "{}", told.stderr);
    let run = taker.scan([listing()]).expect_code(4);
    assert_eq!(run.not_checked(), ["hostile/by-config revoked"]);
}

#[test]
fn a_publisher_changes_its_key_without_a_gap() {
    let keeper = keeper();
    keeper.publish("1.0.0", 1);
    let taker = keeper.taker(keeper.folder.to_str().unwrap());
    let new = key(&keeper.user, "new.pem");
    keeper.repository(&["delegate"], &["hostile", "new.pem.pub", "--key", new.to_str().unwrap()]);
    taker.run(["plugins", "install", "main", "hostile/by-config"]).expect_code(0);
    keeper.repository(&["resign"], &["hostile", "--key", new.to_str().unwrap()]);
    keeper.repository(&["refresh"], &[]);
    taker.run(["plugins", "search"]).expect_code(0);
    // With neither the old key's signature nor the new key's there is no list, and the keeper is told.
    key(&keeper.user, "other.pem");
    let gap = keeper.repository(&["delegate"], &["hostile", "other.pem.pub"]);
    assert!(gap.stderr.contains("nothing of `hostile` can be had"), "{}", gap.stderr);
    assert!(gap.stderr.contains("repository resign"), "{}", gap.stderr);
    keeper.repository(&["delegate"], &["hostile", "new.pem.pub", "--key", new.to_str().unwrap()]);
    // The old key lists nothing any more.
    let package =
        keeper.publisher.package(&keeper.user, &versioned(&component(), "1.0.1"), &claims("1.0.1", 2));
    let (old, online, to) =
        (keeper.key.to_str().unwrap(), keeper.online.to_str().unwrap(), keeper.folder.to_str().unwrap());
    let package = package.to_str().unwrap();
    keeper
        .user
        .run(["plugins", "publish", package, "--to", to, "--key", old, "--key", online])
        .expect_code(4);
    let new = new.to_str().unwrap();
    keeper
        .user
        .run(["plugins", "publish", package, "--to", to, "--key", new, "--key", online])
        .expect_code(0);
    taker.run(["plugins", "update"]).expect_code(0);
    assert_eq!(version(&taker, ID).as_deref(), Some("1.0.1"));
}

#[test]
fn a_repository_is_read_from_a_web_server_that_knows_nothing() {
    let keeper = keeper();
    keeper.publish("1.0.0", 1);
    let web = bartizan_tests::serve_folder(&keeper.folder);
    let taker = keeper.taker(&web.url);
    taker.run(["plugins", "install", "main", "hostile/by-config@1.0.0"]).expect_code(0);
    assert_eq!(version(&taker, ID).as_deref(), Some("1.0.0"));
    let package = keeper.publisher.package(&keeper.user, &component(), &claims("1.0.0", 1));
    let files = bartizan_tests::serve_folder(package.parent().unwrap());
    let other = user();
    keeper.publisher.trusted_by(&other, "hostile");
    other.run(["plugins", "install", &format!("{}by-config-1.0.0.oci.tar", files.url)]).expect_code(0);
    assert_eq!(version(&other, ID).as_deref(), Some("1.0.0"));
    let missing = other.run(["plugins", "install", &format!("{}none.oci.tar", files.url)]).expect_code(3);
    assert!(flat(&missing.stderr).contains("does not exist"), "{}", missing.stderr);
}

#[test]
fn a_copy_that_was_put_back_or_tampered_with_is_refused() {
    let keeper = keeper();
    keeper.publish("1.0.0", 1);
    let old = keeper.user.work().join("old");
    copy(&keeper.folder, &old);
    let taker = keeper.taker(keeper.folder.to_str().unwrap());
    keeper.publish("1.0.1", 2);
    taker.run(["plugins", "search"]).expect_code(0);
    // The old state comes back in place of the new one.
    std::fs::remove_dir_all(&keeper.folder).unwrap();
    copy(&old, &keeper.folder);
    let refused = taker.run(["plugins", "search"]).expect_code(4);
    assert!(flat(&refused.stderr).contains("repository `main`"), "{}", refused.stderr);
    // Somebody else's root does not open it.
    let stranger = user();
    let foreign = self::keeper();
    stranger
        .run([
            "trust",
            "repository",
            "main",
            keeper.folder.to_str().unwrap(),
            "--root",
            foreign.root().to_str().unwrap(),
        ])
        .expect_code(4);
}

#[test]
fn a_publisher_cannot_publish_anothers_name_nor_an_older_release() {
    let keeper = keeper();
    keeper.publish("1.0.1", 2);
    let (key, online, to) =
        (keeper.key.to_str().unwrap(), keeper.online.to_str().unwrap(), keeper.folder.to_str().unwrap());
    let publish = |package: PathBuf| {
        keeper.user.run([
            "plugins",
            "publish",
            package.to_str().unwrap(),
            "--to",
            to,
            "--key",
            key,
            "--key",
            online,
        ])
    };
    publish(keeper.publisher.package(&keeper.user, &component(), &claims("1.0.2", 1))).expect_code(4);
    let foreign = bartizan_registry::Claims { id: "acme/by-config".parse().unwrap(), ..claims("1.0.0", 1) };
    publish(keeper.publisher.package(&keeper.user, &component(), &foreign)).expect_code(4);
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    let status = std::process::Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
    assert!(status.success());
}
