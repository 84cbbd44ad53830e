//! Values that satisfy the model's shapes, and values that no model knows.

use poolctl::document::{Json, Object};
use poolctl::shapes::{Shape, ShapeKind, Shapes};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// A word that no enum of the model has.
pub(crate) const STRANGE: &str = "FROM_THE_FUTURE";

/// Number texts that do not survive a floating point number, or that JSON writes in more than one way.
const NUMBERS: [&str; 7] = ["0.10", "12345678901234567890123", "-7.50", "1e400", "0", "42", "3.0"];

/// How values are made.
#[derive(Clone, Copy)]
pub(crate) struct Values<'a> {
    pub(crate) shapes: &'a Shapes,
    /// How likely a member that may be absent is there.
    pub(crate) density: f64,
    /// Whether members and words occur that the model does not know.
    pub(crate) strange: bool,
    /// Whether a member whose removal exists may be `null`.
    pub(crate) nulls: bool,
}

impl Values<'_> {
    /// A structure of this shape at `path`, without the members in `without`.
    pub(crate) fn structure(&self, path: &str, shape: &Shape, without: &[&str]) -> BoxedStrategy<Object> {
        let members = shape.members.iter().filter(|(name, _)| !without.contains(name));
        let members: Vec<_> = members.map(|(name, inner)| self.member(path, shape, name, inner)).collect();
        let new = maybe(if self.strange { 0.2 } else { 0.0 }, (new_name(), anything()));
        (members, new)
            .prop_map(|(members, new)| members.into_iter().flatten().chain(new).collect::<Object>())
            .boxed()
    }

    fn member(
        &self,
        path: &str,
        around: &Shape,
        name: &str,
        inner: &str,
    ) -> BoxedStrategy<Option<(String, Json)>> {
        let at = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        let required = around.required.contains(&name);
        let shape = self.shapes.get(inner).unwrap();
        let mut value = self.value(&at, shape);
        if self.nulls && !required && is_removable(&at) {
            value = prop_oneof![6 => value, 1 => Just(Json::Null)].boxed();
        }
        let name = name.to_owned();
        let value = value.prop_map(move |value| (name.clone(), value));
        let density = if path.is_empty() { self.density } else { self.density.max(0.5) };
        maybe(if required { 1.0 } else { density }, value)
    }

    fn value(&self, path: &str, shape: &Shape) -> BoxedStrategy<Json> {
        match shape.kind {
            ShapeKind::Structure => self.structure(path, shape, &[]).prop_map(Json::Object).boxed(),
            ShapeKind::List if path.ends_with("RecoveryMechanisms") => self.mechanisms(shape),
            ShapeKind::List => self.list(shape),
            ShapeKind::Map => self.map(path, shape),
            ShapeKind::String if !shape.allowed.is_empty() => self.word(shape).prop_map(Json::from).boxed(),
            ShapeKind::String => text(shape).prop_map(Json::from).boxed(),
            ShapeKind::Integer => (shape.min.unwrap()..=shape.max.unwrap()).prop_map(Json::from).boxed(),
            ShapeKind::Boolean => any::<bool>().prop_map(Json::from).boxed(),
            kind => panic!("{path}: the generator has no values of the kind {kind:?}"),
        }
    }

    fn word(&self, shape: &Shape) -> BoxedStrategy<String> {
        let known = select(shape.allowed).prop_map(str::to_owned);
        match self.strange {
            true => prop_oneof![15 => known, 1 => Just(STRANGE.to_owned())].boxed(),
            false => known.boxed(),
        }
    }

    fn list(&self, shape: &Shape) -> BoxedStrategy<Json> {
        let least = usize::try_from(shape.min.unwrap_or(0)).unwrap();
        let element = self.shapes.element(shape).unwrap();
        if element.allowed.is_empty() {
            return vec(text(element), 0..4)
                .prop_map(|mut texts| {
                    texts.sort();
                    texts.dedup();
                    Json::from(texts)
                })
                .boxed();
        }
        let most = usize::try_from(shape.max.unwrap_or(i64::MAX)).unwrap_or(usize::MAX);
        let strange = maybe(if self.strange { 0.1 } else { 0.0 }, Just(STRANGE.to_owned()));
        (subsequence(element.allowed, least..=most.min(element.allowed.len())), strange)
            .prop_map(move |(words, strange)| {
                words.into_iter().map(str::to_owned).chain(strange).take(most).collect::<Vec<_>>()
            })
            .prop_shuffle()
            .prop_map(Json::from)
            .boxed()
    }

    /// The one list of structures: its elements are known by their names and ordered by priority.
    fn mechanisms(&self, shape: &Shape) -> BoxedStrategy<Json> {
        let element = self.shapes.element(shape).unwrap();
        let names = self.shapes.member(element, "Name").unwrap().allowed;
        let chosen = subsequence(names, 1..=2).prop_shuffle();
        let extra = maybe(if self.strange { 0.3 } else { 0.0 }, (new_name(), anything()));
        (chosen, any::<bool>(), extra)
            .prop_map(|(names, swap, extra)| {
                let count = names.len();
                let element = |(index, name): (usize, &str)| {
                    let priority = if swap { count - index } else { index + 1 };
                    let known = [
                        ("Priority".to_owned(), Json::from(priority)),
                        ("Name".to_owned(), Json::from(name)),
                    ];
                    Json::Object(known.into_iter().chain(extra.clone()).collect())
                };
                Json::Array(names.into_iter().enumerate().map(element).collect())
            })
            .boxed()
    }

    fn map(&self, path: &str, shape: &Shape) -> BoxedStrategy<Json> {
        let values = self.shapes.get(shape.value.unwrap()).unwrap();
        let mut value = self.value(&format!("{path}.*"), values);
        if self.nulls {
            value = prop_oneof![6 => value, 1 => Just(Json::Null)].boxed();
        }
        let keys = if path == "AcrConfiguration" {
            subsequence(vec!["Level1", "Level2", "Level3", "Level4"], 0..=4)
                .prop_map(|keys| keys.into_iter().map(str::to_owned).collect())
                .boxed()
        } else {
            let tag = prop_oneof![
                select(vec!["a.b/c", "team", "größe", "🎉"]).prop_map(str::to_owned),
                "[b-zA-Z0-9._:/=+@ äß-]{1,12}"
            ];
            vec(tag, 0..4).boxed()
        };
        (keys, vec(value, 4))
            .prop_map(|(keys, values): (Vec<String>, _)| Json::Object(keys.into_iter().zip(values).collect()))
            .boxed()
    }
}

