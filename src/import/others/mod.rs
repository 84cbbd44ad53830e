//! Files of other tools that manage user pools as code: the pools that they name, the labels that they give app clients,
//! and what makes a tool let go of a resource.
//!
//! No such file describes a pool: a state lacks settings that its provider does not know, a template has no ids, and all
//! of them may contain secrets. So only addresses and ids are read from a file, and everything else from Cognito.

mod cloudformation;
mod kinds;
mod leave;
mod pulumi;
mod terraform;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use crate::catalogue::is_same_name;
use crate::document::{DocumentKind, Json, Object};
use crate::manifest::is_pool_id;
use kinds::{PoolPart, ToolKind};
pub use leave::leave;

/// A tool that manages user pools as code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherTool {
    /// Terraform, or OpenTofu.
    Terraform,
    /// CloudFormation, and what deploys by it: the CDK, SAM.
    CloudFormation,
    /// Pulumi, or SST.
    Pulumi,
}

impl OtherTool {
    /// How poolctl gets a file of the tool that it can read.
    pub fn how_to_save(self) -> &'static str {
        match self {
            Self::Terraform => terraform::PULL,
            Self::CloudFormation => cloudformation::LIST,
            Self::Pulumi => pulumi::EXPORT,
        }
    }
}

/// What the files of another tool say about user pools.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolFile {
    /// The tool that the texts name.
    tool: OtherTool,
    /// The program that wrote a state.
    program: ToolProgram,
    /// The resources that a manifest can declare, in the file's order.
    pub resources: Vec<ToolResource>,
    /// The names of other resources and of outputs that refer to them.
    referring: Vec<String>,
    /// The names of resources of the stack that a pool needs, such as the role that sends SMS messages.
    needed: Vec<String>,
    /// What a person should know about the files.
    pub notes: Vec<String>,
}

/// A program that reads a state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct ToolProgram {
    /// Whether it is OpenTofu.
    is_tofu: bool,
    /// Its version, as far as `1.10`.
    version: Option<(u32, u32)>,
}

/// A resource of another tool that a manifest can declare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolResource {
    /// The tool's name for it: an address without instance keys of its own, a logical id, a URN.
    pub name: String,
    /// The path of the construct that made it in a CDK app.
    construct: Option<String>,
    /// The part of the pool that it is.
    part: PoolPart,
    /// The branch of a manifest that declares it; `None` for the pool's own settings.
    pub branch: Option<&'static str>,
    /// The id of its pool; `None` if the file does not tell.
    pool: Option<String>,
    /// The id of the app client, if it is one.
    client: Option<String>,
    /// The label that the tool's name suggests for an app client.
    label: Option<String>,
    /// Whether the tool already keeps it when it leaves the code.
    is_retained: bool,
    /// Whether the tool refuses to delete it.
    is_protected: bool,
}

/// Why files of another tool cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolFileError {
    /// What is wrong, fit to follow the file's name.
    pub text: String,
    /// What to do.
    pub help: String,
}

impl ToolResource {
    /// The resource of this kind and name.
    fn new(kind: &ToolKind, name: impl Into<String>, pool: Option<String>) -> Self {
        Self {
            name: name.into(),
            construct: None,
            part: kind.part,
            branch: Some(kind.branch).filter(|branch| !branch.is_empty()),
            pool,
            client: None,
            label: None,
            is_retained: false,
            is_protected: false,
        }
    }

    /// The same, with the id of the app client that it is in the tool's `id`: alone, or behind the pool's. The first of
    /// the names that is fit to be its label is that.
    fn of_client(self, id: Option<&str>, names: &[Option<&str>]) -> Self {
        let client = id.and_then(|id| id.rsplit('|').next()).filter(|_| self.part == PoolPart::Client);
        let label = names.iter().flatten().find_map(|name| label(name)).filter(|_| client.is_some());
        Self { client: client.map(str::to_owned), label, ..self }
    }
}

impl ToolFileError {
    fn new(text: impl Into<String>, help: impl Into<String>) -> Self {
        Self { text: text.into(), help: help.into() }
    }
}

