//! Where each option may come from: a file of the project, the environment, or the command line alone.

use crate::manifest;

/// Where an option may come from. What is typed may always say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OptionSource {
    /// Also from `defaults` in poolctl.yaml, and from the environment.
    Project,
    /// Also from the environment: whoever sets that runs poolctl, and whoever changes a file of the project
    /// perhaps does not.
    Environment,
    /// From nowhere else.
    Line,
}

/// What an option decides, and so where it may come from.
pub(in crate::cli) struct OptionRow {
    from: OptionSource,
    /// What a file of the project must not do, or why it may; docs/manifest.md has the same words.
    pub(in crate::cli) why: &'static str,
    /// The options that do it, by their long names.
    options: &'static [&'static str],
}

const ROWS: [OptionRow; 14] = [
    OptionRow {
        from: OptionSource::Line,
        why: "approve a write, or overwrite files",
        options: &["yes", "allow", "force"],
    },
    OptionRow {
        from: OptionSource::Environment,
        why: "decide where requests go, and with which identity",
        options: &[
            "region",
            "profile",
            "account",
            "endpoint-url",
            "ca-bundle",
            "sandbox",
            "seed",
            "omission",
        ],
    },
    OptionRow {
        from: OptionSource::Environment,
        why: "decide which settings are known, sent or left out",
        options: &["unknown", "api-model", "only", "without", "whole"],
    },
    OptionRow {
        from: OptionSource::Environment,
        why: "weaken what stops or fails a run",
        options: &["settle", "max-failures", "keep-going"],
    },
    OptionRow {
        from: OptionSource::Environment,
        why: "select fewer or more pools",
        options: &["target", "exclude", "shard", "all"],
    },
    OptionRow {
        from: OptionSource::Environment,
        why: "decide which files are read or compared with",
        options: &[
            "root",
            "live",
            "from",
            "from-mfa",
            "from-terraform",
            "from-cloudformation",
            "from-pulumi",
            "backup",
            "baseline",
        ],
    },
    OptionRow {
        from: OptionSource::Environment,
        why: "write results to files, or decide where links in results lead",
        options: &["out", "save", "source-url"],
    },
    OptionRow {
        from: OptionSource::Environment,
        why: "widen what a policy grants or a manifest accepts",
        options: &["wildcard", "reason", "until", "undeclared", "ids"],
    },
    OptionRow { from: OptionSource::Line, why: "name a new pool", options: &["as-new"] },
    OptionRow {
        from: OptionSource::Environment,
        why: "inject faults into the sandbox",
        options: &["port", "in-memory", "fault", "fault-seed", "quotas", "latency"],
    },
    OptionRow {
        from: OptionSource::Project,
        why: "set what is printed, and how",
        options: &[
            "format",
            "log-format",
            "color",
            "quiet",
            "no-progress",
            "verbose",
            "run-label",
            "show-request",
            "planned-values",
            "suggest-ignores",
            "sources",
            "full",
            "share",
            "wide",
            "discover",
            "read-only",
            "dry-run",
        ],
    },
    OptionRow {
        from: OptionSource::Project,
        why: "set the rate and the timeouts of calls",
        options: &["rate", "parallelism", "connect-timeout", "read-timeout"],
    },
    OptionRow {
        from: OptionSource::Project,
        why: "make a run stricter",
        options: &["strict", "strict-require", "strict-stale", "detailed-exitcode", "released"],
    },
    OptionRow {
        from: OptionSource::Project,
        why: "name the project's own files and variables",
        options: &["var", "var-file", "backup-dir", "output"],
    },
];

pub(in crate::cli) fn row(option: &str) -> Option<&'static OptionRow> {
    ROWS.iter().find(|row| row.options.contains(&option))
}

/// The environment variable of an option, if it has one. The variables of manifests have names of their own.
pub(in crate::cli) fn variable(option: &str) -> Option<String> {
    let row = row(option).filter(|row| row.from != OptionSource::Line && option != "var");
    row.map(|_| format!("POOLCTL_{}", option.replace('-', "_").to_uppercase()))
}