/// A value with this probability; 0 and 1 mean what they say.
fn maybe<S: Strategy + 'static>(probability: f64, value: S) -> BoxedStrategy<Option<S::Value>> {
    if probability == 0.0 {
        value.prop_map(|_| None).boxed()
    } else if probability == 1.0 {
        value.prop_map(Some).boxed()
    } else {
        proptest::option::weighted(probability, value).boxed()
    }
}

/// Whether something is written, or left out, where a manifest says `null` here.
fn is_removable(path: &str) -> bool {
    !matches!(path, "PoolName" | "SmsConfiguration" | "MfaConfiguration")
}

/// Text of this shape. What it makes the manifest's checks judge again, by the model's own patterns.
fn text(shape: &Shape) -> BoxedStrategy<String> {
    let least = shape.min.unwrap_or(0);
    let bounded = |class: &str| {
        proptest::string::string_regex(&format!("{class}{{{least},{}}}", least + 12)).unwrap().boxed()
    };
    let pattern = shape.pattern.unwrap_or_default();
    if pattern.contains("arn:") {
        return "[a-zA-Z0-9-]{1,12}"
            .prop_map(|name| format!("arn:aws:lambda:eu-west-1:111122223333:function:{name}"))
            .boxed();
    }
    if pattern.contains("##") {
        let placeholder = if pattern.contains("####") { "{####}" } else { "{##Click here##}" };
        let word = if pattern.starts_with('.') { "[ -z|~äß🎉]{0,12}" } else { "[ -z|~äß🎉\n]{0,12}" };
        return (word, word).prop_map(move |(a, b)| format!("{a}{placeholder}{b}")).boxed();
    }
    match pattern {
        "" | "(?s).*" => bounded("[ -~äß🎉\n\t]"),
        r"[\w\s+=,.@-]+" => bounded("[a-zA-Z0-9 +=,.@_-]"),
        "^[a-zA-Z0-9_-]+$" => bounded("[a-zA-Z0-9_-]"),
        pattern if pattern.contains("@[") => "[a-zäß]{1,8}@example\\.com".boxed(),
        pattern if pattern.contains(r"\x5D") => bounded("[!#-\\[\\]-~]"),
        pattern if pattern.contains(r"\p{L}") => bounded("[a-zA-Zäß🎉!?,. \n-]"),
        pattern => panic!("the generator has no text for {pattern}"),
    }
}

/// Names that the model does not have.
fn new_name() -> impl Strategy<Value = String> {
    select(vec!["BrandNew", "New.Dotted", "Neuheit ß", "newer"]).prop_map(str::to_owned)
}

/// Any JSON at all.
pub(crate) fn anything() -> BoxedStrategy<Json> {
    let number = select(NUMBERS.to_vec()).prop_map(|text| serde_json::from_str(text).unwrap());
    let leaf = prop_oneof![
        1 => Just(Json::Null),
        1 => any::<bool>().prop_map(Json::from),
        3 => number,
        2 => "[ -~äß🎉\n]{0,8}".prop_map(Json::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        let members = vec((new_name(), inner.clone()), 0..3);
        prop_oneof![
            vec(inner, 0..3).prop_map(Json::from),
            members.prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
    .boxed()
}
