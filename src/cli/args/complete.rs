//! What a half-typed value of the command line may become.
//!
//! A shell asks at every press of a key, so nothing here reads more than a folder's names.

use std::ffi::OsStr;
use std::path::Path;

use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, PathCompleter};

use crate::catalogue::{Catalogue, pattern_path};
use crate::cli::fleet::search::is_yaml;
use crate::explain;
use crate::shapes::Shapes;

/// What a word may become: the whole word, and a sentence about it.
type Offer = (String, String);

/// Manifests and folders, and `-` for standard input.
pub(in crate::cli) fn manifests() -> ArgValueCompleter {
    let is_manifest = |path: &Path| path.is_dir() || is_yaml(path);
    ArgValueCompleter::new(PathCompleter::any().filter(is_manifest).stdio())
}

/// Files of this kind, and the folders on the way to them.
pub(in crate::cli) fn files(extension: &'static str) -> ArgValueCompleter {
    let is_file = move |path: &Path| path.is_dir() || path.extension().is_some_and(|own| own == extension);
    ArgValueCompleter::new(PathCompleter::any().filter(is_file))
}

/// Whatever `explain` has a page for.
pub(in crate::cli) fn topics() -> ArgValueCompleter {
    of_words(|typed| {
        let catalogue = Catalogue::new(Shapes::bundled());
        let codes = codes().chain(rules()).filter(|(code, _)| code.starts_with(typed));
        let codes: Vec<Offer> = codes.collect();
        settings(&catalogue, typed).into_iter().chain(codes).collect()
    })
}

/// Settings.
pub(in crate::cli) fn settings_of_a_pool() -> ArgValueCompleter {
    of_words(|typed| settings(&Catalogue::new(Shapes::bundled()), typed))
}

/// Settings, and manifests and folders.
pub(in crate::cli) fn settings_and_manifests() -> ArgValueCompleter {
    let offer = |typed: &OsStr| {
        let mut offers = settings_of_a_pool().complete(typed);
        offers.extend(manifests().complete(typed));
        offers
    };
    ArgValueCompleter::new(offer)
}

/// What `--allow` takes: codes with commas between them, each for a setting if `@` follows.
pub(in crate::cli) fn allows() -> ArgValueCompleter {
    of_words(|typed| {
        let last = typed.rfind(',').map_or(0, |comma| comma + 1);
        let (before, typed) = typed.split_at(last);
        let offers = match typed.split_once('@') {
            Some((code, setting)) => {
                let catalogue = Catalogue::new(Shapes::bundled());
                let offers = settings(&catalogue, setting).into_iter();
                offers.map(|(setting, doc)| (format!("{code}@{setting}"), doc)).collect()
            }
            None => allowable().filter(|(code, _)| code.starts_with(typed)).collect::<Vec<_>>(),
        };
        offers.into_iter().map(|(offer, doc)| (format!("{before}{offer}"), doc)).collect()
    })
}

fn of_words(offers: impl Fn(&str) -> Vec<Offer> + Send + Sync + 'static) -> ArgValueCompleter {
    ArgValueCompleter::new(move |typed: &OsStr| -> Vec<CompletionCandidate> {
        let offers = typed.to_str().map(&offers).unwrap_or_default();
        let candidate =
            |(word, doc): Offer| CompletionCandidate::new(word).help((!doc.is_empty()).then(|| doc.into()));
        offers.into_iter().map(candidate).collect()
    })
}

/// The settings at the depth of the typed word; a structure also with a dot at its end.
fn settings(catalogue: &Catalogue, typed: &str) -> Vec<Offer> {
    let patterns = catalogue.patterns();
    let depth = typed.matches('.').count();
    let here = patterns.iter().filter(|name| name.starts_with(typed) && name.matches('.').count() == depth);
    let mut offers = Vec::new();
    for name in here {
        let doc = catalogue.doc(&pattern_path(name)).unwrap_or_default().to_owned();
        let inside = format!("{name}.");
        if patterns.iter().any(|other| other.starts_with(&inside)) {
            offers.push((inside, doc.clone()));
        }
        offers.push((name.clone(), doc));
    }
    offers
}

/// The codes that are no rule's.
fn codes() -> impl Iterator<Item = Offer> {
    explain::codes().filter(|code| !explain::is_rule(code)).map(|code| (code.to_owned(), sentence(code)))
}

/// The codes of rules, as `--allow` and `explain` take them.
fn rules() -> impl Iterator<Item = Offer> {
    explain::codes()
        .filter(|code| explain::is_rule(code))
        .map(|code| (format!("rule:{code}"), sentence(code)))
}

/// The codes of risks and rules that can be accepted.
fn allowable() -> impl Iterator<Item = Offer> {
    let blocks = |(code, _): &Offer| Catalogue::risks().iter().any(|risk| risk.blocks && risk.code == code);
    codes().filter(blocks).chain(rules())
}

fn sentence(code: &str) -> String {
    explain::meaning(code).map(|meaning| meaning.text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(completer: &ArgValueCompleter, typed: &str) -> Vec<String> {
        let offers = completer.complete(OsStr::new(typed));
        offers.iter().map(|offer| offer.get_value().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_setting_is_found_member_by_member() {
        let topics = topics();
        assert_eq!(words(&topics, "Polic"), ["Policies.", "Policies"]);
        let inside = words(&topics, "Policies.");
        assert!(inside.contains(&"Policies.PasswordPolicy.".to_owned()), "{inside:?}");
        assert!(inside.iter().all(|word| word.matches('.').count() <= 2), "{inside:?}");
        assert_eq!(
            words(&topics, "Policies.PasswordPolicy.MinimumL"),
            ["Policies.PasswordPolicy.MinimumLength"]
        );
        assert_eq!(words(&topics, "Zebra"), [""; 0]);
    }

    #[test]
    fn a_code_is_found_where_it_can_stand() {
        assert_eq!(words(&topics(), "trigger-r"), ["trigger-removal"]);
        assert_eq!(words(&topics(), "immutable-"), ["immutable-field"]);
        assert_eq!(words(&allows(), "immutable-"), [""; 0], "no flag lets a conflict through");
        assert_eq!(words(&allows(), "trigger-"), ["trigger-removal"], "the others do not block");
        assert_eq!(words(&allows(), "rule:mfa-with-o"), ["rule:mfa-with-otp-sign-in"]);
    }

    #[test]
    fn the_last_of_several_codes_is_completed_and_its_setting_too() {
        assert_eq!(words(&allows(), "mfa-gap,trigger-r"), ["mfa-gap,trigger-removal"]);
        assert_eq!(
            words(&allows(), "mfa-gap,trigger-removal@LambdaConfig.PreS"),
            ["mfa-gap,trigger-removal@LambdaConfig.PreSignUp"]
        );
    }
}
