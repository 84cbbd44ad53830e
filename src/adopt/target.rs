//! Where each live value is to be written, and as what.

use crate::catalogue::{Catalogue, Compare, Removal};
use crate::document::{Json, Path, Seg, json};
use crate::import::{self, Said};
use crate::manifest::write::Yaml;
use crate::manifest::yaml::{Entry, Value};
use crate::manifest::{List, Manifest, Origin};
use crate::plan::{Level, Plan};
use crate::rules::{Desired, Want};

/// A declared setting that the pool has otherwise, and what becomes of the declaration.
#[derive(Clone, Debug)]
pub struct Adoption {
    /// The setting, as the manifest names it.
    pub path: Path,
    /// Where the manifest declares it.
    pub origin: Origin,
    /// What is written; else why nothing is.
    pub target: Result<Target, String>,
}

/// What is written, and where.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// A value in the place of the one that stands here.
    Value {
        /// The place.
        at: Origin,
        /// The value.
        value: Yaml,
        /// How the elements are told apart, where it is a list.
        list: List<'static>,
    },
    /// The whole text of a file that the manifest refers to.
    Text {
        /// The file, as messages show it.
        file: String,
        /// The text.
        text: String,
    },
}

/// What is to be written so that a manifest says what its pool is, for every setting that `is_chosen` and
/// that the plan would change, or cannot.
pub fn adoptions(
    catalogue: &Catalogue,
    manifest: &Manifest,
    desired: &Desired,
    plan: &Plan,
    is_chosen: impl Fn(&Path) -> bool,
) -> Vec<Adoption> {
    let writer = Writer { catalogue, manifest, desired, plan };
    let mut adoptions: Vec<Adoption> = Vec::new();
    for (want, at) in desired.wants.iter().zip(&plan.declared) {
        let Some(origin) = want.origin.clone().filter(|_| is_chosen(&want.path)) else { continue };
        if !writer.differs(want, at) {
            continue;
        }
        let target = writer.target(want);
        // What stands around several settings goes once.
        if !adoptions.iter().any(|known| target.is_ok() && known.target == target) {
            adoptions.push(Adoption { path: want.path.clone(), origin, target });
        }
    }
    adoptions
}

struct Writer<'a> {
    catalogue: &'a Catalogue,
    manifest: &'a Manifest,
    desired: &'a Desired,
    plan: &'a Plan,
}

impl Writer<'_> {
    /// Whether the pool has the setting otherwise than the manifest wants it.
    fn differs(&self, want: &Want, at: &Path) -> bool {
        let refused = |finding: &&crate::plan::Finding| {
            finding.origin.is_some()
                && finding.origin == want.origin
                && finding.path.as_ref().is_some_and(|path| path.overlaps(at))
        };
        self.plan.changes.iter().any(|change| change.path.overlaps(at))
            || self.plan.findings(Level::Conflict).any(|finding| refused(&finding))
    }

    fn target(&self, want: &Want) -> Result<Target, String> {
        let (path, said) = self.said(want)?;
        let entry = self.entry(&path).ok_or("its line was not found: edit it by hand")?;
        let node = &entry.value;
        if let Value::Scalar(scalar) = &node.value
            && let Some(given) = &scalar.given
        {
            let text = match &said {
                Yaml::Scalar(Json::String(text)) => Some(text),
                _ => None,
            };
            return match (given.parts.as_slice(), text) {
                ([part], Some(text)) if is_file(&given.text) => {
                    // What a file holds is no YAML: nothing in it is escaped.
                    let text = text.replace("$${", "${");
                    Ok(Target::Text { file: part.from.clone(), text })
                }
                ([_], None) if is_file(&given.text) => Ok(self.value(&path, entry, said)),
                _ => Err(format!(
                    "it comes from `{}`: change that where it is kept, or write the value here",
                    given.text
                )),
            };
        }
        if node.is_given(|_| true) {
            return Err("a part of it is a reference: change that, or write the value here".to_owned());
        }
        Ok(self.value(&path, entry, said))
    }

    fn value(&self, path: &Path, entry: &Entry, value: Yaml) -> Target {
        let field = self.catalogue.setting(path);
        let list = List {
            key: field.and_then(|field| field.key_member()),
            ordered: field.is_none_or(|field| field.compare() == Compare::ByShape),
        };
        Target::Value { at: entry.value.origin.clone(), value, list }
    }

    /// What the manifest is to say, and of which setting: where a member cannot be without the structure
    /// around it and the pool has none, that one is said to be none.
    fn said(&self, want: &Want) -> Result<(Path, Yaml), String> {
        let null = || Yaml::Scalar(Json::Null);
        let live = self.live_path(&want.path);
        match import::said(self.catalogue, &self.plan.base, &self.desired.region, &live) {
            Said::Value(value) => Ok((want.path.clone(), value)),
            Said::Unsayable(why) => Err(why),
            Said::Nothing => {
                let mut path = want.path.clone();
                while let Removal::Impossible(why) = self.catalogue.removal(&path) {
                    let around = path.parent().filter(|around| !around.is_root() && !self.is_live(around));
                    path = around.ok_or_else(|| {
                        format!("the pool has none, and a manifest cannot say so ({why}): delete the line")
                    })?;
                }
                Ok((path, null()))
            }
        }
    }

    /// The path under which the pool has the setting: an old name stands for a newer one.
    fn live_path(&self, path: &Path) -> Path {
        let text = path.to_string();
        let alias = self.catalogue.aliases().iter().find(|alias| alias.legacy == text);
        let truth = alias.map(|alias| crate::catalogue::path(alias.truth));
        truth.filter(|truth| self.is_live(truth)).unwrap_or_else(|| path.clone())
    }

    fn is_live(&self, path: &Path) -> bool {
        json::get(&self.catalogue.canonical(&self.plan.base), path).is_some()
    }

    /// The entry that declares a setting, or that stands around those that do.
    fn entry(&self, path: &Path) -> Option<&Entry> {
        let within = |entries| descend(entries, path.segs());
        within(&self.manifest.settings).or_else(|| within(&self.manifest.passthrough))
    }
}

fn descend<'a>(entries: &'a [Entry], segs: &[Seg]) -> Option<&'a Entry> {
    let (Seg::Member(name), rest) = segs.split_first()? else { return None };
    let entry = entries.iter().find(|entry| entry.key == **name)?;
    match &entry.value.value {
        _ if rest.is_empty() => Some(entry),
        Value::Mapping(entries) => descend(entries, rest),
        Value::Scalar(_) | Value::Sequence(_) => None,
    }
}

/// Whether a text is one reference to a file and nothing else.
fn is_file(text: &str) -> bool {
    text.starts_with("${file:") && text.find('}') == Some(text.len() - 1)
}