/// Reads files of a tool. Only CloudFormation has several: a list of resources with ids, and its template.
///
/// # Errors
/// If they are something else, or name no user pool; with the position of the file.
pub fn read_files(tool: OtherTool, documents: Vec<Json>) -> Result<ToolFile, (usize, ToolFileError)> {
    let file = match tool {
        OtherTool::CloudFormation => cloudformation::read(documents)?,
        OtherTool::Terraform => alone(documents, terraform::read, tool.how_to_save())?,
        OtherTool::Pulumi => alone(documents, pulumi::read, tool.how_to_save())?,
    };
    if file.pools().is_empty() {
        let text = match file.resources.is_empty() {
            true => "has no user pool",
            false => "does not name the pool of its resources",
        };
        return Err((0, ToolFileError::new(text, "run `poolctl import POOL_ID` with the pool's id")));
    }
    Ok(file)
}

/// Reads the one file of a tool.
fn alone(
    documents: Vec<Json>,
    read: fn(&Object) -> Result<ToolFile, ToolFileError>,
    help: &str,
) -> Result<ToolFile, (usize, ToolFileError)> {
    match documents.first() {
        Some(Json::Object(document)) => read(document).map_err(|error| (0, error)),
        _ => Err((0, ToolFileError::new("is not a JSON object", help))),
    }
}

/// That a document is of another kind than the option takes; `expected` is the help if it is none of ours.
fn misfit(document: &Object, expected: (&str, &str)) -> ToolFileError {
    let (name, help) = expected;
    match DocumentKind::of(document) {
        Some(kind) => ToolFileError::new(format!("is {}, not {name}", kind.name()), kind.help(&[])),
        None => ToolFileError::new(format!("is not {name}"), help),
    }
}

impl ToolFile {
    /// What a tool says that knows nothing but these resources, and what refers to them.
    fn new(tool: OtherTool, resources: Vec<ToolResource>, referring: Vec<String>) -> Self {
        let program = ToolProgram::default();
        Self { tool, program, resources, referring, needed: Vec::new(), notes: Vec::new() }
    }

    /// The ids of the pools, each once: first those that the tool manages itself, then those of its other resources.
    pub fn pools(&self) -> Vec<String> {
        let (own, others): (Vec<_>, Vec<_>) =
            self.resources.iter().partition(|resource| resource.part == PoolPart::Pool);
        let mut pools: Vec<String> = Vec::new();
        for pool in own.into_iter().chain(others).filter_map(|resource| resource.pool.as_ref()) {
            if !pools.contains(pool) {
                pools.push(pool.clone());
            }
        }
        pools
    }

    /// Whether the tool manages this pool itself, and not only what is in it.
    pub fn owns(&self, pool: &str) -> bool {
        let is_pool = |one: &ToolResource| one.part == PoolPart::Pool && one.pool.as_deref() == Some(pool);
        self.resources.iter().any(is_pool)
    }

    /// The ids of the app clients, each with the label that the tool's name for it suggests. One has no label if the name
    /// says nothing, or if another app client of its pool has the same.
    pub fn clients(&self) -> HashMap<String, Option<String>> {
        let mut uses: BTreeMap<(Option<&str>, String), usize> = BTreeMap::new();
        let key = |one: &ToolResource| Some((one.pool.clone(), one.label.as_ref()?.to_lowercase()));
        for (pool, label) in self.resources.iter().filter_map(|one| Some((one.pool.as_deref(), key(one)?.1)))
        {
            *uses.entry((pool, label)).or_default() += 1;
        }
        let label = |one: &ToolResource| {
            let (pool, label) = key(one)?;
            one.label.clone().filter(|_| uses.get(&(pool.as_deref(), label)) == Some(&1))
        };
        self.resources.iter().filter_map(|one| Some((one.client.clone()?, label(one)))).collect()
    }
}

/// Names that say only what a resource is.
const GENERIC: &[&str] =
    &["this", "main", "default", "client", "app_client", "user_pool_client", "cognito_client", "resource"];

/// A tool's name as the label of an app client, if a person would use it.
fn label(name: &str) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_usable = (1..=64).contains(&name.len())
        && name.chars().all(is_plain)
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && !GENERIC.iter().any(|generic| is_same_name(generic, name));
    is_usable.then(|| name.to_owned())
}

/// The id of a pool in a tool's id of what belongs to it: the text before the first of the separators that the tools use.
fn pool_in(id: &str) -> Option<String> {
    let pool = id.split(['/', '|', ':', ',']).next().unwrap_or_default();
    is_pool_id(pool).then(|| pool.to_owned())
}

/// The text of a member.
fn text<'a>(object: &'a Object, member: &str) -> Option<&'a str> {
    object.get(member).and_then(Json::as_str).filter(|text| !text.is_empty())
}

/// The objects in a list.
fn objects<'a>(object: &'a Object, member: &str) -> impl Iterator<Item = &'a Object> {
    object.get(member).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_object)
}
