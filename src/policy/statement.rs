//! From what pools need to the statements of one policy.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::{Needs, PoolArn};
use crate::catalogue::calls;
use crate::document::Json;

/// The most characters that a managed policy may have, white space not counted; from AWS's documentation
/// of IAM's quotas.
pub const MAX_SIZE: usize = 6_144;

/// How far a policy reaches beyond the pools that it is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// To every pool of their accounts and Regions, in place of each by its id.
    pub wildcard: bool,
    /// To the list of all pools, which IAM cannot restrict.
    pub discover: bool,
}

/// The policy that allows what the pools need and nothing else. The order of the pools makes no
/// difference.
pub fn policy(needs: &[Needs], reach: Reach) -> Json {
    let (by_tag, by_id): (Vec<&Needs>, Vec<&Needs>) = needs.iter().partition(|need| need.tag.is_some());
    let (apart, plain): (Vec<_>, Vec<_>) =
        operations(&by_id, reach.wildcard).into_iter().partition(|statement| statement.returns_secrets);
    let mut statements: Vec<Json> = plain.into_iter().map(AllowStatement::json).collect();
    statements.extend(apart.into_iter().map(AllowStatement::json));
    statements.extend(tagged(&by_tag));
    if reach.discover || !by_tag.is_empty() {
        statements
            .push(json!({"Effect": "Allow", "Action": ["cognito-idp:ListUserPools"], "Resource": ["*"]}));
    }
    statements.extend(distribution(needs));
    statements.extend(pass_role(needs));
    statements.extend(email_role(needs));
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// A policy's size as IAM counts it.
pub fn size(policy: &Json) -> usize {
    policy.to_string().chars().filter(|c| !c.is_whitespace()).count()
}

/// Operations that are allowed on the same pools.
struct AllowStatement {
    resources: BTreeSet<String>,
    actions: Vec<String>,
    /// Whether their answers have secrets. Nothing else is then in the statement.
    returns_secrets: bool,
}

/// The name of the statement with the calls that return secrets: a policy has no room for a comment.
pub const RETURNS_SECRETS: &str = "ReturnsSecrets";

impl AllowStatement {
    fn json(self) -> Json {
        let Self { resources, actions, returns_secrets } = self;
        match returns_secrets {
            true => {
                json!({"Sid": RETURNS_SECRETS, "Effect": "Allow", "Action": actions, "Resource": resources})
            }
            false => json!({"Effect": "Allow", "Action": actions, "Resource": resources}),
        }
    }
}

/// One statement for the operations that are allowed on the same pools, and one for operations that return secrets.
fn operations(needs: &[&Needs], wildcard: bool) -> Vec<AllowStatement> {
    let mut pools: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for need in needs {
        let id = if wildcard { "*" } else { &need.pool.id };
        let pool = PoolArn { id: id.to_owned(), ..need.pool.clone() }.to_string();
        for operation in &need.operations {
            let resource = if names_pool(operation) { pool.clone() } else { "*".to_owned() };
            pools.entry(operation).or_default().insert(resource);
        }
    }
    let mut statements: Vec<AllowStatement> = Vec::new();
    for (operation, resources) in pools {
        let action = format!("cognito-idp:{operation}");
        let returns_secrets = returns_secrets(operation);
        let same = |statement: &&mut AllowStatement| {
            statement.resources == resources && statement.returns_secrets == returns_secrets
        };
        match statements.iter_mut().find(same) {
            Some(statement) => statement.actions.push(action),
            None => statements.push(AllowStatement { resources, actions: vec![action], returns_secrets }),
        }
    }
    statements
}

/// The statements for pools that are named by a tag: what is on one is allowed by the tag. To look for the tag, every pool
/// of the Region is read; a new pool must get the tag with the call that makes it.
fn tagged(needs: &[&Needs]) -> Vec<Json> {
    let all = |need: &Needs| PoolArn { id: "*".to_owned(), ..need.pool.clone() }.to_string();
    let action = |operation: &&str| format!("cognito-idp:{operation}");
    let mut statements = Vec::new();
    for (need, (key, word)) in needs.iter().filter_map(|need| Some((need, need.tag.as_ref()?))) {
        let create = calls::CREATE_USER_POOL.name;
        let makes = need.operations.contains(create);
        let (own, others): (Vec<&str>, Vec<&str>) =
            need.operations.iter().filter(|name| **name != create).partition(|name| names_pool(name));
        let is = |what: &str| json!({"StringEquals": {format!("aws:{what}/{key}"): word}});
        let (apart, plain): (Vec<&str>, Vec<&str>) = own.iter().partition(|name| returns_secrets(name));
        for (some, has_secrets) in [(plain, false), (apart, true)] {
            if some.is_empty() {
                continue;
            }
            let actions: Vec<String> = some.iter().map(action).collect();
            let mut statement = json!({
                "Effect": "Allow", "Action": actions, "Resource": [all(need)], "Condition": is("ResourceTag"),
            });
            if has_secrets {
                // Each statement has a name of its own.
                let sid = format!("{RETURNS_SECRETS}{}", word.replace('-', ""));
                statement["Sid"] = Json::from(sid);
            }
            statements.push(statement);
        }
        if makes {
            statements.push(json!({
                "Effect": "Allow", "Action": [action(&create)], "Resource": ["*"], "Condition": is("RequestTag"),
            }));
        }
        if !others.is_empty() {
            let actions: Vec<String> = others.iter().map(action).collect();
            statements.push(json!({"Effect": "Allow", "Action": actions, "Resource": ["*"]}));
        }
    }
    let pools: BTreeSet<String> = needs.iter().map(|need| all(need)).collect();
    statements.extend((!pools.is_empty()).then(|| {
        let action = action(&calls::DESCRIBE_USER_POOL.name);
        json!({"Effect": "Allow", "Action": [action], "Resource": pools})
    }));
    statements
}

/// The needed operations whose responses contain secrets.
pub fn secret_reads(needs: &[Needs]) -> BTreeSet<&'static str> {
    let operations = needs.iter().flat_map(|need| need.operations.iter().copied());
    operations.filter(|operation| returns_secrets(operation)).collect()
}

