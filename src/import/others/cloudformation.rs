//! Resources of a CloudFormation stack as the AWS CLI lists them, and its template.

use std::collections::HashMap;

use super::{
    OtherTool, PoolPart, ToolFile, ToolFileError, ToolKind, ToolResource, misfit, objects, pool_in, text,
};
use crate::catalogue::POOL_ID;
use crate::document::{DocumentKind, Json, Object};
use crate::manifest::{self, is_pool_id};

pub(super) const LIST: &str = "save the ids with `aws cloudformation list-stack-resources --stack-name STACK --output json > resources.json`, and name that file, alone or beside the template";

/// The most resources that `describe-stack-resources` returns.
///
/// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html
const MOST: usize = 100;

/// The types that a pool needs, and no manifest declares. A user of a stack is deleted with the stack.
const NEEDED: &[&str] = &[
    "AWS::IAM::Role",
    "AWS::Lambda::Permission",
    "AWS::Cognito::UserPoolUser",
    "AWS::Cognito::UserPoolUserToGroupAttachment",
];

/// A resource of a stack.
struct Listed<'a> {
    logical: &'a str,
    physical: &'a str,
    kind: &'a str,
}

/// Reads the list of a stack's resources, and its template if there is one.
pub(super) fn read(documents: Vec<Json>) -> Result<ToolFile, (usize, ToolFileError)> {
    let (mut lists, mut templates) = (Vec::new(), Vec::new());
    for (position, document) in documents.into_iter().enumerate() {
        match sorted(document).map_err(|error| (position, error))? {
            (document, true) => templates.push((position, document)),
            (document, false) => lists.push((position, document)),
        }
    }
    for kind in [&lists, &templates] {
        if let Some((position, _)) = kind.get(1) {
            let text = "is a second file of its kind";
            let help = "import one stack at a time: name one list of resources, and at most one template";
            return Err((*position, ToolFileError::new(text, help)));
        }
    }
    let Some((_, list)) = lists.first() else {
        let text = "is a template, which has no ids";
        return Err((0, ToolFileError::new(text, LIST)));
    };
    Ok(stack(list, templates.first().map(|(_, template)| template)))
}

/// The document, and whether it is a template, also one inside the output of `get-template`.
fn sorted(document: Json) -> Result<(Object, bool), ToolFileError> {
    let Json::Object(mut document) = document else {
        return Err(ToolFileError::new("is not a JSON object", LIST));
    };
    if let Some(body) = document.shift_remove("TemplateBody") {
        let body = match body {
            Json::String(text) => manifest::document(text.as_bytes())
                .map_err(|why| ToolFileError::new(format!("has a `TemplateBody` that {why}"), LIST))?,
            body => body,
        };
        return sorted(body);
    }
    let is_list = |member: &&str| document.get(*member).is_some_and(Json::is_array);
    if ["StackResources", "StackResourceSummaries"].iter().any(is_list) {
        return Ok((document, false));
    }
    match DocumentKind::of(&document) {
        Some(DocumentKind::Template) => Ok((document, true)),
        Some(DocumentKind::Stack) => {
            Err(ToolFileError::new("is a description of a stack, without the ids of its resources", LIST))
        }
        _ => Err(misfit(&document, ("a list of a CloudFormation stack's resources", LIST))),
    }
}

/// The stack of a list of resources.
fn stack(list: &Object, template: Option<&Object>) -> ToolFile {
    let described = objects(list, "StackResources");
    let listed: Vec<Listed<'_>> =
        described.chain(objects(list, "StackResourceSummaries")).filter_map(resource).collect();
    let pools: Vec<&str> = listed
        .iter()
        .filter(|one| ToolKind::of(one.kind).is_some_and(|kind| kind.part == PoolPart::Pool))
        .map(|one| one.physical)
        .collect();
    let only = if let [only] = pools[..] { Some(only) } else { None };
    let physical: HashMap<&str, &str> = listed.iter().map(|one| (one.logical, one.physical)).collect();
    let bodies = template.and_then(|template| template.get("Resources")).and_then(Json::as_object);
    let body = |logical: &str| bodies.and_then(|bodies| bodies.get(logical)).and_then(Json::as_object);
    let part = |one: &Listed<'_>| {
        let kind = ToolKind::of(one.kind)?;
        let body = body(one.logical);
        let pool = pool(one, kind, body, &physical).or_else(|| only.map(str::to_owned));
        Some(declared(one, body, ToolResource::new(kind, one.logical, pool)))
    };
    let resources: Vec<ToolResource> = listed.iter().filter_map(part).collect();
    let needed = listed.iter().filter(|one| NEEDED.contains(&one.kind)).map(|one| one.logical.to_owned());
    let referring = template.map(|template| referring(template, &resources)).unwrap_or_default();
    let file = ToolFile::new(OtherTool::CloudFormation, resources, referring);
    ToolFile { needed: needed.collect(), notes: notes(list, &listed), ..file }
}

