//! The ids of pools and of what lives in them, in the forms that other tools read.

use std::collections::BTreeMap;

use time::Date;

use super::json::Members;
use super::line::count;
use super::visible;
use crate::catalogue::{Catalogue, Listing, Resource};
use crate::document::{Json, Object, Path, Snapshot, json};
use crate::manifest::as_name;
use crate::rules::Desired;

/// The version of the JSON form. Within a major version, members are only added.
const FORMAT_VERSION: &str = "1.0";

/// The ids of a pool. None of them is a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolIdentity {
    /// The manifest.
    pub file: String,
    /// The pool's id.
    pub id: String,
    /// The pool's name.
    pub name: Option<String>,
    /// The pool's ARN.
    pub arn: Option<String>,
    /// The Region whose endpoint serves the pool.
    pub region: String,
    /// The issuer in the pool's tokens.
    pub issuer: String,
    /// The declared documents to which the service gave ids.
    pub entries: Vec<EntryIdentity>,
    /// The declared documents that do not exist or are ambiguous.
    pub missing: Vec<MissingEntry>,
    /// What the pool has besides, if it was read.
    pub unmanaged: Option<UnmanagedParts>,
}

/// What poolctl reports of a pool and does not manage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnmanagedParts {
    /// The Region of each replica, and its role and status.
    pub replicas: Vec<(String, String)>,
    /// How many app clients registered themselves.
    pub registered: usize,
    /// Of each declared app client that has secrets, by its label: the days on which they were made.
    pub secrets: Vec<(String, Vec<Date>)>,
}

impl UnmanagedParts {
    /// Adds the answer to a list of replicas.
    pub fn add_replicas(&mut self, replicas: &[Object]) {
        let text = |replica: &Object, member: &str| {
            replica.get(member).and_then(Json::as_str).unwrap_or("unknown").to_owned()
        };
        let Listing { key, also, .. } = Listing::REPLICAS;
        let known = |replica: &Object| {
            let others: Vec<String> = also.iter().map(|member| text(replica, member)).collect();
            (text(replica, key), others.join(", "))
        };
        self.replicas.extend(replicas.iter().map(known));
    }

    /// Adds the answer to a list of the secrets of an app client, if it has any.
    pub fn add_secrets(&mut self, label: &str, secrets: &[Object]) {
        let day = |secret: &Object| Some(json::time(secret.get("ClientSecretCreateDate")?)?.date());
        let mut days: Vec<Date> = secrets.iter().filter_map(day).collect();
        days.sort();
        if !days.is_empty() {
            self.secrets.push((label.to_owned(), days));
        }
    }

    /// The lines for people: each name and its value.
    fn rows(&self, today: Date) -> Vec<(String, String)> {
        let replica = |(region, state): &(String, String)| format!("{region} ({state})");
        let replicas: Vec<String> = self.replicas.iter().map(replica).collect();
        let made = |day: &Date| format!("{day} ({} ago)", count_days((today - *day).whole_days()));
        let secrets = self.secrets.iter().map(|(label, days)| {
            let days: Vec<String> = days.iter().map(made).collect();
            let branch = Resource::of_registered().and_then(|(resource, _)| resource.branch);
            let path = Path::members([branch.unwrap_or_default(), label]);
            (format!("{path} secrets"), format!("{}, made {}", days.len(), days.join(" and ")))
        });
        let own = [
            (
                "replicas".to_owned(),
                if replicas.is_empty() { "none".to_owned() } else { replicas.join(", ") },
            ),
            ("self-registered app clients".to_owned(), self.registered.to_string()),
        ];
        own.into_iter().chain(secrets).collect()
    }

    /// The members for programs.
    fn members(&self, pool: Members) -> Members {
        let replica = |(region, state): &(String, String)| {
            Members::default().with("region", region.as_str()).with("state", state.as_str())
        };
        let secrets = self.secrets.iter().fold(Members::default(), |all, (label, days)| {
            all.with(label, days.iter().map(ToString::to_string).collect::<Json>())
        });
        let pool = pool.list("replicas", self.replicas.iter().map(replica));
        pool.with("self_registered_clients", self.registered).with("client_secrets", secrets)
    }
}

