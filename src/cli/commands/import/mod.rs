//! `poolctl import`.

mod files;
mod pools;
mod tools;

use std::ops::Deref;
use std::path::PathBuf;

use crate::catalogue::POOL_NAME;
use crate::cli::exit::Exit;
use crate::cli::fleet::manifests;
use crate::cli::terminal::tell::connection_flags;
use crate::cli::world::disk::SecretUse;
use crate::cli::world::frame::meant;
use crate::cli::{Context, args};
use crate::document::{Json, Path, quoted};
use crate::files::NotWritten;
use crate::import::{self, Draft, Header};
use crate::manifest::{self, similar};
use crate::plan::{Plan, PlanReport};
use crate::report::{self, RunKind, text};
use crate::rules::house;
use crate::rules::{self, Desired};
use crate::schema;
use files::{Attributes, Destination};
use pools::Imported;

/// How many of the places that break a rule are named.
const NAMED: usize = 5;

pub(in crate::cli) async fn run(context: &Context, args: &args::ImportArgs) -> Result<Exit, Exit> {
    let file = tools::read(context, args)?;
    let mut pools = pools::read(context, args, file.as_ref()).await?;
    if let Some(name) = &args.as_new {
        copies(context, &mut pools, name)?;
    }
    chosen(context, args, &pools)?;
    if args.share && pools.len() < 2 {
        let text = "`--share` needs several pools, and there is one";
        return Err(context.ui.fail(Exit::Usage, text, "remove `--share`"));
    }
    let target = files::target(&context.root, &args.output, &pools);
    let end = match target.map_err(|(text, help)| context.ui.fail(Exit::Usage, &text, help))? {
        Destination::Stdout => print(context, args, &pools[0]),
        Destination::Files(files) => {
            only_manifest(context, args, &pools, &files)?;
            save(context, args, pools, &files).await
        }
    }?;
    if let Some(file) = file.filter(|_| end == Exit::Clean) {
        tools::tell(context, args, file);
    }
    Ok(end)
}

/// Refuses to write a second manifest of a pool into a folder: every command on that folder would fail.
fn only_manifest(
    context: &Context,
    args: &args::ImportArgs,
    pools: &[Imported],
    files: &[PathBuf],
) -> Result<(), Exit> {
    let Some((other, id)) = files::another(&context.root, &args.output, files, pools) else { return Ok(()) };
    let other = other.display().to_string();
    let text = format!("`{}` is the manifest of {id} already: nothing was written", report::escape(&other));
    let help = format!(
        "to write the live values into it, run `poolctl adopt {}`; to import the pool again, delete that file, or choose a folder with another `-o`",
        quoted(&other)
    );
    Err(context.ui.fail(Exit::Failed, &text, &help))
}

/// Writes the manifests of pools, each to its file, and checks them.
async fn save(
    context: &Context,
    args: &args::ImportArgs,
    pools: Vec<Imported>,
    files: &[PathBuf],
) -> Result<Exit, Exit> {
    let (schema, new_schema) = schema(context, args, files);
    let draft = |(pool, file): (&Imported, &PathBuf)| {
        draft(context, args, pool, schema.clone(), Some(files::templates(file)))
    };
    let drafts: Vec<Draft> = pools.iter().zip(files).map(draft).collect();
    let (base, drafts) = match args.share {
        true => import::share(drafts, files::BASE, files::BASE_TEMPLATES),
        false => (None, drafts),
    };
    let shared = base.iter().map(|base| (base, args.output.join(files::BASE)));
    let own = drafts.iter().zip(files.iter().cloned());
    let contents: Vec<(PathBuf, Vec<u8>)> = shared.chain(own).flat_map(contents).collect();
    let (attributes, advice) = attributes(context, files, contents.len() > files.len() + base.iter().count());
    let more = attributes.into_iter().chain(new_schema).map(|(file, text)| (file, text.into_bytes()));
    let contents: Vec<(PathBuf, Vec<u8>)> = contents.into_iter().chain(more).collect();
    write(context, &contents, args.force)?;
    for (file, _) in &contents {
        context.ui.result(&format!("{}\n", file.display()));
    }
    if let Some(advice) = advice {
        context.ui.note_escaped(&advice);
    }
    if args.share && base.is_none() {
        context.ui.note("note: no base.yaml was written: the pools have no setting in common");
    }
    for ((draft, file), pool) in drafts.iter().zip(files).zip(&pools) {
        tell(context, &file.display().to_string(), draft, pool);
    }
    check(context, args, pools, files).await
}

