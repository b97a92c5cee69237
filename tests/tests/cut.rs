//! The exchange between phone and server breaks after each byte: it is one dossier all the same.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use journeys::cut::Breaking;
use journeys::power::disk::{Content, content};
use journeys::power::explorer::put;
use journeys::unplugged::keys::Keys;
use journeys::{lina, picture};
use phone::{Parts, Phone, Settings, clock, transport};
use portrait::Checker;
use serde_json::{Value, json};
use sync_server::{Setup, SystemClock};
use tempfile::TempDir;
use tokio::runtime::Runtime;

static CHECKER: LazyLock<Arc<Checker>> = LazyLock::new(|| Arc::new(Checker::new()));

/// What stands on both disks, and in the keyring, before an exchange.
struct Before {
    phone: Content,
    server: Content,
    keys: Keys,
    draft: String,
}

/// A phone and a server that run on copies of it, and a way between them.
struct Pair {
    phone: Arc<Phone>,
    way: Breaking,
    runtime: Runtime,
    folders: (TempDir, TempDir),
}

impl Pair {
    fn open(before: &Before, keys: Arc<Keys>) -> Self {
        let folder = || tempfile::tempdir_in("/dev/shm").unwrap();
        let folders = (folder(), folder());
        put(&before.phone, folders.0.path());
        put(&before.server, folders.1.path());
        let runtime = Runtime::new().unwrap();
        let setup = Setup::new(folders.1.path(), Arc::new(SystemClock));
        let (app, _) = setup.checker(Arc::clone(&CHECKER)).open().unwrap();
        let region_key = app.region_key().to_hex();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let way = Breaking::to(listener.local_addr().unwrap()).unwrap();
        runtime.spawn(sync_server::serve(app, listener));
        let url = format!("http://{}", way.address);
        let settings = Settings::new(folders.0.path().to_owned(), &url, &region_key).unwrap();
        let transport = Arc::new(transport::Http::new(settings.server.clone()));
        let parts = Parts { vault: keys, transport, clock: Arc::new(clock::System) };
        let phone = Phone::assemble(settings, parts).unwrap();
        Self { phone, way, runtime, folders }
    }

    fn does(&self, command: &str, args: Value) -> Value {
        let answer = self.runtime.block_on(self.phone.answer(command, args));
        answer.unwrap_or_else(|trouble| panic!("{command}: {trouble}"))
    }

    fn syncs_until_quiet(&self) {
        for _ in 0..20 {
            let view = self.does("sync", json!({}));
            if view["pending"] == 0 && view["trouble"].is_null() {
                return;
            }
        }
        panic!("it never came to rest: {}", self.does("sync", json!({})));
    }

    /// What one query says of one of the server's databases.
    fn says(&self, file: &str, query: &str) -> i64 {
        let database = rusqlite::Connection::open(self.folders.1.path().join(file)).unwrap();
        database.query_row(query, [], |row| row.get(0)).unwrap()
    }

    /// Ends both, and gives what then stands on their disks.
    fn close(self) -> (Content, Content) {
        let Self { phone, way, runtime, folders } = self;
        drop((phone, way));
        runtime.shutdown_timeout(std::time::Duration::from_secs(5));
        (content(folders.0.path()).unwrap(), content(folders.1.path()).unwrap())
    }
}

/// A filled form that nobody sent yet, then the same, sent and waiting to be deposited.
fn prepared() -> (Before, Before) {
    let keys = Arc::new(Keys::default());
    let empty = Before {
        phone: Content::new(),
        server: Content::new(),
        keys: Keys::default(),
        draft: String::new(),
    };
    let pair = Pair::open(&empty, Arc::clone(&keys));
    let draft = pair.does("start_draft", json!({}))["draft"].as_str().unwrap().to_owned();
    let charter = pair.does("charter", json!({}));
    pair.does("accept_charter", json!({ "draft": draft, "version": charter["version"] }));
    for (field, typed) in lina::answers() {
        pair.does("set_field", lina::set_field(&draft, field, typed));
    }
    let chosen = json!({ "draft": draft, "typed": lina::PASSWORD, "confirmation": lina::PASSWORD });
    pair.does("set_password", chosen);
    let open = json!({ "draft": draft, "picture": BASE64.encode(picture::good()) });
    let proof = pair.does("open_picture", open);
    pair.does("keep_picture", lina::keep_picture(&draft, &proof["framed"]["framing"]));
    let (phone, server) = pair.close();
    let typed = Before { phone, server, keys: keys.copy(), draft: draft.clone() };

    let pair = Pair::open(&typed, Arc::clone(&keys));
    pair.syncs_until_quiet();
    pair.does("deposit", json!({ "draft": draft }));
    let (phone, server) = pair.close();
    (typed, Before { phone, server, keys: keys.copy(), draft })
}

