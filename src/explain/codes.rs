//! The codes that are neither a risk nor a rule: of plans, and of manifests.

/// A code of plans or manifests.
#[derive(Debug)]
pub(super) struct CodeText {
    /// The stable name.
    pub(super) code: &'static str,
    /// The kind.
    pub(super) of: CodeKind,
    /// The meaning, in sentences.
    pub(super) text: &'static str,
    /// The remedy, as an instruction; empty if there is nothing to do.
    pub(super) remedy: &'static str,
    /// An example of manifest lines; may be empty.
    pub(super) example: &'static str,
    /// Whether the example is the mistake.
    pub(super) is_wrong: bool,
}

/// The kind of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CodeKind {
    /// Blocks the plan.
    Conflict,
    /// Does not block the plan.
    Warning,
    /// For information.
    Note,
    /// A run did not do what it should.
    Failure,
    /// A manifest cannot be used.
    Error,
    /// A manifest can be used, and should be corrected.
    Doubt,
}

impl CodeKind {
    /// Whether it is about plans, and not about manifests.
    pub(super) fn is_of_plans(self) -> bool {
        matches!(self, Self::Conflict | Self::Warning | Self::Note | Self::Failure)
    }
}

use CodeKind::{Conflict, Doubt, Error, Failure, Note, Warning};

const fn code(code: &'static str, of: CodeKind, text: &'static str, remedy: &'static str) -> CodeText {
    CodeText { code, of, text, remedy, example: "", is_wrong: false }
}

impl CodeText {
    const fn example(mut self, example: &'static str) -> Self {
        self.example = example;
        self
    }

    /// An example of the mistake itself.
    const fn wrong(mut self, example: &'static str) -> Self {
        self.is_wrong = true;
        self.example(example)
    }

    /// The heading of the example.
    pub(super) fn example_title(&self) -> &'static str {
        if self.is_wrong { "Wrong" } else { "Example" }
    }
}

