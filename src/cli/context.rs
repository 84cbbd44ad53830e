use std::sync::Arc;

use super::args::{self, Format, GlobalArgs};
use super::exit::Exit;
use super::terminal::ui::Ui;
use super::world::accounts::Accounts;
use crate::apply::Interrupt;
use crate::catalogue::Catalogue;
use crate::files::Root;
use crate::manifest::{Diagnostic, HOUSE, Manifest};
use crate::plan::Options;
use crate::report::SourceLinks;
use crate::rules::house::{self, HouseRule};
use crate::rules::{self, Allows, Desired, ManifestPool, Slip};

/// What every command works with.
pub(in crate::cli) struct Context {
    pub(in crate::cli) ui: Arc<Ui>,
    pub(in crate::cli) global: GlobalArgs,
    pub(in crate::cli) accounts: Accounts,
    /// The rules of the house, by which every plan is judged.
    pub(in crate::cli) require: Arc<[HouseRule]>,
    pub(in crate::cli) catalogue: Arc<Catalogue>,
    /// The digest of the API model that the command line names.
    pub(in crate::cli) model: Option<String>,
    pub(in crate::cli) interrupt: Interrupt,
    /// The label that distinguishes the metrics of this run.
    pub(in crate::cli) label: String,
    /// Where the files of the repository can be read, if it is known.
    pub(in crate::cli) links: Option<SourceLinks>,
    /// The folder that links must not lead out of.
    pub(in crate::cli) root: Root,
}

impl Context {
    /// What the plans of this run go by.
    pub(in crate::cli) fn options(&self, allow: &args::AllowArgs) -> Result<Options, Exit> {
        let allows = Allows::all(&allow.allow);
        if let Some((name, help)) = allows.houses().find_map(|name| house::unknown(&self.require, name)) {
            let text = format!("`--allow {HOUSE}{name}`: poolctl.yaml has no rule `{name}`");
            return Err(self.ui.fail(Exit::Usage, &text, &help));
        }
        for slip in allows.slips(&self.catalogue) {
            self.tell(&slip)?;
        }
        Ok(Options { allows, is_strict: allow.strict_require, ..self.plain_options() })
    }

    /// The same where nothing can be let through.
    pub(in crate::cli) fn plain_options(&self) -> Options {
        Options {
            unknown: self.global.unknown,
            today: self.today(),
            allows: Allows::default(),
            is_strict: false,
        }
    }

    /// A path of `--allow` that can be none ends the run; one that a live pool may have is only doubted.
    pub(in crate::cli) fn tell(&self, slip: &Slip) -> Result<(), Exit> {
        let meant = slip.close.as_ref().map(|close| format!("did you mean `{close}`?"));
        let text = format!("`--allow {}`: there is no setting `{}`", slip.flag, slip.path);
        if slip.is_nowhere {
            let help = meant.unwrap_or_else(|| "write the path as the plan prints it".to_owned());
            return Err(self.ui.fail(Exit::Usage, &text, &help));
        }
        if let Some(meant) = meant {
            self.ui.note_escaped(&format!("warning: {text} in the API model; {meant}"));
        }
        Ok(())
    }

    /// What a manifest wants, and the warnings; the Region of the command line takes the place of its own.
    pub(in crate::cli) fn wants(
        &self,
        manifest: Manifest,
    ) -> Result<(Desired, Vec<Diagnostic>), Vec<Diagnostic>> {
        self.check().wants(manifest)
    }

    /// What checks manifests in this run.
    pub(in crate::cli) fn check(&self) -> ManifestCheck {
        let (catalogue, require) = (Arc::clone(&self.catalogue), Arc::clone(&self.require));
        ManifestCheck { catalogue, require, region: self.region().map(str::to_owned) }
    }

    /// The same by the rules of the house, and in the Region of the command line, if it names one.
    pub(in crate::cli) fn elsewhere(&self, desired: Desired) -> Desired {
        self.check().elsewhere(desired)
    }

    /// How many pools are worked on at a time.
    pub(in crate::cli) fn parallelism(&self) -> usize {
        self.global.parallelism.into()
    }

    pub(in crate::cli) fn region(&self) -> Option<&str> {
        self.global.region.as_deref()
    }

    /// Whether the result on standard output is for people.
    pub(in crate::cli) fn is_text(&self) -> bool {
        self.global.format == Format::Text
    }

    /// Today, in UTC.
    pub(in crate::cli) fn today(&self) -> time::Date {
        time::OffsetDateTime::now_utc().date()
    }
}

/// What a manifest is checked by. It can do that on any thread.
#[derive(Clone)]
pub(in crate::cli) struct ManifestCheck {
    catalogue: Arc<Catalogue>,
    require: Arc<[HouseRule]>,
    /// The Region of the command line.
    region: Option<String>,
}

impl ManifestCheck {
    /// As [`Context::wants`].
    pub(in crate::cli) fn wants(
        &self,
        manifest: Manifest,
    ) -> Result<(Desired, Vec<Diagnostic>), Vec<Diagnostic>> {
        let (desired, mut warnings) = rules::check(&self.catalogue, manifest)?;
        warnings.extend(house::unknown_allows(&self.require, &desired.allow));
        match self.misplaced(&desired) {
            Some(finding) => Err(vec![finding]),
            None => Ok((self.elsewhere(desired), warnings)),
        }
    }

    /// What is wrong with the Region of the command line for a pool that is found by a tag: another Region has another pool.
    fn misplaced(&self, desired: &Desired) -> Option<Diagnostic> {
        let tag = desired.tag.as_ref()?;
        let region = self.region.as_ref().filter(|region| **region != desired.region)?;
        let message = format!(
            "`create` is for a pool in {}, and `--region` or POOLCTL_REGION says {region}",
            desired.region
        );
        let finding = Diagnostic::error("create", message, tag.origin.clone(), "the pool of this manifest");
        Some(finding.help("remove the option, or change `region` in the manifest"))
    }

    fn elsewhere(&self, desired: Desired) -> Desired {
        let region = self.region.clone().unwrap_or(desired.subject.region);
        let subject = ManifestPool { region, ..desired.subject };
        Desired { subject, require: Arc::clone(&self.require), ..desired }
    }
}
