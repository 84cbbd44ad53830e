use crate::document::Json;

/// What a setting means to the service.
#[derive(Clone, Debug, PartialEq)]
pub enum SettingMeaning {
    /// It has this value.
    Known(Json),
    /// It has no value, or an empty one, which means the same as this one.
    Default(Json),
    /// It has no value, and the service no default.
    Absent,
    /// What is known does not tell.
    Unknown,
}
