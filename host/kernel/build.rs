//! Tells the kernel for which platform it is built, since compiled code is for that one and no other.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-env=KERNEL_TARGET={}", std::env::var("TARGET").unwrap_or_default());
}