fn count_days(days: i64) -> String {
    count(usize::try_from(days).unwrap_or_default(), "day")
}

/// A declared document of which no id is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingEntry {
    /// The path of its entry.
    pub path: Path,
    /// Its label.
    pub label: String,
    /// The member that would have its id.
    pub member: &'static str,
}

/// The ids of a declared document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryIdentity {
    /// The key of its branch in a manifest.
    pub branch: &'static str,
    /// Its label.
    pub label: String,
    /// Its members, each with its value.
    pub values: Vec<(&'static str, String)>,
}

impl PoolIdentity {
    /// The ids of a pool, as far as its manifest declares what has one.
    pub fn new(catalogue: &Catalogue, live: &Snapshot, desired: &Desired) -> Self {
        let (mut entries, mut missing) = (Vec::new(), Vec::new());
        for entry in desired.entries.iter().filter(|entry| !entry.is_removed) {
            let place = catalogue.locate(&entry.path);
            let outputs = place.resource.outputs;
            let (Some(branch), Some(label)) = (place.resource.branch, place.document.label()) else {
                continue;
            };
            let Some(document) = live.document(&place.document) else {
                let one = |member: &&'static str| MissingEntry {
                    path: entry.path.clone(),
                    label: label.to_owned(),
                    member,
                };
                missing.extend(outputs.first().map(one));
                continue;
            };
            let value = |member: &&'static str| Some((*member, document.get(member)?.as_str()?.to_owned()));
            let values: Vec<_> = outputs.iter().filter_map(value).collect();
            if !values.is_empty() {
                entries.push(EntryIdentity { branch, label: label.to_owned(), values });
            }
        }
        let arn = live.pool().get(Snapshot::ARN).and_then(Json::as_str).map(str::to_owned);
        Self {
            file: desired.file.clone(),
            id: desired.pool.clone(),
            // A name from a secret is shown nowhere.
            name: live.pool_name().filter(|_| !desired.has_secret_name()).map(str::to_owned),
            arn,
            region: desired.region.clone(),
            issuer: Catalogue::issuer(live, &desired.region, &desired.pool),
            entries,
            missing,
            unmanaged: None,
        }
    }

    /// What is the pool's own: each name and its value.
    fn own(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("id", Some(&self.id)),
            ("arn", self.arn.as_ref()),
            ("region", Some(&self.region)),
            ("issuer", Some(&self.issuer)),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value?.as_str())))
    }

    /// The label and the id of each declared app client.
    pub fn clients(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().filter_map(|entry| {
            let (resource, listing) = Resource::of_registered()?;
            let (_, id) = entry.values.iter().find(|(member, _)| *member == listing.key)?;
            (resource.branch == Some(entry.branch)).then_some((entry.label.as_str(), id.as_str()))
        })
    }

    /// The branches that have entries, in their order, each with its entries.
    fn branches(&self) -> Vec<(&'static str, Vec<&EntryIdentity>)> {
        let mut branches: Vec<(&'static str, Vec<&EntryIdentity>)> = Vec::new();
        for entry in &self.entries {
            match branches.iter_mut().find(|(branch, _)| *branch == entry.branch) {
                Some((_, entries)) => entries.push(entry),
                None => branches.push((entry.branch, vec![entry])),
            }
        }
        branches
    }
}