/// Whether IAM can restrict an operation to pools.
fn names_pool(operation: &str) -> bool {
    calls::CALLS.iter().all(|call| call.name != operation || call.names_pool)
}

/// Whether the answer of an operation has secrets.
fn returns_secrets(operation: &str) -> bool {
    calls::CALLS.iter().any(|call| call.name == operation && call.returns_secrets)
}

fn distribution(needs: &[Needs]) -> Option<Json> {
    needs
        .iter()
        .any(|need| need.distributes)
        .then(|| json!({"Effect": "Allow", "Action": ["cloudfront:updateDistribution"], "Resource": ["*"]}))
}

fn pass_role(needs: &[Needs]) -> Option<Json> {
    let roles: BTreeSet<&String> = needs.iter().flat_map(|need| &need.roles).collect();
    (!roles.is_empty()).then(|| {
        json!({
            "Effect": "Allow",
            "Action": ["iam:PassRole"],
            "Resource": roles,
            "Condition": {"StringEquals": {"iam:PassedToService": "cognito-idp.amazonaws.com"}},
        })
    })
}

fn email_role(needs: &[Needs]) -> Option<Json> {
    let role = |PoolArn { partition, account, .. }: &PoolArn| {
        format!("arn:{partition}:iam::{account}:role/aws-service-role/email.cognito-idp.amazonaws.com/*")
    };
    let roles: BTreeSet<String> =
        needs.iter().filter(|need| need.emails).map(|need| role(&need.pool)).collect();
    (!roles.is_empty()).then(|| {
        json!({
            "Effect": "Allow",
            "Action": ["iam:CreateServiceLinkedRole"],
            "Resource": roles,
            "Condition": {"StringEquals": {"iam:AWSServiceName": "email.cognito-idp.amazonaws.com"}},
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(id: &str, region: &str) -> PoolArn {
        PoolArn::of(None, id, region, Some("111122223333")).unwrap()
    }

    /// The actions of each statement, with how many resources they are allowed on.
    fn shape(policy: &Json) -> Vec<(String, usize)> {
        let statements = policy["Statement"].as_array().unwrap();
        let actions = |statement: &Json| statement["Action"].to_string().replace("cognito-idp:", "");
        let resources = |statement: &Json| statement["Resource"].as_array().unwrap().len();
        statements.iter().map(|statement| (actions(statement), resources(statement))).collect()
    }

    #[test]
    fn pools_share_a_statement_as_far_as_they_need_the_same_in_whatever_order_they_come() {
        let mut one = Needs::to_read(pool("eu-west-1_A1", "eu-west-1"));
        one.operations.insert("UpdateUserPool");
        let two = Needs::to_read(pool("us-east-1_B2", "us-east-1"));
        let both = policy(&[one.clone(), two.clone()], Reach::default());
        assert_eq!(
            shape(&both),
            [
                (r#"["DescribeUserPool","GetUserPoolMfaConfig"]"#.to_owned(), 2),
                (r#"["UpdateUserPool"]"#.to_owned(), 1)
            ]
        );
        assert_eq!(both, policy(&[two, one], Reach::default()));
    }

    #[test]
    fn a_call_that_returns_secrets_is_in_a_statement_of_its_own() {
        let mut one = Needs::to_read(pool("eu-west-1_A1", "eu-west-1"));
        one.operations.extend(["DescribeUserPoolClient", "ListUserPoolClients"]);
        let policy = policy(&[one], Reach::default());
        let lists = r#"["DescribeUserPool","GetUserPoolMfaConfig","ListUserPoolClients"]"#;
        assert_eq!(shape(&policy), [(lists.to_owned(), 1), (r#"["DescribeUserPoolClient"]"#.to_owned(), 1)]);
        assert_eq!(policy["Statement"][1]["Sid"], "ReturnsSecrets");
    }

    #[test]
    fn a_pool_that_is_named_by_a_tag_is_allowed_by_the_tag() {
        let tag = Some(("poolctl:create", "new-7f3k9q2m".to_owned()));
        let mut one = Needs { tag, ..Needs::to_read(pool("new-7f3k9q2m", "eu-west-1")) };
        one.operations.extend(["CreateUserPool", "DescribeUserPoolDomain"]);
        let policy = policy(&[one], Reach::default());
        let all = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/*";
        let is = |what: &str| json!({"StringEquals": {format!("aws:{what}/poolctl:create"): "new-7f3k9q2m"}});
        let allow = |actions: &[&str], resource: &str| {
            let actions: Vec<String> = actions.iter().map(|action| format!("cognito-idp:{action}")).collect();
            json!({"Effect": "Allow", "Action": actions, "Resource": [resource]})
        };
        let with = |mut statement: Json, condition: Json| {
            statement["Condition"] = condition;
            statement
        };
        let expected = json!([
            with(allow(&["DescribeUserPool", "GetUserPoolMfaConfig"], all), is("ResourceTag")),
            with(allow(&["CreateUserPool"], "*"), is("RequestTag")),
            allow(&["DescribeUserPoolDomain"], "*"),
            allow(&["DescribeUserPool"], all),
            allow(&["ListUserPools"], "*"),
        ]);
        assert_eq!(policy["Statement"], expected);
    }

    #[test]
    fn a_wildcard_makes_one_resource_of_all_pools_of_an_account_and_region() {
        let needs: Vec<Needs> =
            (0..200).map(|at| Needs::to_read(pool(&format!("eu-west-1_{at}"), "eu-west-1"))).collect();
        assert!(size(&policy(&needs, Reach::default())) > MAX_SIZE);
        let wide = policy(&needs, Reach { wildcard: true, discover: false });
        assert!(size(&wide) < 300, "{wide}");
        let resource = &wide["Statement"][0]["Resource"];
        assert_eq!(*resource, json!(["arn:aws:cognito-idp:eu-west-1:111122223333:userpool/*"]));
    }
}
