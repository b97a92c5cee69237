//! What watches the server: is it alive, is it ready, what does it count?

use axum::http::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::phone::Phone;
use crate::world::{Server, get};

/// What Prometheus reads, over a real socket: the public router has no such page.
pub(crate) async fn metrics(server: &Server) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(sync_server::serve_metrics(server.app.clone(), listener));
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /metrics HTTP/1.0\r\n\r\n").await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    serving.abort();
    assert!(text.starts_with("HTTP/1.0 200 OK"), "{text}");
    assert!(text.contains("content-type: application/openmetrics-text; version=1.0.0"), "{text}");
    text.split_once("\r\n\r\n").unwrap().1.to_owned()
}

#[tokio::test]
async fn a_server_that_serves_is_alive_and_ready_and_says_no_more() {
    let server = Server::start().await;
    for (path, word) in [("/livez", "alive\n"), ("/readyz", "ready\n")] {
        let answer = server.ask(get(path)).await;
        assert_eq!((answer.status, answer.text().as_str()), (StatusCode::OK, word));
    }
    assert_eq!(server.ask(get("/metrics")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn keys_that_are_damaged_make_it_unready_until_they_are_mended() {
    let server = Server::start().await;
    server.ask(get("/v1/key-set")).await;
    let set = server.data.path().join("keys/key-set.cose");
    let whole = std::fs::read(&set).unwrap();
    std::fs::write(&set, b"half a set").unwrap();
    let answer = server.ask(get("/readyz")).await;
    let unready = (StatusCode::SERVICE_UNAVAILABLE, "not ready\n");
    assert_eq!((answer.status, answer.text().as_str()), unready);
    assert_eq!(server.ask(get("/livez")).await.status, StatusCode::OK);
    std::fs::write(&set, whole).unwrap();
    // Whoever asks in a row hears the same again, and costs nothing.
    assert_eq!(server.ask(get("/readyz")).await.status, StatusCode::SERVICE_UNAVAILABLE);
    server.wait_ms(1_000);
    assert_eq!(server.ask(get("/readyz")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_folder_of_photos_that_is_gone_makes_it_unready() {
    let photos = tempfile::tempdir().unwrap();
    let server = Server::with_photos(photos.path()).await;
    assert_eq!(server.ask(get("/readyz")).await.status, StatusCode::OK);
    photos.close().unwrap();
    server.wait_ms(1_000);
    assert_eq!(server.ask(get("/readyz")).await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn requests_commits_and_queues_are_counted_by_template_and_nobody_is_named() {
    let server = Server::start().await;
    let lina = Phone::deposited(&server, 1).await;
    server.ask(get("/v1/made/up/by/somebody")).await;
    let text = metrics(&server).await;
    for line in [
        "passregion_requests_total{method=\"PUT\",route=\"/v1/deposits/{draft}\",status=\"200\"} 1",
        "passregion_requests_total{method=\"GET\",route=\"none\",status=\"404\"} 1",
        "passregion_request_seconds_count{method=\"POST\",route=\"/v1/sync\"} 1",
        "passregion_waiting{queue=\"mail\"} 1",
        "passregion_waiting{queue=\"mail_ask\"} 0",
        "passregion_waiting{queue=\"decision\"} 1",
        "passregion_waiting{queue=\"duplicate\"} 0",
        "passregion_waiting{queue=\"heavy\"} 0",
        "passregion_oldest_mail_seconds 0",
        "# EOF",
    ] {
        assert!(text.lines().any(|it| it == line), "{line} in {text}");
    }
    let commits = text.lines().find_map(|it| it.strip_prefix("passregion_commit_seconds_count "));
    assert!(commits.unwrap().parse::<u32>().unwrap() >= 5, "{text}");
    for personal in [lina.number.as_str(), &lina.id.to_string(), &lina.photo_hash(), "made", "lina"]
    {
        assert!(!text.contains(personal), "{personal} in {text}");
    }
    server.wait_ms(90_000);
    assert!(metrics(&server).await.contains("passregion_oldest_mail_seconds 90\n"));
}
