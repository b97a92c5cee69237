//! A process whose power is cut: `unplugged STORY FOLDER`, recorded from outside or killed.

use std::path::Path;
use std::process::ExitCode;

use journeys::unplugged::keys::Keys;
use journeys::unplugged::{phone, server, stand, typist};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args[..] {
        ["phone", folder] => phone::story(Path::new(folder)),
        ["migration", folder] => phone::migration(Path::new(folder)),
        ["typist", folder, rounds] => rounds
            .parse()
            .map_err(|_| "how many rounds?".to_owned())
            .and_then(|rounds| typist::story(Path::new(folder), rounds)),
        ["stand", folder, region_key, secrets] => {
            std::fs::read_to_string(secrets).map_err(|error| error.to_string()).and_then(|lines| {
                stand::story(Path::new(folder), region_key, Keys::from_lines(lines.lines()))
            })
        }
        ["first-start", folder] => server::first_start(Path::new(folder)),
        ["phone-again", folder, said] => std::fs::read_to_string(said)
            .map_err(|error| error.to_string())
            .and_then(|said| phone::reopen(Path::new(folder), Keys::from_lines(said.lines())))
            .map(drop),
        ["server-again", folder] => server::reopen(Path::new(folder)).map(drop),
        ["server-files", folder] => server::story_of_files(Path::new(folder)),
        ["server-migration", folder] => server::migration(Path::new(folder)),
        ["server", folder, password] => server::story(Path::new(folder), password),
        _ => Err(format!("no story {args:?}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::FAILURE
        }
    }
}
