//! Symbolic links that came with a checkout: none leads a reader or a writer out of it.

use std::fs;
use std::os::unix::fs::symlink;

use serde_json::json;

use crate::harness::{Output, Workspace};

const POOL: &str = "eu-west-1_a1B2c3D4E";
/// What is in each file outside of the checkout: no output holds it, and no run changes it.
const OUTSIDE: &str = "[default]\naws_secret_access_key = wJalrXUtnFEMI\nk3y: [\n";

/// A checkout with a sound manifest and its pool, in a folder with files of somebody else.
struct World(Workspace);

impl World {
    fn new() -> Self {
        let world = Self(Workspace::new());
        world.0.write("outside/file", OUTSIDE);
        world.0.write("outside/folder/file.yaml", OUTSIDE);
        world.0.write("checkout/.git/HEAD", "");
        world.0.write("checkout/pools/sound.yaml", manifest("team: identity"));
        let pool = json!({"UserPool": {"Id": POOL, "Name": "customers", "UserPoolTags": {"team": "people"}},
            "MfaConfig": {"MfaConfiguration": "OFF"}});
        world.0.write(&format!("checkout/live/{POOL}.json"), pool.to_string());
        world
    }

    /// Puts a link to something outside into the checkout, in the place of what may be there.
    fn link(&self, link: &str, target: &str) {
        let at = self.0.path().join("checkout").join(link);
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        let _ = fs::remove_file(&at);
        symlink(self.0.path().join("outside").join(target), at).unwrap();
    }

    /// A run in the checkout, in whose arguments `DIR` is the folder around both.
    fn run(&self, arguments: &[&str]) -> Output {
        let folder = self.0.path().display().to_string();
        let arguments: Vec<String> = arguments.iter().map(|word| word.replace("DIR", &folder)).collect();
        let script = r#"cd checkout && exec "$0" "$@""#;
        let run = self.0.program("sh").args(["-c", script, env!("CARGO_BIN_EXE_poolctl")]);
        run.args(arguments).output()
    }

    /// Whether a run said which link leads where, showed nothing of what is there, and left it alone.
    #[track_caller]
    fn refuses(&self, arguments: &[&str], link: &str, target: &str) -> Output {
        let told = self.run(arguments);
        assert!(matches!(told.code, Some(1 | 64)), "{arguments:?}\n{told}");
        let (link, target) = (format!("`{link}`"), format!("`[DIR]/outside/{target}`"));
        let says = format!("the symbolic link {link} points to {target}, outside of `[DIR]/checkout`");
        // As it is read, however it is laid out.
        let text = told.to_string().replace('│', " ");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(&says), "{arguments:?}\n{told}");
        assert!(text.contains("replace the link with the file"), "{told}");
        assert!(!text.contains("wJalr") && !text.contains("k3y"), "{told}");
        self.is_untouched();
        told
    }

    #[track_caller]
    fn is_untouched(&self) {
        let mut left: Vec<String> = Vec::new();
        for folder in ["outside", "outside/folder"] {
            for entry in fs::read_dir(self.0.path().join(folder)).unwrap() {
                let path = entry.unwrap().path();
                if path.is_file() {
                    assert_eq!(fs::read_to_string(&path).unwrap(), OUTSIDE, "{}", path.display());
                }
                left.push(path.strip_prefix(self.0.path()).unwrap().display().to_string());
            }
        }
        left.sort();
        assert_eq!(left, ["outside/file", "outside/folder", "outside/folder/file.yaml"]);
    }
}

fn manifest(tag: &str) -> String {
    format!("version: 1\npool: {POOL}\nsettings:\n  UserPoolTags: {{ {tag} }}\n")
}

#[test]
fn a_manifest_that_is_a_link_shows_nothing_of_what_it_leads_to() {
    let world = World::new();
    world.link("pools/a.yaml", "file");
    world.link("elsewhere", "folder");
    for path in ["pools/a.yaml", "./pools/a.yaml", "pools", "pools/*.yaml", "DIR/checkout/pools/a.yaml"] {
        for command in [
            &["validate"][..],
            &["plan", "--live", "live"],
            &["drift", "--live", "live"],
            &["apply", "--yes", "--sandbox", "--seed", "live"],
            &["adopt", "--live", "live"],
            &["render"],
            &["iam-policy"],
            &["ignore", "add", "UserPoolTags", "--reason", "theirs"],
        ] {
            let refused = world.refuses(&[command, &[path]].concat(), "pools/a.yaml", "file");
            assert!(refused.to_string().contains("`--root`"), "{refused}");
        }
    }
    for path in ["elsewhere", "elsewhere/file.yaml", "elsewhere/*.yaml"] {
        world.refuses(&["validate", path], "elsewhere", "folder");
    }
}

