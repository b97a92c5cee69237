//! A websocket on which the server says that there is something new.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use hyper::header::AUTHORIZATION;
use rustls::{ClientConfig, RootCertStore};
use tokio::time::timeout;
use tokio_tungstenite::Connector;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use url::Url;

use super::Heard;

/// The server gives a sign of life every 45 s; two missed ones are one too many.
const SILENCE: Duration = Duration::from_secs(100);
const CONNECTED_WITHIN: Duration = Duration::from_secs(10);
/// A poke has eight bytes.
const MOST_BYTES: usize = 1024;

/// Listens until the connection ends.
pub(super) async fn listen(server: &Url, token: &str, heard: Heard<'_>) -> Result<(), Error> {
    let mut address = server.join("/v1/poke").map_err(|_| Error::ConnectionClosed)?;
    let scheme = if address.scheme() == "https" { "wss" } else { "ws" };
    address.set_scheme(scheme).map_err(|()| Error::ConnectionClosed)?;
    let mut request = address.as_str().into_client_request()?;
    let bearer = format!("Bearer {token}").parse().map_err(|_| Error::ConnectionClosed)?;
    request.headers_mut().insert(AUTHORIZATION, bearer);
    let limits =
        WebSocketConfig::default().max_message_size(Some(MOST_BYTES)).read_buffer_size(MOST_BYTES);
    let connecting = tokio_tungstenite::connect_async_tls_with_config(
        request,
        Some(limits),
        true,
        Some(Connector::Rustls(Arc::new(trusting_the_web()?))),
    );
    let (mut socket, _) =
        timeout(CONNECTED_WITHIN, connecting).await.map_err(|_| Error::ConnectionClosed)??;
    heard(None);
    while let Ok(Some(message)) = timeout(SILENCE, socket.next()).await {
        match message? {
            Message::Binary(bytes) => {
                let reached = bytes.as_ref().try_into().map(u64::from_be_bytes);
                heard(Some(reached.unwrap_or(0)));
            }
            Message::Close(_) => break,
            // Answered by the library.
            _ => {}
        }
    }
    Ok(())
}

/// The roots that are compiled in, as for every other request.
fn trusting_the_web() -> Result<ClientConfig, Error> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let versions = ClientConfig::builder_with_provider(ring).with_safe_default_protocol_versions();
    let versions = versions.map_err(|_| Error::ConnectionClosed)?;
    Ok(versions.with_root_certificates(roots).with_no_client_auth())
}