/// The ids for people. The age of secrets is that of `today`.
pub fn text(pools: &[PoolIdentity], today: Date) -> String {
    let pool = |pool: &PoolIdentity| {
        let own = pool.own().map(|(name, value)| (name.to_owned(), value.to_owned()));
        let inner = pool.entries.iter().flat_map(|entry| {
            let path = Path::members([entry.branch, &entry.label]);
            entry.values.iter().map(move |(member, value)| (path.member(member).to_string(), value.clone()))
        });
        let unmanaged = pool.unmanaged.iter().flat_map(|unmanaged| unmanaged.rows(today));
        let rows: Vec<(String, String)> = own.chain(inner).chain(unmanaged).collect();
        let widest = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
        let line = |(name, value): &(String, String)| {
            format!("  {:<widest$}  {}\n", visible::escape(name), visible::escape(value))
        };
        let name = visible::escape(pool.name.as_deref().unwrap_or(&pool.id));
        format!("{name} ({})\n{}", visible::escape(&pool.file), rows.iter().map(line).collect::<String>())
    };
    pools.iter().map(pool).collect::<Vec<_>>().join("\n")
}

/// The ids as one JSON document.
pub fn json(pools: &[PoolIdentity], tool_version: &str) -> String {
    let labelled = |entries: &[&EntryIdentity]| {
        entries.iter().fold(Members::default(), |all, entry| {
            let values = entry.values.iter();
            let one = values.fold(Members::default(), |one, (name, value)| one.with(name, value.as_str()));
            all.with(&entry.label, one)
        })
    };
    let pool = |pool: &PoolIdentity| {
        let head = Members::default().with("file", pool.file.as_str()).given("name", pool.name.as_deref());
        let own = pool.own().fold(head, |all, (name, value)| all.with(name, value));
        let own = pool.unmanaged.iter().fold(own, |all, unmanaged| unmanaged.members(all));
        let branches = pool.branches();
        branches.into_iter().fold(own, |all, (branch, entries)| all.with(branch, labelled(&entries)))
    };
    let head = Members::default().with("format_version", FORMAT_VERSION).with("tool_version", tool_version);
    visible::json(&Json::from(head.list("pools", pools.iter().map(pool))))
}

/// The ids as lines `NAME=value`.
///
/// # Errors
/// When two values would have one name, or a value has a character that readers of such files treat differently.
pub fn dotenv(pools: &[PoolIdentity]) -> Result<String, String> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    // A document that does not exist yet takes its name too.
    for MissingEntry { path, label, member } in pools.iter().flat_map(|pool| &pool.missing) {
        let name = variable(&format!("{label}_{}", snake(member)));
        if let Some(other) = names.insert(name.clone(), path.to_string()) {
            return Err(format!("`{other}` and `{path}` would both set `{name}`"));
        }
    }
    let mut out = String::new();
    for pool in pools {
        let own = pool.own().map(|(name, value)| (format!("user_pool_{name}"), pool.id.clone(), value));
        let inner = pool.entries.iter().flat_map(|entry| {
            let path = Path::members([entry.branch, &entry.label]).to_string();
            entry.values.iter().map(move |(member, value)| {
                (format!("{}_{}", entry.label, snake(member)), path.clone(), value.as_str())
            })
        });
        for (name, what, value) in own.chain(inner) {
            let name = variable(&name);
            if let Some(other) = names.insert(name.clone(), what.clone()) {
                return Err(format!("`{other}` and `{what}` would both set `{name}`"));
            }
            if !value.chars().all(|c| c.is_ascii_alphanumeric() || "_-./:@+=!".contains(c)) {
                return Err(format!("the value of `{name}` has a character that is read in several ways"));
            }
            out += &format!("{name}={value}\n");
        }
    }
    Ok(out)
}

/// The ids as the variables of a Terraform configuration.
///
/// # Errors
/// When there are several pools: a variable has one value.
pub fn tfvars(pools: &[PoolIdentity]) -> Result<String, String> {
    if pools.len() > 1 {
        return Err(format!("{} would set the same variables", count(pools.len(), "pool")));
    }
    let mut out = String::new();
    for pool in pools {
        for (name, value) in pool.own() {
            out += &format!("user_pool_{name} = {}\n", quoted(value));
        }
        for (branch, entries) in pool.branches() {
            out += &format!("user_pool_{} = {{\n", snake(branch));
            for entry in entries {
                let value = |(name, value): &(&str, String)| format!("{} = {}", snake(name), quoted(value));
                let values: Vec<String> = entry.values.iter().map(value).collect();
                out += &format!("  {} = {{ {} }}\n", quoted(&entry.label), values.join(", "));
            }
            out += "}\n";
        }
    }
    Ok(out)
}

