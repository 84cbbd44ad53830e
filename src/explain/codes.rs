//! The codes that are neither a risk nor a rule: of plans, and of manifests.

/// Something that plans or manifests are told of, by a stable name.
#[derive(Debug)]
pub(super) struct Code {
    /// The name.
    pub(super) code: &'static str,
    /// What it is about, and how much it weighs.
    pub(super) of: Of,
    /// What it means, in sentences.
    pub(super) text: &'static str,
    /// What to do about it, as an order; empty where there is nothing to do.
    pub(super) remedy: &'static str,
    /// A piece of a manifest that shows it; empty where that says nothing.
    pub(super) example: &'static str,
    /// Whether no manifest can say what the example says.
    pub(super) is_wrong: bool,
}

/// What a code is about, and how much it weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// It refuses a plan.
    Conflict,
    /// A plan tells of it, and is not refused.
    Warning,
    /// A plan tells of it, and nothing has to be done.
    Note,
    /// A run did not do what it should.
    Failure,
    /// A manifest cannot be used.
    Error,
    /// A manifest can be used, and should be mended.
    Doubt,
}

impl Of {
    /// Whether it is about plans, and not about manifests.
    pub(super) fn is_of_plans(self) -> bool {
        matches!(self, Self::Conflict | Self::Warning | Self::Note | Self::Failure)
    }
}

use Of::{Conflict, Doubt, Error, Failure, Note, Warning};

const fn code(code: &'static str, of: Of, text: &'static str, remedy: &'static str) -> Code {
    Code { code, of, text, remedy, example: "", is_wrong: false }
}

impl Code {
    const fn example(mut self, example: &'static str) -> Self {
        self.example = example;
        self
    }

    /// An example of the mistake itself.
    const fn wrong(mut self, example: &'static str) -> Self {
        self.is_wrong = true;
        self.example(example)
    }

    /// What stands above the example.
    pub(super) fn example_title(&self) -> &'static str {
        if self.is_wrong { "Wrong" } else { "Example" }
    }
}