/// Loads the manifests that were written and plans them against their pools.
async fn check(
    context: &Context,
    args: &args::ImportArgs,
    pools: Vec<Imported>,
    files: &[PathBuf],
) -> Result<Exit, Exit> {
    let paths = args::PathArgs { paths: files.to_vec(), ..args::PathArgs::default() };
    // The secrets of a copy are not set yet.
    let secrets = if args.as_new.is_some() { SecretUse::Withheld } else { SecretUse::Needed };
    let load = manifests::Load { secrets, ..manifests::Load::of(RunKind::Plan, &[]) };
    let loaded = manifests::load(context, &paths, load).await;
    let manifests::Loaded { wanted, .. } = loaded.inspect_err(|exit| {
        let help =
            "delete the lines named above: a setting that a manifest does not mention is not changed in the pool";
        context.ui.fail(*exit, "the imported manifests have errors; the files were written", help);
    })?;
    if args.as_new.is_some() {
        tell_copy(context, args, files);
        return Ok(Exit::Clean);
    }
    let is_request = pools.iter().any(|pool| pool.is_request);
    let end = planned(context, &wanted, pools, true);
    if end == Exit::Clean {
        let next = next(context, args, files);
        context.ui.note(&match is_request {
            true => {
                format!(
                    "The manifest declares what the request sets. To compare it with the pool, run: {next}"
                )
            }
            false => format!("The manifests match the pools. Next, run: {next}"),
        });
    }
    Ok(end)
}

/// Turns a pool into one of another name that does not exist yet.
fn copies(context: &Context, pools: &mut [Imported], name: &str) -> Result<(), Exit> {
    let [pool] = pools else {
        let text = format!("`--as-new` copies one pool, and there are {}", pools.len());
        return Err(context.ui.fail(Exit::Usage, &text, "name one pool"));
    };
    let accepted = import::accepts(&context.catalogue, &Path::members([POOL_NAME]), &Json::from(name));
    if let Err(why) = accepted {
        let text = format!("`--as-new {}`: {}", report::escape(name), report::escape(&why));
        return Err(context.ui.fail(Exit::Usage, &text, "choose another name"));
    }
    let Some(word) = word(name) else {
        let text = "the system has no random bytes";
        return Err(context.ui.fail(Exit::Failed, text, "try again"));
    };
    let own = pool.id.rsplit_once('_').map(|(region, _)| region.to_owned());
    pool.region = pool.region.take().or(own);
    pool.live = import::as_new(&pool.live, name);
    pool.id = word;
    Ok(())
}

/// A random word of `create`.
fn word(name: &str) -> Option<String> {
    /// Letters and digits that are not easily mistaken for each other.
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut bytes = [0; 8];
    // Hardly ever are all of them letters, or digits.
    (0..64).find_map(|_| {
        getrandom::fill(&mut bytes).ok()?;
        let letter = |byte: &u8| LETTERS.get(usize::from(*byte) % LETTERS.len()).copied().map(char::from);
        let random: String = bytes.iter().filter_map(letter).collect();
        import::word_of(name, &random)
    })
}

/// Says what a copy lacks, and how it is made.
fn tell_copy(context: &Context, args: &args::ImportArgs, files: &[PathBuf]) {
    context.ui.note(
        "note: users and their passwords are not in the manifest, nor are secrets: new app clients get new ones",
    );
    context.ui.note(&format!(
        "Check `region`, `account`, the ARNs, URLs and tags, and what the notes name. Next, run: {} --allow pool-created",
        next(context, args, files)
    ));
}

/// Writes what was imported.
fn write(context: &Context, contents: &[(PathBuf, Vec<u8>)], force: bool) -> Result<(), Exit> {
    context.root.write(contents, force).map_err(|error| {
        let help = match &error {
            NotWritten::Exist(files) => {
                let it = crate::files::it(files);
                format!("move {it}, choose another `-o`, or use `--force` to overwrite {it}")
            }
            other => other.help(),
        };
        context.ui.fail(Exit::Failed, &error.message(), &help)
    })
}