/// A resource that exists.
fn resource(one: &Object) -> Option<Listed<'_>> {
    let is_gone = text(one, "ResourceStatus").is_some_and(|status| status.starts_with("DELETE_"));
    let physical = text(one, "PhysicalResourceId").filter(|_| !is_gone)?;
    Some(Listed { logical: text(one, "LogicalResourceId")?, physical, kind: text(one, "ResourceType")? })
}

/// The pool that a resource is of, if its id or its template tells. Ids have the pool before or after a separator:
/// `POOL|ID`, `UserPoolRiskConfigurationAttachment-POOL-CLIENT`.
fn pool(
    one: &Listed<'_>,
    kind: &ToolKind,
    body: Option<&Object>,
    physical: &HashMap<&str, &str>,
) -> Option<String> {
    if kind.part == PoolPart::Pool {
        return pool_in(one.physical);
    }
    let attached = || {
        let (_, rest) = one.physical.split_once("Attachment-")?;
        pool_in(rest.rsplit_once('-')?.0)
    };
    let declared = || {
        let value = body?.get("Properties")?.get(POOL_ID)?;
        // YAML's `!Ref Pool` is read as the text `Pool`.
        let name = value.as_str().or_else(|| value.get("Ref")?.as_str())?;
        let name = name.strip_suffix(".UserPoolId").unwrap_or(name);
        let id = physical.get(name).copied().unwrap_or(name);
        is_pool_id(id).then(|| id.to_owned())
    };
    pool_in(one.physical).or_else(attached).or_else(declared)
}

/// The resource with what its template says.
fn declared(one: &Listed<'_>, body: Option<&Object>, resource: ToolResource) -> ToolResource {
    let path = body.and_then(|body| body.get("Metadata")?.get("aws:cdk:path")?.as_str());
    let construct = path.map(|path| path.trim_end_matches("/Resource").to_owned());
    let last = construct.as_ref().and_then(|path| path.rsplit('/').next());
    let logical = Some(one.logical).filter(|logical| !is_hashed(logical));
    let policy =
        |member| body.and_then(|body| text(body, member)).is_some_and(|policy| policy.starts_with("Retain"));
    let is_retained = policy("DeletionPolicy") && policy("UpdateReplacePolicy");
    let resource = resource.of_client(Some(one.physical), &[last, logical]);
    ToolResource { construct, is_retained, ..resource }
}

/// Whether the CDK made the logical id: it ends with eight digits of a hash.
fn is_hashed(logical: &str) -> bool {
    let end = logical.len().checked_sub(8).and_then(|at| logical.get(at..));
    end.is_some_and(|end| end.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F')))
}

/// The logical ids of other resources, and the outputs, whose values mention these resources.
fn referring(template: &Object, ours: &[ToolResource]) -> Vec<String> {
    fn mentions(value: &Json, names: &[&str]) -> bool {
        match value {
            Json::String(text) => names.iter().any(|name| {
                let inside =
                    || text.contains(&format!("${{{name}}}")) || text.contains(&format!("${{{name}."));
                text.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                    || inside()
            }),
            Json::Array(elements) => elements.iter().any(|value| mentions(value, names)),
            Json::Object(members) => members.values().any(|value| mentions(value, names)),
            _ => false,
        }
    }
    let names: Vec<&str> = ours.iter().map(|resource| resource.name.as_str()).collect();
    let within = |section: &str| template.get(section).and_then(Json::as_object).into_iter().flatten();
    let resources = within("Resources").filter(|(name, _)| !names.contains(&name.as_str()));
    let mut found: Vec<String> =
        resources.filter(|(_, value)| mentions(value, &names)).map(|(name, _)| name.clone()).collect();
    let outputs = within("Outputs").filter(|(_, value)| mentions(value, &names));
    found.extend(outputs.map(|(name, _)| format!("the output {name}")));
    found
}

/// What the list lacks.
fn notes(list: &Object, listed: &[Listed<'_>]) -> Vec<String> {
    let mut notes = Vec::new();
    if list.get("NextToken").is_some_and(|token| !token.is_null()) {
        notes.push("has more pages, whose resources are not read: save the list without `--no-paginate` and `--max-items`".to_owned());
    }
    if list.get("StackResources").and_then(Json::as_array).is_some_and(|all| all.len() >= MOST) {
        notes.push(format!(
            "has {MOST} resources, the most that `describe-stack-resources` lists: use `list-stack-resources`"
        ));
    }
    for nested in listed.iter().filter(|one| one.kind == "AWS::CloudFormation::Stack") {
        notes.push(format!(
            "does not have the resources of the nested stack `{}`: import them with the list of `--stack-name {}`",
            nested.logical, nested.physical
        ));
    }
    notes
}
