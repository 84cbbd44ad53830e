//! Links the program to a fixed address on Linux with glibc.
//!
//! Otherwise the loader moves some 25,000 pointers at every start, and copies the pages that contain them: a third of
//! what `poolctl --version` costs. The libraries, the heap and the stack keep their random addresses. It is how Go links
//! programs.

#![allow(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let target = |name: &str| std::env::var(format!("CARGO_CFG_TARGET_{name}")).unwrap_or_default();
    let is_static = target("FEATURE").split(',').any(|feature| feature == "crt-static");
    if target("OS") == "linux" && target("ENV") == "gnu" && !is_static {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}
