//! `/automerge`: what a client of automerge-repo may do, and what a hostile one may not.

use std::time::Duration;

use automerge::sync::{Message as SyncMessage, State, SyncDoc};
use automerge::transaction::Transactable;
use automerge::{AutoCommit, ROOT, ReadDoc};
use axum::http::StatusCode;
use dossier::form::Field;
use dossier::sync::SyncAsk;
use futures_util::{SinkExt, StreamExt};
use minicbor::{Decoder, Encoder};
use sync_server::{App, Ticket};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use uuid::Uuid;

use crate::phone::Phone;
use crate::world::{Server, get};

/// Nothing here waits for anything but this machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// Serves over a real socket; the address.
async fn listen(server: &Server) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = server.router.clone();
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

fn ticket(server: &Server, url: &str, space: Uuid) -> String {
    let asked = Ticket {
        data: server.data.path().to_owned(),
        database: server.kept.address(),
        public_url: Some(url.to_owned()),
        space: Some(space),
    };
    sync_server::address(&asked, &*server.clock).unwrap()
}

/// The status that an address is refused with.
async fn refused(address: &str) -> StatusCode {
    match connect_async(address).await {
        Err(Error::Http(answer)) => StatusCode::from_u16(answer.status().as_u16()).unwrap(),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("{address} lets in"),
    }
}