/// The codes: of plans, the most serious first, then of manifests, from the file to the value.
pub(super) static CODES: &[CodeText] = &[
    code(
        "immutable-field",
        Conflict,
        "The manifest declares another value for a setting that cannot change after the pool, or the attribute, is created. poolctl never replaces a pool, because its users would be lost.",
        "set the line to the live value, or delete it; for another value, create a new pool and move the users",
    )
    .example("settings:\n  UsernameConfiguration:\n    CaseSensitive: true  # the pool has false"),
    code(
        "impossible-removal",
        Conflict,
        "The manifest declares `null`, but Cognito has no way to remove the setting.",
        "delete the line to leave the setting as it is, or declare another value",
    )
    .example("settings:\n  SmsConfiguration: null"),
    code(
        "required-member",
        Conflict,
        "A structure in the request lacks a member that Cognito requires: the pool has no value to keep, or the manifest declares `null`.",
        "declare the member that the conflict names",
    )
    .example("settings:\n  LambdaConfig:\n    CustomEmailSender:\n      LambdaVersion: V1_0  # and LambdaArn?"),
    code(
        "set-by-default",
        Conflict,
        "The manifest declares elements of a set with `has` or `lacks`, and the live list is empty. There an empty list means a default with several elements, so a list of the declared elements alone would take the others away.",
        "declare the whole list",
    )
    .example("clients:\n  web:\n    ReadAttributes: { has: [email] }  # the client has []: all standard attributes"),
    code(
        "set-too-long",
        Conflict,
        "With the elements under `has`, the set would have more elements than Cognito accepts.",
        "name unused elements under `lacks`, or declare the whole list",
    ),
    code(
        "only-part",
        Conflict,
        "`--only` selects a member of a resource that does not exist. A resource is made whole.",
        "select the resource itself",
    ),
    code(
        "no-call",
        Conflict,
        "No API call, and no order of calls, makes the change. If the manifest names a member of the MFA document that is a copy of a pool setting, declare the pool setting instead.",
        "declare the setting that the message names, or delete the line",
    ),
    code(
        "place-taken",
        Conflict,
        "The manifest declares a second domain of one kind. A pool has one prefix and one custom domain at most, and Cognito cannot rename a domain.",
        "remove the old domain by an apply of its own, then make the new one; sign-ins through the domain fail until then",
    ),
    code(
        "element-stays",
        Conflict,
        "A declared list lacks an element that the live list has, and an update of this list only adds and replaces elements: the images of a managed login branding.",
        "add the element to the list, or declare single elements with `has: […]`; only removing the whole document, and making it again, drops one, and nothing is in its place in between",
    ),
    code(
        "document-busy",
        Conflict,
        "Cognito is still setting up the domain, or removing it, and refuses other changes until that ends. A plan that does not change the domain has this as a warning.",
        "run the command again later: a prefix takes a minute, a custom domain up to an hour",
    ),
    code(
        "document-failed",
        Warning,
        "Cognito could not set up the domain, so that it does not work. `drift` counts it as a difference. An apply that wrote the domain warns too.",
        "check the certificate and the DNS record of the parent domain, then remove the domain and make it again",
    ),
    code(
        "document-unread",
        Conflict,
        "The manifest changes something beside the pool's own settings, but the folder of saved documents lacks the document that it stands in. The call replaces the whole document, so poolctl must know all of it.",
        "save the document under the name that the message gives, in the same folder as the pool's document",
    ),
    code(
        "still-named",
        Conflict,
        "The plan removes a scope or an identity provider that app clients of the pool still name, the resource server that a scope belongs to, or an app client that a CIMD policy still names. Cognito would do that without complaint; then every update of these clients or policies fails, by whatever tool. A restore leaves what is still named, warns, and restores the rest.",
        "remove the name from the app clients and policies that the message names: in the same plan from those that the manifest declares, and first from the others",
    ),
    code(
        "hidden-member",
        Conflict,
        "A request must have a value that Cognito never returns, and the manifest does not declare it: the private key of Sign in with Apple, without which Cognito refuses the whole change, or the image of a UI customization, which a request without it may remove. A restore leaves the setting as it is, warns, and restores the rest.",
        "declare the member that the message names, for example as `${secret:NAME}`, or an image as `${base64:logo.png}`",
    ),
    code(
        "not-compared",
        Note,
        "The manifest declares a value that Cognito never returns, so no plan can tell whether it differs. poolctl sends it whenever another member beside it changes.",
        "to send a new value, change another member beside it in the same plan: beside a private key its `key_id`, beside an image the `CSS`, for example a comment in it",
    ),
    code(
        "discovered-again",
        Warning,
        "The manifest removes a URL that Cognito takes from another one if a request has none, such as an endpoint that the issuer's discovery document names. The live URL is of another host. After the apply, Cognito may have a URL there again, which the next plan removes again.",
        "apply the plan once, then delete the line; or declare the URL",
    ),
    code(
        "names-unchecked",
        Note,
        "App clients name scopes and identity providers of the pool, and CIMD policies name app clients. The list of these could not be read, or was not saved, so the plan does not know whether the names exist, or who still has a name that goes. A drift report describes at most 60 undeclared identity providers, and at most 60 app clients to say who names them.",
        "give the role of the plan the permission that the note names; with `--live`, run `poolctl snapshot` again",
    ),
    code(
        "require",
        Warning,
        "The pool breaks a rule of the house: one that `require` in poolctl.yaml has. The code of a finding has the rule's name behind it, as `require:no-implicit`. A plan that breaks the rule, or makes it worse, is blocked (exit code 3); what was broken before is a warning, unless `--strict-require` is given. In a drift report each breach is a difference (exit code 2), and `validate` reports what a manifest itself decides. The setting is judged with the default that Cognito has for it, whether a manifest declares it or not.",
        "change the setting; or exempt it with an entry of `allow`, which needs an `until`; for one run, use `--allow require:NAME`",
    )
    .example("allow:\n  - risk: require:no-implicit\n    path: clients.legacy\n    reason: it is replaced in March\n    until: 2030-03-31"),
    code(
        "require-unread",
        Note,
        "A rule of the house is about something that could not be read, or was not saved, so the plan does not know whether the pool keeps the rule.",
        "give the role of the plan the permissions that `poolctl iam-policy --read-only` lists; with `--live`, run `poolctl snapshot` again",
    ),
    code(
        "require-unmatched",
        Warning,
        "A rule of the house is about nothing that a run has judged: no pool has a resource of its `of`, or nothing has the key at the end of its `path`. The rule may have a typing error, and then protects nothing.",
        "correct `of` or `path`; remove the rule if no pool is to have such a resource",
    ),
    code(
        "gone-since",
        Warning,
        "A restore undoes a run that changed settings of a document, and somebody has removed the document since. poolctl does not make it again for its settings alone.",
        "restore with `--whole` to make it again, as a new one",
    ),
    code(
        "name-gone",
        Warning,
        "A restore would make a CIMD policy again that names an app client by its old id. The app client is gone, or is made again with another id, so the policy is left out, and the rest is restored.",
        "declare the policy in a manifest, with the `ClientId` that the app client has now",
    ),
    code(
        "id-not-found",
        Conflict,
        "The manifest names an app client by an `id` that no app client of the pool has. poolctl does not make a new one: it would get another id.",
        "correct the `id`, or run `poolctl adopt --ids` if the message names a live app client; delete the `id` only to make a new app client",
    ),
    code(
        "ambiguous-name",
        Conflict,
        "An entry without an `id` is found by its name, and several app clients of the pool have that name.",
        "add the `id` of one of the app clients that the message lists",
    ),
    code(
        "owned-by-service",
        Conflict,
        "The manifest declares something that another service made in the pool, and that poolctl never changes.",
        "delete the entry",
    ),
    code(
        "left-to-owner",
        Note,
        "The pool has app clients with names that another service, such as Amazon OpenSearch Service, gives to its own. poolctl never changes them, and they do not count as drift. Anybody who may make a client can choose such a name.",
        "check in that service that the client is its own. If it is not, remove it",
    ),
    code(
        "mfa-unread",
        Conflict,
        "The manifest changes an MFA setting, but the folder of saved documents lacks the MFA document. SetUserPoolMfaConfig replaces the whole MFA configuration, so poolctl must know all of it.",
        "save what `aws cognito-idp get-user-pool-mfa-config` prints as <pool-id>.mfa.json in the same folder as the pool's document",
    ),
    code(
        "id-missing",
        Note,
        "An entry without an `id` is found by its name alone. A name can change, and a later app client can have the same name. An entry that removes something needs the `id`; without it, the plan is blocked.",
        "add the `id` that the message names",
    ),
    code(
        "permanent-settings",
        Note,
        "A plan that makes a pool names the settings that can never change afterwards, with the values that the pool gets: declared or not.",
        "check them now: another value later means another pool, and users who must be moved",
    ),
    code(
        "open-defaults",
        Note,
        "A plan that makes a pool names what the new pool lacks in protection although nobody declared it: sign-up is open to anyone, or there is no MFA. It also names deletion protection that the manifest switches off.",
        "declare the settings that the note names, with these or other values",
    ),
    code(
        "pool-missing",
        Warning,
        "The manifest names its pool by `create`, and no pool of the account carries the tag in this Region. All that the manifest declares counts as drift.",
        "make the pool with `poolctl apply`; if it existed, find out who removed its tag, and write its id as `pool:` in the place of `create`",
    ),
    code(
        "pool-by-tag",
        Note,
        "The manifest names its pool by `create`, and the pool was found by its tag. If the tag is lost, it is found no longer.",
        "write the pool's id as `pool:` in the place of `create`",
    ),
    code(
        "made-again",
        Warning,
        "A restore makes an app client or a group again that the pool no longer has. Cognito gives a client another id and another secret, and the new group has no members. An apply that removed one and ends before the pool is as planned says so too.",
        "give the application the new id and secret, or add the users to the group again",
    ),
    code(
        "already-removed",
        Warning,
        "The manifest removes something that the pool does not have, or no longer has. The plan sends nothing for it. An entry with an `until`, which ends by itself, has this as a note.",
        "delete the entry",
    ),
    code(
        "ignore-expired",
        Warning,
        "An entry of `ignore` has expired. Its setting counts as unmanaged again, and still stays as it is. A note that it acknowledged is reported again.",
        "set a later `until`, or delete the entry",
    ),
    code(
        "ignore-unused",
        Warning,
        "An entry of `ignore` matches nothing. Its path exists neither in the API model nor in the pool, or its code is not the code of a note in the plan. A path may be newer than this poolctl, but it is more likely a typing error.",
        "delete the entry, or correct it",
    ),
    code(
        "omit-expired",
        Warning,
        "An entry of `omit` has expired. Requests contain its member again.",
        "set a later `until`, or delete the entry",
    ),
    code(
        "allow-expired",
        Warning,
        "An entry of `allow` has expired. Its risk or rule is no longer accepted, and can block the plan.",
        "set a later `until`, or delete the entry",
    ),
    code(
        "until-near",
        Warning,
        "An entry of `ignore`, `allow` or `omit` expires within 14 days.",
        "set a later `until`, or delete the entry",
    )
    .example("ignore:\n  - path: LambdaConfig.PostConfirmation\n    reason: owned by billing\n    until: 2027-01-31  # the last day"),
    code(
        "allow-unused",
        Warning,
        "An entry of `allow` without an `until` accepts a risk, or a broken rule, that this plan does not have. The entry stays in force: the next change with that risk is not blocked.",
        "delete the entry, or set an `until`",
    )
    .example("allow:\n  - risk: trigger-removal\n    path: LambdaConfig.PreSignUp\n    reason: retired in INC-42\n    until: 2030-01-31"),
    code(
        "omit-unused",
        Warning,
        "An entry of `omit` names a member that the request does not contain.",
        "delete the entry",
    ),
    code(
        "pending",
        Note,
        "Compared with the baseline, the manifest changed and the pool did not. The repository is ahead, and the change waits for an apply.",
        "",
    ),
    code(
        "drifted",
        Note,
        "Compared with the baseline, the pool changed and the manifest did not. Somebody changed the pool. In a plan and in a drift report, the arrow points from the live value to the declared value.",
        "find out who made the change; then run `poolctl apply` to restore the declared value, or `poolctl adopt` to keep the live value",
    ),
    code(
        "both",
        Note,
        "Compared with the baseline, both the manifest and the pool changed.",
        "compare both changes before you apply",
    ),
    code(
        "released",
        Warning,
        "The baseline declares a setting, and the manifest no longer does. The setting is now unmanaged and keeps its live value: deleting a line, or reverting the commit that added it, changes nothing in the pool. With `--released fail`, this blocks the plan and counts as drift.",
        "set the setting to `null` to reset it, declare it again, or add it to `ignore` if others manage it",
    ),
    code(
        "manifest-gone",
        Warning,
        "The baseline has a manifest for a pool, and there is none now. The pool stays as it is, and is no longer managed.",
        "restore the file if the pool must stay managed",
    ),
    code(
        "baseline-unreadable",
        Warning,
        "A manifest of the baseline cannot be read or loaded with today's variables and secrets, so the differences of its pool have no direction. This includes files in a submodule or a nested git repository, and files that a partial clone or Git LFS has not downloaded. With `--released fail`, the run stops.",
        "follow the message; poolctl downloads nothing for a baseline. No action is needed if the next baseline can be read",
    ),
    code(
        "unknown-member",
        Note,
        "The live pool has a member that this version does not know. By default, requests return it unchanged, and the plan shows a note. With `--unknown omit`, requests leave it out, and the plan warns. With `--unknown stop`, it is a conflict, which blocks the plan. An update of a group or of an identity provider sends only what changes: of a member that stays out, and that Cognito keeps, there is a note in any case.",
        "use a newer poolctl, or load a newer API model with `--api-model`",
    ),
    code(
        "unmanaged",
        Note,
        "A live setting differs from its default, and the manifest neither declares nor ignores it. It stays as it is. Shown only if the manifest says `unmanaged: report`.",
        "declare the setting, add it to `ignore` with a reason, or leave it unmanaged",
    ),
    code(
        "variable-default",
        Note,
        "A variable in the manifest is not set, so the plan uses its default.",
        "",
    ),
    code(
        "selection",
        Note,
        "The plan is of a part of the manifest, which `--only` selects. What is not selected is neither planned nor judged.",
        "run the command without `--only` to see everything",
    ),
    code(
        "co-owned",
        Note,
        "A tag shows that another tool also owns this pool, such as a CloudFormation stack or an Amplify app. Its next update may undo changes made by poolctl. CloudFormation's tags stay when a stack lets go of the pool, and nobody can remove them.",
        "manage each setting in one tool only; when the tool has let go of the pool, add `{ code: co-owned, reason: … }` to `ignore`",
    ),
    code(
        "default-not-echoed",
        Note,
        "Cognito returns a default that it filled in, but may not accept on the pool's tier. The request leaves it out.",
        "",
    ),
    code(
        "empty-value",
        Note,
        "The manifest declares `{}` for a setting whose presence alone has an effect, or a list becomes empty, or is no longer empty, that means more than nothing when it is empty. The plan states the effect.",
        "write `null` if you want Cognito's default instead; declare the elements of the list",
    )
    .example("settings:\n  DeviceConfiguration: {}  # devices are remembered"),
    // Files.
    code(
        "pool-failed",
        Failure,
        "The pool could not be read or written. Nothing was changed in the pool.",
        "follow the help in the message, and run the command again",
    ),
    code(
        "stale-plan",
        Failure,
        "Since the plan was made, somebody changed a setting that the plan changes. Nothing was written to the pool.",
        "check what changed, and plan again",
    ),
    code(
        "not-as-planned",
        Failure,
        "The pool was written, or may have been, and it is not confirmed to be as planned. The backup contains its previous state.",
        "check the pool with `poolctl plan`, or undo the run with `poolctl restore`",
    ),
    code(
        "drifted-setting",
        Warning,
        "A live setting differs from the manifest, whoever changed it.",
        "run `poolctl apply` to restore the declared value, or `poolctl adopt` to write the live value to the manifest",
    ),
    code(
        "undeclared-setting",
        Warning,
        "A live security setting is neither Cognito's default nor the value of a new pool, and the manifest neither declares nor ignores it.",
        "declare the setting (`poolctl adopt --undeclared` writes the lines), or run `poolctl ignore add` if others manage it",
    ),
    code(
        "undeclared-pool",
        Warning,
        "The Region has a pool without a manifest. Only `drift --discover` looks for such pools.",
        "run `poolctl import` to write its manifest",
    ),
    code(
        "planned-change",
        Note,
        "An apply would change this setting. In annotations and SARIF, each change is a separate result at the line that declares it.",
        "",
    ),
    code(
        "unreadable",
        Error,
        "A file or a folder cannot be read, or the path is neither.",
        "give this user read permission, or name the manifests one by one",
    ),
    code(
        "linked-folder",
        Warning,
        "A folder of manifests has a link to another folder in it. A search for manifests does not follow such links.",
        "name the folder that the link leads to as a path of its own, or replace the link by the folder",
    ),
    code(
        "too-large",
        Error,
        "The file is larger than 1 MiB, the limit for a manifest.",
        "check that the path is that of a manifest",
    ),
    code(
        "not-utf8",
        Error,
        "The file contains bytes that are not UTF-8.",
        "save the file as UTF-8",
    ),
    code(
        "empty",
        Error,
        "The file is empty, or a setting is `{}` where that has no effect.",
        "start the file with `version: 1` and `pool: <id>`; for a setting, write `null` to reset it, or delete the line",
    )
    .wrong("settings:\n  LambdaConfig: {}  # null, or no line"),
    code(
        "syntax",
        Error,
        "The file is not valid YAML at the place shown.",
        "check the indentation, the quotes and the brackets at that place and in the lines above; indent with spaces, not tabs",
    ),
    code(
        "documents",
        Error,
        "The file contains more than one YAML document (`---`).",
        "write one manifest per file",
    ),
    code(
        "too-many",
        Error,
        "The file contains more values, more repeated text or more settings than any pool needs.",
        "write one manifest per file, with only the settings of one pool",
    ),
    code(
        "too-deep",
        Error,
        "The file has more than 64 levels of nesting. Cognito's settings have 5.",
        "look for an extra bracket or alias",
    ),
    code(
        "and-more",
        Error,
        "The file has more than 200 mistakes. Only the first 200 are shown.",
        "correct those, and run the command again",
    ),
    code(
        "create",
        Error,
        "`create` names a pool that is made if no pool carries its word as the tag `poolctl:create`. The word must end in at least eight random letters and digits, so that no two manifests mean the same pool by chance. No id says where the pool is, so `region` and `account` must, and a new pool needs a `PoolName`.",
        "correct the line, or write the pool's id as `pool:`",
    )
    .wrong("create: customers-staging-7f3k9q2m  # beside `pool`\nsettings:\n  PoolName: customers-staging"),
    code(
        "pool-twice",
        Error,
        "Two manifests are for the same pool. Each would undo the changes of the other.",
        "keep one manifest per pool",
    ),
    // YAML.
    code(
        "alias",
        Error,
        "A YAML alias refers to an anchor that contains the alias.",
        "write out the value instead of the alias",
    ),
    code(
        "tag",
        Error,
        "YAML tags are not supported.",
        "remove the tag; to make a value text, put it in quotes",
    )
    .wrong("settings:\n  UserPoolTags:\n    stage: !!str prod  # prod"),
    code(
        "merge-key",
        Error,
        "YAML merge keys (`<<`) are not supported.",
        "write out the members",
    ),
    code(
        "key",
        Error,
        "A key is not a single text, or is too long.",
        "write `key: value`",
    ),
    code(
        "duplicate-key",
        Error,
        "A mapping contains the same key twice.",
        "keep one of the two",
    ),
    // The frame.
    code(
        "manifest",
        Error,
        "The file is not a mapping, or has none of the keys of a manifest.",
        "start the file with `version: 1` and `pool: <id>`",
    ),
    code(
        "unknown-key",
        Error,
        "A manifest has no such key. Cognito's settings belong under `settings`.",
        "correct the name, or move the line under `settings`",
    ),
    code(
        "version",
        Error,
        "The manifest lacks `version: 1`, the only version that this poolctl reads.",
        "write `version: 1`, or use a poolctl that reads the file's version",
    ),
    code(
        "requires",
        Error,
        "The file does not allow this version of poolctl, or `requires` is not a range of versions.",
        "use a version of poolctl that the file allows, or correct the range",
    )
    .wrong("requires: \">=99\"  # no poolctl is that new"),
    code(
        "extends",
        Error,
        "A file that the manifest extends cannot be used: it does not exist, is outside the root, is not a manifest, or extends the file that extends it. Paths are relative to the file that names them.",
        "correct the path, or remove it",
    )
    .example("extends: [base.yaml]"),
    code(
        "reference",
        Error,
        "A reference `${…}` cannot be resolved: the variable or the secret is not set, the file does not exist or must not be read, or the form is unknown.",
        "set the variable or the secret, correct the path, or write `$${` for the text `${`",
    )
    .wrong("settings:\n  UserPoolTags:\n    team: ${var:team:-identity}\n    stage: ${var:stage}  # with neither `--var stage=…` nor a default"),
    code(
        "variables",
        Error,
        "A file of variables contains lines that are not `NAME: value`.",
        "write one variable per line, for example `stage: prod`",
    ),
    code(
        "pool",
        Error,
        "The manifest does not name its pool.",
        "add `pool: <id>`",
    ),
    code(
        "frame",
        Error,
        "A key of the manifest has a value of the wrong type.",
        "write a value of the type that the message names",
    ),
    code(
        "role",
        Error,
        "`poolctl.yaml` names a role, or an external id, that cannot be used. A role must be listed under its own account, because poolctl assumes it for the pools of that account.",
        "write the role's complete ARN under its account, and `external-id` only together with a role",
    ),
    code(
        "unmanaged",
        Error,
        "`unmanaged` is neither `keep` nor `report`.",
        "write `keep`, or `report` to list the unmanaged settings",
    ),
    code(
        "watch",
        Error,
        "`watch` is not a list of branches that have entries, each once.",
        "list each branch once, as in the example",
    )
    .example("watch: [identityProviders, clients]"),
    code(
        "watch-ignored",
        Warning,
        "A branch is in `watch`, and an entry of `ignore` covers everything in it. So drift reports nothing of the branch.",
        "delete the branch from `watch`, or ignore less of it",
    ),
    code(
        "template",
        Error,
        "A template, or the `like` of an entry, is not valid. A template has a name and settings only; `like` names one template, and an entry that removes something has none.",
        "correct the name, or write the settings into the entry",
    )
    .example("templates:\n  staff:\n    Precedence: 5\ngroups:\n  admins:\n    like: staff"),
    code(
        "remove",
        Error,
        "An entry that removes something is not valid. It has `remove: true`, a `reason` and an optional `until`, and no settings.",
        "write the entry as in the example",
    )
    .example("groups:\n  old-team:\n    remove: true\n    reason: retired in INC-42"),
    code(
        "ignore",
        Error,
        "An entry of `ignore` is not valid. It has a `path`, or the `code` of a note to acknowledge; a `reason`; and an optional `until`.",
        "write the entry as in the example",
    )
    .example("ignore:\n  - path: LambdaConfig.PostConfirmation\n    reason: owned by billing"),
    code(
        "allow",
        Error,
        "An entry of `allow` is not valid. It has a `risk` or a `rule`, a `reason`, an optional `path` and an optional `until`.",
        "write the entry as in the example",
    )
    .example("allow:\n  - risk: trigger-removal\n    path: LambdaConfig.PreSignUp\n    reason: retired"),
    code(
        "omit",
        Error,
        "An entry of `omit` is not valid, or names a member that requests always contain or never contain.",
        "write the entry as in the example, or delete it",
    )
    .example("omit:\n  - path: AcrConfiguration\n    reason: the pool is on LITE"),
    code(
        "unknown-code",
        Error,
        "An entry of `allow` names a risk or a rule that does not exist.",
        "correct the code; `poolctl explain` lists all codes",
    ),
    // Settings.
    code(
        "unknown-setting",
        Error,
        "The API model has no setting of this name. Under `omit`, this is a warning.",
        "correct the name; if the setting is newer than this poolctl, move it from `settings` to `passthrough`, or load a newer API model with `--api-model`",
    ),
    code(
        "not-a-setting",
        Error,
        "The name exists in Cognito's API but is not a setting: it is read-only, it is the name of a setting in responses, or it is a copy of another setting.",
        "use the name in the message, or delete the line",
    )
    .wrong("settings:\n  Name: customers  # PoolName"),
    code(
        "deprecated-member",
        Doubt,
        "A newer setting replaces this one.",
        "set the newer setting that the message names",
    ),
    code(
        "declared-twice",
        Error,
        "Two lines of the manifest are about the same setting: under two names, in two lists, or both declared and ignored. Or two extended files, of which neither extends the other, declare it differently.",
        "keep one of the two",
    ),
    code(
        "blank",
        Error,
        "The value after the colon is missing. poolctl does not read it as `null`, which would reset the setting.",
        "write `null` to reset the setting to Cognito's default, or delete the line to stop managing it",
    )
    .wrong("settings:\n  DeletionProtection:"),
    code(
        "secret-in-file",
        Warning,
        "The manifest contains the value of a secret. Whoever can read the file, or its history in Git, has the secret.",
        "write `${secret:NAME}`, and set the environment variable POOLCTL_SECRET_NAME; use a new secret if the file has been committed",
    ),
    code(
        "reserved-key",
        Error,
        "A tag's name begins with `aws:`, which is reserved for AWS; or an identity provider is called `COGNITO`, by which app clients name the users of the pool itself.",
        "delete the line, or choose another name",
    ),
    // Values.
    code(
        "type",
        Error,
        "The value does not have the type of the setting.",
        "write a value of the type that the message names",
    )
    .wrong("settings:\n  Policies:\n    PasswordPolicy:\n      RequireSymbols: yes  # true"),
    code(
        "quote",
        Error,
        "The setting is a text, and YAML reads the value as a number or a boolean.",
        "put the value in quotes",
    )
    .wrong("settings:\n  UserPoolTags:\n    cost-center: 4711  # \"4711\""),
    code(
        "enum",
        Error,
        "The value is not one of the setting's allowed values.",
        "write one of the values that the message lists",
    ),
    code(
        "pattern",
        Error,
        "The text does not have the form that Cognito requires, such as an ARN, an e-mail address, or a text with the placeholder for a code.",
        "write the text in the form that the message names",
    ),
    code(
        "range",
        Error,
        "A number is too small or too large, or a text or a list is too short or too long.",
        "stay within the bounds that the message names",
    ),
    code(
        "duplicate-element",
        Error,
        "A set contains an element twice, or two elements of a list have the same name.",
        "keep one of the two",
    ),
    code(
        "required-member",
        Error,
        "An element of a list lacks a required member. Lists are declared whole, so poolctl cannot keep the live value.",
        "add the member to the element",
    )
    .wrong("settings:\n  AccountRecoverySetting:\n    RecoveryMechanisms:\n      - Name: verified_email  # and Priority?"),
];