/// What to say of an environment variable that looks like one of an option and has no effect.
pub(in crate::cli) fn without_effect(name: &str) -> Option<String> {
    let said = name.strip_prefix("POOLCTL_")?;
    if said.starts_with("VAR_") || said.starts_with("SECRET_") {
        return None;
    }
    let options = ROWS.iter().flat_map(|row| row.options.iter().copied());
    let option = manifest::similar(&said.replace('_', "-"), options)?;
    match variable(option) {
        Some(variable) if variable == name => None,
        Some(variable) => Some(format!("{name} has no effect: did you mean {variable}?")),
        None => Some(format!("{name} has no effect: `--{option}` counts on the command line alone")),
    }
}

/// Whether a file of the project may say an option.
pub(in crate::cli) fn is_for_projects(option: &str) -> bool {
    row(option).is_some_and(|row| row.from == OptionSource::Project)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Every option with a long name, of every command and of those below it, with its variable.
    fn options(command: &clap::Command) -> Vec<(String, Option<String>)> {
        let own = command.get_arguments().filter_map(|arg| {
            let variable = arg.get_env().map(|name| name.to_string_lossy().into_owned());
            Some((arg.get_long()?.to_owned(), variable))
        });
        own.chain(command.get_subcommands().flat_map(options)).collect()
    }

    #[test]
    fn every_option_of_every_command_has_one_row_and_the_sources_that_it_names() {
        let mut known = BTreeSet::new();
        for (option, variable) in options(&crate::cli::commands::help::command()) {
            let rows: Vec<&OptionRow> =
                ROWS.iter().filter(|row| row.options.contains(&option.as_str())).collect();
            let [row] = rows.as_slice() else { panic!("`--{option}` has {} rows", rows.len()) };
            // The variables of manifests have names of their own: POOLCTL_VAR_….
            let has_variable = option == "var" || variable.is_some();
            assert_eq!(has_variable, row.from != OptionSource::Line, "`--{option}`");
            if let Some(variable) = variable {
                assert_eq!(variable, format!("POOLCTL_{}", option.replace('-', "_").to_uppercase()));
            }
            known.insert(option);
        }
        for option in ROWS.iter().flat_map(|row| row.options) {
            assert!(known.contains(*option), "there is no `--{option}`");
        }
    }

    #[test]
    fn a_variable_without_effect_is_told_and_no_other() {
        for (name, said) in [
            ("POOLCTL_FORMAT", ""),
            ("POOLCTL_FROMAT", "POOLCTL_FROMAT has no effect: did you mean POOLCTL_FORMAT?"),
            ("POOLCTL_ALLOW", "POOLCTL_ALLOW has no effect: `--allow` counts on the command line alone"),
            ("POOLCTL_YES", "POOLCTL_YES has no effect: `--yes` counts on the command line alone"),
            ("POOLCTL_SECRET_YES", ""),
            ("POOLCTL_VAR_FORMAT", ""),
            ("POOLCTL_VERSION", ""),
            ("POOLCTL_HOME", ""),
            ("FORMAT", ""),
        ] {
            assert_eq!(without_effect(name).unwrap_or_default(), said, "{name}");
        }
    }

    #[test]
    fn the_page_about_manifests_says_the_same_words() {
        let page = include_str!("../../../docs/manifest.md");
        for OptionRow { from, why, options } in ROWS {
            let options: Vec<String> = options.iter().map(|option| format!("`{option}`")).collect();
            let may = match from {
                OptionSource::Project => "yes",
                OptionSource::Environment => "no",
                OptionSource::Line => "no, nor the environment",
            };
            let line = format!("| {why} | {may} | {} |\n", options.join(", "));
            assert!(page.contains(&line), "docs/manifest.md lacks\n{line}");
        }
    }
}