/// Cuts an exchange after `bytes`, lets it be finished, and holds what came of it against `check`.
/// Gives how many bytes a whole exchange has, once it is whole.
fn cut_after(bytes: usize, before: &Before, check: &dyn Fn(&Pair)) -> bool {
    let pair = Pair::open(before, Arc::new(before.keys.copy()));
    pair.way.breaks_after(bytes);
    pair.does("sync", json!({}));
    let whole = pair.way.passed() < bytes;
    pair.way.mend();
    pair.syncs_until_quiet();
    check(&pair);
    drop(pair.phone);
    pair.runtime.shutdown_background();
    whole
}

/// Cuts after each of the bytes, several at a time, until the exchange is whole.
fn cut_everywhere(
    before: &Before,
    bytes: &(dyn Fn(usize) -> usize + Sync),
    check: &(dyn Fn(&Pair) + Sync),
) -> usize {
    let (next, whole_at) = (AtomicUsize::new(1), AtomicUsize::new(usize::MAX));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                loop {
                    let nth = next.fetch_add(1, Ordering::SeqCst);
                    if nth >= whole_at.load(Ordering::SeqCst) {
                        return;
                    }
                    if cut_after(bytes(nth), before, check) {
                        whole_at.fetch_min(nth, Ordering::SeqCst);
                    }
                }
            });
        }
    });
    whole_at.into_inner()
}

/// Every byte only when asked for: each dossier is judged by the nets, and its password hashed.
fn step(usual: usize) -> usize {
    if std::env::var_os("PASSREGION_EVERY_BYTE").is_some() { 1 } else { usual }
}

#[test]
fn an_exchange_that_breaks_after_any_byte_is_one_draft_one_dossier_one_number_one_receipt() {
    let (typed, ready) = prepared();
    let started = Instant::now();
    let changes = |pair: &Pair| pair.says("server.sqlite", "SELECT count(*) FROM change");
    let whole = Pair::open(&typed, Arc::new(typed.keys.copy()));
    whole.syncs_until_quiet();
    let all = changes(&whole);
    drop(whole.close());

    // The photo is most of an exchange and one byte of it like another: the first of it one by one.
    let (dense, fine, coarse) = (6_000, step(5), step(997));
    let place = |nth: usize| {
        if nth * fine < dense { nth * fine } else { dense + (nth - dense / fine) * coarse }
    };
    let cuts = cut_everywhere(&typed, &place, &|pair| {
        assert_eq!(changes(pair), all);
        assert_eq!(pair.says("photos.sqlite", "SELECT count(*) FROM photo"), 1);
    });
    println!("sync: {cuts} cuts in {:.1} s, nothing lost", started.elapsed().as_secs_f32());

    let started = Instant::now();
    let number = |pair: &Pair, draft: &str| pair.does("reveal_number", json!({ "draft": draft }));
    let shown = {
        let pair = Pair::open(&ready, Arc::new(ready.keys.copy()));
        let shown = number(&pair, &ready.draft);
        drop(pair.close());
        shown
    };
    let every = step(25);
    let cuts = cut_everywhere(&ready, &|nth| nth * every, &|pair| {
        let view = pair.does("draft", json!({ "draft": ready.draft }));
        assert_eq!(view["state"], "received", "{view}");
        assert_eq!(view["deposit"]["number_replaced"], false);
        assert_eq!(number(pair, &ready.draft), shown);
        let says = |query| pair.says("server.sqlite", query);
        assert_eq!(says("SELECT count(*) FROM dossier"), 1);
        assert_eq!(says("SELECT count(DISTINCT receipt) FROM dossier"), 1);
    });
    println!("deposit: {cuts} cuts in {:.1} s, one dossier each", started.elapsed().as_secs_f32());
    assert!(cuts > 50, "{cuts} cuts are too few to have met the deposit");
}
