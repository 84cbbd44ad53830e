//! `poolctl iam-policy`.

use std::collections::BTreeSet;
use std::path::Path;

use crate::cli::commands::{apply, plan};
use crate::cli::exit::Exit;
use crate::cli::fleet::manifests::{self, Load, Loaded};
use crate::cli::fleet::planning::{Depth, Planning};
use crate::cli::fleet::pools::Planned;
use crate::cli::terminal::show;
use crate::cli::world::disk::SecretUse;
use crate::cli::{Context, args};
use crate::policy::{self, MAX_SIZE, Needs, PoolArn, Reach, Remark, UnknownAccount};
use crate::report::{RunKind, json_text};
use crate::rules::Desired;

pub(in crate::cli) async fn run(context: &Context, args: &args::IamPolicyArgs) -> Result<Exit, Exit> {
    let needs = match &args.backup {
        Some(backup) => vec![of_backup(context, backup, args.read_only)?],
        None => of_manifests(context, args).await?,
    };
    let reach = Reach { wildcard: args.wildcard, discover: args.discover };
    let policy = policy::policy(&needs, reach);
    context.ui.data(&json_text(&policy));
    remarks(context, &needs);
    secrets(context, &needs);
    let size = policy::size(&policy);
    if size > MAX_SIZE {
        let help = if args.wildcard { "" } else { ", or use `--wildcard` to allow all pools of a Region" };
        context.ui.note(&format!(
            "warning: the policy has {size} characters, and IAM accepts {MAX_SIZE}: print several policies, each for some of the manifests{help}"
        ));
    }
    Ok(Exit::Clean)
}

async fn of_manifests(context: &Context, args: &args::IamPolicyArgs) -> Result<Vec<Needs>, Exit> {
    let Loaded { wanted, .. } = manifests::load(
        context,
        &args.paths,
        Load { secrets: SecretUse::Withheld, ..Load::of(RunKind::Plan, &[]) },
    )
    .await?;
    // If every manifest has its account, a policy for reading needs no live pool.
    let is_told =
        args.read_only && args.live.is_none() && wanted.iter().all(|desired| desired.account.is_some());
    if is_told {
        return wanted.iter().map(|desired| read_of(context, desired)).collect();
    }
    let depth = if args.read_only { Depth::AsWanted } else { Depth::Whole };
    let options = context.plain_options();
    let planning = Planning { depth, ..Planning::whole(context, &options) };
    let planned = plan::read(&planning, args.live.as_deref(), wanted).await?;
    show::refusals(context, &planned);
    planned.iter().map(|planned| of_plan(context, planned, args.read_only)).collect()
}

fn read_of(context: &Context, desired: &Desired) -> Result<Needs, Exit> {
    let account = desired.account.as_ref().map(|account| account.id.as_str());
    let arn = PoolArn::of(None, &desired.pool, &desired.region, account);
    arn.map(|arn| Needs::to_read_declared(&context.catalogue, arn, desired).by_tag(desired))
        .map_err(|error| unknown(context, &error, &desired.file))
}

fn of_plan(context: &Context, planned: &Planned, read_only: bool) -> Result<Needs, Exit> {
    let Planned { desired, plan } = planned;
    let plan = plan.as_ref().map_err(|refusal| refusal.exit())?;
    let account = desired.account.as_ref().map(|account| account.id.as_str());
    let arn = PoolArn::of(Some(plan.base.pool()), &desired.pool, &desired.region, account)
        .map_err(|error| unknown(context, &error, &desired.file))?;
    let needs = match read_only {
        true => Needs::to_read_declared(&context.catalogue, arn, desired),
        false => Needs::to_apply(&context.catalogue, arn, plan, desired),
    };
    Ok(needs.by_tag(desired))
}

fn of_backup(context: &Context, file: &Path, read_only: bool) -> Result<Needs, Exit> {
    let (backup, paths) = apply::backup(context, file)?;
    let region = context.region().unwrap_or(&backup.region);
    let arn = PoolArn::of(Some(&backup.user_pool), &backup.pool, region, backup.account.as_deref())
        .map_err(|error| unknown(context, &error, &file.display().to_string()))?;
    let readings = backup.readings();
    if read_only {
        return Ok(Needs::to_read_all(arn, &readings));
    }
    let is_secret = |path: &crate::document::Path| backup.is_secret(path);
    let before = (&backup.snapshot(), &readings[..]);
    Ok(Needs::to_restore(&context.catalogue, arn, before, &paths, &is_secret))
}

fn unknown(context: &Context, error: &UnknownAccount, file: &str) -> Exit {
    let help = "add `account: \"…\"` to the manifest, or read the live pool: the saved document has no ARN";
    context.ui.fail(Exit::Failed, &format!("{file}: {error}"), help)
}

/// Says which calls of the policy return secrets.
fn secrets(context: &Context, needs: &[Needs]) {
    let reads: Vec<&str> = policy::secret_reads(needs).into_iter().collect();
    if !reads.is_empty() {
        context.ui.note(&format!(
            "note: the statement `{}` allows {}, which returns secrets. To plan without it, save the pools with `poolctl snapshot`, and use `--live`",
            policy::RETURNS_SECRETS,
            reads.join(", ")
        ));
    }
}

/// Says what the policy does not, once for each setting.
fn remarks(context: &Context, needs: &[Needs]) {
    let remarks: BTreeSet<(&String, &Remark)> =
        needs.iter().flat_map(|need| need.remarks.iter().map(|remark| (&need.pool.id, remark))).collect();
    for (pool, remark) in remarks {
        context.ui.note(&match remark {
            Remark::HiddenRole(path) => format!(
                "warning: {pool}: the policy does not include the role at `{path}`, which comes from a secret: add its ARN to the iam:PassRole statement"
            ),
            Remark::NoRole(path) => format!(
                "warning: {pool}: the policy does not include the value at `{path}`, which is not the ARN of a role"
            ),
            Remark::Key(path) => format!(
                "note: {pool}: `{path}` names a KMS key. The policy grants no permission on it; if Cognito requires one, its refusal names the action, and the write fails without effect"
            ),
        });
    }
}