/// The codes: those of plans, weightiest first, then those of manifests, from the file to the value.
pub(super) static CODES: &[Code] = &[
    code(
        "immutable-field",
        Conflict,
        "The manifest wants another value for something that a pool, or an attribute, is given once and for ever. poolctl never replaces a pool, because its users would be lost.",
        "set the line back to the live value, or delete it; for another value, create a new pool and move its users",
    )
    .example("settings:\n  UsernameConfiguration:\n    CaseSensitive: true  # the pool has false"),
    code(
        "impossible-removal",
        Conflict,
        "The manifest says `null`, and Cognito has no way to take the setting away.",
        "delete the line to leave the setting as it is, or declare another value",
    )
    .example("settings:\n  SmsConfiguration: null"),
    code(
        "required-member",
        Conflict,
        "A structure that would be sent lacks a member that Cognito demands, and the pool has none to keep.",
        "declare the member that the conflict names",
    )
    .example("settings:\n  LambdaConfig:\n    CustomEmailSender:\n      LambdaVersion: V1_0  # and LambdaArn?"),
    code(
        "no-call",
        Conflict,
        "No call of the API, and no order of calls, brings the change about. Where the manifest names a member of the MFA document that repeats a setting of the pool, the setting is the one to declare.",
        "declare the setting that the message names, or delete the line",
    ),
    code(
        "mfa-unread",
        Conflict,
        "The manifest wants another MFA setting than the live one, and the folder of saved documents has only the pool's. SetUserPoolMfaConfig replaces the whole MFA configuration, so all of it must be known.",
        "save what `aws cognito-idp get-user-pool-mfa-config` prints as <pool-id>.mfa.json beside the pool's document",
    ),
    code(
        "ignore-expired",
        Warning,
        "The last day of an entry of `ignore` is over: its setting counts as unmanaged again and is still sent back as it is; a warning or note that it acknowledged is reported again.",
        "set a later `until`, or delete the entry",
    ),
    code(
        "ignore-unused",
        Warning,
        "An entry of `ignore` matches nothing. Its path is in neither the API model nor the pool, or its code is that of no warning or note in the plan.",
        "delete the entry, or mend its path",
    ),
    code(
        "omit-expired",
        Warning,
        "The last day of an entry of `omit` is over: what it names goes back into requests.",
        "set a later `until`, or delete the entry",
    ),
    code(
        "allow-expired",
        Warning,
        "The last day of an entry of `allow` is over: what it names is no longer accepted, and may refuse the plan.",
        "set a later `until`, or delete the entry",
    ),
    code(
        "until-near",
        Warning,
        "An entry of `ignore`, `allow` or `omit` ends within a fortnight.",
        "set a later `until`, or delete the entry before it ends by itself",
    )
    .example("ignore:\n  - path: LambdaConfig.PostConfirmation\n    reason: owned by billing\n    until: 2027-01-31  # the last day"),
    code(
        "allow-unused",
        Warning,
        "An entry of `allow` without an `until` accepts a risk, or a breach of a rule, that is not there today. It stays a standing permission: the next change that carries the risk is not refused.",
        "delete the entry, or set an `until`",
    )
    .example("allow:\n  - risk: trigger-removal\n    path: LambdaConfig.PreSignUp\n    reason: retired in INC-42\n    until: 2030-01-31"),
    code(
        "omit-unused",
        Warning,
        "An entry of `omit` names a member that the request does not have anyway.",
        "delete the entry",
    ),
    code(
        "pending",
        Note,
        "A difference whose direction a baseline tells: the manifest asks for something else than the baseline did, or for something new, and the pool is as the baseline has it. The repository is ahead; an apply is due.",
        "",
    ),
    code(
        "drifted",
        Note,
        "A difference whose direction a baseline tells: the manifest says what the baseline did, and the pool is something else. Somebody changed the pool; in a plan and in a drift the arrow leads from the live value to the declared one.",
        "find out who, and apply to bring the declared value back, or `poolctl adopt` to keep the live one",
    ),
    code(
        "both",
        Note,
        "A difference whose direction a baseline tells: neither the manifest nor the pool is as the baseline has it.",
        "look at both before you apply",
    ),
    code(
        "released",
        Warning,
        "The baseline declares a setting that the manifest no longer does: it is no longer managed, and stays as it is live. To delete a line, or to revert the commit that added it, undoes nothing in the pool. With `--released fail` it refuses the plan, and counts as drift.",
        "give the setting the value `null` to reset it, declare it again, or leave it to others with `ignore`",
    ),
    code(
        "manifest-gone",
        Warning,
        "The baseline has a manifest for a pool, and there is none now: the pool stays as it is, and nobody looks after it.",
        "bring the file back, or leave the pool to others",
    ),
    code(
        "baseline-unreadable",
        Warning,
        "A manifest of the baseline cannot be read or does not load, with the variables and secrets of today: its pool's differences have no direction. A file that another git repository has, a submodule's or a nested one's, counts too, and so does one that a partial clone or Git LFS has not brought. With `--released fail` it ends the run.",
        "nothing, if the next baseline is sound; else do what the message says: nothing is fetched for a baseline",
    ),
    code(
        "unknown-member",
        Note,
        "The live pool has a member that this version does not know. It is sent back as it is, and told of in a note; with `--unknown omit` it is left out, and that is a warning; with `--unknown stop` it is a conflict, which refuses the plan.",
        "use a newer poolctl, or load a newer model with `--api-model`; both know more members",
    ),
    code(
        "unmanaged",
        Note,
        "A live setting differs from its default, and the manifest neither declares nor ignores it. It stays as it is. Told where the manifest says `unmanaged: report`.",
        "declare the setting, put it under `ignore` with a reason, or leave it",
    ),
    code(
        "variable-default",
        Note,
        "Nobody gives a variable that the manifest refers to, and its default stands in the plan.",
        "",
    ),
    code(
        "co-owned",
        Note,
        "A tag of CloudFormation's says that a stack owns this pool too. Its next update may undo what poolctl does.",
        "manage a setting in one place only",
    ),
    code(
        "default-not-echoed",
        Note,
        "Cognito shows a default that it has filled in, and on the pool's tier may not take it back; the request leaves it out.",
        "",
    ),
    code(
        "empty-value",
        Note,
        "The manifest says `{}` where presence alone means something; the plan says what.",
        "write `null` for Cognito's default, if that is what was meant",
    )
    .example("settings:\n  DeviceConfiguration: {}  # devices are remembered"),
    // Files.
    code(
        "pool-failed",
        Failure,
        "The pool could not be read, or the write to it did not take place. Nothing was written to it.",
        "do what the help beside it says, and run the command again",
    ),
    code(
        "stale-plan",
        Failure,
        "Somebody has changed, since the plan was made, a setting that the plan changes. Nothing was written to the pool.",
        "look at what has moved, and plan again",
    ),
    code(
        "not-as-planned",
        Failure,
        "The pool was written, or may have been, and it is not known to be as planned. What it was before is in the backup.",
        "look again with `poolctl plan`, or go back with `poolctl restore`",
    ),
    code(
        "drifted-setting",
        Warning,
        "A live setting is not what the manifest declares, whoever changed it.",
        "bring the pool back with `poolctl apply`, or take the live value into the manifest with `poolctl adopt`",
    ),
    code(
        "undeclared-setting",
        Warning,
        "A live setting that decides who gets in is neither Cognito's default nor what a new pool has, and no manifest declares or ignores it.",
        "declare it (`poolctl adopt --undeclared` writes the lines), or leave it to others with `poolctl ignore add`",
    ),
    code(
        "undeclared-pool",
        Warning,
        "There is a pool in the Region that no manifest is for. Only `drift --discover` looks for such pools.",
        "write its manifest with `poolctl import`",
    ),
    code(
        "planned-change",
        Note,
        "An apply would change this setting. In annotations and SARIF each change is a result of its own, at the line that asks for it.",
        "",
    ),
    code(
        "unreadable",
        Error,
        "A file or a folder cannot be read, or is none.",
        "let this user read it, or name the manifests beside it",
    ),
    code(
        "too-large",
        Error,
        "A file is larger than a manifest may be (1 MiB).",
        "name a manifest",
    ),
    code(
        "not-utf8",
        Error,
        "A file holds bytes that are not UTF-8.",
        "save the file as UTF-8",
    ),
    code(
        "empty",
        Error,
        "The file holds no manifest, or a setting says `{}` where that says nothing.",
        "begin the file with `version: 1` and `pool: <id>`; for a setting, write `null` to reset it, or delete the line",
    )
    .wrong("settings:\n  LambdaConfig: {}  # null, or no line"),
    code(
        "syntax",
        Error,
        "The file is not YAML, at the place that is named.",
        "look at the indentation, the quotes and the brackets there and in the lines above; indent with blanks, not with tabs",
    ),
    code(
        "documents",
        Error,
        "A file holds more than one YAML document (`---`).",
        "write one manifest a file",
    ),
    code(
        "too-many",
        Error,
        "A file holds more values, more repeated text or more settings than any pool needs.",
        "write one manifest a file, with what one pool needs",
    ),
    code(
        "too-deep",
        Error,
        "A file nests deeper than 64 levels; the settings of Cognito nest 5.",
        "look for a bracket or an alias too many",
    ),
    code(
        "and-more",
        Error,
        "A file has more mistakes than the 200 that are told.",
        "mend those, and look again",
    ),
    code(
        "pool-twice",
        Error,
        "Two manifests are for the same pool. They would undo each other.",
        "keep one manifest a pool",
    ),
    // YAML.
    code(
        "alias",
        Error,
        "An alias stands inside the anchor that it stands for.",
        "write the value out",
    ),
    code(
        "tag",
        Error,
        "YAML's tags are not supported.",
        "take the tag away; to make a value text, put it in quotes",
    )
    .wrong("settings:\n  UserPoolTags:\n    stage: !!str prod  # prod"),
    code(
        "merge-key",
        Error,
        "YAML's merge keys (`<<`) are not supported.",
        "write the members out",
    ),
    code(
        "key",
        Error,
        "A key is no word, or too long for one.",
        "write `key: value`",
    ),
    code(
        "duplicate-key",
        Error,
        "A key stands twice in one mapping.",
        "keep one of the two",
    ),
    // The frame.
    code(
        "manifest",
        Error,
        "The file is no mapping.",
        "begin it with `version: 1` and `pool: <id>`",
    ),
    code(
        "unknown-key",
        Error,
        "A manifest has no such key. What Cognito calls a setting stands under `settings`.",
        "look for a slip, or move the line under `settings`",
    ),
    code(
        "version",
        Error,
        "The manifest does not say `version: 1`, which is the version that this poolctl reads.",
        "write `version: 1`, or use the poolctl that the file is for",
    ),
    code(
        "requires",
        Error,
        "The file says which versions of poolctl may use it, and this is none of them; or what it says is no range of versions.",
        "use a poolctl of such a version",
    )
    .wrong("requires: \">=99\"  # no poolctl is that new"),
    code(
        "extends",
        Error,
        "A file that the manifest builds on cannot be had: it is not there, leads out of the root, is no manifest, or extends the file that extends it. Paths are relative to the file that names them.",
        "mend the path, or take it away",
    )
    .example("extends: [base.yaml]"),
    code(
        "reference",
        Error,
        "What stands in `${…}` leads nowhere: a variable or a secret that nobody gives, a file that is not there or must not be read, or a form that there is not.",
        "give the value, mend the path, or write `$${` for the text itself",
    )
    .wrong("settings:\n  UserPoolTags:\n    team: ${var:team:-identity}\n    stage: ${var:stage}  # with neither `--var stage=…` nor a default"),
    code(
        "variables",
        Error,
        "A file of variables holds something else than `NAME: value` lines.",
        "write one variable a line, as `stage: prod`",
    ),
    code(
        "pool",
        Error,
        "The manifest does not say which pool it is for.",
        "add `pool: <id>`",
    ),
    code(
        "frame",
        Error,
        "A key of the manifest has a value of the wrong kind.",
        "write what the message names",
    ),
    code(
        "role",
        Error,
        "`poolctl.yaml` names a role, or an external id, that cannot be used. A role stands under its own account, since it is assumed for the pools of that.",
        "write the role's whole ARN under its account, and `external-id` beside a role",
    ),
    code(
        "unmanaged",
        Error,
        "`unmanaged` is neither `keep` nor `report`.",
        "write `keep`, or `report` to list the live settings that nobody declares",
    ),
    code(
        "ignore",
        Error,
        "An entry of `ignore` must have a `path`, or the `code` of a warning or note to acknowledge; a `reason`; and, if wanted, an `until`.",
        "write each as in the example",
    )
    .example("ignore:\n  - path: LambdaConfig.PostConfirmation\n    reason: owned by billing"),
    code(
        "allow",
        Error,
        "An entry of `allow` is not what one must be: a `risk` or a `rule`, a `reason` and, if wanted, a `path` and an `until`.",
        "write each as in the example",
    )
    .example("allow:\n  - risk: trigger-removal\n    path: LambdaConfig.PreSignUp\n    reason: retired"),
    code(
        "omit",
        Error,
        "An entry of `omit` is not what one must be, or names what a request cannot do without or never has.",
        "write each as in the example, or delete it",
    )
    .example("omit:\n  - path: AcrConfiguration\n    reason: the pool is on LITE"),
    code(
        "unknown-code",
        Error,
        "An entry of `allow` names a risk or a rule that there is not.",
        "look for a slip; `poolctl explain` lists the codes",
    ),
    // Settings.
    code(
        "unknown-setting",
        Error,
        "Cognito has no setting of this name, as far as the API model knows; under `omit` this is a warning.",
        "look for a slip; a member that is newer than this poolctl goes from `settings` to `passthrough`, or load a newer model with `--api-model`",
    ),
    code(
        "not-a-setting",
        Error,
        "The name is Cognito's, and no setting: the reads print it and nothing sets it, they call a setting by another name, or another call owns it.",
        "write the name that the message gives, or delete the line",
    )
    .wrong("settings:\n  Name: customers  # PoolName"),
    code(
        "deprecated-member",
        Doubt,
        "A newer setting has taken this one's place.",
        "set the successor that the message names",
    ),
    code(
        "declared-twice",
        Error,
        "Two lines of a manifest are about one setting: under two names, in two lists, or both managed and left to others.",
        "keep one of the two",
    ),
    code(
        "blank",
        Error,
        "Nothing stands behind the colon. It is not taken for `null`, which resets a setting.",
        "write `null` to reset the setting to Cognito's default, or delete the line to stop managing it",
    )
    .wrong("settings:\n  DeletionProtection:"),
    code(
        "reserved-key",
        Error,
        "A tag's name begins with `aws:`. Those are AWS's own.",
        "delete the line",
    ),
    // Values.
    code(
        "type",
        Error,
        "The value is of another kind than the setting takes.",
        "write what the message names",
    )
    .wrong("settings:\n  Policies:\n    PasswordPolicy:\n      RequireSymbols: yes  # true"),
    code(
        "quote",
        Error,
        "The setting takes text, and YAML reads the value as a number or a boolean.",
        "put it in quotes",
    )
    .wrong("settings:\n  UserPoolTags:\n    cost-center: 4711  # \"4711\""),
    code(
        "enum",
        Error,
        "The setting has a fixed set of values, and this is none of them.",
        "write one of the values that the message lists",
    ),
    code(
        "pattern",
        Error,
        "The text has not the form that Cognito demands: of an ARN, of an address, with the placeholder for a code.",
        "write it as the message says",
    ),
    code(
        "range",
        Error,
        "A number is too small or too great, a text or a list too short or too long.",
        "stay within the bounds that the message names",
    ),
    code(
        "duplicate-element",
        Error,
        "An element stands twice in a list that is a set, or two elements have the same name.",
        "keep one of the two",
    ),
    code(
        "required-member",
        Error,
        "An element of a list lacks a member that it cannot do without. Lists are written whole, so nothing can be kept.",
        "add the member to the element",
    )
    .wrong("settings:\n  AccountRecoverySetting:\n    RecoveryMechanisms:\n      - Name: verified_email  # and Priority?"),
];