/// A text as Terraform reads it: no part of it is a template.
fn quoted(text: &str) -> String {
    let text = Json::from(text).to_string().replace("${", "$${").replace("%{", "%%{");
    visible::escape_json(&text).into_owned()
}

/// A name in words joined by `_`: `ClientId` is `client_id`.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// The name of an environment variable.
fn variable(name: &str) -> String {
    let name = as_name(name).to_ascii_uppercase();
    if name.starts_with(|first: char| first.is_ascii_digit()) { format!("_{name}") } else { name }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pool(id: &str, labels: &[&str]) -> PoolIdentity {
        let entry = |label: &&str| EntryIdentity {
            branch: "clients",
            label: (*label).to_owned(),
            values: vec![("ClientId", format!("id-of-{label}"))],
        };
        PoolIdentity {
            file: "m.yaml".to_owned(),
            id: id.to_owned(),
            name: Some("shop".to_owned()),
            arn: None,
            region: "cn-north-1".to_owned(),
            issuer: format!("https://example.com/{id}"),
            entries: labels.iter().map(entry).collect(),
            missing: Vec::new(),
            unmanaged: None,
        }
    }

    #[test]
    fn each_secret_has_its_day_and_its_age() {
        let mut unmanaged = UnmanagedParts::default();
        let made = |seconds: f64| json!({"ClientSecretCreateDate": seconds}).as_object().cloned().unwrap();
        unmanaged.add_secrets("web", &[]);
        unmanaged.add_secrets("batch", &[made(1_700_100_000.5), made(1_700_000_000.0), made(1e300)]);
        let rows = unmanaged.rows(Date::from_ordinal_date(2023, 319).unwrap());
        let expected = "2, made 2023-11-14 (1 day ago) and 2023-11-16 (0 days ago)";
        assert_eq!(rows.last(), Some(&("clients.batch secrets".to_owned(), expected.to_owned())));
    }

    #[test]
    fn a_name_of_a_variable_is_one_in_every_shell_and_has_one_value() {
        assert_eq!(
            dotenv(&[pool("cn-north-1_A", &["web", "2-fa"])]).unwrap(),
            "USER_POOL_ID=cn-north-1_A
USER_POOL_REGION=cn-north-1
USER_POOL_ISSUER=https://example.com/cn-north-1_A
WEB_CLIENT_ID=id-of-web
_2_FA_CLIENT_ID=id-of-2-fa
"
        );
        let why = "`clients.a-b` and `clients.a_b` would both set `A_B_CLIENT_ID`";
        assert_eq!(dotenv(&[pool("p", &["a-b", "a_b"])]), Err(why.to_owned()));
        let why = "`p` and `q` would both set `USER_POOL_ID`";
        assert_eq!(dotenv(&[pool("p", &[]), pool("q", &[])]), Err(why.to_owned()));
        let mut odd = pool("p", &[]);
        odd.arn = Some("arn $(x)".to_owned());
        assert!(dotenv(&[odd]).is_err());
    }

    #[test]
    fn a_text_of_terraform_has_no_template_in_it() {
        let mut one = pool("p", &["web"]);
        one.entries[0].values.push(("ClientSecretArn", "a${b}\"%{c}".to_owned()));
        assert!(tfvars(&[one]).unwrap().ends_with(
            "user_pool_clients = {\n  \"web\" = { client_id = \"id-of-web\", client_secret_arn = \"a$${b}\\\"%%{c}\" }\n}\n"
        ));
        assert_eq!(
            tfvars(&[pool("p", &[]), pool("q", &[])]),
            Err("2 pools would set the same variables".to_owned())
        );
    }
}
