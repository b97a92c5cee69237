//! What the server answers to whom, as a description that programs read (OpenAPI 3.1).
//!
//! Each handler says what is its own: method, path, bodies, who may ask, and by which codes it may
//! fail. What follows from these for every route is added here, so that it stands in one place.

use std::collections::BTreeSet;

use serde_json::Value;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{Components, Content, InfoBuilder, License, OpenApi, Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::failure::{Failure, PROBLEM_JSON, Problem};
use crate::gate::SESSION_COOKIE;
use crate::router::routes;

/// Where a handler lists the codes of its failures.
const FAILURES: &str = "x-failures";
/// Whoever may ask for a thing of a phone shows its token.
const DEVICE: &str = "device";
/// What may go wrong everywhere.
const ALWAYS: [&str; 2] = ["ours", "too_slow"];

/// The description of every route, as text.
pub fn openapi() -> anyhow::Result<String> {
    Ok(described()?.to_pretty_json()? + "\n")
}

fn described() -> anyhow::Result<OpenApi> {
    let mut api = routes().into_openapi();
    api.info = InfoBuilder::new()
        .title("Pass'Région")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "What phones, reviewers and other programs ask of the Region's server. A request that \
             fails is told as a problem (RFC 9457) whose `code` never changes its meaning.",
        ))
        .license(Some(License::new("EUPL-1.2")))
        .build();
    let components = api.components.get_or_insert_with(Components::new);
    let mut schemas = vec![(Problem::name().into_owned(), Problem::schema())];
    Problem::schemas(&mut schemas);
    components.schemas.extend(schemas);
    for (name, scheme) in schemes() {
        components.add_security_scheme(name, scheme);
    }
    for (path, item) in &mut api.paths.paths {
        for (method, operation) in operations(item) {
            complete(operation, method, path)?;
        }
    }
    Ok(api)
}

/// Who asks, and by what they are known.
fn schemes() -> [(&'static str, SecurityScheme); 3] {
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("The token of a phone: 32 random bytes, in hexadecimal."))
        .build();
    let session = ApiKeyValue::with_description(SESSION_COOKIE, "The session of a reviewer.");
    let ticket = ApiKeyValue::with_description("ticket", "A ticket: one use, one minute.");
    [
        (DEVICE, SecurityScheme::Http(token)),
        ("reviewer", SecurityScheme::ApiKey(ApiKey::Cookie(session))),
        ("ticket", SecurityScheme::ApiKey(ApiKey::Query(ticket))),
    ]
}

fn operations(item: &mut PathItem) -> Vec<(&'static str, &mut Operation)> {
    let all = [
        ("get", &mut item.get),
        ("put", &mut item.put),
        ("post", &mut item.post),
        ("delete", &mut item.delete),
    ];
    all.into_iter().filter_map(|(method, found)| Some((method, found.as_mut()?))).collect()
}

/// Adds to a route what follows from what it says of itself.
fn complete(operation: &mut Operation, method: &str, path: &str) -> anyhow::Result<()> {
    let words: Vec<&str> = path.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let words = words.into_iter().filter(|word| !word.is_empty());
    let name: Vec<&str> = std::iter::once(method).chain(words).collect();
    operation.operation_id = Some(name.join("_"));
    operation.tags = None;
    for (status, answer) in &mut operation.responses.responses {
        if let RefOr::T(answer) = answer {
            answer.description = said(status).to_owned();
        }
    }
    // A page tells its failures to people, as a page.
    if path.starts_with("/desk") || path.starts_with("/compte") {
        return Ok(());
    }
    let codes = codes(operation);
    for failure in Failure::every().iter().filter(|failure| codes.contains(failure.code())) {
        add(operation, failure);
    }
    let known: BTreeSet<&str> = Failure::every().iter().map(Failure::code).collect();
    for code in &codes {
        anyhow::ensure!(known.contains(code.as_str()), "{method} {path} fails by {code}?");
    }
    operation.extensions =
        Some(Extensions::from_iter([(FAILURES, codes.into_iter().collect::<Value>())]));
    Ok(())
}

/// What an answer without words of its own says.
fn said(status: &str) -> &'static str {
    match status {
        "101" => "The websocket is open.",
        "200" => "What was asked for.",
        "204" => "Done, and on the disk.",
        "303" => "Another page follows.",
        _ => "Why not.",
    }
}

/// The codes by which a route may fail: those that it names, and those that follow.
fn codes(operation: &Operation) -> BTreeSet<String> {
    let own = operation.extensions.as_ref().and_then(|known| known.get(FAILURES)?.as_array());
    let own: BTreeSet<&str> = own.into_iter().flatten().filter_map(Value::as_str).collect();
    let device = SecurityRequirement::new::<_, [&str; 0], _>(DEVICE, []);
    let asks_who = operation.security.iter().flatten().any(|asked| *asked == device);
    let has_body = operation.request_body.is_some();
    let is_read = has_body || operation.parameters.is_some();
    // One look tells both: see `refuse_buried`.
    let is_gone = own.contains("erased");
    let follow = [
        ("deleted", is_gone),
        ("malformed", is_read),
        ("signed_out", asks_who),
        ("too_large", has_body),
    ];
    let follow = follow.into_iter().filter_map(|(code, holds)| holds.then_some(code));
    own.into_iter().chain(follow).chain(ALWAYS).map(str::to_owned).collect()
}

/// One failure more, beside those of the same status.
fn add(operation: &mut Operation, failure: &Failure) {
    let (status, said) = (failure.status().as_str().to_owned(), failure.described());
    let answers = &mut operation.responses.responses;
    if let Some(RefOr::T(known)) = answers.get_mut(&status) {
        known.description = format!("{} {said}", known.description);
        return;
    }
    let problem = Content::new(Some(Ref::from_schema_name(Problem::name())));
    let answer = ResponseBuilder::new().description(said).content(PROBLEM_JSON, problem).build();
    answers.insert(status, answer.into());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What programs of others are made from changes only knowingly.
    #[test]
    fn the_description_of_the_routes_is_fresh() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");
        let now = openapi().unwrap();
        if std::env::var_os("UPDATE_OPENAPI").is_some() {
            std::fs::write(file, &now).unwrap();
        }
        let kept = std::fs::read_to_string(file).unwrap_or_default();
        let how = "UPDATE_OPENAPI=1 cargo test --locked --workspace --lib the_description_of_the_routes_is_fresh";
        assert!(kept == now, "docs/openapi.json is not what the routes say: {how}");
    }

    #[test]
    fn every_failure_has_a_code_and_a_sentence_of_its_own() {
        let every = Failure::every();
        let codes: BTreeSet<&str> = every.iter().map(Failure::code).collect();
        let sentences: BTreeSet<String> = every.iter().map(Failure::described).collect();
        assert_eq!((codes.len(), sentences.len()), (every.len(), every.len()));
    }
}
