//! How the server is reached: HTTPS by rustls with Mozilla's roots compiled in.
//!
//! Not reqwest: its platform verifier panics at the first handshake on Android.

mod pokes;

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use hyper::{Method, StatusCode};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use url::Url;
use zeroize::Zeroizing;

/// Longer than any honest answer on a bad network, shorter than a student's patience.
const DEADLINE: Duration = Duration::from_secs(20);
/// The largest answer: a reference pack.
const MOST_ANSWER_BYTES: usize = 8 * 1024 * 1024;

/// One request to the server.
#[derive(Debug, Clone)]
pub struct Asked {
    /// GET, PUT or POST.
    pub method: Method,
    /// Path under the server's address; holds identifiers only, never personal data.
    pub path: String,
    /// Type of the body; empty when there is none.
    pub content_type: &'static str,
    /// What is sent.
    pub body: Bytes,
    /// By which the server knows this device.
    pub token: Zeroizing<String>,
}

/// What the server said.
#[derive(Debug, Clone)]
pub struct Answered {
    /// The status of the answer.
    pub status: StatusCode,
    /// Its body.
    pub body: Bytes,
}

/// No answer came: no network, no server, or too late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no answer")]
pub struct NoAnswer;

/// A way to the server.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends one request and waits for its whole answer.
    async fn send(&self, asked: Asked) -> Result<Answered, NoAnswer>;

    /// Listens to the server's pokes for as long as it can: first `None`, then with each poke how
    /// far the space has come. A way that cannot listen ends at once; nothing depends on it.
    async fn listen(&self, token: Zeroizing<String>, heard: Heard<'_>) {
        let _ = (token, heard);
    }
}

/// What is done with a poke.
pub type Heard<'a> = &'a (dyn Fn(Option<u64>) + Send + Sync);

/// HTTPS, or HTTP to this machine.
pub struct Http {
    server: Url,
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

impl Http {
    /// A client of this server. Which addresses may be reached in clear text, the settings decide.
    pub fn new(server: Url) -> Self {
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(Duration::from_secs(5)));
        let ring = rustls::crypto::ring::default_provider();
        let https = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(ring)
            // Unreachable: ring has both TLS versions. The other door leads to the same provider.
            .unwrap_or_else(|_| HttpsConnectorBuilder::new().with_webpki_roots());
        let connector = https.https_or_http().enable_http1().wrap_connector(connector);
        Self { server, client: Client::builder(TokioExecutor::new()).build(connector) }
    }

    async fn exchange(&self, asked: Asked) -> Result<Answered, NoAnswer> {
        let url = self.server.join(&asked.path).map_err(|_| NoAnswer)?;
        let mut request = hyper::Request::builder()
            .method(asked.method)
            .uri(url.as_str())
            .header(AUTHORIZATION, format!("Bearer {}", *asked.token));
        if !asked.content_type.is_empty() {
            request = request.header(CONTENT_TYPE, asked.content_type);
        }
        let request = request.body(Full::new(asked.body)).map_err(|_| NoAnswer)?;
        let answer = self.client.request(request).await.map_err(|_| NoAnswer)?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), MOST_ANSWER_BYTES).collect().await;
        Ok(Answered { status, body: body.map_err(|_| NoAnswer)?.to_bytes() })
    }
}

#[async_trait]
impl Transport for Http {
    async fn send(&self, asked: Asked) -> Result<Answered, NoAnswer> {
        tokio::time::timeout(DEADLINE, self.exchange(asked)).await.unwrap_or(Err(NoAnswer))
    }

    async fn listen(&self, token: Zeroizing<String>, heard: Heard<'_>) {
        // However it ends, the caller comes back later.
        let _ = pokes::listen(&self.server, &token, heard).await;
    }
}