#[test]
fn what_a_manifest_refers_to_through_a_link_stays_inside() {
    let world = World::new();
    world.link("pools/mail.html", "file");
    world.link("pools/base.yaml", "folder/file.yaml");
    world.link("vars.yaml", "file");
    let text = format!("{}  EmailVerificationMessage: ${{file:mail.html}}\n", manifest("a: b"));
    world.0.write("checkout/refers.yaml", text.replace("mail.html", "pools/mail.html"));
    world.refuses(&["validate", "refers.yaml"], "pools/mail.html", "file");
    world.0.write("checkout/extends.yaml", format!("extends: pools/base.yaml\n{}", manifest("a: b")));
    world.refuses(&["validate", "extends.yaml"], "pools/base.yaml", "folder/file.yaml");
    let with_variables = ["validate", "--var-file", "vars.yaml", "pools/sound.yaml"];
    world.refuses(&with_variables, "vars.yaml", "file");
}

#[test]
fn saved_documents_plans_and_backups_are_read_through_no_link() {
    let world = World::new();
    world.link("linked", "folder");
    world.link("plan.json", "file");
    world.link(&format!("those/{POOL}.json"), "file");
    let file = format!("those/{POOL}.json");
    world.refuses(&["plan", "--live", "those", "pools/sound.yaml"], &file, "file");
    world.refuses(&["import", "--from", "those", POOL, "-o", "-"], &file, "file");
    world.refuses(&["import", "--from", "linked", "--all", "-o", "-"], "linked", "folder");
    world.refuses(&["plan", "--live", "live", "--baseline", "linked"], "linked", "folder");
    world.refuses(&["show", "plan.json"], "plan.json", "file");
    world.refuses(&["apply", "plan.json"], "plan.json", "file");
    world.refuses(&["restore", "--yes", "plan.json"], "plan.json", "file");
    world.refuses(&["explain", "--api-model", "plan.json", "PoolName"], "plan.json", "file");
}

#[test]
fn results_plans_and_backups_are_written_through_no_link() {
    let world = World::new();
    world.link("plan.md", "file");
    world.link("new.md", "new");
    world.link("reports", "folder");
    let plan = |out: &'static str| vec!["plan", "--live", "live", out, "pools/sound.yaml"];
    world.refuses(&plan("--out=markdown=plan.md"), "plan.md", "file");
    world.refuses(&plan("--out=markdown=new.md"), "new.md", "new");
    world.refuses(&plan("--out=json=reports/plan.json"), "reports", "folder");
    let sandbox = ["--sandbox", "--seed", "live", "pools/sound.yaml"];
    world.refuses(&[&["plan", "--save=plan.md"], &sandbox[..]].concat(), "plan.md", "file");

    world.link(".poolctl/backups", "folder");
    world.refuses(&[&["apply", "--yes"], &sandbox[..]].concat(), ".poolctl/backups", "folder");
    fs::remove_dir_all(world.0.path().join("checkout/.poolctl")).unwrap();
    world.link(".poolctl/.gitignore", "new");
    world.run(&[&["apply", "--yes"], &sandbox[..]].concat()).expect(0);
    world.is_untouched();
    fs::remove_dir_all(world.0.path().join("checkout/.poolctl")).unwrap();
    world.link(".poolctl/sandbox", "folder");
    world.refuses(&[&["plan"], &sandbox[..]].concat(), ".poolctl/sandbox", "folder");
    fs::remove_dir_all(world.0.path().join("checkout/.poolctl")).unwrap();
    world.link(".poolctl", "folder");
    world.refuses(&[&["apply", "--yes"], &sandbox[..]].concat(), ".poolctl", "folder");
}

#[test]
fn import_writes_through_no_link() {
    let world = World::new();
    let import = ["import", "--from", "live", POOL, "--force", "-o"];
    world.link("new/customers.yaml", "file");
    let told = world.run(&[&import[..], &["new"]].concat()).expect(0);
    assert!(told.stdout.contains(&format!("new/{POOL}.yaml")), "a name that is taken is left alone\n{told}");
    world.is_untouched();
    world.refuses(&[&import[..], &["new/customers.yaml"]].concat(), "new/customers.yaml", "file");
    world.link("linked", "folder");
    world.refuses(&[&import[..], &["linked"]].concat(), "linked", "folder");
}

#[test]
fn paths_outside_of_the_checkout_that_are_named_themselves_are_read_and_written() {
    let world = World::new();
    let folder = world.0.path();
    world.0.write("elsewhere/a.yaml", manifest("team: identity"));
    fs::rename(folder.join("checkout/live"), folder.join("live")).unwrap();
    symlink("elsewhere/a.yaml", folder.join("link.yaml")).unwrap();
    symlink("checkout", folder.join("short")).unwrap();
    for path in ["DIR/elsewhere/a.yaml", "../elsewhere", "DIR/link.yaml", "../short/pools/sound.yaml"] {
        let out = "--out=markdown=DIR/plan.md";
        let planned = world.run(&["plan", "--live", "DIR/live", out, path]).expect(0);
        assert!(planned.stdout.contains("1 pool to update"), "{path}\n{planned}");
        assert!(fs::read_to_string(folder.join("plan.md")).unwrap().contains("1 pool to update"));
    }
    world.run(&["import", "--from", "DIR/live", POOL, "-o", "DIR/imported"]).expect(0);
}

