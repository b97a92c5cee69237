//! What Lina Moreau types. She is fictitious, like everyone in these journeys.

use serde_json::{Value, json};

/// Her password.
pub const PASSWORD: &str = "neige en aout volcan";

/// Every field but charter, password and photo, as it is typed.
pub fn answers() -> Vec<(&'static str, &'static str)> {
    vec![
        ("civility", "MADAME"),
        ("family_name", "Moreau"),
        ("given_name", "Lina"),
        ("birth_date", "7/3/2009"),
        ("email", "lina.moreau@example.fr"),
        ("email_confirmation", "lina.moreau@example.fr"),
        ("phone_number", "06 12 34 56 78"),
        ("care_of", "Mme Martin"),
        ("address_line", "12, rue Blatin"),
        ("residence", "Les Volcans"),
        ("postal_code", "63000"),
        ("commune", "63113"),
        ("school", "0630020E"),
        ("track", "STL"),
        ("sending", "ETABLISSEMENT"),
    ]
}

/// The arguments of one `set_field`.
pub fn set_field(draft: &str, field: &str, typed: &str) -> Value {
    json!({ "draft": draft, "field": field, "typed": typed })
}

/// The arguments of a `keep_picture`: her head is bare, and no rule is broken.
pub fn keep_picture(draft: &str, framing: &Value) -> Value {
    json!({ "draft": draft, "framing": framing, "bare_head": true, "note": null })
}