/// The attributes file that keeps git from changing long texts, or the advice for an existing file without that
/// line.
fn attributes(
    context: &Context,
    files: &[PathBuf],
    has_templates: bool,
) -> (Option<(PathBuf, String)>, Option<String>) {
    let folder = files.first().and_then(|file| file.parent());
    let Some(folder) = folder.filter(|_| has_templates) else { return (None, None) };
    let file = folder.join(files::ATTRIBUTES);
    let line = files::VERBATIM;
    match files::attributes(&context.root, &file) {
        Attributes::Sound => (None, None),
        Attributes::Missing => {
            let text = format!(
                "# These texts are sent byte for byte: git must not change their line endings.\n{line}\n"
            );
            (Some((file, text)), None)
        }
        Attributes::Foreign => {
            let shown = file.display();
            let advice = format!(
                "warning: git may change the line endings of the imported texts: add the line `{line}` to `{shown}`"
            );
            (None, Some(advice))
        }
    }
}

/// Where editors find the schema, as the manifests' folder sees it, and the schema's own file where there
/// is none yet: whoever names a folder for manifests gets it there.
fn schema(
    context: &Context,
    args: &args::ImportArgs,
    files: &[PathBuf],
) -> (Option<String>, Option<(PathBuf, String)>) {
    match files.first() {
        Some(file) if files::schema(&context.root, file).is_some() => {
            (files::schema(&context.root, file), None)
        }
        Some(file) if *file != args.output => {
            let text = report::json_text(&schema::manifest(&context.catalogue));
            (Some(format!("./{}", files::SCHEMA)), Some((args.output.join(files::SCHEMA), text)))
        }
        _ => (None, None),
    }
}

/// The command that goes on from here.
fn next(context: &Context, args: &args::ImportArgs, files: &[PathBuf]) -> String {
    // What was written says its Region, if its id does not.
    let flags = if args.from.is_some() { String::new() } else { connection_flags(&context.global, None) };
    let path = if let [file] = files { file } else { &args.output };
    format!("poolctl plan{flags} {}", quoted(&path.display().to_string()))
}

/// The files of a draft: the manifest, and what it refers to.
fn contents((draft, file): (&Draft, PathBuf)) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = file.parent().unwrap_or(std::path::Path::new("")).to_owned();
    let templates =
        draft.templates.iter().map(|template| (folder.join(&template.file), template.content.clone()));
    [(file, draft.text().into_bytes())].into_iter().chain(templates).collect()
}

/// Prints the manifest of one pool on standard output.
fn print(context: &Context, args: &args::ImportArgs, pool: &Imported) -> Result<Exit, Exit> {
    const NAME: &str = "<stdout>";
    let draft = draft(context, args, pool, None, None);
    tell(context, NAME, &draft, pool);
    let text = draft.text();
    context.ui.data(&text);
    if args.as_new.is_some() {
        return Ok(Exit::Clean);
    }
    let checked =
        manifest::load(NAME, text.as_bytes()).and_then(|manifest| rules::check(&context.catalogue, manifest));
    let (desired, _) = checked.map_err(|errors| {
        context.ui.diagnostics(&errors);
        Exit::Failed
    })?;
    Ok(planned(context, &[&desired], vec![pool.clone()], false))
}

/// Refuses paths that are no settings, and that no pool has.
fn chosen(context: &Context, args: &args::ImportArgs, pools: &[Imported]) -> Result<(), Exit> {
    let only = args.only.iter().map(|path| ("--only", path));
    for (option, pattern) in only.chain(args.without.iter().map(|path| ("--without", path))) {
        let path = pattern.as_path();
        if pools.iter().any(|pool| import::is_known(&context.catalogue, &pool.live, path)) {
            continue;
        }
        let help = meant(close(context, path), "run `poolctl explain` for a list of the settings");
        context
            .ui
            .error(&format!("`{option} {pattern}`: there is no such setting"), Some(&report::escape(&help)));
        return Err(Exit::Usage);
    }
    Ok(())
}

/// The path that was most likely meant.
fn close(context: &Context, path: &Path) -> Option<Path> {
    let word = path.segs().last()?.to_string();
    let name = similar(&word, context.catalogue.siblings(path))?;
    Some(path.parent()?.member(name))
}

