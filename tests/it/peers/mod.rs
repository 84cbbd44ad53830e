//! poolctl beside programs that others wrote: emulators of Cognito, clients, readers of its outputs, an editor.

mod browser;
mod clients;
mod dashboard;
mod editor;
mod endpoint;
mod faults;
mod forms;
mod import;
mod mfa;
mod neighbours;
mod packages;
mod policies;
mod prowler;
mod sandbox;
mod stories;
mod yaml;
