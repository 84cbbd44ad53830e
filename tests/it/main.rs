//! Tests of the library and the built binary, over real files and real HTTP.

// The lints that allow `unwrap` and `panic` in tests look for this attribute.
#[cfg(test)]
mod harness;
#[cfg(test)]
mod peers;
#[cfg(test)]
mod peers_faults;
#[cfg(test)]
mod peers_sandbox;
#[cfg(test)]
mod peers_stories;
#[cfg(test)]
mod wire;