#[test]
fn streams_of_the_shell_are_written_to() {
    let world = World::new();
    let poolctl = env!("CARGO_BIN_EXE_poolctl");
    for (out, expected) in [
        (">(sed 's/^/got: /' > DIR/got; echo done > DIR/fifo)", "got: "),
        ("/dev/stdout", "1 pool to update"),
        ("/dev/stderr", "1 pool to update"),
    ] {
        let out = out.replace("DIR", "..");
        // The shell does not wait for what it has started: a pipe does.
        let script = format!(
            "cd checkout && rm -f ../fifo && mkfifo ../fifo && {poolctl} plan --live live --out markdown={out} \
             - < pools/sound.yaml 2>&1 && if [ \"${{1:-}}\" ]; then cat ../fifo ../got; fi"
        );
        let waits = if out.starts_with('>') { "waits" } else { "" };
        let ran = world.0.program("bash").args(["-c", &script, "bash", waits]).output().expect(0);
        assert!(ran.stdout.contains(expected), "{out}\n{ran}");
    }
}

#[test]
fn links_that_stay_inside_and_those_that_the_root_allows_are_followed() {
    let world = World::new();
    let folder = world.0.path();
    symlink("sound.yaml", folder.join("checkout/pools/alias.yaml")).unwrap();
    let plan = ["plan", "--live", "live", "pools/alias.yaml"];
    assert!(world.run(&plan).expect(0).stdout.contains("1 pool to update"));
    world.0.write("shared/a.yaml", manifest("team: identity"));
    symlink("../../shared/a.yaml", folder.join("checkout/pools/alias.yaml.new")).unwrap();
    fs::rename(folder.join("checkout/pools/alias.yaml.new"), folder.join("checkout/pools/alias.yaml"))
        .unwrap();
    assert_eq!(world.run(&plan).code, Some(1));
    for root in ["..", "../shared"] {
        let planned = world.run(&[&plan[..], &["--root", root]].concat()).expect(0);
        assert!(planned.stdout.contains("1 pool to update"), "{planned}");
    }
}

#[test]
fn a_link_that_leads_nowhere_is_named_by_every_command() {
    let world = World::new();
    let at = |name: &str| world.0.path().join("checkout").join(name);
    for (link, target, told) in [
        ("circle", "circle", "the symbolic link `circle` leads back to itself"),
        ("dangling", "nowhere", "the symbolic link `dangling` points to `nowhere`, which does not exist"),
    ] {
        symlink(target, at(link)).unwrap();
        let (out, seeded) = (format!("json={link}/plan.json"), ["--sandbox", "--seed", "live"]);
        let (in_sandbox, apply) = (format!("--sandbox={link}"), ["apply", "--yes", "pools/sound.yaml"]);
        for arguments in [
            &["validate", link][..],
            &["plan", "--live", link, "pools/sound.yaml"],
            &["plan", "--sandbox", "--seed", link, "pools/sound.yaml"],
            &["plan", "--live", "live", "--root", link, "pools/sound.yaml"],
            &["plan", "--live", "live", "--baseline", link, "pools/sound.yaml"],
            &["plan", "--live", "live", "--api-model", link, "pools/sound.yaml"],
            &["plan", "--live", "live", "--var-file", link, "pools/sound.yaml"],
            &["plan", "--live", "live", "--out", &out, "pools/sound.yaml"],
            &[&apply[..], &["--backup-dir", link], &seeded].concat(),
            &[&apply[..], &[&in_sandbox]].concat(),
            &["show", link],
            &["restore", link],
            &["import", "--from-terraform", link],
        ] {
            let output = world.run(arguments);
            assert!(matches!(output.code, Some(1 | 64)), "{arguments:?}\n{output}");
            // As it is read, however it is laid out.
            let text = output.to_string().replace('│', " ");
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(text.contains(told) && !text.contains("os error"), "{arguments:?}\n{output}");
            assert!(!text.contains("permission"), "{arguments:?}\n{output}");
        }
    }
    fs::create_dir(at("more")).unwrap();
    fs::copy(at("pools/sound.yaml"), at("more/sound.yaml")).unwrap();
    symlink("gone.yaml", at("more/lost.yaml")).unwrap();
    let output = world.run(&["validate", "more"]).expect(1);
    assert!(
        output.stdout.contains("`more/lost.yaml` points to") && !output.stdout.contains("permission"),
        "{output}"
    );
}
