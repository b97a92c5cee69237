//! A PostgreSQL of the tests' own: the first test starts it, all share it, and soon after the
//! last one it is ended and its folder removed.

use std::fs::{self, File};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// As long as this file is locked by anybody, the cluster lives.
static IN_USE: OnceLock<File> = OnceLock::new();

/// The address of an empty database for one test; none where PostgreSQL is not installed.
pub(crate) fn empty_database() -> Option<String> {
    let programs = programs()?;
    let beside = std::env::current_exe().unwrap().with_file_name("postgres-of-tests");
    fs::create_dir_all(&beside).unwrap();
    let in_use = beside.join("in-use");
    IN_USE.get_or_init(|| {
        let file = File::create(&in_use).unwrap();
        file.lock_shared().unwrap();
        file
    });
    let starting = File::create(beside.join("starting")).unwrap();
    starting.lock().unwrap();
    let place = beside.join("place");
    let known = fs::read_to_string(&place).map(PathBuf::from);
    let socket = match known {
        Ok(socket) if UnixStream::connect(socket.join(".s.PGSQL.5432")).is_ok() => socket,
        _ => {
            let socket = start(&programs, &in_use);
            fs::write(&place, socket.to_str().unwrap()).unwrap();
            socket
        }
    };
    starting.unlock().unwrap();
    let name = format!("test_{}", uuid::Uuid::now_v7().simple());
    let address = |database: &str| {
        let host = socket.to_str().unwrap().replace('/', "%2F");
        format!("postgresql://tests@{host}/{database}")
    };
    run(&address("postgres"), &format!("CREATE DATABASE {name}"));
    Some(address(&name))
}

/// Runs statements on a database, or stops the test.
pub(crate) fn run(address: &str, statements: &str) {
    within(address, async |client| client.batch_execute(statements).await).unwrap();
}

/// A short visit to a database, from a thread that may wait.
pub(crate) fn within<T: Send>(
    address: &str,
    visit: impl AsyncFnOnce(&tokio_postgres::Client) -> T + Send,
) -> T {
    std::thread::scope(|threads| {
        let visited = threads.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                let connected = tokio_postgres::connect(address, tokio_postgres::NoTls).await;
                let (client, connection) = connected.unwrap();
                tokio::spawn(connection);
                visit(&client).await
            })
        });
        visited.join().unwrap()
    })
}

/// Where Debian keeps the programs, the newest version of them.
pub(crate) fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut found: Vec<PathBuf> = versions
        .map(|version| version.unwrap().path().join("bin"))
        .filter(|programs| programs.join("initdb").is_file())
        .collect();
    found.sort();
    found.pop()
}

/// Makes a cluster that listens on a socket in a folder of its own, with fsync as it is shipped.
fn start(programs: &Path, in_use: &Path) -> PathBuf {
    let script = r#"
        set -eu
        as=; [ "$(id -u)" != 0 ] || as="runuser -u postgres --"
        folder=$($as mktemp -d /tmp/passregion-postgres-XXXXXX)
        cd "$folder"
        $as "$1/initdb" -D "$folder/data" -U tests -A trust -E UTF8 --locale=C.UTF-8 -N
        $as "$1/pg_ctl" -D "$folder/data" -l "$folder/log" -w start \
            -o "-k $folder -c listen_addresses= -c max_connections=300"
        # Whoever is the last one does not know it: this looks from outside, and ends it.
        setsid sh -c '
            exec 9> "$3"
            while sleep 5; do
                flock -n -x 9 || continue
                $4 "$1/pg_ctl" -D "$2/data" -m immediate stop
                rm -rf "$2"
                exit
            done' keeper "$1" "$folder" "$2" "$as" > /dev/null 2>&1 &
        echo "$folder" >&3
    "#;
    let told = in_use.with_file_name("told");
    let started = Command::new("bash")
        .args(["-c", &format!("exec 3> \"$3\"; {script}"), "start"])
        .args([programs, in_use, &told])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(in_use.with_file_name("errors")).unwrap())
        .status();
    let errors = || fs::read_to_string(in_use.with_file_name("errors")).unwrap();
    assert!(started.unwrap().success(), "PostgreSQL does not start: {}", errors());
    PathBuf::from(fs::read_to_string(told).unwrap().trim())
}