fn draft(
    context: &Context,
    args: &args::ImportArgs,
    pool: &Imported,
    schema: Option<String>,
    templates: Option<String>,
) -> Draft {
    let (id, region, account) = (pool.id.clone(), pool.region.clone(), pool.account.clone());
    let as_new = args.as_new.is_some();
    let create = as_new.then(|| id.clone());
    let frame = Header { pool: id, create, region, account, schema };
    let options = import::ImportOptions {
        as_new,
        // Somebody has written each member of a request, be it the default.
        full: args.full || pool.is_request,
        only: args.only.clone(),
        without: args.without.clone(),
        templates,
    };
    import::draft(&context.catalogue, &pool.live, &frame, &options)
}

/// Says what became of settings that are not simply in the manifest.
fn tell(context: &Context, file: &str, draft: &Draft, pool: &Imported) {
    if pool.live.mfa().is_none() {
        let id = &pool.id;
        context.ui.note(&format!(
            "note: {file}: the MFA settings were not imported: save the output of `aws cognito-idp get-user-pool-mfa-config --user-pool-id {id}`, and name that file with `--from-mfa`"
        ));
    }
    let left_out = pool.is_request.then(|| import::left_out(&context.catalogue, pool.live.pool())).flatten();
    if let Some(text) = left_out {
        context.ui.note(&format!("note: {file}: {text}"));
    }
    if pool.is_request {
        context.ui.note(&format!("note: {file}: {}", import::REQUEST_INSIDE));
    }
    for note in &draft.notes {
        let word = if note.warns { "warning" } else { "note" };
        context.ui.note(&format!(
            "{word}: {file}: `{}` {}",
            report::escape(&note.path.to_string()),
            report::escape(&note.text)
        ));
    }
    tell_house(context, file, pool);
}

/// Says which rules of the house the pool breaks today, and where.
fn tell_house(context: &Context, file: &str, pool: &Imported) {
    // A request does not tell what a pool has.
    let rules = if pool.is_request { &[][..] } else { &context.require };
    let verdict =
        house::judge(rules, &context.catalogue, pool.region.as_deref().unwrap_or_default(), &pool.live, &[]);
    for rule in rules {
        let broken = verdict.breaches.iter().filter(|breach| std::ptr::eq(breach.rule, rule));
        let paths: Vec<String> = broken.map(|breach| format!("`{}`", breach.path)).collect();
        let (shown, more) = paths.split_at(paths.len().min(NAMED));
        let more = if more.is_empty() { String::new() } else { format!(", and {} more", more.len()) };
        let name = &rule.name;
        if !paths.is_empty() {
            let count = report::count(paths.len(), "setting");
            let text = format!("the rule `{name}` is broken today by {count}: {}{more}", shown.join(", "));
            context.ui.note_escaped(&format!("note: {file}: {text}"));
        }
        if verdict.undecided.iter().any(|one| std::ptr::eq(*one, rule)) {
            context.ui.note_escaped(&format!("note: {file}: {}", rule.not_judged()));
        }
    }
}

/// Plans every manifest against the documents that it was made from, and says what differs.
fn planned(
    context: &Context,
    wanted: &[impl Deref<Target = Desired>],
    pools: Vec<Imported>,
    written: bool,
) -> Exit {
    let ui = &context.ui;
    let options = context.plain_options();
    let mut plans: Vec<PlanReport> = Vec::new();
    for pool in pools {
        let desired = wanted.iter().find(|desired| desired.pool == pool.id);
        let plan = |desired: &Desired| Plan::new(&context.catalogue, pool.live, desired, &options);
        plans.extend(desired.map(|desired| plan(desired).report));
    }
    plans.retain(|plan| !plan.changes.is_empty() || plan.is_refused());
    if plans.is_empty() {
        return Exit::Clean;
    }
    ui.report(&text::plans(&plans.iter().collect::<Vec<_>>(), &ui.message_style));
    let stay = if written { "; the files were written" } else { "" };
    let help = "delete the lines that the plan names: a setting that a manifest does not mention is not changed in the pool";
    ui.fail(Exit::Failed, &format!("the imported manifests differ from the pools{stay}"), help)
}
