//! UI customization: how the classic hosted UI looks.

use super::clients::CLIENTS;
use crate::catalogue::calls::{self, POOL_ID};
use crate::catalogue::resource::{Needed, Resource, UnsetAnswer};
use crate::catalogue::table::Evidence::Docs;
use crate::catalogue::table::Removal::{Impossible, Omit};
use crate::catalogue::table::{REMOVED, Row};
use crate::document::DocumentId;

/// The UI customization of a pool.
pub(super) static UI_CUSTOMIZATION: Resource = Resource { document: DocumentId::UI_CUSTOMIZATION, ..OF_ANY };

/// The UI customization of an app client. The read of a client without one answers with the pool's. **\[D\]**
pub(super) static CLIENT_UI: Resource =
    Resource { document: DocumentId::CLIENT_UI, hangs_on: Some(&CLIENTS), inherits: true, ..OF_ANY };

/// What both have in common. Both calls are about the pool if they name no app client, or `ALL`. A pool without one has
/// an empty document. **\[D\]**
const OF_ANY: Resource = Resource {
    read: &calls::GET_UI_CUSTOMIZATION,
    answer: Some("UICustomization"),
    update: &calls::SET_UI_CUSTOMIZATION,
    address: &[POOL_ID, "ClientId"],
    branch: Some("uiCustomization"),
    nothing: UnsetAnswer::Empty,
    // The documentation says that CSS and logo cannot be set separately. Whether a request with CSS alone keeps the image
    // is not measured.
    needed: &[Needed {
        of: ("ImageUrl", None),
        member: "ImageFile",
        example: "`${base64:logo.png}` to keep the image, or as `null` to remove it",
    }],
    rows: ROWS,
    ..Resource::IN_POOL
};

/// The settings, one row each.
static ROWS: &[Row] = &[
    Row::new(
        "",
        "How the classic hosted UI looks. An app client has the pool's unless it has one of its own. The pool needs a domain.",
        Impossible(
            "its members are declared one by one; `CSS: null` with `ImageFile: null` removes the customization",
        ),
        Docs,
    ),
    Row::new(
        "CSS",
        "The style sheet, with rules for Cognito's own classes only, such as `.banner-customizable`.",
        Omit,
        Docs,
    )
    .default("\"\"")
    .falls_to(REMOVED),
    Row::new(
        "ImageFile",
        "The logo, a PNG or JPEG file of at most 100 KB: `${base64:logo.png}`. Cognito never returns the file, so a plan shows only whether there is an image. The file is sent whenever `CSS` changes. To replace an image by another one, change `CSS` in the same plan, for example a comment in it.",
        Omit,
        Docs,
    )
    .shown_by("ImageUrl")
    .falls_to(REMOVED),
];