struct Client(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// What the server said: the kind, and the automerge message if it is one.
#[derive(Debug, PartialEq)]
struct Said(String, Vec<u8>);

impl Client {
    async fn connected(address: &str) -> Self {
        Self(connect_async(address).await.unwrap().0)
    }

    async fn joined(address: &str) -> Self {
        let mut client = Self::connected(address).await;
        let mut join = Encoder::new(Vec::new());
        join.map(3).unwrap().str("type").unwrap().str("join").unwrap();
        join.str("senderId").unwrap().str("peer-test").unwrap();
        join.str("supportedProtocolVersions").unwrap().array(1).unwrap().str("1").unwrap();
        client.send(join.into_writer()).await;
        assert_eq!(client.hear().await.unwrap().0, "peer");
        client
    }

    async fn send(&mut self, frame: Vec<u8>) {
        self.0.send(Message::Binary(frame.into())).await.unwrap();
    }

    async fn say(&mut self, kind: &str, draft: Uuid, message: &[u8]) {
        let mut frame = Encoder::new(Vec::new());
        frame.map(4).unwrap().str("type").unwrap().str(kind).unwrap();
        frame.str("senderId").unwrap().str("peer-test").unwrap();
        let document = bs58::encode(draft.as_bytes()).with_check().into_string();
        frame.str("documentId").unwrap().str(&document).unwrap();
        frame.str("data").unwrap().bytes(message).unwrap();
        self.send(frame.into_writer()).await;
    }

    /// `None` when the server ended the connection.
    async fn hear(&mut self) -> Option<Said> {
        loop {
            match timeout(PATIENCE, self.0.next()).await.unwrap() {
                Some(Ok(Message::Binary(frame))) => return Some(read(&frame)),
                Some(Ok(Message::Ping(_))) => {}
                _ => return None,
            }
        }
    }
}

fn read(frame: &[u8]) -> Said {
    let (mut decoder, mut said) = (Decoder::new(frame), Said(String::new(), Vec::new()));
    for _ in 0..decoder.map().unwrap().unwrap() {
        match decoder.str().unwrap() {
            "type" => said.0 = decoder.str().unwrap().to_owned(),
            "data" => said.1 = decoder.bytes().unwrap().to_vec(),
            _ => decoder.skip().unwrap(),
        }
    }
    said
}

/// A document beside its server, as a stock client has it.
struct Copy(AutoCommit, State, Uuid);

impl Copy {
    fn new(letter: u8) -> Self {
        Self(AutoCommit::new(), State::new(), Uuid::from_bytes([letter; 16]))
    }

    fn message(&mut self) -> Option<Vec<u8>> {
        self.0.sync().generate_sync_message(&mut self.1).map(SyncMessage::encode)
    }

    fn take(&mut self, said: &Said) {
        assert_eq!(said.0, "sync");
        let message = SyncMessage::decode(&said.1).unwrap();
        self.0.sync().receive_sync_message(&mut self.1, message).unwrap();
    }

    /// Until the server has what this copy has.
    async fn sync(&mut self, client: &mut Client) {
        while self.1.their_heads.as_ref() != Some(&self.0.get_heads()) {
            if let Some(message) = self.message() {
                client.say("sync", self.2, &message).await;
            }
            self.take(&client.hear().await.unwrap());
        }
    }
}

fn family_name(copy: &Copy) -> String {
    copy.0.get(ROOT, "family_name").unwrap().unwrap().0.into_string().unwrap()
}

#[tokio::test]
async fn without_the_switch_there_is_no_such_address() {
    let server = Server::start().await;
    let (app, _) = App::open(tempfile::tempdir().unwrap().path(), server.clock.clone()).unwrap();
    let closed = tower::ServiceExt::oneshot(sync_server::router(app), get("/automerge"));
    assert_eq!(closed.await.unwrap().status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_ticket_lets_in_once_within_a_minute_and_no_other_does() {
    let server = Server::start().await;
    let url = listen(&server).await;
    let space = Uuid::from_bytes([1; 16]);
    let used = ticket(&server, &url, space);
    let plain = server.ask(get(used.get(used.find("/automerge").unwrap()..).unwrap())).await;
    assert_eq!(plain.status, StatusCode::BAD_REQUEST, "who merely looks does not use it up");
    Client::joined(&used).await;
    assert_eq!(refused(&used).await, StatusCode::UNAUTHORIZED);
    let late = ticket(&server, &url, space);
    server.wait_ms(60_000);
    assert_eq!(refused(&late).await, StatusCode::UNAUTHORIZED);
    let endpoint = used.split('?').next().unwrap();
    for query in ["", "?ticket=", "?ticket=zz", &format!("?ticket={}", "ab".repeat(32))] {
        assert_eq!(refused(&format!("{endpoint}{query}")).await, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn a_used_ticket_opens_nothing_else_and_stands_nowhere_in_clear() {
    let server = Server::start().await;
    let url = listen(&server).await;
    let address = ticket(&server, &url, Uuid::from_bytes([1; 16]));
    let shown = address.rsplit('=').next().unwrap();
    let kept: Vec<u8> = server.sql("SELECT hash FROM ticket");
    assert_ne!(hex::encode(kept), shown);
    Client::joined(&address).await;
    let mut thief = Phone::new(1);
    thief.token = shown.to_owned();
    let request = crate::world::with_token(
        axum::http::Method::POST,
        "/v1/sync",
        &thief.token,
        SyncAsk::at([0; 16], 0).to_bytes(),
    );
    assert_eq!(server.ask(request).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_client_and_a_phone_of_one_space_see_what_the_other_writes() {
    let server = Server::start().await;
    let url = listen(&server).await;
    let mut lina = Phone::bound(&server, 1).await;
    lina.set(Field::FamilyName, "Moreau");
    lina.push(&server).await;
    let mut client = Client::joined(&ticket(&server, &url, lina.space)).await;
    let mut copy = Copy::new(0);
    copy.2 = lina.id;
    client.say("request", lina.id, &copy.message().unwrap()).await;
    copy.take(&client.hear().await.unwrap());
    assert_eq!(family_name(&copy), "Moreau");
    // A plain string of JavaScript is a text object, an immutable one a scalar.
    let text = copy.0.put_object(ROOT, "given_name", automerge::ObjType::Text).unwrap();
    copy.0.splice_text(&text, 0, 0, "Lina").unwrap();
    copy.0.put(ROOT, "postal_code", "63000").unwrap();
    copy.sync(&mut client).await;
    let answer = lina.send(&server, &SyncAsk::at([0; 16], 0)).await;
    let told =
        answer.pull[0].changes.iter().map(|bytes| dossier::document::guard::admit(bytes).unwrap());
    lina.draft.apply(told).unwrap();
    assert_eq!(lina.draft.answers().typed(Field::GivenName), "Lina");
    assert_eq!(lina.draft.answers().typed(Field::PostalCode), "63000");
    // And the other way, without being asked.
    lina.set(Field::FamilyName, "Faure");
    lina.push(&server).await;
    // A late answer to what this copy said before may come first.
    while family_name(&copy) != "Faure" {
        copy.take(&client.hear().await.unwrap());
    }
}

#[tokio::test]
async fn what_a_client_was_answered_is_there_after_a_restart() {
    let mut server = Server::start().await;
    let url = listen(&server).await;
    let space = Uuid::from_bytes([1; 16]);
    let mut client = Client::joined(&ticket(&server, &url, space)).await;
    let mut copy = Copy::new(2);
    copy.0.put(ROOT, "family_name", "Moreau").unwrap();
    copy.sync(&mut client).await;
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM change"), 1);
    server.restart();
    let url = listen(&server).await;
    let mut again = Client::joined(&ticket(&server, &url, space)).await;
    let mut other = Copy::new(2);
    again.say("request", other.2, &other.message().unwrap()).await;
    other.take(&again.hear().await.unwrap());
    assert_eq!(other.0.get_heads(), copy.0.get_heads());
}

#[tokio::test]
async fn a_draft_that_comes_later_is_told_to_whoever_looked_for_it() {
    let server = Server::start().await;
    let url = listen(&server).await;
    let space = Uuid::from_bytes([1; 16]);
    let mut one = Client::joined(&ticket(&server, &url, space)).await;
    let mut two = Client::joined(&ticket(&server, &url, space)).await;
    let (mut early, mut late) = (Copy::new(2), Copy::new(2));
    one.say("request", early.2, &early.message().unwrap()).await;
    assert_eq!(one.hear().await.unwrap().0, "doc-unavailable");
    late.0.put(ROOT, "family_name", "Moreau").unwrap();
    late.sync(&mut two).await;
    early.take(&one.hear().await.unwrap());
    assert_eq!(early.0.get_heads(), late.0.get_heads());
}

#[tokio::test]
async fn drafts_of_others_deposited_ones_and_deleted_ones_are_unavailable() {
    let server = Server::start().await;
    let url = listen(&server).await;
    let lina = Phone::deposited(&server, 1).await;
    let mut noah = Phone::bound(&server, 2).await;
    noah.set(Field::FamilyName, "Faure");
    noah.push(&server).await;
    let mut gone = SyncAsk::at([0; 16], 0);
    gone.gone.push(Uuid::from_bytes([9; 16]).into_bytes().into());
    lina.send(&server, &gone).await;
    let mut client = Client::joined(&ticket(&server, &url, lina.space)).await;
    for draft in [lina.id, noah.id, Uuid::from_bytes([9; 16])] {
        let before: i64 = server.sql("SELECT count(*) FROM change");
        for kind in ["request", "sync"] {
            let mut copy = Copy::new(0);
            copy.0.put(ROOT, "family_name", "Moreau").unwrap();
            let all = copy.0.get_changes(&[]).iter().map(|one| one.raw_bytes().to_vec()).collect();
            let changes = Vec::<Vec<u8>>::into(all);
            let bare = SyncMessage::decode(&copy.message().unwrap()).unwrap();
            let message = SyncMessage { changes, ..bare }.encode();
            client.say(kind, draft, &message).await;
            assert_eq!(client.hear().await.unwrap().0, "doc-unavailable", "{kind} {draft}");
        }
        assert_eq!(server.sql::<i64>("SELECT count(*) FROM change"), before);
    }
}

#[tokio::test]
async fn a_document_that_is_no_draft_and_a_bomb_are_not_kept_and_end_nothing() {
    let server = Server::start().await;
    let url = listen(&server).await;
    let mut client = Client::joined(&ticket(&server, &url, Uuid::from_bytes([1; 16]))).await;
    let mut list = Copy::new(2);
    list.0.put_object(ROOT, "family_name", automerge::ObjType::List).unwrap();
    let mut bomb = Copy::new(3);
    bomb.0.put(ROOT, "family_name", vec![0u8; 10_000_000]).unwrap();
    for mut copy in [list, bomb] {
        let changes = copy.0.get_changes(&[]);
        let packed: Vec<Vec<u8>> =
            changes.into_iter().map(|mut one| one.bytes().into_owned()).collect();
        let bare = SyncMessage::decode(&copy.message().unwrap()).unwrap();
        let message = SyncMessage { changes: packed.into(), ..bare }.encode();
        client.say("sync", copy.2, &message).await;
        assert_eq!(client.hear().await.unwrap().0, "doc-unavailable");
    }
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM draft"), 0);
    let mut honest = Copy::new(4);
    honest.0.put(ROOT, "family_name", "Moreau").unwrap();
    honest.sync(&mut client).await;
}

#[tokio::test]
async fn hostile_frames_end_their_own_connection_and_no_other() {
    let server = Server::start().await;
    let url = listen(&server).await;
    let space = Uuid::from_bytes([1; 16]);
    let mut bystander = Client::joined(&ticket(&server, &url, space)).await;
    let nested = vec![0x81; 200_000];
    let mut misnamed = Encoder::new(Vec::new());
    misnamed.map(2).unwrap().str("type").unwrap().str("sync").unwrap();
    misnamed.str("documentId").unwrap().str("no such name").unwrap();
    let hostile = [
        Vec::new(),
        vec![0xff],
        vec![0xbf],
        vec![0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        nested,
        misnamed.into_writer(),
    ];
    for frame in hostile {
        let mut first = Client::connected(&ticket(&server, &url, space)).await;
        first.send(frame.clone()).await;
        assert_eq!(first.hear().await.map(|said| said.0), Some("error".to_owned()));
        let mut joined = Client::joined(&ticket(&server, &url, space)).await;
        joined.send(frame).await;
        assert_eq!(joined.hear().await.map(|said| said.0), Some("error".to_owned()));
        assert_eq!(joined.hear().await, None);
    }
    let mut large = Client::joined(&ticket(&server, &url, space)).await;
    let _ = large.0.send(Message::Binary(vec![0; 300_000].into())).await;
    assert_eq!(large.hear().await, None, "no frame of that length is read");
    let mut copy = Copy::new(2);
    copy.0.put(ROOT, "family_name", "Moreau").unwrap();
    copy.sync(&mut bystander).await;
}
